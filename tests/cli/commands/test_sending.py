"""``newsfeed send``, ``run``, ``doubts``, ``why`` and ``digest`` from outside, against a real relay."""

import json
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bench.sink import FINE, HANG_UP, Sink
from bench.site import MONDAY, Made, address, make_site, story
from newsfeed.testing import write_tree
from tests.cli.command import environment, newsfeed, newsfeed_process
from tests.delivery.ports import free_port
from tests.delivery.sites import delivery, join, rows, site, wait_until

NOW = MONDAY.isoformat()
ISSUE = "staff/2030-02-04T08:00"
NOTHING = "nothing was due; next slot: staff, 11 Feb 2030, 08:00\n"
BAD = {"news/2030/bad.en.md": "---\nid: bad\ntitle: Bad\ndate: 2030-02-09\ntopics: [watr]\n---\nText.\n"}
GERMAN = {"LC_ALL": "de_DE.UTF-8", "PYTHONUTF8": "1"}


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A relay that writes down what it takes."""
    found = Sink().start()
    yield found
    found.close()


def call(made: Made, *words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """A command on this site, which must not name a reader beside its result."""
    done = newsfeed("-C", made.folder, *words, **changes)
    assert "reader" not in done.stderr.replace('"reader":', "")
    return done


def said(made: Made, *words: str, **changes: str) -> str:
    """What a command that succeeds prints."""
    done = call(made, *words, **changes)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def later(**much: float) -> str:
    """A moment after the issue."""
    return (MONDAY + timedelta(**much)).isoformat()


def moment(text: str) -> datetime:
    """As the program writes it."""
    return datetime.fromisoformat(text)


# -- send ------------------------------------------------------------------------------------------


def test_a_round_says_what_it_planned_and_sent(tmp_path: Path, sink: Sink) -> None:
    """A second one has nothing to do, and says so; both with status 0."""
    made = site(tmp_path, 3, port=sink.port)
    assert said(made, "send", "--now", NOW).splitlines() == [
        f"planned {ISSUE}; audience: 3, stories: 2",
        "delivered: 3",
    ]
    assert said(made, "send", "--now", NOW) == NOTHING
    assert len(sink.taken) == 3


def test_a_round_reports_itself_as_data(tmp_path: Path, sink: Sink) -> None:
    """--json is one object."""
    made = site(tmp_path, 3, port=sink.port)
    assert json.loads(said(made, "send", "--now", NOW, "--json")) == {
        "planned": [{"issue": ISSUE, "audience": 3, "stories": 2}],
        "recovered": 0,
        "sent": {"accepted": 3},
        "trouble": "",
        "waiting": {"mails": 0, "next": None, "because": "", "undecided": {}},
        "next_slots": {"staff": "2030-02-11T07:00:00+00:00"},
        "unread": [],
        "orphaned": {},
    }
    assert json.loads(said(made, "send", "--now", NOW, "--json"))["sent"] == {}


def test_a_round_in_german(tmp_path: Path, sink: Sink) -> None:
    """By the locale; the names of states stay what `receipt` calls them."""
    made = site(tmp_path, 1, port=sink.port)
    assert said(made, "send", "--now", NOW, **GERMAN).splitlines() == [
        f"{ISSUE} geplant – Empfänger: 1, Beiträge: 2",
        "zugestellt: 1",
    ]
    assert said(made, "send", "--now", NOW, **GERMAN) != NOTHING


def test_mails_on_standard_output_stand_there_alone(tmp_path: Path) -> None:
    """One mbox stream; the summary goes to standard error, as data or not."""
    for words in ((), ("--json",)):
        made = site(tmp_path / ("data" if words else "text"), 3, port=1, channel="stdout")
        done = newsfeed("-C", made.folder, "send", "--now", NOW, *words)
        assert done.returncode == 0
        assert done.stdout.startswith("From ")
        assert done.stdout.count("\nMessage-ID: ") == 3
        assert "delivered: 3" in done.stderr
        assert "delivered: 3" not in done.stdout


def test_a_site_with_errors_does_not_keep_back_what_was_planned_before(tmp_path: Path, sink: Sink) -> None:
    """The report, then the problems, status 1; with the site mended the new issue goes out."""
    sink.reply = lambda stage, _: b"451 4.7.1 not now\r\n"
    made = site(tmp_path, 2, port=sink.port)
    said(made, "send", "--now", NOW)
    sink.reply = None
    story(made.folder, "fresh", "2030-02-08")
    write_tree(made.folder, BAD)
    done = call(made, "send", "--now", later(days=7))
    assert (done.returncode, done.stdout) == (1, "delivered: 2\n")
    assert "topic-unknown" in done.stderr
    assert len(sink.taken) == 2
    again = call(made, "send", "--now", later(days=7), "--json")
    assert again.returncode == 1
    assert json.loads(again.stdout)["planned"] == []
    assert "topic-unknown" in again.stderr
    (made.folder / "news/2030/bad.en.md").unlink()
    assert "audience: 2, stories: 1" in said(made, "send", "--now", later(days=7))
    assert len(sink.taken) == 4


def test_a_relay_that_is_down_gives_three(tmp_path: Path) -> None:
    """What was planned is told, the trouble beside it; nobody is counted as tried."""
    made = site(tmp_path, 2, port=free_port())
    done = call(made, "send", "--now", NOW)
    assert done.returncode == 3
    assert done.stdout.splitlines() == [
        f"planned {ISSUE}; audience: 2, stories: 2",
        "2 mails wait and are due: the next round tries them",
    ]
    assert "127.0.0.1" in done.stderr
    assert f"{ISSUE}: planned, not tried yet; next try " in said(made, "why", address(0))
    data = json.loads(call(made, "send", "--now", later(minutes=1), "--json").stdout)
    assert "127.0.0.1" in data["trouble"]


def test_without_a_sender_nothing_can_be_sent(tmp_path: Path) -> None:
    """Status 2 and what to add."""
    made = site(tmp_path, 1, port=1)
    config = made.folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace("from =", "reply_to ="), "utf-8")
    for command in ("send", "run"):
        done = call(made, command, "--now", NOW)
        assert (done.returncode, done.stdout) == (2, "")
        assert "config.toml does not say who writes" in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("send", "--now", "soon"), "“soon” is no moment"),
        (("run", "--now", "soon"), "“soon” is no moment"),
        (("run", "--json"), "--json"),
        (("send", "staff"), "staff"),
        (("doubts",), "ISSUE"),
        (("doubts", "staff"), "there is no issue “staff”"),
        (("doubts", "staff", "--resend"), "there is no issue “staff”"),
        (("doubts", "staff", "--both"), "--both"),
    ],
)
def test_a_command_that_makes_no_sense_gives_two(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    """One clear message on standard error, nothing on standard output."""
    done = call(site(tmp_path, 1, port=1), *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_a_moment_without_an_offset_is_utc(tmp_path: Path, sink: Sink) -> None:
    """07:00 in UTC is the slot at 08:00 in Berlin; a minute before it nothing is due."""
    made = site(tmp_path, 1, port=sink.port, digest="horizon = 3")
    east = {"TZ": "Asia/Tokyo"}
    said(made, "send", "--now", "2030-02-04T06:59", **east)
    assert not [one for one in rows(made, "SELECT slot FROM issues") if one == ("2030-02-04T08:00",)]
    assert ISSUE in said(made, "send", "--now", "2030-02-04T07:00", **east)


# -- why, for every state --------------------------------------------------------------------------


@pytest.mark.slow
def test_why_explains_every_state_from_outside(tmp_path: Path, sink: Sink) -> None:
    """Nine states, a plain sentence each, with what the relay said and when."""
    made = site(tmp_path, 9, port=sink.port, connections=1, digest='unknown = "ask"')
    on_the_wire: list[str] = []

    def meanwhile(*words: str) -> str:
        """What another process prints while this one sends."""
        done = newsfeed_process("-C", made.folder, *words)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def relay(stage: str, who: str) -> bytes:
        if stage == "rcpt" and who == address(1):
            meanwhile("subscribers", "suppress", address(5))
            meanwhile("subscribers", "leave", address(6))
        if stage == "dot" and who == address(0) and not on_the_wire:
            on_the_wire.append(meanwhile("why", address(0)))
            on_the_wire.append(meanwhile("why", address(8)))
        faults = {
            (address(1), "rcpt"): b"550 5.1.1 no such mailbox\r\n",
            (address(2), "rcpt"): b"451 4.7.1 greylisted\r\n",
            (address(3), "rcpt"): b"554 5.7.1 we do not like you\r\n",
            (address(7), "dot"): HANG_UP,
        }
        return faults.get((who, stage), FINE)

    sink.reply = relay
    assert f"1 mail of {ISSUE} is in doubt" in said(made, "send", "--now", NOW)
    here = f"127.0.0.1:{sink.port}"
    assert f"{ISSUE}: on the wire since 4 Feb 2030, 10:00" in on_the_wire[0]
    assert f"{ISSUE}: planned, not tried yet; next try 4 Feb 2030, 10:00" in on_the_wire[1]

    def told(number: int) -> str:
        """The last sentence about a reader, without the seconds that the command took."""
        (line,) = [line for line in said(made, "why", address(number)).splitlines() if ISSUE in line]
        assert said(made, "why", address(number), "staff").splitlines()[-1] == line
        return line.removeprefix(f"{ISSUE}: ")

    assert told(0).startswith(f"delivered to {here} on 4 Feb 2030, 10:00 (")
    assert told(0).endswith("(250 2.0.0 fine)")
    assert told(1).startswith(f"did not get it; {here} refused it on 4 Feb 2030, 10:00:")
    assert told(1).endswith("“550 5.1.1 no such mailbox”")
    assert told(2).startswith(
        f"not yet; {here} said “451 4.7.1 greylisted” at try 1; next try 4 Feb 2030, 10:05"
    )
    assert told(3).startswith(f"not yet; {here} said “554 5.7.1 we do not like you” at try 1; next try ")
    assert told(5) == "did not get it; the address is on the list of those never to be written to"
    assert told(6) == "did not get it; they had left before it was their turn"
    assert told(7) == f"nobody can say; the connection to {here} broke after the message was handed over"
    for days in range(1, 6):
        call(made, "send", "--now", later(days=days - 1, hours=20))
    assert told(2).startswith("did not get it; given up on 8 Feb 2030")
    assert told(2).endswith("tries: “451 4.7.1 greylisted”")
    receipt = json.loads(said(made, "receipt", "staff", "--json"))
    assert receipt["audience"] == 9
    assert sum(sum(states.values()) for states in receipt["languages"].values()) == 9


@pytest.mark.parametrize(
    ("answer", "first"),
    [
        (b"550 5.1.1 no such mailbox\r\n", "mails to them came back: gets nothing"),
        (b"550 no such mailbox\r\n", "is subscribed"),
        (b"550 5.6.7 no SMTPUTF8\r\n", "is subscribed"),
    ],
)
def test_a_refusal_of_a_reader_counts_as_a_bounce_at_once(
    tmp_path: Path, sink: Sink, answer: bytes, first: str
) -> None:
    """Without any report: a mailbox that does not exist ends it, a bare code is one soft bounce."""
    sink.reply = lambda stage, who: answer if who == address(1) else FINE
    made = site(tmp_path, 2, port=sink.port)
    assert said(made, "send", "--now", NOW).splitlines()[1:] == ["delivered: 1", "refused: 1"]
    assert said(made, "why", address(1)).splitlines()[0] == first
    story(made.folder, "fresh", "2030-02-08")
    audience = 1 if first != "is subscribed" else 2
    assert f"audience: {audience}," in said(made, "send", "--now", later(days=7))


# -- what waits ------------------------------------------------------------------------------------


def test_what_waits_is_told_with_moment_and_reason(tmp_path: Path, sink: Sink) -> None:
    """In the site's zone; a second run at the same moment has nothing to do, and says the same."""
    sink.reply = lambda stage, _: b"451 4.7.1 not now\r\n" if stage == "rcpt" else FINE
    made = site(tmp_path, 4, port=sink.port)
    waits = "4 mails wait; next try 10:05, because the answer was mostly “451 4.7.1 not now”"
    assert said(made, "send", "--now", NOW).splitlines()[1:] == ["to be tried again: 4", waits]
    assert said(made, "send", "--now", NOW).splitlines() == [NOTHING.strip(), waits]
    data = json.loads(said(made, "send", "--now", NOW, "--json"))["waiting"]
    assert (data["mails"], data["because"]) == (4, "451 4.7.1 not now")
    assert moment(data["next"]) - MONDAY >= timedelta(minutes=5)
    german = said(made, "send", "--now", NOW, **GERMAN)
    assert "4 E-Mails warten; nächster Versuch 10:05" in german
    assert "11.02.2030, 08:00" in german
    later_day = said(made, "send", "--now", later(hours=13.8)).splitlines()[-1]
    assert "next try 5 Feb 2030, 00:0" in later_day


