"""The whole story with real parts: the service and its mails in a folder, over HTTP."""

import http.client
import json
import re
import subprocess
import sys
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from newsfeed.testing import CONFIG, an_item, write_tree
from tests.cli.command import environment, newsfeed
from tests.delivery.ports import free_port
from tests.delivery.sites import wait_until
from tests.site.builds import REPOSITORY

pytestmark = pytest.mark.slow
MONDAY = datetime.fromisoformat("2026-01-12T07:30:00+00:00")


class Reader:
    """A person with a browser and a mail program, both simple."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._port = port

    def open(self, address: str, fields: object = None) -> tuple[int, str]:
        """Open an address of the service, or send a form to it."""
        parts = urlsplit(address)
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if fields is None:
            connection.request("GET", path)
        else:
            connection.request("POST", path, urlencode(fields, doseq=True), headers)
        answer = connection.getresponse()
        found = answer.status, answer.read().decode()
        connection.close()
        return found

    def press(self, page: str) -> tuple[int, str]:
        """Press the one button of a page."""
        found = re.search(r'<form[^>]* action="([^"]*)"', page)
        assert found
        return self.open(unescape(found[1]), {})

    def new_mails(self, folder: str = "var/outbox") -> list[EmailMessage]:
        """Take what has come."""
        files = sorted((self._folder / folder).glob("*.eml"))
        mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        for file in files:
            file.unlink()
        return mails


def link(mail: EmailMessage, kind: str) -> str:
    """A link in the text of a mail."""
    text = mail.get_body(("plain",)).get_content()
    return next(line for line in text.split() if f"/{kind}/" in line)


def form_of(page: str) -> tuple[str, dict[str, str]]:
    """Where the form of a page goes, and what its hidden fields hold."""
    action = re.search(r'<form[^>]* action="([^"]*)"', page)
    assert action
    return unescape(action[1]), dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))


def join(reader: Reader) -> None:
    """Fill in the form on the site's front page, and the whole one that it leads to."""
    address, hidden = form_of(reader.open("/fr/")[1])
    status, page = reader.open(address, {**hidden, "email": "zoe@test.example"})
    assert (status, "Plus qu’une étape" in page) == (200, True)
    address, hidden = form_of(page)
    fields = {**hidden, "email": "zoe@test.example", "name": "Zoé", "language": ["fr", "en"]}
    wait_until(lambda: reader.open(address, fields)[0] == 200)


def assert_proved(site: Path) -> None:
    """The certificate tells every step, with what was shown, and that the chain is whole."""
    words = ("-C", site, "subscribers", "certificate", "zoe@test.example", "--json")
    told = json.loads(newsfeed(*words).stdout)
    assert told["whole"]
    how = [(one["how"], one["evidence"].get("page", "")) for one in told["consents"]]
    assert how == [("asked", "/fr/subscribe"), ("confirmed", "/confirm"), ("changed", ""), ("one-click", "")]
    assert len(told["shown"]) == 3
    assert len(told["mails"]) == 2


def test_a_reader_joins_chooses_and_leaves(tmp_path: Path) -> None:
    """In French, from the site's front page; the digest is French. They choose German: it is German. They leave:
    none. The certificate tells all of it.
    """
    port = free_port()
    texts = {"en": "Water", "fr": "De l’eau", "de": "Wasser"}
    web = f'\n[web]\nbase_url = "http://localhost:{port}/"\nport = {port}\n'
    write_tree(tmp_path, {"config.toml": CONFIG + web, "staff.csv": "email,name,language\n"})
    story = 0

    def publish(day: datetime) -> None:
        nonlocal story
        story += 1
        stem = f"news/2026/story-{story}"
        write_tree(
            tmp_path,
            {
                f"{stem}.{lang}.md": an_item(
                    title=f"{word} {story}",
                    summary=f"{word}.",
                    date=f"{day:%Y-%m-%d}" if lang == "en" else None,
                )
                for lang, word in texts.items()
            },
        )

    def send(day: datetime) -> list[EmailMessage]:
        publish(day)
        newsfeed("-C", tmp_path, "send", "--now", day.isoformat())
        return reader.new_mails()

    publish(MONDAY - timedelta(days=3))
    newsfeed("-C", tmp_path, "build", "--now", MONDAY.isoformat())
    reader = Reader(tmp_path, port)
    command = [sys.executable, "-m", "newsfeed", "-C", tmp_path, "run", "--only", "web"]
    command += ["--now", (MONDAY - timedelta(minutes=30)).isoformat()]
    process = subprocess.Popen(command, cwd=REPOSITORY, env=environment(), stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: _answers(reader))
        join(reader)
        newsfeed("-C", tmp_path, "send", "--now", (MONDAY - timedelta(minutes=20)).isoformat())
        [question] = reader.new_mails()
        assert question["Content-Language"] == "fr"
        status, page = reader.open(link(question, "confirm"))
        assert (status, 'lang="fr"' in page) == (200, True)
        assert reader.press(page)[0] == 200
        [first] = send(MONDAY + timedelta(minutes=1))
        assert (first["Content-Language"], first["List-Unsubscribe-Post"]) == (
            "fr",
            "List-Unsubscribe=One-Click",
        )
        assert "De l’eau" in first.get_body(("plain",)).get_content()
        choices = link(first, "preferences")
        assert 'lang="fr"' in reader.open(choices)[1]
        assert reader.open(choices, {"language": "de", "frequency": "every"})[0] == 200
        [second] = send(MONDAY + timedelta(days=7, minutes=1))
        assert second["Content-Language"] == "de"
        assert "Wasser 3" in second.get_body(("plain",)).get_content()
        one_click = re.search(r"<(http[^>]*)>", second["List-Unsubscribe"])
        assert one_click
        assert reader.open(one_click[1], {"List-Unsubscribe": "One-Click"})[0] == 200
        assert send(MONDAY + timedelta(days=14, minutes=1)) == []
    finally:
        process.terminate()
        process.wait(20)
    assert process.returncode == 0
    assert_proved(tmp_path)


def _answers(reader: Reader) -> bool:
    try:
        return reader.open("/readyz")[0] == 200
    except OSError:
        return False
