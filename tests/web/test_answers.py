"""Answers: alike for everybody, in the visitor's language, and safe."""

import asyncio
import re

import pytest
from starlette.types import Message, Receive, Scope, Send

from newsfeed.core.people import tokens
from newsfeed.errors import OutsideError
from newsfeed.subscribers.signup import DigestRequest
from newsfeed.web.guard import Guard
from tests.web.conftest import SECRET, Service

ONE_CLICK = b"List-Unsubscribe=One-Click"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def test_every_answer_forbids_scripts_frames_and_caches(service: Service) -> None:
    """Pages, redirects, errors and refusals alike; and none sets a cookie."""
    person = service.reader()
    visitor = service.visitor()
    answers = [
        visitor.get(f"/leave/{service.token(person, 'leave')}"),
        visitor.post(f"/leave/{service.token(person, 'leave')}"),
        visitor.get("/subscribe"),
        visitor.get("/fr/subscribe"),
        visitor.post("/fr/subscribe", {"email": "nobody"}),
        visitor.get("/nothing"),
        visitor.get("/healthz"),
        visitor.get("/fr/subscribe", "DELETE"),
        visitor.get("/fr/subscribe", cookie="x" * 20_000),
    ]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert "set-cookie" not in answer.headers
        assert not re.search(r"<script|style=|\son\w+=", answer.text)


def test_nobody_learns_who_is_known(service: Service) -> None:
    """Reader, stranger, somebody who has left, somebody who must not be written to: one answer."""
    service.reader(email="reader@test.example")
    gone = service.reader(email="gone@test.example")
    service.visitor().post(f"/leave/{service.token(gone, 'leave')}")
    service.store.people.suppress(tokens.hash_address(SECRET, "never@test.example"), "erased", service.now)
    answers = [
        service.subscribe(service.visitor(f"192.0.{number}.1"), "nl", email)
        for number, email in enumerate(
            [
                "reader@test.example",
                "new@test.example",
                "gone@test.example",
                "never@test.example",
                "o'x+y@test.example",
            ]
        )
    ]
    assert {answer.status for answer in answers} == {200}
    assert len({(answer.text, tuple(sorted(answer.headers.items()))) for answer in answers}) == 1
    assert {mail["To"] for mail in service.mails()} == {
        "new@test.example",
        "gone@test.example",
        "o'x+y@test.example",
    }


@pytest.mark.parametrize(
    "email", ["", "nobody", "@test.example", "a b@test.example", "a@b", "x" * 300 + "@test.example"]
)
def test_what_is_no_address_is_said_at_its_field(service: Service, email: str) -> None:
    """The rest of the form stays as it was filled in."""
    answer = service.subscribe(service.visitor(), "de", email, name="Änne <b>", topics=["energy"])
    assert answer.status == 422
    assert 'aria-invalid="true" aria-describedby="email-error"' in answer.text
    assert 'id="email-error"' in answer.text
    assert "Änne &lt;b&gt;" in answer.text
    assert 'value="energy" checked' in answer.text


@pytest.mark.parametrize("seconds", [0, 25 * 3600])
def test_a_form_is_filled_in_neither_at_once_nor_the_day_after(service: Service, seconds: int) -> None:
    """It is shown again, with a new token and all that was filled in."""
    token = service.visitor().get("/de/subscribe").field("form")
    from datetime import timedelta

    service.now += timedelta(seconds=seconds)
    answer = service.visitor().post("/de/subscribe", {"form": token, "email": "anna@test.example"})
    assert answer.status == 422
    assert 'role="alert"' in answer.text
    assert answer.field("email") == "anna@test.example"
    assert service.mails() == []


def test_a_program_that_fills_in_everything_learns_nothing(service: Service) -> None:
    """The answer is that of people, and no mail is sent."""
    caught = service.subscribe(service.visitor(), website="http://spam.example")
    assert caught.status == 200
    assert caught.text == service.subscribe(service.visitor(), email="ben@test.example").text
    assert [mail["To"] for mail in service.mails()] == ["ben@test.example"]


@pytest.mark.parametrize(
    "headers",
    [
        {**FORM, "origin": "null"},
        FORM,
        {
            "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
            "origin": "https://mail.google.example",
        },
        {"content-type": 'multipart/form-data; boundary="frontier"', "origin": "null"},
    ],
)
def test_one_click_is_enough(service: Service, headers: dict[str, str]) -> None:
    """RFC 8058: a POST of either kind, from anywhere, twice; no redirect, no cookie, no question."""
    person = service.reader()
    body = ONE_CLICK
    if headers["content-type"].startswith("multipart"):
        body = b'--frontier\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--frontier--\r\n'
    for _ in range(2):
        answer = service.visitor().ask(
            "POST", f"/one-click/{service.token(person, 'one-click')}", body, headers
        )
        assert answer.status == 200
        assert not {"location", "set-cookie"} & set(answer.headers)
        assert service.person().state == "left"
    assert [one.how for one in service.store.people.consents(person.key)].count("one-click") == 1


