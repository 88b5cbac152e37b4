"""The `newsfeed.ports.Wire` of the SMTP channel: one connection at a time, to the best relay there is."""

from __future__ import annotations

import smtplib
import ssl
from typing import TYPE_CHECKING

from newsfeed.channels.smtp.access import describe
from newsfeed.channels.smtp.connection import Connection
from newsfeed.channels.smtp.replies import SLOW_DOWN
from newsfeed.errors import OutsideError
from newsfeed.records import Reply

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from newsfeed.channels.smtp.rates import Rates
    from newsfeed.channels.smtp.relays import Relays, Station
    from newsfeed.model import Message

MOST = 1_000
"""Messages on one connection: many relays allow no more."""
OLDEST, IDLE = 300.0, 60.0
"""Seconds a connection lives, and lies unused, before it is renewed."""
_LASTING = (smtplib.SMTPNotSupportedError, ssl.SSLCertVerificationError)
_TEMPORARY = range(400, 500)
_GONE = (0, 421)
"""The connection was lost, or is about to be (RFC 5321 3.8)."""


class SmtpWire:
    """Hands messages to relays. Not safe between threads: each has its own."""

    def __init__(
        self, relays: Relays, rates: Rates, clock: Callable[[], float], halted: threading.Event
    ) -> None:
        self._relays = relays
        self._rates = rates
        self._clock = clock
        self._halted = halted
        self._station: Station | None = None
        self._connection: Connection | None = None
        self._since = self._used = 0.0
        self._count = 0
        self._proven = False
        """This connection has carried an answer, so that losing it is nothing unusual."""
        self._domain = ""

    def offer(self, message: Message) -> Reply | None:
        """Hand over up to the final dot. A connection that turns out to be dead is replaced, and a
        relay that breaks off is passed over for the next one.

        Raises `OutsideError` when no relay can be had: nothing is said about the message then.
        """
        self._domain = message.recipient.rpartition("@")[2].lower()
        tried: set[str] = set()
        refusal: Reply | None = None
        while True:
            self._renew()
            if self._connection is None and not self._connect(tried):
                if refusal is not None:
                    return refusal
                raise self._trouble()
            held = self._wait()
            if held is not None:
                return held
            refusal = self._try(message)
            if refusal is None or refusal.code not in _GONE:
                return refusal
            if not self._proven and self._station is not None:  # else it was only tired of waiting
                self._relays.broke(self._station, refusal.text)
                tried.add(self._station.name)
            self._drop()

    def finish(self) -> Reply:
        """The final dot, and what the relay says to it."""
        connection, station = self._connection, self._station
        if connection is None or station is None:
            raise ValueError("nothing was offered")
        reply = connection.finish()
        self._heed(reply)
        if reply.code in _GONE:
            self._relays.broke(station, reply.text)
        if connection.broken:
            self._drop()
        return reply

    def close(self) -> None:
        """Take leave. After `offer` and without `finish` the message is taken back by hanging up."""
        self._drop()

    def _try(self, message: Message) -> Reply | None:
        connection, station = self._connection, self._station
        assert connection is not None
        assert station is not None
        self._count += 1
        try:
            refusal = connection.offer(message)
        except OSError as error:
            connection.broken = True
            return Reply(0, "", describe(error), connection.stage, station.name)
        if refusal is not None:
            self._heed(refusal)
            if connection.broken and refusal.code not in _GONE:
                self._drop()
        return refusal

    def _heed(self, reply: Reply) -> None:
        """Note that the relay is alive, and slow down when told to: for the recipient's domain when
        it was about the recipient.
        """
        station, self._used = self._station, self._clock()
        if station is None or not reply.relay:
            return
        if not self._proven and reply.code not in _GONE:
            self._proven = True
            self._relays.proved(station)
        if reply.code in SLOW_DOWN:
            if reply.stage == "rcpt" and reply.code != 421:
                self._rates.slow_domain(station.name, self._domain, self._used)
            else:
                self._rates.slow_relay(station.name, self._used)

    def _wait(self) -> Reply | None:
        """Wait for the message's turn, or say that its domain's is too far away."""
        assert self._station is not None
        seconds = self._rates.turn(self._station.name, self._domain, self._clock())
        if seconds is None:
            return Reply(450, "4.7.0", "held back: the relay asked for less mail to this domain", "held")
        if seconds > 0 and self._halted.wait(seconds):
            raise OutsideError("sending was stopped")
        return None

    # -- connections -------------------------------------------------------------------------

    def _renew(self) -> None:
        """Part with a connection that has served long enough."""
        now = self._clock()
        if self._connection is not None and (
            self._count >= MOST or now - self._since > OLDEST or now - self._used > IDLE
        ):
            self._drop()

    def _connect(self, tried: set[str]) -> bool:
        """Call relays until one answers; those that do not are added to ``tried``."""
        while (station := self._relays.admit(tried)) is not None:
            connection = Connection(station.access)
            try:
                connection.start()
            except OSError as error:
                connection.leave()
                if not self._unreached(station, error):
                    tried.add(station.name)
                continue
            except BaseException:
                connection.leave()
                self._relays.unreached(station, "interrupted", lasting=False, crowded=False)
                raise
            self._relays.reached(station)
            self._connection, self._station = connection, station
            self._since = self._used = self._clock()
            self._count, self._proven = 0, False
            return True
        return False

    def _unreached(self, station: Station, error: OSError) -> bool:
        """Tell the relays; whether it is only full."""
        code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0
        lasting, reason = isinstance(error, _LASTING), describe(error)
        if isinstance(error, smtplib.SMTPAuthenticationError) and code not in _TEMPORARY:
            lasting, reason = True, f"it does not accept our user name and password ({reason})"
        return self._relays.unreached(station, reason, lasting=lasting, crowded=code in _TEMPORARY)

    def _drop(self) -> None:
        connection, station = self._connection, self._station
        self._connection = self._station = None
        if connection is not None:
            connection.leave()
        if station is not None:
            self._relays.left(station)

    def _trouble(self) -> OutsideError:
        if self._halted.is_set():
            return OutsideError("sending was stopped")
        return OutsideError(
            self._relays.trouble(), "nothing is lost: what is due is sent when a relay takes it"
        )
