"""Read the people that another program exported: a table, JSON, lines of addresses, or a dump of Sympa's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

from newsfeed.core.arriving.people import MovedPerson, person_of_row
from newsfeed.core.arriving.people_entries import (
    is_sympa_dump,
    people_in_json,
    people_in_lines,
    people_in_sympa_dump,
)
from newsfeed.core.arriving.people_files import PeopleFile, as_file_says, state_of_file
from newsfeed.core.people.import_columns import find_columns
from newsfeed.errors import UsageError
from newsfeed.marking import N_
from newsfeed.subscribers.tables import open_table

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINES = ("mailman", "sympa")
"""Programs that also write plain lines of addresses."""
_MOST_JSON = 500_000_000
_HEAD = 4_096


def read_people(file: TextIO, what: PeopleFile) -> Iterator[MovedPerson]:
    """Return the people in an export, read as they are asked for.

    file: can be read twice. Raises `UsageError` for JSON that makes no sense.
    """
    head = file.read(_HEAD)
    file.seek(0)
    if head.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return people_in_json(_json(file), what.only_list)
    if what.program == "sympa" and is_sympa_dump(head):
        return people_in_sympa_dump(file)
    first = next((line for line in head.splitlines() if line.strip()), "")
    if what.program in _LINES and "email" not in find_columns(first.replace("\t", ",").split(",")).places:
        return people_in_lines(file)
    return _people_in_table(file, what)


def _people_in_table(file: TextIO, what: PeopleFile) -> Iterator[MovedPerson]:
    opened = open_table(file)
    if "email" not in opened.columns.places:
        yield MovedPerson(number=opened.line, address="", trouble="columns")
        return
    state = state_of_file(what, opened.columns.names)
    for number, row, trouble in opened.rows:
        if row is None:
            yield MovedPerson(number=number, address="", trouble=trouble)
        elif any(cell.strip() for cell in row):
            yield as_file_says(person_of_row(number, opened.columns, row), state)


def _json(file: TextIO) -> object:
    try:
        return json.loads(file.read(_MOST_JSON).lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise UsageError(
            N_("the file is no JSON that can be read: {reason}"), reason=str(error)[:200]
        ) from error
