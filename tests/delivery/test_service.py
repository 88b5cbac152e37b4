"""The running service, round by round, with a clock that a test moves."""

import errno
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.sink import FINE, Sink
from bench.site import MONDAY, Made, address, story
from newsfeed.app.delivery import open_round_context
from newsfeed.delivery import service
from newsfeed.delivery.rounds import SendRound
from newsfeed.delivery.service import PLAN_AGAIN, SURVEY_AGAIN, TICK, ServiceContext, write_health
from newsfeed.errors import NewsfeedError, OutsideError, ProblemsFound
from newsfeed.records import Subscription
from newsfeed.scheduling.jobs import JobBoard
from newsfeed.testing import write_tree
from tests.delivery.sites import delivery, site, wait_until

BAD = {"news/2030/bad.en.md": "---\nid: bad\ntitle: Bad\ndate: 2030-02-01\ntopics: [watr]\n---\nText.\n"}


class Bench:
    """A service over a real store and a folder, and what it said."""

    def __init__(self, made: Made, clock: list[datetime], delivery: object) -> None:
        self.made, self.clock = made, clock
        self.rounds: list[SendRound] = []
        self.troubles: list[NewsfeedError] = []
        round_context = open_round_context(delivery, lambda: clock[0], lambda *_: None, os.environ)  # type: ignore[arg-type]
        self.service = ServiceContext(
            round_context, made.folder / "var/health.json", self.rounds.append, self.troubles.append
        )
        self.rounds_of_it = service.Service(self.service, threading.Event())

    @property
    def plan_from(self) -> datetime | None:
        """When a site that could not be planned is read again."""
        return self.rounds_of_it._plan_from

    def tick(self, after: timedelta = timedelta(seconds=TICK)) -> SendRound | None:
        """One wake-up; what the round did, when it came to its end."""
        self.clock[0] += after
        before = len(self.rounds)
        self.rounds_of_it.do_round()
        return self.rounds[-1] if len(self.rounds) > before else None

    def health(self) -> tuple[bool, str]:
        """Whether all is well, and if not, why."""
        data = json.loads(self.service.health.read_text("utf-8"))
        assert datetime.fromisoformat(data["at"]) == self.clock[0].replace(microsecond=0)
        return data["ok"], data["trouble"]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Two readers, two hours after the slot."""
    made = site(tmp_path, 2, port=1, channel="folder")
    with delivery(made) as opened:
        yield Bench(made, [MONDAY], opened)


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A relay that writes down what it takes."""
    found = Sink().start()
    yield found
    found.close()


def test_a_quiet_round_is_well(bench: Bench) -> None:
    """The first one sends, the second has nothing to do."""
    assert bench.tick().counts.states == {"accepted": 2}
    assert bench.health() == (True, "")
    assert bench.tick().counts.states == {}
    assert (bench.troubles, bench.plan_from) == ([], None)


