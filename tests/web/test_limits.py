"""Limits: how often, how much, from whom."""

import socket
import time
from typing import Any

import pytest

from newsfeed.web.application import make_application
from newsfeed.web.rates import ASKING, Rates
from newsfeed.web.server import WebServer
from tests.web.client import FORM
from tests.web.conftest import Service


def test_one_network_cannot_ask_for_ever(service: Service) -> None:
    """The eleventh request of a /64 is told to wait, in the visitor's language; another network is not."""
    for number in range(10):
        visitor = service.visitor(f"2001:db8:1:2::{number:x}")
        assert service.subscribe(visitor, "de", f"r{number}@test.example").status == 200
    refused = service.subscribe(service.visitor("2001:db8:1:2::ffff"), "de", "r10@test.example")
    assert refused.status == 429
    assert 0 < int(refused.headers["retry-after"]) <= 600
    assert '<html lang="de"' in refused.text
    assert len(service.mails()) == 10
    assert service.subscribe(service.visitor("2001:db8:9::1"), "de", "r11@test.example").status == 200


def test_one_address_is_not_bombed_from_many_networks(service: Service) -> None:
    """One mail a day, and nobody learns of it."""
    answers = [service.subscribe(service.visitor(f"203.0.{number}.1")) for number in range(12)]
    assert {answer.status for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len(service.mails()) == 1


def test_a_mailbox_is_not_bombed_under_many_names(service: Service) -> None:
    """Its own and two more get mail in a day, and nobody learns of it; other mailboxes do."""
    names = [f"victim+{number}@test.example" for number in range(4)]
    names += ["Victim+x@test.example", "victim@test.example", names[0], names[3]]
    answers = [
        service.subscribe(service.visitor(f"203.0.{number}.1"), email=name)
        for number, name in enumerate(names)
    ]
    assert {answer.status for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert [mail["To"] for mail in service.mails()] == [*names[:2], "victim@test.example"]
    service.subscribe(service.visitor(), email="other+1@test.example")
    assert [mail["To"] for mail in service.mails()] == ["other+1@test.example"]


def test_dots_in_a_name_make_no_other_mailbox(service: Service) -> None:
    """Large providers do not read them, so a stranger has hundreds of spellings; two in a day get mail."""
    names = [f"{'victim'[:at]}.{'victim'[at:]}@test.example" for at in range(1, 6)]
    for number, name in enumerate([*names, "victim@test.example"]):
        service.subscribe(service.visitor(f"203.0.{number}.1"), email=name)
    assert [mail["To"] for mail in service.mails()] == [*names[:2], "victim@test.example"]


def test_who_tries_many_links_is_told_to_wait(service: Service) -> None:
    """Guessing is slow, from one address as from one neighbourhood."""
    statuses = [
        service.visitor("192.0.2.1").get(f"/confirm/{'A' * 21}{number % 10}").status for number in range(25)
    ]
    assert statuses[:20] == [404] * 20
    assert statuses[20:] == [429] * 5


def test_a_neighbourhood_counts_as_one_in_the_end() -> None:
    """A /24 has 256 addresses, and one owner often enough."""
    rates = Rates()
    waits = [rates.count(ASKING, f"198.51.100.{number}") for number in range(61)]
    assert waits[:60] == [0] * 60
    assert waits[60] > 0


def test_what_is_too_large_is_refused(service: Service) -> None:
    """Bodies, headers and addresses."""
    visitor = service.visitor()
    assert visitor.post("/de/subscribe", {"email": "x" * 20_000}).status == 413
    assert visitor.get("/de/subscribe", cookie="x" * 20_000).status == 431
    assert visitor.get("/de/subscribe", **{f"x{number}": "1" for number in range(120)}).status == 431
    assert visitor.get("/de/subscribe?" + "x" * 3000).status == 414


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b'{"email": "a@b.example"}', 415),
        ("text/plain", b"email=a@b.example", 415),
        ("", b"email=a@b.example", 415),
        ("application/x-www-form-urlencoded", b"email=%ff%fe", 400),
        ("application/x-www-form-urlencoded", b"a=1&" * 300, 400),
        ("multipart/form-data", b"--x\r\n", 400),
        ("multipart/form-data; boundary=x", b"email=a", 400),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=email\r\n\r\na@",
            400,
        ),
        ("multipart/form-data; boundary=\xe9", b"--x--", 400),
        ("multipart/form-data; boundary*", b"--x--", 400),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name*\r\n\r\na\r\n--x--\r\n",
            400,
        ),
    ],
)
def test_what_is_no_form_is_refused(service: Service, kind: str, body: bytes, status: int) -> None:
    """With a page that says so; and it is nobody's mistake but the sender's."""
    answer = service.visitor().ask("POST", "/de/subscribe", body, {"content-type": kind})
    assert answer.status == status
    assert '<html lang="de"' in answer.text
    assert service.failures == []


NESTED = "".join(
    f"--{number}\r\nContent-Type: multipart/mixed; boundary={number + 1}\r\n\r\n" for number in range(300)
)


def test_a_form_within_a_form_within_a_form_costs_nothing(service: Service) -> None:
    """A hundred such bodies of 13 kB are refused in less time than a mail parser takes for one."""
    began = time.process_time()
    for number in range(100):
        answer = service.visitor(f"203.0.{number}.1").ask(
            "POST", "/de/subscribe", NESTED.encode(), {"content-type": "multipart/form-data; boundary=0"}
        )
        assert answer.status == 400
    assert time.process_time() - began < 5


def test_who_sends_much_that_is_no_form_is_told_to_wait(service: Service) -> None:
    """Before it is read; forms of others are taken."""
    bad = {"content-type": "multipart/form-data; boundary=x"}
    visitor = service.visitor("192.0.2.1")
    statuses = [visitor.ask("POST", "/de/subscribe", b"no form", bad).status for _ in range(25)]
    assert statuses == [400] * 20 + [429] * 5
    assert service.subscribe(visitor).status == 429
    assert service.subscribe(service.visitor("198.51.100.3")).status == 200


def test_a_client_that_goes_away_in_the_middle_is_no_failure(service: Service) -> None:
    """It is not reported, nor counted among our mistakes."""
    application, statuses = make_application(service.context), []

    async def counted(scope: Any, receive: Any, send: Any) -> None:
        async def note(message: Any) -> None:
            statuses.extend([message["status"]] if "status" in message else [])
            await send(message)

        await application(scope, receive, note)

    server = WebServer(counted, "127.0.0.1", 0)
    server.start()
    try:
        for path in ("/de/subscribe", "/de/link"):
            with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
                head = (
                    f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: {FORM}\r\nContent-Length: 99\r\n\r\n"
                )
                connection.sendall(f"{head}email=a".encode())
                time.sleep(0.1)
        for _ in range(100):
            if len(statuses) == 2:
                break
            time.sleep(0.1)
    finally:
        server.stop()
    assert statuses == [400, 400]
    assert service.failures == []
