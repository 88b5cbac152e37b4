"""Why somebody gets a mail, and how it stops: the lines under every digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.mail.headers import answers_to

if TYPE_CHECKING:
    from newsfeed.ports import Texts
    from newsfeed.settings import Settings


def reasons(settings: Settings, words: Texts, title: str, unsubscribe: str = "") -> tuple[str, ...]:
    """The lines, in the reader's language; a link to unsubscribe, where there is one, says the rest."""
    why = words.gettext("You receive this mail because your address is on the list “{title}”.")
    if unsubscribe:
        return (why.format(title=title),)
    stop = words.gettext("To stop receiving it, write to {address}.")
    return (why.format(title=title), stop.format(address=answers_to(settings)))
