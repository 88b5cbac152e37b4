"""Servers of readers' domains on loopback addresses of their own, and a DNS that leads to them."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from newsfeed.channels.mx import MxChannel
from newsfeed.channels.mx.session import MxSession
from newsfeed.dns_client.domain_hosts import DnsHostFinder
from newsfeed.errors import OutsideError
from newsfeed.model import Message
from newsfeed.records import Reply
from newsfeed.service_ports import DnsAnswer, DnsQuestion, HttpAnswer, HttpRequest, MailLookups
from newsfeed.service_settings import MxSettings
from tests.channels.smtp.peer import Peer
from tests.core.checkup.names import Zone, answering

START = datetime(2026, 11, 30, tzinfo=UTC)
OWN_NAME = "news.example"


@dataclass
class TableResolver:
    """Answers from a table, and remembers what it was asked."""

    zone: Zone
    asked: list[DnsQuestion] = field(default_factory=list)

    def resolve(self, question: DnsQuestion) -> DnsAnswer:
        """Answer; the table may change meanwhile."""
        return answering(self.zone, self.asked)(question)


@dataclass
class TableHttp:
    """Answers from a table of addresses."""

    pages: Mapping[str, HttpAnswer]
    asked: list[str] = field(default_factory=list)

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Answer, or not."""
        self.asked.append(request.url)
        if request.url not in self.pages:
            raise OutsideError("nobody is there")
        return self.pages[request.url]


def lookups_of(zone: Zone, pages: Mapping[str, HttpAnswer] | None = None) -> MailLookups:
    """What a channel asks, out of tables. DNS knows our own name."""
    resolver = TableResolver({(OWN_NAME, "A"): ("192.0.2.1",), **zone})
    return MailLookups(DnsHostFinder(resolver), resolver, TableHttp(pages or {}))


@dataclass
class Servers:
    """Servers by name, all on one port, and the zone that leads to them."""

    peers: dict[str, Peer]
    lookups: MailLookups
    port: int
    sessions: ExitStack
    folder: Path
    """Where policies are kept."""
    now: list[float] = field(default_factory=lambda: [0.0])

    def __getitem__(self, host: str) -> Peer:
        return self.peers[host]

    def channel(
        self, timeout: int = 30, *, allow_private: bool = True, strict: ssl.SSLContext | None = None
    ) -> MxChannel:
        """A channel that finds them; its clock is `now`."""
        settings = MxSettings(hello=OWN_NAME, timeout=timeout, port=self.port, allow_private=allow_private)
        return MxChannel(
            settings,
            self.lookups,
            self.folder,
            strict=strict,
            clock=lambda: self.now[0],
            now=lambda: START + timedelta(seconds=self.now[0]),
        )

    def session(self, timeout: int = 30) -> MxSession:
        """A session of such a channel; it is closed when the test is over."""
        return self.keep(self.channel(timeout).open())

    def keep(self, session: MxSession) -> MxSession:
        """Close a session when the test is over."""
        self.sessions.callback(session.close)
        return session

    def taken(self) -> list[str]:
        """The recipients of all that was accepted, with the server that did."""
        return [
            f"{host} {mail.rcpt.removeprefix('RCPT TO:')}"
            for host, peer in self.peers.items()
            for mail in peer.mails
        ]


@contextmanager
def serving(
    peers: Mapping[str, Peer], zone: Zone, absent: Mapping[str, str] | None = None
) -> Iterator[Servers]:
    """Run the peers, each on an address of its own, which the zone gets; ``absent``: host → an address where
    nobody listens.
    """
    with ExitStack() as stack:
        port, addresses = 0, dict(absent or {})
        for number, (host, peer) in enumerate(peers.items(), 1):
            peer.address, peer.wanted_port = f"127.0.0.{number}", port
            stack.enter_context(peer)
            port, addresses[host] = peer.port, peer.address
        known: Zone = {(host, "A"): (address,) for host, address in addresses.items()}
        lookups = lookups_of({**known, **zone})
        folder = stack.enter_context(TemporaryDirectory())
        yield Servers(dict(peers), lookups, port, stack, Path(folder) / "policies")


def send(session: MxSession, message: Message) -> Reply:
    """Send a message as a sender does."""
    return session.offer(message) or session.finish()
