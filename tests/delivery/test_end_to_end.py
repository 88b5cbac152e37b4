"""Whole rounds of sending, with senders that die and relays that misbehave (bar: no loss, no double)."""

import itertools
import json
import os
import re
import resource
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from bench.sink import FINE, HANG, HANG_UP, Sink
from bench.site import MONDAY, Made, address, one_click, story
from newsfeed.app.delivery import open_round_context
from newsfeed.core.delivery import status_text
from newsfeed.delivery.messages import MessageComposer
from newsfeed.delivery.rounds import run_send_round
from newsfeed.errors import OutsideError
from newsfeed.model import Message
from newsfeed.records import AddressedDelivery
from tests.cli.command import newsfeed_process
from tests.delivery.ports import free_port, listens
from tests.delivery.sites import delivery, join, round_at, rows, site, states, wait_until
from tests.peers.need import need_command

NOW = MONDAY.isoformat()
LATER = MONDAY + timedelta(hours=12)


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A relay that writes down what it takes."""
    found = Sink().start()
    yield found
    found.close()


def got(sink: Sink) -> Counter[str]:
    """Recipient → messages."""
    return Counter(one.recipient for one in sink.taken)


def everybody(count: int) -> set[str]:
    """All addresses of a site."""
    return {address(number) for number in range(count)}


def ended(process: subprocess.Popen[bytes], seconds: float = 60.0) -> float:
    """Tell a process to end; how long it took."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(seconds)
    return time.monotonic() - began


# -- the service -------------------------------------------------------------------------------


def test_run_in_the_right_week_sends_once_and_a_second_start_sends_nothing(tmp_path, sink):
    """Both starts end cleanly on SIGTERM, and the health file says that all is well."""
    made = site(tmp_path, 12, port=sink.port)
    health = made.folder / "var/health.json"
    for _ in range(2):
        health.unlink(missing_ok=True)
        service = made.start("run", "--now", NOW, log=tmp_path / "log")
        wait_until(health.exists)
        ended(service)
        assert service.returncode == 0
        assert '"ok": true' in health.read_text("utf-8")
        assert got(sink) == Counter(everybody(12))
    assert "example" not in re.sub(r'"relay": "[^"]*"', "", (tmp_path / "log").read_text("utf-8"))


def test_sigterm_in_mid_run_ends_cleanly_and_gives_everything_back(tmp_path, sink):
    """Nothing stays claimed or on the wire; a second start sends the rest, and nobody gets two."""
    sink.delay = 0.02
    made = site(tmp_path, 200, port=sink.port)
    service = made.start("run", "--now", NOW)
    wait_until(lambda: len(sink.taken) > 20)
    ended(service)
    assert service.returncode == 0
    assert len(sink.taken) < 200
    assert rows(made, "SELECT count(*) FROM deliveries WHERE owner IS NOT NULL OR state = 'intent'") == [(0,)]
    sink.delay = 0
    round_at(made, LATER)
    assert got(sink) == Counter(everybody(200))


def test_sigterm_while_the_relay_hangs_ends_within_ten_seconds(tmp_path, sink):
    """What is on the wire becomes a doubt, visible at the next start, and is decided by policy."""
    sink.reply = lambda stage, _: HANG if stage == "dot" else FINE
    # One connection is kept for mails that people wait for.
    made = site(tmp_path, 4, port=sink.port, connections=5, digest='unknown = "ask"')
    service = made.start("run", "--now", NOW)
    wait_until(lambda: rows(made, "SELECT count(*) FROM deliveries WHERE state = 'intent'") == [(4,)])
    assert ended(service, 12) < 10
    sink.reply = None
    assert round_at(made, LATER).recovered == 4
    assert states(made) == {"unknown": 4}


def test_killed_senders_lose_nobody_and_double_at_most_what_was_on_the_wire(tmp_path, sink):
    """Five SIGKILLs; every double has the same Message-ID, and there are no more than connections."""
    sink.delay = 0.01
    made = site(tmp_path, 160, port=sink.port)
    kills = 5
    for number in range(kills):
        sender = made.start("send", "--now", (MONDAY + timedelta(minutes=number)).isoformat())
        seen = len(sink.taken)
        wait_until(lambda seen=seen: len(sink.taken) > seen + 10)
        os.kill(sender.pid, signal.SIGKILL)
        sender.wait()
    round_at(made, LATER)
    assert set(got(sink)) == everybody(160)
    assert len({(one.recipient, one.message_id) for one in sink.taken}) == 160
    assert len(sink.taken) <= 160 + kills * 4
    assert states(made) == {"accepted": 160}