def test_mails_planned_by_a_clock_that_was_set_back_are_sent_at_once(tmp_path: Path, sink: Sink) -> None:
    """Planned while no relay could be reached; then the clock loses an hour, or a second run names the same
    moment.
    """
    made = site(tmp_path, 2, port=free_port())
    assert call(made, "send", "--now", NOW).returncode == 3
    config = made.folder / "config.toml"
    text = config.read_text("utf-8")
    config.write_text(
        "\n".join(f"port = {sink.port}" if one.startswith("port") else one for one in text.split("\n")),
        "utf-8",
    )
    assert said(made, "send", "--now", later(hours=-1)) == "delivered: 2\n"


def test_nobody_subscribed_does_not_use_up_the_slot(tmp_path: Path, sink: Sink) -> None:
    """The first `send` comes before the first import: the issue waits for its readers."""
    made = site(tmp_path, 0, port=sink.port)
    unread = "nobody reads “staff” yet: its issue is planned when somebody does"
    assert said(made, "send", "--now", NOW).splitlines() == [NOTHING.strip(), unread]
    with delivery(made) as opened:
        join(opened, range(2))
    assert said(made, "send", "--now", NOW).splitlines()[0] == f"planned {ISSUE}; audience: 2, stories: 2"
    assert len(sink.taken) == 2


