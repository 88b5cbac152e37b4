"""The whole story with real parts: the service and its mails in a folder, over HTTP."""

import json
import subprocess
import sys
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from newsfeed.testing import CONFIG, an_item, write_tree
from tests.cli.command import environment, newsfeed
from tests.delivery.ports import free_port
from tests.delivery.sites import wait_until
from tests.site.builds import REPOSITORY
from tests.web.reader import Reader, form_of, link, one_click_link

pytestmark = pytest.mark.slow
MONDAY = datetime.fromisoformat("2026-01-12T07:30:00+00:00")


def new_mails(site: Path) -> list[EmailMessage]:
    """Take what has come."""
    files = sorted((site / "var/outbox").glob("*.eml"))
    mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    for file in files:
        file.unlink()
    return mails


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
        return new_mails(tmp_path)

    publish(MONDAY - timedelta(days=3))
    newsfeed("-C", tmp_path, "build", "--now", MONDAY.isoformat())
    reader = Reader(port)
    command = [sys.executable, "-m", "newsfeed", "-C", tmp_path, "run", "--only", "web"]
    command += ["--now", (MONDAY - timedelta(minutes=30)).isoformat()]
    process = subprocess.Popen(command, cwd=REPOSITORY, env=environment(), stderr=subprocess.DEVNULL)
    try:
        wait_until(reader.finds_service)
        join(reader)
        newsfeed("-C", tmp_path, "send", "--now", (MONDAY - timedelta(minutes=20)).isoformat())
        [question] = new_mails(tmp_path)
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
        assert reader.open(one_click_link(second), {"List-Unsubscribe": "One-Click"})[0] == 200
        assert send(MONDAY + timedelta(days=14, minutes=1)) == []
    finally:
        process.terminate()
        process.wait(20)
    assert process.returncode == 0
    assert_proved(tmp_path)
