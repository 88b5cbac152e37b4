"""One SMTP connection: the standard library's, with PIPELINING (RFC 2920) and a message in two steps.

A message is offered up to its final dot and finished by it, so that the ledger can be written in
between. Both are conversations, so that one thread can send over many connections. Replies are read from
a buffer of our own: what a relay says before it is asked must not be taken for an answer. Time is limited
for whole replies and messages: a relay that sends or takes a byte now and then must not keep a connection
for ever.
"""

from __future__ import annotations

import selectors
import smtplib
import socket
import ssl
import time
from typing import TYPE_CHECKING, Any

from newsfeed.channels.smtp import auth, envelope, replies
from newsfeed.channels.smtp.access import describe_error, find_own_name, relay_name
from newsfeed.channels.smtp.answers import LINE, AnswerBuffer
from newsfeed.conversations import Wait, hold
from newsfeed.marking import N_
from newsfeed.records import Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.channels.smtp.access import RelayAccess
    from newsfeed.channels.smtp.answers import Answer
    from newsfeed.conversations import Conversation
    from newsfeed.model import Message

_CONTINUE = 354
_CLOSING = 421
_LAST_WORDS = 1.0
"""Seconds to listen for a reason after a connection has failed, or for a goodbye."""

_NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
"""The socket cannot go on at this moment; they are errors of the system to all others."""