def test_a_site_with_errors_is_said_once_and_read_again_later(bench: Bench) -> None:
    """Not at every wake-up: it takes its editors longer. Mended, it is planned at the next reading."""
    write_tree(bench.made.folder, BAD)
    bench.tick()
    (trouble,) = bench.troubles
    assert isinstance(trouble, ProblemsFound)
    for _ in range(int(PLAN_AGAIN.total_seconds()) // TICK - 1):
        assert bench.tick().unplanned is None
        assert bench.health() == (False, "an issue cannot be planned")
    assert len(bench.troubles) == 1
    bench.tick()
    assert len(bench.troubles) == 2
    (bench.made.folder / "news/2030/bad.en.md").unlink()
    assert bench.tick().frozen == ()  # nobody looks yet
    assert bench.tick(PLAN_AGAIN).counts.states == {"accepted": 2}
    assert bench.health() == (True, "")
    assert bench.plan_from is None
    assert len(bench.troubles) == 2


def test_what_was_planned_is_sent_while_the_site_has_errors(bench: Bench) -> None:
    """A delivery that waits for its next try does not wait for editors."""
    bench.tick()
    with bench.made.folder.joinpath("var/newsfeed.db").open("rb"), delivery(bench.made) as opened:
        opened.store._database._raw.execute("UPDATE deliveries SET state = 'deferred' WHERE id = 1")
        opened.store._database._raw.execute("UPDATE deliveries SET next_try = planned_at WHERE id = 1")
    story(bench.made.folder, "fresh", "2030-02-08")
    write_tree(bench.made.folder, BAD)
    done = bench.tick(timedelta(days=7))
    assert isinstance(done.unplanned, ProblemsFound)
    assert done.counts.states == {"accepted": 1}


def test_a_round_that_fails_is_said_and_tried_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is in trouble: every round says so, and the first one after it works."""
    broken = [True, True, False]
    recover = type(bench.service.round_context.send_queue).recover

    def recovers(self: object, now: datetime) -> int:
        if broken.pop(0):
            raise OutsideError("the disk is full")
        return recover(self, now)  # type: ignore[arg-type]

    monkeypatch.setattr(type(bench.service.round_context.send_queue), "recover", recovers)
    for number in (1, 2):
        assert bench.tick() is None
        assert bench.health() == (False, "the disk is full")
        assert len(bench.troubles) == number
    assert bench.tick().counts.states == {"accepted": 2}
    assert bench.health() == (True, "")


def test_a_round_that_fails_forgets_no_planning_trouble(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until the moment of the next reading."""
    write_tree(bench.made.folder, BAD)
    bench.tick()
    due = bench.plan_from
    assert due == bench.clock[0] + PLAN_AGAIN

    def broken(*_: object, **__: object) -> None:
        raise OutsideError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(service, "plan_round", broken)
        bench.tick()
    assert bench.plan_from == due


def test_a_clock_that_is_set_back_delays_nothing(bench: Bench) -> None:
    """A site with errors is read again after five minutes, and not after the difference as well."""
    write_tree(bench.made.folder, BAD)
    bench.tick()
    (bench.made.folder / "news/2030/bad.en.md").unlink()
    assert bench.tick(timedelta(minutes=-90)).counts.states == {"accepted": 2}


def test_readers_of_a_digest_that_is_gone_want_a_person(bench: Bench) -> None:
    """The health file says so, also between the hourly looks at the store."""
    people = bench.service.round_context.people
    person = next(iter(people.all()))
    old = {**person.subscriptions, "old": Subscription(digest="old")}
    people.save([replace(person, subscriptions=old)])
    for _ in range(2):
        bench.tick()
        assert bench.health() == (False, "people read what config.toml does not have: old")
    assert [dict(one.orphaned) for one in bench.rounds] == [{"old": 1}, {}]
    people.save([replace(next(iter(people.all())), subscriptions=person.subscriptions)])
    bench.tick(SURVEY_AGAIN)
    assert bench.health() == (True, "")


def test_a_scheduler_that_sleeps_through_a_clock_set_back_is_woken() -> None:
    """Its next moment is an hour away then, as far as it knows; a late tick makes it due at once."""
    awake = threading.Event()
    jobs = JobBoard(lambda: datetime.now(UTC), lambda _: None)
    jobs.every(service.RETRIES, 3600, awake.set)
    jobs.start()
    try:
        service.wait_for_tick(awake, jobs, 0.02)
        assert awake.wait(60)
    finally:
        jobs.stop()


def test_a_relay_that_hangs_holds_up_no_planning(tmp_path: Path, sink: Sink) -> None:
    """Its mail is on the wire for as long as it takes; the next issue is planned meanwhile, and leaves over
    the other connections.
    """
    hangs = threading.Event()
    first = {"dot": address(0)}

    def relay(stage: str, who: str) -> bytes:
        if first.get(stage) == who:
            first.clear()
            hangs.wait(60)
        return FINE

    sink.reply = relay
    made = site(tmp_path, 4, port=sink.port, connections=4)
    try:
        with delivery(made) as opened:
            bench = Bench(made, [MONDAY], opened)
            bench.rounds_of_it.do_round(0.5)
            story(made.folder, "fresh", "2030-02-08")
            bench.clock[0] += timedelta(days=7)
            bench.rounds_of_it.do_round(0.5)
            assert [len(one.frozen) for one in bench.rounds] == [1, 1]
            wait_until(lambda: len(sink.taken) >= 7)
            hangs.set()
            bench.rounds_of_it.do_round(30)
            assert bench.rounds[-1].counts.states == {"accepted": 8}
            assert bench.troubles == []
    finally:
        hangs.set()


def test_a_full_disk_keeps_no_mail_back(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """That the service is well cannot be written then; it goes on, and says so."""

    def full(path: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(service, "write_private", full)
    done = bench.tick()
    assert done is not None
    assert done.counts.states == {"accepted": 2}
    assert [error.message for error in bench.troubles] == [
        f"cannot write {bench.service.health}: the disk is full"
    ]


def test_the_health_file_is_replaced_whole(tmp_path: Path) -> None:
    """Whoever watches it never reads half of it; its folder is made."""
    path = tmp_path / "var/health.json"
    write_health(path, MONDAY, "")
    write_health(path, MONDAY, "no relay")
    assert json.loads(path.read_text("utf-8")) == {
        "at": MONDAY.isoformat(),
        "ok": False,
        "trouble": "no relay",
        "jobs": {},
        "ended": False,
    }
    assert [one.name for one in path.parent.iterdir()] == ["health.json"]
