"""Send what is due over several connections at a time; write the ledger before and after each message.

Each connection offers a message up to its final dot. Then its intent is recorded, with state and suppression
checked there, in one transaction with the intents of all connections that have come so far and with the
results known by then; only after that the dot is sent. So a killed process leaves at most one message per
connection in doubt: the next intent of a connection is never recorded before the result of its last message.

One thread does it all, see `newsfeed.delivery.switchboard`.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from newsfeed.delivery.connection_sender import ConnectionSender, IntentRequest, LineContext
from newsfeed.delivery.lines import Lines
from newsfeed.delivery.stock import Stock
from newsfeed.delivery.switchboard import Switchboard, Talk
from newsfeed.errors import OutsideError
from newsfeed.marking import NOTHING, Sentence

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Collection
    from datetime import datetime

    from newsfeed.delivery.connection_sender import Item
    from newsfeed.delivery.messages import MessageComposer
    from newsfeed.delivery.receiver_traffic import ReceiverTraffic
    from newsfeed.ports import ChannelSession, SendQueue
    from newsfeed.records import AddressedDelivery, DeliveryResult, Reply

_PATIENCE = 0.1
"""Seconds between two looks whether to stop; and those that a result waits to be recorded with others."""
_GRACE = 7.0
"""Seconds in which a stopped sender hears the relay out; what takes longer becomes a doubt."""


@dataclass(slots=True)
class SendCounts:
    """The number of deliveries that ended in each state during one run of the sender."""

    states: Counter[str] = field(default_factory=Counter)
    trouble: Sentence = NOTHING
    """Why sending stopped early: no relay could be reached."""
    crowded: Collection[str] = ()
    """Groups of receivers of which something was put back, because others have all connections to them."""


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
    traffic: ReceiverTraffic
    """What groups of receivers allow; shared by all senders of a process."""
    halt: Callable[[], None]
    """Called when the sender is told to stop: no session waits for a rate or a relay any longer."""
    calls_strangers: bool = False
    """Sessions lead to servers of the readers' domains, and not to a relay of ours."""
    unsaved: list[DeliveryResult] = field(default_factory=list)
    """Results the ledger could not take (full, locked): the next run begins with them."""


