"""Where the columns of a table begin, and what separates its cells."""

import csv
import io

import pytest

from newsfeed.subscribers.tables import open_table

ROW = ["ada@test.example", "Lovelace, Ada; Countess", "de"]
CELLS = {"email": ROW[0], "name": ROW[1], "language": ROW[2]}


def _open(text):
    table = open_table(io.StringIO(text, newline=None))
    return table, [(row.number, table.columns.cells(row.cells or [])) for row in table.rows]


def _written(separator):
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([["email", "name", "language"], ROW])
    return out.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("above", ["", "\r\n \r\n", "Members 2026;;\r\n;;\r\n"])
def test_a_table_is_found_whatever_separates_it(separator, above):
    """Empty lines, or a title, may stand above it."""
    table, rows = _open(above + _written(separator))
    assert table.line == above.count("\n") + 1
    assert rows == [(table.line + 1, CELLS)]


@pytest.mark.parametrize("line", ["sep=;\r\n", '"sep=;"\r\n', "SEP=;\n", "sep=,\n"])
def test_the_line_that_names_the_separator_is_none_of_the_table(line):
    """Excel writes it; one that names another separator than the table has is no harm."""
    table, rows = _open(line + _written(";"))
    assert (table.line, [cells for _, cells in rows]) == (2, [CELLS])


def test_blanks_before_quotes_belong_to_no_cell():
    """As people write who type a table by hand."""
    _, rows = _open('email, name, language\nada@test.example, "Lovelace, Ada; Countess", de\n')
    assert rows == [(2, CELLS)]


def test_a_table_of_something_else_keeps_its_own_names():
    """They are shown to whoever wonders why it is refused."""
    table, rows = _open("\nPlace,Year\nBonn,1999\n")
    assert (table.line, list(table.columns.names), len(rows)) == (2, ["Place", "Year"], 1)
    assert _open("")[0].columns.places == {}