def test_one_click_needs_its_word_and_its_link(service: Service) -> None:
    """An empty POST, or a link for something else, unsubscribes nobody."""
    person, visitor = service.reader(), service.visitor()
    assert visitor.post(f"/one-click/{service.token(person, 'one-click')}").status == 400
    for purpose in ("leave", "change", "confirm", "undo", "bounce"):
        answer = visitor.ask("POST", f"/one-click/{service.token(person, purpose)}", ONE_CLICK, FORM)
        assert answer.status == 404
    assert service.person().state == "active"


def test_a_probe_is_told_what_arrived_and_changes_nothing(service: Service) -> None:
    """`newsfeed doctor` looks through what stands in front of the service."""
    person, visitor = service.reader(), service.visitor()
    path = f"/one-click/{tokens.make_probe_token(service.context.signup.secret, service.now)}"
    assert visitor.get(path).text == "newsfeed probe: GET\n"
    assert visitor.ask("POST", path, ONE_CLICK, FORM).text == "newsfeed probe: POST\n"
    assert visitor.post(path).status == 400
    assert visitor.get(path.replace("one-click", "leave")).status == 404
    other = tokens.make_probe_token(b"another secret!!", service.now)
    assert visitor.get(f"/one-click/{other}").status == 404
    assert service.person() == person


def test_all_links_that_are_none_look_alike(service: Service) -> None:
    """Altered, expired, of another purpose, of nobody."""
    person = service.reader()
    genuine = service.token(person, "leave")
    altered = genuine[:-1] + ("A" if genuine[-1] != "A" else "Q")
    expired = tokens.make_token(
        SECRET,
        purpose="confirm",
        digest="staff",
        id=person.id,
        holder=person.key,
        expires=service.now.replace(year=2025),
    )
    visitor = service.visitor()
    paths = [
        f"/leave/{altered}",
        f"/confirm/{expired}",
        f"/preferences/{genuine}",
        f"/undo/{'A' * 22}",
        "/leave/x",
    ]
    answers = [visitor.post(path) for path in paths] + [visitor.get(path) for path in paths]
    assert {answer.status for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


def test_languages_are_negotiated(service: Service) -> None:
    """By the address, else by the browser; a reader's page by the reader."""
    visitor = service.visitor(accept_language="tlh, nl-BE;q=0.8, fr;q=0.3")
    answer = visitor.get("/subscribe")
    assert (answer.status, answer.headers["location"]) == (303, "/nl/subscribe")
    assert answer.headers["vary"] == "Accept-Language"
    assert '<html lang="nl"' in visitor.get("/nothing").text
    assert '<html lang="fr"' in visitor.get("/fr/subscribe").text
    assert visitor.get("/es/subscribe").status == 404
    link = f"/leave/{service.token(service.reader('de'), 'leave')}"
    assert '<html lang="de"' in visitor.get(link).text
    assert '<html lang="fr"' in visitor.get(f"{link}?lang=fr").text


def test_answers_to_forms_lead_to_their_forms_in_other_languages(service: Service) -> None:
    """Their links name a language, and the address of the form another one."""
    visitor = service.visitor()
    sent = service.subscribe(visitor, "en")
    refused = visitor.ask("POST", "/en/link", b"", {"content-type": "text/plain"})
    assert (sent.status, refused.status) == (200, 415)
    for path, answer in {"/en/subscribe": sent, "/en/link": refused}.items():
        assert 'href="?lang=de"' in answer.text
        page = visitor.get(f"{path}?lang=de")
        assert '<html lang="de"' in page.text
        assert page.action() == path.replace("en", "de")
    assert '<html lang="en"' in visitor.get("/en/subscribe?lang=tlh").text
    assert visitor.get("/es/subscribe?lang=de").status == 404


def test_a_digest_that_is_asked_for_stays_so_in_every_language(service: Service) -> None:
    """A link to one digest need not know the visitor's language; what is no digest is not repeated."""
    visitor = service.visitor(accept_language="fr")
    assert visitor.get("/subscribe?digest=staff").headers["location"] == "/fr/subscribe?digest=staff"
    assert visitor.get("/subscribe?digest=%0d%0aX:1").headers["location"] == "/fr/subscribe"


def test_a_failure_is_told_without_a_word_about_anybody(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that is away is 503, a mistake of ours 500; the log holds no address."""
    from newsfeed.web import subscribing

    def away(*_: object) -> None:
        raise OutsideError("the store is away")

    def wrong(context: object, request: DigestRequest, *_: object) -> None:
        raise RuntimeError(request.address)

    monkeypatch.setattr(subscribing, "request_digest", away)
    answer = service.subscribe(service.visitor())
    assert (answer.status, answer.headers["retry-after"]) == (503, "60")
    monkeypatch.setattr(subscribing, "request_digest", wrong)
    assert service.subscribe(service.visitor()).status == 500
    assert service.failures == ["the store is away", "RuntimeError"]


def test_an_answer_that_breaks_off_is_reported(service: Service) -> None:
    """Nothing can be put behind half a page; that it failed is told all the same."""
    sent: list[str] = []

    async def breaking(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("anna@test.example")

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message["type"])

    scope = {"type": "http", "method": "GET", "path": "/en/subscribe", "query_string": b"", "headers": []}
    asyncio.run(Guard(breaking, service.context)(scope, receive, send))
    assert sent == ["http.response.start"]
    assert service.failures == ["RuntimeError"]
