"""Understand what a file says of everybody in it: services put those who left into files of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsfeed.core.arriving.people_states import (
    ACTIVE,
    BOUNCED,
    LEFT,
    UNCLEAR,
    UNCONFIRMED,
    UNLISTED,
    worst_of,
)
from newsfeed.core.people.leaving_columns import plain_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.core.arriving.people import MovedPerson

_MAILCHIMP_FILES = {"unsubscribed": LEFT, "cleaned": BOUNCED, "nonsubscribed": UNCONFIRMED}
"""Beginning of a file's name → state of everybody in it; their columns need not tell it."""
_MAILCHIMP_COLUMNS = {"unsubtime": LEFT, "cleantime": BOUNCED}
"""Columns that only the files of those who are gone have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFile:
    """A file of people, and what the user said of it."""

    program: str
    name: str = ""
    only_list: str = ""
    """Of the lists in it the one that counts; empty: any."""
    is_confirmed_only: bool = False
    """The user says that all people in it have confirmed."""


def state_of_file(file: PeopleFile, columns: Sequence[str]) -> str:
    """Return the state of everybody in a table who seems to be active; ``columns``: their names."""
    names = {plain_name(name) for name in columns}
    if file.program == "mailchimp":
        by_name = next(
            (state for begin, state in _MAILCHIMP_FILES.items() if file.name.startswith(begin)), ""
        )
        marks = [state for name, state in _MAILCHIMP_COLUMNS.items() if name in names]
        # Both together are no file of theirs, but one that somebody joined.
        return by_name or (UNCLEAR if len(marks) == 1 else ACTIVE)
    if file.program == "listmonk" and "subscriptionstatus" not in names and not file.is_confirmed_only:
        return UNLISTED
    return ACTIVE


def as_file_says(person: MovedPerson, state: str) -> MovedPerson:
    """Return a person with the state that their file says; what their own line says counts if it is worse."""
    return replace(person, state=worst_of((person.state, state)))
