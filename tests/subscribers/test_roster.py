"""`newsfeed.subscribers.roster`: import, export and erase over a real store."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsfeed.core.people import subscription
from newsfeed.records import Subscription
from newsfeed.stores.sql import open_store
from newsfeed.subscribers import roster as verbs
from newsfeed.subscribers.roster import ImportPlan, RosterContext, export_rows, import_people
from tests.contracts.stores import new_database

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
PLAN = ImportPlan("staff", "contract", "a.csv", ("en", "de"), ("water",))
HEAD = "email,name,language,topics\n"


def _hash(address):
    return "h" + address.casefold()


@pytest.fixture
def context(tmp_path):
    """An empty one."""
    keys = (f"key-{number}" for number in itertools.count())
    new_database(tmp_path / "a.db")
    with open_store(f"sqlite:///{tmp_path}/a.db", hash_address=_hash) as store:
        yield RosterContext(store.people, _hash, lambda: next(keys))


def _import(context, text, digest="staff"):
    plan = replace(PLAN, digest=digest)
    return [(line.number, line.outcome) for line in import_people(context, text, plan, NOW)]


def _leave(context, address, digest):
    """One digest, or all."""
    person = context.people.find(address)
    record = subscription.make_consent(person, digest, NOW, how="left", wording="")
    context.people.save([subscription.after_leaving(person, digest)], [record])


def test_every_line_is_told_what_became_of_it(context):
    """In order, with the number it has in the file."""
    text = HEAD + (
        "a@test.example,A,en,water\n"
        "A@TEST.example,A,en,\n"
        "none,A,en,\n"
        "b@test.example,B,xx,\n"
        "\n"
        "c@test.example,C,de,sport\n"
        "d@test.example,D,de,\n"
    )
    outcomes = [(2, "added"), (3, "repeated"), (4, "address"), (5, "language"), (7, "topic"), (8, "added")]
    assert _import(context, text) == outcomes
    assert _import(context, text)[0] == (2, "known")
    record = context.people.consents()
    assert [(one.how, one.wording, one.source) for one in record] == [("import", "contract", "a.csv")] * 2


def test_semicolons_and_missing_columns(context):
    """Where the comma is a decimal mark; and a table of something else."""
    assert _import(context, "email;name;language\na@test.example;A;en\n") == [(2, "added")]
    assert _import(context, "email,name\na@test.example,A\n") == [(1, "no-language")]
    assert _import(context, "") == [(1, "columns")]


def test_a_language_for_all_stands_in_for_a_column(context):
    """A newsletter service exports none; a line that names one keeps it."""
    plan = replace(PLAN, language="en")
    table = "Email Address,First Name,Last Name\na@test.example,Ada,Lovelace\n"
    (line,) = import_people(context, table, plan, NOW)
    assert (line.outcome, line.person.name, line.person.languages) == ("added", "Ada Lovelace", ("en",))
    (line,) = import_people(context, "email,language\nb@test.example,de-AT\n", plan, NOW)
    assert line.person.languages == ("de",)


def test_a_refused_line_names_its_cell(context):
    """By the column's name in the file, so that it is found in the spreadsheet."""
    table = "E-Mail;Vorname;Sprache\nada@;Ada;de\nb@test.example;Bo;Klingonisch\n"
    lines = list(import_people(context, table, PLAN, NOW))
    assert [(line.outcome, line.column, line.cell) for line in lines] == [
        ("address", "E-Mail", "ada@"),
        ("language", "Sprache", "Klingonisch"),
    ]


def test_a_row_over_several_lines_is_numbered_by_its_first(context):
    """There the editor of the table begins to look."""
    table = 'email;name;language\na@test.example;"Ada\nLovelace";de\nnone;"B\nC";en\n'
    assert _import(context, table) == [(2, "added"), (4, "address")]


def test_who_is_marked_as_gone_is_not_brought_back(context):
    """A service's export holds those who unsubscribed there, and so does our own."""
    table = "email,language,status\na@test.example,en,blocklisted\nb@test.example,en,enabled\n"
    assert _import(context, table) == [(2, "gone"), (3, "added")]
    assert _import(context, "Email,Language,UNSUB_TIME\nc@test.example,en,2020-01-01\n") == [(2, "gone")]


def test_a_dry_run_saves_nobody_and_decides_everything(context):
    """Known people and repetitions are told as they would be."""
    _import(context, HEAD + "a@test.example,A,en,\n")
    table = HEAD + "a@test.example,A,en,\nb@test.example,B,en,\nb@test.example,B,en,\n"
    lines = list(import_people(context, table, replace(PLAN, is_dry_run=True), NOW))
    assert [line.outcome for line in lines] == ["known", "added", "repeated"]
    assert context.people.find("b@test.example") is None


