"""A small site, its store and rounds of sending at chosen moments, in this process."""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bench.site import LANGUAGES, MONDAY, Made, address, make_site
from newsfeed.app.delivery import Office, open_bureau, open_office
from newsfeed.delivery.rounds import Round, do_round
from newsfeed.subscribers.roster import ImportPlan, import_people


def site(tmp_path: Path, people: int, **wishes: object) -> Made:
    """A site with so many subscribers, evenly over four languages."""
    made = make_site(tmp_path / "site", **wishes)  # type: ignore[arg-type]
    with office(made) as opened:
        join(opened, range(people))
    return made


def join(opened: Office, numbers: range, now: datetime = MONDAY - timedelta(days=20)) -> None:
    """Import invented people."""
    lines = ["email,name,language"]
    lines += [f"{address(number)},Reader {number},{LANGUAGES[number % 4]}" for number in numbers]
    plan = ImportPlan("staff", "on paper", "test", LANGUAGES, ("water",))
    outcomes = {line.outcome for line in import_people(opened.registry, "\n".join(lines), plan, now)}
    assert outcomes <= {"added"}


@contextmanager
def office(made: Made) -> Iterator[Office]:
    """The site's store, open."""
    with open_office(made.folder, os.environ) as opened:
        yield opened


def round_at(made: Made, now: datetime, stop: threading.Event | None = None) -> Round:
    """What ``newsfeed send --now`` does, with the clock standing still."""
    with office(made) as opened:
        bureau = open_bureau(opened, lambda: now, lambda *_: None, os.environ)
        return do_round(bureau, stop or threading.Event())


def states(made: Made) -> Counter[str]:
    """State → deliveries of the newest issue; the receipt must balance."""
    with office(made) as opened:
        issue = opened.store.issues.find("staff")
        assert issue is not None
        found: Counter[str] = Counter()
        for by_state in opened.store.issues.receipt(issue.id).values():
            found.update(by_state)
        return found


def rows(made: Made, question: str) -> list[tuple[object, ...]]:
    """Look straight into the tables."""
    with office(made) as opened, opened.store._database.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(question)]


def wait_until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    """Until something happened; fails the test when it does not."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)