def test_open_mails_of_a_renamed_digest_leave_when_its_readers_are_moved(tmp_path: Path, sink: Sink) -> None:
    """They wait, which is told; then they leave as they were frozen, once."""
    sink.reply = lambda stage, _: b"451 4.7.1 not now\r\n" if stage == "rcpt" else FINE
    made = site(tmp_path, 2, port=sink.port)
    said(made, "send", "--now", NOW)
    sink.reply = None
    config = made.folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace("[digests.staff]", "[digests.news]"), "utf-8")
    done = call(made, "send", "--now", later(minutes=10))
    assert done.returncode == 1
    assert "does not have this digest any more" in done.stdout
    said(made, "subscribers", "move", "staff", "news")
    assert "delivered: 2" in said(made, "send", "--now", later(hours=1))
    assert len(sink.taken) == 2


def test_a_renamed_story_without_an_id_is_told_before_it_is_mailed_again(tmp_path: Path, sink: Sink) -> None:
    """`check` and `send` name the id it had; with it, nobody gets it twice. Another id mails it on purpose."""
    made = site(tmp_path, 1, port=sink.port)
    text = "---\ntitle: A spring\ndate: 2030-02-01\ntopics: [water]\n---\nWater.\n"
    write_tree(made.folder, {"news/2030/spring.en.md": text})
    assert "stories: 3" in said(made, "send", "--now", NOW)
    (made.folder / "news/2030/spring.en.md").rename(made.folder / "news/2030/source.en.md")
    story(made.folder, "fresh", "2030-02-08")
    for command in (("check", "--now", later(days=7)), ("send", "--now", later(days=7))):
        done = call(made, *command)
        assert done.returncode == 1
        assert "mailed as “2030-spring” and is called “2030-source” now" in done.stdout + done.stderr
    done = call(made, "check", "--fix-ids", "--now", later(days=7))
    assert (done.returncode, done.stderr) == (0, "news/2030/source.en.md: id: 2030-spring\n")
    assert "audience: 1, stories: 1" in said(made, "send", "--now", later(days=7))


