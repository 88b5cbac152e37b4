"""``newsfeed move-in people``: nobody is revived, consents keep their dates, and nothing is repeated."""

import json
import re

import pytest

from tests.cli.command import newsfeed

NOW = "--now", "2026-03-02T07:30Z"
MAILCHIMP = """Email Address,First Name,LANGUAGE,TAGS,CONFIRM_TIME,UNSUB_TIME,CLEAN_TIME
ada@example.org,Ada,de,"""  # the rest follows in the fixture


@pytest.fixture
def site(tmp_path):
    """A site as ``newsfeed init`` makes it, with a story of March."""
    assert newsfeed("init", tmp_path / "site").returncode == 0
    site = tmp_path / "site"
    (site / "news/2026/march.en.md").write_text(
        "---\nid: march\ndate: 2026-03-01\ntopics: [water]\ntitle: March\n---\nWords.\n"
    )
    return site


@pytest.fixture
def export(tmp_path):
    """An export of Mailchimp: one reader, one who left, one whose mails came back, one with an odd address."""
    (tmp_path / "mc.csv").write_text(
        MAILCHIMP + '"Water,Birds",2024-05-06 07:08:09,,\n'
        "bob@example.org,Bob,fr,,2024-01-01 00:00:00,,\n"
        "left@example.org,L,de,,,2025-01-01 00:00:00,\n"
        "back@example.org,B,de,,,,2025-01-01 00:00:00\n"
        "odd,O,de,,,,\n"
        "ADA@example.org,Ada,de,,,,\n"
    )
    return tmp_path / "mc.csv"


def move(site, export, *words, program="mailchimp", now=NOW):
    """Run the command."""
    return newsfeed(
        "move-in", "people", export, "--from", program, "--into", site, "--digest", "weekly", "--language", "en",
        "--consent", "form on the old site", *now, *words,
    )  # fmt: skip


def states(site):
    """Everybody that the store knows."""
    said = newsfeed("subscribers", "list", "--json", cwd=site).stdout
    return {one["address"]: one for one in map(json.loads, said.splitlines())}


def test_a_dry_run_adds_nobody_and_says_what_would_become_of_everybody(site, export):
    """In sums, and each refused line."""
    said = move(site, export)
    assert said.returncode == 1
    assert said.stdout.splitlines() == [
        "6: refused: this is no address that can be written to (odd)",
        "added: 2",
        "stands in the file twice: 1",
        "refused: this is no address that can be written to: 1",
        "unsubscribed there; never to be written to: 1",
        "mails came back there; never to be written to: 1",
        "tags that are no topics of the site, left out: Birds (1)",
        "this was a dry run: nothing was written; --write writes",
    ]
    assert states(site) == {}


def test_people_arrive_with_the_date_of_their_consent_and_their_topics(site, export, tmp_path):
    """A language in which the site has no edition gives way to the one that was named."""
    mapping = tmp_path / "m.toml"
    mapping.write_text('[topics]\nWater = "water"\nBirds = ""\n')
    move(site, export, "--write", "--mapping", mapping)
    people = states(site)
    assert set(people) == {"ada@example.org", "bob@example.org"}
    assert people["ada@example.org"]["digests"]["weekly"]["topics"] == ["water"]
    assert (people["ada@example.org"]["languages"], people["bob@example.org"]["languages"]) == (
        ["de"],
        ["en"],
    )
    shown = json.loads(newsfeed("subscribers", "show", "ada@example.org", "--json", cwd=site).stdout)
    consent = shown["consents"][0]
    assert consent["at"].startswith("2024-05-06T07:08:09")
    assert (consent["wording"], consent["source"]) == ("form on the old site", "mailchimp: mc.csv")


def test_nobody_is_revived_by_any_later_move_or_import(site, export, tmp_path):
    """Who left or bounced there stays away, in whatever file they stand next."""
    move(site, export, "--write")
    again = tmp_path / "all.csv"
    again.write_text("email,language\nleft@example.org,de\nback@example.org,de\nnew@example.org,de\n")
    said = move(site, again, "--write", program="csv")
    assert "never to be written to; not added: 2" in said.stdout
    imported = newsfeed("subscribers", "import", again, "--digest", "weekly", "--consent", "x", cwd=site)
    assert "never to be written to; not added: 2" in imported.stdout
    assert set(states(site)) == {"ada@example.org", "bob@example.org", "new@example.org"}


def test_a_second_run_changes_nothing_and_who_left_there_since_leaves_here(site, export):
    """A move may take weeks, and people unsubscribe in between."""
    move(site, export, "--write")
    before = states(site)
    assert "already subscribed: 2" in move(site, export, "--write").stdout
    assert states(site) == before
    export.write_text(
        export.read_text().replace("2024-05-06 07:08:09,,", "2024-05-06 07:08:09,2026-01-01 00:00:00,")
    )
    assert "unsubscribed there; never to be written to: 2" in move(site, export, "--write").stdout
    assert states(site)["ada@example.org"]["state"] == "left"


