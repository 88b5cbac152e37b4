"""``newsfeed subscribers …``, ``why`` and ``receipt`` from outside, on real sites."""

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from bench.site import MONDAY, Made, make_site, story
from newsfeed.app.delivery import open_signup_context
from newsfeed.records import SUBSCRIBER_STATES
from newsfeed.subscribers.signup import leave_by_one_click
from tests.cli.command import environment, newsfeed
from tests.contracts.stores import new_database
from tests.delivery.sites import delivery
from tests.site.builds import REPOSITORY

NOW = MONDAY.isoformat()
BEFORE = (MONDAY - timedelta(days=20)).isoformat()
HEAD = "email,name,language\n"
ANNA, BO = "anna@readers.example", "bo@readers.example"
GERMAN = {"LC_ALL": "de_DE.UTF-8", "PYTHONUTF8": "1"}
ISSUE = "staff/2030-02-04T08:00"


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A site with two digests and nobody yet; its mails go into a folder."""
    found = make_site(tmp_path / "site", port=1, channel="folder")
    new_database(found.folder / "var" / "newsfeed.db")
    config = found.folder / "config.toml"
    board = '[digests.board]\nschedule = "mon 08:00"\naudience = "staff"\n\n'
    config.write_text(
        config.read_text("utf-8").replace("[digests.staff]", board + "[digests.staff]"), "utf-8"
    )
    return found


def call(made: Made, *words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """A command on this site, which must not name a person beside its result."""
    done = newsfeed("-C", made.folder, *words, **changes)
    assert "readers.example" not in done.stderr
    return done


def said(made: Made, *words: str, **changes: str) -> str:
    """What a command that succeeds prints."""
    done = call(made, *words, **changes)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def take_up(made: Made, table: str | bytes, *words: str, digest: str = "staff") -> tuple[int, str]:
    """Import a table; exit status and what was printed."""
    file = made.folder.parent / "people.csv"
    file.write_bytes(table.encode() if isinstance(table, str) else table)
    command = ("import", str(file), "--digest", digest, "--consent", "on paper", "--now", BEFORE)
    done = call(made, "subscribers", *command, *words)
    assert done.stderr == ""
    return done.returncode, done.stdout


def addresses(made: Made) -> list[str]:
    """Everybody."""
    return [line.partition("\t")[0] for line in said(made, "subscribers", "list").splitlines()]


def names(made: Made) -> list[str]:
    """Everybody's name."""
    return [json.loads(line)["name"] for line in said(made, "subscribers", "list", "--json").splitlines()]


def two(made: Made) -> None:
    """Anna, who reads German, and Bo, who reads English."""
    assert take_up(made, f"{HEAD}{ANNA},Anna,de\n{BO},Bo,en\n") == (0, "added: 2\n")


# -- import ----------------------------------------------------------------------------------------


def test_an_import_names_every_line_that_is_not_simply_added(made: Made) -> None:
    """With its number in the file and its reason, then the sums; status 1 when a line was refused."""
    table = f"email,name,language,topics\n{ANNA},Anna,de,water\nnone,X,en,\n{BO},Bo,xx,\n{ANNA},A,de,\n"
    table += f"c@readers.example,C,en,fire\n{BO},Bo,en,\n"
    status, text = take_up(made, table)
    assert status == 1
    assert text.splitlines() == [
        "3: refused: this is no address that can be written to (email: “none”)",
        "4: refused: the site has no edition in this language (language: “xx”)",
        "5: stands in the file twice",
        "6: refused: unknown topic (topics: “fire”)",
        "added: 2",
        "stands in the file twice: 1",
        "refused: this is no address that can be written to: 1",
        "refused: the site has no edition in this language: 1",
        "refused: unknown topic: 1",
    ]
    assert addresses(made) == [ANNA, BO]


def test_an_import_reports_itself_as_data(made: Made) -> None:
    """--json has the encoding and the sums; a second import changes nothing."""
    two(made)
    status, text = take_up(made, f"{HEAD}{ANNA},Other,en\nc@readers.example,C,en\n", "--json")
    assert (status, json.loads(text)) == (0, {"encoding": "utf-8", "added": 1, "known": 1})
    assert names(made) == ["Anna", "Bo", "C"]
    sheet = json.loads(said(made, "subscribers", "show", ANNA, "--json"))
    assert len(sheet["consents"]) == 1


ROW = f"{ANNA},Jörg Müller aus Köln,de\n"
TABLES = {
    "commas": (HEAD + ROW).encode(),
    "semicolons": (HEAD + ROW).replace(",", ";").encode(),
    "UTF-8 with a mark": (HEAD + ROW).encode("utf-8-sig"),
    "UTF-16 little": b"\xff\xfe" + (HEAD + ROW).encode("utf-16-le"),
    "UTF-16 big": b"\xfe\xff" + (HEAD + ROW).encode("utf-16-be"),
    "Windows line ends": (HEAD + ROW).replace("\n", "\r\n").encode(),
    "no last line end": (HEAD + ROW).strip().encode(),
    "another order, capitals, blanks": f"Language ;NAME; Email\nDE;Jörg Müller aus Köln; {ANNA} \n".encode(),
    "more columns": f"id,email,name,language,since\n7,{ANNA},Jörg Müller aus Köln,de,1999\n".encode(),
    "a quoted line end": f'{HEAD}{ANNA},"Jörg Müller\naus Köln",de\n'.encode(),
    "blank lines": f"{HEAD}\n,,\n{ROW}\n\n".encode(),
    "Excel's first line": ("sep=;\r\n" + (HEAD + ROW).replace(",", ";")).encode(),
    "Excel's Unicode text": (HEAD + ROW).replace(",", "\t").replace("\n", "\r\n").encode("utf-16"),
    "UTF-16 without a mark": (HEAD + ROW).encode("utf-16-le"),
    "empty lines first": f"\n\n{HEAD}{ROW}".encode(),
    "blanks before quotes": f'email, name, language\n{ANNA}, "Jörg Müller aus Köln", de\n'.encode(),
    "another name for a column": f"mail,name,language\n{ANNA},Jörg Müller aus Köln,de\n".encode(),
    "Western umlauts": (HEAD + ROW).encode("latin-1"),
    "a whole locale, and a name in three columns": (
        f"E-Mail-Adresse;Vorname;Weitere Vornamen;Nachname;Sprache\n{ANNA};Jörg;Müller;aus Köln;de_DE\n"
    ).encode(),
}
ASKED = {
    "cp1250": "Łukasz Żółć",
    "mac_roman": "Zoë Müller",
    "cp1251": "Анна Иванова",
    "cp1252": "Hélène",
}


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_is_read_as_spreadsheets_write_it(made: Made, kind: str) -> None:
    """Separators, encodings, line ends, order and case of the columns."""
    status, text = take_up(made, TABLES[kind])
    assert (status, text.splitlines()[-1]) == (0, "added: 1")
    assert (addresses(made), names(made)) == ([ANNA], ["Jörg Müller aus Köln"])


