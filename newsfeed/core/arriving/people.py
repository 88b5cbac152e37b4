"""Understand people as other programs keep them: who wants mails since when, who left, who bounced."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from newsfeed.core.people.import_columns import Columns, read_address, read_name, replace_control_characters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ACTIVE, LEFT, BOUNCED, COMPLAINED, UNCONFIRMED, UNCLEAR = (
    "active", "left", "bounced", "complained", "unconfirmed", "unclear",
)  # fmt: skip
_STATES = {
    ACTIVE: "|active|enabled|subscribed|confirmed|yes|1|opt-in|opted in|true|mail|angemeldet|abonné|inscrit"
    "|aangemeld",
    LEFT: "unsubscribed|unsubscribe|left|disabled|blocklisted|blacklisted|blocked|inactive|opted out|opt-out"
    "|by_user|by_moderator|nomail|suspended|archived|deleted|0|no|false|abgemeldet|gekündigt|inaktiv|désabonné"
    "|désinscrit|inactif|afgemeld|uitgeschreven|inactief|unsubscribed/blocklisted|blocklisted/unsubscribed",
    BOUNCED: "bounced|cleaned|hard bounce|hard bounced|hardbounced|bounce|by_bounces|undeliverable|invalid",
    COMPLAINED: "complained|complaint|spam|abuse|marked as spam|spam complaint",
    UNCONFIRMED: "unconfirmed|pending|nonsubscribed|non-subscribed|transactional|never subscribed"
    "|not subscribed|waiting",
}
"""State → the words of programs for it; an empty cell says nothing against it."""
_STATE_OF = {word: state for state, words in _STATES.items() for word in words.split("|")}
_WORST = (COMPLAINED, BOUNCED, LEFT, UNCLEAR, UNCONFIRMED, ACTIVE)
"""What counts where several columns speak of one person: the first."""


def _columns(names: str) -> tuple[str, ...]:
    """Return the names of columns without capitals, blanks and signs."""
    return tuple(plain_name(name) for name in names.split("|"))


def plain_name(name: str) -> str:
    """Return the name of a column without capitals, blanks and signs."""
    return "".join(char for char in name.casefold() if char.isalnum())


_AGREED = _columns(
    "confirm time|confirmed at|confirmation date|opted in at|optin time|opt-in time|opt-in date"
    "|double opt-in date|consent date|consent at|subscribed at|subscription date|subscribed|date subscribed"
    "|date joined|signup date|added time|date added|added at|created at|created|date|angemeldet am"
    "|date d’inscription|aangemeld op"
)
"""Columns with the moment of somebody's consent, the best first."""
_GONE = {
    LEFT: _columns(
        "unsub time|unsubscribed at|unsubscribe date|unsubscribed|blacklisted|blocklisted|email blacklisted"
        "|email blocklisted|opted out|opt-out|unsubscription date|left at"
    ),
    BOUNCED: _columns("clean time|cleaned at|bounced at|bounced|hard bounce date|hard bounces"),
    COMPLAINED: _columns("complained at|complaint date|spam complaint|marked as spam"),
}
"""Columns that are filled for those who get no mails any more."""
_TAGS = _columns("tags|tag|topics|topic|interests|groups|segments|labels|themen|thèmes|onderwerpen")
_STATUS = _columns(
    "status|state|subscription status|member status|email marketing status|delivery status|reception"
)
_NOT = frozenset({"", "0", "no", "false", "n", "-", "null", "none", "[]", "{}", "nein", "non", "nee"})
_TAG_SEPARATOR = re.compile(r"[,;|]")
_FORMS = (
    "",
    "%m/%d/%y %I:%M%p",
    "%m/%d/%Y %H:%M",
    "%d-%m-%Y %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
)
"""Of moments; empty: ISO 8601."""
_QUOTES = " \t\"'[]"


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedPerson:
    """Somebody as another program kept them."""

    number: int
    """Of the line, or of the entry."""
    address: str
    """As it was written; still to be checked."""
    name: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    state: str = ACTIVE
    since: datetime | None = None
    """When they agreed; ``None``: nobody knows."""
    gone_at: datetime | None = None
    trouble: str = ""
    """Why the line makes no sense; the rest says nothing then."""


def person_of_row(number: int, columns: Columns, row: Sequence[str]) -> MovedPerson:
    """Return the person of one row of a table, whatever its columns are called."""
    cells = columns.cells(row)
    named = {
        plain_name(name): row[at].strip() if at < len(row) else "" for at, name in enumerate(columns.names)
    }
    address = read_address(cells.get("email", ""))
    states = [
        _gone_state(named),
        *(state_of(named[name]) for name in _STATUS if name in named),
    ]
    return MovedPerson(
        number=number,
        address=address.address,
        name=tidy_name(read_name(cells) or address.name),
        language=cells.get("language", "") or language_in_json(named.get("attributes", "")),
        tags=tuple(dict.fromkeys(tag for name in _TAGS for tag in split_tags(named.get(name, "")))),
        state=worst_of(states),
        since=first_moment(named.get(name, "") for name in _AGREED),
        gone_at=first_moment(named.get(name, "") for names in _GONE.values() for name in names),
    )


def state_of(word: str) -> str:
    """Return the state that a program's word for it means; one that nobody knows is unclear, not active."""
    return _STATE_OF.get(word.strip().casefold(), UNCLEAR)


def worst_of(states: Iterable[str]) -> str:
    """Return the state that counts where several are told of one person."""
    found = set(states)
    return next((state for state in _WORST if state in found), ACTIVE)


def _gone_state(named: Mapping[str, str]) -> str:
    for state in (COMPLAINED, BOUNCED, LEFT):
        if any(named.get(name, "").casefold() not in _NOT for name in _GONE[state]):
            return state
    return ACTIVE


def first_moment(texts: Iterable[str]) -> datetime | None:
    """Return the first of some texts that is a moment; without a zone it is in UTC, as services keep them."""
    for text in texts:
        if (moment := read_moment_of(text)) is not None:
            return moment
    return None


def read_moment_of(text: str) -> datetime | None:
    """Return a moment as services write it: ISO 8601, seconds since 1970, or American."""
    written = text.strip().removesuffix(" UTC")
    if not written:
        return None
    if re.fullmatch(r"\d{9,10}", written):
        return datetime.fromtimestamp(int(written), UTC)
    for form in _FORMS:
        try:
            moment = datetime.strptime(written, form) if form else datetime.fromisoformat(written)  # noqa: DTZ007
        except ValueError:
            continue
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return None


def split_tags(cell: str) -> list[str]:
    """Return the tags in a cell, in whatever way they are separated and quoted."""
    return [
        tag
        for part in _TAG_SEPARATOR.split(cell)
        if (tag := part.strip(_QUOTES)) and tag.casefold() not in _NOT
    ]


def language_in_json(text: str) -> str:
    """Return the language among attributes in JSON; empty when there is none."""
    import json

    try:
        found = json.loads(text) if text.startswith("{") else None
    except (ValueError, RecursionError):
        return ""
    return language_among(found) if isinstance(found, dict) else ""


def language_among(attributes: Mapping[str, Any]) -> str:
    """Return the language among somebody's attributes; empty when there is none."""
    for name, value in attributes.items():
        if plain_name(name) in ("lang", "language", "locale", "sprache", "langue", "taal") and isinstance(
            value, str
        ):
            return value
    return ""


def tidy_name(name: str) -> str:
    """Return a name on one line, of a length that names have."""
    return " ".join(replace_control_characters(name).split())[:200]
