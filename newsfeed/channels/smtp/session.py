"""The SMTP channel's `newsfeed.ports.ChannelSession`: one connection at a time, to the best relay left."""

from __future__ import annotations

import smtplib
import ssl
import time
from typing import TYPE_CHECKING

from newsfeed.channels.smtp.access import describe_error
from newsfeed.channels.smtp.connection import SmtpConnection
from newsfeed.channels.smtp.open_connection import GONE, OpenConnection
from newsfeed.channels.smtp.replies import SLOW_DOWN
from newsfeed.channels.smtp.server_session import ServerSession
from newsfeed.conversations import Wait, do_in_thread
from newsfeed.errors import OutsideError
from newsfeed.marking import N_, Sentence
from newsfeed.records import Reply

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from newsfeed.channels.smtp.rates import RateLimits
    from newsfeed.channels.smtp.relays import RelayPool, RelayState
    from newsfeed.conversations import Conversation
    from newsfeed.model import Message

_LASTING = (smtplib.SMTPNotSupportedError, ssl.SSLCertVerificationError)
_TEMPORARY = range(400, 500)
_HELD = N_("held back: the relay asked for less mail to this domain")
_DENIED = N_("it does not accept our user name and password ({reply})")
_INTERRUPTED = Sentence(N_("interrupted"))
_LOOK_AGAIN = 0.05
"""Seconds between two looks whether a relay has room, or sending was stopped."""