@pytest.mark.parametrize("encoding", ASKED)
def test_a_code_page_that_changes_letters_is_asked_for(made: Made, encoding: str) -> None:
    """Nobody is taken up until it was named; how names would look is shown."""
    table = f"{HEAD}{ANNA},{ASKED[encoding]},de\n".encode(encoding)
    file = made.folder / "people.csv"
    file.write_bytes(table)
    words = ("subscribers", "import", str(file), "--digest", "staff", "--consent", "on paper")
    asked = call(made, *words)
    assert asked.returncode == 2
    assert any(encoding in line and ASKED[encoding] in line for line in asked.stdout.splitlines())
    assert "--encoding" in asked.stderr
    assert names(made) == []
    assert said(made, *words, "--encoding", encoding) == "added: 1\n"
    assert names(made) == [ASKED[encoding]]


@pytest.mark.parametrize(
    ("encoding", "reason"),
    [
        ("klingon", "there is no encoding"),
        ("latin-1", "is in utf-8 already"),
        ("hex", "there is no encoding"),
    ],
)
def test_an_encoding_that_cannot_be_right_is_refused(made: Made, encoding: str, reason: str) -> None:
    """One that nobody knows, and a code page for a file that is UTF-8."""
    file = made.folder / "people.csv"
    file.write_text(HEAD + ROW, "utf-8")
    command = ("subscribers", "import", str(file), "--digest", "staff", "--consent", "x")
    done = call(made, *command, "--encoding", encoding)
    assert (done.returncode, done.stdout) == (2, "")
    assert reason in done.stderr


def test_a_dry_run_shows_the_first_ten_as_understood(made: Made) -> None:
    """And everything that would be refused; nobody is taken up, and the encoding may still be another."""
    people = "".join(f"a{number}@readers.example;Ada;{number};Deutsch\n" for number in range(12))
    table = f"E-Mail;Vorname;Nachname;Sprache\n{people}none;B;C;de\n"
    status, text = take_up(made, table, "--dry-run")
    assert status == 1
    assert text.splitlines()[0] == "2: a0@readers.example  Ada 0  de"
    assert text.splitlines()[9:] == [
        "11: a9@readers.example  Ada 9  de",
        "14: refused: this is no address that can be written to (E-Mail: “none”)",
        "this was a dry run: nobody was added; the import would say:",
        "added: 12",
        "refused: this is no address that can be written to: 1",
    ]
    status, text = take_up(made, table, "--dry-run", "--json")
    data = json.loads(text)
    assert (len(data["first"]), data["first"][0]["name"]) == (10, "Ada 0")
    assert data["refused"] == [{"line": 14, "why": "address", "column": "E-Mail", "cell": "none"}]
    assert addresses(made) == []


def test_a_service_that_exports_no_language_needs_one_named(made: Made) -> None:
    """As Mailchimp's lists have none."""
    table = f"Email Address,First Name,Last Name\n{ANNA},Anna,Example\n"
    status, text = take_up(made, table)
    names_here = "columns here are: Email Address, First Name, Last Name"
    said_first = f"1: refused: no column names a language; --language names one for all; {names_here}"
    assert (status, text.splitlines()[0]) == (1, said_first)
    assert take_up(made, table, "--language", "nl") == (0, "added: 1\n")
    assert json.loads(said(made, "subscribers", "show", ANNA, "--json"))["languages"] == ["nl"]


NO_TABLES = {
    "empty": b"",
    "blank": b"\n\n",
    "a column is missing": f"email,name\n{ANNA},Anna\n".encode(),
    "no name for a column": f"{ANNA},Anna,de\n".encode(),
}


@pytest.mark.parametrize("kind", NO_TABLES)
def test_what_is_no_table_of_people_is_refused_whole(made: Made, kind: str) -> None:
    """Status 1, one reason, nobody added."""
    status, text = take_up(made, NO_TABLES[kind])
    assert status == 1
    assert text.startswith("1: refused: ")
    assert "columns here are: " in text.splitlines()[0]
    assert addresses(made) == []


def test_a_table_of_the_head_alone_names_nobody(made: Made) -> None:
    """It is no mistake."""
    assert take_up(made, HEAD) == (0, "the file names nobody\n")


def test_a_file_that_cannot_be_read_says_why(made: Made) -> None:
    """Not there, a folder: status 3. Bytes that are no text: status 2."""
    command = ("--digest", "staff", "--consent", "x")
    for file, reason in (("nowhere.csv", "there is no such file"), (str(made.folder), "it is a folder")):
        done = call(made, "subscribers", "import", file, *command)
        assert (done.returncode, done.stdout) == (3, "")
        assert reason in done.stderr
    noise = made.folder / "noise.csv"
    for data in (bytes(range(256)) * 10, b"\xff\xfee\x00m"):
        noise.write_bytes(data)
        done = call(made, "subscribers", "import", str(noise), *command)
        assert (done.returncode, done.stdout) == (2, "")
        assert "nobody can tell the encoding" in done.stderr