class SmtpConnection(smtplib.SMTP):
    """A connection that is greeted, encrypted and authenticated as configured.

    Every method may raise an `OSError` (`smtplib`'s and `ssl`'s are such): the connection is of no
    use then. `stage` says how far it got.
    """

    def __init__(self, access: RelayAccess) -> None:
        super().__init__(local_hostname="localhost", timeout=access.timeouts.command)
        self._access = access
        self._timeouts = access.timeouts
        self._name = relay_name(access.relay)
        self._buffer = AnswerBuffer()
        self._until = float("inf")
        """Monotonic moment at which the greeting, or the message up to its dot, must be done."""
        self._taken = 0
        """Bytes that the system has taken of what was sent last."""
        self._ahead: tuple[Message | None, Sequence[bytes]] = (None, ())
        """A message whose envelope was sent before it is offered, and that envelope."""
        self._dirty = False
        """A transaction was refused: the next one starts with RSET."""
        self.stage = "connect"
        self.broken = False
        """After `offer` or `finish`: there is nobody at the other end any more."""

    def start(self) -> None:
        """Connect, greet, encrypt and log in, as configured."""
        self._until = time.monotonic() + self._timeouts.greeting
        try:
            self._start(self._access.context)
        except OSError:
            if self._access.relay.security != "opportunistic" or self.stage != "tls":
                raise
            self.close()  # it cannot do what it offers
            self._forget_announcements()
            self._start(None)

    def _start(self, context: ssl.SSLContext | None) -> None:
        relay = self._access.relay
        self.stage = "connect"
        self._reach(context if relay.security == "tls" else None)
        self.ehlo_or_helo_if_needed()
        may_encrypt = relay.security == "opportunistic" and context is not None and self.has_extn("starttls")
        if relay.security == "starttls" or may_encrypt:
            self._encrypt(context)
            self.ehlo_or_helo_if_needed()
        if relay.username:
            self._prove()

    def offer(self, message: Message) -> Conversation[Reply | None]:
        """Send envelope, headers and body up to the final dot; ``None`` when the relay wants the message."""
        self._until = time.monotonic() + self._timeouts.message
        (announced, lines), self._ahead = self._ahead, (None, ())
        if announced is None:
            self.stage = "mail"
            if self._buffer:
                raise smtplib.SMTPServerDisconnected(N_("it spoke out of turn"))
            commands = envelope.make_envelope_commands(message, self.esmtp_features)
            if isinstance(commands, Reply):
                return commands
            lines = commands
        elif announced is not message:
            raise ValueError("another message was announced")
        refusal = yield from self._ask(lines, sent=announced is not None)
        return refusal or (yield from self._transfer(message))

    def finish(self, following: Message | None = None) -> Conversation[Reply]:
        """Send the final dot and return the answer. Never raises: code 0 and its stage say what is known.

        Where the relay allows it, the envelope of the ``following`` message goes along (RFC 2920 3.1), which
        must be offered next then: so a relay far away is waited for once a message, and not twice.
        """
        self._until = float("inf")
        if self._buffer:  # a verdict before the message was complete, or nonsense
            return (yield from self._last_words()) or self._lost("data", N_("it spoke out of turn"))
        self._announce(following)
        try:
            yield from self._send(b"".join((b".\r\n", *self._ahead[1])), self._timeouts.command)
        except OSError as error:
            if self._taken:
                return self._lost("dot", str(describe_error(error)))
            # Not one byte of the dot was taken, so the message was not.
            return (yield from self._last_words()) or self._lost("data", str(describe_error(error)))
        self.stage = "dot"
        try:
            code, lines = yield from self._answer(self._timeouts.dot)
        except OSError as error:
            return self._lost("dot", str(describe_error(error)))
        self.stage = "data" if self._ahead[1] else "mail"
        self.broken = code == _CLOSING
        return self._reply(code, lines, "dot")

    def leave(self) -> Conversation[None]:
        """Send QUIT, or just hang up where QUIT would be part of a message."""
        try:
            if self.sock is not None and not self.broken and self.stage == "mail":
                self._until = time.monotonic() + _LAST_WORDS
                yield from self._send(b"QUIT\r\n", _LAST_WORDS)
                yield from self._answer()
        except OSError:
            pass
        finally:
            self.close()

    def send(self, s: Any) -> None:
        """Send a command as `smtplib` gives it, within the time of one."""
        hold(self._send(s.encode("ascii") if isinstance(s, str) else bytes(s), self._timeouts.command))

    def getreply(self) -> tuple[int, bytes]:
        """Return a reply in the form `smtplib` wants."""
        code, lines = hold(self._answer())
        return code, b"\n".join(lines)

    def close(self) -> None:
        """Close the connection."""
        self._buffer.clear()
        super().close()

    # -- before the first message ------------------------------------------------------------

    def _reach(self, context: ssl.SSLContext | None) -> None:
        relay = self._access.relay
        where = self._access.address or relay.host
        sock = socket.create_connection((where, relay.port), self._timeouts.connect)
        self.sock = sock
        # The dot follows the message in a write of its own; it must not wait for an ACK.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context is not None:
            self.sock = context.wrap_socket(sock, server_hostname=relay.host)
        self._live().setblocking(False)
        self.local_hostname = self._access.hello or find_own_name(self._live())
        code, text = self.getreply()
        if code != 220:
            raise smtplib.SMTPConnectError(code, text)

    def _encrypt(self, context: ssl.SSLContext | None) -> None:
        if context is None or not self.has_extn("starttls"):
            raise smtplib.SMTPNotSupportedError(N_("it does not offer STARTTLS"))
        self.stage = "tls"
        code, text = self.docmd("STARTTLS")
        if code != 220 and self._access.relay.security == "opportunistic":
            return
        if code != 220:
            raise smtplib.SMTPResponseException(code, text)
        if self._buffer:  # said in the clear, to be taken for something said in confidence
            raise smtplib.SMTPServerDisconnected(N_("it spoke out of turn"))
        self._live().settimeout(self._timeouts.command)
        self.sock = context.wrap_socket(self._live(), server_hostname=self._access.relay.host)
        self._live().setblocking(False)
        self.stage = "connect"
        self._forget_announcements()

    def _forget_announcements(self) -> None:
        """Forget what was announced in the clear: it counts no more (RFC 3207 4.2)."""
        self.ehlo_resp = self.helo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def _prove(self) -> None:
        relay = self._access.relay
        code, text = auth.authenticate(
            self,
            self.esmtp_features.get("auth", ""),
            relay.username,
            self._access.password,
            encrypted=relay.security != "none",
        )
        if not code:
            raise smtplib.SMTPNotSupportedError(N_("it offers no way to log in that we know"))
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, text)

    # -- messages ----------------------------------------------------------------------------

    def _announce(self, following: Message | None) -> None:
        """Let the envelope of the message that follows go ahead, where it can."""
        if following is None or not self._pipelining:
            return
        lines = envelope.make_envelope_commands(following, self.esmtp_features)
        if not isinstance(lines, Reply):
            self._ahead = following, lines

    def _ask(self, lines: Sequence[bytes], *, sent: bool) -> Conversation[Reply | None]:
        """Send the envelope, unless it was ``sent`` before; return the first refusal, if any."""
        steps = list(zip(("mail", "rcpt", "data"), lines, strict=True))
        if self._dirty:
            steps.insert(0, ("mail", b"RSET\r\n"))
        refusals: list[Reply] = []
        try:
            if self._pipelining and not sent:
                yield from self._send(b"".join([line for _, line in steps]), self._timeouts.command)
            yield from self._go_through(steps, refusals)
        except OSError:
            if not refusals:
                raise
            self.broken = True
        if not refusals:
            return None
        self.stage = "mail"
        return refusals[0]

    def _go_through(self, steps: Sequence[tuple[str, bytes]], refusals: list[Reply]) -> Conversation[None]:
        """Send lines, unless all of them could leave at once, and read their answers, each with its `stage`
        set. Refusals are added to the list; without pipelining nothing follows the first one.
        """
        code = 0
        for self.stage, line in steps:
            if not self._pipelining:
                yield from self._send(line, self._timeouts.command)
            code, texts = yield from self._answer()
            if not (code == _CONTINUE if self.stage == "data" else 200 <= code < 300):
                refusals.append(self._reply(code, texts, self.stage))
            self.broken = self.broken or code == _CLOSING
            if refusals and (self.broken or not self._pipelining):
                break
        self._dirty = bool(refusals)
        if refusals and code == _CONTINUE:
            yield from self._take_back()

    @property
    def _pipelining(self) -> bool:
        return "pipelining" in self.esmtp_features

    def _take_back(self) -> Conversation[None]:
        """Send no data to a relay that refused the envelope and still wants the data (RFC 2920 3.1)."""
        yield from self._send(b".\r\n", self._timeouts.command)
        yield from self._answer()

    def _transfer(self, message: Message) -> Conversation[Reply | None]:
        data = message.data if message.dotless else envelope.stuff_dots(message.data)
        if not data.endswith(b"\r\n"):
            data += b"\r\n"
        try:
            yield from self._send(data, self._timeouts.data)
        except OSError:
            words = yield from self._last_words()
            if words is None:
                raise
            return words
        return None

    def _last_words(self) -> Conversation[Reply | None]:
        """Return why a relay stopped listening, when it says so."""
        self.broken, self._until = True, float("inf")
        try:
            code, lines = yield from self._answer(_LAST_WORDS)
        except OSError:
            return None
        return self._reply(code, lines, "data") if code >= 400 else None

    def _lost(self, stage: str, why: str) -> Reply:
        self.broken = True
        return Reply(0, "", why, stage, self._name)

    def _reply(self, code: int, lines: Sequence[bytes], stage: str) -> Reply:
        return replies.make_reply(code, lines, stage, self._name)

    # -- bytes -------------------------------------------------------------------------------

    def _send(self, data: bytes, seconds: float) -> Conversation[None]:
        """Send all of it within some seconds."""
        self._taken, ends = 0, self._ends(seconds)
        while self._taken < len(data):
            try:
                self._taken += self._live().send(memoryview(data)[self._taken :] if self._taken else data)
            except _NOT_NOW as error:
                yield self._wait(error, selectors.EVENT_WRITE, ends)

    def _answer(self, seconds: float = 0.0) -> Conversation[Answer]:
        """Read the next reply, whole within some seconds (else those of a command)."""
        answer = self._buffer.take()
        if answer is not None:
            return answer
        ends = self._ends(seconds or self._timeouts.command)
        while answer is None:
            try:
                more = self._live().recv(LINE)
            except _NOT_NOW as error:
                yield self._wait(error, selectors.EVENT_READ, ends)
                continue
            if not more:
                raise smtplib.SMTPServerDisconnected(N_("it closed the connection"))
            self._buffer.add(more)
            answer = self._buffer.take()
        return answer

    def _wait(self, why: OSError, events: int, ends: float) -> Wait:
        """Return what to wait for. Raises `TimeoutError` when there is no time left, though there may be one
        more byte every time.
        """
        if time.monotonic() >= ends:
            raise TimeoutError("timed out")
        if isinstance(why, ssl.SSLWantReadError):
            events = selectors.EVENT_READ
        elif isinstance(why, ssl.SSLWantWriteError):
            events = selectors.EVENT_WRITE
        return Wait(ends, self._live(), events)

    def _ends(self, seconds: float) -> float:
        """Return the monotonic moment some seconds from now, or when all that is under way must be done."""
        return min(time.monotonic() + seconds, self._until)

    def _live(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected(N_("it closed the connection"))
        return self.sock
