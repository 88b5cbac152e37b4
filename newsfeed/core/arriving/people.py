"""Understand people as other programs keep them: who wants mails since when, who left, who bounced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsfeed.core.arriving.people_columns import agreed_at, gone_at, states_in, tags_in
from newsfeed.core.arriving.people_states import ACTIVE, worst_of
from newsfeed.core.people.import_columns import Columns, read_address, read_name, replace_control_characters
from newsfeed.core.people.leaving_columns import plain_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


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
    named: dict[str, str] = {}
    for at, name in enumerate(columns.names):
        cell = row[at].strip() if at < len(row) else ""
        named[plain_name(name)] = named.get(plain_name(name), "") or cell
    address = read_address(cells.get("email", ""))
    return MovedPerson(
        number=number,
        address=address.address,
        name=tidy_name(read_name(cells) or address.name),
        language=cells.get("language", "") or language_in_json(named.get("attributes", "")),
        tags=tags_in(named),
        state=worst_of(states_in(named)),
        since=agreed_at(named),
        gone_at=gone_at(named),
    )


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