def test_a_check_looks_into_no_store_that_is_not_there(tmp_path: Path) -> None:
    """And makes none; one that cannot be used is a warning, and keeps back no other problem."""
    made = make_site(tmp_path / "site", port=1)
    assert call(made, "check", NEWSFEED_SECRET="a secret of this machine").returncode == 0
    assert not (made.folder / "var").exists()
    (made.folder / "var").mkdir()
    (made.folder / "var/newsfeed.db").write_bytes(b"x" * 20_000)
    write_tree(made.folder, BAD)
    done = call(made, "check", NEWSFEED_SECRET="a secret of this machine")
    assert done.returncode == 1
    assert "the store cannot be asked who reads what: " in done.stdout
    assert "topic-unknown" in done.stdout


def test_missing_ids_are_a_warning_and_can_be_written(tmp_path: Path) -> None:
    """Where there are digests; every other byte of the files stays."""
    made = site(tmp_path, 0, port=1)
    files = {
        "news/2030/a.en.md": "---\r\ntitle: A\r\ndate: 2030-02-01\r\n---\r\nText.\r\n",
        "news/2030/b.en.md": '\ufeff+++\ntitle = "B" # b\ndate = 2030-02-01\n+++\nText.',
    }
    for path, data in files.items():
        (made.folder / path).write_bytes(data.encode())
    done = call(made, "check")
    assert done.returncode == 0
    assert "there is no id; “2030-a” is derived" in done.stdout
    assert "newsfeed check --fix-ids" in done.stdout
    assert "warning" in done.stdout
    done = call(made, "check", "--fix-ids")
    assert done.stderr.splitlines() == ["news/2030/a.en.md: id: 2030-a", "news/2030/b.en.md: id: 2030-b"]
    assert "there is no id" not in done.stdout
    assert (made.folder / "news/2030/a.en.md").read_bytes().decode() == files["news/2030/a.en.md"].replace(
        "---\r\n", "---\r\nid: 2030-a\r\n", 1
    )
    assert (made.folder / "news/2030/b.en.md").read_bytes().decode() == files["news/2030/b.en.md"].replace(
        "+++\n", '+++\nid = "2030-b"\n', 1
    )
    assert "no id was written" in call(made, "check", "--fix-ids").stderr


