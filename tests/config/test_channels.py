"""``[channels.*]`` and ``[mail.dkim]``: what is read, and that every mistake has its line."""

import pytest

from newsfeed.config import loader
from newsfeed.dns_client.resolver import SystemResolver
from newsfeed.service_settings import DkimKeySettings, MxSettings
from newsfeed.settings import RelaySettings, SmtpSettings
from newsfeed.testing import CONFIG


def _found(addition: str):
    """Settings, and the problems as (code, line, key or value, suggestion)."""
    text = CONFIG + addition
    settings, problems = loader.parse_settings(text)
    start = CONFIG.count("\n")
    found = []
    for one in problems:
        params = dict(one.params)
        found.append(
            (one.code, one.where.line - start, params.get("key", params.get("value")), one.suggestion)
        )
    return settings, found


def _smtp(text: str) -> SmtpSettings:
    settings, problems = _found(text)
    assert problems == []
    found = settings.channels["smtp"]
    assert isinstance(found, SmtpSettings)
    return found


def test_one_relay_needs_only_a_host():
    """STARTTLS on port 587, four connections, no login."""
    assert _smtp('[channels.smtp]\nhost = "Mail.Example.org"\n') == SmtpSettings(
        (RelaySettings(host="mail.example.org"),)
    )


@pytest.mark.parametrize(
    ("security", "port"), [("none", 25), ("opportunistic", 25), ("starttls", 587), ("tls", 465)]
)
def test_the_port_follows_from_the_security(security, port):
    """Unless it is given."""
    text = f'[channels.smtp]\nhost = "localhost"\nsecurity = "{security}"\n'
    assert _smtp(text).relays[0].port == port
    assert _smtp(text + "port = 2525\n").relays[0].port == 2525


def test_every_key_is_read():
    """A relay with everything, and one that stands in for it."""
    found = _smtp(
        """\
[channels.smtp]
host = "a.example"
port = 2525
security = "tls"
username = "news"
password_env = "A"
password_file = "var/a"
ca_file = "ca.pem"
connections = 8
per_second = 0.5
timeout = 30
domain_per_second = 20

[[channels.smtp.relays]]
host = "::1"
security = "none"
username = "news"
"""
    )
    assert found == SmtpSettings(
        (
            RelaySettings(
                host="a.example",
                port=2525,
                security="tls",
                username="news",
                password_env="A",
                password_file="var/a",
                ca_file="ca.pem",
                connections=8,
                per_second=0.5,
                timeout=30,
            ),
            RelaySettings(
                host="::1", port=25, security="none", username="news", password_env="NEWSFEED_SMTP_PASSWORD"
            ),
        ),
        20.0,
    )


