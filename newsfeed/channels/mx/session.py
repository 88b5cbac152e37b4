"""The direct channel's `newsfeed.ports.ChannelSession`: one connection at a time, to a server of the reader's
domain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.channels.mx.call import Call
from newsfeed.channels.smtp.open_connection import GONE
from newsfeed.channels.smtp.server_session import ServerSession
from newsfeed.conversations import do_in_thread
from newsfeed.core.people.mail_address import normalise_address
from newsfeed.marking import Sentence

if TYPE_CHECKING:
    from newsfeed.channels.mx.call import CallContext
    from newsfeed.conversations import Conversation
    from newsfeed.model import Message
    from newsfeed.records import Reply

_NOT_SO_FAST = ("4.7.", "4.3.2")
"""A server that closes a connection with one of these does not want another at once."""


class MxSession(ServerSession):
    """Sends messages to the servers of their readers. Not safe between threads: each has its own."""

    def __init__(self, context: CallContext) -> None:
        self._context = context
        self._call: Call | None = None
        """The one that led to the connection."""
        self._domain = ""
        """The domain it was made for."""

    def offering(self, message: Message) -> Conversation[Reply | None]:
        """Send a message up to its final dot. A connection to a server that does not take this domain's mail
        is given up for another; one that turns out to be dead is replaced.

        A domain that cannot be reached is a reply. Raises `OutsideError` when sending is stopped.
        """
        domain = domain_of(message)
        tried: set[str] = set()
        refusal: Reply | None = None
        while True:
            self._context.check()
            if not (yield from self._serves(domain)):
                yield from self._drop()
                failure = yield from self._connect(domain, tried)
                if failure is not None:
                    return refusal or failure
            call = self._call
            assert call is not None
            assert call.opened is not None
            refusal = yield from self._try(message, call.opened)
            if refusal is None or not _is_lost(refusal, is_proven=call.opened.is_proven):
                return refusal
            if not call.opened.is_proven:  # else it was only tired of waiting
                self._context.destinations.mark_broken(call.address, Sentence(refusal.text))
                tried.add(call.address)

    def finishing(self, following: Message | None = None) -> Conversation[Reply]:
        """Send the final dot, and with it the envelope of the ``following`` message when the same server
        takes it; return what the server says to the dot.
        """
        call = self._call
        if call is None or call.opened is None:
            raise ValueError("nothing was offered")
        if following is not None and not self._is_known_to_serve(domain_of(following)):
            following = None
        reply = yield from call.opened.connection.finish(following)
        self._heed(reply)
        if not reply.code:
            self._context.destinations.mark_broken(call.address, Sentence(reply.text))
        if call.opened.is_broken:
            yield from self._drop()
        return reply

    def _heed(self, reply: Reply) -> None:
        call = self._call
        if call is not None and call.opened is not None and call.opened.heed(reply, self._context.clock()):
            self._context.destinations.mark_working(call.address)

    # -- connections -------------------------------------------------------------------------

    def _serves(self, domain: str) -> Conversation[bool]:
        """Tell whether the connection may carry mail to a domain."""
        destinations = self._context.destinations
        if self._call is not None and domain != self._domain and destinations.known_route(domain) is None:

            def look_up() -> None:
                destinations.find_route(domain)

            yield from do_in_thread(look_up)
        return self._is_known_to_serve(domain)

    def _is_known_to_serve(self, domain: str) -> bool:
        """Tell the same without asking anybody. A server that is only one of several for the other domain is
        not good enough, unless the two have all of them in common: it may be there for emergencies.
        """
        call, destinations = self._call, self._context.destinations
        if call is None or call.opened is None or call.opened.is_worn(self._context.clock()):
            return False
        if domain == self._domain:
            return True
        route, own = destinations.known_route(domain), destinations.known_route(self._domain)
        if route is None or not route.hosts or (route.is_strict and not call.is_strict):
            return False
        return route.hosts[0] == call.host or (
            own is not None and call.host in route.hosts and {*route.hosts} == {*own.hosts}
        )

    def _connect(self, domain: str, tried: set[str]) -> Conversation[Reply | None]:
        """Call the servers of a domain until one answers, except addresses in ``tried``; else say why not."""
        call = Call(self._context, domain, tried)
        try:
            # Look-ups, and the standard library's greeting and encryption, hold their thread.
            yield from do_in_thread(call.run)
        except BaseException:
            call.give_up()
            raise
        if call.opened is None:
            return call.refusal
        self._call, self._domain = call, domain
        return None

    def _drop(self) -> Conversation[None]:
        call, self._call = self._call, None
        if call is not None and call.opened is not None:
            yield from call.opened.connection.leave()


def domain_of(message: Message) -> str:
    """Return the domain of a message's recipient, as DNS has it."""
    address = message.recipient
    if not address.isascii():
        address = normalise_address(address) or address
    return address.rpartition("@")[2].lower()


def _is_lost(refusal: Reply, *, is_proven: bool) -> bool:
    """Tell whether a refusal only means that the connection is lost, and another may be tried at once. A
    server that closes one in good order may have been waiting for too long, or have taken as many messages
    as it takes on one; when it wants fewer of us, whoever counts them must hear of it.
    """
    if refusal.code == 421:
        return is_proven and refusal.stage == "mail" and not refusal.enhanced.startswith(_NOT_SO_FAST)
    return refusal.code in GONE
