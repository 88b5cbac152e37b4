"""Put the deliveries of an issue into batches while they are written."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from newsfeed.stores.sql.tables import batches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from newsfeed.stores.sql.engine import Database

LARGEST = 500
"""Deliveries of a batch: what a dead worker's successor has to look through, and what one lease is for."""
_FEW = 25
"""Deliveries to one receiver, among those written at once, below which it gets no batch of its own."""


class Batching:
    """The batches of one issue; memory holds those that are not full yet."""

    def __init__(self, database: Database, connection: Connection, issue_id: int) -> None:
        self._database = database
        self._connection = connection
        self._issue_id = issue_id
        self._filling: dict[tuple[int, str], dict[str, Any]] = {}
        self._made: list[dict[str, Any]] = []

    def assign(self, rows: Sequence[dict[str, Any]]) -> None:
        """Name the batch of each row that waits to be sent."""
        groups = [(row["rendering_id"], row["receivers"]) for row in rows]
        sizes = Counter(groups)
        for row, group in zip(rows, groups, strict=True):
            if row.get("state", "planned") != "planned":
                row["batch_id"] = None
                continue
            is_own = sizes[group] >= _FEW or group in self._filling
            row["batch_id"] = self._place(group if is_own else (group[0], ""))

    def finish(self) -> Sequence[int]:
        """Write the batches; return their numbers."""
        if self._made:
            self._database.insert_rows(self._connection, batches, self._made)
        return [one["id"] for one in self._made]

    def _place(self, group: tuple[int, str]) -> int:
        batch = self._filling.get(group)
        if batch is None or batch["size"] >= LARGEST:
            batch = self._filling[group] = self._begin(group)
        batch["size"] += 1
        number: int = batch["id"]
        return number

    def _begin(self, group: tuple[int, str]) -> dict[str, Any]:
        (number,) = self._database.reserve_numbers(self._connection, batches, 1)
        if self._made and number <= self._made[-1]["id"]:  # SQLite counts what is written
            number = self._made[-1]["id"] + 1
        rendering, receivers = group
        batch = {
            "id": number,
            "issue_id": self._issue_id,
            "rendering_id": rendering,
            "receivers": receivers,
            "size": 0,
            "lease": 0,
        }
        self._made.append(batch)
        return batch
