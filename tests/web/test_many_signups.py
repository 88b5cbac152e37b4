"""Thousands of sign-ups from one network, and thousands of networks at one address: others still join.

``NEWSFEED_LONG=1`` tries ten thousand.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

import pytest

from newsfeed.core.people import tokens
from newsfeed.core.people.form_tokens import make_form_token
from newsfeed.web.application import make_application
from newsfeed.web.rates import ASKING, Rates
from tests.web.client import Answer, Visitor
from tests.web.conftest import NOW, SECRET, Service

MANY = 10_000 if os.environ.get("NEWSFEED_LONG") == "1" else 2_000


def sign_up(service: Service, wishes: Iterable[tuple[str, str]]) -> list[Answer]:
    """Send one form after another, each from a network and for an address: all in one loop."""
    application = make_application(service.context)
    form = {"form": make_form_token(SECRET, NOW), "digest": "staff", "language": "de"}
    service.now = NOW + timedelta(seconds=9)

    async def send_all() -> list[Answer]:
        return [
            await Visitor(application, host).send("/de/subscribe", {**form, "email": email})
            for host, email in wishes
        ]

    return asyncio.run(send_all())


def mails_by_address(service: Service) -> Counter[str]:
    """Whom mails wait for."""
    return Counter(mail["To"] for mail in service.mails())


def assert_a_reader_can_join(service: Service, email: str) -> None:
    """From a network of their own: form, mail, link."""
    visitor = service.visitor("192.0.2.200")
    assert service.subscribe(visitor, email=email).status == 200
    [mail] = service.mails()
    assert visitor.post(service.link(mail)).status == 200
    assert service.person(email).state == "active"


@pytest.mark.slow
def test_thousands_of_sign_ups_from_one_network_are_ten(service: Service) -> None:
    """Then the answer is to wait, the same for known and unknown; nobody who reads is touched."""
    reader = service.reader()
    answers = sign_up(
        service,
        (
            (f"2001:db8:1:2::{number:x}", "anna@test.example" if number % 2 else f"new{number}@test.example")
            for number in range(MANY)
        ),
    )
    assert Counter(answer.status for answer in answers) == {200: 10, 429: MANY - 10}
    assert len({answer.data for answer in answers}) == 2
    assert mails_by_address(service) == {f"new{number}@test.example": 1 for number in range(0, 10, 2)}
    assert service.person() == reader
    assert_a_reader_can_join(service, "zoe@test.example")
    assert service.failures == []


@pytest.mark.parametrize("number", [50, pytest.param(MANY // 10, marks=pytest.mark.slow)])
def test_an_address_gets_one_mail_from_however_many_networks(service: Service, number: int) -> None:
    """The answers are alike; the person behind it can join with that mail, and others with theirs."""
    answers = sign_up(
        service, ((f"198.{place // 250}.{place % 250}.1", "victim@test.example") for place in range(number))
    )
    assert {(answer.status, answer.data) for answer in answers} == {(200, answers[0].data)}
    [mail] = service.mails()
    assert mail["To"] == "victim@test.example"
    assert_a_reader_can_join(service, "zoe@test.example")
    assert service.visitor().post(service.link(mail)).status == 200
    assert service.person("victim@test.example").state == "active"
    assert service.failures == []


def test_each_day_has_its_one_mail_until_one_is_answered(service: Service) -> None:
    """Who has answered may ask for what they do not have; who never does hears once a day."""
    for _ in range(3):
        for network in range(5):
            service.subscribe(service.visitor(f"203.0.{network}.1"), email="victim@test.example")
        assert mails_by_address(service) == {"victim@test.example": 1}
        service.now += timedelta(days=1, seconds=1)


def test_counting_thousands_of_networks_takes_little_memory_and_locks_nobody_out() -> None:
    """Each network has its own count, also beyond the number of those that are remembered."""
    rates, secret = Rates(most=1_000), b"x"
    victim = tokens.hash_address(secret, "victim@test.example")
    for number in range(10_000):
        network = f"2001:db8:{number:x}::1"
        assert rates.count(ASKING, network) == 0
        assert rates.may_write(victim, victim)
        assert len(rates) <= 3 * 1_002
    assert rates.count(ASKING, "192.0.2.7") == 0


def test_a_network_that_is_over_its_limit_is_so_for_its_time_only() -> None:
    """After ten minutes it may ask again: nobody is locked out for good by a neighbour."""
    moment = [1_000.0]
    rates = Rates(clock=lambda: moment[0])
    waits = [rates.count(ASKING, "192.0.2.7") for _ in range(12)]
    assert waits[:10] == [0] * 10
    assert waits[10:] == [600, 600]
    moment[0] += 601
    assert rates.count(ASKING, "192.0.2.7") == 0