def test_joiners_in_names_stay(context):
    """Persian and Indian names are spelt with them; what turns the direction of writing goes."""
    table = HEAD + "a@test.example,مهدی\u200cزاده क्\u200dष,en,\nb@test.example,a\u202eb,en,\n"
    names = [line.person.name for line in import_people(context, table, PLAN, NOW)]
    assert names == ["مهدی\u200cزاده क्\u200dष", "a b"]


def test_an_export_with_a_guarded_cell_comes_back_as_it_was(context):
    """The apostrophe before what a spreadsheet would take for a formula is none of the person's."""
    _import(context, HEAD + "+a@test.example,=A1,en,\n")
    (line,) = import_people(context, HEAD + "'+a@test.example,'=A1,en,\n", PLAN, NOW)
    assert (line.outcome, line.person.address, line.person.name) == ("known", "+a@test.example", "=A1")


def test_an_import_resurrects_nobody(context):
    """Who left or was erased stays so, also under another spelling."""
    _import(context, HEAD + "a@test.example,A,en,\nb@test.example,B,en,\n")
    _leave(context, "a@test.example", "")
    verbs.erase_person(context, context.people.find("b@test.example"), NOW)
    again = HEAD + "A@test.example,A,en,\nB@test.example,B,en,\n"
    assert _import(context, again) == [(2, "left"), (3, "suppressed")]


def test_who_left_one_digest_is_not_brought_back_to_it(context):
    """Though they go on reading another, and may still be imported to a third."""
    for digest in ("staff", "board"):
        _import(context, HEAD + "a@test.example,A,en,\n", digest)
    _leave(context, "a@test.example", "staff")
    assert _import(context, HEAD + "a@test.example,A,en,\n") == [(2, "left")]
    assert _import(context, HEAD + "a@test.example,A,en,\n", "donors") == [(2, "updated")]
    assert sorted(context.people.find("a@test.example").subscriptions) == ["board", "donors"]


def test_who_left_all_and_came_back_to_one_is_not_imported_to_another(context):
    """A confirmation of their own is for the digest it names; what else they left stays left."""
    for digest in ("staff", "board"):
        _import(context, HEAD + "a@test.example,A,en,\n", digest)
    _leave(context, "a@test.example", "")
    person = context.people.find("a@test.example")
    back = subscription.after_confirmation(person, Subscription(digest="board"))
    context.people.save([back], [subscription.make_consent(back, "board", NOW, how="confirmed", wording="")])
    assert _import(context, HEAD + "a@test.example,A,en,\n", "staff") == [(2, "left")]


@pytest.mark.parametrize("state", ["active", "left", "pending"])
def test_an_old_list_does_not_bring_back_an_address_that_was_given_up(context, state):
    """Whatever became of the person; who asked under it on a page, and has not confirmed, is no exception."""
    _import(context, HEAD + "a@test.example,A,en,\n")
    person = context.people.find("a@test.example")
    context.people.save([replace(person, address="new@test.example", state=state)])
    if state == "pending":
        context.people.save([replace(person, id=0, revision=0, key="other", state=state)])
    again = HEAD + "A@test.example,A,en,\nnew@test.example,A,en,\n"
    assert _import(context, again)[0] == (2, "former")
    assert len(list(context.people.all())) == (2 if state == "pending" else 1)


def test_old_line_ends_count_as_line_ends(context):
    """A carriage return alone, as old programs write it, or one that strayed into a row."""
    assert _import(context, "email,name,language\ra@test.example,A,en\r") == [(2, "added")]
    assert _import(context, HEAD + "b@test.example,B\rX,en,\n") == [(2, "language"), (3, "address")]


def test_erasing_leaves_only_the_hash(context):
    """Nobody is found, and no consent says anything."""
    _import(context, HEAD + "a@test.example,A,en,\n")
    verbs.erase_person(context, context.people.find("a@test.example"), NOW)
    assert context.people.find("a@test.example") is None
    assert list(context.people.consents()) == []
    assert context.people.suppressions([_hash("a@test.example")]) == {_hash("a@test.example"): "erased"}


def test_formulas_are_neutralised(context):
    """A spreadsheet must not run what somebody wrote as their name."""
    _import(context, HEAD + '=a@test.example,"=HYPERLINK(1)",en,\n+b@test.example,@x,en,\n')
    head, *rows = export_rows(context.people.all())
    assert head[0] == "email"
    assert [row[:2] for row in rows] == [("'=a@test.example", "'=HYPERLINK(1)"), ("'+b@test.example", "'@x")]


@pytest.mark.parametrize("number", [999, 1000, 1001, 2500])
def test_batches_lose_no_line(context, number):
    """A thousand are saved at a time."""
    text = HEAD + "".join(f"a{n}@test.example,A,en,\n" for n in range(number))
    assert [word for _, word in _import(context, text)] == ["added"] * number
    assert sum(1 for _ in context.people.all("staff")) == number
