"""Wire a move out: a site's texts, what they need, and on demand its readers."""

from __future__ import annotations

import csv
import io
import shutil
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed import __version__
from newsfeed.errors import OutsideError, ProblemsFound, UsageError, reason_of
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from newsfeed.app.delivery import DeliveryContext
    from newsfeed.records import Consent
    from newsfeed.settings import Settings

_NEEDED = ("config.toml", "locales", "templates", "projects", "programmes", "digests")
"""Parts of a site that no other program has a word for: they go along as they are."""
SITE = "newsfeed-site"
"""The folder for them."""


@dataclass(frozen=True, slots=True)
class MovedOut:
    """The result of a move out."""

    files: int
    people: int = 0


def move_site_out(root: Path, into: Path, now: datetime) -> MovedOut:
    """Write all texts of a site into a new folder.

    Raises `ProblemsFound` when the site has errors, `UsageError` when the folder is not empty.
    """
    from newsfeed.app import site as app
    from newsfeed.core.site.pages.context import ViewContext
    from newsfeed.editorial.arriving.move_out import move_out
    from newsfeed.problems import select_errors

    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise UsageError(N_("{path} is not empty"), N_("name a new folder"), path=into)
    site = app.read(root, now)
    if errors := select_errors(site.problems):
        raise ProblemsFound(errors)
    number, library, source = 0, site.loaded.library, site.context.source
    context = ViewContext.of(site.plan.index, site.context.texts)
    try:
        for file in move_out(context, library, source, now, generated=f"newsfeed {__version__}"):
            path = into / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.data)
            number += 1
        (into / SITE).mkdir()
        for name in _NEEDED:
            if (root / name).is_dir():
                shutil.copytree(root / name, into / SITE / name)
            elif (root / name).is_file():
                shutil.copy2(root / name, into / SITE / name)
        for name in _brand_files(site.settings):
            (into / SITE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, into / SITE / name)
    except OSError as error:
        raise OutsideError(
            N_("cannot write {path}: {reason}"), path=error.filename, reason=reason_of(error)
        ) from error
    return MovedOut(number)


def _brand_files(settings: Settings) -> list[str]:
    """Return the files in the site that ``[brand]`` names."""
    font = settings.brand.card_font
    fonts = [font.path] if font is not None else []
    return [path for path in (*(one.path for one in settings.brand.pictures), *fonts) if path]


def move_readers_out(delivery: DeliveryContext, file: Path) -> int:
    """Write everybody, with the dates of their consents, to a file that only its owner can read.

    Return how many. Raises `UsageError` when there is such a file.
    """
    from newsfeed.files import write_private

    if file.exists() or file.is_symlink():
        raise UsageError(N_("{path} exists already"), N_("name a new file"), path=file)
    consents: dict[str, list[Consent]] = defaultdict(list)
    for consent in delivery.store.people.consents():
        consents[consent.subscriber_key].append(consent)
    table, number = io.StringIO(), 0
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for person in delivery.store.people.all():
        number += 1
        topics = sorted({topic for entry in person.subscriptions.values() for topic in entry.topics})
        agreed = _last(consents[person.key], _AGREEMENTS)
        row = (
            person.address,
            person.name,
            " ".join(person.languages),
            _STATES.get(person.state, person.state),
            " ".join(sorted(person.subscriptions)),
            ",".join(topics),
            agreed.get("at", ""),
            agreed.get("wording", ""),
            _last(consents[person.key], _WITHDRAWALS).get("at", "") if person.state != "active" else "",
        )
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    try:
        write_private(file, table.getvalue().encode())
    except OSError as error:
        raise OutsideError(N_("cannot write {path}: {reason}"), path=file, reason=reason_of(error)) from error
    return number


_COLUMNS = (
    "email",
    "name",
    "language",
    "status",
    "digests",
    "tags",
    "confirmed at",
    "consent",
    "unsubscribed at",
)
_STATES = {"active": "subscribed", "left": "unsubscribed", "pending": "unconfirmed"}
_AGREEMENTS = ("import", "confirmed", "returned", "undone")
_WITHDRAWALS = ("left", "one-click", "complained", "bounced")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _last(consents: list[Consent], kinds: tuple[str, ...]) -> Mapping[str, str]:
    """Return the moment and the words of somebody's last record of one of these kinds; empty without one."""
    found = [one for one in consents if one.how in kinds]
    return {"at": found[-1].at.isoformat(), "wording": found[-1].wording} if found else {}
