"""The addresses that forges call: who is let in, and what a call can do."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from newsfeed.errors import OutsideError
from newsfeed.web import forms
from newsfeed.web.hooks import HookContext, SeenWebhooks
from tests.core.publishing.test_webhooks import BODY, FORGES, SECRET, signed
from tests.web.conftest import Service


@pytest.fixture
def looks() -> list[int]:
    """An entry for each time that somebody was made to look."""
    return []


@pytest.fixture
def service(make_service: Callable[..., Service], looks: list[int]) -> Service:
    """A service that answers all forges."""
    found = make_service()
    found.context = replace(found.context, hooks=HookContext(FORGES, SECRET, "main", lambda: looks.append(1)))
    return found


@pytest.mark.parametrize("forge", FORGES)
def test_a_push_makes_the_service_look_once(service: Service, looks: list[int], forge: str) -> None:
    """When it is sent again, all is done; another one makes it look again."""
    visitor = service.visitor()
    for _ in range(3):
        assert visitor.ask("POST", f"/hooks/{forge}", BODY, signed(forge)).status == 202
    assert looks == [1]
    body = BODY.replace(b"}", b', "after": "c1"}')
    headers = {name: "8" if value == "7" else value for name, value in signed(forge, body).items()}
    assert visitor.ask("POST", f"/hooks/{forge}", body, headers).status == 202
    assert looks == [1, 1]


@pytest.mark.parametrize("forge", FORGES)
def test_one_that_was_overheard_is_good_for_nothing(service: Service, looks: list[int], forge: str) -> None:
    """No signature is about the name of a call: with any other one, or none, it is still the same."""
    visitor = service.visitor()
    for name in ("7", "8", "9", ""):
        headers = {key: name if value == "7" else value for key, value in signed(forge).items()}
        assert visitor.ask("POST", f"/hooks/{forge}", BODY, headers).status == 202
    assert looks == [1]


def named(forge: str, name: str, body: bytes) -> dict[str, str]:
    """The headers of a call that has a name of its own."""
    return {key: name if value == "7" else value for key, value in signed(forge, body).items()}


@pytest.mark.parametrize("forge", FORGES)
def test_a_branch_that_goes_back_and_forth_is_looked_at_each_time(
    service: Service, looks: list[int], forge: str
) -> None:
    """GitLab says the same twice then; what was overheard is good for one look a minute at most."""
    there, back = BODY, BODY.replace(b"}", b', "after": "c0"}')
    moment = [0.0]
    seen = SeenWebhooks(lambda: moment[0])
    assert service.context.hooks is not None
    service.context = replace(service.context, hooks=replace(service.context.hooks, seen=seen))
    visitor = service.visitor()
    for number, body in enumerate((there, back, there)):
        visitor.ask("POST", f"/hooks/{forge}", body, named(forge, f"n{number}", body))
    assert len(looks) == 3
    for number, body in enumerate((back, there, back)):
        visitor.ask("POST", f"/hooks/{forge}", body, named(forge, f"overheard{number}", body))
    assert len(looks) == 3
    moment[0] = 61.0
    visitor.ask("POST", f"/hooks/{forge}", back, named(forge, "later", back))
    assert len(looks) == 4


def test_a_look_that_failed_is_made_when_the_forge_calls_again(service: Service, looks: list[int]) -> None:
    """As when the disk was full."""

    def fail() -> None:
        raise OutsideError("the disk is full")

    works, hooks = service.context, service.context.hooks
    assert hooks is not None
    service.context = replace(works, hooks=replace(hooks, look=fail))
    assert service.visitor().ask("POST", "/hooks/github", BODY, signed("github")).status == 503
    service.context = works
    assert service.visitor().ask("POST", "/hooks/github", BODY, signed("github")).status == 202
    assert looks == [1]


@pytest.mark.parametrize("forge", FORGES)
def test_forged_calls_do_nothing_and_many_are_refused(service: Service, looks: list[int], forge: str) -> None:
    """One a minute is told, without where it came from; the forge's own, from the same network, are heard."""
    visitor = service.visitor()
    assert visitor.ask("POST", f"/hooks/{forge}", BODY, {}).status == 403
    statuses = {visitor.ask("POST", f"/hooks/{forge}", BODY, {}).status for _ in range(30)}
    assert statuses == {403, 429}
    assert (service.failures, service.warnings) == ([], [f"forged webhook of {forge}"])
    assert visitor.ask("POST", f"/hooks/{forge}", BODY, signed(forge)).status == 202
    assert looks == [1]
    assert visitor.get(f"/confirm/{'A' * 22}").status == 404


def test_only_post_is_answered_and_only_for_forges_that_are_named(
    make_service: Callable[..., Service], service: Service, looks: list[int]
) -> None:
    """A service without webhooks has no such page."""
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        assert service.visitor().ask(method, "/hooks/github", b"", {}).status == 405
    assert service.visitor().ask("POST", "/hooks/gitea", BODY, signed("forgejo")).status == 404
    assert make_service().visitor().ask("POST", "/hooks/github", BODY, signed("github")).status == 404
    assert looks == []


def test_a_body_has_an_end(service: Service, looks: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """In bytes, whoever signed it."""
    body = b"x" * 5_000_001
    assert service.visitor().ask("POST", "/hooks/github", body, signed("github", body)).status == 413
    assert looks == []
    assert forms.SECONDS <= 10
