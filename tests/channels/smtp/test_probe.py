"""A conversation with a relay that ends before its first message."""

from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from newsfeed.channels.smtp.probe import probe_relay
from newsfeed.errors import OutsideError
from newsfeed.settings import RelaySettings
from tests.channels.smtp.certificates import server
from tests.channels.smtp.peer import DROP, Peer
from tests.delivery.ports import free_port

HERE = Path()


def test_a_relay_that_is_well_is_described() -> None:
    """With encryption, certificate, login and its own name."""
    tls, chain = server()
    with Peer(tls=tls, passwords={"news": "secret"}) as peer:
        relay = peer.relay(security="starttls", username="news", ca_file=str(chain))
        found = probe_relay(relay, HERE, "secret")
    assert not found.failure
    assert (found.relay, found.address) == (peer.name, "127.0.0.1")
    assert found.encryption.startswith("TLSv1.")
    assert found.certificate is not None
    assert found.certificate.begins < found.certificate.ends
    assert peer.mails == []
    assert "QUIT" in peer.commands[-1].upper()


def test_another_program_is_understood_as_well() -> None:
    """That of the standard library's makers, with STARTTLS and a login."""
    tls, chain = server()
    controller = Controller(
        object(),
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=tls,
        require_starttls=True,
        server_hostname="mx.news.test",
        authenticator=lambda *_: AuthResult(success=True),
        auth_required=True,
    )
    controller.start()
    try:
        relay = RelaySettings(host="127.0.0.1", port=controller.port, username="news", ca_file=str(chain))
        found = probe_relay(relay, HERE, "secret")
    finally:
        controller.stop()
    assert (str(found.failure), found.called) == ("", "mx.news.test")


def test_a_relay_without_encryption_may_offer_it() -> None:
    """That it does is worth knowing."""
    tls, _ = server()
    with Peer(tls=tls) as peer:
        found = probe_relay(peer.relay(), HERE, "")
    assert (found.encryption, found.certificate, found.offers_encryption) == ("", None, True)


@pytest.mark.parametrize(
    ("changes", "stage", "reason"),
    [
        ({"security": "starttls"}, "tls", "its certificate is signed by nobody but itself"),
        (
            {"security": "starttls", "host": "localhost", "ca": True},
            "tls",
            "its certificate is for another name",
        ),
        ({"security": "none", "username": "news"}, "login", "535"),
    ],
)
def test_what_is_wrong_is_told_with_how_far_it_got(
    changes: dict[str, object], stage: str, reason: str
) -> None:
    """To the certificate, to the login."""
    tls, chain = server()
    given = {**changes, **({"ca_file": str(chain)} if changes.get("ca") else {})}
    given.pop("ca", None)
    with Peer(tls=tls, passwords={"news": "secret"}) as peer:
        found = probe_relay(peer.relay(**given), HERE, "wrong")
    assert found.stage == stage
    assert reason in str(found.failure)


def test_a_relay_that_is_not_there_or_hangs_up_is_told() -> None:
    """It has no address then, or one."""
    gone = probe_relay(RelaySettings(host="127.0.0.1", port=free_port(), security="none"), HERE, "")
    assert (gone.stage, str(gone.failure), gone.address) == ("connect", "the connection was refused", "")
    with Peer(script={"CONNECT": [DROP]}) as peer:
        rude = probe_relay(peer.relay(), HERE, "")
    assert (rude.stage, str(rude.failure)) == ("connect", "it closed the connection")


def test_certificates_that_cannot_be_read_are_our_own_fault(tmp_path: Path) -> None:
    """Not the relay's."""
    relay = RelaySettings(host="127.0.0.1", ca_file="missing.pem")
    with pytest.raises(OutsideError, match="cannot read certificates"):
        probe_relay(relay, tmp_path, "")


def test_a_machine_that_sends_itself_says_its_own_name() -> None:
    """As it does in sending; and what it knows of its address is told."""
    with Peer() as peer:
        found = probe_relay(peer.relay(), HERE, "", "news.test.example")
    assert peer.commands[0].lower() == "ehlo news.test.example"
    assert found.own_address == "127.0.0.1"