class SmtpSession(ServerSession):
    """Sends messages to relays. Not safe between threads: each has its own."""

    def __init__(
        self, relays: RelayPool, rates: RateLimits, clock: Callable[[], float], halted: threading.Event
    ) -> None:
        self._relays = relays
        self._rates = rates
        self._clock = clock
        self._halted = halted
        self._relay_state: RelayState | None = None
        self._open: OpenConnection | None = None
        self._domain = ""
        self._ahead: Message | None = None
        """A message that has had its turn already."""

    def offering(self, message: Message) -> Conversation[Reply | None]:
        """Send a message up to its final dot. A connection that turns out to be dead is replaced, and a relay
        that breaks off is passed over for the next one.

        Raises `OutsideError` when no relay can be had: nothing is said about the message then.
        """
        self._domain = _domain_of(message)
        tried: set[str] = set()
        refusal: Reply | None = None
        while True:
            if self._must_renew():
                yield from self._drop()
            if self._open is None and not (yield from self._connect(tried)):
                if refusal is not None:
                    return refusal
                raise self._trouble()
            if self._ahead is not message:
                held = yield from self._wait()
                if held is not None:
                    return held
            self._ahead = None
            opened, relay_state = self._open, self._relay_state
            assert opened is not None
            assert relay_state is not None
            refusal = yield from self._try(message, opened)
            if refusal is None or refusal.code not in GONE:
                return refusal
            if not opened.is_proven:  # else it was only tired of waiting
                self._relays.mark_broken(relay_state, Sentence(refusal.text))
                tried.add(relay_state.name)

    def finishing(self, following: Message | None = None) -> Conversation[Reply]:
        """Send the final dot, and with it the envelope of the ``following`` message when nothing keeps that
        one from leaving now; return what the relay says to the dot.
        """
        opened, relay_state = self._open, self._relay_state
        if opened is None or relay_state is None:
            raise ValueError("nothing was offered")
        if following is not None and not self._may_go_ahead(following):
            following = None
        reply = yield from opened.connection.finish(following)
        self._heed(reply)
        if reply.code in GONE:
            self._relays.mark_broken(relay_state, Sentence(reply.text))
        if opened.is_broken:
            yield from self._drop()
        return reply

    def _heed(self, reply: Reply) -> None:
        """Note that the relay is alive, and slow down when told to: for the recipient's domain when
        it was about the recipient.
        """
        opened, relay_state, now = self._open, self._relay_state, self._clock()
        if opened is None or relay_state is None:
            return
        if opened.heed(reply, now):
            self._relays.mark_working(relay_state)
        if reply.relay and reply.code in SLOW_DOWN:
            if reply.stage == "rcpt" and reply.code != 421:
                self._rates.slow_domain(relay_state.name, self._domain, now)
            else:
                self._rates.slow_relay(relay_state.name, now)

    def _wait(self) -> Conversation[Reply | None]:
        """Wait for the message's turn, or say that its domain's is too far away."""
        assert self._relay_state is not None
        seconds = self._rates.take_turn(self._relay_state.name, self._domain, self._clock())
        if seconds is None:
            return Reply(450, "4.7.0", _HELD, "held")
        ends = time.monotonic() + seconds
        while seconds > 0 and (left := ends - time.monotonic()) > 0:
            if self._halted.is_set():
                raise OutsideError(N_("sending was stopped"))
            yield Wait(time.monotonic() + min(left, _LOOK_AGAIN))
        return None

    # -- connections -------------------------------------------------------------------------

    def _must_renew(self) -> bool:
        """Tell whether the connection has served long enough."""
        return self._open is not None and self._open.is_worn(self._clock())

    def _may_go_ahead(self, following: Message) -> bool:
        """Tell whether a message may leave now over this connection; its turn is taken then."""
        if self._relay_state is None or self._must_renew():
            return False
        name, domain, now = self._relay_state.name, _domain_of(following), self._clock()
        if not self._rates.take_free_turn(name, domain, now):
            return False
        self._ahead = following
        return True

    def _connect(self, tried: set[str]) -> Conversation[bool]:
        """Call relays until one answers; those that do not are added to ``tried``."""
        while (relay_state := (yield from self._reserve(tried))) is not None:
            connection = SmtpConnection(relay_state.access)
            try:
                # The standard library's greeting, encryption and login hold their thread.
                yield from do_in_thread(connection.start)
            except OSError as error:
                yield from connection.leave()
                if not self._unreached(relay_state, error):
                    tried.add(relay_state.name)
                continue
            except BaseException:
                connection.close()
                self._relays.mark_unreachable(relay_state, _INTERRUPTED, lasting=False, crowded=False)
                raise
            self._relays.mark_connected(relay_state)
            self._relay_state = relay_state
            self._open = OpenConnection(connection, relay_state.name, self._clock())
            return True
        return False

    def _reserve(self, tried: set[str]) -> Conversation[RelayState | None]:
        """Reserve a connection to the best relay left; wait while that one is full."""
        while True:
            relay_state, is_ours = self._relays.reserve(tried)
            if is_ours or relay_state is None:
                return relay_state
            yield Wait(time.monotonic() + _LOOK_AGAIN)

    def _unreached(self, relay_state: RelayState, error: OSError) -> bool:
        """Tell the pool that a relay was not reached; return whether it is only full."""
        code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0
        lasting, reason = isinstance(error, _LASTING), describe_error(error)
        if isinstance(error, smtplib.SMTPAuthenticationError) and code not in _TEMPORARY:
            lasting, reason = True, Sentence(_DENIED, reply=reason)
        return self._relays.mark_unreachable(relay_state, reason, lasting=lasting, crowded=code in _TEMPORARY)

    def _drop(self) -> Conversation[None]:
        opened, relay_state = self._open, self._relay_state
        self._open = self._relay_state = None
        try:
            if opened is not None:
                yield from opened.connection.leave()
        finally:
            if relay_state is not None:
                self._relays.release(relay_state)

    def _trouble(self) -> OutsideError:
        if self._halted.is_set():
            return OutsideError(N_("sending was stopped"))
        return OutsideError(
            self._relays.trouble(), N_("nothing is lost: what is due is sent when a relay takes it")
        )


def _domain_of(message: Message) -> str:
    return message.recipient.rpartition("@")[2].lower()
