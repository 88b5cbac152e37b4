"""From the push to whoever waits for it, with real parts: git, the service in a process, HTTP on this machine."""

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from newsfeed.http_client.client import HttpClient
from newsfeed.service_ports import HttpAnswer, HttpRequest
from tests.cli.command import newsfeed
from tests.core.publishing.test_webhooks import SECRET, signed
from tests.delivery.sites import wait_until
from tests.http_client.test_client import Server, say
from tests.publishing.repositories import CONFIG, Place, git, story
from tests.publishing.test_digests import DIGEST
from tests.publishing.test_publish_service import Running

INSIDE = HttpClient(allow_private=True)


def served() -> Iterator[Server]:
    """Somebody else's server on this machine."""
    found = Server()
    threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield found
    found.shutdown()
    found.server_close()


@pytest.fixture
def hub() -> Iterator[Server]:
    """A hub of others."""
    yield from served()


@pytest.fixture
def reader() -> Iterator[Server]:
    """A service that follows feeds for its readers: it agrees when it is asked back."""
    for found in served():
        found.answer = agree
        yield found


def agree(handler: BaseHTTPRequestHandler) -> None:
    """Say the word that the hub wants to hear."""
    asked = parse_qs(urlsplit(handler.path).query)
    say(handler, 200, asked.get("hub.challenge", [""])[0].encode())


def free_port() -> int:
    """One that nobody listens on at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.mark.slow
def test_a_push_reaches_the_site_the_feed_and_everybody_who_follows(
    tmp_path: Path, hub: Server, reader: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A webhook tells; page and feed are served; the hub of others is pinged, our own sends the signed feed."""
    base = f"http://127.0.0.1:{free_port()}/"
    monkeypatch.setenv("NEWSFEED_HOOK_SECRET", SECRET)
    place = make_public_place(tmp_path, base, hub.url)
    topic = f"{base}en/feed.atom"
    service = Running(place, tmp_path / "log")
    try:
        wait_until(lambda: bool(service.events("published")))
        wait_until(lambda: ask(topic).status == 200)
        feed = ask(topic)
        assert f'rel="hub" href="{base}websub"' in feed.body.decode()
        assert f'<{base}websub>; rel="hub"' in feed.headers["link"]
        wanted = {
            "hub.mode": "subscribe",
            "hub.topic": topic,
            "hub.callback": f"{reader.url}/in",
            "hub.secret": "s3",
        }
        assert send(f"{base}websub", urlencode(wanted).encode()).status == 202
        wait_until(lambda: any(method == "GET" for method, *_ in reader.asked))
        pushed = place.push(story("pump", "A pump for the village", "2026-01-02T08:00Z"))
        body = json.dumps({"ref": "refs/heads/main", "after": pushed}).encode()
        assert send(f"{base}hooks/forgejo", body, **signed("forgejo", body)).status == 202
        wait_until(lambda: any(method == "POST" for method, *_ in reader.asked))
        wait_until(lambda: any(topic in parse_qs(body.decode()).get("hub.url", []) for *_, body in hub.asked))
        _, path, headers, fat = next(one for one in reader.asked if one[0] == "POST")
        assert path == "/in"
        assert b"A pump for the village" in fat
        assert headers["x-hub-signature"] == "sha256=" + hmac.new(b"s3", fat, hashlib.sha256).hexdigest()
        wait_until(lambda: ask(topic).body == fat, 2)
        assert ask(f"{base}en/news/2026/pump/").status == 200
        shown = newsfeed("-C", place.root, "status", "--json")
        (health,) = json.loads(shown.stdout)["services"]
        assert set(health["jobs"]) == {"digest staff", "retries", "service mails", "tidying", "websub"}
    finally:
        assert service.end() < 10
    assert service.events("trouble") == []
    assert service.events("starting")[0]["parts"] == ["web", "send", "publish"]
    told = {topic for *_, body in hub.asked for topic in parse_qs(body.decode())["hub.url"]}
    assert all(topic.rpartition("/")[2].startswith("feed.") for topic in told)


def make_public_place(folder: Path, base: str, hub: str) -> Place:
    """A site that its service serves, with two hubs."""
    port = urlsplit(base).port
    config = CONFIG.replace("https://test.example/", base)
    config += f'[web]\nbase_url = "{base}"\nport = {port}\n'
    config += DIGEST + f'[websub]\nhubs = ["{hub}/"]\nhub = true\nallow_private = true\n'
    place = Place(folder / "work", folder / "site.git", folder / "service")
    for where in (place.work, place.root):
        where.mkdir()
    (place.work / "config.toml").write_text(config, "utf-8")
    publish = f'[publish]\nrepository = "{place.bare}"\nhooks = ["forgejo"]\npoll = "0s"\n'
    (place.root / "config.toml").write_text(config + publish, "utf-8")
    git(folder, "init", "-q", "--bare", str(place.bare))
    git(place.work, "init", "-q")
    place.push(story("well", "A well for the school", "2026-01-01T08:00Z"))
    return place


def ask(url: str) -> HttpAnswer:
    """What is published there."""
    return INSIDE.send(HttpRequest("GET", url))


def send(url: str, body: bytes, **headers: str) -> HttpAnswer:
    """Send a form, or something with its own headers."""
    form = {"content-type": "application/x-www-form-urlencoded"}
    return INSIDE.send(HttpRequest("POST", url, {**form, **headers}, body))
