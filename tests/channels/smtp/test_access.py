"""TLS, logging in, and where passwords come from."""

import socket
import ssl

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from newsfeed.channels.smtp import SmtpChannel
from newsfeed.errors import OutsideError, UsageError
from tests.channels.smtp.certificates import server
from tests.channels.smtp.peer import Peer, a_message
from tests.channels.tables import open_from_table


def _send(session, message=None):
    message = message or a_message()
    return session.offer(message) or session.finish()


def _table(peer: Peer, **changes) -> dict[str, object]:
    return {"host": "127.0.0.1", "port": peer.port, "security": "none", "timeout": 4, **changes}


def _channel(root, table, **environment) -> SmtpChannel:
    made = open_from_table("smtp", root, table, environment)
    assert isinstance(made, SmtpChannel)
    return made


# -- TLS -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_travels_encrypted(security, tmp_path):
    """Both ways, with a certificate of our own authority."""
    context, ca_file = server()
    with Peer(tls=context, implicit=security == "tls") as peer:
        channel = _channel(tmp_path, _table(peer, security=security, ca_file=str(ca_file)))
        session = peer.keep(channel.open())
        assert [_send(session).code, _send(session).code] == [250, 250]
        assert all(isinstance(one, ssl.SSLSocket) for one in peer._sockets[-1:])
        assert peer.tried["EHLO"] == (2 if security == "starttls" else 1)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_nobody_vouches_for_is_not_accepted(security, tmp_path):
    """And the relay is left alone: only a person can change that."""
    context, _ = server()
    with Peer(tls=context, implicit=security == "tls") as peer:
        channel = _channel(tmp_path, _table(peer, security=security))
        for _ in range(3):
            with pytest.raises(OutsideError, match=r"its certificate is signed by nobody but itself"):
                channel.open().offer(a_message())
        assert peer.connections == 1


def test_a_certificate_for_another_server_is_not_accepted(tmp_path):
    """It must name the host of the configuration."""
    context, ca_file = server("127.0.0.9")
    with Peer(tls=context, implicit=True) as peer:
        channel = _channel(tmp_path, _table(peer, security="tls", ca_file=str(ca_file)))
        with pytest.raises(OutsideError, match="its certificate is for another address"):
            channel.open().offer(a_message())


def test_starttls_is_demanded_not_tried(tmp_path):
    """A relay, or somebody on the way, that does not offer it gets no mail and no password."""
    with Peer(passwords={"news": "secret"}) as peer:
        table = _table(peer, security="starttls", username="news")
        channel = _channel(tmp_path, table, NEWSFEED_SMTP_PASSWORD="secret")
        with pytest.raises(OutsideError, match="it does not offer STARTTLS"):
            channel.open().offer(a_message())
        assert not [one for one in peer.commands if one.startswith(("AUTH", "MAIL"))]


def test_opportunistic_encryption_takes_what_there_is(tmp_path):
    """Any certificate; nothing at all where the relay offers none, or not now, or cannot do it."""
    context, _ = server()
    broken = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)  # it has no certificate
    for script, tls, encrypted in [
        ({}, context, True),
        ({}, None, False),
        ({"STARTTLS": ["454 4.7.0 not now"]}, context, False),
        ({}, broken, False),
    ]:
        with Peer(script, tls=tls) as peer:
            session = peer.keep(_channel(tmp_path, _table(peer, security="opportunistic")).open())
            assert [_send(session).code, _send(session).code] == [250, 250]
            assert isinstance(peer._sockets[-1], ssl.SSLSocket) == encrypted
            assert peer.connections == (2 if tls is broken else 1)


def test_what_was_said_before_encryption_counts_for_nothing(tmp_path):
    """Answers slipped in behind the one to STARTTLS are not taken for later ones."""
    context, ca_file = server()
    with Peer({"STARTTLS": ["220 go on\r\n250-injected\r\n250 SIZE 1"]}, tls=context) as peer:
        channel = _channel(tmp_path, _table(peer, security="starttls", ca_file=str(ca_file)))
        with pytest.raises(OutsideError, match="spoke out of turn"):
            channel.open().offer(a_message())


def test_a_refused_starttls_is_the_relays_trouble(tmp_path):
    """454: perhaps later."""
    context, ca_file = server()
    with Peer({"STARTTLS": ["454 4.7.0 not now"]}, tls=context) as peer:
        channel = _channel(tmp_path, _table(peer, security="starttls", ca_file=str(ca_file)))
        with pytest.raises(OutsideError, match=r"454 4.7.0 not now"):
            channel.open().offer(a_message())


def test_a_port_that_does_not_speak_tls_is_one_clear_line(tmp_path):
    """The usual mistake: port 587 with security tls."""
    with Peer() as peer, pytest.raises(OutsideError, match="no relay takes mail now"):
        _channel(tmp_path, _table(peer, security="tls")).open().offer(a_message())


def test_certificates_that_cannot_be_read_are_named(tmp_path):
    """Missing, or no certificates at all."""
    (tmp_path / "bad.pem").write_text("garbage")
    with Peer() as peer:
        for name in ("none.pem", "bad.pem"):
            with pytest.raises(OutsideError, match=name):
                _channel(tmp_path, _table(peer, security="tls", ca_file=name))


