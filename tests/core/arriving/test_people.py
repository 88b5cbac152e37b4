"""People of other programs: what their columns and entries say."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.arriving.people import MovedPerson, person_of_row
from newsfeed.core.arriving.people_columns import split_tags
from newsfeed.core.arriving.people_entries import people_in_json, people_in_lines, people_in_sympa_dump
from newsfeed.core.arriving.people_files import PeopleFile, as_file_says, state_of_file
from newsfeed.core.arriving.people_states import read_moment_of, state_of, worst_of
from newsfeed.core.people.import_columns import find_columns


def row(**cells: str):
    """A row of a table with these columns."""
    names = [name.replace("_", " ") for name in cells]
    return person_of_row(1, find_columns(names), list(cells.values()))


def test_mailchimp_says_when_somebody_confirmed_and_left():
    """Tags stand in quotes; the moment of confirmation is better proof than that of the wish."""
    person = row(
        Email_Address="ada@example.org", First_Name="Ada", Last_Name="Example", LANGUAGE="de", TAGS='"Water","Sun"',
        OPTIN_TIME="2009-01-01 10:00:00", CONFIRM_TIME="2009-01-02 10:00:00", UNSUB_TIME="",
    )  # fmt: skip
    assert (person.name, person.language, person.tags, person.state) == (
        "Ada Example",
        "de",
        ("Water", "Sun"),
        "active",
    )
    assert person.since == datetime(2009, 1, 2, 10, tzinfo=UTC)
    gone = row(Email_Address="x@example.org", UNSUB_TIME="2010-01-01 10:00:00")
    assert (gone.state, gone.gone_at) == ("left", datetime(2010, 1, 1, 10, tzinfo=UTC))
    assert row(Email_Address="x@example.org", CLEAN_TIME="2010-01-01 10:00:00").state == "bounced"


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ({"status": "enabled"}, "active"),
        ({"status": "blocklisted"}, "left"),
        ({"status": "disabled"}, "left"),
        ({"status": "Nonsubscribed"}, "unconfirmed"),
        ({"status": "Vielleicht"}, "unclear"),
        ({"status": ""}, "active"),
        ({"status": "subscribed", "blocklisted": "true"}, "left"),
        ({"EMAIL_BLACKLISTED": "1"}, "left"),
        ({"unsubscribed": "0"}, "active"),
        ({"status": "subscribed", "hard bounces": "2"}, "bounced"),
        ({"status": "unsubscribed", "spam complaint": "yes"}, "complained"),
        ({"Abgemeldet am": "03.11.2021 14:05"}, "left"),
        ({"Abgemeldet am": "0000-00-00 00:00:00"}, "active"),
        ({"Date de désinscription": "2021-11-03"}, "left"),
        ({"Uitgeschreven": "ja"}, "left"),
        ({"Uitgeschreven": "nee"}, "active"),
        ({"Kündigungsgrund": "zu viel"}, "unclear"),
        ({"unsubscribe url": "https://x.example/leave"}, "active"),
        ({"Abmeldelink": "https://x.example/leave"}, "active"),
        ({"unsubscribed": "\\N"}, "active"),
        ({"Unsubscribed": "FALSCH"}, "active"),
        ({"subscribed": "FALSE"}, "left"),
        ({"Subscribed": "2020-01-01"}, "active"),
        ({"Newsletter": "nein"}, "unconfirmed"),
        ({"OPT IN": "0"}, "unconfirmed"),
        ({"DOUBLE_OPT-IN": "No"}, "unconfirmed"),
        ({"confirmed at": "", "created at": "2020-01-01"}, "unconfirmed"),
        ({"confirmed at": "2020-01-01"}, "active"),
        ({"confirmed at": "", "status": "subscribed"}, "active"),
        ({"confirmed at": "", "status": ""}, "unconfirmed"),
        ({"Statut": "désabonné"}, "left"),
        ({"Status ": "left", "status": ""}, "left"),
    ],
)
def test_whoever_is_gone_in_any_column_is_gone(cells, state):
    """A word that nobody knows is not taken for a yes."""
    assert row(email="a@example.org", **cells).state == state


def test_listmonk_keeps_the_language_among_attributes():
    """In a table as JSON in a cell; broken JSON says nothing."""
    assert row(email="a@example.org", attributes='{"lang": "fr"}').language == "fr"
    assert row(email="a@example.org", attributes="{").language == ""


def test_listmonk_in_json_knows_each_list():
    """Who left one of several lists is unclear until the list is named."""
    lists = [
        {"name": "News", "subscription_status": "unsubscribed"},
        {
            "name": "Water",
            "subscription_status": "confirmed",
            "subscription_created_at": "2010-01-01T00:00:00Z",
        },
    ]
    data = {
        "data": {
            "results": [
                {
                    "email": "a@example.org",
                    "status": "enabled",
                    "attribs": {"language": "de"},
                    "lists": lists,
                },
                3,
            ]
        }
    }

    def state(name: str) -> str:
        return next(people_in_json(data, name)).state

    assert [state(""), state("News"), state("Water"), state("Other")] == [
        "unclear",
        "left",
        "active",
        "unconfirmed",
    ]
    person = next(people_in_json(data, "Water"))
    assert (person.language, person.since) == ("de", datetime(2010, 1, 1, tzinfo=UTC))
    single = {"email": "a@example.org", "lists": [{"subscription_status": "unconfirmed", "optin": "single"}]}
    assert next(people_in_json([single], "")).state == "active"
    assert list(people_in_json({"x": 1}, "")) == []


def test_json_of_other_shapes_breaks_nothing():
    """Numbers where lists belong, nothing where words do."""
    odd = [
        {"email": None, "lists": 3, "tags": 4, "attribs": [1], "status": 5, "language": 6, "created_at": 7},
        8,
    ]
    (person,) = people_in_json(odd, "")
    assert (person.address, person.tags, person.language, person.state) == ("", (), "", "active")


def test_mailman_and_sympa():
    """Who had mails switched off gets none; bounces with a lasting status end it."""
    mailman = {
        "entries": [
            {"email": "a@example.org", "delivery_status": status}
            for status in ("enabled", "by_bounces", "by_user")
        ]
    }
    assert [one.state for one in people_in_json(mailman, "")] == ["active", "bounced", "left"]
    lines = ["Ada <ada@example.org>\n", "\n", "# x\n", "bob@example.org\tBob\n"]
    assert [(one.number, one.address, one.name) for one in people_in_lines(lines)] == [
        (1, "ada@example.org", "Ada"), (4, "bob@example.org", "Bob"),
    ]  # fmt: skip
    dump = "email a@example.org\ngecos Ada\ndate 1265277600\nreception mail\nlang de\n\n\nemail b@example.org\nbounce 1 2 3 5.1.1\n\nemail c@example.org\nreception nomail\n"
    people = list(people_in_sympa_dump(dump.splitlines(keepends=True)))
    assert [(one.number, one.state) for one in people] == [(1, "active"), (8, "bounced"), (11, "left")]
    assert (people[0].name, people[0].language, people[0].since) == (
        "Ada",
        "de",
        datetime(2010, 2, 4, 10, tzinfo=UTC),
    )


def test_who_only_looks_after_a_list_or_may_write_to_it_is_no_reader():
    """Of Mailman's roles one is that of a reader; Brevo names the lists that somebody left; Sympa a pause."""
    entries = [
        {"email": "a@example.org", "role": role} for role in ("member", "owner", "moderator", "nonmember")
    ] + [
        {"email": "a@example.org", "preferences": {"delivery_status": "by_user"}},
        {"email": "a@example.org", "emailBlacklisted": False, "listIds": [], "listUnsubscribed": [3]},
        {"email": "a@example.org", "emailBlacklisted": False, "listIds": [2], "listUnsubscribed": [3]},
        {"email": "a@example.org", "emailBlacklisted": False, "listIds": [2], "listUnsubscribed": None},
    ]
    assert [one.state for one in people_in_json(entries, "")] == [
        "active", "unconfirmed", "unconfirmed", "unconfirmed", "left", "left", "unclear", "active",
    ]  # fmt: skip
    dump = "email a@example.org\nsuspend 1\nstartdate 1265277600\n\nemail b@example.org\nsuspend 0\n"
    assert [one.state for one in people_in_sympa_dump(dump.splitlines(keepends=True))] == ["left", "active"]