def test_the_own_file_of_a_spreadsheet_program_is_told_so(made: Made) -> None:
    """Of Excel, LibreOffice or Numbers: zip archives."""
    book = made.folder / "people.xlsx"
    book.write_bytes(b"PK\x03\x04\x14\x00")
    done = call(made, "subscribers", "import", str(book), "--digest", "staff", "--consent", "x")
    assert (done.returncode, done.stdout) == (2, "")
    assert "save it as CSV" in done.stderr


def test_a_pipe_is_no_table(made: Made) -> None:
    """Nothing is waited for."""
    os.mkfifo(made.folder / "people.csv")
    command = (
        "subscribers",
        "import",
        str(made.folder / "people.csv"),
        "--digest",
        "staff",
        "--consent",
        "x",
    )
    done = call(made, *command)
    assert (done.returncode, done.stdout) == (3, "")
    assert "it is no ordinary file" in done.stderr


def test_nul_bytes_and_other_controls_do_no_harm(made: Made) -> None:
    """In an address the line is refused; in a name they become blanks."""
    table = f"{HEAD}a\0b@readers.example,A,en\n{ANNA},An\0na\x1b[31m Red,de\n"
    status, text = take_up(made, table)
    assert (status, text.splitlines()[0][:10]) == (1, "2: refused")
    assert names(made) == ["An na [31m Red"]


def test_old_line_ends_and_stray_ones_do_no_harm(made: Made) -> None:
    """A carriage return alone ends a line, as it did on old computers."""
    assert take_up(made, f"{HEAD}{ANNA},Anna,de\n".replace("\n", "\r")) == (0, "added: 1\n")
    assert take_up(made, f"{HEAD}{BO},Bo\rX,en\n")[0] == 1
    assert addresses(made) == [ANNA]


def test_a_quote_that_nobody_closes_is_said_so(made: Made) -> None:
    """The rest of a long file is no name of a person, and no reason for a traceback."""
    rest = "".join(f"x{number}@readers.example,X,en\n" for number in range(8000))
    assert take_up(made, f'{HEAD}{ANNA},"Anna,de\n{rest}')[0] in (1, 2)


def test_no_name_or_address_starts_a_header(made: Made) -> None:
    """An address with a line end is refused; in names line ends become blanks: also in the mail."""
    table = (
        f'{HEAD}"{ANNA}\r\nBcc: x@readers.example",A,en\n{BO},"Bo\r\nBcc: x@readers.example\r\n\r\nText",en\n'
    )
    assert take_up(made, table)[0] == 1
    assert names(made) == ["Bo Bcc: x@readers.example Text"]
    words = ("--language", "en", "--digest", "staff", "--consent", "x")
    evil = call(made, "subscribers", "add", f"{ANNA}\nBcc: x@readers.example", *words)
    assert (evil.returncode, evil.stderr) == (1, "")
    said(made, "subscribers", "add", ANNA, "--name", 'A"\r\nBcc: x@readers.example', *words)
    said(made, "send", "--now", NOW)
    mails = [
        message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in (made.folder / "var/outbox").glob("*.eml")
    ]
    assert len(mails) == 2
    assert all(mail["Bcc"] is None and not mail.defects for mail in mails)
    assert {one.addr_spec for mail in mails for one in mail["To"].addresses} == {ANNA, BO}


def test_a_domain_in_any_script_is_one_address(made: Made) -> None:
    """It is kept in ASCII, and found by either spelling."""
    assert take_up(made, f"{HEAD}jo@bücher.example,Jo,de\nJO@BÜCHER.example,Jo,de\n")[0] == 0
    assert addresses(made) == ["jo@xn--bcher-kva.example"]
    assert "is subscribed" in said(made, "why", "jo@bücher.example")
    assert said(made, "why", "jo@bücher.example") == said(made, "why", "jo@xn--bcher-kva.example")


