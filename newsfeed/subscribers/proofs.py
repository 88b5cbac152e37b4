"""Keep what shows that somebody agreed: which page, what it said, and how long it was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsfeed.service_ports import ShownPages


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPage:
    """The page on which somebody did something, as it is shown to everybody: nothing of it is about them."""

    address: str
    """Its path, without a token."""
    text: str
    """Its HTML, before anybody has filled in anything."""
    seconds: int | None = None
    """From its showing to its sending, where that is known."""


def make_evidence(pages: ShownPages, shown: ShownPage | None, mail: str = "") -> dict[str, str]:
    """Keep what was shown, and return what a record says of it. ``mail``: the text of the mail that asked."""
    evidence = {}
    if shown is not None:
        evidence = {"page": shown.address, "form": pages.keep(shown.text)}
        if shown.seconds is not None:
            evidence["filled"] = str(shown.seconds)
    if mail:
        evidence["mail"] = pages.keep(mail)
    return evidence