def test_no_id_is_written_into_a_file_that_is_two_texts(tmp_path: Path) -> None:
    """A link to it is a text of its own: the id in it would be that of both."""
    made = site(tmp_path, 0, port=1)
    text = "---\ntitle: A\ndate: 2030-02-01\n---\nText.\n"
    write_tree(made.folder, {"news/2030/a.en.md": text})
    (made.folder / "news/2030/b.en.md").symlink_to("a.en.md")
    done = call(made, "check", "--fix-ids")
    assert "news/2030/a.en.md was left as it is: it is the same file as news/2030/b.en.md" in done.stderr
    assert done.returncode == 0
    assert done.stdout.count("[id-missing]") == 2
    assert (made.folder / "news/2030/a.en.md").read_text() == text


# -- doubts ----------------------------------------------------------------------------------------


def test_doubts_are_counted_and_sent_again_with_the_same_name(tmp_path: Path, sink: Sink) -> None:
    """A decision empties the list; deciding again finds nothing to decide."""
    sink.reply = lambda stage, _: HANG_UP if stage == "dot" else FINE
    made = site(tmp_path, 2, port=sink.port, connections=1, digest='unknown = "ask"')
    call(made, "send", "--now", NOW)
    call(made, "send", "--now", later(minutes=1))
    assert said(made, "doubts", "staff") == "deliveries nobody can vouch for: 2\n"
    sink.reply = None
    assert said(made, "send", "--now", later(hours=1)).splitlines() == [
        NOTHING.strip(),
        f"2 mails of {ISSUE} are in doubt and wait for you: newsfeed doubts {ISSUE}",
    ]
    again = said(made, "doubts", ISSUE, "--resend", "--now", later(hours=1))
    assert again == "to be sent again, with the same Message-ID: 2\n"
    assert said(made, "doubts", "staff") == "deliveries nobody can vouch for: 0\n"
    assert said(made, "doubts", "staff", "--resend") == "to be sent again, with the same Message-ID: 0\n"
    assert said(made, "send", "--now", later(hours=1)) == "delivered: 2\n"
    assert len(sink.taken) == 4
    assert len({one.message_id for one in sink.taken}) == 2


