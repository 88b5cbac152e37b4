"""Readers see what is kept about them, take another address, and go for good."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

from newsfeed.core.people import tokens
from newsfeed.core.people.subscription import make_consent
from newsfeed.records import Bounce, Subscription
from tests.contracts.stores import plan
from tests.web.client import Answer, Visitor
from tests.web.conftest import BASE, SECRET, Service


def ask_for_links(
    service: Service, visitor: Visitor, email: str = "anna@test.example", **fields: str
) -> Answer:
    """Fill in the form of who has lost their links."""
    token = visitor.get("/de/link").field("form")
    service.now += timedelta(seconds=9)
    return visitor.post("/de/link", {"form": token, "email": email, **fields})


def links(mail: EmailMessage) -> dict[str, str]:
    """The links in a mail: kind → path."""
    text = mail.get_body(("plain",)).get_content()
    paths = [line.removeprefix(BASE) for line in text.splitlines() if line.startswith(BASE)]
    return {path.partition("/")[0]: f"/{path}" for path in paths}


def data_link(service: Service, visitor: Visitor) -> str:
    """The link to a reader's data, as it was mailed."""
    ask_for_links(service, visitor)
    [mail] = service.mails()
    return links(mail)["data"]


def test_lost_links_are_sent_to_the_address_that_is_known(service: Service) -> None:
    """In the reader's language; the form tells nobody whether it was known, and sends one mail a day."""
    service.reader("fr")
    gone = service.reader("fr", email="never@test.example")
    service.store.people.suppress(tokens.hash_address(SECRET, gone.address), "complained", service.now)
    service.subscribe(service.visitor(), email="pending@test.example")
    service.mails()
    emails = ["anna@test.example", "never@test.example", "pending@test.example", "new@test.example"]
    visitors = [service.visitor(f"192.0.{number}.1") for number in range(5)]
    answers = [
        ask_for_links(service, visitor, email)
        for visitor, email in zip(visitors, [*emails, emails[0]], strict=True)
    ]
    assert {answer.status for answer in answers} == {200}
    assert len({(answer.text, tuple(answer.headers.items())) for answer in answers}) == 1
    [mail] = service.mails()
    assert mail["To"] == "anna@test.example"
    assert mail["Content-Language"] == "fr"
    assert mail["Subject"] == "Vos liens – Test site"
    assert set(links(mail)) == {"preferences", "data"}
    assert "anna" not in mail.get_body(("plain",)).get_content()
    assert "nous ne vous écrirons plus" not in mail.get_body(("plain",)).get_content()
    visitor = service.visitor()
    for link in links(mail).values():
        assert visitor.get(link).status == 200


def test_programs_and_old_forms_get_no_links(service: Service) -> None:
    """As with the form to subscribe."""
    service.reader()
    visitor = service.visitor()
    assert ask_for_links(service, visitor, website="http://spam.example").status == 200
    assert visitor.post("/de/link", {"email": "anna@test.example"}).status == 422
    wrong = ask_for_links(service, visitor, "anna")
    assert wrong.status == 422
    assert 'aria-describedby="email-error"' in wrong.text
    assert visitor.get("/tlh/link").status == 404
    assert service.mails() == []


def test_everything_that_is_kept_is_shown(service: Service) -> None:
    """On a page, and as a file; behind a link that is good for two days, and for nothing else."""
    person = service.reader("en", name="Änne <b>", topics=["water"])
    visitor = service.visitor()
    link = data_link(service, visitor)
    page = visitor.get(link)
    assert page.status == 200
    for words in (
        "anna@test.example",
        "Änne &lt;b&gt;",
        "Water",
        "Confirmed with the link",
        "Do you want to get",
    ):
        assert words in page.text
    answer = visitor.get(f"{link}/download")
    assert answer.headers["content-type"] == "application/json"
    assert "attachment" in answer.headers["content-disposition"]
    held = json.loads(answer.text)
    assert held["address"] == "anna@test.example"
    assert held["digests"] == {"staff": {"topics": ["water"], "frequency": "every"}}
    assert [one["how"] for one in held["consents"]] == ["asked", "confirmed"]
    assert held["shown"][held["consents"][0]["evidence"]["form"]].startswith("<!DOCTYPE html>")
    assert visitor.get(f"/data/{service.token(person, 'change')}").status == 404
    assert visitor.post(f"/erase/{link.rpartition('/')[2]}").status == 404
    service.now += timedelta(days=3)
    assert visitor.get(link).status == 404


