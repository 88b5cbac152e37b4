"""Time tells nobody who is known: answers to forms take a whole number of pauses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import anyio
import pytest

from newsfeed.core.people import tokens
from newsfeed.subscribers import accounts, signup
from newsfeed.web import context as web_context
from newsfeed.web.context import in_whole_pauses
from tests.web.client import Visitor
from tests.web.conftest import SECRET, Service


class Clock:
    """A clock that passes when somebody works or sleeps, and notes each sleep."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def current_time(self) -> float:
        """The moment, in seconds."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Pass."""
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock by which answers are held back."""
    found = Clock()
    monkeypatch.setattr(
        web_context, "anyio", SimpleNamespace(current_time=found.current_time, sleep=found.sleep)
    )
    return found


@pytest.mark.parametrize(("work", "takes"), [(0.0, 0.25), (0.01, 0.25), (0.2, 0.25), (0.3, 0.5)])
def test_an_answer_takes_whole_pauses(clock: Clock, work: float, takes: float) -> None:
    """However much there was to do, up to the next whole one; also when it fails."""

    def do() -> None:
        clock.now += work
        raise RuntimeError

    began = clock.now
    with pytest.raises(RuntimeError):
        anyio.run(in_whole_pauses, 0.25, do)
    assert clock.now - began == pytest.approx(takes)


FORMS: dict[str, Callable[[Service, Visitor, str], object]] = {
    "subscribe": lambda service, visitor, email: service.subscribe(visitor, email=email),
    "link": lambda service, visitor, email: visitor.post(
        "/de/link", {"form": fresh(service, visitor), "email": email}
    ),
}
"""Forms that strangers can send."""


def fresh(service: Service, visitor: Visitor) -> str:
    """The token of a form that a person has filled in."""
    token = visitor.get("/de/link").field("form")
    service.now += timedelta(seconds=9)
    return token


@pytest.mark.parametrize("form", FORMS)
def test_every_address_is_answered_after_one_pause(service: Service, clock: Clock, form: str) -> None:
    """Known, unknown, gone, never to be written to, already asked, a program's: each exactly once."""
    service.reader(email="known@test.example")
    gone = service.reader(email="gone@test.example")
    service.visitor().post(f"/leave/{service.token(gone, 'leave')}")
    service.store.people.suppress(tokens.hash_address(SECRET, "never@test.example"), "erased", service.now)
    service.subscribe(service.visitor(), email="asked@test.example")
    service.context = replace(service.context, pause=0.25)
    taken = {}
    for number, name in enumerate(("known", "unknown", "gone", "never", "asked")):
        clock.slept.clear()
        answer = FORMS[form](service, service.visitor(f"203.0.{number}.1"), f"{name}@test.example")
        taken[name] = len(clock.slept), getattr(answer, "status", 0)
    assert set(taken.values()) == {(1, 200)}


def test_every_address_costs_as_much(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many turns at the store, and as many mails made: where many ask and wait, a pause or two would tell
    who is known, who waits, and who must not be written to.
    """
    service.reader("de", "reader@test.example")
    service.reader("de", "links@test.example")
    gone = service.reader("de", "never@test.example")
    service.store.people.suppress(tokens.hash_address(SECRET, gone.address), "complained", service.now)
    service.subscribe(service.visitor("198.51.100.3"), email="pending@test.example")
    service.mails()
    turns: list[str] = []
    database = service.store._database
    write = database.write
    monkeypatch.setattr(database, "write", lambda **how: turns.append("store") or write(**how))
    for module, name in ((signup, "compose_confirmation"), (accounts, "compose_notice")):
        made = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *about, made=made: turns.append("mail") or made(*about))
    costs: dict[str, set[tuple[str, ...]]] = {"subscribe": set(), "link": set()}
    names = ("reader", "new", "never", "pending", "reader", "links", "links")
    for number, name in enumerate(names):
        for page, seen in costs.items():
            visitor = service.visitor(f"203.0.{number}.1")
            token = visitor.get(f"/de/{page}").field("form")
            service.now += timedelta(seconds=9)
            turns.clear()
            fields = {"form": token, "email": f"{name}@test.example", "digest": "staff"}
            assert visitor.post(f"/de/{page}", fields).status == 200
            seen.add(tuple(turns))
    assert costs == {"subscribe": {("store", "mail", "store")}, "link": {("mail", "store")}}
    assert {mail["To"] for mail in service.mails()} == {
        "new@test.example",
        "reader@test.example",
        "links@test.example",
    }