def test_doubts_that_are_let_be_are_never_sent_again(tmp_path: Path, sink: Sink) -> None:
    """They stay visible in the receipt; the German terminal says the same in German."""
    sink.reply = lambda stage, _: HANG_UP if stage == "dot" else FINE
    made = site(tmp_path, 1, port=sink.port, digest='unknown = "ask"')
    call(made, "send", "--now", NOW)
    shown = said(made, "doubts", "staff", **GERMAN)
    assert "vouch" not in shown
    assert "1" in shown
    assert said(made, "doubts", "staff", "--skip") == "not sent again: 1\n"
    sink.reply = None
    assert said(made, "send", "--now", later(hours=1)) == NOTHING
    assert len(sink.taken) == 1
    assert "= uncertain 1" in said(made, "receipt", "staff")


# -- a store that cannot be used -------------------------------------------------------------------


@pytest.mark.parametrize("command", [("send",), ("run",), ("why", address(0)), ("receipt", "staff")])
def test_a_damaged_database_is_refused_before_anything_is_sent(
    tmp_path: Path, sink: Sink, command: tuple[str, ...]
) -> None:
    """Status 3, one sentence, and the file stays as it is: for whoever mends it."""
    made = site(tmp_path, 2, port=sink.port)
    file = made.folder / "var/newsfeed.db"
    file.write_bytes(b"x" * 20_000)
    done = call(made, *command)
    assert (done.returncode, done.stdout) == (3, "")
    assert "damaged, or is no database" in done.stderr
    assert file.read_bytes() == b"x" * 20_000
    assert not sink.taken


@pytest.mark.parametrize("loss", ["missing", "empty", "foreign"])
@pytest.mark.parametrize("command", [("send",), ("subscribers", "list"), ("bounces", "--maildir", "none")])
def test_a_lost_database_is_not_made_anew_in_silence(
    tmp_path: Path, sink: Sink, loss: str, command: tuple[str, ...]
) -> None:
    """The secret shows that there was one. The way out is named: a backup, or to begin anew on purpose."""
    made = site(tmp_path, 2, port=sink.port)
    file, kept = made.folder / "var/newsfeed.db", tmp_path / "backup"
    file.rename(kept)
    if loss == "empty":
        file.touch(mode=0o600)
    if loss == "foreign":
        with closing(sqlite3.connect(file)) as other:
            other.execute("CREATE TABLE bookmarks (id INTEGER)")
    done = call(made, *command)
    assert (done.returncode, done.stdout) == (3, "")
    expected = "holds tables of another program" if loss == "foreign" else "remove var/secret first"
    assert expected in done.stderr
    kept.replace(file)
    assert "delivered: 2" in said(made, "send", "--now", NOW)


def test_a_site_can_begin_anew_on_purpose(tmp_path: Path) -> None:
    """With the secret gone as well, everything is made."""
    made = site(tmp_path, 2, port=1)
    for name in ("newsfeed.db", "secret"):
        (made.folder / "var" / name).unlink()
    assert said(made, "subscribers", "list") == ""
    assert said(made, "subscribers", "list") == ""