def test_choices_are_shown_by_their_names(service: Service) -> None:
    """Those asked for and those had when somebody left; an origin that names no choice stays as it was noted."""
    person = service.reader("en", topics=["water"], frequency="monthly", language=["en", "fr"])
    service.visitor().post(f"/leave/{service.token(person, 'leave')}")
    record = make_consent(person, "", service.now, how="changed", wording="name", source="water board.csv")
    service.store.people.save([service.person()], [record])
    page = service.visitor().get(f"/data/{service.token(person, 'data')}").text
    shown = re.findall(r"Choices, or source</dt>\n<dd>([^<]*)</dd>", page)
    chosen = "Water · once a month, all in one"
    assert shown == [f"{chosen} · English · French", chosen, "water board.csv"]


def test_mails_and_what_came_back_are_shown(service: Service) -> None:
    """Each issue with what became of it, and each report."""
    person = service.reader("en")
    issue = plan(service.store, [person], "2026-01-05T08:00", at=service.now)
    [outgoing] = service.store.send_queue.claim(service.store.owners.register(), service.now, 10)
    bounce = Bounce(
        subscriber_id=person.id,
        delivery_id=outgoing.delivery.id,
        at=service.now,
        kind="soft",
        status="4.2.2",
        detail="mailbox full",
    )
    service.store.bounces.add(bounce)
    service.subscribe(service.visitor(), email="ben@test.example")
    service.mails()
    visitor = service.visitor()
    link = data_link(service, visitor)
    page = visitor.get(f"{link}?lang=de").text
    assert "Was wir Ihnen geschickt haben" in page
    assert "unterwegs" in page
    assert "mailbox full" in page
    held = json.loads(visitor.get(f"{link}/download").text)
    assert [one["issue"] for one in held["mails"]] == [f"staff/{issue.slot}"]
    assert [one["status"] for one in held["returned"]] == ["4.2.2"]


def test_a_digest_that_is_no_more_keeps_its_name(service: Service) -> None:
    """In what was agreed to, and in what is read."""
    person = service.reader("en")
    places = {"gone": Subscription(digest="gone", frequency="monthly")}
    service.store.people.save([replace(person, subscriptions=places)])
    visitor = service.visitor()
    page = visitor.get(data_link(service, visitor)).text
    assert "<dt>gone</dt>" in page
    assert "once a month, all in one" in page


def test_a_reader_erases_everything(service: Service) -> None:
    """After a question; nothing is left but the hash, and nobody is asked at this address again."""
    service.reader()
    visitor = service.visitor()
    page = visitor.get(data_link(service, visitor))
    erase = next(part for part in page.text.split('"') if part.startswith("/erase/"))
    question = visitor.get(erase)
    assert service.person()
    done = visitor.post(question.action())
    assert done.status == 200
    assert service.store.people.find("anna@test.example") is None
    assert b"anna@test.example" not in service.file.read_bytes()
    assert visitor.post(question.action()).status == 404
    service.subscribe(service.visitor("198.51.100.77"))
    assert service.mails() == []
    assert service.store.people.verify_chain() is None


def move(service: Service, visitor: Visitor, email: str) -> tuple[Answer, dict[str, EmailMessage]]:
    """Ask for another address; return the answer, and the mails by whom they go to."""
    form = visitor.get(data_link(service, visitor).replace("/data/", "/address/"))
    answer = visitor.post(form.action(), {"email": email})
    return answer, {mail["To"]: mail for mail in service.mails()}