@pytest.mark.slow
def test_a_large_import_needs_little_memory(made: Made, tmp_path: Path) -> None:
    """25,000 lines within 100 MB, of which Python and the program take 70; a million is a bench."""
    file = tmp_path / "crowd.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write(HEAD)
        for number in range(25_000):
            out.write(f"reader{number}@readers{number % 7}.example,Reader {number},en\n")
    # The kernel's own mark: ru_maxrss would begin with the size of the process that started this one.
    measured = (
        "import pathlib, re, sys\nfrom newsfeed.cli import main\ntry: main()\nfinally:\n"
        "  status = pathlib.Path('/proc/self/status').read_text()\n"
        "  print(re.search(r'VmHWM:\\s+(\\d+)', status)[1], file=sys.stderr)"
    )
    command = ["subscribers", "import", str(file), "--digest", "staff", "--consent", "x", "--json"]
    done = subprocess.run(
        [sys.executable, "-c", measured, "-C", made.folder, *command],
        cwd=REPOSITORY,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert json.loads(done.stdout) == {"encoding": "utf-8", "added": 25_000}
    assert int(done.stderr) < 100_000


def test_a_table_may_come_from_standard_input(made: Made) -> None:
    """Its encoding is found out as that of a file; the record says where it came from."""
    words = ("subscribers", "import", "-", "--digest", "staff", "--consent", "on paper")
    table = f"{HEAD}{ANNA},Ännchen,de\n".encode("utf-16")
    done = newsfeed("-C", made.folder, *words, stdin=table)
    assert (done.returncode, done.stdout) == (0, "added: 1\n")
    assert names(made) == ["Ännchen"]
    assert "(standard input)" in said(made, "subscribers", "show", ANNA)


def test_a_cell_that_nobody_wrote_is_refused_alone(made: Made) -> None:
    """Beyond what a table may have in a cell or a line; the lines below it are read."""
    table = f"{HEAD}{ANNA},{'n' * 2_000_000},de\n{BO},{'n' * 200_000},en\n"
    table += f'c@readers.example,"{"n" * 200_000}",en\nd@readers.example,Dee,en\n'
    status, text = take_up(made, table)
    refused = "refused: a cell is longer than anybody’s name or address"
    assert (status, text.splitlines()) == (
        1,
        [*(f"{line}: {refused}" for line in (2, 3, 4)), "added: 1", f"{refused}: 3"],
    )
    assert names(made) == ["Dee"]


def test_a_file_that_no_table_has_the_size_of_is_not_read(made: Made, tmp_path: Path) -> None:
    """Here one with nothing in it."""
    with (tmp_path / "sparse.csv").open("wb") as file:
        file.truncate(20_000_000_000)
    command = ("import", str(tmp_path / "sparse.csv"), "--digest", "staff", "--consent", "x")
    done = call(made, "subscribers", *command)
    assert (done.returncode, "has more than 1 GB" in done.stderr) == (2, True)


# -- one person ------------------------------------------------------------------------------------


def test_somebody_is_added_shown_and_listed(made: Made) -> None:
    """`add` follows the rules of an import; `show` tells what is kept, `list` one line each."""
    words = ("--language", "de", "--digest", "staff", "--consent", "a phone call")
    assert said(made, "subscribers", "add", ANNA, "--name", "Anna", *words, "--now", BEFORE) == "added: 1\n"
    again = call(made, "subscribers", "add", ANNA, "--name", "Other", *words)
    assert (again.returncode, again.stderr) == (1, "")
    assert again.stdout.startswith("already subscribed: nothing was changed; newsfeed subscribers set ")
    sheet = said(made, "subscribers", "show", ANNA)
    assert sheet.splitlines()[0] == f"address: {ANNA}"
    assert "consent: 15 Jan 2030, 10:00, imported or added, staff: “a phone call” (add)" in sheet
    told = json.loads(said(made, "subscribers", "show", ANNA, "--json"))
    proof = {name: told["consents"][0].pop(name) for name in ("evidence", "previous", "hash")}
    assert proof["evidence"] == {}
    assert len(proof["hash"]) == 64
    assert told == {
        "address": ANNA,
        "name": "Anna",
        "languages": ["de"],
        "state": "active",
        "digests": {"staff": {"topics": [], "frequency": "every"}},
        "consents": [
            {
                "at": "2030-01-15T09:00:00+00:00",
                "digest": "staff",
                "how": "import",
                "wording": "a phone call",
                "language": "de",
                "source": "add",
            }
        ],
        "wanted_address": "",
        "shown": {},
        "mails": [],
        "returned": [],
    }
    assert said(made, "subscribers", "list") == f"{ANNA}\tsubscribed\tde\tstaff\n"
    (line,) = said(made, "subscribers", "list", "--json").splitlines()
    assert json.loads(line)["digests"] == {"staff": {"topics": [], "frequency": "every"}}


def test_lists_and_exports_can_be_of_one_digest(made: Made) -> None:
    """Nobody who reads only another is in them."""
    two(made)
    take_up(made, f"{HEAD}{BO},Bo,en\nc@readers.example,C,nl\n", digest="board")
    assert said(made, "subscribers", "list", "--digest", "board").splitlines() == [
        f"{BO}\tsubscribed\ten\tboard staff",
        "c@readers.example\tsubscribed\tnl\tboard",
    ]
    exported = said(made, "subscribers", "export", "--digest", "staff")
    assert [row["email"] for row in csv.DictReader(io.StringIO(exported))] == [ANNA, BO]


def test_an_export_is_safe_in_a_spreadsheet(made: Made) -> None:
    """A cell that would be a formula gets an apostrophe; all else comes back as it was."""
    table = f'{HEAD}=1+1@readers.example,"=HYPERLINK(""x"")",en\n{ANNA},"@SUM(A1), -",de\n{BO},-2+3,en\n'
    assert take_up(made, table)[0] == 0
    rows = list(csv.reader(io.StringIO(said(made, "subscribers", "export"))))
    assert rows == [
        ["email", "name", "language", "state", "digests", "topics"],
        ["'=1+1@readers.example", '\'=HYPERLINK("x")', "en", "active", "staff", ""],
        [ANNA, "'@SUM(A1), -", "de", "active", "staff", ""],
        [BO, "'-2+3", "en", "active", "staff", ""],
    ]


def test_an_export_can_be_imported_elsewhere(made: Made, tmp_path: Path) -> None:
    """With names, languages and topics."""
    take_up(made, f"email,name,language,topics\n{ANNA},Ännchen,de,water\n{BO},Bo,en,\n")
    other = make_site(tmp_path / "other", port=1, channel="folder")
    assert take_up(other, said(made, "subscribers", "export")) == (0, "added: 2\n")
    assert said(other, "subscribers", "export") == said(made, "subscribers", "export")


def test_who_leaves_one_digest_goes_on_with_the_others(made: Made) -> None:
    """Twice is a success; the record says when and through whom, and no import brings them back."""
    for digest in ("staff", "board"):
        take_up(made, f"{HEAD}{ANNA},Anna,de\n", digest=digest)
    gone = "unsubscribed; no import will add them again\n"
    for _ in range(2):
        assert said(made, "subscribers", "leave", ANNA, "--digest", "staff", "--now", NOW) == gone
    assert said(made, "why", ANNA).splitlines()[:2] == ["is subscribed", "reads “board” in de"]
    assert "consent: 4 Feb 2030, 10:00, unsubscribed, staff (operator)" in said(
        made, "subscribers", "show", ANNA
    )
    status, text = take_up(made, f"{HEAD}{ANNA},Anna,de\n")
    assert (status, text.splitlines()[0]) == (0, "2: has unsubscribed; not added")


def test_who_leaves_all_gets_nothing_more(made: Made) -> None:
    """Without --digest; in whatever spelling of the address they wrote to us."""
    for digest in ("staff", "board"):
        take_up(made, f"{HEAD}{ANNA},Anna,de\n{BO},Bo,en\n", digest=digest)
    said(made, "subscribers", "leave", ANNA.upper())
    assert said(made, "why", ANNA).splitlines() == [
        "has left: gets nothing",
        "no issue was planned for them yet",
    ]
    for digest in ("staff", "board"):
        assert take_up(made, f"{HEAD}{ANNA},Anna,de\n", digest=digest)[1].startswith(
            "2: has unsubscribed; not added"
        )
    done = json.loads(said(made, "send", "--now", NOW, "--json"))
    assert done["sent"] == {"accepted": 2}
    assert said(made, "why", ANNA, ISSUE).splitlines()[1:] == [
        f"{ISSUE}: not planned for them: they do not read “staff”"
    ]


WAYS_OUT = {
    "left": ("leave", ANNA),
    "suppressed": ("suppress", ANNA),
    "erased": ("erase", ANNA),
}
ADD = ("subscribers", "add", ANNA, "--language", "de", "--digest", "staff", "--consent", "She called")


@pytest.mark.parametrize("way", WAYS_OUT)
def test_who_was_taken_off_and_asks_in_person_is_taken_up_again(made: Made, way: str) -> None:
    """`add` says what is needed, changes nothing and gives 1; with --again it does it, on record."""
    two(made)
    said(made, "subscribers", *WAYS_OUT[way])
    done = call(made, *ADD)
    assert done.returncode == 1
    assert "nothing was changed; if they ask for it in person, repeat the command with --again" in done.stdout
    assert json.loads(said(made, "send", "--now", BEFORE, "--json"))["sent"].get("accepted", 0) <= 1
    told = said(made, *ADD, "--again", "--now", BEFORE)
    assert told == ("added: 1\n" if way == "erased" else "subscribed again\n")
    assert said(made, "why", ANNA).splitlines()[:2] == ["is subscribed", "reads “staff” in de"]
    assert "asked in person to get it again, staff: “She called” (operator)" in said(
        made, "subscribers", "show", ANNA
    )
    assert json.loads(said(made, "send", "--now", NOW, "--json"))["sent"] == {"accepted": 2}
    assert take_up(made, f"{HEAD}{ANNA},Anna,de\n")[1] == "2: already subscribed\nalready subscribed: 1\n"
    assert call(made, *ADD, "--again").returncode == 1


@pytest.mark.parametrize("state", ["bounced", "complained", "pending"])
def test_who_bounced_or_complained_is_taken_up_again(made: Made, state: str) -> None:
    """Old bounces count no more. Who asked on a page and has not confirmed needs no --again."""
    two(made)
    with delivery(made) as opened:
        person = opened.store.people.find(ANNA)
        assert person is not None
        kept = {} if state == "complained" else person.subscriptions
        opened.store.people.save([replace(person, state=state, subscriptions=kept)])
    if state != "pending":
        assert call(made, *ADD).returncode == 1
        assert said(made, *ADD, "--again") == "subscribed again\n"
    else:
        assert said(made, *ADD) == "subscribed to this digest too: 1\n"
    assert said(made, "why", ANNA).splitlines()[0] == "is subscribed"


def test_what_is_kept_of_somebody_can_be_changed(made: Made) -> None:
    """Name, language, topics, frequency and address, on record without the values; the next issue heeds it."""
    two(made)
    new = "anna.new@readers.example"
    told = said(made, "subscribers", "set", ANNA, "--language", "fr,de", "--name", "Anna  B.", "--now", NOW)
    assert told.splitlines() == [
        "changed; this is kept now:",
        f"  address: {ANNA}",
        "  name: Anna B.",
        "  languages: fr de",
        "  state: subscribed",
        "  digest: staff, every issue, all topics",
    ]
    said(made, "subscribers", "set", ANNA, "--topics", "water", "--frequency", "monthly", "--digest", "staff")
    said(made, "subscribers", "set", ANNA, "--address", new.upper())
    sheet = json.loads(said(made, "subscribers", "show", new, "--json"))
    assert sheet["digests"] == {"staff": {"topics": ["water"], "frequency": "monthly"}}
    changes = [(one["how"], one["wording"], one["source"]) for one in sheet["consents"][1:]]
    assert changes == [
        ("changed", "name language", "operator"),
        ("changed", "topics frequency", "operator"),
        ("changed", "address", "operator"),
    ]
    assert call(made, "subscribers", "show", ANNA).returncode == 2
    assert (
        said(made, "subscribers", "set", new, "--topics", "").splitlines()[-1]
        == "  digest: staff, monthly, all topics"
    )
    assert said(made, "subscribers", "set", new, "--topics", "").splitlines()[0] == "nothing is different:"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((ANNA,), "there is nothing to change"),
        ((ANNA, "--language", "xx"), "the site has no edition in “xx”"),
        ((ANNA, "--topics", "fire"), "there is no topic “fire” in config.toml"),
        ((ANNA, "--frequency", "hourly"), "hourly"),
        ((ANNA, "--address", "nobody"), "this is no address that can be written to"),
        ((ANNA, "--address", BO), "somebody else has this address"),
        ((ANNA, "--address", "gone@readers.example"), "this address is never written to"),
        ((ANNA, "--topics", "water", "--digest", "board"), "they read no such digest"),
        ((ANNA, "--digest", "stuff", "--name", "A"), "there is no digest “stuff” in config.toml"),
        (("c@readers.example", "--name", "C"), "nobody with this address is known"),
    ],
)
def test_a_change_that_makes_no_sense_changes_nothing(made: Made, words: tuple[str, ...], says: str) -> None:
    """Status 2 and why, without an address."""
    two(made)
    said(made, "subscribers", "suppress", "gone@readers.example")
    before = said(made, "subscribers", "export")
    done = call(made, "subscribers", "set", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert said(made, "subscribers", "export") == before


def test_nobody_gets_mail_again_by_another_address(made: Made) -> None:
    """Who is never to be written to is not, until the suppression is taken back."""
    two(made)
    said(made, "subscribers", "suppress", ANNA)
    done = call(made, "subscribers", "set", ANNA, "--address", "new@readers.example")
    assert (done.returncode, done.stdout) == (2, "")
    assert "this address is never written to" in done.stderr
    said(made, "subscribers", "unsuppress", ANNA, "--consent", "She called")
    said(made, "subscribers", "set", ANNA, "--address", "new@readers.example")


def rename_digest(made: Made, old: str = "staff", new: str = "news") -> None:
    """Give a digest another name in config.toml, as an editor would."""
    config = made.folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace(f"[digests.{old}]", f"[digests.{new}]"), "utf-8")


