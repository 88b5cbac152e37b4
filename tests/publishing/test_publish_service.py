"""The part of the service that publishes: what wakes it, and that nothing it meets ends it."""

import errno
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newsfeed.app import publish_service
from newsfeed.app.publish_service import LEAD, PublishReports, PublishService, leave_sign
from newsfeed.errors import NewsfeedError, OutsideError
from newsfeed.scheduling.jobs import JobBoard
from newsfeed.scheduling.stopping import StopSignal
from newsfeed.testing import write_tree
from tests.cli.command import environment
from tests.delivery.sites import wait_until
from tests.publishing.repositories import Place, make_place, story

NOTHING = {"outcome": "unchanged"}


class Bench:
    """A service over a verb that a test writes, with its real clock and jobs."""

    def __init__(self, root: Path, publish: Callable[[datetime | None], Any], **more: Any) -> None:
        self.done: list[Any] = []
        self.troubles: list[NewsfeedError] = []
        self.stop = StopSignal()
        clock = lambda: datetime.now(UTC)  # noqa: E731
        self.jobs = JobBoard(clock, self.troubles.append)
        reports = PublishReports(self.done.append, self.troubles.append)
        self.service = PublishService(root, publish, self.jobs, clock, reports, self.stop, **more)
        self.jobs.start()

    def end(self) -> None:
        """As a signal does it."""
        self.stop.set()
        self.jobs.stop()
        self.service.join()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for quiet."""
    monkeypatch.setattr(publish_service, "QUIET", 0.2)
    monkeypatch.setattr(publish_service, "LONGEST", 2.0)


@pytest.fixture
def benches() -> Iterator[list[Bench]]:
    """Services that end with the test."""
    found: list[Bench] = []
    yield found
    for one in found:
        one.end()


def test_it_fetches_at_the_start_and_at_each_sign_of_a_push(
    tmp_path: Path, quick: None, benches: list[Bench]
) -> None:
    """Of this process or another: a file says so."""
    asked: list[bool] = []

    def publish(turn: datetime | None) -> Any:
        asked.append(turn is None)
        return NOTHING

    bench = Bench(tmp_path, publish)
    benches.append(bench)
    bench.service.start()
    wait_until(lambda: asked == [True])
    leave_sign(tmp_path)
    wait_until(lambda: asked == [True, True])
    bench.service.look()
    wait_until(lambda: asked == [True] * 3)
    time.sleep(0.6)
    assert len(asked) == 3


def test_pushes_while_it_publishes_are_one_more_look_at_the_newest(
    tmp_path: Path, quick: None, benches: list[Bench]
) -> None:
    """One at a time, and none is forgotten."""
    begun, go, asked = threading.Event(), threading.Event(), []

    def publish(turn: datetime | None) -> Any:
        asked.append(turn is None)
        begun.set()
        go.wait(30)
        return NOTHING

    bench = Bench(tmp_path, publish)
    benches.append(bench)
    bench.service.start()
    assert begun.wait(30)
    for _ in range(5):
        leave_sign(tmp_path)
        bench.service.look()
        time.sleep(0.02)
    assert asked == [True]
    go.set()
    wait_until(lambda: len(asked) == 2)
    time.sleep(0.6)
    assert asked == [True, True]


def leave_turn(root: Path, moment: str) -> None:
    """As a publishing leaves word of the next story."""
    write_tree(root, {"var/publish/state.json": json.dumps({"next_turn": moment})})


def test_the_next_story_wakes_it_at_its_moment_without_a_fetch(
    tmp_path: Path, quick: None, benches: list[Bench]
) -> None:
    """The job is armed anew after each publishing, and is there to be seen."""
    asked: list[tuple[datetime | None, datetime]] = []
    turns = [datetime.now(UTC) + timedelta(seconds=3)]
    turns.append(turns[0] + timedelta(seconds=0.7))

    def publish(turn: datetime | None) -> Any:
        asked.append((turn, datetime.now(UTC)))
        leave_turn(tmp_path, turns[len(asked) - 1].isoformat() if len(asked) <= 2 else "")
        return NOTHING

    bench = Bench(tmp_path, publish)
    benches.append(bench)
    bench.service.start()
    wait_until(lambda: "next story" in bench.jobs.next_times())
    wait_until(lambda: len(asked) == 3)
    assert [turn for turn, _ in asked] == [None, *turns]
    for turn, (_, at) in zip(turns, asked[1:], strict=True):
        assert turn - LEAD <= at < turn  # the process it begins has everything at hand then, and waits
    assert "next story" not in bench.jobs.next_times()


def test_trouble_is_told_once_and_tried_again(
    tmp_path: Path, quick: None, benches: list[Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it works; then all is well."""
    monkeypatch.setattr(publish_service, "_PAUSE", timedelta(seconds=0.3))
    answers: list[Any] = [OutsideError("the repository is gone")] * 3 + [KeyError("x"), NOTHING]

    def publish(turn: datetime | None) -> Any:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    bench = Bench(tmp_path, publish)
    benches.append(bench)
    bench.service.start()
    bench.service.wait_for_first_look()  # which failed; whoever has waited for it goes on
    wait_until(lambda: bench.service.trouble == "the repository is gone")
    wait_until(lambda: not answers and bench.service.trouble == "")
    assert [one.message for one in bench.troubles] == ["the repository is gone", "KeyError"]
    assert len(bench.done) == 1


