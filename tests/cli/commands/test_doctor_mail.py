"""``newsfeed doctor --send-test``: over Postfix, into Dovecot, and read back from there."""

import asyncio
import json
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import dkim
import pytest
from aiosmtpd.controller import Controller

from newsfeed.app.arrival import wait_for
from newsfeed.service_ports import ArrivedMail
from newsfeed.testing import write_tree
from tests.cli.command import newsfeed
from tests.delivery.mail_system import MailSystem, mail_system
from tests.delivery.ports import free_port

NOW = "2026-03-01T12:00Z"
FILES = {
    "config.toml": """\
[site]
title = "News"
base_url = "https://www.example.org/"
languages = ["en"]
authority = "example.org,2020"

[digests.weekly]
schedule = "mon 08:00"
audience = "team"
title = "Weekly"

[audiences.team]
file = "team.csv"

[web]
base_url = "https://mail.example.org/"

[mail]
from = "News <news@test.example>"
bounce_address = "bounces@test.example"
channel = "smtp"

[channels.smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"

[doctor]
host = "127.0.0.1"
port = {imap}
security = "none"
username = "anna@good.example"
authserv_id = "{server}"
""",
    "team.csv": "email,name,language\n",
    "news/2026/hello.en.md": "---\ndate: 2026-03-01T10:00Z\ntitle: Hello\n---\nHello, world.\n",
}


