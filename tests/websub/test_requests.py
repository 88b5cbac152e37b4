"""The verbs of WebSub over a real store: who is asked what, and what comes of the answer."""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from newsfeed.core.publishing.websub import BadSubscription
from newsfeed.errors import OutsideError
from newsfeed.service_ports import HttpAnswer, HttpRequest
from newsfeed.stores.sql import SqlStore
from newsfeed.testing import CONFIG, settings_from
from newsfeed.websub import hub as hub_verbs
from newsfeed.websub.announce import announce_feeds
from newsfeed.websub.hub import HubContext, request_subscription
from newsfeed.websub.requests import WebSubContext, make_due_requests
from tests.contracts.stores import NOW, opening

FEED = "https://test.example/en/feed.atom"
CALLBACK = "https://s.example/in?x=1"
HUB = "https://mail.test.example/websub"
WEBSUB = """
[web]
base_url = "https://mail.test.example/"
[websub]
hubs = ["https://hub.example/"]
hub = true
"""
SETTINGS = settings_from(CONFIG + WEBSUB)


@dataclass
class World:
    """Everybody else: answers as a test says, and remembers what it was asked."""

    answer: Callable[[HttpRequest], HttpAnswer]
    asked: list[HttpRequest] = field(default_factory=list)

    def send(self, request: HttpRequest) -> HttpAnswer:
        """One request."""
        self.asked.append(request)
        return self.answer(request)


def agree(request: HttpRequest) -> HttpAnswer:
    """A subscriber who wants it, and takes whatever comes."""
    asked = parse_qs(urlsplit(request.url).query)
    return HttpAnswer(200, {}, asked.get("hub.challenge", [""])[0].encode())


def status(number: int) -> Callable[[HttpRequest], HttpAnswer]:
    """One who always answers so."""
    return lambda _: HttpAnswer(number, {}, b"")


