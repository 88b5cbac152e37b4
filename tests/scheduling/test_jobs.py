"""Jobs: when they run next, what a clock that was set means, and what becomes of failures."""

import threading
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsfeed.core.digests.slots import find_next_slot, parse_schedule
from newsfeed.errors import NewsfeedError, OutsideError
from newsfeed.scheduling.jobs import JobBoard
from newsfeed.settings import DigestSchedule

BERLIN = ZoneInfo("Europe/Berlin")


def board(troubles: list[NewsfeedError], shift: timedelta = timedelta()) -> JobBoard:
    """Jobs of a service whose clock was set by so much."""
    found = JobBoard(lambda: datetime.now(UTC) + shift, troubles.append)
    found.start()
    return found


@pytest.mark.parametrize(
    "text", ["mon 08:00", "mon,thu 07:30", "daily 23:59", "monthly 1,15 08:00", "monthly 31 06:00"]
)
def test_a_digest_has_a_job_at_its_next_slot(text: str) -> None:
    """By the local time of its zone, as the ledger's calendar has it."""
    schedule = parse_schedule(text)
    assert isinstance(schedule, DigestSchedule)
    jobs = board([])
    try:
        jobs.at_slots("digest", schedule, BERLIN, lambda: None)
        assert jobs.next_times() == {"digest": find_next_slot(schedule, BERLIN, datetime.now(UTC)).instant}
    finally:
        jobs.stop()


def test_a_clock_that_was_set_has_its_own_slots() -> None:
    """As ``newsfeed run --now`` does it: the slot comes when that clock strikes, not the machine's."""
    schedule = parse_schedule("mon 08:00")
    assert isinstance(schedule, DigestSchedule)
    slot, struck = datetime(2026, 1, 12, 8, tzinfo=BERLIN), threading.Event()
    jobs = board([], slot - timedelta(seconds=2) - datetime.now(UTC))
    try:
        jobs.at_slots("digest", schedule, BERLIN, struck.set)
        assert jobs.next_times() == {"digest": slot}
        assert struck.wait(30)
        assert jobs.next_times() == {"digest": slot + timedelta(days=7)}
    finally:
        jobs.stop()


def test_a_job_that_runs_once_replaces_the_one_that_waits() -> None:
    """And may be taken back."""
    jobs = board([])
    try:
        for hours in (1, 2):
            moment = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=hours)
            jobs.once("story", moment, lambda: None)
            assert jobs.next_times() == {"story": moment}
        jobs.once("story", None, lambda: None)
        jobs.once("story", None, lambda: None)
        assert jobs.next_times() == {}
    finally:
        jobs.stop()


def test_a_moment_that_has_passed_runs_at_once() -> None:
    """A machine that slept makes up for it."""
    ran = threading.Event()
    jobs = board([])
    try:
        jobs.once("story", datetime.now(UTC) - timedelta(days=400), ran.set)
        assert ran.wait(30)
    finally:
        jobs.stop()


def test_a_clock_that_was_set_at_the_start_counts() -> None:
    """A service started with --now waits as long as its own clock says, and tells times by it."""
    ran = threading.Event()
    jobs = board([], timedelta(days=-900))
    try:
        moment = datetime.now(UTC) - timedelta(days=900) + timedelta(seconds=0.2)
        jobs.once("soon", moment, ran.set)
        jobs.once("later", moment + timedelta(hours=1), lambda: None)
        assert abs(jobs.next_times()["later"] - moment - timedelta(hours=1)) < timedelta(seconds=2)
        assert ran.wait(30)
    finally:
        jobs.stop()


def test_what_a_job_fails_with_is_told_and_it_runs_again() -> None:
    """Of what nobody expected only its kind: its words may hold an address."""
    troubles: list[NewsfeedError] = []
    failures: list[Exception] = [OutsideError("the disk is full"), ValueError("pat@example.org")]
    done = threading.Event()

    def work() -> None:
        if failures:
            raise failures.pop(0)
        done.set()

    jobs = board(troubles)
    try:
        jobs.every("work", 0.05, work, at_once=True)
        assert done.wait(30)
        assert [one.message for one in troubles] == ["the disk is full", "ValueError"]
    finally:
        jobs.stop()


def test_a_slot_that_the_clock_jumps_over_has_a_job_all_the_same() -> None:
    """The local time does not exist that night; the job comes, and the ledger decides."""
    jobs = board([])
    try:
        jobs.at_slots("digest", DigestSchedule(time(2, 30), weekdays=tuple(range(7))), BERLIN, lambda: None)
        assert "digest" in jobs.next_times()
    finally:
        jobs.stop()


def test_a_job_that_takes_long_is_not_begun_twice_and_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """Its next moments pass, and nobody's log is disturbed."""
    begun, go = [], threading.Event()

    def work() -> None:
        begun.append(1)
        go.wait(10)

    jobs = board([])
    try:
        jobs.every("work", 0.02, work, at_once=True)
        threading.Event().wait(0.4)
        assert begun == [1]
    finally:
        go.set()
        jobs.stop()
    assert capfd.readouterr() == ("", "")


def test_jobs_that_begin_as_the_service_ends_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever moment it is: the scheduler's thread ends without an error."""
    failures: list[object] = []
    monkeypatch.setattr(threading, "excepthook", failures.append)
    for number in range(40):
        jobs = board([])
        began = threading.Event()
        jobs.once("story", datetime.now(UTC), began.set)
        if number % 2:
            began.wait(10)
        jobs.stop()
    assert failures == []


@pytest.mark.parametrize("is_ended", [False, True], ids=["before", "after"])
def test_only_failures_before_the_end_are_reported(*, is_ended: bool) -> None:
    """A job that outlives its service finds the store closed, and that is nobody's trouble."""
    troubles: list[NewsfeedError] = []
    began, goes_on, done = threading.Event(), threading.Event(), threading.Event()

    def ask_the_store() -> None:
        began.set()
        goes_on.wait(10)
        threading.Timer(0.2, done.set).start()
        raise OutsideError("it is closed")

    jobs = board(troubles)
    jobs.once("story", datetime.now(UTC), ask_the_store)
    assert began.wait(10)
    if is_ended:
        jobs.stop()
    goes_on.set()
    assert done.wait(10)
    jobs.stop()
    assert len(troubles) == (0 if is_ended else 1)


def test_whoever_wants_a_job_after_the_end_is_not_told_that_there_is_none() -> None:
    """A publishing may be done at the very moment at which the service stops."""
    ran: list[int] = []
    jobs = board([])
    jobs.every("statuses", 3600, lambda: ran.append(1))
    jobs.stop()
    jobs.run_now("statuses")
    assert (jobs.next_times(), ran) == ({}, [])