@pytest.mark.parametrize(("missed", "issues"), [("fold", 2), ("each", 4)])
def test_three_weeks_of_downtime_lose_and_repeat_nothing(tmp_path, sink, missed, issues):
    """One issue for all missed slots, or one for each that has something to say."""
    made = site(tmp_path, 4, port=sink.port, digest=f'missed = "{missed}"\nwhen_empty = "note"')
    round_at(made, MONDAY)
    for week in (1, 2, 3):
        day = MONDAY.date() + timedelta(days=7 * week - 3)
        story(made.folder, f"news{week}", day.isoformat())
    round_at(made, MONDAY + timedelta(days=21))
    assert rows(made, "SELECT count(*) FROM issues") == [(issues,)]
    had = [stories for (stories,) in rows(made, "SELECT stories FROM renderings WHERE lang = 'de'")]
    told = sorted(name for stories in had for name in json.loads(stories))
    assert told == ["news1", "news2", "news3", "pump", "well"]
    assert len(sink.taken) == 4 * issues


def test_two_services_side_by_side_double_nothing(tmp_path, sink):
    """They plan one issue and share its deliveries."""
    sink.delay = 0.005
    made = site(tmp_path, 150, port=sink.port, connections=2)
    pair = [made.start("run", "--now", NOW, log=tmp_path / f"log{number}") for number in range(2)]
    wait_until(lambda: len(sink.taken) >= 150)
    assert all(ended(one) < 10 for one in pair)
    assert got(sink) == Counter(everybody(150))
    assert rows(made, "SELECT count(*) FROM issues") == [(1,)]
    assert "Traceback" not in "".join((tmp_path / f"log{n}").read_text("utf-8") for n in range(2))


# -- relays that misbehave ---------------------------------------------------------------------


class Dump:
    """Postfix's own test relay, with faults; every message it takes becomes a file."""

    def __init__(self, folder: Path, port: int, *faults: str) -> None:
        command = [need_command("smtp-sink"), *faults, "-d", f"{folder}/%s."]
        if os.geteuid() == 0:
            command += ["-u", "nobody"]
        self._folder = folder
        self._process = subprocess.Popen([*command, f"127.0.0.1:{port}", "64"], stderr=subprocess.PIPE)
        wait_until(lambda: listens(port))

    def stop(self) -> None:
        self._process.terminate()
        self._process.communicate()

    def taken(self) -> Counter[tuple[str, str]]:
        """(recipient, Message-ID) → copies."""
        found: Counter[tuple[str, str]] = Counter()
        for path in self._folder.iterdir():
            text = path.read_text("utf-8")
            for one in re.split(r"(?m)^X-Client-Addr: ", text)[1:]:
                recipient = re.search(r"(?m)^X-Rcpt-Args: <(.*?)>", one)
                message_id = re.search(r"(?mi)^Message-ID: (\S+)", one)
                if recipient and message_id:
                    found[recipient[1], message_id[1]] += 1
        return found


@pytest.fixture
def dump() -> Iterator[Path]:
    """A folder that everybody may write into: started by root, smtp-sink becomes somebody else."""
    with tempfile.TemporaryDirectory(prefix="newsfeed-sink-") as name:
        Path(name).chmod(0o777)
        yield Path(name)


