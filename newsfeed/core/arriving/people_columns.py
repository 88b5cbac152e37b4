"""Understand the columns of tables of people: since when somebody wants mails, and what speaks against it.

Nobody knows all columns of all programs. One that seems to tell that people left is believed when its cell
says yes or names a day; when it says anything else, nothing about that person is sure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsfeed.core.arriving.people_states import (
    ACTIVE,
    BOUNCED,
    COMPLAINED,
    LEFT,
    UNCLEAR,
    UNCONFIRMED,
    first_moment,
    read_moment_of,
    state_of,
)
from newsfeed.core.people.leaving_columns import is_no, is_yes, plain_name, tells_who_left

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime


def _columns(names: str) -> tuple[str, ...]:
    return tuple(plain_name(name) for name in names.split("|"))


_AGREED = _columns(
    "confirm time|confirmed at|confirmation date|opted in at|optin time|opt-in time|opt-in date"
    "|double opt-in date|consent date|consent at|subscribed at|subscription date|subscribed|date subscribed"
    "|date joined|signup date|added time|date added|added at|created at|created|date"
    "|bestätigt am|eingewilligt am|einwilligung am|angemeldet am|anmeldedatum|eingetragen am|erstellt am"
    "|datum|date de confirmation|confirmé le|date du consentement|date d’inscription|inscrit le|créé le"
    "|bevestigd op|toestemming op|aangemeld op|inschrijfdatum|ingeschreven op|aangemaakt op"
)
"""Columns with the moment of somebody's consent, the best first."""
_CONFIRMED = _columns(
    "confirmed at|confirmed on|confirmation date|double opt-in date|double opt-in at|bestätigt am"
    "|date de confirmation|confirmé le|bevestigd op"
)
"""Columns with the moment of a confirmation; those in which it is empty never confirmed."""
_GONE = {
    LEFT: _columns(
        "unsub time|unsubscribed at|unsubscribe date|unsubscribed|blacklisted|blocklisted|email blacklisted"
        "|email blocklisted|opted out|opt-out|unsubscription date|left at"
    ),
    BOUNCED: _columns("clean time|cleaned at|bounced at|bounced|hard bounce date|hard bounces"),
    COMPLAINED: _columns("complained at|complaint date|spam complaint|marked as spam"),
}
"""Columns that are filled for those who get no mails any more."""
_WANTED = _columns(
    "subscribed|is subscribed|active|is active|enabled|abonniert|angemeldet|aktiv|abonné|inscrit|actif"
    "|geabonneerd|aangemeld|ingeschreven|actief"
)
"""Columns in which a no says that somebody left."""
_ALLOWED = _columns(
    "opt-in|double opt-in|opted in|email opt-in|newsletter opt-in|confirmed|is confirmed|verified|consent"
    "|gdpr consent|marketing consent|email consent|accepts marketing|accepts email marketing|newsletter"
    "|einwilligung|zustimmung|bestätigt|consentement|confirmé|toestemming|bevestigd|nieuwsbrief"
    "|lettre d’information|infolettre|mailing"
)
"""Columns in which a no says that somebody never agreed."""
_TAGS = _columns("tags|tag|topics|topic|interests|groups|segments|labels|themen|thèmes|onderwerpen")
_STATUS = _columns(
    "status|state|subscription status|member status|email marketing status|delivery status|reception"
    "|anmeldestatus|abonnementstatus|statut|état|toestand"
)
_TAG_SEPARATOR = re.compile(r"[,;|]")
_QUOTES = " \t\"'[]"


def states_in(named: Mapping[str, str]) -> Iterator[str]:
    """Yield what each column of a row says of somebody's state. ``named``: plain name → cell."""
    is_told = any(named.get(name) and state_of(named[name]) == ACTIVE for name in _STATUS)
    for name, cell in named.items():
        if name in _STATUS:
            yield state_of(cell)
        elif name in _CONFIRMED:
            if is_no(cell) and not is_told:
                yield UNCONFIRMED
        elif name in _WANTED or name in _ALLOWED:
            if cell and is_no(cell):
                yield LEFT if name in _WANTED else UNCONFIRMED
        elif not is_no(cell):
            yield from _said_of_leaving(name, cell)


def _said_of_leaving(name: str, cell: str) -> Iterator[str]:
    known = [state for state, names in _GONE.items() if name in names]
    yield from known
    if not known and tells_who_left(name):
        yield LEFT if is_yes(cell) or read_moment_of(cell) is not None else UNCLEAR


def agreed_at(named: Mapping[str, str]) -> datetime | None:
    """Return the moment of somebody's consent, as far as a row says it."""
    return first_moment(named.get(name, "") for name in _AGREED)


def gone_at(named: Mapping[str, str]) -> datetime | None:
    """Return since when somebody gets no mails."""
    known = [name for names in _GONE.values() for name in names]
    others = [name for name in named if tells_who_left(name)]
    return first_moment(named.get(name, "") for name in (*known, *others))


def tags_in(named: Mapping[str, str]) -> tuple[str, ...]:
    """Return the tags of somebody, from all columns for them."""
    return tuple(dict.fromkeys(tag for name in _TAGS for tag in split_tags(named.get(name, ""))))


def split_tags(cell: str) -> list[str]:
    """Return the tags in a cell, in whatever way they are separated and quoted."""
    return [tag for part in _TAG_SEPARATOR.split(cell) if (tag := part.strip(_QUOTES)) and not is_no(tag)]