def test_a_reader_takes_another_address(service: Service) -> None:
    """The new one confirms, the old one is told; links in mails that are there go on, and history stays."""
    person = service.reader("de", topics=["water"])
    visitor = service.visitor()
    answer, mails = move(service, visitor, "anna@new.example")
    assert answer.status == 200
    assert set(mails) == {"anna@test.example", "anna@new.example"}
    assert "new.example" not in mails["anna@test.example"].get_body(("plain",)).get_content()
    assert service.person() == person
    question = visitor.get(links(mails["anna@new.example"])["move"])
    assert question.status == 200
    assert service.person() == person
    assert visitor.post(question.action()).status == 200
    moved = service.person("anna@new.example")
    assert (moved.id, moved.key, moved.subscriptions) == (person.id, person.key, person.subscriptions)
    assert service.store.people.find("anna@test.example") is None
    assert service.store.people.former_addresses(["anna@test.example"]) == {"anna@test.example"}
    last = service.store.people.consents(person.key)[-1]
    assert (last.how, last.wording, last.evidence) == ("changed", "address", {"page": "/move"})
    assert visitor.post(question.action()).status == 404
    assert visitor.get(links(mails["anna@test.example"])["keep"]).status == 404
    assert visitor.get(f"/preferences/{service.token(person, 'change')}").status == 200


def test_the_old_address_can_stop_it(service: Service) -> None:
    """Then the link that the new one got is none."""
    service.reader()
    visitor = service.visitor()
    _, mails = move(service, visitor, "thief@new.example")
    question = visitor.get(links(mails["anna@test.example"])["keep"])
    assert visitor.post(question.action()).status == 200
    assert visitor.post(links(mails["thief@new.example"])["move"]).status == 404
    assert service.person().state == "active"


def test_a_later_wish_ends_the_one_before(service: Service) -> None:
    """A link is bound to the address that it is about."""
    service.reader()
    visitor = service.visitor()
    form = visitor.get(data_link(service, visitor).replace("/data/", "/address/"))
    visitor.post(form.action(), {"email": "typo@new.example"})
    first = {mail["To"]: mail for mail in service.mails()}["typo@new.example"]
    visitor.post(form.action(), {"email": "right@new.example"})
    second = {mail["To"]: mail for mail in service.mails()}["right@new.example"]
    assert visitor.post(links(first)["move"]).status == 404
    assert visitor.post(links(second)["move"]).status == 200
    assert service.person("right@new.example").state == "active"


def test_an_address_of_somebody_else_is_not_taken(service: Service) -> None:
    """Of a reader, or of whom we must not write to: the answer is the same, and only the old one is told."""
    service.reader(email="ben@test.example")
    service.store.people.suppress(tokens.hash_address(SECRET, "never@test.example"), "erased", service.now)
    service.reader()
    visitor = service.visitor()
    form = visitor.get(data_link(service, visitor).replace("/data/", "/address/"))
    answers = []
    for email in ("ben@test.example", "never@test.example", "free@test.example"):
        answers.append(visitor.post(form.action(), {"email": email}))
        told = {mail["To"] for mail in service.mails()}
        assert told == {"anna@test.example"} | ({"free@test.example"} if email.startswith("free") else set())
    assert len({(answer.status, answer.text) for answer in answers}) == 1


def test_what_is_no_other_address_is_said_at_its_field(service: Service) -> None:
    """The same one again is none."""
    service.reader()
    visitor = service.visitor()
    form = visitor.get(data_link(service, visitor).replace("/data/", "/address/"))
    for email in ("nobody", "ANNA@test.example"):
        answer = visitor.post(form.action(), {"email": email})
        assert answer.status == 422
        assert 'aria-describedby="email-error"' in answer.text
    assert service.mails() == []


def test_a_request_for_the_new_address_gives_way(service: Service) -> None:
    """Who asked for a digest there, and did not confirm, and takes it as a new address, is one person."""
    service.reader()
    service.subscribe(service.visitor("198.51.100.3"), email="anna@new.example")
    service.mails()
    visitor = service.visitor()
    service.store.people.erase(service.person("anna@new.example").id)
    _, mails = move(service, visitor, "anna@new.example")
    service.subscribe(service.visitor("198.51.100.4"), email="anna@new.example")
    assert visitor.post(links(mails["anna@new.example"])["move"]).status == 200
    assert service.person("anna@new.example").state == "active"
