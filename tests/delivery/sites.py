"""A small site, its store and rounds of sending at chosen moments, in this process."""

import os
import signal
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bench.site import LANGUAGES, MONDAY, Made, address, make_site
from newsfeed.app.delivery import DeliveryContext, open_delivery_context, open_round_context
from newsfeed.delivery.rounds import SendRound, run_send_round
from newsfeed.subscribers.roster import ImportPlan, import_people
from tests.contracts.stores import new_database


def site(tmp_path: Path, people: int, **wishes: object) -> Made:
    """A site with so many subscribers, evenly over four languages."""
    made = make_site(tmp_path / "site", **wishes)  # type: ignore[arg-type]
    if "store" not in wishes:
        new_database(made.folder / "var" / "newsfeed.db")
    with delivery(made) as opened:
        join(opened, range(people))
    return made


def join(opened: DeliveryContext, numbers: range, now: datetime = MONDAY - timedelta(days=20)) -> None:
    """Import invented people."""
    lines = ["email,name,language"]
    lines += [f"{address(number)},Reader {number},{LANGUAGES[number % 4]}" for number in numbers]
    plan = ImportPlan("staff", "on paper", "test", LANGUAGES, ("water",))
    outcomes = {line.outcome for line in import_people(opened.roster_context, "\n".join(lines), plan, now)}
    assert outcomes <= {"added"}


@contextmanager
def delivery(made: Made) -> Iterator[DeliveryContext]:
    """The site's store, open."""
    with open_delivery_context(made.folder, os.environ) as opened:
        yield opened


def round_at(made: Made, now: datetime, stop: threading.Event | None = None) -> SendRound:
    """What ``newsfeed send --now`` does, with the clock standing still."""
    with delivery(made) as opened:
        round_context = open_round_context(opened, lambda: now, lambda *_: None, os.environ)
        return run_send_round(round_context, stop or threading.Event())


def states(made: Made) -> Counter[str]:
    """State → deliveries of the newest issue; the receipt must balance."""
    with delivery(made) as opened:
        issue = opened.store.issues.find("staff")
        assert issue is not None
        found: Counter[str] = Counter()
        for by_state in opened.store.issues.receipt(issue.id).values():
            found.update(by_state)
        return found


def rows(made: Made, question: str) -> list[tuple[object, ...]]:
    """Look straight into the tables."""
    with closing(sqlite3.connect(made.folder / "var" / "newsfeed.db")) as connection:
        return connection.execute(question).fetchall()


def wait_until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    """Until something happened; fails the test when it does not. Looks take a third of the time at most: what
    is waited for needs the processor, too.
    """
    deadline = time.monotonic() + seconds
    while True:
        began = time.monotonic()
        if true():
            return
        now = time.monotonic()
        assert now < deadline, "it did not happen"
        time.sleep(max(0.005, 2 * (now - began)))


def heeds(process: subprocess.Popen[bytes], number: signal.Signals) -> bool:
    """Whether a process has a handler of its own for a signal: one that has just begun would only die of it."""
    told = Path(f"/proc/{process.pid}/status").read_text("ascii")
    caught = next(line.split()[1] for line in told.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught, 16) >> (number - 1) & 1)
