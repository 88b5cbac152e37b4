"""Whole rounds of sending straight to readers' servers, found by a name server on the loopback interface."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bench.site import MONDAY, Made, address
from newsfeed.delivery import outbox
from newsfeed.delivery.outbox import send_outbox
from newsfeed.model import Message
from newsfeed.records import ServiceMail
from tests.channels.mx.servers import serving as serving_mail
from tests.channels.smtp.peer import DROP, HANG, Peer
from tests.core.checkup.names import Zone
from tests.delivery.sites import round_at, rows, site, states
from tests.dns_client.name_server import serving

PEOPLE = 70
DOMAINS = [f"readers{number}.example" for number in range(7)]
LATER = MONDAY + timedelta(hours=12)
CONFIG = """
[channels.mx]
hello = "test.example"
name_server = "{server}"
port = {port}
allow_private = true
timeout = 10
"""


@contextmanager
def receivers(peers: dict[str, Peer], zone: Zone) -> Iterator[str]:
    """Servers on addresses of their own, and the configuration that leads to them."""
    with ExitStack() as stack:
        port, known = 0, {("test.example", "A"): ("192.0.2.1",)}
        for number, (host, peer) in enumerate(peers.items(), 1):
            peer.address, peer.wanted_port = f"127.0.1.{number}", port
            port = stack.enter_context(peer).port
            known[(host, "A")] = (peer.address,)
        server = stack.enter_context(serving({**known, **zone}))
        yield CONFIG.format(server=server, port=port)


def made_site(tmp_path: Path, config: str) -> Made:
    """A site that needs no relay."""
    return site(tmp_path, PEOPLE, port=1, channel="mx", smtp=config)


def got(peers: dict[str, Peer]) -> Counter[str]:
    """Recipient → messages, over all servers."""
    return Counter(
        mail.rcpt.removeprefix("RCPT TO:").strip("<>") for peer in peers.values() for mail in peer.mails
    )


def test_every_reader_has_the_mail_from_the_servers_of_their_own_domain(tmp_path):
    """One server each; nothing is lost, doubled, or handed to somebody else."""
    peers = {f"mx.{domain}": Peer() for domain in DOMAINS}
    zone = {(domain, "MX"): (f"mx.{domain}",) for domain in DOMAINS}
    with receivers(peers, zone) as config:
        done = round_at(made_site(tmp_path, config), MONDAY)
    assert not done.counts.trouble
    assert got(peers) == Counter(address(number) for number in range(PEOPLE))
    assert all(
        mail.rcpt.endswith(f"@{host.removeprefix('mx.')}>")
        for host, peer in peers.items()
        for mail in peer.mails
    )


def test_one_bad_domain_keeps_no_other_waiting(tmp_path):
    """A null MX is a refusal, silence a deferral; a server that breaks off is stood in for."""
    null, gone, breaking, *good = DOMAINS
    peers = {
        "mx.good.example": Peer(),
        "mx1.breaking.example": Peer({"CONNECT": ["421 4.3.2 not now"] * 50, "MAIL": [DROP] * 50}),
        "mx2.breaking.example": Peer(),
    }
    zone: Zone = {
        (null, "MX"): ("0 .",),
        (gone, "MX"): ("mx.gone.example",),
        (breaking, "MX"): ("10 mx1.breaking.example.", "20 mx2.breaking.example."),
        **{(domain, "MX"): ("mx.good.example",) for domain in good},
    }
    with receivers(peers, zone) as config:
        made = made_site(tmp_path, config)
        assert not round_at(made, MONDAY).counts.trouble
        assert states(made) == Counter(accepted=50, refused=10, deferred=10)
        assert len(peers["mx2.breaking.example"].mails) == 10
        replies = {
            str(reply) for (reply,) in rows(made, "select reply from deliveries where state = 'deferred'")
        }
    assert replies == {
        "450 4.4.4 none of the domain's servers can be reached (mx.gone.example: its name is not known)"
    }
    assert set(got(peers).values()) == {1}


def test_what_waited_is_sent_when_its_server_is_back(tmp_path):
    """The next round asks DNS anew."""
    zone = {(domain, "MX"): ("mx.good.example",) for domain in DOMAINS[1:]}
    with receivers({"mx.good.example": Peer()}, {**zone, (DOMAINS[0], "MX"): ("mx.gone.example",)}) as config:
        made = made_site(tmp_path, config)
        round_at(made, MONDAY)
        assert states(made) == Counter(accepted=60, deferred=10)
    back = Peer()
    with receivers({"mx.back.example": back}, {(DOMAINS[0], "MX"): ("mx.back.example",)}) as config:
        path = made.folder / "config.toml"
        head = path.read_text("utf-8").partition("\n[channels.mx]")[0]
        path.write_text(head + config, "utf-8")
        assert not round_at(made, LATER).counts.trouble
        assert states(made) == Counter(accepted=70)
    assert len(back.mails) == 10


class Waiting:
    """An outbox whose mails are due once; when they are to be tried again stands in `until`."""

    def __init__(self, *recipients: str) -> None:
        self._due = [
            ServiceMail(
                id=number,
                kind="confirm",
                subscriber_id=number,
                message=Message(
                    "news@news.example", recipient, f"<{number}@news.example>", b"X: y\r\n\r\nz\r\n"
                ),
                created=MONDAY,
                next_try=MONDAY,
                expires=MONDAY + timedelta(days=7),
            )
            for number, recipient in enumerate(recipients)
        ]
        self.until: dict[int, datetime | None] = {}

    def due(self, now: datetime, limit: int) -> list[ServiceMail]:
        """Give mails out."""
        given, self._due = self._due[:limit], self._due[limit:]
        return given

    def reschedule(self, mail_id: int, next_try: datetime | None) -> None:
        """Note when it is tried again."""
        self.until[mail_id] = next_try


@pytest.mark.parametrize("stage", ["CONNECT", "MAIL", "DATA", "DOT"])
def test_a_server_that_hangs_keeps_no_confirmation_from_other_domains(stage, monkeypatch):
    """Whatever it hangs at; its own mails are tried again later."""
    monkeypatch.setattr(outbox, "PATIENCE", 0.5)
    peers = {"slow.example": Peer({stage: [HANG] * 9}), "good.example": Peer()}
    with serving_mail(peers, {}) as servers:
        waiting = Waiting("a@slow.example", "b@slow.example", "anna@good.example", "ben@good.example")
        began = time.monotonic()
        assert not send_outbox(waiting, servers.channel().open, MONDAY, calls_strangers=True)
        assert time.monotonic() - began < 20
        assert servers.taken()[-2:] == ["good.example <anna@good.example>", "good.example <ben@good.example>"]
    assert [waiting.until[number] is None for number in range(4)] == [False, False, True, True]
