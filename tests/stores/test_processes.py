"""Several processes over one store, started at the same moment, and killed at any."""

import subprocess
import sys
from pathlib import Path

import pytest

from newsfeed.stores.sql import open_store
from tests.contracts.postgres import Server
from tests.contracts.stores import NOW, Place, hash_address, person, plan, states

ROOT = Path(__file__).parents[2]


class Worker:
    """Another process; it has been started, and waits for the word."""

    def __init__(self, verb: str, url: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.stores.worker", verb, url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        assert self.line() == "ready", self.process.communicate()[1]

    def go(self) -> None:
        """The word."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def line(self) -> str:
        """The next line it prints."""
        return self.process.stdout.readline().strip()

    def kill(self) -> list[int]:
        """SIGKILL; the numbers it had printed and nobody had read."""
        self.process.kill()
        rest = self.process.stdout.read()
        self.process.communicate()
        return [int(word) for word in rest.split()]

    def reserve_numbers(self) -> list[int]:
        """What it printed, when it has ended well."""
        out, err = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, err
        return [int(word) for word in out.split()]


def together(verb: str, url: str, count: int) -> list[list[int]]:
    """What several processes found that began at the same moment."""
    workers = [Worker(verb, url) for _ in range(count)]
    for worker in workers:
        worker.go()
    return [worker.reserve_numbers() for worker in workers]


def test_processes_that_claim_at_the_same_moment_share_the_work(shared: Place) -> None:
    """Every delivery is taken up by exactly one of them."""
    store = shared.open()
    people = store.people.save([person(f"p{n}") for n in range(200)])
    issue = plan(store, people)
    taken = together("claim", shared.url, 2)
    assert sorted(number for some in taken for number in some) == list(range(1, 201))
    assert states(store, issue) == {"accepted": 200}


def test_a_killed_process_is_known_to_be_dead_at_once(shared: Place) -> None:
    """What it had claimed is free again and what it had on the wire is in doubt; a living one's is not."""
    store = shared.open()
    issue = plan(store, store.people.save([person(f"p{n}") for n in range(6)]))
    doomed, living = Worker("hang", shared.url), Worker("hang", shared.url)
    doomed.go()
    dead = doomed.line()
    living.go()
    alive = living.line()
    assert (store.owners.is_alive(dead), store.owners.is_alive(alive)) == (True, True)
    assert store.send_queue.recover(NOW) == 0
    doomed.kill()
    for _ in range(100):  # PostgreSQL's side of the connection ends a moment later
        if not store.owners.is_alive(dead):
            break
    assert (store.owners.is_alive(dead), store.owners.is_alive(alive)) == (False, True)
    assert store.send_queue.recover(NOW) == 1
    assert states(store, issue) == {"intent": 1, "planned": 4, "unknown": 1}
    assert len(store.send_queue.claim(store.owners.register(), NOW, 10)) == 2
    living.kill()


def test_a_sender_killed_again_and_again_loses_nobody(shared: Place) -> None:
    """Each kill leaves at most one message in doubt: only that one is sent twice."""
    store = shared.open()
    issue = plan(store, store.people.save([person(f"p{n}") for n in range(120)]))
    sent: list[int] = []
    kills = (1, 20, 21, 7)
    for stop in kills:
        worker = Worker("send", shared.url)
        worker.go()
        sent.extend(int(worker.line()) for _ in range(stop))
        sent.extend(worker.kill())
        while any(store.owners.is_alive(owner) for owner in _owners(store)):
            pass
    worker = Worker("send", shared.url)
    worker.go()
    sent.extend(worker.reserve_numbers())
    assert states(store, issue) == {"accepted": 120}
    assert set(sent) == set(range(1, 121))
    assert len(sent) - 120 <= len(kills)


def _owners(store) -> list[str]:
    from newsfeed.stores.sql.send_queue import _OWNERS

    with store._database.read() as connection:
        return list(connection.scalars(_OWNERS))


def test_processes_may_make_a_database_at_the_same_moment(tmp_path: Path) -> None:
    """One of them makes the tables, the others wait."""
    url = f"sqlite:///{tmp_path}/new/newsfeed.db"
    assert together("open", url, 3) == [[0]] * 3


@pytest.mark.xdist_group("postgresql")
def test_processes_may_fill_an_empty_postgresql_at_the_same_moment(postgres: Server) -> None:
    """One of them makes the tables, the others wait."""
    url = postgres.create()
    assert together("open", url, 3) == [[0]] * 3
    open_store(url, hash_address=hash_address).close()