class Sender:
    """Sends what is due until nothing is left, or until it is told to stop."""

    def __init__(self, context: SenderContext, stop: threading.Event) -> None:
        self._context = context
        self._stop = stop
        self._limiting = context.traffic.limiting
        line_context = LineContext(
            context.open_session, lambda: self._over, self._next, context.clock, self._settle, self._count
        )
        self._stock = Stock(
            context.send_queue, context.composer, context.traffic, context.owner, context.clock
        )
        lines = [ConnectionSender(line_context) for _ in range(max(context.connections, 1))]
        self._lines = Lines(lines, self._stock, context.traffic)
        self._busy: dict[Talk[IntentRequest], ConnectionSender] = {}
        self._board = Switchboard[IntentRequest]()
        self._asking: list[Talk[IntentRequest]] = []
        """Wait for their intents."""
        self._results: list[DeliveryResult] = []
        """Known, and not yet recorded."""
        self._known_since = 0.0
        self._counts = SendCounts()
        self._failure: Exception | None = None
        self._lost_ledger: Exception | None = None
        """Why it was not written: it is not asked again for every message on its way."""

    def run(self) -> SendCounts:
        """Send everything that is due now. Raises the first unexpected error."""
        context = self._context
        self._tidy()
        try:
            self._send_all()
        finally:
            self._board.close()
            for line in (*self._busy.values(), *self._lines.let_go()):
                line.abandon()
                self._lines.take_back(line)
            self._record_last()
            self._flush(wholly=True)
            context.send_queue.release(context.owner)
        if self._failure is not None:
            raise self._failure
        self._counts.crowded = self._stock.crowded
        return self._counts

    def _tidy(self) -> None:
        """Record the results that an earlier run could not write down, and give back what it had claimed."""
        context = self._context
        context.send_queue.record(context.unsaved, (), context.owner, context.clock())
        context.unsaved.clear()
        context.send_queue.release(context.owner)

    def _send_all(self) -> None:
        """Keep all connections busy; end when nothing is due and none is at work, or on trouble. So while one
        connection hangs, the others send what comes due meanwhile.
        """
        deadline = float("inf")
        while time.monotonic() < deadline:
            if self._stop.is_set() and deadline == float("inf"):
                self._context.halt()
                deadline = time.monotonic() + _GRACE
            self._employ()
            if not self._busy and (self._over or not self._lines.are_waiting):
                break
            self._do_turn()
        for line in self._lines.let_go():
            self._busy[self._board.start(line.hang_up())] = line
        while self._busy and time.monotonic() < deadline:
            self._do_turn()

    def _employ(self) -> None:
        """Give every free connection a message, as long as there are any that may leave now."""
        if not self._lines.could_work or self._over:
            return
        try:
            for line, item in self._lines.find_work():
                self._busy[self._board.start(line.send(*item))] = line
            for line in self._lines.find_needless():
                self._busy[self._board.start(line.hang_up())] = line
        except Exception as error:  # noqa: BLE001 - told in `run`
            self._stumble(error)

    def _next(self, line: ConnectionSender) -> Item | None:
        """Return the next message for a connection; ``None`` when there is none, or none may be started.
        Raises nothing: who asks may have an intent in the ledger, and that message must not stay behind.
        """
        try:
            if self._over or (self._limiting and not self._lines.may_go_on(line)):
                return None
            return self._stock.take(line.receivers)
        except Exception as error:  # noqa: BLE001 - told in `run`
            self._stumble(error)
            return None

    @property
    def _over(self) -> bool:
        """Tell whether no new message may be started."""
        return self._stop.is_set() or bool(self._counts.trouble)

    def _do_turn(self) -> None:
        """Let all conversations go on that can; while none can, record the intents of those that wait for it,
        or prepare what comes next.
        """
        wanting = self._board.turn(0.0)
        for talk in wanting:
            if talk.is_over:
                self._end(talk)
            else:
                self._asking.append(talk)
        if wanting or self._board.has_moved:
            return
        if self._asking or (self._results and time.monotonic() - self._known_since > _PATIENCE):
            self._record()
        elif not self._prepare():
            self._flush()
            self._board.wait(min(_PATIENCE, self._lines.seconds_to_wait()))

    def _prepare(self) -> bool:
        """Do something that is needed soon; tell whether there was anything."""
        if self._over:
            return False
        try:
            return self._stock.prepare(self._lines.at_work())
        except Exception as error:  # noqa: BLE001 - told in `run`
            self._stumble(error)
            return True

    def _flush(self, *, wholly: bool = False) -> None:
        """Write down what is known of receivers."""
        try:
            self._context.traffic.flush(wholly=wholly)
        except OutsideError as error:
            self._stumble(error)

    def _end(self, talk: Talk[IntentRequest]) -> None:
        """Take back a connection; one that failed, or is of no use any more, is closed first."""
        line = self._busy.pop(talk)
        if talk.failure is not None:
            self._stumble(talk.failure)
        if talk.failure is not None or self._is_done(line):
            self._busy[self._board.start(line.hang_up())] = line
        else:
            self._lines.take_back(line)

    def _is_done(self, line: ConnectionSender) -> bool:
        try:
            return line.is_open and (self._over or self._lines.is_done(line))
        except Exception as error:  # noqa: BLE001 - told in `run`
            self._stumble(error)
            return True

    def _record(self) -> None:
        """Record all results, and the intents asked for; who asked goes on, or hears what kept us from it."""
        context, asking = self._context, self._asking
        self._asking = []
        self._flush()
        requests = [talk.request for talk in asking if talk.request is not None]
        if self._lost_ledger is None:
            try:
                numbers = [request.delivery_id for request in requests]
                verdicts = context.send_queue.record(self._results, numbers, context.owner, context.clock())
            except Exception as error:  # noqa: BLE001 - told in `run`
                self._lost_ledger = error
                self._stumble(error)
            else:
                self._results = []
                for request, verdict in zip(requests, verdicts, strict=True):
                    request.verdict = verdict
        for talk in asking:
            self._board.resume(talk, self._lost_ledger)

    def _record_last(self) -> None:
        """Record the last results; what the ledger does not take is for the next run to record."""
        context = self._context
        if not self._results:
            return
        try:
            context.send_queue.record(self._results, (), context.owner, context.clock())
        except OutsideError as error:
            context.unsaved.extend(self._results)
            self._stumble(error)

    def _stumble(self, error: Exception) -> None:
        if isinstance(error, OutsideError):
            self._counts.trouble = self._counts.trouble or error.sentence
        else:
            self._counts.trouble = self._counts.trouble or Sentence(type(error).__name__)
            self._failure = self._failure or error

    def _settle(self, outgoing: AddressedDelivery, result: DeliveryResult, reply: Reply) -> None:
        if not self._results:
            self._known_since = time.monotonic()
        self._count(outgoing, result.state, reply)
        self._results.append(self._hear(outgoing, result, reply))
        if result.state == "refused":
            self._context.record_refusal(outgoing, reply)

    def _hear(self, outgoing: AddressedDelivery, result: DeliveryResult, reply: Reply) -> DeliveryResult:
        """Let others hear what receivers said; return the result, as it is after that."""
        try:
            until = self._context.traffic.note(outgoing, result.state, reply)
        except OutsideError as error:
            self._stumble(error)
            return result
        return result if until is None or result.state != "deferred" else replace(result, next_try=until)

    def _count(self, outgoing: AddressedDelivery, state: str, reply: Reply) -> None:
        self._counts.states[state] += 1
        self._context.observe(outgoing, state, reply)
