"""The whole story, with real parts: a bare repository, the service in a process of its own, a hub of others,
Postfix and Dovecot, and Chromium. From the push to the reader who has left.
"""

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

from newsfeed.app.publish_service import leave_sign
from newsfeed.errors import OutsideError
from newsfeed.http_client.client import HttpClient
from newsfeed.service_ports import HttpAnswer, HttpRequest
from newsfeed.testing import write_tree
from tests.cli.command import environment, newsfeed
from tests.delivery.mail_system import MailSystem, mail_system
from tests.delivery.ports import free_port
from tests.delivery.sites import wait_until
from tests.http_client.test_client import Server
from tests.peers.browser import browse_at
from tests.publishing.repositories import Place, git

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
ZOE, STAYS = "anna@good.example", "bert@good.example"
MONDAY = datetime(2026, 1, 12, 8, tzinfo=UTC)
WEEK = timedelta(days=7)
SLOTS = [MONDAY, MONDAY + WEEK, MONDAY + 2 * WEEK]
WORDS = {"en": "Water", "fr": "De l’eau", "de": "Wasser"}
CONFIG = """\
[site]
title = "Test site"
base_url = "{base}"
languages = ["en", "fr", "de"]
authority = "test.example,2020"
[audiences.staff]
file = "staff.csv"
[digests.staff]
schedule = "mon 08:00"
timezone = "UTC"
audience = "staff"
[web]
base_url = "{base}"
port = {port}
[websub]
hubs = ["{hub}/"]
[mail]
from = "Newsroom <news@test.example>"
channel = "smtp"
[channels.smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
"""
PUBLISH = '[publish]\nrepository = "{bare}"\npoll = "0s"\n'


def story(number: int, day: datetime) -> dict[str, str]:
    """One story in three languages."""
    files = {}
    for lang, word in WORDS.items():
        facts = f"date: {day:%Y-%m-%dT%H:%MZ}\n" if lang == "en" else ""
        text = f"---\ntitle: {word} {number}\nsummary: {word}.\n{facts}---\n{word}.\n"
        files[f"news/2026/story-{number}.{lang}.md"] = text
    return files


@pytest.fixture
def hub() -> Iterator[Server]:
    """A hub of others."""
    found = Server()
    threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield found
    found.shutdown()
    found.server_close()


@pytest.fixture
def post() -> Iterator[MailSystem]:
    """Postfix, and Dovecot with the mailboxes of two readers."""
    with mail_system(free_port()) as found:
        yield found


@contextmanager
def running(place: Place, log: Path, now: datetime) -> Iterator[None]:
    """``newsfeed run`` from a moment on; the clock goes on from there. Nothing is wrong while it runs."""
    words = ["-C", str(place.root), "run", "--log", "json", "--now", now.isoformat()]
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "newsfeed", *words],
            env=environment(XDG_CACHE_HOME=str(log.parent / "cache")), stdout=said, stderr=said,
        )  # fmt: skip
    try:
        yield
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
    lines = lines_of(log)
    assert [one for one in lines if one["event"] in ("trouble", "crash") or one["level"] == "error"] == []


def lines_of(log: Path) -> list[dict[str, Any]]:
    """A log, which is one JSON object a line whatever happens."""
    lines = []
    for line in log.read_text("utf-8").splitlines():
        try:
            lines.append(json.loads(line))
        except ValueError:
            pytest.fail(f"not JSON: {line!r} in\n{log.read_text('utf-8')}")
    return lines


class Mailbox:
    """What a reader finds over IMAP, and has not read yet."""

    def __init__(self, post: MailSystem, user: str) -> None:
        self._post = post
        self._user = user
        self._read = 0

    def new(self) -> list[bytes]:
        """All that has come since the last look."""
        return self._post.mails(self._user)[self._read :]

    def next(self) -> EmailMessage:
        """Wait for one mail."""
        wait_until(lambda: bool(self.new()))
        (data,) = self.new()
        self._read += 1
        return message_from_bytes(data, policy=policy.default)


def link(mail: EmailMessage, kind: str) -> str:
    """A link in the text of a mail."""
    text = mail.get_body(("plain",)).get_content()
    return next(word for word in text.split() if f"/{kind}/" in word)


def ask(url: str, form: dict[str, str] | None = None) -> HttpAnswer:
    """A request of a program."""
    client, kind = HttpClient(allow_private=True), {"content-type": "application/x-www-form-urlencoded"}
    if form is None:
        return client.send(HttpRequest("GET", url))
    return client.send(HttpRequest("POST", url, kind, urlencode(form).encode()))


def is_there(url: str) -> bool:
    """It is served."""
    try:
        return ask(url).status == 200
    except OutsideError:
        return False


class Person:
    """Somebody with a browser."""

    def __init__(self, tab: Any, site: str) -> None:
        self._tab = tab
        self._site = site

    def subscribe(self, address: str) -> None:
        """From the front page in French to the form, and to the answer."""
        tab = self._tab
        tab.goto(f"{self._site}/fr/")
        tab.fill("form input[type=email]", address)
        tab.press("form input[type=email]", "Enter")
        tab.wait_for_selector("#name")
        tab.fill("#name", "Zoé")
        # whoever is quicker than people are is asked once more
        wait_until(self._is_sent)
        assert tab.get_attribute("html", "lang") == "fr"

    def _is_sent(self) -> bool:
        with self._tab.expect_navigation():
            self._tab.click("main form button[type=submit]")
        return self._tab.inner_text("h1") == "Consultez votre messagerie"

    def press_the_button(self, url: str, heading: str) -> None:
        """Follow a link of a mail, and press the one button there."""
        self._tab.goto(url)
        self._tab.click("main form button")
        self._tab.wait_for_selector(f"h1:has-text('{heading}')")

    def choose_german(self, url: str) -> None:
        """Put German in the first place."""
        tab = self._tab
        tab.goto(url)
        assert tab.get_attribute("html", "lang") == "fr"
        tab.select_option("select[name=language] >> nth=0", "de")
        with tab.expect_navigation():
            tab.click("main form button[type=submit]")
        assert tab.get_attribute("html", "lang") == "de"


