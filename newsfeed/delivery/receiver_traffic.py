"""Keep to what groups of receivers allow: connections, turns and pauses, over all our machines together."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from newsfeed.core.delivery.receivers import pacing, refusals
from newsfeed.core.delivery.receivers.groups import domain_of
from newsfeed.errors import OutsideError
from newsfeed.receiver_ports import ReceiverState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from newsfeed.ports import Issues
    from newsfeed.receiver_ports import ReceiverBook
    from newsfeed.records import AddressedDelivery, Bounce, Reply
    from newsfeed.service_settings import ReceiverLimits

_LOOK_AGAIN = 1.0
"""Seconds between two looks at what other processes know."""
_NOTED = 1.0
"""Seconds after which what came of messages is written down, where it may change something soon."""
_MANY, _FEW = 100, 10
"""Messages taken after which it is written down in any case; and so few that no share depends on them."""


@dataclass(slots=True)
class _Turns:
    """Moments at which messages of a group may leave, taken for this process."""

    first: datetime
    left: int
    apart: timedelta


@dataclass(slots=True)
class _Tallies:
    """Messages that were taken, of which the book does not know yet."""

    taken: Counter[str] = field(default_factory=Counter)
    since: float = 0.0


class ReceiverTraffic:
    """The groups of receivers as one process writes to them; shared by the threads of its senders.

    ``limiting``: connections and turns are kept to, and "not so fast" pauses a group. Else only a share of
    unknown users or complaints does, and a relay sees to the rest.
    """

    def __init__(
        self,
        book: ReceiverBook,
        owner: str,
        limits_of: Callable[[str], ReceiverLimits],
        clock: Callable[[], datetime],
        tell: Callable[[ReceiverState], None] = lambda _: None,
        *,
        limiting: bool = False,
        speaks_for: Callable[[str, str, str], bool] = lambda *_: True,
    ) -> None:
        """``tell`` hears of every pause that begins here. ``speaks_for``: tells of a group, a domain and a
        server (`Reply.relay`) whether what it said holds for the whole group.
        """
        self.limiting = limiting
        self.limits_of = limits_of
        self._book = book
        self._owner = owner
        self._clock = clock
        self._seen = clock(), time.monotonic()
        self.tell = tell
        self._speaks_for = speaks_for
        self._lock = threading.RLock()
        self._states: dict[str, ReceiverState] = {}
        self._look_from = float("-inf")
        self._paused: Mapping[str, datetime] = {}
        self.knows_pauses = False
        """Some group was paused at the last look; quicker to ask than `paused`, which looks again."""
        self._turns: dict[str, _Turns] = {}
        self._tallies = _Tallies()
        self._unleft: Counter[str] = Counter()
        """Closed connections of which the book could not be told."""

    @staticmethod
    def group_of(outgoing: AddressedDelivery) -> str:
        """Return the group a delivery goes to."""
        return outgoing.receivers or domain_of(outgoing.subscriber.address)

    @property
    def paused(self) -> Mapping[str, datetime]:
        """Return the groups that are left alone now, each with the end of its pause."""
        if time.monotonic() >= self._look_from:
            with self._lock:
                self._states = dict(self._book.read())
                self._look()
        return self._paused

    # -- connections and turns ---------------------------------------------------------------

    def take_connection(self, name: str, held: int) -> bool:
        """Tell whether a group may have one more connection now than the ``held`` ones; it is ours then."""
        with self._lock:
            state, limits = self._state(name), self.limits_of(name)
            most = pacing.allow_connections(state, limits, self._now())
            return most > held and self._book.take_connection(name, self._owner, most)

    def leave_connection(self, name: str) -> None:
        """Note that a connection is closed. Raises nothing: the book hears of it later, if not now."""
        with self._lock:
            self._unleft[name] += 1
            self._leave()

    def seconds_to_turn(self, name: str) -> float:
        """Return the seconds until a message to a group may leave; takes no turn."""
        limits = self.limits_of(name)
        if not limits.per_second:
            return 0.0
        with self._lock:
            return max((self._next_turns(name).first - self._now()).total_seconds(), 0.0)

    def take_turn(self, name: str) -> bool:
        """Take the turn of one message to a group, if it may leave now."""
        if not self.limits_of(name).per_second:
            return True
        with self._lock:
            turns = self._next_turns(name)
            if turns.first > self._now():
                return False
            turns.first += turns.apart
            turns.left -= 1
            return True

    def _next_turns(self, name: str) -> _Turns:
        turns, now = self._turns.get(name), self._now()
        if turns is not None and turns.left and turns.first > now - 2 * pacing.LATENESS:
            return turns
        limits, found = self.limits_of(name), [(now, 0)]

        def take(state: ReceiverState) -> ReceiverState:
            state, first, number = pacing.take_turns(state, limits, now)
            found[0] = first, number
            return state

        self._change({name: take})
        turns = self._turns[name] = _Turns(*found[0], timedelta(seconds=1 / limits.per_second))
        return turns

    # -- what came of it ---------------------------------------------------------------------

    def note(self, outgoing: AddressedDelivery, state: str, reply: Reply) -> datetime | None:
        """Note what came of a message: ``state`` is that of its delivery now. Returns the end of the pause
        that its group asked for: the reply was not about this message, which waits as the others do.
        """
        name = self.group_of(outgoing)
        with self._lock:
            if state == "accepted":
                self._count(name)
            elif not self._speaks_for(name, domain_of(outgoing.subscriber.address), reply.relay):
                return None
            elif refusals.knows_nobody(reply):
                self._write({name: pacing.Tally(self._tallies.taken.pop(name, 0), unknown=1)})
            elif self.limiting and refusals.wants_less(reply, outgoing.delivery.attempts):
                self._pause(name, refusals.describe(reply))
                return self._paused.get(name)
        return None

    def note_returned(self, outgoing: AddressedDelivery, bounce: Bounce) -> None:
        """Note what came back of a message that was taken."""
        tally = pacing.Tally(
            unknown=int(bounce.kind == "hard" and refusals.is_of_nobody(bounce.status)),
            complaints=int(bounce.kind == "complaint"),
        )
        if tally != pacing.Tally():
            with self._lock:
                self._write({self.group_of(outgoing): tally})

    def flush(self, *, wholly: bool = False) -> None:
        """Write down what came of messages, when that is worthwhile by now; ``wholly``: nobody will come
        later.
        """
        tallies = self._tallies
        if not (tallies.taken or self._unleft):
            return
        if not wholly and time.monotonic() < tallies.since + _NOTED:
            return
        with self._lock:
            self._leave()
            tallies.since = time.monotonic()
            least = _FEW if wholly else _MANY
            worthy = {
                name: pacing.Tally(taken)
                for name, taken in tallies.taken.items()
                if taken >= least or (self.limiting and self._state(name).allowed)
            }
            self._write(worthy)
            for name in tallies.taken.copy() if wholly else worthy:
                del tallies.taken[name]

    def _count(self, name: str) -> None:
        tallies = self._tallies
        if not tallies.taken:
            tallies.since = time.monotonic()
        tallies.taken[name] += 1

    def _pause(self, name: str, reason: str) -> None:
        limits, now = self.limits_of(name), self._now()
        self._change({name: lambda state: pacing.pause(state, limits, now, reason)})

    def _write(self, tallies: Mapping[str, pacing.Tally]) -> None:
        now = self._now()

        def noting(name: str, tally: pacing.Tally) -> Callable[[ReceiverState], ReceiverState]:
            limits = self.limits_of(name)
            return lambda state: pacing.note(state, limits, tally, now)

        if tallies:
            self._change({name: noting(name, tally) for name, tally in tallies.items()})

    def _change(self, changes: Mapping[str, Callable[[ReceiverState], ReceiverState]]) -> None:
        """Change what is known of groups, here and in the book; tell of pauses that begin with it."""
        before: dict[str, datetime | None] = defaultdict(lambda: None)

        def watching(
            name: str, change: Callable[[ReceiverState], ReceiverState]
        ) -> Callable[[ReceiverState], ReceiverState]:
            def watch(state: ReceiverState) -> ReceiverState:
                before[name] = state.paused_until
                return change(state)

            return watch

        found = self._book.change({name: watching(name, change) for name, change in changes.items()})
        self._states.update(found)
        self._look()
        for name, state in found.items():
            if state.paused_until is not None and state.paused_until != before[name]:
                self.tell(state)

    def _look(self) -> None:
        now = self._now()
        self._look_from = time.monotonic() + _LOOK_AGAIN
        self._paused = {
            name: state.paused_until
            for name, state in self._states.items()
            if state.paused_until is not None and pacing.is_paused(state, self.limits_of(name), now)
        }
        self.knows_pauses = bool(self._paused)

    def _state(self, name: str) -> ReceiverState:
        return self._states.get(name) or ReceiverState(name=name)

    def _now(self) -> datetime:
        """Return the moment. A clock that stands still, as for a rehearsal, keeps nobody from their turn."""
        reading, moment = self._clock(), time.monotonic()
        if reading != self._seen[0]:
            self._seen = reading, moment
        return reading + timedelta(seconds=moment - self._seen[1])

    def _leave(self) -> None:
        """Tell the book of connections that are closed; what it cannot hear now it hears the next time."""
        for name in list(self._unleft):
            while self._unleft[name]:
                try:
                    self._book.leave_connection(name, self._owner)
                except OutsideError:
                    return
                self._unleft[name] -= 1
            del self._unleft[name]


def resume_receivers(book: ReceiverBook, issues: Issues, name: str, now: datetime) -> bool:
    """End the pause of a group, because a person says so; what waits for its end is due at once. Returns
    whether there was one.
    """
    before = book.read().get(name)
    book.change({name: pacing.resume} if before else {})
    if before is None or before.paused_until is None:
        return False
    issues.bring_forward(name, before.paused_until, now)
    return True