def test_whoever_hears_of_a_publishing_and_fails_ends_nothing(
    tmp_path: Path, quick: None, benches: list[Bench]
) -> None:
    """As when no more files can be opened, because of many visitors: the next push is published."""
    bench = Bench(tmp_path, lambda _: NOTHING)
    benches.append(bench)
    heard: list[Any] = []

    def hear(data: Any) -> None:
        heard.append(data)
        raise OSError(errno.EMFILE, "Too many open files")

    bench.service._reports = PublishReports(hear, bench.troubles.append)
    bench.service.start()
    wait_until(lambda: bool(bench.service.trouble))
    bench.service.look()
    wait_until(lambda: len(heard) == 2)


def test_a_refused_commit_is_trouble_for_whoever_watches(
    tmp_path: Path, quick: None, benches: list[Bench]
) -> None:
    """The health file says it, until a good one comes."""
    bench = Bench(tmp_path, lambda _: {**NOTHING, "outcome": "refused"})
    benches.append(bench)
    bench.service.start()
    wait_until(lambda: bench.service.trouble == "what was to be published has errors")


# -- with real parts ---------------------------------------------------------------------------------


class Running:
    """``newsfeed run`` in a process of its own."""

    def __init__(self, place: Place, log: Path, *words: str) -> None:
        self.log = log
        with log.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "newsfeed", "-C", str(place.root), "run", *words],
                env=environment(XDG_CACHE_HOME=str(log.parent / "cache")), stdout=said, stderr=said,
            )  # fmt: skip

    def events(self, name: str) -> list[dict[str, Any]]:
        """The lines of one kind in its log."""
        lines = [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]
        return [one for one in lines if one["event"] == name]

    def end(self) -> float:
        """Tell it to end; how long it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 0
        return time.monotonic() - began


def two_seconds() -> timedelta:
    """As long as that is on a machine that has nothing else to do; there this command takes a quarter of one."""
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "newsfeed", "--version"], check=True, capture_output=True, env=environment()
    )
    return timedelta(seconds=max(2.0, 6 * (time.monotonic() - began)))


@pytest.mark.slow
def test_a_push_and_the_clock_publish_within_seconds(tmp_path: Path) -> None:
    """A story appears within two seconds of its minute, and vanishes so; the page and the feed show it."""
    place = make_place(tmp_path, 'poll = "0s"\n')
    service = Running(place, tmp_path / "log")
    try:
        wait_until(lambda: place.page("well") is not None)
        due = (datetime.now(UTC) + timedelta(seconds=8)).replace(microsecond=0)
        over = due + timedelta(seconds=4)
        more = f"expires: {over:%Y-%m-%dT%H:%M:%SZ}\n"
        place.push(
            story("soon", "Soon", f"{due:%Y-%m-%dT%H:%M:%SZ}", more)
            | story("now", "At once", "2026-01-01T08:00Z")
        )
        leave_sign(place.root)
        wait_until(lambda: place.page("now") is not None, 20)
        for moment, there in ((due, True), (over, False)):
            assert (place.page("soon") is None) is there
            wait_until(lambda there=there: (place.page("soon") is not None) is there, 30)
            assert timedelta() <= datetime.now(UTC) - moment < two_seconds()
        wait_until(lambda: len(service.events("published")) == 4)
        (first,) = service.events("starting")
        assert (first["parts"], first["repository"]) == (["publish"], str(place.bare))
        health = place.root / "var/health-publish.json"
        running = json.loads(health.read_text("utf-8"))
        assert (running["ok"], running["ended"], "tidying" in running["jobs"]) == (True, False, True)
    finally:
        took = service.end()
    assert took < 10
    ended = json.loads(health.read_text("utf-8"))
    assert (ended["ok"], ended["ended"], ended["jobs"]) == (True, True, {})


@pytest.mark.slow
def test_a_service_that_is_ended_while_it_publishes_ends_and_goes_on_later(tmp_path: Path) -> None:
    """Within ten seconds; the next start publishes what was pushed."""
    place = make_place(tmp_path, 'poll = "0s"\n')
    files: dict[str, str] = {}
    for number in range(150):
        files |= story(f"s{number}", f"Story {number}", "2026-01-01T08:00Z")
    place.push(files)
    service = Running(place, tmp_path / "log")
    wait_until((place.root / "var/publish/trees/a").is_dir)
    assert service.end() < 10
    again = Running(place, tmp_path / "log2")
    try:
        wait_until(lambda: bool(again.events("published")))
    finally:
        again.end()
    assert place.page("s149")


@pytest.mark.slow
def test_a_repository_that_is_gone_is_told_and_stories_still_come_due(tmp_path: Path) -> None:
    """The health file wants a person; readers notice nothing."""
    place = make_place(tmp_path, 'poll = "10s"\n')
    due = (datetime.now(UTC) + timedelta(seconds=10)).replace(microsecond=0)
    place.push(story("soon", "Soon", f"{due:%Y-%m-%dT%H:%M:%SZ}"))
    service = Running(place, tmp_path / "log")
    try:
        wait_until(lambda: place.page("well") is not None)
        place.bare.rename(place.bare.with_name("gone.git"))
        leave_sign(place.root)
        wait_until(lambda: bool(service.events("trouble")))
        assert "cannot fetch main" in service.events("trouble")[0]["message"]
        wait_until(lambda: place.page("soon") is not None)
        assert datetime.now(UTC) - due < timedelta(seconds=20)  # and not the minute until another try
    finally:
        service.end()