def test_from_the_push_to_the_reader_who_has_left(tmp_path: Path, hub: Server, post: MailSystem) -> None:
    """A push is published, and hubs hear of it. A reader joins in French, and gets the digest in French; chooses
    German, and gets it in German; leaves, and gets no more. Everything is told by ``why`` and the certificate.
    """
    place, site = make_place(tmp_path, hub.url, post.smtp)
    zoe, stays = Mailbox(post, ZOE), Mailbox(post, STAYS)
    with browse_at(site) as browser:
        person = Person(browser._tab, site)
        with running(place, tmp_path / "log-1", MONDAY - timedelta(hours=1)):
            wait_until(lambda: is_there(f"{site}/fr/"))
            place.push(story(1, MONDAY - timedelta(days=1)) | story(2, MONDAY + timedelta(days=3)))
            leave_sign(place.root)
            wait_until(lambda: is_there(f"{site}/fr/news/2026/story-1/"))
            assert "De l’eau 1" in ask(f"{site}/fr/feed.atom").body.decode()
            wait_until(lambda: f"{site}/fr/feed.atom" in pinged(hub))
            person.subscribe(ZOE)
            # at once, as somebody else on the machine may send; the service does within some seconds
            newsfeed("-C", place.root, "send", "--now", (MONDAY - timedelta(minutes=55)).isoformat())
            question = zoe.next()
            assert question["Content-Language"] == "fr"
            person.press_the_button(link(question, "confirm"), "Bienvenue")
        with running(place, tmp_path / "log-2", SLOTS[0] - timedelta(seconds=1)):
            first = zoe.next()
            assert (first["Content-Language"], has(first, "De l’eau 1")) == ("fr", True)
            assert stays.next()["Content-Language"] == "en"
            person.choose_german(link(first, "preferences"))
        with running(place, tmp_path / "log-3", SLOTS[1] - timedelta(seconds=1)):
            second = zoe.next()
            assert (second["Content-Language"], has(second, "Wasser 2")) == ("de", True)
            stays.next()
            one_click = re.search(r"<(http[^>]*)>", second["List-Unsubscribe"])
            assert one_click
            assert ask(one_click[1], {"List-Unsubscribe": "One-Click"}).status == 200
            last = place.push(story(3, MONDAY + timedelta(days=6)))
            leave_sign(place.root)
            wait_until(lambda: is_there(f"{site}/de/news/2026/story-3/"))
            # whoever ends it before that is noted has it published once more, after the next issue is planned
            wait_until(lambda: f'"commit": "{last}"' in (tmp_path / "log-3").read_text("utf-8"))
        with running(place, tmp_path / "log-4", SLOTS[2] - timedelta(seconds=1)):
            assert has(stays.next(), "Water 3")
    assert zoe.new() == []
    assert_told(place.root)


def make_place(folder: Path, hub: str, smtp: int) -> tuple[Place, str]:
    """A repository, a service that has not run yet, and the site's address; somebody reads the digest."""
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    config = CONFIG.format(base=f"{site}/", port=port, hub=hub, smtp=smtp)
    place = Place(folder / "work", folder / "site.git", folder / "service")
    write_tree(place.work, {"config.toml": config})
    write_tree(place.root, {"config.toml": config + PUBLISH.format(bare=place.bare)})
    git(folder, "init", "-q", "--bare", str(place.bare))
    git(place.work, "init", "-q")
    place.push(story(0, MONDAY - 8 * WEEK))
    words = (STAYS, "--digest", "staff", "--language", "en", "--consent", "on paper")
    added = newsfeed("-C", place.root, "subscribers", "add", *words, "--now", (MONDAY - WEEK).isoformat())
    assert added.returncode == 0, added.stderr
    return place, site


def pinged(hub: Server) -> set[str]:
    """The feeds of which a hub has been told."""
    return {topic for *_, body in hub.asked for topic in parse_qs(body.decode()).get("hub.url", [])}


def has(mail: EmailMessage, words: str) -> bool:
    """Both parts of a mail say something."""
    parts = [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]
    return all(words in part for part in parts)


def assert_told(root: Path) -> None:
    """The certificate tells each step and is whole; ``why`` tells what each issue was to this reader."""
    certificate = json.loads(newsfeed("-C", root, "subscribers", "certificate", ZOE, "--json").stdout)
    assert certificate["whole"]
    assert [one["how"] for one in certificate["consents"]] == ["asked", "confirmed", "changed", "one-click"]
    assert [one["language"] for one in certificate["consents"]] == ["fr", "fr", "de", "de"]
    assert {one["issue"] for one in certificate["mails"]} == {
        f"staff/{day:%Y-%m-%dT%H:%M}" for day in SLOTS[:2]
    }
    assert any("Oui, m’abonner" in page for page in certificate["shown"].values())
    told = [newsfeed("-C", root, "why", ZOE, f"staff/{day:%Y-%m-%dT%H:%M}").stdout for day in SLOTS]
    assert all(one.startswith("has left: gets nothing") for one in told)
    assert ["delivered to" in one for one in told] == [True, True, False]
    assert "not planned for them" in told[2]
