"""Send what is due over several connections at a time; write the ledger before and after each message.

Each connection offers a message up to its final dot; then, in one transaction, it records the result of
the last message and the intent of this one, with state and suppression checked there; only then it
sends the dot. A killed process leaves at most one message per connection in doubt.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from newsfeed.core.delivery import retry_policy
from newsfeed.errors import OutsideError
from newsfeed.marking import NOTHING, Sentence
from newsfeed.records import DeliveryResult, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from newsfeed.delivery.messages import MessageComposer
    from newsfeed.model import Message
    from newsfeed.ports import ChannelSession, SendQueue
    from newsfeed.records import AddressedDelivery

_BATCH = 200
"""Deliveries claimed at a time: what a stopped sender gives back."""
_PAUSE = 0.02
"""Seconds between two looks at a stock that is full, or empty."""
_LOOK_AGAIN = 1.0
"""Seconds between two looks at what is due, while the last messages are on their way."""
_GRACE = 7.0
"""Seconds in which a stopped sender hears the relay out; what takes longer becomes a doubt."""
_MOST_UNKNOWN = 4
"""Tries after which a message nobody vouches for is not sent again without being asked: a relay that
takes mail and always hangs up must not fill a reader's mailbox.
"""

_UNKNOWN_DIGEST = Reply(
    450, "4.3.5", "not sent: the configuration does not have this digest any more", "mail"
)
"""The ledger's words for deliveries whose digest was renamed or removed; they wait, and expire."""


@dataclass(slots=True)
class SendCounts:
    """The number of deliveries that ended in each state during one run of the sender."""

    states: Counter[str] = field(default_factory=Counter)
    trouble: Sentence = NOTHING
    """Why sending stopped early: no relay could be reached."""


@dataclass(frozen=True, slots=True)
class SenderContext:
    """The queue, composer, channel and clock that a sender works with."""

    send_queue: SendQueue
    composer: MessageComposer
    open_session: Callable[[], ChannelSession]
    clock: Callable[[], datetime]
    owner: str
    connections: int
    observe: Callable[[AddressedDelivery, str, Reply], None]
    """Called with every result (message, state, reply); for logs and progress, without addresses."""
    record_refusal: Callable[[AddressedDelivery, Reply], None]
    """Called when a relay refused a reader for good, as a bounce would say later."""
    halt: Callable[[], None]
    """Called when the sender is told to stop: no session waits for a rate or a relay any longer."""
    unsaved: list[DeliveryResult] = field(default_factory=list)
    """Results the ledger could not take (full, locked): the next run begins with them."""


class Sender:
    """Sends what is due until nothing is left, or until it is told to stop."""

    def __init__(self, context: SenderContext, stop: threading.Event) -> None:
        self._context = context
        self._stop = stop
        # No queue.Queue: handing over one by one costs more than a message's headers.
        self._stock: deque[AddressedDelivery] = deque()
        self._complete = threading.Event()
        self._busy = [False] * max(context.connections, 1)
        """Of each thread: it has a message in hand."""
        self._counts = SendCounts()
        self._lock = threading.Lock()
        self._failure: Exception | None = None

    def run(self) -> SendCounts:
        """Send everything that is due now. Raises the first unexpected error of a thread."""
        self._tidy()
        workers = [
            threading.Thread(target=self._work, args=(number,), name=f"sender-{number}", daemon=True)
            for number in range(len(self._busy))
        ]
        for worker in workers:
            worker.start()
        try:
            self._feed()
        finally:
            self._complete.set()
            self._wait_for(workers)
            self._context.send_queue.release(self._context.owner)
        if self._failure is not None:
            raise self._failure
        return self._counts

    def _tidy(self) -> None:
        """Record the results that an earlier run could not write down, and give back what it had claimed."""
        context = self._context
        while context.unsaved:
            context.send_queue.record_and_begin(context.unsaved[0], None, context.owner, context.clock())
            del context.unsaved[0]
        context.send_queue.release(context.owner)

    def _feed(self) -> None:
        """Claim deliveries before the stock runs out; end when none is due and no thread is at work, or on
        trouble. So while one connection hangs, the others send what comes due meanwhile.
        """
        context = self._context
        while not self._over:
            if len(self._stock) >= _BATCH:
                self._stop.wait(_PAUSE)
                continue
            claimed = context.send_queue.claim(context.owner, context.clock(), _BATCH)
            self._stock.extend(claimed)
            if not claimed and not self._wait_while_busy():
                return

    def _wait_while_busy(self) -> bool:
        """Wait a moment for the threads; tell whether one of them is still at work after it."""
        deadline = time.monotonic() + _LOOK_AGAIN
        while any(self._busy) or self._stock:
            if self._over or time.monotonic() > deadline:
                return True
            self._stop.wait(_PAUSE)
        return False

    @property
    def _over(self) -> bool:
        """Tell whether no new message may be started."""
        return self._stop.is_set() or bool(self._counts.trouble)

    def _wait_for(self, workers: Sequence[threading.Thread]) -> None:
        """Wait until all threads have ended; for a stopped sender not longer than `_GRACE`. A thread that
        hangs on a relay then dies with the process, and its intent becomes a doubt.
        """
        deadline: float | None = None
        for worker in workers:
            while worker.is_alive():
                worker.join(0.1)
                if deadline is None and self._stop.is_set():
                    self._context.halt()
                    deadline = time.monotonic() + _GRACE
                if deadline is not None and time.monotonic() > deadline:
                    return

    def _work(self, number: int) -> None:
        """Run one connection from start to end. Its thread must not die silently: what stops it becomes
        trouble.
        """
        line = ConnectionSender(self._context, self._count)
        try:
            while (outgoing := self._next()) is not None:
                self._busy[number] = True
                line.send(outgoing)
                self._busy[number] = False
        except Exception as error:  # noqa: BLE001 - told in `run`
            self._stumble(error)
        finally:
            self._busy[number] = False
        try:
            line.close()
        except Exception as error:  # noqa: BLE001
            self._stumble(error)

    def _next(self) -> AddressedDelivery | None:
        """Return the next message to send; ``None`` at the end: what is not begun is given back."""
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
                self._counts.trouble = self._counts.trouble or error.sentence
            else:
                self._counts.trouble = self._counts.trouble or Sentence(type(error).__name__)
                self._failure = self._failure or error

    def _count(self, outgoing: AddressedDelivery, state: str, reply: Reply) -> None:
        with self._lock:
            self._counts.states[state] += 1
            self._context.observe(outgoing, state, reply)


