"""Our own hub over HTTP, and the addresses by which a bridge is found."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from newsfeed.service_settings import FediverseSettings
from newsfeed.websub.hub import HubContext
from tests.web.conftest import Service

FEED = "https://test.example/en/feed.atom"
FORM = {"hub.mode": "subscribe", "hub.topic": FEED, "hub.callback": "https://s.example/in"}


@pytest.fixture
def service(make_service: Callable[..., Service]) -> Service:
    """One that is a hub."""
    found = make_service()
    found.context = replace(found.context, hub=HubContext(found.store.websub, lambda topic: topic == FEED))
    return found


def test_a_wish_is_taken_and_kept_as_a_question(service: Service) -> None:
    """202: whether it becomes a subscription is said by who is asked back."""
    answer = service.visitor().post("/websub", FORM)
    assert (answer.status, service.store.websub.waiting()) == (202, 1)
    assert service.store.websub.subscribers(FEED, service.now) == []


@pytest.mark.parametrize(
    "change", [{"hub.topic": "https://other.example/"}, {"hub.callback": "x"}, {"hub.mode": "publish"}]
)
def test_what_makes_no_sense_is_refused_with_a_reason(service: Service, change: dict[str, str]) -> None:
    """In plain text, as programs want it."""
    answer = service.visitor().post("/websub", {**FORM, **change})
    assert (answer.status, answer.text.startswith("hub.")) == (400, True)
    assert service.store.websub.waiting() == 0


def test_a_flood_from_one_network_ends(service: Service) -> None:
    """Others are still answered."""
    visitor = service.visitor()
    statuses = [
        visitor.post("/websub", {**FORM, "hub.callback": f"https://s.example/{n}"}).status for n in range(125)
    ]
    assert statuses[:120] == [202] * 120
    assert set(statuses[120:]) == {429}
    assert service.visitor("198.51.100.3").post("/websub", FORM).status == 202


def test_only_post_is_answered(service: Service, make_service: Callable[..., Service]) -> None:
    """And only where there is a hub."""
    assert service.visitor().get("/websub").status == 405
    assert make_service().visitor().post("/websub", FORM).status == 404


def test_names_of_the_fediverse_lead_to_the_bridge(make_service: Callable[..., Service]) -> None:
    """With the name that is asked for; without a bridge there is no such page."""
    service = make_service()
    assert service.visitor().get("/.well-known/webfinger?resource=acct:news@test.example").status == 404
    bridge = FediverseSettings(webfinger="https://b.example/wf", host_meta="https://b.example/hm?site=1")
    signup = replace(service.context.signup, settings=replace(service.context.settings, fediverse=bridge))
    service.context = replace(service.context, signup=signup)
    answer = service.visitor().get("/.well-known/webfinger?resource=acct:news@test.example")
    assert (answer.status, answer.headers["location"]) == (
        302,
        "https://b.example/wf?resource=acct:news@test.example",
    )
    assert answer.headers["access-control-allow-origin"] == "*"
    answer = service.visitor().get("/.well-known/host-meta?x=1")
    assert answer.headers["location"] == "https://b.example/hm?site=1&x=1"