@dataclass
class Bench:
    """A hub, the feeds it has, and a clock."""

    store: SqlStore
    strangers: World
    hubs: World
    now: datetime = NOW
    feeds: dict[str, bytes] = field(default_factory=lambda: {FEED: b"<feed/>"})
    lost: list[tuple[str, str]] = field(default_factory=list)

    @property
    def hub(self) -> HubContext:
        """What strangers ask."""
        return HubContext(self.store.websub, self.feeds.__contains__)

    def ask(self, **fields: str) -> BadSubscription | None:
        """Send the form; a field's name without ``hub.``."""
        usual = {"mode": "subscribe", "topic": FEED, "callback": CALLBACK, "secret": "s3"}
        return request_subscription(
            self.hub, {f"hub.{name}": value for name, value in (usual | fields).items()}, self.now
        )

    def work(self) -> dict[str, int]:
        """Make all requests that are due."""
        context = WebSubContext(
            book=self.store.websub,
            hub=HUB,
            read_feed=lambda topic: (
                (self.feeds[topic], "application/atom+xml") if topic in self.feeds else None
            ),
            hubs=self.hubs,
            strangers=self.strangers,
            new_challenge=lambda: "nobody-guesses-this",
            clock=lambda: self.now,
            lost=lambda task: self.lost.append((task.target, task.topic)),
        )
        return dict(make_due_requests(context))

    def change(self) -> int:
        """A publishing that changed the feed."""
        self.feeds[FEED] += b"!"
        return announce_feeds(self.store.websub, SETTINGS, [FEED], self.now)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Nobody follows anything yet; everybody agrees."""
    with opening(f"sqlite:///{tmp_path / 'store.db'}") as place:
        yield Bench(place.open(), World(agree), World(status(204)))


def test_a_subscriber_is_asked_back_and_then_gets_the_feed_signed(bench: Bench) -> None:
    """Until then nothing is kept but the question."""
    assert bench.ask() is None
    assert bench.store.websub.subscribers(FEED, bench.now) == []
    assert bench.work() == {"done": 1}
    (question,) = bench.strangers.asked
    assert (question.method, question.url.startswith(CALLBACK)) == ("GET", True)
    assert bench.change() == 2
    assert bench.work() == {"done": 2}
    feed = bench.strangers.asked[-1]
    assert (feed.method, feed.url, feed.body) == ("POST", CALLBACK, b"<feed/>!")
    assert (
        feed.headers["X-Hub-Signature"] == "sha256=" + hmac.new(b"s3", feed.body, hashlib.sha256).hexdigest()
    )
    assert feed.headers["Content-Type"] == "application/atom+xml"
    (ping,) = bench.hubs.asked
    assert parse_qs(ping.body.decode())["hub.url"] == [FEED]
    assert bench.work() == {}


@pytest.mark.parametrize(
    "answer", [HttpAnswer(200, {}, b"something else"), HttpAnswer(404, {}, b""), HttpAnswer(410, {}, b"")]
)
def test_who_does_not_agree_is_not_subscribed(bench: Bench, answer: HttpAnswer) -> None:
    """A wrong word, or that there is nobody: asked once."""
    bench.strangers.answer = lambda _: answer
    bench.ask()
    assert bench.work() == {"denied": 1}
    assert bench.store.websub.count() == 0


def test_who_does_not_answer_is_asked_three_times(bench: Bench) -> None:
    """With pauses; then they are left alone."""

    def nobody(_: HttpRequest) -> HttpAnswer:
        raise OutsideError("nobody there")

    bench.strangers.answer = nobody
    bench.ask()
    seen = []
    for _ in range(6):
        seen += bench.work()
        bench.now += timedelta(hours=1)
    assert seen == ["later", "later", "given up"]
    assert len(bench.strangers.asked) == 3


def test_a_feed_that_is_not_taken_is_sent_again_as_it_is_then(bench: Bench) -> None:
    """With pauses that grow; changes meanwhile are one more try at once."""
    bench.ask()
    bench.work()
    bench.strangers.answer = status(503)
    bench.change()
    assert bench.work() == {"later": 1, "done": 1}
    assert bench.work() == {}
    bench.change()
    bench.strangers.answer = agree
    assert bench.work() == {"done": 2}
    assert bench.strangers.asked[-1].body == b"<feed/>!!"
    bench.now += timedelta(days=1)
    assert bench.work() == {}


def test_a_subscriber_who_is_gone_is_forgotten(bench: Bench) -> None:
    """410 says so."""
    bench.ask()
    bench.work()
    bench.strangers.answer = status(410)
    bench.change()
    assert bench.work() == {"denied": 1, "done": 1}
    assert bench.change() == 1


def test_a_lease_ends_and_so_does_what_waits(bench: Bench) -> None:
    """Nobody is sent anything who has not asked again."""
    bench.ask(lease_seconds="3600")
    bench.work()
    bench.strangers.answer = status(500)
    bench.change()
    bench.work()
    bench.now += timedelta(hours=2)
    before = len(bench.strangers.asked)
    bench.work()
    assert len(bench.strangers.asked) == before


def test_unsubscribing_is_asked_back_too(bench: Bench) -> None:
    """A stranger cannot take anybody off."""
    bench.ask()
    bench.work()
    bench.strangers.answer = lambda _: HttpAnswer(200, {}, b"no")
    bench.ask(mode="unsubscribe")
    assert bench.work() == {"denied": 1}
    assert len(bench.store.websub.subscribers(FEED, bench.now)) == 1
    bench.strangers.answer = agree
    bench.ask(mode="unsubscribe")
    assert bench.work() == {"done": 1}
    assert bench.store.websub.subscribers(FEED, bench.now) == []


def test_what_is_no_feed_cannot_be_followed(bench: Bench) -> None:
    """Nor can it after the hub has enough to do."""
    assert "hub.topic" in str(bench.ask(topic="https://test.example/en/index.html"))
    assert bench.store.websub.waiting() == 0


def test_one_host_cannot_fill_the_hub(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor can all of them."""
    monkeypatch.setattr(hub_verbs, "MOST_OF_HOST", 2)
    monkeypatch.setattr(hub_verbs, "MOST", 3)
    results = [bench.ask(callback=f"https://s.example/{number}") for number in range(3)]
    assert [one is None for one in results] == [True, True, False]
    results = [bench.ask(callback=f"https://h{number}.example/") for number in range(2)]
    assert [one is None for one in results] == [True, False]


def test_a_full_hub_lets_those_go_on_or_leave_whom_it_has(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else."""
    assert bench.ask() is None
    assert bench.work() == {"done": 1}
    monkeypatch.setattr(hub_verbs, "MOST", 1)
    assert bench.ask(callback="https://other.example/") is not None
    assert bench.ask() is None
    assert bench.work() == {"done": 1}
    assert bench.ask(mode="unsubscribe") is None
    assert bench.work() == {"done": 1}
    assert bench.store.websub.subscribers(FEED, bench.now) == []


def test_a_hub_of_others_that_fails_is_pinged_again(bench: Bench) -> None:
    """About a day long; then the next change is soon enough."""
    bench.hubs.answer = status(500)
    bench.change()
    seen: list[str] = []
    for _ in range(30):
        seen += bench.work()
        bench.now += timedelta(hours=12, minutes=1)
    assert seen == ["later"] * 7 + ["given up"]
    assert bench.lost == [("https://hub.example/", FEED)]


def test_a_feed_that_went_is_sent_to_nobody(bench: Bench) -> None:
    """There is nothing to send."""
    bench.ask()
    bench.work()
    bench.change()
    del bench.feeds[FEED]
    before = len(bench.strangers.asked)
    bench.work()
    assert len(bench.strangers.asked) == before


def test_without_a_hub_of_our_own_only_others_are_told(bench: Bench) -> None:
    """And without any nobody is."""
    plain = settings_from(CONFIG)
    assert announce_feeds(bench.store.websub, plain, [FEED], NOW) == 0
    others = replace(plain, websub=replace(plain.websub, hubs=("https://hub.example/", "https://b.example/")))
    assert announce_feeds(bench.store.websub, others, [FEED], NOW) == 2
