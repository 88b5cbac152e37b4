"""A week of two machines over one PostgreSQL: three digests in four languages and two zones, editors who push,
readers who come, change and leave, and what goes wrong meanwhile.
"""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts import postgres
from tests.contracts.postgres import Server
from tests.delivery.week import Week, simulated

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("postgresql")]
IS_LONG = "NEWSFEED_LONG" in os.environ
PEOPLE = 1_200 if IS_LONG else 60


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of our own: it is restarted."""
    with postgres.running() as found:
        yield found


def test_a_week_of_two_machines(server: Server, tmp_path: Path) -> None:
    """Nobody misses an issue, nobody gets one twice but from a machine that was killed or cut off, nobody
    gets mail after leaving; the books balance, and both machines are well. ``NEWSFEED_LONG=1``: at each step
    one of them is killed, cut off or stopped besides.
    """
    chance = random.Random(os.environ.get("NEWSFEED_SEED", "1")) if IS_LONG else None
    with simulated(tmp_path / "week", server, PEOPLE, chance) as week:
        week.sink.pause = 0.01 if IS_LONG else 0.0
        live_through(week)
        sums = week.check()
    if IS_LONG:
        print(f"\n{sums}")  # noqa: T201


def live_through(week: Week) -> None:
    """Monday to Monday."""
    here, there = week.machines
    late = "late@readers3.example"
    week.begin("2030-03-25T05:00+00:00", {"well": "2030-03-20", "pump": "2030-03-22"})
    week.go("2030-03-25T06:58+00:00", by=there)  # to its clock, Monday's issue is due
    week.go("2030-03-25T07:01+00:00")
    week.go("2030-03-26T08:00+00:00")
    week.join(late, "fr", "morning")
    week.publish("source")
    week.choose(week.somebody("evening", 0), "nl")
    week.leave(week.somebody("staff", 3))
    week.go("2030-03-26T22:01+00:00")
    with week.in_midst("2030-03-27T01:31+00:00", there):
        week.kill(there)
    week.go("2030-03-27T09:00+00:00")
    week.publish("river")
    week.bounce(week.somebody("morning", 1))
    week.go("2030-03-28T01:31+00:00")
    week.go("2030-03-28T09:00+00:00")
    week.publish("bridge")
    with week.in_midst("2030-03-28T22:01+00:00", here):
        week.restart_database()
        week.back(there)
    week.go("2030-03-29T10:00+00:00")
    week.publish("lake")
    week.leave(late)
    week.go("2030-03-30T01:31+00:00")
    week.go("2030-03-30T22:01+00:00")
    week.go("2030-03-31T00:58+00:00", by=there)
    week.go("2030-03-31T01:01+00:00")
    week.go("2030-03-31T22:01+00:00")
    week.go("2030-04-01T00:31+00:00")
    week.go("2030-04-01T06:01+00:00")
