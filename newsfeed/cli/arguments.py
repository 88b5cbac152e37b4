"""Arguments that name something: a digest, an address, a reader, an issue. Each raises `UsageError` for
what there is not.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.core.people.mail_address import normalise_address
from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from newsfeed.app.delivery import DeliveryContext
    from newsfeed.records import Issue, Subscriber
    from newsfeed.settings import Settings


def check_digest(delivery: DeliveryContext, name: str) -> None:
    """Raise `UsageError` unless the configuration has a digest of this name."""
    if name not in delivery.settings.digests:
        known = ", ".join(delivery.settings.digests) or "–"
        raise UsageError(
            N_("there is no digest “{name}” in config.toml"),
            N_("digests are: {known}"),
            name=name,
            known=known,
        )


def parse_address(text: str) -> str:
    """Return a mail address as the store spells it."""
    address = normalise_address(text)
    if address is None:
        raise UsageError(
            N_("this is no address that can be written to"), N_("it looks like name@example.org")
        )
    return address


def parse_languages(settings: Settings, text: str) -> tuple[str, ...]:
    """Return the editions a text names, best first: codes with commas or blanks between them."""
    from newsfeed.i18n.language_names import find_edition

    editions = tuple(settings.languages)
    codes = text.replace(",", " ").split()
    found = tuple(dict.fromkeys(find_edition(code, editions) for code in codes))
    if not found or "" in found:
        unknown = next((code for code in codes if not find_edition(code, editions)), "")
        raise UsageError(
            N_("the site has no edition in “{value}”"),
            N_("editions are: {known}"),
            value=unknown,
            known=", ".join(editions),
        )
    return found


def parse_topics(settings: Settings, text: str) -> tuple[str, ...]:
    """Return the topics a text names by their keys, with commas or blanks between them."""
    found = tuple(dict.fromkeys(text.replace(",", " ").split()))
    unknown = [key for key in found if key not in settings.topics]
    if unknown:
        known = ", ".join(settings.topics) or "–"
        raise UsageError(
            N_("there is no topic “{value}” in config.toml"),
            N_("topics are: {known}"),
            value=unknown[0],
            known=known,
        )
    return found


def find_subscriber(delivery: DeliveryContext, address: str) -> Subscriber:
    """Return the person with this address."""
    subscriber = delivery.store.people.find(parse_address(address))
    if subscriber is None:
        raise UsageError(N_("nobody with this address is known"))
    return subscriber


def find_issue(delivery: DeliveryContext, name: str) -> Issue:
    """Return the issue of this name, or the newest of the digest of this name."""
    issue = delivery.store.issues.find(name)
    if issue is None:
        raise UsageError(
            N_("there is no issue “{name}”"),
            N_("name it like staff/2010-02-08T08:00, or by its digest"),
            name=name,
        )
    return issue


def text_in_site(root: Path, name: str) -> str:
    """Return the path in the site of a file of a text that is named from here, as a shell completes it; the
    name of anything else as it is.
    """
    return path_in_site(root, name) if name.endswith(".md") and os.path.lexists(name) else name


def path_in_site(root: Path, name: str) -> str:
    """Return the path in the site of a file that is named from here, or from the site's folder.

    Raises `UsageError` when there is no such file in it.
    """
    for place in (Path(name), root / name):
        if not os.path.lexists(place):
            continue
        path = os.path.relpath(os.path.realpath(place.parent) + os.sep + place.name, os.path.realpath(root))
        if not path.startswith(os.pardir):
            return Path(path).as_posix()
        raise UsageError(
            N_("“{path}” does not lie in the site"), N_("name a file in {folder}"), path=name, folder=root
        )
    raise UsageError(N_("there is no file “{path}”"), N_("check its name, and where it lies"), path=name)