def test_a_renamed_digest_is_told_until_its_readers_are_moved(made: Made) -> None:
    """By `check` and `send`, with status 1 and the command that mends it; then nobody gets a story twice."""
    two(made)
    said(made, "send", "--now", NOW)
    rename_digest(made)
    for command in (("check",), ("send", "--now", NOW)):
        done = call(made, *command)
        assert done.returncode == 1
        told = done.stdout + done.stderr
        assert "people still read the digest “staff”, which is not in config.toml: 2" in told
        assert "newsfeed subscribers move staff " in told
    assert said(made, "subscribers", "move", "staff", "news") == "moved from “staff” to “news”: 2\n"
    assert "moved with the digest, news: “staff → news” (operator)" in said(made, "subscribers", "show", ANNA)
    assert call(made, "check").returncode == 0
    later = (MONDAY + timedelta(days=7)).isoformat()
    assert json.loads(said(made, "send", "--now", later, "--json"))["sent"] == {}
    story(made.folder, "fresh", "2030-02-08")
    later = (MONDAY + timedelta(days=14)).isoformat()
    assert "audience: 2, stories: 1" in said(made, "send", "--now", later)
    assert "staff/2030-02-04T08:00: delivered" in said(made, "why", ANNA)


def test_who_left_a_digest_is_not_brought_back_under_its_new_name(made: Made) -> None:
    """Neither by the move nor by an import; links in mails that were sent before go on working."""
    two(made)
    said(made, "send", "--now", NOW)
    said(made, "subscribers", "leave", ANNA, "--digest", "staff")
    (mail,) = [one for one in (made.folder / "var/outbox").glob("*.eml") if b"bo@" in one.read_bytes()]
    header = message_from_bytes(mail.read_bytes(), policy=policy.default)["List-Unsubscribe"]
    token = header.partition("https://test.example/u/")[2].partition(">")[0]
    rename_digest(made)
    assert said(made, "subscribers", "move", "staff", "news") == "moved from “staff” to “news”: 1\n"
    assert take_up(made, f"{HEAD}{ANNA},Anna,de\n", digest="news")[1].startswith(
        "2: has unsubscribed; not added"
    )
    with delivery(made) as opened:
        context = open_signup_context(opened, {})
        assert leave_by_one_click(context, token, MONDAY).done
        bo = opened.store.people.find(BO)
        assert bo is not None
        assert (bo.state, bo.subscriptions) == ("left", {})


