"""A digest of another organisation: who writes it, where it comes back to, and what it is counted by."""

from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

from bench.site import MONDAY
from newsfeed.core.delivery.verp import find_tokens
from tests.channels.smtp.peer import Peer
from tests.delivery.sites import round_at, site

OWN = """from = "Water news <water@water.example>"
bounce_address = "bounces@water.example"
"""
SHARED = 'bounce_address = "bounces@test.example"'


def sent(tmp_path: Path, digest: str, mail: str = SHARED) -> tuple[list[str], list[Message]]:
    """The envelope's senders and the messages of one issue to four people."""
    with Peer() as peer:
        round_at(site(tmp_path, 4, port=peer.port, digest=digest, mail=mail), MONDAY)
        senders = [one.mail.split("<")[1].split(">")[0] for one in peer.mails]
        return senders, [message_from_bytes(one.data) for one in peer.mails]


@pytest.mark.parametrize(
    ("digest", "domain", "author"),
    [
        ("", "test.example", "Newsroom <news@test.example>"),
        (OWN, "water.example", "Water news <water@water.example>"),
    ],
)
def test_a_digest_comes_back_to_the_domain_that_wrote_it(
    tmp_path: Path, digest: str, domain: str, author: str
) -> None:
    """So that SPF speaks for the domain of From (RFC 7489 3.1.2); each message has a token of its own."""
    senders, messages = sent(tmp_path, digest)
    assert {sender.rpartition("@")[2] for sender in senders} == {domain}
    assert len(find_tokens(senders)) == len(senders) == 4
    assert {message["From"].replace('"', "") for message in messages} == {author}
    assert {message["Reply-To"] for message in messages} == {author.split("<")[1].strip(">")}
    assert {message["Message-ID"].rpartition("@")[2] for message in messages} == {f"{domain}>"}
    assert {message["List-Id"].rpartition("<")[2] for message in messages} == {f"staff.{domain}>"}
    assert all(f"mailto:{message['Reply-To']}?" in message["List-Unsubscribe"] for message in messages)


def test_complaints_are_counted_by_issue_language_digest_and_sender(tmp_path: Path) -> None:
    """From the narrowest to the widest, no two alike; the sender's name has 5 to 15 characters."""
    _, messages = sent(tmp_path, "")
    _, others = sent(tmp_path / "other", 'from = "news@newsletters.water.example"')
    fields = [str(one["Feedback-ID"]).split(":") for one in (*messages, *others)]
    assert {field[0] for field in fields} == {"staff.20300204"}
    assert {field[1] for field in fields} == {"staff.de", "staff.en", "staff.fr", "staff.nl"}
    assert {field[2] for field in fields} == {"staff"}
    senders = {field[3] for field in fields}
    assert len(senders) == 2
    assert "test.example" in senders
    assert all(5 <= len(one) <= 15 and one.isascii() for one in senders)
