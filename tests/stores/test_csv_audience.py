"""The audience in a CSV file: every mistake found in its line, and nobody written to by mistake."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsfeed.model import Reader
from newsfeed.problems import Problem
from newsfeed.stores.csv_audience import CsvAudience, make_reader_key, normalise_ascii_address
from newsfeed.testing import settings_from
from tests.examples import examples

LANGUAGES = settings_from().languages
HEAD = "email,name,language\n"
CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029<>,;]")


def audience(folder: Path, data: str | bytes, name: str = "staff.csv") -> tuple[list[Reader], list[Problem]]:
    """Readers and problems of a file with this content."""
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    readers, problems = CsvAudience(folder, name, LANGUAGES).readers()
    return list(readers), list(problems)


def places(problems: list[Problem]) -> list[tuple[str, int]]:
    """Code and line of each problem."""
    return [(found.code, found.where.line) for found in problems]


def addresses(readers: list[Reader]) -> list[str]:
    """Whom the readers are reached at."""
    return [reader.address for reader in readers]


def test_a_row_is_a_reader_with_the_chain_of_its_edition(tmp_path: Path) -> None:
    """Order is kept; the chain is what the configuration says about the language."""
    rows = "ann@readers.example,Ann O’Neill,en\njan@readers.example,,nl\n"
    readers, problems = audience(tmp_path, HEAD + rows)
    assert problems == []
    assert readers == [
        Reader("ann@readers.example", "Ann O’Neill", ("en",), make_reader_key("ann@readers.example")),
        Reader("jan@readers.example", "", ("nl", "en", "de"), make_reader_key("jan@readers.example")),
    ]


def test_the_file_is_read_each_time(tmp_path: Path) -> None:
    """Who was added since the last issue is in the next."""
    store = CsvAudience(tmp_path, "staff.csv", LANGUAGES)
    (tmp_path / "staff.csv").write_text(HEAD)
    assert store.readers() == ([], [])
    (tmp_path / "staff.csv").write_text(f"{HEAD}ann@readers.example,Ann,en\n")
    assert len(store.readers()[0]) == 1


# -- the file ------------------------------------------------------------------------------------


def test_a_missing_file_is_a_problem_of_its_path(tmp_path: Path) -> None:
    """A digest needs somebody to go to."""
    readers, problems = CsvAudience(tmp_path, "lists/staff.csv", LANGUAGES).readers()
    assert readers == []
    assert [(found.code, found.where.path) for found in problems] == [("audience-missing", "lists/staff.csv")]


def test_a_folder_in_place_of_the_file_cannot_be_read(tmp_path: Path) -> None:
    """The operating system's reason is passed on."""
    (tmp_path / "staff.csv").mkdir()
    _, problems = CsvAudience(tmp_path, "staff.csv", LANGUAGES).readers()
    assert places(problems) == [("unreadable", 1)]
    assert "folder" in dict(problems[0].params)["reason"]