def test_nothing_is_repeated_by_the_first_digest(site, export):
    """What they had until a day is in the ledger; what came later is sent. Who arrives later is remembered too."""
    said = move(site, export, "--write", "--sent-until", "2026-02-28")
    assert "stories that count as had: 1, for 2 people more" in said.stdout
    assert "for 0 people more" in move(site, export, "--write", "--sent-until", "2026-02-28").stdout
    late = export.with_name("late.csv")
    late.write_text("email,language\nlate@example.org,en\n")
    assert (
        "for 1 people more" in move(site, late, "--write", "--sent-until", "2026-02-28", program="csv").stdout
    )
    config = site / "config.toml"
    config.write_text(
        config.read_text().replace(
            "[mail]", '[channels.folder]\npath = "var/outbox"\n\n[mail]\nchannel = "folder"'
        )
    )
    sent = newsfeed("send", "--now", "2026-03-02T08:00Z", cwd=site)
    assert sent.returncode == 0, sent.stderr
    mails = [path.read_text() for path in (site / "var/outbox").rglob("*.eml")]
    assert len(mails) == 3
    assert all("March" in mail for mail in mails)
    assert not any("Hello" in mail or "Guten Tag" in mail for mail in mails)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--digest", "none"), "there is no digest “none”"),
        (("--consent", " "), "consent"),
        (("--language", "xx"), "xx"),
        (("--sent-until", "2027-01-01", "--write"), "is still to come"),
    ],
)
def test_a_wrong_line_is_said(site, export, words, said):
    """No traceback."""
    done = move(site, export, *words)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize(
    ("program", "text", "said"),
    [
        ("csv", "name,city\nAda,Taraz\n", "refused: the first line must be email,name,language"),
        ("listmonk", "{", "is no JSON that can be read"),
        ("listmonk", "[" * 100_000, "is no JSON that can be read"),
        ("csv", "PK\x03\x04", "spreadsheet"),
        ("mailman", "ada@example.org\n", "added: 1"),
        ("sympa", "email ada@example.org\nreception nomail\n", "unsubscribed there"),
        ("brevo", "EMAIL;FIRSTNAME;EMAIL_BLACKLISTED\nada@example.org;Ada;true\n", "unsubscribed there"),
    ],
)
def test_exports_of_every_program(site, tmp_path, program, text, said):
    """And what is none."""
    (tmp_path / "x").write_text(text)
    done = move(site, tmp_path / "x", program=program)
    assert said in done.stdout + done.stderr


def test_tags_are_topics_by_their_names_too(site, tmp_path):
    """In any of the site's languages; capitals make no difference."""
    (tmp_path / "x.csv").write_text("email,tags\nada@example.org,WATER\nbob@example.org,Clean water;Moon\n")
    config = site / "config.toml"
    config.write_text(re.sub(r'(?m)^water = ".*"$', 'water = "Clean water"', config.read_text()))
    said = move(site, tmp_path / "x.csv", "--write", program="csv")
    assert "left out: Moon (1)" in said.stdout
    assert [one["digests"]["weekly"]["topics"] for one in states(site).values()] == [["water"], ["water"]]


def test_a_table_of_listmonk_is_believed_only_when_the_user_vouches_for_it(site, tmp_path):
    """It calls people enabled who left the list."""
    table = "uuid,email,name,attributes,status,created_at,updated_at\n1,ada@example.org,Ada,{},enabled,2020-01-01 00:00:00+00:00,\n"
    (tmp_path / "subscribers.csv").write_text(table)
    said = move(site, tmp_path / "subscribers.csv", program="listmonk")
    assert said.returncode == 1
    assert "a table of listmonk does not say who left a list: 1" in said.stdout
    assert "--confirmed-only" in said.stdout
    said = move(site, tmp_path / "subscribers.csv", "--confirmed-only", program="listmonk")
    assert (said.returncode, "added: 1" in said.stdout) == (0, True)


@pytest.mark.parametrize("moment", ["2085-01-01", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z"])
def test_nobody_agreed_before_there_was_mail_nor_later_than_now(site, tmp_path, moment):
    """A consent of the first day of a calendar, or of one to come, would be proof of nothing."""
    (tmp_path / "x.csv").write_text(f"email,subscribed at\nada@example.org,{moment}\n")
    assert move(site, tmp_path / "x.csv", "--write", program="brevo").returncode == 0
    shown = json.loads(newsfeed("subscribers", "show", "ada@example.org", "--json", cwd=site).stdout)
    assert shown["consents"][0]["at"].startswith("2026-03-02T07:30")


@pytest.mark.parametrize(
    "never", ["0001-01-01T00:00:00Z", "1/1/0001 12:00:00 AM", "01.01.1970 00:00", "1900-01-01 00:00:00.000"]
)
def test_a_day_that_never_came_tells_of_nobody_who_left(site, tmp_path, never):
    """Programs write the first day that they know for it; a table full of it is full of readers."""
    (tmp_path / "x.csv").write_text(f"email,unsubscribed at\nada@example.org,{never}\n")
    assert move(site, tmp_path / "x.csv", "--write", program="brevo").returncode == 0
    assert states(site)["ada@example.org"]["state"] == "active"