def test_damaged_pages_are_found_before_anything_is_sent(tmp_path: Path, sink: Sink) -> None:
    """Deep inside, where no query of this round would have looked."""
    made = site(tmp_path, 2, port=sink.port)
    file = made.folder / "var/newsfeed.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'bounces'").fetchone()
    data = bytearray(file.read_bytes())
    data[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    file.write_bytes(data)
    done = call(made, "send", "--now", NOW)
    assert (done.returncode, done.stdout) == (3, "")
    assert "damaged" in done.stderr
    assert not sink.taken


@pytest.mark.parametrize("command", [("send",), ("run",), ("subscribers", "list"), ("why", address(0))])
def test_another_secret_is_refused_before_anything_is_sent(
    tmp_path: Path, sink: Sink, command: tuple[str, ...]
) -> None:
    """Links in mails would not work, and suppressed addresses would be written to. With the right one
    all is as before.
    """
    made = site(tmp_path, 2, port=sink.port)
    done = call(made, *command, NEWSFEED_SECRET="another secret of this site")
    assert (done.returncode, done.stdout) == (3, "")
    assert "another secret" in done.stderr
    assert not sink.taken
    assert "delivered: 2" in said(made, "send", "--now", NOW)


# -- what nobody may read --------------------------------------------------------------------------


def test_a_password_in_the_configuration_is_told_and_not_shown(tmp_path: Path) -> None:
    """Reports of `check` end up in public logs."""
    made = make_site(tmp_path / "site", port=1, store="postgresql://news:hush@db.example/news")
    done = call(made, "check")
    assert done.returncode == 1
    assert "config.toml:20:1" in done.stdout
    assert "hush" not in done.stdout


# -- digest ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["smtp", "stdout", "maildir", "folder"])
def test_a_preview_reaches_nobody_whatever_the_channel(tmp_path: Path, sink: Sink, channel: str) -> None:
    """It always writes into a folder: that of `[channels.folder]`, or -o, for the people of the store, and not
    for those of the file; nothing is written into the store.
    """
    made = site(tmp_path, 2, port=sink.port, channel=channel)
    config = made.folder / "config.toml"
    config.write_text(config.read_text("utf-8") + '\n[channels.folder]\npath = "var/look"\n', "utf-8")
    write_tree(made.folder, {"staff.csv": "email,name,language\npat@readers.example,Pat,en\n"})
    said(made, "digest", "staff", "--now", NOW)
    assert len(list((made.folder / "var/look").glob("*.eml"))) == 2
    said(made, "digest", "staff", "--now", NOW, "-o", str(tmp_path / "mails"))
    assert len(list((tmp_path / "mails").glob("*.eml"))) == 2
    assert not sink.taken
    assert not (made.folder / "var/maildir").exists()
    assert rows(made, "SELECT count(*) FROM issues") == [(0,)]


# -- run -------------------------------------------------------------------------------------------


class Running:
    """A service, what it logs, and its health file."""

    def __init__(self, made: Made, log: Path) -> None:
        self.log = log
        self.health = made.folder / "var/health.json"
        self.health.unlink(missing_ok=True)
        with log.open("wb") as said:
            words = made.command("run", "--now", NOW)
            self.process = subprocess.Popen(words, env=environment(), stdout=said, stderr=said)
        wait_until(self.health.exists)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to end; its status."""
        self.process.send_signal(number)
        return self.process.wait(60)

    def lines(self) -> list[dict[str, object]]:
        """The log: every line is an object with a moment and an event."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_service_logs_what_it_did_and_ends_cleanly(
    tmp_path: Path, sink: Sink, number: signal.Signals
) -> None:
    """Issue, outcomes, sums, with number and name of the issue and without an address; status 0. A
    second start has nothing to send, and nothing to say.
    """
    made = site(tmp_path, 3, port=sink.port)
    service = Running(made, tmp_path / "log")
    assert service.end(number) == 0
    starting, *deliveries, planned, last = service.lines()
    assert (starting["event"], starting["parts"], starting["channel"]) == ("starting", ["send"], "smtp")
    assert (planned["event"], planned["issue"], planned["name"]) == ("planned", 1, ISSUE)
    assert (planned["audience"], planned["stories"]) == (3, 2)
    assert [(one["event"], one["issue"], one["state"]) for one in deliveries] == [
        ("delivery", 1, "accepted")
    ] * 3
    assert len({one["reader"] for one in deliveries}) == 3
    assert (last["event"], last["accepted"], last["trouble"]) == ("round", 3, "")
    assert all(moment(str(one["at"])) >= MONDAY for one in service.lines())
    assert "readers" not in service.log.read_text("utf-8")
    health = json.loads(service.health.read_text("utf-8"))
    assert (health["ok"], health["trouble"]) == (True, "")
    second = Running(made, tmp_path / "log2")
    assert second.end(number) == 0
    assert [one["event"] for one in second.lines()] == ["starting"]
    assert len(sink.taken) == 3


@pytest.mark.slow
def test_a_service_says_that_its_site_has_errors_and_goes_on(tmp_path: Path, sink: Sink) -> None:
    """The health file is not well; the log names the kinds of problems; status 0 all the same."""
    made = site(tmp_path, 1, port=sink.port)
    write_tree(made.folder, BAD)
    service = Running(made, tmp_path / "log")
    assert service.end() == 0
    _, line = service.lines()
    assert (line["event"], line["problems"]) == ("trouble", ["topic-unknown"])
    health = json.loads(service.health.read_text("utf-8"))
    assert (health["ok"], health["trouble"]) == (False, "an issue cannot be planned")
    assert not sink.taken
