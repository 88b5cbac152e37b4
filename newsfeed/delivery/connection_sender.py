"""Send messages over one connection, as conversations: what happens between an offer and its result."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from newsfeed.core.delivery import retry_policy
from newsfeed.records import Reply

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from newsfeed.conversations import Wait
    from newsfeed.model import Message
    from newsfeed.ports import ChannelSession
    from newsfeed.records import AddressedDelivery, DeliveryResult

_MOST_UNKNOWN = 4
"""Tries after which a message nobody vouches for is not sent again without being asked: a relay that
takes mail and always hangs up must not fill a reader's mailbox.
"""


@dataclass(slots=True)
class IntentRequest:
    """A message that is about to leave: its conversation goes on when the ledger knows."""

    delivery_id: int
    verdict: str = ""
    """``go``, or why it must not leave."""


T = TypeVar("T")
Sending = Generator["Wait | IntentRequest", None, T]
"""A conversation that asks for intents, too."""
Item = tuple["AddressedDelivery", "Message | Reply"]
"""A message to send, or why there is none."""


@dataclass(frozen=True, slots=True)
class LineContext:
    """The part of a sender that all of its connections share."""

    open_session: Callable[[], ChannelSession]
    is_over: Callable[[], bool]
    """Tells whether no new message may be started."""
    next: Callable[[ConnectionSender], Item | None]
    """Returns the next message to send over a connection; ``None`` when none is to follow."""
    clock: Callable[[], datetime]
    settle: Callable[[AddressedDelivery, DeliveryResult, Reply], None]
    """Called with every result, to be recorded with the next intents."""
    count: Callable[[AddressedDelivery, str, Reply], None]
    """Called with every message that did not leave, because its reader had."""


class ConnectionSender:
    """Sends messages over one connection, one after the other."""

    def __init__(self, context: LineContext) -> None:
        self._context = context
        self._session: ChannelSession | None = None
        self.receivers = ""
        """The group whose connection it is; empty: anybody's."""
        self.carried = 0
        """Messages offered since it was opened."""

    @property
    def is_open(self) -> bool:
        """Tell whether there is something to hang up."""
        return self._session is not None

    def send(self, outgoing: AddressedDelivery, message: Message | Reply) -> Sending[None]:
        """Send a message, and those that follow it, until none does or sending is over. Raises `OutsideError`
        when no relay can be reached.
        """
        item: Item | None = (outgoing, message)
        while item is not None:
            item = yield from self._send_one(*item)
            if self._context.is_over():
                yield from self.hang_up()  # the next one may be announced, and is given back
                return

    def _send_one(self, outgoing: AddressedDelivery, message: Message | Reply) -> Sending[Item | None]:
        """Send one message, from offer to result, or tell why there is none; return the next."""
        if isinstance(message, Reply):
            yield from self._refused(outgoing, message)
            return self._context.next(self)
        session = self._session = self._session or self._context.open_session()
        self.carried += 1
        refusal = yield from session.offering(message)
        if refusal is not None:
            yield from self._refused(outgoing, refusal)
            return self._context.next(self)
        verdict = yield from _begin(outgoing)
        if verdict != "go":
            yield from self.hang_up()  # the only way to take back a message before its final dot
            self._context.count(outgoing, verdict, Reply(0))
            return self._context.next(self)
        item = self._context.next(self)
        following = item[1] if item is not None and not isinstance(item[1], Reply) else None
        reply = yield from session.finishing(following)
        self._settle(
            outgoing, retry_policy.decide_after_dot(outgoing.delivery, reply, self._context.clock()), reply
        )
        if reply.code in (0, 421):
            yield from self.hang_up()
        return item

    def hang_up(self) -> Sending[None]:
        """Close the connection."""
        session, self._session, self.carried = self._session, None, 0
        if session is not None:
            yield from session.closing()

    def abandon(self) -> None:
        """Close the connection without waiting for any answer."""
        leaving = self.hang_up()
        next(leaving, None)
        leaving.close()

    def _refused(self, outgoing: AddressedDelivery, reply: Reply) -> Sending[None]:
        """Settle a refusal before the final dot: the ledger hears only now that the message was to leave."""
        verdict = yield from _begin(outgoing)
        if verdict == "go":
            result = retry_policy.decide_after_refusal(outgoing.delivery, reply, self._context.clock())
            self._settle(outgoing, result, reply)
        else:
            self._context.count(outgoing, verdict, reply)
        if reply.code in (0, 421):
            yield from self.hang_up()

    def _settle(self, outgoing: AddressedDelivery, result: DeliveryResult, reply: Reply) -> None:
        if result.state == "unknown" and outgoing.delivery.attempts + 1 < _MOST_UNKNOWN:
            result = replace(result, next_try=self._context.clock())  # the digest's policy decides
        self._context.settle(outgoing, result, reply)


def _begin(outgoing: AddressedDelivery) -> Sending[str]:
    """Wait until the intent is in the ledger; return its verdict."""
    request = IntentRequest(outgoing.delivery.id)
    yield request
    return request.verdict
