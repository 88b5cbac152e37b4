"""Hold what a sender has claimed and not begun, by the group of receivers whose turn it waits for."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsfeed.core.delivery.receivers.groups import domain_of
from newsfeed.records import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from newsfeed.delivery.connection_sender import Item
    from newsfeed.delivery.messages import MessageComposer
    from newsfeed.delivery.receiver_traffic import ReceiverTraffic
    from newsfeed.model import Message
    from newsfeed.ports import SendQueue
    from newsfeed.records import AddressedDelivery

_BATCH, _LARGE_BATCH = 200, 1_000
"""Deliveries claimed at a time: what a stopped sender gives back. More where groups are passed over: to find
others, the ledger looks through all that wait for those.
"""
_ENOUGH = 50
"""Deliveries of one group above which it is passed over."""
_LOOK_AGAIN = 1.0
"""Seconds between two looks at what is due, while the last messages are on their way; so long is a group left
out whose connections others have.
"""
ANYBODY = ""
"""The group of all deliveries, where a relay sees to what receivers allow."""
_UNKNOWN_DIGEST = Reply(
    450, "4.3.5", "not sent: the configuration does not have this digest any more", "mail"
)
"""The ledger's words for deliveries whose digest was renamed or removed; they wait, and expire."""
_NOBODY = Reply(450, "4.3.5", "not sent: the reader has left", "mail")
"""Keeps an address from its receiver, who counts those that do not exist. The ledger knows why by itself."""


@dataclass(slots=True)
class _Pile:
    """The deliveries to one group."""

    claimed: deque[AddressedDelivery] = field(default_factory=deque)
    composed: deque[Item] = field(default_factory=deque)
    """Of it, what was composed while all connections waited."""

    def __len__(self) -> int:
        return len(self.claimed) + len(self.composed)


class Stock:
    """The deliveries of one sender."""

    def __init__(
        self,
        send_queue: SendQueue,
        composer: MessageComposer,
        traffic: ReceiverTraffic,
        owner: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._send_queue = send_queue
        self._composer = composer
        self._traffic = traffic
        self._owner = owner
        self._clock = clock
        self._piles: dict[str, _Pile] = {}
        self._look_from = 0.0
        """Monotonic moment from which more is looked for."""
        self._passed_over: Collection[str] = ()
        """Groups that were left out when nothing was found last."""
        self.crowded: set[str] = set()
        """Groups of which something was given back, because others have all connections to them."""
        self._full: dict[str, float] = {}
        """Groups that others have all connections to → monotonic moment until which they are left out."""

    def groups(self) -> Sequence[str]:
        """Return the groups for which something is here; who was served last comes last."""
        return [name for name, pile in self._piles.items() if pile]

    def has(self, name: str) -> bool:
        """Tell whether there is a message for a group; look for more in the ledger when there is none."""
        if not self._piles.get(name) and self._may_claim(name):
            self.claim()
        return bool(self._piles.get(name))

    def take(self, name: str) -> Item | None:
        """Return the next message for a group; ``None`` when there is none."""
        pile = self._piles.get(name)
        if pile is None or not (pile.composed or pile.claimed):
            if not self.has(name):
                return None
            pile = self._piles[name]
        if not pile.composed and not self._compose_one(name, pile):
            return None
        return pile.composed.popleft()

    def served(self, name: str) -> None:
        """Note that a group got a connection: others come first now."""
        if (pile := self._piles.pop(name, None)) is not None:
            self._piles[name] = pile

    def prepare(self, busy: Iterable[tuple[str, int]]) -> bool:
        """Do something that is needed soon for ``busy`` groups, each with the number of its connections; tell
        whether there was anything.
        """
        for name, lines in busy:
            pile = self._piles.get(name)
            if pile is not None and len(pile.composed) >= lines:
                continue
            if pile is not None and pile.claimed:
                self._compose_one(name, pile)
                return True
            if self._may_claim(name):
                self.claim()
                return True
        return False

    def claim(self) -> bool:
        """Claim what is due, except for groups that have enough or can have nothing; tell whether there was
        anything.
        """
        now = time.monotonic()
        self._full = {name: until for name, until in self._full.items() if until > now}
        without = {*self._traffic.paused, *self._full}
        limit = _BATCH
        if self._traffic.limiting:
            limit = _LARGE_BATCH
            without.update(name for name, pile in self._piles.items() if len(pile) >= _ENOUGH)
        claimed = self._send_queue.claim(self._owner, self._clock(), limit, without)
        if not claimed:
            self._look_from, self._passed_over = now + _LOOK_AGAIN, without
        if self._traffic.limiting:
            claimed = sorted(claimed, key=lambda one: domain_of(one.subscriber.address))
        for outgoing in claimed:
            name = self._traffic.group_of(outgoing) if self._traffic.limiting else ANYBODY
            self._piles.setdefault(name, _Pile()).claimed.append(outgoing)
        return bool(claimed)

    @property
    def may_claim(self) -> bool:
        """Tell whether it is worthwhile to look for more."""
        return time.monotonic() >= self._look_from

    def mark_full(self, name: str) -> None:
        """Give back what is here for a group that others have all connections to."""
        self.crowded.add(name)
        self._full[name] = time.monotonic() + _LOOK_AGAIN
        self.put_off(name, None)

    def put_off(self, name: str, until: datetime | None) -> None:
        """Give back what is here for a group; it is due again from a moment on, or as before."""
        pile = self._piles.pop(name, None)
        if pile:
            these = [*pile.claimed, *(outgoing for outgoing, _ in pile.composed)]
            self._send_queue.put_off([one.delivery.id for one in these], self._owner, until)

    def _may_claim(self, name: str) -> bool:
        return (name in self._passed_over and name not in self._full) or self.may_claim

    def _compose_one(self, name: str, pile: _Pile) -> bool:
        """Compose the next message, or a reply that says why there is none: one that cannot be written must
        not stop the others. Tells whether there was one for somebody who may be written to now.
        """
        while pile.claimed:
            outgoing = pile.claimed.popleft()
            if self._traffic.knows_pauses and name == ANYBODY and self._hold_back(outgoing):
                continue
            pile.composed.append((outgoing, self._compose(outgoing)))
            return True
        return False

    def _hold_back(self, outgoing: AddressedDelivery) -> bool:
        """Give back a delivery to a group that was paused after it was claimed; tell whether it was."""
        until = self._traffic.paused.get(self._traffic.group_of(outgoing))
        if until is not None:
            self._send_queue.put_off([outgoing.delivery.id], self._owner, until)
        return until is not None

    def _compose(self, outgoing: AddressedDelivery) -> Message | Reply:
        if outgoing.subscriber.state != "active":
            return _NOBODY
        if not self._composer.has_digest(outgoing):
            return _UNKNOWN_DIGEST
        try:
            return self._composer.compose(outgoing)
        except ValueError as error:
            return Reply(450, "4.6.0", f"not sent: the message cannot be written: {error}", "data")