def test_relays_may_all_stand_in_the_list():
    """Then the table itself needs no host."""
    text = '[[channels.smtp.relays]]\nhost = "a"\n[[channels.smtp.relays]]\nhost = "b"\n'
    assert [one.host for one in _smtp(text).relays] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("[channels.smtp]\n", [("config-key-missing", 1, "channels.smtp.host", "")]),
        (
            '[channels.smtp]\nhost = "a"\npasword_env = "X"\n',
            [("config-key-unknown", 3, "pasword_env", "password_env")],
        ),
        ('[channels.smtp]\nhost = "a b"\n', [("config-value", 2, "channels.smtp.host", "")]),
        ('[channels.smtp]\nhost = "a..b"\n', [("config-value", 2, "channels.smtp.host", "")]),
        (
            '[channels.smtp]\nhost = "a"\nsecurity = "startls"\n',
            [("config-choice", 3, "channels.smtp.security", "starttls")],
        ),
        ('[channels.smtp]\nhost = "a"\nport = 70000\n', [("config-range", 3, "channels.smtp.port", "")]),
        (
            '[channels.smtp]\nhost = "a"\nper_second = "fast"\n',
            [("config-type", 3, "channels.smtp.per_second", "")],
        ),
        (
            '[channels.smtp]\nhost = "a"\nper_second = -1\n',
            [("config-range", 3, "channels.smtp.per_second", "")],
        ),
        ('[channels.smtp]\nhost = "a"\nrelays = "b"\n', [("config-type", 3, "channels.smtp.relays", "")]),
        (
            '[channels.smtp]\nhost = "a"\nsecurity = "none"\nusername = "u"\n',
            [("config-value", 3, "channels.smtp.security", "")],
        ),
        (
            ('[channels.smtp]\nhost = "a"\n\n[[channels.smtp.relays]]\nhost = "b"\n'
            '[[channels.smtp.relays]]\nhost = "c"\nhots = "d"\n[[channels.smtp.relays]]\n'),
            [
                ("config-key-missing", 8 + 1, "channels.smtp.relays.3.host", ""),
                ("config-key-unknown", 8, "hots", "host"),
            ],
        ),
        (
            '[channels.smtp]\nhost = "a"\n[[channels.smtp.relays]]\nhost = "a"\n',
            [("config-value", 4, "channels.smtp.relays.1.host", "")],
        ),
        ("[channels.mx]\n", [("config-key-missing", 1, "channels.mx.hello", "")]),
        *(
            (
                f'[channels.mx]\nhello = "news.a.example"\nname_server = "{wrong}"\n',
                [("config-value", 3, "channels.mx.name_server", "")],
            )
            for wrong in ("dns.example", "9.9.9", "9.9.9.9:", "9.9.9.9:0", "9.9.9.9:65536", "[::1]", "[::1]:x")
        ),
        ('[channels.mx]\nhello = "news"\n', [("config-value", 2, "channels.mx.hello", "")]),
        ('[channels.mx]\nhello = "[192.0.2.1]"\n', [("config-value", 2, "channels.mx.hello", "")]),
        ("[channels.stdout]\npath = 1\n", [("config-key-unknown", 2, "path", "")]),
        ("[channels.maildir]\npth = 1\n", [("config-key-unknown", 2, "pth", "path")]),
        ("[channels.folder]\npath = 1\n", [("config-type", 2, "channels.folder.path", "")]),
        ("[channels.smpt]\n", [("config-key-unknown", 1, "smpt", "smtp")]),
        ("[mail.dkim]\n", [
            ("config-key-missing", 1, "mail.dkim.domain", ""),
            ("config-key-missing", 1, "mail.dkim.selector", ""),
            ("config-key-missing", 1, "mail.dkim.key_file", ""),
        ]),
        (
            '[mail.dkim]\ndomain = "a b"\nselector = "x_"\nalgorithm = "dsa"\nkey_file = "k"\n',
            [("config-value", 2, "mail.dkim.domain", ""), ("config-choice", 4, "mail.dkim.algorithm", "rsa")],
        ),
    ],
)  # fmt: skip
def test_mistakes_have_their_line(text, problems):
    """`newsfeed check` finds them all, with what was meant."""
    settings, found = _found(text)
    assert settings is None
    assert sorted(found) == sorted(problems)


def test_a_channel_that_is_chosen_must_be_configured():
    """``channel = "smtp"`` without ``[channels.smtp]``."""
    settings, found = _found('channel = "smtp"\n')
    assert settings is None
    assert found == [("config-reference", 1, "mail.channel", "")]


def test_mails_may_be_signed_with_several_keys():
    """One table, or a list of them."""
    one = '[mail.dkim]\ndomain = "Example.org"\nselector = "a"\nkey_file = "k.pem"\n'
    settings, problems = _found(one)
    assert problems == []
    assert settings.mail.dkim == (DkimKeySettings(domain="example.org", selector="a", key_file="k.pem"),)
    two = '[[mail.dkim]]\ndomain = "e.org"\nselector = "b"\nalgorithm = "ed25519"\nkey_env = "K"\n'
    settings, problems = _found(one.replace("[mail.dkim]", "[[mail.dkim]]") + two)
    assert problems == []
    assert [key.algorithm for key in settings.mail.dkim] == ["rsa", "ed25519"]


@pytest.mark.parametrize("server", ["9.9.9.9", "127.0.0.1:5353", "2001:db8::1", "[2001:db8::1]:53"])
def test_a_name_server_is_an_address_perhaps_with_a_port(server: str) -> None:
    """As the edge that asks it reads it."""
    settings, problems = _found(f'[channels.mx]\nhello = "News.a.example"\nname_server = "{server}"\n')
    assert problems == []
    assert settings.channels["mx"] == MxSettings(hello="news.a.example", name_server=server)
    SystemResolver(server)