@pytest.mark.parametrize(
    ("program", "name", "columns", "state"),
    [
        ("mailchimp", "subscribed_members_export_1.csv", "CONFIRM_TIME", "active"),
        ("mailchimp", "nonsubscribed_members_export_1.csv", "CONFIRM_TIME", "unconfirmed"),
        ("mailchimp", "unsubscribed_members_export_1.csv", "UNSUB_TIME", "left"),
        ("mailchimp", "cleaned_segment_export_1.csv", "CLEAN_TIME", "bounced"),
        ("mailchimp", "x.csv", "UNSUB_TIME", "unclear"),
        ("mailchimp", "x.csv", "UNSUB_TIME CLEAN_TIME", "active"),
        ("csv", "unsubscribed.csv", "UNSUB_TIME", "active"),
        ("listmonk", "subscribers.csv", "status", "unlisted"),
        ("listmonk", "subscribers.csv", "status subscription_status", "active"),
    ],
)
def test_a_file_tells_of_everybody_in_it(program, name, columns, state):
    """Who left stands in a file of its own; a table that says nothing of lists is not taken for a yes."""
    file = PeopleFile(program=program, name=name)
    assert state_of_file(file, columns.split()) == state
    person = MovedPerson(number=1, address="a@example.org", state="complained")
    assert as_file_says(person, state).state == "complained"
    assert state_of_file(replace(file, is_confirmed_only=True), columns.split()) != "unlisted"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2010-02-04T10:00:00Z", datetime(2010, 2, 4, 10, tzinfo=UTC)),
        ("2010-02-04 10:00:00 UTC", datetime(2010, 2, 4, 10, tzinfo=UTC)),
        ("2010-02-04", datetime(2010, 2, 4, tzinfo=UTC)),
        ("1265277600", datetime(2010, 2, 4, 10, tzinfo=UTC)),
        ("02/04/10 10:00AM", datetime(2010, 2, 4, 10, tzinfo=UTC)),
        ("04-02-2010 10:00:00", datetime(2010, 2, 4, 10, tzinfo=UTC)),
        ("04.02.2010", datetime(2010, 2, 4, tzinfo=UTC)),
        ("04.02.2010 10:00:00", datetime(2010, 2, 4, 10, tzinfo=UTC)),
        ("24/02/2010", datetime(2010, 2, 24, tzinfo=UTC)),
        ("1265277600000", datetime(2010, 2, 4, 10, tzinfo=UTC)),
        ("soon", None),
        ("", None),
    ],
)
def test_moments_of_services_are_read(text, moment):
    """Or nothing is."""
    assert read_moment_of(text) == moment


def test_the_worst_counts_and_tags_are_split():
    """Nobody is written to on the word of one column against another."""
    assert worst_of(["active", "bounced", "left"]) == "bounced"
    assert worst_of([]) == "active"
    assert split_tags('"a", "b c"; [d] | null') == ["a", "b c", "d"]


@given(st.text())
def test_words_that_nobody_knows_are_never_a_yes(word):
    """Only the words of the table are."""
    assert state_of(word) in ("active", "left", "bounced", "complained", "unconfirmed", "unclear")
    assert state_of(f"x{word}x") != "active"
