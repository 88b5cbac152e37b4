"""``newsfeed`` by a clock that tests set: ``python -m … CLOCK SKEW WORDS…``.

CLOCK is a file with the seconds by which everybody's clock is ahead of the machine's; SKEW are those by which
this process is wrong beside the others. Workers look for what is due every second, and leases are short.
"""

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsfeed import cli
from newsfeed.app import worker
from newsfeed.cli.context import CommandContext
from newsfeed.core.delivery import tasks

LEASE = 3.0


def main(clock: str, skew: str, *words: str) -> None:
    """Run a command until its end."""
    file, run_worker = Path(clock), worker.run_worker

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(file.read_text()) + float(skew))

    CommandContext.now = lambda self, given: now()
    CommandContext.clock = lambda self, given: now
    worker.run_worker = lambda setup: run_worker(replace(setup, lease=LEASE))
    tasks.PERIODIC.update(dict.fromkeys(tasks.PERIODIC, 1) | {tasks.FORGET: 5})
    sys.argv = ["newsfeed", *words]
    cli.main()


if __name__ == "__main__":
    main(*sys.argv[1:])