@pytest.mark.parametrize(
    ("what", "encode"),
    [
        ("UTF-8", lambda text: text.encode()),
        ("UTF-8 with a byte order mark", lambda text: text.encode("utf-8-sig")),
        ("lines ending CRLF", lambda text: text.replace("\n", "\r\n").encode()),
        ("lines ending CR", lambda text: text.replace("\n", "\r").encode()),
        ("a last line without an end", lambda text: text.rstrip("\n").encode()),
        ("empty lines", lambda text: text.replace("\n", "\n\n\n").encode()),
        ("everything in quotes", lambda text: re.sub(r"([^,\n]+)", r'"\1"', text).encode()),
        ("blanks around everything", lambda text: re.sub(r"([^,\n]+)", r"  \1 \t", text).encode()),
        (
            "capital headings",
            lambda text: text.replace("email,name,language", "Email,NAME,Language").encode(),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_is_read_as_spreadsheets_write_it(what: str, encode: object, tmp_path: Path) -> None:
    """Marks, line ends, quotes and blanks differ between programs; the readers do not."""
    text = f"{HEAD}amelie@readers.example,Amélie Ünal,fr\njan@readers.example,Jan,nl\n"
    readers, problems = audience(tmp_path, encode(text))
    assert problems == []
    assert [(one.address, one.name, one.chain[0]) for one in readers] == [
        ("amelie@readers.example", "Amélie Ünal", "fr"),
        ("jan@readers.example", "Jan", "nl"),
    ]


def test_latin_1_is_refused_with_the_place_of_its_first_letter(tmp_path: Path) -> None:
    """Guessing an encoding would turn names into garbage; nobody is read."""
    text = f"{HEAD}ann@readers.example,Ann,en\namelie@readers.example,Amélie,fr\n"
    readers, problems = audience(tmp_path, text.encode("latin-1"))
    assert readers == []
    assert places(problems) == [("not-utf8", 3)]
    assert problems[0].where.column == len("amelie@readers.example,Am") + 1
    assert problems[0].params == (("byte", "0xE9"),)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_other_encodings_are_refused(encoding: str, tmp_path: Path) -> None:
    """No reader comes out of a file in any of them."""
    readers, problems = audience(tmp_path, f"{HEAD}amélie@readers.example,Amélie,fr\n".encode(encoding))
    assert readers == []
    assert problems


@pytest.mark.parametrize(
    ("head", "missing"),
    [
        ("", ["email", "name", "language"]),
        ("\n", ["email", "name", "language"]),
        ("name,language", ["email"]),
        ("email,name", ["language"]),
        ("email", ["name", "language"]),
        ("e-mail,name,language", ["email"]),
        ("email;name;language", ["email", "name", "language"]),
        ("ann@readers.example,Ann,en", ["email", "name", "language"]),
    ],
)
def test_a_missing_column_is_named(head: str, missing: list[str], tmp_path: Path) -> None:
    """Without all three nobody can be written to, so nobody is read."""
    readers, problems = audience(tmp_path, f"{head}\nann@readers.example,Ann,en\n")
    assert readers == []
    assert [(found.code, dict(found.params)["key"]) for found in problems] == [
        ("audience-column", key) for key in missing
    ]


def test_columns_may_stand_in_any_order_and_beside_others(tmp_path: Path) -> None:
    """Columns that newsfeed does not know are nobody's business here."""
    text = "since,language,name,email,note\n2020,de,Jörg,joerg@readers.example,x\n"
    readers, problems = audience(tmp_path, text)
    assert problems == []
    assert [(one.address, one.name, one.chain[0]) for one in readers] == [
        ("joerg@readers.example", "Jörg", "de")
    ]


# -- its rows ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ("ann@readers.example", ["language-unknown"]),
        ("ann@readers.example,Ann", ["language-unknown"]),
        ("ann@readers.example,Ann,", ["language-unknown"]),
        ("ann@readers.example,Ann,xx", ["language-unknown"]),
        ("ann@readers.example,Ann,english", ["language-unknown"]),
        (",Ann,en", ["audience-address"]),
        (",,", ["audience-address"]),
        ("   ", ["audience-address"]),
        ('""', ["audience-address"]),
        ("ann@readers.example,Ann,en,more,and more", []),
        ("ann@readers.example,Ann,EN", []),
        ("ann@readers.example,Ann, en ", []),
        ('"ann@readers.example","O\'Neill, ""Ann""",en', []),
    ],
)
def test_a_row_is_read_or_refused_as_a_whole(row: str, codes: list[str], tmp_path: Path) -> None:
    """Fewer columns, more columns, empty ones: a problem in its line, never a crash; others are read."""
    text = f"{HEAD}first@readers.example,,en\n{row}\nlast@readers.example,,en\n"
    readers, problems = audience(tmp_path, text)
    assert places(problems) == [(code, 3) for code in codes]
    middle = [] if codes else ["ann@readers.example"]
    assert addresses(readers) == ["first@readers.example", *middle, "last@readers.example"]


def test_an_unknown_language_suggests_a_known_one(tmp_path: Path) -> None:
    """The report names the editions there are."""
    _, problems = audience(tmp_path, f"{HEAD}ann@readers.example,Ann,dee\n")
    assert dict(problems[0].params) == {"value": "dee", "known": "en, de, fr, nl"}
    assert problems[0].suggestion == "de"


def test_a_quoted_name_may_have_commas_quotes_and_line_ends(tmp_path: Path) -> None:
    """What is read is one line; no-break spaces are part of a name."""
    name = '"O\'Neill,\n ""Ann""\tde\N{NO-BREAK SPACE}Vries"'
    readers, problems = audience(tmp_path, f"{HEAD}ann@readers.example,{name},en\nx,,en\n")
    assert [one.name for one in readers] == ['O\'Neill, "Ann" de\N{NO-BREAK SPACE}Vries']
    assert places(problems) == [("audience-address", 4)]


def test_a_control_character_is_an_error_where_it_stands(tmp_path: Path) -> None:
    """With an error nothing leaves; the name itself is clean already."""
    readers, problems = audience(tmp_path, f"{HEAD}ann@readers.example,A\x00n\x1bn,en\n")
    assert [one.name for one in readers] == ["Ann"]
    assert [(found.code, found.where.line, found.where.column) for found in problems] == [
        ("control-character", 2, 22),
        ("control-character", 2, 24),
    ]


def test_a_quote_that_nobody_closes_is_a_problem(tmp_path: Path) -> None:
    """A whole file in one field is refused, not cut."""
    rows = "".join(f"reader-{n}@readers.example,Name,en\n" for n in range(5000))
    readers, problems = audience(tmp_path, f'{HEAD}ann@readers.example,"Ann,en\n{rows}')
    assert readers == []
    assert [found.code for found in problems] == ["unreadable"]
    assert problems[0].where.line > 1


@pytest.mark.parametrize(
    "other",
    ["ann@readers.example", "ANN@readers.example", "ann@READERS.example", " Ann@Readers.Example "],
)
def test_an_address_counts_once(other: str, tmp_path: Path) -> None:
    """Capitals do not make another person; the first line counts, the second is named."""
    text = f"{HEAD}x@readers.example,X,en\nann@readers.example,Ann,en\n{other},Again,de\n"
    readers, problems = audience(tmp_path, text)
    assert [(one.name, one.chain[0]) for one in readers] == [("X", "en"), ("Ann", "en")]
    assert places(problems) == [("audience-duplicate", 4)]
    assert dict(problems[0].params) == {"other": "3"}


def test_two_ways_to_write_a_domain_are_one_address(tmp_path: Path) -> None:
    """``bücher`` and its ``xn--`` form are the same place."""
    text = f"{HEAD}ann@bücher.example,A,en\nann@xn--bcher-kva.example,B,en\n"
    readers, problems = audience(tmp_path, text)
    assert addresses(readers) == ["ann@xn--bcher-kva.example"]
    assert places(problems) == [("audience-duplicate", 3)]


# -- addresses -----------------------------------------------------------------------------------

GOOD = {
    "ann@readers.example": "ann@readers.example",
    "Ann.O'Neill+news@Readers.Example": "Ann.O'Neill+news@readers.example",
    "!#$%&'*+/=?^_`{|}~-@readers.example": "!#$%&'*+/=?^_`{|}~-@readers.example",
    "a@b.co": "a@b.co",
    "ann@bücher.example": "ann@xn--bcher-kva.example",
    "ann@ПОЧТА.рф": "ann@xn--80a1acny.xn--p1ai",
    "ann@例え.jp": "ann@xn--r8jz45g.jp",
    "ann@readers\N{IDEOGRAPHIC FULL STOP}example": "ann@readers.example",
    f"{'a' * 64}@readers.example": f"{'a' * 64}@readers.example",
    f"ann@{'b' * 63}.example": f"ann@{'b' * 63}.example",
}
BAD = [
    "",
    "ann",
    "@readers.example",
    "ann@",
    "ann@localhost",
    "ann@@readers.example",
    "ann@readers@example.org",
    "ann @readers.example",
    "ann@readers .example",
    "ann@readers.example x",
    "ann@readers.example,bob@readers.example",
    "ann@readers.example;bob@readers.example",
    "Ann <ann@readers.example>",
    "<ann@readers.example>",
    "ann@readers.example\nBcc: bob@readers.example",
    "ann@readers.example\r\nBcc: bob@readers.example",
    "ann@readers.example%0ABcc:bob@readers.example ",
    "ann\x00@readers.example",
    "ann@readers.example\x00",
    "ann@readers\u2028.example",
    "ann\x85@readers.example",
    '"ann"@readers.example',
    '"ann o"@readers.example',
    "ann(comment)@readers.example",
    "ann\\@readers.example",
    "jörg@readers.example",
    "ann\N{NO-BREAK SPACE}@readers.example",
    ".ann@readers.example",
    "ann.@readers.example",
    "ann..o@readers.example",
    "ann@.example",
    "ann@readers..example",
    "ann@readers.example.",
    "ann@-readers.example",
    "ann@readers-.example",
    "ann@read_ers.example",
    "ann@readers.e",
    "ann@readers.--",
    "ann@readers.-x",
    "ann@192.168.0.1",
    "ann@[192.168.0.1]",
    "ann@[IPv6:::1]",
    "ann@straße.example",
    "ann@STRAẞE.example",
    "ann@\N{ZERO WIDTH JOINER}readers.example",
    "mailto:ann@readers.example",
    f"{'a' * 65}@readers.example",
    f"ann@{'b' * 64}.example",
    f"ann@{'ü' * 60}.example",
    f"ann@{'.'.join(['b' * 60] * 4)}.example",
]


@pytest.mark.parametrize(("text", "address"), GOOD.items())
def test_an_address_that_can_be_written_to_is_kept(text: str, address: str) -> None:
    """The local part as it is, the domain in lower case and ASCII."""
    assert normalise_ascii_address(text) == address


@pytest.mark.parametrize("text", BAD)
def test_an_address_that_cannot_be_written_to_is_refused(text: str) -> None:
    """No quoting, no comments, no SMTPUTF8, no second address, and nothing that ends a line.

    Domains with ``ß`` are refused in that form: Python's IDNA writes ``ss``, another domain.
    """
    assert normalise_ascii_address(text) is None


@pytest.mark.parametrize("text", [one for one in BAD if not re.search('[",\r\n\x00\x85\u2028]', one)])
def test_a_refused_address_names_its_line_and_not_itself(text: str, tmp_path: Path) -> None:
    """Reports may be public; addresses are not."""
    readers, problems = audience(tmp_path, f"{HEAD}{text},Ann,en\n") if text else ([], [])
    assert readers == []
    assert places(problems) == ([("audience-address", 2)] if text else [])
    assert all(found.params == () for found in problems)


@given(st.text(max_size=80) | st.emails())
@settings(max_examples=examples(150), deadline=None)
@example("a@" + "ü." * 100)
@example("a@" + "\u0345" * 50)
def test_a_kept_address_is_ascii_and_normal_for_ever(text: str) -> None:
    """Nothing raises, and what comes out goes in again unchanged."""
    found = normalise_ascii_address(text)
    if found is not None:
        assert found.isascii()
        assert not CONTROL.search(found)
        assert found.count("@") == 1
        assert len(found) <= 254
        assert normalise_ascii_address(found) == found


ROWS = st.lists(
    st.text(max_size=30) | st.sampled_from([*GOOD, *BAD, *LANGUAGES, '"', ",", "\n"]), max_size=12
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples."""
    return tmp_path_factory.mktemp("audiences")


@given(
    st.binary(max_size=200)
    | ROWS.map(lambda cells: (HEAD + ",".join(cells)).encode("utf-8", "surrogatepass"))
)
@settings(max_examples=examples(300), deadline=None)
@example(b"\xef\xbb\xbf")
@example(b'"')
@example(HEAD.encode() + b"\x00,\x00,\x00")
@example(HEAD.encode() + b"a@b.example\r,\r\n,en")
def test_no_file_breaks_the_reading(folder: Path, data: bytes) -> None:
    """Any bytes give readers and problems; no reader's address or name can break a header."""
    readers, problems = audience(folder, data)
    for one in readers:
        assert one.address.isascii()
        assert not CONTROL.search(one.address)
        assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029]", one.name)
        assert one.chain[0] in LANGUAGES
        assert one.key == make_reader_key(one.address)
    assert len({one.key for one in readers}) == len(readers)
    assert all(found.where.line >= 1 for found in problems)


def test_a_key_is_private_and_stable() -> None:
    """It does not show the address, and capitals do not change it."""
    assert make_reader_key("Ann@readers.example") == make_reader_key("ann@READERS.example")
    assert make_reader_key("ann@readers.example") == "a84efa4b2e8024164991c193", (
        "ledgers hold these for years"
    )
    assert make_reader_key("ann@readers.example") != make_reader_key("bob@readers.example")


def test_a_file_of_readers_has_a_size_that_can_be_read(tmp_path: Path) -> None:
    """Neither a file nor a cell without end fills the memory or is told in a parser's words."""
    file = tmp_path / "readers.csv"
    file.write_text("email,name,language\na@test.example," + "n" * 200_000 + ",en\n")
    _, (found,) = CsvAudience(tmp_path, file.name, {}).readers()
    assert dict(found.params)["reason"] == "a cell is too long, or its quotation mark is never closed"
    with file.open("wb") as empty:
        empty.truncate(20_000_000_000)
    _, (found,) = CsvAudience(tmp_path, file.name, {}).readers()
    assert dict(found.params)["reason"] == "it has more than 100 MB"