# -- logging in ----------------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["secret", "geheim \u00e4\u20ac\u00df"])
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
def test_every_mechanism_lets_us_in(mechanism, password, tmp_path):
    """With passwords in any script."""
    with Peer(passwords={"news": password}, mechanisms=mechanism) as peer:
        channel = _channel(tmp_path, _table(peer, username="news", password_env="P"), P=password)
        assert _send(peer.keep(channel.open())).code == 250
        assert peer.commands[1].startswith(f"AUTH {mechanism}")


def test_in_the_clear_the_mechanism_that_hides_the_password_comes_first(tmp_path):
    """CRAM-MD5 before PLAIN; under TLS it is the other way round."""
    context, ca_file = server()
    with Peer(passwords={"news": "x"}) as peer:
        channel = _channel(tmp_path, _table(peer, username="news"), NEWSFEED_SMTP_PASSWORD="x")
        assert _send(peer.keep(channel.open())).code == 250
        assert "AUTH CRAM-MD5" in peer.commands
    with Peer(passwords={"news": "x"}, tls=context) as peer:
        table = _table(peer, security="starttls", username="news", ca_file=str(ca_file))
        assert _send(peer.keep(_channel(tmp_path, table, NEWSFEED_SMTP_PASSWORD="x").open())).code == 250
        assert [one.split(" ")[1] for one in peer.commands if one.startswith("AUTH")] == ["PLAIN"]


def test_a_mechanism_that_is_not_to_be_had_is_passed_over(tmp_path):
    """504: no password was tried, so the next one may be."""
    with Peer({"AUTH CRAM-MD5": ["504 5.5.4 not really"]}, passwords={"news": "x"}) as peer:
        channel = _channel(tmp_path, _table(peer, username="news"), NEWSFEED_SMTP_PASSWORD="x")
        assert _send(peer.keep(channel.open())).code == 250


@pytest.mark.parametrize("challenge", ["334 !!!", "500 5.5.1 what?"])
def test_a_challenge_that_makes_no_sense_is_a_failed_login(challenge, tmp_path):
    """No crash, one line."""
    with Peer({"AUTH CRAM-MD5": [challenge]}, passwords={"news": "x"}, mechanisms="CRAM-MD5") as peer:
        channel = _channel(tmp_path, _table(peer, username="news"), NEWSFEED_SMTP_PASSWORD="x")
        with pytest.raises(OutsideError, match="does not accept our user name"):
            channel.open().offer(a_message())


def test_no_mechanism_in_common_is_one_clear_line(tmp_path):
    """The relay wants what we do not have, or offers nothing."""
    with Peer(passwords={"news": "x"}, mechanisms="GSSAPI NTLM") as peer:
        channel = _channel(tmp_path, _table(peer, username="news"), NEWSFEED_SMTP_PASSWORD="x")
        with pytest.raises(OutsideError, match="no way to log in that we know"):
            channel.open().offer(a_message())


def test_a_password_may_stand_in_a_file(tmp_path):
    """Relative to the site; its last line end is not part of it. It counts more than the variable."""
    (tmp_path / "password").write_text("secret \n")
    with Peer(passwords={"news": "secret "}) as peer:
        table = _table(peer, username="news", password_file="password")
        channel = _channel(tmp_path, table, NEWSFEED_SMTP_PASSWORD="other")
        assert _send(peer.keep(channel.open())).code == 250


def test_a_password_that_is_not_there_is_named_not_guessed(tmp_path):
    """Before anything is sent, and saying where it was looked for."""
    (tmp_path / "bytes").write_bytes(b"\xff")
    with Peer() as peer:
        for changes, match in [
            ({}, "variable NEWSFEED_SMTP_PASSWORD .* is not set"),
            ({"password_env": "P"}, "variable P .* is not set"),
            ({"password_file": "none"}, "none: there is no such file"),
            ({"password_file": "bytes"}, "not UTF-8"),
        ]:
            with pytest.raises(UsageError, match=match):
                _channel(tmp_path, _table(peer, username="news", **changes))


# -- another implementation ----------------------------------------------------------------------


class _Inbox:
    def __init__(self) -> None:
        self.envelopes = []

    async def handle_DATA(self, server, session, envelope):
        self.envelopes.append(
            (envelope.mail_from, envelope.rcpt_tos, envelope.content, session.authenticated)
        )
        return "250 2.0.0 kept"


def _believe(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"news", b"secret")
    return AuthResult(success=good, handled=good)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def test_aiosmtpd_takes_mail_over_starttls_with_a_password(tmp_path):
    """A server somebody else wrote: encrypted, authenticated, byte for byte."""
    context, ca_file = server()
    inbox = _Inbox()
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=_free_port(),
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=_believe,
        enable_SMTPUTF8=True,
    )
    controller.start()
    try:
        table = {
            "host": "127.0.0.1",
            "port": controller.port,
            "username": "news",
            "ca_file": str(ca_file),
            "timeout": 8,
        }
        channel = _channel(tmp_path, table, NEWSFEED_SMTP_PASSWORD="secret")
        data = b"Subject: x\r\n\r\n.\r\n..dots\r\n" + b"x" * 900 + b"\r\n"
        session = channel.open()
        for recipient in ("reader@reader.example", "jürgen@bücher.example"):
            assert _send(session, a_message(recipient, data)).code == 250
        session.close()
        assert inbox.envelopes == [
            ("news@test.example", ["reader@reader.example"], data, True),
            ("news@test.example", ["jürgen@xn--bcher-kva.example"], data, True),
        ]
    finally:
        controller.stop()
