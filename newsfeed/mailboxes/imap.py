"""A mailbox on an IMAP server (RFC 3501), over TLS: read unseen messages, mark them seen when done with.

The password comes from the environment or from a file, never from the configuration. A refused
log-in is tried once and told in one line: retries lock accounts.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from newsfeed.config.credentials import describe_certificate_error, make_tls_context, read_password
from newsfeed.core.bounces.mime import SIZE_LIMIT
from newsfeed.errors import OutsideError, reason_of
from newsfeed.mailboxes.imap_connection import ImapConnection, ImapTlsConnection
from newsfeed.marking import N_, Sentence
from newsfeed.service_ports import ArrivedMail

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence
    from pathlib import Path

    from newsfeed.service_settings import ImapSettings

_JUNK = re.compile(rb'\(.*\\Junk\b.*\) (?:NIL|"\\?.") "?(.*?)"?$', re.IGNORECASE)
_WINDOW = 5_000
"""Messages a search looks at: a million unseen ones in one answer would be too long a line."""


class ImapMailbox:
    """The unseen messages of one folder; a connection lives as long as somebody reads."""

    def __init__(self, login: ImapSettings, password: str, context: ssl.SSLContext | None) -> None:
        self._login = login
        self._password = password
        self._context = context

    @classmethod
    def from_settings(cls, root: Path, settings: ImapSettings, environment: Mapping[str, str]) -> ImapMailbox:
        """Make the mailbox with its password. Raises `UsageError` when that is not where it should be."""
        context = None if settings.security == "none" else make_tls_context(settings, root)
        return cls(settings, read_password(settings, "IMAP", root, environment), context)

    def messages(self, most: int) -> Generator[bytes, None, None]:
        """Yield messages, oldest first. The connection breaks with an `OutsideError`; what was done stays
        done.
        """
        with self._opened() as server:
            for uid in self._unseen(server, most):
                data = self._read(server, uid)
                if data is not None:
                    yield data
                    self._asked(server, "STORE", uid, "+FLAGS.SILENT", r"(\Seen)")

    def find(self, message_id: str) -> ArrivedMail | None:
        """Look for a mail in its folder, and in that of spam; nothing is changed."""
        with self._opened() as server:
            folders = [(self._login.folder, False), *((name, True) for name in _list_junk(server))]
            for folder, is_junk in folders:
                server.select(_quoted(folder), readonly=True)
                found = self._asked(server, "SEARCH", "HEADER", "Message-ID", _quoted(message_id))
                for uid in b" ".join(one or b"" for one in found).decode("ascii", "replace").split():
                    answer = self._asked(server, "FETCH", uid, "(BODY.PEEK[HEADER])")
                    data = next((bytes(one[1]) for one in answer if isinstance(one, tuple)), None)
                    if data is not None:
                        return ArrivedMail(folder, data, is_junk=is_junk)
        return None

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        place = f"{self._login.host}:{self._login.port}"
        server = None
        try:
            server = _connected(self._login, self._context)
            _log_in(server, self._login.username, self._password)
            yield server
        except (imaplib.IMAP4.error, OSError, ValueError) as error:  # ValueError: answers of no sense
            raise OutsideError(
                N_("IMAP server {place}: {reason}"), place=place, reason=_reason(error)
            ) from error
        finally:
            if server is not None:
                _leave(server)

    def _unseen(self, server: imaplib.IMAP4, most: int) -> Iterator[str]:
        number = int(self._answer(server.select(_quoted(self._login.folder)))[0] or 0)
        left = most
        for start in range(1, number + 1, _WINDOW):
            window = f"{start}:{min(start + _WINDOW - 1, number)}"
            found = b" ".join(one or b"" for one in self._asked(server, "SEARCH", window, "UNSEEN"))
            uids = found.decode("ascii", "replace").split()[:left]
            yield from uids
            left -= len(uids)
            if not left:
                return

    def _read(self, server: imaplib.IMAP4, uid: str) -> bytes | None:
        """Return the first bytes of a message; ``None`` when it was expunged meanwhile."""
        found = self._asked(server, "FETCH", uid, f"(BODY.PEEK[]<0.{SIZE_LIMIT}>)")
        return next((bytes(one[1])[:SIZE_LIMIT] for one in found if isinstance(one, tuple)), None)

    def _asked(self, server: imaplib.IMAP4, command: str, *words: str) -> Sequence[Any]:
        return self._answer(server.uid(command, *words))

    @staticmethod
    def _answer(answer: tuple[str, Sequence[Any]]) -> Sequence[Any]:
        """Return what imaplib found: lines, or pairs of a line and a literal."""
        status, data = answer
        if status != "OK":
            raise imaplib.IMAP4.error(_text(data[0] if data else None) or status)
        return data


def _quoted(text: str) -> str:
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


def _list_junk(server: imaplib.IMAP4) -> Iterator[str]:
    """Yield the folders that the server puts spam into, where it says so (RFC 6154)."""
    with suppress(imaplib.IMAP4.error):  # an old server lists none
        for line in server.list()[1]:
            found = _JUNK.search(line) if isinstance(line, bytes) else None
            if found:
                yield found[1].decode("ascii", "replace").replace(r"\"", '"').replace(r"\\", "\\")


def _leave(server: imaplib.IMAP4) -> None:
    """Log out; where nobody listens any more, just close."""
    try:
        server.logout()
    except (imaplib.IMAP4.error, OSError):
        with suppress(OSError):
            server.shutdown()


def _connected(login: ImapSettings, context: ssl.SSLContext | None) -> imaplib.IMAP4:
    if login.security == "tls":
        return ImapTlsConnection(login.host, login.port, ssl_context=context, timeout=login.timeout)
    server = ImapConnection(login.host, login.port, timeout=login.timeout)
    if login.security == "starttls":
        try:
            server.starttls(context)
        except BaseException:
            with suppress(OSError):  # what broke is the trouble to tell, not that it is broken
                server.shutdown()
            raise
    return server


def _log_in(server: imaplib.IMAP4, username: str, password: str) -> None:
    """Log in with PLAIN, which carries any characters, or with LOGIN, the older command, only ASCII."""
    if "AUTH=PLAIN" in server.capabilities:
        words = f"\0{username}\0{password}".encode()
        server.authenticate("PLAIN", lambda _: words)
    elif "LOGINDISABLED" in server.capabilities or not (username + password).isascii():
        raise imaplib.IMAP4.error(N_("no way to log in that the server offers fits"))
    else:
        server.login(username, password)


def _reason(error: Exception) -> Sentence:
    """Say in one line what went wrong; servers' answers are bytes inside a text."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return describe_certificate_error(error)
    if isinstance(error, OSError) and error.strerror:
        return reason_of(error)
    said = error.args[0] if error.args else ""
    text = _text(said if isinstance(said, bytes) else str(said).encode("utf-8", "replace"))
    return Sentence(re.sub(r"^b['\"](.*)['\"]$", r"\1", text)[:200] or type(error).__name__)


def _text(data: bytes | None) -> str:
    return " ".join((data or b"").decode("utf-8", "replace").split())
