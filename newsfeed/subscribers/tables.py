"""Read a table of people as spreadsheets write it: separators, quotes, and where its columns begin."""

from __future__ import annotations

import csv
import re
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.core.people.import_columns import Columns, find_columns

if TYPE_CHECKING:
    from _csv import Reader as CsvReader
    from collections.abc import Iterable, Iterator, Sequence

_SEPARATORS = (",", ";", "\t", "|")
_SEP_LINE = re.compile(r'"?sep=(.)"?[;,\t]*\s*', re.IGNORECASE)
"""Excel's own first line, which says how it separated the cells."""
_ROWS_ABOVE = 10
"""Lines above the names of the columns that are passed over: empty ones, or a title."""


class TableRow(NamedTuple):
    """One row of a table."""

    number: int
    """Of its first line in the file, from 1."""
    cells: list[str] | None
    """``None`` when they make no sense."""
    trouble: str = ""
    """Why: ``quote``, or ``long`` for a cell that nobody wrote."""


class PeopleTable(NamedTuple):
    """A table of people, opened: its columns are known, its rows are still to be read."""

    columns: Columns
    line: int
    """Of the names of the columns."""
    rows: Iterator[TableRow]


def open_table(lines: Iterable[str]) -> PeopleTable:
    """Find the names of the columns among the first lines; the rows follow. ``lines``: with their ends.

    Where no column is for addresses, the columns are those of the first line that is not empty.
    """
    left = iter(lines)
    above: list[str] = []
    first: tuple[int, str, str] | None = None
    given = ""
    for number, line in enumerate(left, 1):
        above.append(line)
        if number == 1 and (told := _SEP_LINE.fullmatch(line.removeprefix("\ufeff"))):
            given = told[1]
            continue
        if line.strip(' \t\r\n;,|"'):
            separator = _separator(line, given)
            first = first or (number, separator, line)
            if "email" in find_columns(_cells(line, separator)).places:
                return _table(number, separator, line, left)
        if number >= _ROWS_ABOVE:
            break
    number, separator, line = first or (1, ",", "")
    return _table(number, separator, line, chain(above[number:], left))


def _table(number: int, separator: str, head: str, rest: Iterator[str]) -> PeopleTable:
    """Return the table whose columns are named in line ``number``."""
    rows = _rows(csv.reader(chain([head], rest), _dialect(separator)), number)
    names = next(rows, TableRow(number, [])).cells or []
    return PeopleTable(find_columns(names), number, rows)


def _separator(head: str, given: str) -> str:
    """Return the separator of a line of names: it makes the most known columns, or else the most columns."""
    candidates = dict.fromkeys([*([given] if given else []), *_SEPARATORS])

    def known(separator: str) -> tuple[int, bool, int]:
        names = _cells(head, separator)
        return len(find_columns(names).places), separator == given, len(names)

    return max(candidates, key=known)


def _cells(line: str, separator: str) -> Sequence[str]:
    try:
        return next(csv.reader([line], _dialect(separator)), [])
    except csv.Error:  # a name with a line break in quotes: the rest of it is in the next line
        return line.split(separator)


def _dialect(separator: str) -> type[csv.Dialect]:
    """Return the dialect, strict: a quote that is never closed is a mistake, and not the rest of the file a
    name.
    """

    class _Separated(csv.excel):
        delimiter = separator
        strict = True
        skipinitialspace = separator != "\t"

    return _Separated


def _rows(reader: CsvReader, start: int) -> Iterator[TableRow]:
    """Yield the rows with the numbers of their first lines. ``start``: of the first of all."""
    while True:
        number = start + reader.line_num
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # A cell beyond csv's limit on one line is a long one; over several its closing quote is missing.
            is_long = "limit" in str(error) and start + reader.line_num == number + 1
            yield TableRow(number, None, "long" if is_long else "quote")
        else:
            yield TableRow(number, row)