class Receiver:
    """Looks at signatures as a receiver does, says so in a header, and hands on to Postfix."""

    def __init__(self, port: int, keys: dict[str, str]) -> None:
        self._port = port
        self._keys = keys
        self.senders: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take one message."""
        self.senders.append(envelope.mail_from)
        await asyncio.to_thread(self._hand_on, envelope)
        return "250 2.0.0 Ok"

    def _hand_on(self, envelope: Any) -> None:
        def ask(name: bytes, timeout: int = 5) -> bytes | None:
            return self._keys.get(name.decode().rstrip("."), "").encode() or None

        is_genuine = dkim.verify(envelope.content, dnsfunc=ask)
        told = "pass" if is_genuine else "fail"
        head = f"Authentication-Results: mx.good.example;\r\n dkim={told} header.d=test.example;\r\n spf=fail\r\n"
        with smtplib.SMTP("127.0.0.1", self._port, timeout=60) as client:
            client.sendmail(envelope.mail_from, envelope.rcpt_tos, head.encode() + envelope.content)


@contextmanager
def receiving(receiver: Receiver) -> Iterator[int]:
    """The receiver, as long as the block lasts; yields its port."""
    controller = Controller(receiver, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@pytest.fixture(scope="module")
def system() -> Iterator[MailSystem]:
    """Postfix and Dovecot."""
    with mail_system(free_port()) as found:
        yield found


def trial(folder: Path, *options: str) -> dict[str, Any]:
    """What the command tells."""
    words = ("doctor", "--send-test", "anna@good.example", "--now", NOW, "--json", *options)
    return json.loads(newsfeed("-C", folder, *words, NEWSFEED_DOCTOR_PASSWORD="secret").stdout)  # type: ignore[no-any-return]


@pytest.mark.slow
def test_a_mail_on_trial_goes_the_whole_way_and_is_read_back(tmp_path: Path, system: MailSystem) -> None:
    """Signed with the site's keys, with its return path and one-click, marked as a test; and no bounce is read."""
    keys: dict[str, str] = {}
    receiver = Receiver(system.smtp, keys)
    with receiving(receiver) as port:
        values = {"{smtp}": str(port), "{imap}": str(system.imap), "{server}": "mx.good.example"}
        files = dict(FILES)
        for name, value in values.items():
            files["config.toml"] = files["config.toml"].replace(name, value)
        site = write_tree(tmp_path, files)
        assert newsfeed("-C", site, "subscribers", "list").returncode == 0
        made = json.loads(newsfeed("-C", site, "dkim", "--json").stdout)["keys"]
        keys.update({one["name"]: one["value"] for one in made})
        tables = "".join(
            f'\n[[mail.dkim]]\ndomain = "test.example"\nselector = "{one["selector"]}"\n'
            f'algorithm = "{one["algorithm"]}"\nkey_file = "{one["file"]}"\n'
            for one in made
        )
        (site / "config.toml").write_text(files["config.toml"] + tables)
        data = trial(site, "--wait", "60")
    assert [(one["health"], one["seen"]) for one in data["findings"]] == [
        ("good", "the mail arrived in INBOX"),
        ("problem", "SPF does not pass for –, says mx.good.example: fail"),
        ("good", "DKIM passes for test.example, says mx.good.example"),
        ("advice", "mx.good.example says nothing about DMARC"),
    ]
    (mail,) = system.mails("anna@good.example")
    message = message_from_bytes(mail, policy=policy.default)
    assert str(message["Subject"]).startswith("[Test] ")
    assert str(message["List-Unsubscribe"]).startswith("<https://mail.example.org/one-click/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert len(message.get_all("DKIM-Signature", [])) == 2
    assert receiver.senders[0].startswith("bounces+")
    assert str(message["Date"]) == "Sun, 01 Mar 2026 12:00:00 +0000"
    assert newsfeed("-C", site, "receipt", "weekly/2026-03-02T08:00").returncode != 0  # it is no issue


@pytest.mark.parametrize(("arrives_at", "seconds", "looks"), [(1, 120, 1), (3, 120, 3), (9, 9, 3), (9, 3, 1)])
def test_a_mail_is_waited_for_until_it_comes_or_the_time_is_over(
    arrives_at: int, seconds: int, looks: int
) -> None:
    """Every three seconds."""
    pauses: list[float] = []

    class Mailbox:
        """Has the mail after some looks."""

        def find(self, message_id: str) -> ArrivedMail | None:
            """Look."""
            return ArrivedMail("INBOX", b"") if len(pauses) >= arrives_at else None

    found = wait_for(Mailbox(), "<x@a.test>", seconds, pauses.append)
    assert pauses == [3] * looks
    assert (found is not None) == (arrives_at <= looks)


def site_with(folder: Path, text: str) -> Path:
    """A site whose configuration is another one."""
    return write_tree(folder, {**FILES, "config.toml": text})


def test_nothing_is_sent_without_a_mailbox_to_look_into(tmp_path: Path) -> None:
    """The mail would tell nobody anything."""
    text = FILES["config.toml"].partition("[doctor]")[0].replace("{smtp}", "2")
    done = newsfeed(
        "-C", site_with(tmp_path, text), "doctor", "--send-test", "anna@good.example", "--now", NOW
    )
    assert done.returncode == 2
    assert "config.toml names no mailbox to look for the mail in" in done.stderr


def test_nothing_is_sent_where_mails_reach_nobody(tmp_path: Path) -> None:
    """As into a folder."""
    text = (
        FILES["config.toml"].replace('channel = "smtp"', 'channel = "folder"').partition("[channels.smtp]")[0]
    )
    done = newsfeed(
        "-C", site_with(tmp_path, text), "doctor", "--send-test", "anna@good.example", "--now", NOW
    )
    assert done.returncode == 2
    assert "[mail] channel is “folder”" in done.stderr


def test_a_digest_with_nothing_to_say_is_told(tmp_path: Path) -> None:
    """There is no mail of it."""
    text = FILES["config.toml"].replace("{smtp}", "2").replace("{imap}", "2").replace("{server}", "")
    site = write_tree(tmp_path, {"config.toml": text, "team.csv": FILES["team.csv"]})
    words = ("doctor", "--send-test", "anna@good.example", "--now", NOW)
    done = newsfeed("-C", site, *words, NEWSFEED_DOCTOR_PASSWORD="secret")
    assert done.returncode == 2
    assert "the next issue of weekly has nothing to say" in done.stderr
