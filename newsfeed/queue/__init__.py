"""Edges that carry tasks to whoever runs them: within one process, or over PostgreSQL to any number of
machines.

`open_queue` chooses by the store's URL. No decision is made here, and nothing is remembered that the ledger
does not know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsfeed.queue_ports import TaskQueue


def open_queue(url: str) -> TaskQueue:
    """Return the queue that goes with a store. Raises `UsageError` when its library is missing."""
    if url.partition(":")[0].partition("+")[0] in ("postgresql", "postgres"):
        from newsfeed.queue.on_postgresql import PostgresqlQueue

        return PostgresqlQueue(url)
    from newsfeed.queue.in_process import InProcessQueue

    return InProcessQueue()
