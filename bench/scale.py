"""One, two, three workers over one PostgreSQL, against a relay that thinks 20 ms about every message.

    python bench/scale.py [--messages 2400] [--workers 1 2 3] [--pause 0.02]

Each time anew: a private server with ``fsync=on``, a site in four languages, readers at seven domains,
``newsfeed worker --queues send`` so many times, and one that plans. Measured is the time from the first
message the relay takes to the last. Beside it: what the database wrote, and keeps, for each message. Exit
status 1 when a second worker is not 1.7 times as fast as one, or a third 2.3 times.
"""

# ruff: noqa: PLC0415 - the server is that of the tests
from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import psycopg  # noqa: E402

from bench.sink import Sink  # noqa: E402
from bench.site import MONDAY, Made, make_site  # noqa: E402

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from tests.contracts.postgres import Server

GOALS = {2: 1.7, 3: 2.3}
"""Workers → how many times as fast as one they have to be."""
_SAFE = ("fsync=on", "shared_buffers=128MB", "listen_addresses=")
CONNECTIONS = 3
"""To the relay, of one worker: two for batches, one for mails that people wait for."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One run."""

    sending: float
    """Seconds from the first message to the last."""
    wal_planned: float
    """Bytes of WAL for a message that is planned."""
    wal_sent: float
    """Bytes of WAL for a message that is sent."""
    kept: float
    """Bytes of table and indexes for a message, when all are sent."""


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--messages", type=int, default=2_400)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--pause", type=float, default=0.02)
    options = parser.parse_args()
    from tests.contracts import postgres

    found: dict[int, Figures] = {}
    with postgres.running(_SAFE) as server:
        for number in options.workers:
            found[number] = run(server, number, options.messages, options.pause)
            report(number, found[number], options.messages, found.get(1))
    slow = [n for n, goal in GOALS.items() if n in found and 1 in found and speed(found, n) < goal]
    return 1 if slow else 0


def speed(found: dict[int, Figures], number: int) -> float:
    """How many times as fast so many are as one."""
    return found[1].sending / found[number].sending


def report(number: int, one: Figures, messages: int, single: Figures | None) -> None:
    """One line."""
    times = f", {single.sending / one.sending:.2f} ×" if single is not None else ""
    print(
        f"{number} workers: {messages / one.sending:.0f} messages/s{times};"
        f" a message: {one.wal_planned:.0f} + {one.wal_sent:.0f} bytes of WAL, {one.kept:.0f} kept",
        flush=True,
    )


def run(server: Server, number: int, messages: int, pause: float) -> Figures:
    """Plan and send one issue with so many workers."""
    url = server.create()
    sink = Sink(pause=pause).start()
    with tempfile.TemporaryDirectory() as folder:
        made = make_site(Path(folder) / "site", port=sink.port, connections=CONNECTIONS, store=url)
        made.take_up(messages)
        workers = []
        for _ in range(number):  # one by one: the first makes the store its own
            workers.append(start(made, "send"))
            until(lambda: ask(url, "SELECT count(*) FROM workers") == len(workers))
        before = wal(url)
        workers.append(start(made, "plan"))
        until(lambda: ask(url, "SELECT count(*) FROM issues") == 1)
        planned = wal(url)
        until(lambda: len(sink.taken) >= messages)
        until(lambda: ask(url, "SELECT count(*) FROM deliveries WHERE state <> 'accepted'") == 0)
        sent = wal(url)
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
            worker.wait(15)
        moments = [one.at for one in sink.taken]
        kept = ask(url, "SELECT pg_total_relation_size('deliveries')") / messages
    sink.close()
    wal_planned, wal_sent = (planned - before) / messages, (sent - planned) / messages
    return Figures(max(moments) - min(moments), wal_planned, wal_sent, kept)


def start(made: Made, queue: str) -> subprocess.Popen[bytes]:
    """A worker of one queue."""
    return made.start("worker", "--now", MONDAY.isoformat(), "--queues", queue, "--log-level", "error")


def wal(url: str) -> float:
    """How much the server has written to its log so far."""
    return ask(url, "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")


def ask(url: str, question: str) -> float:
    """One number."""
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[arg-type]
    return float(row[0]) if row else 0.0


def until(true: Callable[[], bool], seconds: float = 300.0) -> None:
    """Wait for something."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise SystemExit("it did not happen")
        time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main())