def test_who_left_the_other_digest_is_not_moved_into_it(made: Made) -> None:
    """The two become one; Anna had left the one that stays."""
    two(made)
    take_up(made, f"{HEAD}{ANNA},Anna,de\n", digest="board")
    said(made, "subscribers", "leave", ANNA, "--digest", "board")
    config = made.folder / "config.toml"
    text = config.read_text("utf-8")
    config.write_text(text[: text.index("[digests.staff]")] + text[text.index("[store]") :], "utf-8")
    assert said(made, "subscribers", "move", "staff", "board").splitlines() == [
        "moved from “staff” to “board”: 1",
        "had left “board” before, and stay away: 1",
    ]
    assert said(made, "subscribers", "list", "--digest", "board") == f"{BO}\tsubscribed\ten\tboard\n"
    assert call(made, "check").returncode == 0


def test_who_left_all_and_came_back_is_moved(made: Made) -> None:
    """They read the old one; the new one they never left."""
    two(made)
    said(made, "subscribers", "leave", ANNA)
    said(made, *ADD, "--again")
    rename_digest(made)
    assert said(made, "subscribers", "move", "staff", "news") == "moved from “staff” to “news”: 2\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("staff", "board"), "the digest “staff” is in config.toml"),
        (("stuff", "board"), "nobody reads a digest “stuff”"),
        (("staff", "stuff"), "there is no digest “stuff” in config.toml"),
    ],
)
def test_a_move_that_makes_no_sense_moves_nobody(made: Made, words: tuple[str, str], says: str) -> None:
    """Status 2 and why."""
    two(made)
    done = call(made, "subscribers", "move", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_sharp_s_and_double_s_are_two_addresses(made: Made) -> None:
    """As their domains would be (IDNA 2008); capitals make no difference."""
    names = ("straße@readers.example", "strasse@readers.example", "STRASSE@readers.example")
    said(made, "subscribers", "suppress", names[1])
    table = HEAD + "".join(f"{name},S,de\n" for name in names)
    assert take_up(made, table)[1].splitlines()[-3:] == [
        "added: 1",
        "never to be written to; not added: 1",
        "stands in the file twice: 1",
    ]
    assert addresses(made) == ["straße@readers.example"]


def test_a_suppressed_address_is_never_written_to(made: Made) -> None:
    """Whether it is known or not; the first reason stays."""
    two(made)
    for address in (ANNA, "c@readers.example"):
        told = said(made, "subscribers", "suppress", address, "--reason", "wrote to us")
        assert told == "this address is never written to again\n"
        said(made, "subscribers", "suppress", address)
    assert take_up(made, f"{HEAD}c@readers.example,C,en\n")[1].startswith(
        "2: never to be written to; not added"
    )
    assert said(made, "why", "c@readers.example") == "this address is never written to: wrote to us\n"
    assert said(made, "why", ANNA).splitlines()[0] == "this address is never written to: wrote to us"
    assert json.loads(said(made, "send", "--now", NOW, "--json"))["sent"] == {"accepted": 1, "suppressed": 1}


def test_a_suppression_is_taken_back_on_record(made: Made) -> None:
    """With how the person asked for it; the next issue reaches them."""
    two(made)
    said(made, "subscribers", "suppress", ANNA)
    words = ("subscribers", "unsuppress", ANNA, "--consent", "She called on 5 February")
    assert said(made, *words) == "this address is written to again; its subscriptions go on\n"
    assert "may be written to again, all digests: “She called on 5 February” (operator)" in said(
        made, "subscribers", "show", ANNA
    )
    assert json.loads(said(made, "send", "--now", NOW, "--json"))["sent"] == {"accepted": 2}
    assert call(made, *words).returncode == 2


def test_who_was_erased_may_be_written_to_again_but_reads_nothing_yet(made: Made) -> None:
    """They ask for a digest themselves."""
    two(made)
    said(made, "subscribers", "erase", ANNA)
    told = said(made, "subscribers", "unsuppress", ANNA, "--consent", "A letter")
    assert told == "this address may be written to again; it gets no digest yet\n"
    assert json.loads(said(made, "send", "--now", NOW, "--json"))["sent"] == {"accepted": 1}


def test_erasing_leaves_nothing_but_the_keyed_hash(made: Made) -> None:
    """Not a byte of address or name in database, WAL or index, health file, logs or secret: after an
    import, an issue and a second one. Mails that were written into a folder are the operator's.
    """
    name, local = "Annabella Unforgettable", "anna.unforgettable"
    address = f"{local}@readers.example"
    take_up(made, f"{HEAD}{address},{name},de\n{BO},Bo,en\n")
    logs = made.folder / "var/logs"
    logs.mkdir()
    for number, words in enumerate((("send", "--now", NOW), ("why", address), ("receipt", "staff"))):
        (logs / f"{number}.err").write_text(call(made, *words).stderr, "utf-8")
    for file in (made.folder / "var/outbox").glob("*.eml"):
        file.unlink()
    assert _remains(made, local, name)
    told = said(made, "subscribers", "erase", address, "--now", NOW)
    assert told == "erased; only a keyed hash of the address stays\n"
    assert _remains(made, local, local.upper(), name, "Unforgettable") == []
    with delivery(made) as opened:
        hashed = opened.hash_address(address)
        assert opened.store.people.suppressions([hashed]) == {hashed: "erased"}
    assert said(made, "why", address) == "this address is never written to: erased\n"
    assert call(made, "subscribers", "show", address).returncode == 2
    assert "= delivered 2" in said(made, "receipt", "staff")
    assert take_up(made, f"{HEAD}{address},{name},de\n")[1].startswith("2: never to be written to; not added")
    assert _remains(made, local, name) == []


def _remains(made: Made, *words: str) -> list[tuple[str, str]]:
    """Which words any file below var/ still has, in any encoding that SQLite or a mail would use."""
    return [
        (file.name, word)
        for file in sorted((made.folder / "var").rglob("*"))
        if file.is_file()
        for word in words
        if any(word.encode(code) in file.read_bytes() for code in ("utf-8", "utf-16-le", "utf-16-be"))
    ]


# -- why and receipt -------------------------------------------------------------------------------


@pytest.mark.parametrize("state", SUBSCRIBER_STATES)
def test_why_begins_with_what_somebody_is_to_us(made: Made, state: str) -> None:
    """Each state in one plain sentence, with status 0."""
    two(made)
    with delivery(made) as opened:
        opened.store.people.save([replace(opened.store.people.find(ANNA), state=state)])
    sentences = {
        "pending": "has asked for mails, but not confirmed yet: gets nothing before that",
        "active": "is subscribed",
        "left": "has left: gets nothing",
        "bounced": "mails to them came back: gets nothing",
        "complained": "has called a mail spam: gets nothing",
    }
    assert said(made, "why", ANNA).splitlines()[0] == sentences[state]


def test_why_knows_who_was_not_to_get_an_issue(made: Made) -> None:
    """Who reads another digest, who joined later, and who is nobody: status 1."""
    two(made)
    said(made, "send", "--now", NOW)
    take_up(made, f"{HEAD}c@readers.example,C,en\n", digest="board")
    take_up(made, f"{HEAD}d@readers.example,D,en\n")
    assert f"{ISSUE}: not planned for them: they do not read “staff”" in said(
        made, "why", "c@readers.example", ISSUE
    )
    assert f"{ISSUE}: not planned for them: they joined later, or it held nothing new to them" in said(
        made, "why", "d@readers.example", "staff"
    )
    nobody = call(made, "why", "nobody@readers.example")
    assert (nobody.returncode, nobody.stdout) == (1, "nobody with this address is known\n")


def test_a_receipt_balances(made: Made) -> None:
    """Audience, languages, the sum, and what identifies the content; the same as data."""
    two(made)
    said(made, "send", "--now", NOW)
    data = json.loads(said(made, "receipt", "staff", "--json"))
    assert (data["issue"], data["audience"]) == (ISSUE, 2)
    assert data["languages"] == {"de": {"accepted": 1}, "en": {"accepted": 1}}
    assert said(made, "receipt", ISSUE).splitlines() == [
        f"{ISSUE}: audience 2",
        "  de: delivered 1",
        "  en: delivered 1",
        "  = delivered 2",
        f"  content {data['content_hash'][:16]}",
        "  commit –",
    ]


def test_a_receipt_of_an_issue_for_nobody_has_no_empty_sum(made: Made) -> None:
    """Its slot is settled: there is a reader, who is owed nothing."""
    two(made)
    said(made, "send", "--now", NOW)
    said(made, "send", "--now", (MONDAY + timedelta(days=7)).isoformat())
    lines = said(made, "receipt", "staff").splitlines()
    assert lines[0] == "staff/2030-02-11T08:00: audience 0"
    assert [line.split()[0] for line in lines[1:]] == ["content", "commit"]
    assert json.loads(said(made, "receipt", "staff", "--json"))["languages"] == {}


# -- mistakes and languages ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("subscribers", "import", "config.toml", "--digest", "stuff", "--consent", "x"), "digest “stuff”"),
        (
            ("subscribers", "add", ANNA, "--language", "de", "--digest", "stuff", "--consent", "x"),
            "digest “stuff”",
        ),
        (("subscribers", "list", "--digest", "stuff"), "there is no digest “stuff” in config.toml"),
        (("subscribers", "list", "--digest", "stuff", "--json"), "digests are: board, staff"),
        (("subscribers", "export", "--digest", "stuff"), "there is no digest “stuff” in config.toml"),
        (("subscribers", "leave", ANNA, "--digest", "stuff"), "there is no digest “stuff” in config.toml"),
        (("subscribers", "leave", "nobody@readers.example"), "nobody with this address is known"),
        (("subscribers", "show", "nobody@readers.example"), "nobody with this address is known"),
        (("subscribers", "erase", "nobody@readers.example"), "nobody with this address is known"),
        (("subscribers", "suppress", "nobody"), "this is no address that can be written to"),
        (
            ("subscribers", "unsuppress", "nobody", "--consent", "x"),
            "this is no address that can be written to",
        ),
        (("subscribers", "unsuppress", ANNA, "--consent", "x"), "this address is not suppressed"),
        (("subscribers", "unsuppress", ANNA, "--consent", " "), "--consent is empty"),
        (("subscribers", "unsuppress", ANNA), "--consent"),
        (("why", "nobody"), "this is no address that can be written to"),
        (("why", ANNA, "staff"), "there is no issue “staff”"),
        (("receipt", "staff"), "there is no issue “staff”"),
        (("receipt", "staff/2030-02-04T08:00"), "there is no issue “staff/2030-02-04T08:00”"),
        (("subscribers", "import", "config.toml", "--digest", "staff"), "--consent"),
        (("subscribers", "add", ANNA, "--digest", "staff", "--consent", "x"), "--language"),
        (("subscribers", "leave"), "ADDRESS"),
        (("subscribers", "leave", ANNA, "--now", "tomorrow"), "“tomorrow” is no moment"),
        (("subscribers", "forget", ANNA), "No such command"),
    ],
)
def test_a_command_that_makes_no_sense_gives_two(made: Made, words: tuple[str, ...], says: str) -> None:
    """One clear message on standard error, which names no address; nothing on standard output."""
    two(made)
    done = call(made, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


@pytest.mark.parametrize(
    ("moment", "kept"),
    [
        ("2030-01-15", "2030-01-15T00:00:00+00:00"),
        ("2030-01-15T09:30", "2030-01-15T09:30:00+00:00"),
        ("2030-01-15T09:30+01:00", "2030-01-15T08:30:00+00:00"),
    ],
)
def test_a_moment_without_an_offset_is_utc(made: Made, moment: str, kept: str) -> None:
    """Wherever the terminal stands; what is on record is always UTC."""
    words = ("--language", "de", "--digest", "staff", "--consent", "x", "--now", moment)
    said(made, "subscribers", "add", ANNA, *words, TZ="Asia/Tokyo")
    sheet = json.loads(said(made, "subscribers", "show", ANNA, "--json"))
    assert [one["at"] for one in sheet["consents"]] == [kept]


def test_the_terminal_speaks_german(made: Made) -> None:
    """Every answer of these commands; data stays as it is."""
    table = made.folder / "people.csv"
    table.write_text(f"{HEAD}{ANNA},Anna,de\n{ANNA},Anna,de\n", "utf-8")
    words = ("import", str(table), "--digest", "staff", "--consent", "auf Papier")
    assert said(made, "subscribers", *words, **GERMAN).splitlines() == [
        "3: steht zweimal in der Datei",
        "hinzugefügt: 1",
        "steht zweimal in der Datei: 1",
    ]
    assert said(made, "why", ANNA, **GERMAN).splitlines() == [
        "Ist eingetragen",
        "Liest „staff“, Sprachen: de",
        "Für diese Person ist noch keine Ausgabe geplant worden",
    ]
    said(made, "send", "--now", NOW)
    assert f"{ISSUE}: an „folder“ übergeben am 04.02.2030, 10:00 (" in said(made, "why", ANNA, **GERMAN)
    assert said(made, "receipt", "staff", **GERMAN).splitlines()[:2] == [
        f"{ISSUE} – Empfänger: 1",
        "  de: zugestellt 1",
    ]
    answers = {
        verb: said(made, "subscribers", verb, ANNA, **GERMAN) for verb in ("leave", "suppress", "erase")
    }
    assert answers == {
        "leave": "Abgemeldet; kein Import macht das rückgängig\n",
        "suppress": "Diese Adresse wird nie wieder angeschrieben\n",
        "erase": "Gelöscht; von der Adresse bleibt nur ein mit Schlüssel gebildeter Hash\n",
    }


def test_an_old_list_makes_no_second_person_of_somebody_with_a_new_address(made: Made) -> None:
    """Told line by line; by `add` too, until they ask for the old address in person."""
    two(made)
    said(made, "subscribers", "set", ANNA, "--address", "new@readers.example")
    told = "2: this person has another address now; not added"
    assert take_up(made, f"{HEAD}{ANNA},Anna,de\n")[1].splitlines()[0] == told
    said(made, "subscribers", "leave", "new@readers.example")
    assert take_up(made, f"{HEAD}{ANNA},Anna,de\n", digest="board")[1].splitlines()[0] == told
    done = call(made, *ADD)
    assert done.returncode == 1
    assert done.stdout.startswith(
        "this person has another address now: nothing was changed; if they ask for this"
    )
    assert said(made, *ADD, "--again") == "added: 1\n"
    assert "asked in person to get it again, staff: “She called” (operator)" in said(
        made, "subscribers", "show", ANNA
    )
    assert take_up(made, f"{HEAD}{ANNA},Anna,de\n")[1] == "2: already subscribed\nalready subscribed: 1\n"


def test_facts_given_for_somebody_known_are_not_dropped_without_a_word(made: Made) -> None:
    """They get the other digest as they are kept; what was given otherwise is told, and the status is 1."""
    two(made)
    words = ("--digest", "board", "--consent", "She called")
    done = call(made, "subscribers", "add", ANNA, "--name", "Other", "--language", "fr", *words)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        "subscribed to this digest too: 1",
        "this stays as it was; newsfeed subscribers set changes it:",
        "  name: Anna",
        "  languages: de",
    ]
    assert (
        said(made, "subscribers", "add", BO, "--language", "en", *words)
        == "subscribed to this digest too: 1\n"
    )
    done = call(made, "subscribers", "add", BO, "--language", "nl", *words)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "  languages: en")
    said(made, "subscribers", "leave", BO, "--digest", "board")
    done = call(made, "subscribers", "add", BO, "--language", "nl", *words, "--again")
    assert (done.returncode, done.stdout.splitlines()) == (
        1,
        ["subscribed again", "this stays as it was; newsfeed subscribers set changes it:", "  languages: en"],
    )