@pytest.mark.parametrize(
    "faults",
    [
        ("-r", "mail"), ("-r", "rcpt"), ("-r", "data"), ("-r", "."),
        ("-f", "mail"), ("-f", "rcpt"), ("-f", "data"), ("-f", "."),
        ("-q", "connect"), ("-q", "mail"), ("-q", "rcpt"), ("-q", "data"), ("-q", "."),
        ("-f", "connect"), ("-r", "connect"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_faulty_relay_delays_mail_and_neither_loses_nor_doubles_it(tmp_path, dump, faults):
    """While the fault lasts nothing is accepted; when it is gone everybody gets exactly one message,
    or two equal ones where the relay had hung up after the final dot.
    """
    port = free_port()
    made = site(tmp_path, 12, port=port)
    relay = Dump(dump, port, *faults)
    try:
        first = round_at(made, MONDAY)
        assert "accepted" not in first.counts.states
        assert sum(states(made).values()) == 12
    finally:
        relay.stop()
    if faults != ("-q", "."):
        for refused in dump.iterdir():  # it writes down what it refuses after the dot, too
            refused.unlink()
    relay = Dump(dump, port)
    try:
        for hours in (12, 24):
            round_at(made, MONDAY + timedelta(hours=hours))
    finally:
        relay.stop()
    assert states(made) == {"accepted": 12}
    taken = relay.taken()
    assert {recipient for recipient, _ in taken} == everybody(12)
    assert len(taken) == 12
    assert max(taken.values()) <= (2 if faults == ("-q", ".") else 1)


def test_a_relay_that_is_down_is_trouble_and_delivers_when_it_is_back(tmp_path, sink):
    """Nothing is counted against any reader, `send` says so with exit status 3, and nothing is lost."""
    port = free_port()
    made = site(tmp_path, 8, port=port)
    done = made.run("send", "--now", NOW)
    assert done.returncode == 3
    assert f"127.0.0.1:{port}" in done.stdout + done.stderr
    assert states(made) == {"planned": 8}
    late = Sink(port=port).start()
    assert round_at(made, LATER).counts.states == {"accepted": 8}
    assert got(late) == Counter(everybody(8))
    late.close()


@pytest.mark.parametrize("policy", ["resend", "skip", "ask"])
def test_a_relay_that_takes_mail_and_hangs_up_leaves_a_doubt_that_policy_decides(tmp_path, sink, policy):
    """`resend` repeats the same message; `skip` and `ask` repeat nothing and stay visible."""
    sink.reply = lambda stage, _: HANG_UP if stage == "dot" else FINE
    made = site(tmp_path, 4, port=sink.port, connections=1, digest=f'unknown = "{policy}"')
    round_at(made, MONDAY)
    assert states(made)["unknown"] >= 1
    sink.reply = None
    for hours in (12, 24):
        round_at(made, MONDAY + timedelta(hours=hours))
    copies = got(sink)
    assert set(copies) == everybody(4)
    assert len({one.message_id for one in sink.taken}) == 4
    if policy == "resend":
        assert states(made) == {"accepted": 4}
        assert max(copies.values()) == 2
    else:
        assert states(made)["unknown"] >= 1
        assert max(copies.values()) == 1


def test_a_relay_that_always_hangs_up_after_taking_mail_does_not_fill_a_mailbox(tmp_path, sink):
    """After four copies a person has to decide."""
    sink.reply = lambda stage, _: HANG_UP if stage == "dot" else FINE
    made = site(tmp_path, 1, port=sink.port)
    for hours in range(0, 60, 6):
        round_at(made, MONDAY + timedelta(hours=hours))
    assert len(sink.taken) == 4
    assert states(made) == {"unknown": 1}


def test_a_relay_that_hangs_before_the_dot_is_given_up_and_tried_again(tmp_path, sink):
    """The message certainly did not leave: it is deferred, and arrives once when the relay is well."""
    sink.reply = lambda stage, _: HANG if stage == "rcpt" else FINE
    made = site(tmp_path, 2, port=sink.port, smtp="timeout = 1")
    assert round_at(made, MONDAY).counts.states == {"deferred": 2}
    assert not sink.taken
    sink.reply = None
    round_at(made, LATER)
    assert got(sink) == Counter(everybody(2))


# -- people ------------------------------------------------------------------------------------


def test_who_unsubscribes_in_mid_run_gets_nothing_more(tmp_path, sink):
    """From the moment it is on record, though their delivery was planned and claimed already."""
    made = site(tmp_path, 40, port=sink.port, connections=1)
    with delivery(made) as context:

        def departs(stage: str, recipient: str) -> bytes:
            if stage == "dot" and len(sink.taken) == 5:
                for number in range(30, 40):
                    one_click(context, context.store.people.find(address(number)))
            return FINE

        sink.reply = departs
        round_context = open_round_context(context, lambda: MONDAY, lambda *_: None, os.environ)
        run_send_round(round_context, threading.Event())
    assert got(sink) == Counter(everybody(30))
    assert states(made) == {"accepted": 30, "left": 10}


def test_receipts_balance_and_why_explains_every_state(tmp_path, sink):
    """Eight people, eight fates; at each moment the sum is the audience."""
    fates = {
        address(0): FINE,
        address(1): b"550 5.1.1 no such mailbox\r\n",
        address(2): b"451 4.7.1 greylisted\r\n",
        address(3): b"554 5.7.1 we do not like you\r\n",
        address(4): b"552 5.2.2 mailbox full\r\n",
    }
    sink.reply = lambda stage, who: fates.get(who, FINE) if stage == "rcpt" else FINE
    made = site(tmp_path, 8, port=sink.port, connections=1, digest='unknown = "ask"')
    with delivery(made) as context:
        hashed = context.hash_address(address(5))

        def at_the_dot(stage: str, who: str) -> bytes:
            if stage == "rcpt":
                if who == address(1):
                    context.store.people.suppress(hashed, "asked", MONDAY)
                    one_click(context, context.store.people.find(address(6)))
                return fates.get(who, FINE)
            return HANG_UP if who == address(7) else FINE

        sink.reply = at_the_dot
        run_send_round(
            open_round_context(context, lambda: MONDAY, lambda *_: None, os.environ), threading.Event()
        )
        expected = {"accepted": 1, "refused": 1, "deferred": 3, "suppressed": 1, "left": 1, "unknown": 1}
        assert states(made) == expected
        sentences = set()
        for number in range(8):
            person = context.store.people.find(address(number))
            told = status_text.describe_deliveries(
                person, context.store.issues.deliveries(person.id), None, UTC
            )
            sentences.add(told[0].message)
        assert len(sentences) == len(expected)
    for days in range(1, 8):
        round_at(made, MONDAY + timedelta(days=days - 1, hours=20))
        assert sum(states(made).values()) == 8
    assert states(made)["expired"] == 3
    shown = made.run("receipt", "staff", "--json")
    assert shown.returncode == 0, shown.stderr


# -- clocks ------------------------------------------------------------------------------------


def test_a_clock_set_back_plans_and_sends_nothing_twice(tmp_path, sink):
    """By minutes within the slot, and by a week before it."""
    made = site(tmp_path, 8, port=sink.port)
    round_at(made, MONDAY)
    for back in (timedelta(minutes=30), timedelta(hours=1), timedelta(0), -timedelta(hours=1)):
        assert round_at(made, MONDAY - back).counts.states == {}
    assert got(sink) == Counter(everybody(8))


def test_a_clock_set_back_a_week_repeats_no_story(tmp_path, sink):
    """An older slot may get an issue of its own, but nobody gets a story twice."""
    made = site(tmp_path, 8, port=sink.port)
    round_at(made, MONDAY)
    round_at(made, MONDAY - timedelta(days=7))
    round_at(made, MONDAY)
    round_at(made, MONDAY + timedelta(days=7))
    assert got(sink) == Counter(everybody(8))


def test_missed_slots_fold_into_one_issue(tmp_path, sink):
    """Three days, then three weeks of downtime: one issue each, with all that was missed."""
    made = site(tmp_path, 4, port=sink.port)
    round_at(made, MONDAY + timedelta(days=3))
    assert got(sink) == Counter(everybody(4))
    assert rows(made, "SELECT slot FROM issues") == [("2030-02-04T08:00",)]
    round_at(made, MONDAY + timedelta(weeks=3))
    assert rows(made, "SELECT slot FROM issues ORDER BY id")[1:] == [("2030-02-25T08:00",)]
    assert got(sink) == Counter(everybody(4))  # nothing new was written meanwhile


def test_who_joins_after_an_issue_was_planned_waits_for_the_next(tmp_path, sink):
    """And gets in it what the others had before."""
    made = site(tmp_path, 4, port=sink.port)
    round_at(made, MONDAY)
    with delivery(made) as context:
        join(context, range(4, 6), MONDAY)
    round_at(made, LATER)
    assert got(sink) == Counter(everybody(4))
    round_at(made, MONDAY + timedelta(weeks=1))
    assert got(sink) == Counter(everybody(6))


# -- the ledger's own troubles -----------------------------------------------------------------


def test_a_database_locked_in_mid_run_is_trouble_and_loses_no_outcome(tmp_path, sink, monkeypatch):
    """What the relay had taken is written down when the lock is gone; nobody gets it twice."""
    monkeypatch.setattr("newsfeed.stores.sql.sqlite.PATIENCE", 0.3)
    made = site(tmp_path, 40, port=sink.port, connections=2)
    blocker = sqlite3.connect(made.folder / "var/newsfeed.db", isolation_level=None, check_same_thread=False)
    alone = threading.Lock()

    def locks(stage: str, _: str) -> bytes:
        with alone:  # two connections are at their dots at the same time, and only one may lock
            if stage == "dot" and len(sink.taken) >= 10 and not blocker.in_transaction:
                blocker.execute("BEGIN IMMEDIATE")
        return FINE

    sink.reply = locks
    with delivery(made) as context:
        round_context = open_round_context(context, lambda: MONDAY, lambda *_: None, os.environ)
        with pytest.raises(OutsideError, match="locked"):
            run_send_round(round_context, threading.Event())
        assert 10 < len(sink.taken) < 40
        blocker.execute("ROLLBACK")
        sink.reply = None
        run_send_round(round_context, threading.Event())
    blocker.close()
    assert got(sink) == Counter(everybody(40))
    assert states(made) == {"accepted": 40}


def test_a_full_disk_in_mid_run_is_one_clear_sentence_and_loses_nobody(tmp_path, sink):
    """The database may not grow any more; with room again the rest is sent."""
    made = site(tmp_path, 40, port=sink.port, connections=2)
    with delivery(made) as context:
        raw = context.store._database._raw
        round_context = open_round_context(context, lambda: MONDAY, lambda *_: None, os.environ)
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
        raw.execute(f"PRAGMA max_page_count = {pages}")
        unplanned = run_send_round(round_context, threading.Event()).unplanned
        assert isinstance(unplanned, OutsideError)
        assert "full" in unplanned.message
        assert not sink.taken
        raw.execute("PRAGMA max_page_count = 1000000")
        run_send_round(round_context, threading.Event())
    assert got(sink) == Counter(everybody(40))


def test_a_disk_that_fills_up_in_mid_run_doubles_at_most_what_was_on_the_wire(tmp_path, sink):
    """From some message on nothing can be written, neither outcome nor intent: one sentence, status 3.
    The process ends, so what it knew is lost, and the policy decides: no loss, and doubles have one name.
    """
    made = site(tmp_path, 120, port=free_port())
    assert made.run("send", "--now", NOW).returncode == 3
    config = made.folder / "config.toml"
    config.write_text(re.sub("(?m)^port = .*", f"port = {sink.port}", config.read_text("utf-8")), "utf-8")
    room = (made.folder / "var/newsfeed.db").stat().st_size

    def fills_up() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    done = newsfeed_process(
        "-C", made.folder, "send", "--now", (MONDAY + timedelta(hours=1)).isoformat(), before=fills_up
    )
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    before = len(sink.taken)
    assert 0 < before < 120
    round_at(made, LATER)
    assert set(got(sink)) == everybody(120)
    assert len({(one.recipient, one.message_id) for one in sink.taken}) == 120
    assert len(sink.taken) <= 120 + 4
    assert states(made) == {"accepted": 120}


def test_a_bug_of_ours_is_raised_and_gives_everything_back(tmp_path, sink, monkeypatch):
    """The other threads stop at once, nothing stays claimed; the next round goes on, nobody gets two."""
    made = site(tmp_path, 40, port=sink.port, connections=2)
    compose = MessageComposer.compose
    calls = itertools.count()

    def stumbles(self: MessageComposer, outgoing: AddressedDelivery) -> Message:
        if next(calls) == 10:
            raise ZeroDivisionError
        return compose(self, outgoing)

    with delivery(made) as context, monkeypatch.context() as patch:
        patch.setattr(MessageComposer, "compose", stumbles)
        round_context = open_round_context(context, lambda: MONDAY, lambda *_: None, os.environ)
        with pytest.raises(ZeroDivisionError):
            run_send_round(round_context, threading.Event())
    assert 0 < len(sink.taken) < 40
    assert rows(made, "SELECT count(*) FROM deliveries WHERE owner IS NOT NULL OR state = 'intent'") == [(0,)]
    round_at(made, LATER)
    assert got(sink) == Counter(everybody(40))


def test_a_message_that_cannot_be_written_waits_and_stops_nobody(tmp_path, sink):
    """One reader's broken record is their trouble alone, and `why` can tell it."""
    made = site(tmp_path, 8, port=sink.port)
    with delivery(made) as context:
        context.store._database._raw.execute(
            "UPDATE subscribers SET address = 'a\r\nb@x.example' WHERE id = 3"
        )
    round_at(made, MONDAY)
    assert states(made) == {"accepted": 7, "deferred": 1}
    assert "cannot be written" in str(rows(made, "SELECT reply FROM deliveries WHERE state = 'deferred'"))


def test_deliveries_of_a_digest_that_was_removed_wait_and_stop_nobody(tmp_path, sink):
    """A configuration that lost a digest in mid-run is no reason to fall over."""
    made = site(tmp_path, 4, port=free_port())
    round_at(made, MONDAY)
    config = made.folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace("[digests.staff]", "[digests.other]"), "utf-8")
    make = Made(made.folder)
    assert round_at(make, LATER).counts.states == {"deferred": 4}
    assert not sink.taken
