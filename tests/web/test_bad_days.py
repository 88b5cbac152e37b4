"""The store is locked or its disk full while people come, and what they send is strange."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest

from newsfeed.web.application import make_application
from newsfeed.web.threads import WRITERS
from tests.web.client import Answer, Visitor
from tests.web.conftest import Service

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
MANY = 2 * WRITERS + 10


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch, make_service: Callable[..., Service]) -> Service:
    """A service whose store does not wait long for other programs."""
    monkeypatch.setattr("newsfeed.stores.sql.sqlite.PATIENCE", 0.2)
    return make_service()


@contextmanager
def locked(service: Service) -> Iterator[None]:
    """Another program writes all the while."""
    with closing(sqlite3.connect(service.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")


@contextmanager
def full(service: Service) -> Iterator[None]:
    """The database cannot grow."""
    raw = service.store._database._raw
    # What was deleted is room, too.
    raw.execute("VACUUM")
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count = {pages}")
    try:
        yield
    finally:
        raw.execute("PRAGMA max_page_count = 1000000")


def everything(service: Service) -> str:
    """All that the database holds."""
    with closing(sqlite3.connect(service.file)) as connection:
        return "\n".join(connection.iterdump())


def test_a_locked_store_is_told_and_what_was_sent_can_be_sent_again(hasty: Service) -> None:
    """Links can be opened meanwhile; 503 says when to try again, and mail programs do."""
    person = hasty.reader()
    leave, choose = (hasty.token(person, purpose) for purpose in ("one-click", "change"))
    before = everything(hasty)
    with locked(hasty):
        refused = [
            hasty.visitor().post(f"/one-click/{leave}", ONE_CLICK),
            hasty.visitor().post(f"/preferences/{choose}", {"language": "fr", "frequency": "monthly"}),
            hasty.subscribe(hasty.visitor(), email="zoe@test.example"),
        ]
        assert hasty.visitor().get(f"/preferences/{choose}").status == 200
        assert hasty.visitor().get("/de/subscribe").status == 200
    assert [(one.status, one.headers["retry-after"]) for one in refused] == [(503, "60")] * 3
    assert Counter("locked" in failure for failure in hasty.failures) == {True: 3}
    assert "test.example" not in " ".join(hasty.failures)
    assert everything(hasty) == before
    assert hasty.subscribe(hasty.visitor(), email="zoe@test.example").status == 200
    assert hasty.visitor().post(f"/one-click/{leave}", ONE_CLICK).status == 200
    assert hasty.person().state == "left"
    assert [mail["To"] for mail in hasty.mails()] == ["zoe@test.example"]


def test_many_who_wait_for_a_locked_store_hold_up_nobody_who_reads(hasty: Service) -> None:
    """More than there are threads: pages come before the first of them has given up."""
    person, order = hasty.reader(), []
    application = make_application(hasty.context)
    links = {purpose: hasty.token(person, purpose) for purpose in ("one-click", "change")}

    async def leave(number: int) -> Answer:
        visitor = Visitor(application, f"203.0.{number}.1")
        answer = await visitor.send(f"/one-click/{links['one-click']}", ONE_CLICK)
        order.append("left")
        return answer

    async def read(number: int) -> Answer:
        answer = await Visitor(application, f"203.1.{number}.1").open(f"/preferences/{links['change']}")
        order.append("read")
        return answer

    async def all_at_once() -> tuple[list[Answer], list[Answer]]:
        leaving = asyncio.gather(*map(leave, range(MANY)))
        await asyncio.sleep(0)
        return await asyncio.gather(*map(read, range(10))), await leaving

    with locked(hasty):
        pages, refused = asyncio.run(all_at_once())
    assert {page.status for page in pages} == {200}
    assert {one.status for one in refused} == {503}
    assert order[0] == "read"
    assert hasty.person().state == "active"
    assert hasty.visitor().post(f"/one-click/{links['one-click']}", ONE_CLICK).status == 200
    assert hasty.person().state == "left"


def test_a_full_disk_is_told_and_loses_nothing(service: Service) -> None:
    """Sign-ups get 503; with room again they are taken, and whoever read before still does."""
    person = service.reader()
    before = everything(service)
    with full(service):
        answers = [
            service.subscribe(service.visitor(f"203.0.{number}.1"), email=f"new{number}@test.example")
            for number in range(5)
        ]
        kept = {mail["To"] for mail in service.mails()}
        assert service.visitor().get(f"/leave/{service.token(person, 'leave')}").status == 200
    refused = [answer for answer in answers if answer.status == 503]
    assert refused
    assert all("full" in failure for failure in service.failures)
    assert len(kept) == sum(answer.status == 200 for answer in answers)
    assert service.person() == person
    assert before.count('INSERT INTO "subscribers"') <= everything(service).count('INSERT INTO "subscribers"')
    assert service.subscribe(service.visitor(), email="zoe@test.example").status == 200
    assert [mail["To"] for mail in service.mails()] == ["zoe@test.example"]


STRANGE = {
    "letters of full width": "/\uff44\uff45/subscribe",
    "a letter that turns the text": "/de/subscribe\u202e",
    "an overlong slash": "/de%c0%afsubscribe",
    "bytes that are no text": "/de/\ufffd\ufffd",
    "a zero": "/de/subscribe\0",
    "a dot of full width": "/de/\uff0e\uff0e/subscribe",
    "a dotted capital that becomes small": "/D\u0130/subscribe",
    "folders up": "/de/../de/subscribe",
    "an encoded folder up": "/confirm/..%2f..%2fsubscribe",
    "a token of other digits": "/confirm/" + "\u0661" * 22,
    "a line break": "/de/link\r\nSet-Cookie: a=b",
}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_addresses_are_just_missing(service: Service, name: str) -> None:
    """404 in somebody's language, with nothing of the address in it, for GET and POST alike."""
    path = STRANGE[name]
    for answer in (service.visitor().get(path), service.visitor().post(path, ONE_CLICK)):
        assert answer.status == 404
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert path not in answer.text
        assert "set-cookie" not in answer.headers
    assert service.failures == []


@pytest.mark.parametrize(
    "email",
    [
        "an\u200bna@test.example",
        "anna@test.example\u202e",
        "anna\uff20test.example",
        "anna@t\u2024est.example\r\nBcc: all@test.example",
        "anna@test.example,ben@test.example",
        "anna@[127.0.0.1]",
        "anna@test\u3002\u3002example",
        "\udcffanna@test.example",
        "anna\0@test.example",
    ],
)
def test_strange_addresses_of_people_are_refused(service: Service, email: str) -> None:
    """At their field; nobody is mailed, and nothing fails."""
    token = service.visitor().get("/de/subscribe").field("form")
    service.now += timedelta(seconds=9)
    fields = {"form": token, "email": email.encode("utf-8", "surrogateescape"), "digest": "staff"}
    answer = service.visitor().post("/de/subscribe", fields)
    assert answer.status in (400, 422)
    assert service.mails() == []
    assert service.failures == []


def test_the_first_of_two_addresses_counts(service: Service) -> None:
    """And only that: no field can be said twice to reach somebody else."""
    token = service.visitor().get("/de/subscribe").field("form")
    service.now += timedelta(seconds=9)
    fields = {"form": token, "email": ["anna@test.example", "ben@test.example"], "digest": "staff"}
    assert service.visitor().post("/de/subscribe", fields).status == 200
    assert [mail["To"] for mail in service.mails()] == ["anna@test.example"]
