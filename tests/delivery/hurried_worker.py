"""A worker with a short lease that looks for what is due every second: ``python -m … ROOT QUEUES CONCURRENCY``."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.site import MONDAY
from newsfeed.app.delivery import open_delivery_context
from newsfeed.app.worker import WorkerReports, WorkerSetup, run_worker
from newsfeed.core.delivery import tasks
from newsfeed.scheduling.stopping import StopSignal

LEASE = 2.0


def main(root: str, queues: str, concurrency: str) -> None:
    """Run until SIGTERM."""
    began = datetime.now(UTC)
    stop = StopSignal()
    tasks.PERIODIC.update({tasks.FIND_BATCHES: 1, tasks.PLAN_ISSUES: 1})

    def silent(*_: object) -> None:
        """Nobody listens."""

    def told(error: Exception) -> None:
        sys.stderr.write(f"{error}\n")

    with stop.listening(), open_delivery_context(Path(root), os.environ) as delivery:
        run_worker(
            WorkerSetup(
                delivery=delivery,
                queues=queues.split(","),
                concurrency=int(concurrency),
                output=Path(root) / "public",
                clock=lambda: MONDAY + (datetime.now(UTC) - began),
                reports=WorkerReports(silent, silent, silent, told, silent, silent, silent),
                environment=os.environ,
                stop=stop,
                lease=LEASE,
            )
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
