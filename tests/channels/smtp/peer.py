"""A relay that does as it is told: every answer can be replaced, delayed for ever, or be a hang-up."""

import base64
import hmac
import socket
import ssl
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

from newsfeed.channels.smtp import SmtpChannel
from newsfeed.channels.smtp.access import RelayAccess, SmtpTimeouts
from newsfeed.channels.smtp.session import SmtpSession
from newsfeed.model import Message
from newsfeed.settings import RelaySettings

DROP, HANG = "DROP", "HANG"
"""Answers: close the connection; say nothing until the test ends."""
DRIP = "DRIP "
"""Before an answer: it comes byte by byte."""
USUAL = {
    "CONNECT": "220 peer.test ESMTP",
    "MAIL": "250 2.1.0 Ok",
    "RCPT": "250 2.1.5 Ok",
    "DATA": "354 go on",
    "DOT": "250 2.0.0 Ok: queued",
    "RSET": "250 2.0.0 Ok",
    "QUIT": "221 2.0.0 Bye",
    "NOOP": "250 2.0.0 Ok",
}
FEATURES = ("PIPELINING", "SIZE 1000000", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")


@dataclass
class Mail:
    """A message as it arrived, dot-stuffing undone."""

    mail: str
    rcpt: str
    data: bytes


@dataclass
class Peer:
    """A server on a loopback port. ``script``: stage → answers in turn, then the usual one; several
    parts joined by ``|`` are said one after the other. Stages are the verbs, ``CONNECT``, ``BODY``
    (the first line of a message) and ``DOT``.
    """

    script: Mapping[str, Iterable[str]] = field(default_factory=dict)
    features: tuple[str, ...] = FEATURES
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    passwords: Mapping[str, str] = field(default_factory=dict)
    mechanisms: str = "PLAIN LOGIN CRAM-MD5"
    address: str = "127.0.0.1"
    wanted_port: int = 0
    """0: any that is free."""
    bursts: bool = True
    """Reads as much as comes; else every command must come alone."""

    def __enter__(self) -> Self:
        self._answers = {stage: iter(answers) for stage, answers in self.script.items()}
        self.mails: list[Mail] = []
        self.tried: dict[str, int] = defaultdict(int)
        self.commands: list[str] = []
        self.connections = self.open = self.most_open = 0
        self.early: list[bytes] = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._listener = socket.create_server((self.address, self.wanted_port))
        self.port = self._listener.getsockname()[1]
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._sessions: list[SmtpSession] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listener.close()
        for one in list(self._sockets):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        for one in self._sockets:
            one.close()
        for session in self._sessions:
            session.close()

    def relay(self, **changes: object) -> RelaySettings:
        """The settings of a relay that leads here."""
        return RelaySettings(**{"host": "127.0.0.1", "port": self.port, "security": "none", **changes})  # type: ignore[arg-type]

    def access(
        self,
        timeout: float = 30.0,
        context: ssl.SSLContext | None = None,
        password: str = "",
        dot: float | None = None,
        **changes,
    ):
        """The same, by name. Who waits for a peer that hangs after the dot waits ``dot`` seconds, and ``timeout``
        for all else: a busy machine is slow as well.
        """
        timeouts = SmtpTimeouts(timeout, timeout, timeout, timeout if dot is None else dot)
        return RelayAccess(self.relay(**changes), timeouts, context, password)

    def channel(self, **changes) -> SmtpChannel:
        """A channel with this relay only."""
        return SmtpChannel([self.access(**changes)])

    def session(self, **changes) -> SmtpSession:
        """A wire of such a channel; it is closed when the test is over."""
        return self.keep(self.channel(**changes).open())

    def keep(self, session: SmtpSession) -> SmtpSession:
        """Close a wire when the test is over."""
        self._sessions.append(session)
        return session

    @property
    def name(self) -> str:
        return f"127.0.0.1:{self.port}"

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self.connections += 1
                self.open += 1
                self.most_open = max(self.open, self.most_open)
            thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        self._sockets.append(sock)
        with suppress(OSError):
            if self.implicit and self.tls:
                sock = self.tls.wrap_socket(sock, server_side=True)
                self._sockets.append(sock)
            session = _Session(self, sock)
            try:
                session.run()
            finally:
                session.close()
        with self._lock:
            self.open -= 1

    def answer(self, stage: str, usual: str = "") -> str:
        """The next answer of a stage."""
        with self._lock:
            self.tried[stage] += 1
            return next(self._answers.get(stage, iter(())), usual or USUAL.get(stage, ""))


class _Session:
    def __init__(self, peer: Peer, sock: socket.socket) -> None:
        self.peer, self.sock = peer, sock
        self.reader = sock.makefile("rb")
        self.secure = peer.implicit
        self.mail = self.rcpt = ""

    def close(self) -> None:
        self.reader.close()
        self.sock.close()

    def run(self) -> None:
        self.say(self.peer.answer("CONNECT"))
        while line := self.reader.readline():
            text = line.decode("utf-8", "surrogateescape").rstrip("\r\n")
            self.peer.commands.append(text)
            verb = text.split(" ")[0].upper()
            handler = getattr(self, f"do_{verb.lower()}", None)
            handler(text) if handler else self.say(self.peer.answer(verb) or "500 5.5.2 what?")

    def say(self, answer: str) -> None:
        """Send an answer, or do what it stands for."""
        for part in answer.split("|"):
            if part == DROP:
                self.sock.shutdown(socket.SHUT_RDWR)
                raise ConnectionError
            if part == HANG:
                self.peer._over.wait(90)
                raise ConnectionError
            if part.startswith(DRIP):
                for char in part.removeprefix(DRIP) + "\r\n":
                    self.peer._over.wait(0.1)
                    self.sock.sendall(char.encode())
            elif part:
                self.sock.sendall(part.encode("utf-8", "surrogateescape") + b"\r\n")

    def do_ehlo(self, text: str) -> None:
        features = list(self.peer.features)
        if self.peer.tls and not self.secure:
            features.append("STARTTLS")
        if self.peer.passwords:
            features.append(f"AUTH {self.peer.mechanisms}")
        lines = ["peer.test", *features]
        usual = "\r\n".join(f"250{'-' if one is not lines[-1] else ' '}{one}" for one in lines)
        self.say(self.peer.answer("EHLO") or usual)

    def do_helo(self, text: str) -> None:
        self.say(self.peer.answer("HELO") or "250 peer.test")

    def do_starttls(self, text: str) -> None:
        answer = self.peer.answer("STARTTLS") or "220 go on"
        self.say(answer)
        if answer.startswith("220"):
            assert self.peer.tls
            self.sock = self.peer.tls.wrap_socket(self.sock, server_side=True)
            self.peer._sockets.append(self.sock)
            self.reader = self.sock.makefile("rb")
            self.secure = True

    def do_auth(self, text: str) -> None:
        _, mechanism, *initial = text.split(" ")
        if answer := self.peer.answer(f"AUTH {mechanism}"):
            return self.say(answer)
        user, password = self._credentials(mechanism, initial)
        good = self.peer.passwords.get(user) == password
        return self.say(
            "235 2.7.0 welcome" if good else "535 5.7.8 Error: authentication failed for user@test.example"
        )

    def _credentials(self, mechanism: str, initial: list[str]) -> tuple[str, str]:
        if mechanism == "PLAIN":
            _, user, password = base64.b64decode(initial[0]).decode().split("\0")
            return user, password
        if mechanism == "LOGIN":
            return self._asked("VXNlcm5hbWU6"), self._asked("UGFzc3dvcmQ6")
        user, _, digest = self._asked(base64.b64encode(b"<1@peer>").decode()).rpartition(" ")
        password = self.peer.passwords.get(user, "")
        good = hmac.new(password.encode(), b"<1@peer>", "md5").hexdigest() == digest
        return user, password if good else "wrong"

    def _asked(self, question: str) -> str:
        self.say(f"334 {question}")
        return base64.b64decode(self.reader.readline()).decode()

    def do_mail(self, text: str) -> None:
        self.rcpt = ""
        answer = self.peer.answer("MAIL")
        self.mail = text if answer.startswith("2") else ""
        self._alone(answer)

    def do_rcpt(self, text: str) -> None:
        answer = self.peer.answer("RCPT", "" if self.mail else "503 5.5.1 MAIL first")
        self.rcpt = text if answer.startswith("2") else ""
        self._alone(answer)

    def _alone(self, answer: str) -> None:
        """Where pipelining is not offered, what came too early is remembered for the test."""
        if "PIPELINING" not in self.peer.features:
            self.sock.settimeout(0.02)
            with suppress(OSError):
                self.peer.early.append(self.sock.recv(1, socket.MSG_PEEK))
            self.sock.settimeout(None)
        self.say(answer)

    def do_data(self, text: str) -> None:
        answer = self.peer.answer("DATA", "" if self.rcpt else "554 5.5.1 no valid recipients")
        self.say(answer)
        if not answer.startswith("354"):
            return
        lines: list[bytes] = []
        while (line := self.reader.readline()) not in (b".\r\n", b""):
            if not lines:
                self.say(self.peer.answer("BODY"))
            lines.append(line[1:] if line.startswith(b".") else line)
        if not line:
            return
        answer = self.peer.answer("DOT")
        if answer.startswith("2"):
            self.peer.mails.append(Mail(self.mail, self.rcpt, b"".join(lines)))
        self.say(answer)

    def do_quit(self, text: str) -> None:
        self.say(self.peer.answer("QUIT"))
        raise ConnectionError


def a_message(
    recipient: str = "reader@reader.example", data: bytes = b"Subject: x\r\n\r\nHello\r\n", **changes
) -> Message:
    """Something to send."""
    return Message(
        **{
            "sender": "news@test.example",
            "recipient": recipient,
            "message_id": "<1@t>",
            "data": data,
            **changes,
        }
    )
