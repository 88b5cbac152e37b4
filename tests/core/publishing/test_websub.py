"""WebSub as values: what a hub is asked, what it asks, and when it gives up."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.publishing.websub import (
    LONGEST_LEASE,
    PAUSES,
    SHORTEST_LEASE,
    USUAL_LEASE,
    BadSubscription,
    SubscriptionRequest,
    callback_origin,
    delivery_headers,
    find_pause,
    is_callback,
    ping_body,
    read_subscription,
    verification_url,
)
from newsfeed.records import WebSubTask

NOW = datetime(2030, 2, 4, 9, tzinfo=UTC)
GOOD = {
    "hub.mode": "subscribe",
    "hub.topic": "https://test.example/en/feed.atom",
    "hub.callback": "https://s.example/a?b=c",
}


def task(kind: str = "verify", target: str = "https://s.example/a?b=c", **facts: object) -> WebSubTask:
    """A request that is due."""
    usual = {"topic": GOOD["hub.topic"], "mode": "subscribe", "lease": 3600, "created": NOW, "next_try": NOW}
    return WebSubTask(kind=kind, target=target, **(usual | facts))  # type: ignore[arg-type]


def test_a_wish_is_read() -> None:
    """Without a lease it lasts ten days."""
    found = read_subscription({**GOOD, "hub.secret": "s3"})
    assert found == SubscriptionRequest(
        "subscribe", GOOD["hub.topic"], GOOD["hub.callback"], "s3", USUAL_LEASE
    )


@pytest.mark.parametrize(
    ("asked", "lease"),
    [("", USUAL_LEASE), ("0", SHORTEST_LEASE), ("7200", 7200), ("9" * 40, LONGEST_LEASE)],
)
def test_leases_have_bounds(asked: str, lease: int) -> None:
    """Neither a moment nor for ever."""
    found = read_subscription({**GOOD, "hub.lease_seconds": asked})
    assert isinstance(found, SubscriptionRequest)
    assert found.lease == lease


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [("hub.mode", "publish", "hub.mode"), ("hub.callback", "ftp://x/", "hub.callback"), ("hub.secret", "ä" * 100, "hub.secret"),
     ("hub.lease_seconds", "-1", "hub.lease_seconds"), ("hub.lease_seconds", "١", "hub.lease_seconds")],
)  # fmt: skip
def test_what_makes_no_sense_is_told(field: str, value: str, word: str) -> None:
    """By the name of the field."""
    found = read_subscription({**GOOD, field: value})
    assert isinstance(found, BadSubscription)
    assert word in found.reason


@pytest.mark.parametrize(
    "url",
    ["", "s.example/", "https:///a", "https://u:p@s.example/", "https://s.example/#a", "https://s.example/a b",
     "https://s.example/\r\nX: y", "https://[::1/", "https://s.example:0/", "https://ä.example/", "https://s.example/" + "a" * 2000],
)  # fmt: skip
def test_addresses_that_hide_something_are_no_callbacks(url: str) -> None:
    """Nor those that are none."""
    assert not is_callback(url)


def test_callbacks_of_a_host_share_their_beginning() -> None:
    """With the port."""
    assert callback_origin("http://s.example:8080/a?b") == "http://s.example:8080/"


@pytest.mark.parametrize("target", ["https://s.example/a", "https://s.example/a?b=c", "https://s.example/a?"])
def test_a_subscriber_is_asked_with_a_challenge(target: str) -> None:
    """What stood in the address stays."""
    url = verification_url(task(target=target), "ch a&l")
    assert url.startswith(target)
    asked = parse_qs(urlsplit(url).query)
    assert asked["hub.challenge"] == ["ch a&l"]
    assert asked["hub.topic"] == [GOOD["hub.topic"]]
    assert asked["hub.lease_seconds"] == ["3600"]
    assert asked.get("b") == (["c"] if "b=c" in target else None)
    assert "hub.lease_seconds" not in verification_url(task(mode="unsubscribe"), "x")


def test_a_feed_is_signed_for_who_gave_a_secret() -> None:
    """Others get it as it is."""
    headers = delivery_headers(
        "https://h.example/websub", "https://t.example/f", "application/atom+xml", "s3", b"feed"
    )
    assert headers["X-Hub-Signature"] == "sha256=" + hmac.new(b"s3", b"feed", hashlib.sha256).hexdigest()
    assert headers["Link"] == '<https://h.example/websub>; rel="hub", <https://t.example/f>; rel="self"'
    assert "X-Hub-Signature" not in delivery_headers("h", "t", "a", "", b"feed")


def test_a_ping_names_the_feed() -> None:
    """In both words that hubs know."""
    found = parse_qs(ping_body("https://t.example/f?x=1&y").decode())
    assert found == {
        "hub.mode": ["publish"],
        "hub.topic": ["https://t.example/f?x=1&y"],
        "hub.url": ["https://t.example/f?x=1&y"],
    }


def test_requests_are_tried_for_about_a_day() -> None:
    """A stranger who was named is called three times at most."""
    pauses = [find_pause(task("deliver", attempts=number)) for number in range(9)]
    assert pauses == [*PAUSES, None, None]
    assert timedelta(hours=12) < sum(PAUSES, timedelta()) < timedelta(days=2)
    assert [find_pause(task(attempts=number)) is None for number in range(4)] == [False, False, True, True]


@given(st.text(max_size=60))
def test_a_callback_that_passes_is_one_line_of_ascii(url: str) -> None:
    """Whatever somebody sends."""
    if is_callback(url):
        assert url.isascii()
        assert not any(char <= " " for char in url)
