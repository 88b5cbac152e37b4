"""Understand the words that programs have for somebody's state, and the moments that they write."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ACTIVE, LEFT, BOUNCED, COMPLAINED, UNCONFIRMED, UNCLEAR, UNLISTED = (
    "active", "left", "bounced", "complained", "unconfirmed", "unclear", "unlisted",
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
_WORST = (COMPLAINED, BOUNCED, LEFT, UNCLEAR, UNCONFIRMED, UNLISTED, ACTIVE)
"""What counts where several columns speak of one person: the first."""
_FORMS = (
    "",
    "%m/%d/%y %I:%M%p",
    "%m/%d/%Y %H:%M",
    "%d-%m-%Y %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M:%S",
)
"""Of moments; empty: ISO 8601."""
_FIRST_YEAR = 1971


def state_of(word: str) -> str:
    """Return the state that a program's word for it means; one that nobody knows is unclear, not active."""
    return _STATE_OF.get(word.strip().casefold(), UNCLEAR)


def worst_of(states: Iterable[str]) -> str:
    """Return the state that counts where several are told of one person."""
    found = set(states)
    return next((state for state in _WORST if state in found), ACTIVE)


def first_moment(texts: Iterable[str]) -> datetime | None:
    """Return the first of some texts that is a moment; without a zone it is in UTC, as services keep them."""
    for text in texts:
        if (moment := read_moment_of(text)) is not None:
            return moment
    return None


def read_moment_of(text: str) -> datetime | None:
    """Return a moment as services write it: ISO 8601, seconds since 1970, American, or with the day first.
    What would be before there was mail is none.
    """
    written = text.strip().removesuffix(" UTC")
    if not written:
        return None
    if re.fullmatch(r"\d{9,10}|\d{12,13}", written):
        return datetime.fromtimestamp(int(written) / (1 if len(written) < 12 else 1000), UTC)
    for form in _FORMS:
        try:
            moment = datetime.strptime(written, form) if form else datetime.fromisoformat(written)  # noqa: DTZ007
        except ValueError:
            continue
        if moment.year < _FIRST_YEAR:
            return None
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return None
