"""Hands messages over, several connections at a time, and writes the ledger before and after.

Each connection does the same dance: offer a message up to its final dot; in one transaction record
what became of the last one and the intent of this one, with state and suppression checked there;
only then the dot. A killed process leaves at most one message per connection in doubt.
"""

from __future__ import annotations

import queue
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsfeed.core import delivery as decide
from newsfeed.errors import OutsideError
from newsfeed.model import Reply, Settled

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from newsfeed.deliver.parcels import Parcels
    from newsfeed.model import Parcel
    from newsfeed.ports import Outgoing, Wire

_BATCH = 200
"""Deliveries claimed at a time: what a stopped sender gives back."""


@dataclass(slots=True)
class Tally:
    """What a round of sending did: state → deliveries."""

    states: Counter[str] = field(default_factory=Counter)
    trouble: str = ""
    """Why sending stopped early: no relay could be reached."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a sender works with."""

    outgoing: Outgoing
    parcels: Parcels
    open_wire: Callable[[], Wire]
    clock: Callable[[], datetime]
    owner: str
    connections: int
    observe: Callable[[Parcel, str, Reply], None]
    """Told of every outcome: (parcel, state, reply); for logs and progress, without addresses."""


class Sender:
    """Sends what is due until nothing is, or until it is told to stop."""

    def __init__(self, exchange: Exchange, stop: threading.Event) -> None:
        self._exchange = exchange
        self._stop = stop
        self._parcels: queue.Queue[Parcel | None] = queue.Queue(maxsize=2 * _BATCH)
        self._tally = Tally()
        self._lock = threading.Lock()

    def run(self) -> Tally:
        """Send everything that is due now."""
        workers = [
            threading.Thread(target=self._work, name=f"sender-{number}", daemon=True)
            for number in range(max(self._exchange.connections, 1))
        ]
        for worker in workers:
            worker.start()
        try:
            self._feed()
        finally:
            for _ in workers:
                self._parcels.put(None)
            for worker in workers:
                worker.join()
            self._exchange.outgoing.release(self._exchange.owner)
        return self._tally

    def _feed(self) -> None:
        """Claim what is due and pass it on; ends when there is nothing, or on trouble."""
        exchange = self._exchange
        while not self._stop.is_set() and not self._tally.trouble:
            claimed = exchange.outgoing.claim(exchange.owner, exchange.clock(), _BATCH)
            if not claimed:
                return
            for parcel in claimed:
                self._parcels.put(parcel)

    def _work(self) -> None:
        """One connection's life. Its thread must not die silently: what stops it becomes trouble."""
        line = _Line(self._exchange, self._count)
        try:
            while (parcel := self._parcels.get()) is not None:
                if self._stop.is_set() or self._tally.trouble:
                    continue  # claimed, not begun: given back at the end
                line.send(parcel)
        except OutsideError as error:
            self._tally.trouble = error.message
        finally:
            line.close()
            self._drain()

    def _drain(self) -> None:
        """After trouble the feeder must not block on a full queue."""
        while self._tally.trouble:
            try:
                if self._parcels.get_nowait() is None:
                    self._parcels.put(None)
                    return
            except queue.Empty:
                return

    def _count(self, parcel: Parcel, state: str, reply: Reply) -> None:
        with self._lock:
            self._tally.states[state] += 1
            self._exchange.observe(parcel, state, reply)


class _Line:
    """One connection and the outcome it has yet to record."""

    def __init__(self, exchange: Exchange, count: Callable[[Parcel, str, Reply], None]) -> None:
        self._exchange = exchange
        self._count = count
        self._wire: Wire | None = None
        self._settled: Settled | None = None

    def send(self, parcel: Parcel) -> None:
        """One message, from offer to outcome. Raises `OutsideError` when no relay can be reached."""
        message = self._exchange.parcels.message(parcel)
        wire = self._wire = self._wire or self._exchange.open_wire()
        refusal = wire.offer(message)
        if refusal is not None:
            self._refused(parcel, refusal)
            return
        verdict = self._step(parcel.delivery.id)
        if verdict != "go":
            self._hang_up()  # the only way to take back a message before its final dot
            self._count(parcel, verdict, Reply(0))
            return
        reply = wire.finish()
        self._settle(parcel, decide.finished(parcel.delivery, reply, self._exchange.clock()), reply)
        if reply.code in (0, 421):
            self._hang_up()

    def close(self) -> None:
        """Record the last outcome and take leave."""
        if self._settled is not None:
            self._step(None)
        self._hang_up()

    def _refused(self, parcel: Parcel, reply: Reply) -> None:
        """The relay did not want it: no intent was written, so intent and outcome go together."""
        verdict = self._step(parcel.delivery.id)
        if verdict == "go":
            self._settle(parcel, decide.refused(parcel.delivery, reply, self._exchange.clock()), reply)
        else:
            self._count(parcel, verdict, reply)
        if reply.code in (0, 421):
            self._hang_up()

    def _settle(self, parcel: Parcel, settled: Settled, reply: Reply) -> None:
        self._settled = settled
        self._count(parcel, settled.state, reply)

    def _step(self, next_id: int | None) -> str:
        exchange = self._exchange
        verdict = exchange.outgoing.step(self._settled, next_id, exchange.owner, exchange.clock())
        self._settled = None
        return verdict

    def _hang_up(self) -> None:
        if self._wire is not None:
            self._wire.close()
        self._wire = None
