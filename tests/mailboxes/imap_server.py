"""A small IMAP server on the loopback interface: as much of RFC 3501 as one reader needs, and faults."""

import base64
import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

USERNAME, PASSWORD = "bounces@example.org", "pässwörd"


@dataclass
class Store:
    """What the server holds and how it behaves; tests look into it while it runs."""

    messages: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    """UIDs; the first message has 101."""
    expunged: set[int] = field(default_factory=set)
    """UIDs that a search still finds and a fetch no more."""
    folder: str = "INBOX"
    junk: str = ""
    """Folder with all messages in the place of `folder`, which is empty then."""
    capabilities: str = "IMAP4rev1 AUTH=PLAIN"
    password: str = PASSWORD
    tls: str = "none"
    greeting: bytes = b"* OK ready\r\n"
    drops_at: str = ""
    """Command after which the connection is simply closed."""
    refuses: str = ""
    """Command that is answered with NO."""
    hangs_at: str = ""
    drips_at: str = ""
    """Command whose answer comes a byte at a time, and has no end."""
    floods_at: str = ""
    """Command that is answered with lines without end, as fast as they are taken."""
    literal: int = 0
    """Bytes a message is said to have, instead of those it has."""
    clear_text: bytes = b""
    """Said after the go-ahead of STARTTLS, before it is encrypted."""
    commands: list[str] = field(default_factory=list)
    logins: int = 0
    port: int = 0


