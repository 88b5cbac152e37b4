"""Hands messages over, several connections at a time, and writes the ledger before and after.

Each connection does the same dance: offer a message up to its final dot; in one transaction record
what became of the last one and the intent of this one, with state and suppression checked there;
only then the dot. A killed process leaves at most one message per connection in doubt.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from newsfeed.core.delivery import retry_policy as decide
from newsfeed.errors import OutsideError
from newsfeed.records import Reply, Settled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from newsfeed.delivery.messages import Parcels
    from newsfeed.model import Message
    from newsfeed.ports import Outgoing, Wire
    from newsfeed.records import Parcel

_BATCH = 200
"""Deliveries claimed at a time: what a stopped sender gives back."""
_PAUSE = 0.02
"""Seconds between two looks at a stock that is full, or empty."""
_GRACE = 7.0
"""Seconds in which a stopped sender hears the relay out; what takes longer becomes a doubt."""
_DOUBTS = 4
"""Tries after which a message nobody vouches for is not sent again without being asked: a relay that
takes mail and always hangs up must not fill a reader's mailbox.
"""

_UNKNOWN_DIGEST = Reply(
    450, "4.3.5", "not sent: the configuration does not have this digest any more", "mail"
)
"""What the ledger says of deliveries whose digest was renamed or removed; they wait, and expire."""


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
    turned_away: Callable[[Parcel, Reply], None]
    """Told when a relay refused a reader for good, as a bounce would say later."""
    halt: Callable[[], None]
    """Called when it is told to stop: lets nobody wait for a pace or a relay's recovery any longer."""
    unsaved: list[Settled] = field(default_factory=list)
    """Outcomes the ledger could not take (full, locked): the next round begins with them."""


class Sender:
    """Sends what is due until nothing is, or until it is told to stop."""

    def __init__(self, exchange: Exchange, stop: threading.Event) -> None:
        self._exchange = exchange
        self._stop = stop
        # No queue.Queue: handing over one by one costs more than a message's headers.
        self._stock: deque[Parcel] = deque()
        self._complete = threading.Event()
        self._tally = Tally()
        self._lock = threading.Lock()
        self._failure: Exception | None = None

    def run(self) -> Tally:
        """Send everything that is due now. Raises what a thread could not cope with."""
        self._tidy()
        workers = [
            threading.Thread(target=self._work, name=f"sender-{number}", daemon=True)
            for number in range(max(self._exchange.connections, 1))
        ]
        for worker in workers:
            worker.start()
        try:
            self._feed()
        finally:
            self._complete.set()
            self._wait_for(workers)
            self._exchange.outgoing.release(self._exchange.owner)
        if self._failure is not None:
            raise self._failure
        return self._tally

    def _tidy(self) -> None:
        """Finish what an earlier round could not write down, and give back what it had claimed."""
        exchange = self._exchange
        while exchange.unsaved:
            exchange.outgoing.step(exchange.unsaved[0], None, exchange.owner, exchange.clock())
            del exchange.unsaved[0]
        exchange.outgoing.release(exchange.owner)

    def _feed(self) -> None:
        """Claim what is due before the stock runs out; ends when there is nothing, or on trouble."""
        exchange = self._exchange
        while not self._over:
            if len(self._stock) >= _BATCH:
                self._stop.wait(_PAUSE)
                continue
            claimed = exchange.outgoing.claim(exchange.owner, exchange.clock(), _BATCH)
            if not claimed:
                return
            self._stock.extend(claimed)

    @property
    def _over(self) -> bool:
        """Nothing new is begun."""
        return self._stop.is_set() or bool(self._tally.trouble)

    def _wait_for(self, workers: Sequence[threading.Thread]) -> None:
        """Until all have ended; for a stopped sender not longer than its grace. A thread that hangs
        on a relay then dies with the process, and its intent becomes a doubt.
        """
        deadline: float | None = None
        for worker in workers:
            while worker.is_alive():
                worker.join(0.1)
                if deadline is None and self._stop.is_set():
                    self._exchange.halt()
                    deadline = time.monotonic() + _GRACE
                if deadline is not None and time.monotonic() > deadline:
                    return

    def _work(self) -> None:
        """One connection's life. Its thread must not die silently: what stops it becomes trouble."""
        line = _Line(self._exchange, self._count)
        try:
            while (parcel := self._next()) is not None:
                line.send(parcel)
        except Exception as error:  # noqa: BLE001 - told in `run`
            self._stumble(error)
        try:
            line.close()
        except Exception as error:  # noqa: BLE001
            self._stumble(error)

    def _next(self) -> Parcel | None:
        """The next parcel; none when it is over: what is claimed and not begun is given back."""
        while not self._over:
            complete = self._complete.is_set()  # asked first: nothing is added afterwards
            try:
                return self._stock.popleft()
            except IndexError:
                if complete:
                    return None
                self._complete.wait(_PAUSE)
        return None

    def _stumble(self, error: Exception) -> None:
        with self._lock:
            if isinstance(error, OutsideError):
                self._tally.trouble = self._tally.trouble or error.message
            else:
                self._tally.trouble = self._tally.trouble or type(error).__name__
                self._failure = self._failure or error

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
        message = self._compose(parcel)
        if isinstance(message, Reply):
            self._refused(parcel, message)
            return
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

    def _compose(self, parcel: Parcel) -> Message | Reply:
        """The message, or why there is none: one that cannot be written must not stop the others."""
        if not self._exchange.parcels.knows(parcel):
            return _UNKNOWN_DIGEST
        try:
            return self._exchange.parcels.message(parcel)
        except ValueError as error:
            return Reply(450, "4.6.0", f"not sent: the message cannot be written: {error}", "data")

    def close(self) -> None:
        """Record the last outcome and take leave."""
        self._hang_up()
        settled = self._settled
        if settled is not None:
            try:
                self._step(None)
            except OutsideError:
                self._exchange.unsaved.append(settled)
                raise

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
        if settled.state == "unknown" and parcel.delivery.attempts + 1 < _DOUBTS:
            settled = replace(settled, next_try=self._exchange.clock())  # the digest's policy decides
        self._settled = settled
        self._count(parcel, settled.state, reply)
        if settled.state == "refused":
            self._exchange.turned_away(parcel, reply)

    def _step(self, next_id: int | None) -> str:
        exchange = self._exchange
        verdict = exchange.outgoing.step(self._settled, next_id, exchange.owner, exchange.clock())
        self._settled = None
        return verdict

    def _hang_up(self) -> None:
        if self._wire is not None:
            self._wire.close()
        self._wire = None
