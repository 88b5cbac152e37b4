"""Make a site's DKIM keys, or find those it has, with what belongs into DNS and into the configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.config import loader
from newsfeed.core.checkup.dkim_record import PublicKey
from newsfeed.core.people.hosts import is_domain
from newsfeed.errors import OutsideError, ProblemsFound, UsageError, reason_of
from newsfeed.files import make_private_folder, write_new
from newsfeed.mail.dkim import load_keys
from newsfeed.mail.dkim_keys import ALGORITHMS, make_private_key
from newsfeed.marking import N_
from newsfeed.service_settings import DkimKeySettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from newsfeed.settings import Settings

_LONGEST_SELECTOR = 50
"""Characters: with an algorithm behind it, it has to fit into a label of DNS."""


@dataclass(frozen=True, slots=True)
class SiteKey:
    """A key of the site."""

    settings: DkimKeySettings
    public: PublicKey
    is_new: bool = False
    is_configured: bool = False


def provide_keys(
    root: Path, domain: str, selector: str, now: datetime, environment: Mapping[str, str]
) -> list[SiteKey]:
    """Return the keys of the configuration; where it has none, or others are asked for, make keys.

    A file that is there is never written to: its key is returned. Raises `ProblemsFound` or `UsageError`.
    """
    settings, problems = loader.load_settings(root)
    if settings is None:
        raise ProblemsFound(problems)
    if settings.mail.dkim and not selector and not domain:
        return [
            SiteKey(one, _public(one, root, environment), is_configured=True) for one in settings.mail.dkim
        ]
    domain, selector = _check(
        domain.lower() or _usual_domain(settings), selector.lower() or f"news{now.year}"
    )
    return [_provide(root, domain, f"{selector}-{name}", name, environment) for name in ALGORITHMS]


def _usual_domain(settings: Settings) -> str:
    return settings.mail.sender.rpartition("@")[2]


def _check(domain: str, selector: str) -> tuple[str, str]:
    if not domain:
        raise UsageError(
            N_("config.toml does not say who writes"),
            N_("add to config.toml: {line}"),
            line='[mail] from = "Newsroom <news@example.org>"',
        )
    is_label = "." not in selector and len(selector) <= _LONGEST_SELECTOR
    wrong = [name for name, fits in ((domain, True), (selector, is_label)) if not fits or not is_domain(name)]
    if wrong:
        raise UsageError(
            N_("“{name}” is no name for DNS"), N_("use letters a–z, digits and hyphens"), name=wrong[0]
        )
    return domain, selector


def _provide(
    root: Path, domain: str, selector: str, algorithm: str, environment: Mapping[str, str]
) -> SiteKey:
    file = f"var/dkim-{selector}.pem"
    one = DkimKeySettings(domain=domain, selector=selector, algorithm=algorithm, key_file=file)
    try:
        make_private_folder((root / file).parent)
        write_new(root / file, make_private_key(algorithm), private=True)
        is_new = True
    except FileExistsError:
        is_new = False
    except OSError as error:
        raise OutsideError(N_("cannot write {path}: {reason}"), path=file, reason=reason_of(error)) from error
    return SiteKey(one, _public(one, root, environment), is_new=is_new)


def _public(one: DkimKeySettings, root: Path, environment: Mapping[str, str]) -> PublicKey:
    (key,) = load_keys((one,), root, environment)
    return PublicKey(key.domain, key.selector, key.record)
