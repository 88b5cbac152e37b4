"""GET, HEAD and OPTIONS change nothing: programs that check mails open every link in them."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

from newsfeed.core.people import tokens
from newsfeed.web.application import make_routes
from tests.web.conftest import SECRET, Service

SAFE = ("GET", "HEAD", "OPTIONS")
UNKNOWN = ("TRACE", "PUT", "PATCH", "DELETE", "PROPFIND")


def content(file: Path) -> bytes:
    """Everything that a database holds."""
    with sqlite3.connect(file) as connection:
        return "\n".join(connection.iterdump()).encode()


def addresses(service: Service) -> list[str]:
    """Every route there is, with genuine links of every purpose, a forged one, and queries that order things."""
    person = service.reader()
    service.subscribe(service.visitor(), email="pending@test.example")
    pending = service.person("pending@test.example")
    links = [service.token(one, purpose) for one in (pending, person) for purpose in tokens.PURPOSES]
    links += ["x", "A" * 22, "../../etc"]
    found = []
    for route in make_routes(service.context):
        if "{token}" in route.path:
            found += [route.path.replace("{token}", token) for token in links]
        else:
            found.append(route.path.replace("{lang}", "fr"))
    queries = (
        "",
        "?List-Unsubscribe=One-Click",
        "?confirm=yes&_method=POST",
        "?email=a@b.example&digest=staff",
    )
    return [address + query for address in found for query in queries]


def test_no_safe_method_changes_anything(service: Service) -> None:
    """Byte by byte, on every route, whatever the link and the query say."""
    asked, visitor = addresses(service), service.visitor()
    before = content(service.file)
    statuses = {}

    async def ask_all() -> None:
        for method in SAFE:
            for address in asked:
                # Who tries many wrong links is told to wait; here they come from many visitors.
                somebody = service.visitor(f"2001:db8:{len(statuses):x}::1")
                answer = await somebody.open(address, method, x_http_method_override="POST")
                statuses[method, address] = answer.status

    asyncio.run(ask_all())
    assert content(service.file) == before
    assert service.failures == []
    assert {status for (method, _), status in statuses.items() if method == "OPTIONS"} == {204, 404}
    assert {status for (method, _), status in statuses.items() if method != "OPTIONS"} == {200, 303, 404}
    assert visitor.get("/healthz").status == 200


def test_every_address_says_which_methods_it_takes(service: Service) -> None:
    """Whatever the link in it is worth, and the same when another method is refused."""
    for route in make_routes(service.context):
        address = route.path.replace("{token}", "x").replace("{lang}", "fr")
        allowed = service.visitor().get(address, "OPTIONS")
        assert (allowed.status, allowed.data) == (204, b"")
        assert service.visitor().get(address, "DELETE").headers["allow"] == allowed.headers["allow"]
        methods = allowed.headers["allow"].split(", ")
        assert methods == sorted(methods)
        assert {"OPTIONS"} < set(methods) <= {"GET", "HEAD", "OPTIONS", "POST"}
        assert set(methods) == {*(route.methods or ())}
    assert service.visitor().get("/nothing", "OPTIONS").status == 404


def test_other_methods_are_refused_and_change_nothing(make_service: Callable[..., Service]) -> None:
    """405, with what is allowed."""
    service = make_service()
    person = service.reader()
    before = content(service.file)
    for method in UNKNOWN:
        answer = service.visitor().get(f"/one-click/{service.token(person, 'one-click')}", method)
        assert answer.status == 405
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert content(service.file) == before
    assert SECRET