class _Handler(socketserver.StreamRequestHandler):
    server: Any
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self.held: Store = self.server.held
        try:
            if self.held.tls == "tls":
                self._secure()
            self.wfile.write(self.held.greeting)
            while self._one():
                pass
        except (OSError, ValueError):
            pass
        finally:
            self.connection.close()

    def _secure(self) -> None:
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

    def _one(self) -> bool:
        line = self.rfile.readline().decode("utf-8", "replace").rstrip("\r\n")
        if not line:
            return False
        tag, _, rest = line.partition(" ")
        words = rest.split(" ")
        name = words[0].upper() if words[0].upper() != "UID" else f"UID {words[1].upper()}"
        self.held.commands.append(rest)
        if name == self.held.drops_at:
            return False
        if name == self.held.hangs_at:
            self.server.stopping.wait()
            return False
        if name in (self.held.drips_at, self.held.floods_at):
            self._say_for_ever(pause=0.05 if name == self.held.drips_at else 0.0)
            return False
        if name == self.held.refuses:
            self._say(f"{tag} NO [UNAVAILABLE] not now")
            return True
        return self._answer(tag, name, rest)

    def _answer(self, tag: str, name: str, rest: str) -> bool:
        known = {
            "CAPABILITY": self._capability,
            "LOGIN": self._login,
            "AUTHENTICATE": self._authenticate,
            "SELECT": self._select,
            "EXAMINE": self._select,
            "LIST": self._list,
            "UID SEARCH": self._search,
            "UID FETCH": self._fetch,
            "UID STORE": self._store,
        }
        if name == "STARTTLS":
            self.wfile.write(f"{tag} OK go ahead\r\n".encode() + self.held.clear_text)
            self._secure()
        elif name == "LOGOUT":
            self._say("* BYE bye")
            self._say(f"{tag} OK bye")
            return False
        elif name in known:
            known[name](tag, rest)
        else:
            self._say(f"{tag} BAD what?")
        return True

    def _capability(self, tag: str, rest: str) -> None:
        self._say(f"* CAPABILITY {self.held.capabilities}")
        self._say(f"{tag} OK done")

    def _login(self, tag: str, rest: str) -> None:
        found = re.fullmatch(r'LOGIN "?([^"]*)"? "([^"]*)"', rest)
        self._let_in(tag, bool(found and found.groups() == (USERNAME, self.held.password)))

    def _authenticate(self, tag: str, rest: str) -> None:
        self.wfile.write(b"+ \r\n")
        said = base64.b64decode(self.rfile.readline()).decode()
        self._let_in(tag, said == f"\0{USERNAME}\0{self.held.password}")

    def _let_in(self, tag: str, good: bool) -> None:
        self.held.logins += 1
        self._say(f"{tag} OK in" if good else f"{tag} NO [AUTHENTICATIONFAILED] Authentication failed.")

    def _list(self, tag: str, rest: str) -> None:
        self._say(f'* LIST (\\HasNoChildren) "/" {self.held.folder}')
        if self.held.junk:
            self._say(f'* LIST (\\HasNoChildren \\Junk) "/" "{self.held.junk}"')
        self._say(f"{tag} OK done")

    def _select(self, tag: str, rest: str) -> None:
        self.selected = rest.partition(" ")[2].strip('"')
        if self.selected not in (self.held.folder, self.held.junk):
            self._say(f"{tag} NO [NONEXISTENT] no such folder")
            return
        self._say(f"* {len(self.held.messages)} EXISTS")
        self._say(f"{tag} OK [READ-WRITE] selected")

    def _search(self, tag: str, rest: str) -> None:
        if " HEADER " in rest:
            self._search_header(tag, rest)
            return
        first, last = map(int, rest.split(" ")[2].split(":"))
        uids = [100 + n for n in range(first, last + 1) if 100 + n not in self.held.seen]
        self._say(" ".join(["* SEARCH", *map(str, uids)]))
        self._say(f"{tag} OK done")

    def _search_header(self, tag: str, rest: str) -> None:
        found = re.fullmatch(r'UID SEARCH HEADER Message-ID "([^"]*)"', rest)
        assert found
        here = self.selected == (self.held.junk or self.held.folder)
        wanted = f"message-id: {found[1]}".lower().encode()
        uids = [101 + n for n, data in enumerate(self.held.messages) if here and wanted in data.lower()]
        self._say(" ".join(["* SEARCH", *map(str, uids)]))
        self._say(f"{tag} OK done")

    def _fetch_head(self, tag: str, rest: str) -> None:
        uid = int(rest.split()[2])
        if uid not in self.held.expunged:
            head = self.held.messages[uid - 101].partition(b"\n\n")[0] + b"\n\n"
            self.wfile.write(b"* %d FETCH (UID %d BODY[HEADER] {%d}\r\n" % (uid - 100, uid, len(head)) + head)
            self.wfile.write(b")\r\n")
        self._say(f"{tag} OK done")

    def _fetch(self, tag: str, rest: str) -> None:
        if rest.endswith("(BODY.PEEK[HEADER])"):
            self._fetch_head(tag, rest)
            return
        found = re.fullmatch(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", rest)
        assert found
        uid, most = int(found[1]), int(found[2])
        if uid not in self.held.expunged:
            data = self.held.messages[uid - 101][:most]
            self.wfile.write(
                b"* %d FETCH (UID %d BODY[]<0> {%d}\r\n" % (uid - 100, uid, self.held.literal or len(data))
            )
            self.wfile.write(data + b")\r\n")
        self._say(f"{tag} OK done")

    def _store(self, tag: str, rest: str) -> None:
        found = re.fullmatch(r"UID STORE (\d+) \+FLAGS\.SILENT \(\\Seen\)", rest)
        assert found
        self.held.seen.add(int(found[1]))
        self._say(f"{tag} OK done")

    def _say_for_ever(self, pause: float) -> None:
        line = b"* OK wait\r\n"
        while not self.server.stopping.wait(pause):
            if pause:
                self.wfile.write(line[:1])
                line = line[1:] + line[:1]
            else:
                self.wfile.write(line * 1000)

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def serving(held: Store, context: ssl.SSLContext | None = None) -> Iterator[Store]:
    """The server, as long as the block lasts."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.held, server.context, server.stopping = held, context, threading.Event()  # type: ignore[attr-defined]
        held.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield held
        finally:
            server.stopping.set()  # type: ignore[attr-defined]
            server.shutdown()
            thread.join()
