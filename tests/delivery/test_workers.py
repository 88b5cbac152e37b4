"""Workers over one PostgreSQL that are killed, stopped and cut off at random, and what readers get all the same."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from bench.sink import Sink
from bench.site import Made, environment
from tests.contracts.postgres import Server
from tests.delivery.hurried_worker import LEASE
from tests.delivery.sites import heeds, site, states, wait_until

pytestmark = pytest.mark.xdist_group("postgresql")
IS_LONG = "NEWSFEED_LONG" in os.environ
PEOPLE = 20_000 if IS_LONG else 1_000
HURTS = 40 if IS_LONG else 7
CONNECTIONS, CONCURRENCY = 4, 2
ROOT = Path(__file__).parents[2]


@dataclass
class Fleet:
    """Three workers that send, another that plans, and a hand that hurts them."""

    made: Made
    url: str
    log: Path
    chance: random.Random
    workers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    hurts: Counter[str] = field(default_factory=Counter)

    def start(self, name: str, queues: str = "send") -> None:
        """A worker whose connections to the database have its name."""
        with self.log.open("ab") as log:
            self.workers[name] = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "tests.delivery.hurried_worker",
                    str(self.made.folder),
                    queues,
                    str(CONCURRENCY),
                ],
                cwd=ROOT,
                env={**environment(), "PGAPPNAME": name},
                stdout=log,
                stderr=log,
            )

    def hurt(self) -> None:
        """One of the workers, in one of three ways."""
        name = self.chance.choice([name for name in self.workers if name != "planner"])
        kind = ("kill", "cut", "stop")[self.hurts.total() % 3]
        self.hurts[kind] += 1
        worker = self.workers[name]
        if kind == "kill":
            worker.kill()
            worker.wait()
            self.start(name)
        elif kind == "cut":
            with psycopg.connect(self.url, autocommit=True) as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
                    [name],
                )
        else:
            worker.send_signal(signal.SIGSTOP)
            wait_until(lambda: not self._holds(name))
            worker.send_signal(signal.SIGCONT)

    def _holds(self, name: str) -> bool:
        """Whether a worker's lease still stands: the process number is the beginning of its owner's name."""
        with psycopg.connect(self.url) as connection:
            query = "SELECT count(*) FROM batches WHERE holder LIKE %s"
            found = connection.execute(query, [f"{self.workers[name].pid}-%"]).fetchone()
        return found != (0,)

    def end(self) -> list[int]:
        """SIGTERM for all, as soon as they heed it; their exit statuses."""
        wait_until(lambda: all(heeds(worker, signal.SIGTERM) for worker in self.workers.values()))
        for worker in self.workers.values():
            worker.send_signal(signal.SIGTERM)
        return [worker.wait(10) for worker in self.workers.values()]


@contextmanager
def fleet(made: Made, url: str, log: Path, seed: int) -> Iterator[Fleet]:
    """Workers that are gone in the end."""
    found = Fleet(made, url, log, random.Random(seed))
    try:
        found.start("planner", "plan")
        wait_until(lambda: workers_of(url) == 1)  # the first of all makes the store its own
        for number in range(3):
            found.start(f"worker{number}")
        yield found
    finally:
        for worker in found.workers.values():
            worker.kill()
            worker.wait()


def test_workers_that_are_hurt_lose_nobody_and_double_few(postgres: Server, tmp_path: Path) -> None:
    """Nobody is left out. Twice come at most the messages that were on open connections when a worker was hurt,
    with the Message-ID they had. The books balance, and nothing is left behind.
    """
    url, seed = postgres.create(), int(os.environ.get("NEWSFEED_SEED", "1"))
    sink = Sink(delay=0.02, chance=random.Random(seed)).start()
    made = site(tmp_path, PEOPLE, port=sink.port, connections=CONNECTIONS, store=url)
    with fleet(made, url, tmp_path / "log", seed) as workers:
        for number in range(1, HURTS + 1):
            goal = PEOPLE * number // (HURTS + 1)
            wait_until(lambda goal=goal: len(sink.taken) >= goal, 300)
            workers.hurt()
        wait_until(lambda: len({one.recipient for one in sink.taken}) == PEOPLE, 300)
        wait_until(lambda: not_finished(url) == 0, 60)
        assert workers.end() == [0] * 4
    sink.close()
    messages: dict[str, list[str]] = {}
    for one in sink.taken:
        messages.setdefault(one.recipient, []).append(one.message_id)
    assert len(messages) == PEOPLE
    assert {len(set(ids)) for ids in messages.values()} == {1}
    assert len(sink.taken) - PEOPLE <= HURTS * CONNECTIONS
    assert states(made) == {"accepted": PEOPLE}
    assert min(workers.hurts.values()) >= HURTS // 3
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM workers").fetchone() == (0,)
    said = (tmp_path / "log").read_text(encoding="utf-8")
    assert "Traceback" not in said


def workers_of(url: str) -> int:
    """Workers that have begun."""
    with psycopg.connect(url) as connection:
        (number,) = connection.execute("SELECT count(*) FROM workers").fetchone()
    return number


def not_finished(url: str) -> int:
    """Deliveries without an outcome, and batches that somebody holds."""
    with psycopg.connect(url) as connection:
        query = "SELECT count(*) FROM deliveries WHERE state <> 'accepted' OR owner IS NOT NULL"
        (deliveries,) = connection.execute(query).fetchone()
        (batches,) = connection.execute("SELECT count(*) FROM batches WHERE holder IS NOT NULL").fetchone()
    return deliveries + batches


def test_the_lease_of_the_tests_is_shorter_than_their_patience() -> None:
    """Whoever waits for one to run out waits a few seconds."""
    assert LEASE < 10