class ConnectionSender:
    """Sends messages over one connection, and holds the result it has yet to record."""

    def __init__(
        self, context: SenderContext, count: Callable[[AddressedDelivery, str, Reply], None]
    ) -> None:
        self._context = context
        self._count = count
        self._session: ChannelSession | None = None
        self._result: DeliveryResult | None = None

    def send(self, outgoing: AddressedDelivery) -> None:
        """Send one message, from offer to result. Raises `OutsideError` when no relay can be reached."""
        message = self._compose(outgoing)
        if isinstance(message, Reply):
            self._refused(outgoing, message)
            return
        session = self._session = self._session or self._context.open_session()
        refusal = session.offer(message)
        if refusal is not None:
            self._refused(outgoing, refusal)
            return
        verdict = self._step(outgoing.delivery.id)
        if verdict != "go":
            self._hang_up()  # the only way to take back a message before its final dot
            self._count(outgoing, verdict, Reply(0))
            return
        reply = session.finish()
        self._settle(
            outgoing, retry_policy.decide_after_dot(outgoing.delivery, reply, self._context.clock()), reply
        )
        if reply.code in (0, 421):
            self._hang_up()

    def _compose(self, outgoing: AddressedDelivery) -> Message | Reply:
        """Return the message, or a reply that says why there is none: one that cannot be written must not
        stop the others.
        """
        if not self._context.composer.has_digest(outgoing):
            return _UNKNOWN_DIGEST
        try:
            return self._context.composer.compose(outgoing)
        except ValueError as error:
            return Reply(450, "4.6.0", f"not sent: the message cannot be written: {error}", "data")

    def close(self) -> None:
        """Record the last result and close the connection."""
        self._hang_up()
        result = self._result
        if result is not None:
            try:
                self._step(None)
            except OutsideError:
                self._context.unsaved.append(result)
                raise

    def _refused(self, outgoing: AddressedDelivery, reply: Reply) -> None:
        """Record a refusal before the final dot: no intent was written, so intent and result go together."""
        verdict = self._step(outgoing.delivery.id)
        if verdict == "go":
            self._settle(
                outgoing,
                retry_policy.decide_after_refusal(outgoing.delivery, reply, self._context.clock()),
                reply,
            )
        else:
            self._count(outgoing, verdict, reply)
        if reply.code in (0, 421):
            self._hang_up()

    def _settle(self, outgoing: AddressedDelivery, result: DeliveryResult, reply: Reply) -> None:
        if result.state == "unknown" and outgoing.delivery.attempts + 1 < _MOST_UNKNOWN:
            result = replace(result, next_try=self._context.clock())  # the digest's policy decides
        self._result = result
        self._count(outgoing, result.state, reply)
        if result.state == "refused":
            self._context.record_refusal(outgoing, reply)

    def _step(self, next_id: int | None) -> str:
        context = self._context
        verdict = context.send_queue.record_and_begin(self._result, next_id, context.owner, context.clock())
        self._result = None
        return verdict

    def _hang_up(self) -> None:
        if self._session is not None:
            self._session.close()
        self._session = None
