"""Whoever means harm with links about an account: many at once, other people's, old ones, and many mails."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from newsfeed.core.people import tokens
from newsfeed.records import Subscriber
from newsfeed.subscribers.accounts import (
    confirm_address,
    keep_address,
    request_address_change,
    request_links,
)
from newsfeed.subscribers.signup import DigestRequest, request_digest
from newsfeed.web.rates import NAMED
from tests.web.conftest import SECRET, Service

NEW = "anna@new.example"


def at_once(*works: Callable[[], object]) -> list[object]:
    """Do things at the same time, in threads; what came of each."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as executor:
        return list(executor.map(run, works))


def wish(service: Service, person: Subscriber, address: str = NEW) -> dict[str, str]:
    """Ask for another address; the tokens of the two mails: kind → token."""
    assert request_address_change(service.context.signup, person, address, service.now).done
    service.mails()
    return {kind: service.token(person, kind) for kind in ("move", "keep")}


# -- at once ---------------------------------------------------------------------------------------


def test_a_dozen_requests_at_once_are_one_mail(service: Service) -> None:
    """With links, to confirm, and to a new address: nobody can be bombed by asking in the same moment."""
    person, signup, now = service.reader(), service.context.signup, service.now
    at_once(*[lambda: request_links(signup, person.address, now)] * 12)
    assert len(service.mails()) == 1
    request = DigestRequest(address="victim@test.example", digest="staff", languages=("en",))
    at_once(*[lambda: request_digest(signup, request, now)] * 12)
    assert len(service.mails()) == 1
    at_once(
        *(
            lambda number=number: request_address_change(signup, person, f"v{number}@new.example", now)
            for number in range(12)
        )
    )
    told = Counter(mail["To"] == person.address for mail in service.mails())
    assert told == {True: 3, False: 3}


def test_stopping_and_confirming_at_once_has_one_winner(service: Service) -> None:
    """Who is told that the address stays keeps it; who is told that it is new has the new one."""
    signup, now = service.context.signup, service.now
    for number in range(5):
        person = service.reader(email=f"anna{number}@test.example")
        found = wish(service, person, f"anna{number}@new.example")
        moved, kept = at_once(
            lambda found=found: confirm_address(signup, found["move"], now).done,
            lambda found=found: keep_address(signup, found["keep"], now).done,
        )
        after = service.store.people.get(person.id)
        assert after is not None
        assert (moved, kept) == (after.address.endswith("@new.example"), after.address == person.address)


def test_two_who_want_one_address_at_once_do_not_both_get_it(service: Service) -> None:
    """The mailbox has a link of each; the chain of records closes."""
    people = [service.reader(email=f"{name}@test.example") for name in ("anna", "ben")]
    links = [wish(service, person)["move"] for person in people]
    signup, now = service.context.signup, service.now
    done = at_once(*(lambda link=link: confirm_address(signup, link, now).done for link in links))
    assert sorted(done, key=bool) == [False, True]
    addresses = {service.store.people.get(person.id).address for person in people}  # type: ignore[union-attr]
    assert NEW in addresses
    assert len(addresses) == 2
    assert service.store.people.verify_chain() is None


def test_a_link_that_is_pressed_many_times_at_once_counts_once(service: Service) -> None:
    """One record says so."""
    person = service.reader()
    link, signup, now = wish(service, person)["move"], service.context.signup, service.now
    done = at_once(*[lambda: confirm_address(signup, link, now).done] * 8)
    assert done.count(True) == 1
    records = service.store.people.consents(person.key)
    assert [one.wording for one in records].count("address") == 1


# -- altered, old, of others -----------------------------------------------------------------------


def test_no_bit_of_a_link_can_be_changed(service: Service) -> None:
    """Nor can it be used for anything else than it says, or written in another way."""
    person = service.reader()
    for kind, token in wish(service, person).items():
        other = "keep" if kind == "move" else "move"
        tampered = [token[:n] + ("A" if token[n] != "A" else "B") + token[n + 1 :] for n in range(len(token))]
        ways = [f"/{kind}/{one}" for one in (*tampered, token + "=", token[:-1], token.swapcase())]
        ways += [f"/{page}/{token}" for page in (other, "address", "erase", "preferences", "leave")]
        for number, way in enumerate(ways):
            visitor = service.visitor(f"203.0.{number}.1")
            assert (visitor.get(way).status, visitor.post(way).status) == (404, 404), way
    assert service.person() == person


def test_a_link_of_somebody_else_is_about_somebody_else(service: Service) -> None:
    """Both want the same address: the token of one does not move the other."""
    anna, ben = (service.reader(email=f"{name}@test.example") for name in ("anna", "ben"))
    wish(service, anna)
    foreign = tokens.make_token(SECRET, purpose="move", digest="", id=anna.id, holder=f"{ben.key}\0{NEW}")
    assert service.visitor().post(f"/move/{foreign}").status == 404
    assert service.person("anna@test.example").id == anna.id


def test_links_end_with_their_week_and_with_what_they_are_about(service: Service) -> None:
    """Neither the store nor the person's later wishes bring an old one back to another address."""
    person = service.reader()
    first = wish(service, person)
    second = wish(service, person, "other@new.example")
    visitor = service.visitor()
    for kind in ("move", "keep"):
        assert visitor.post(f"/{kind}/{first[kind]}").status == 404
    service.now += timedelta(days=8)
    for kind in ("move", "keep"):
        assert visitor.post(f"/{kind}/{second[kind]}").status == 404
    assert service.person() == person


def test_links_to_ones_own_data_end_with_the_address_they_were_sent_to(service: Service) -> None:
    """Whoever still reads the old mailbox reads nothing more of the person, and erases nobody."""
    person = service.reader()
    links = {kind: f"/{kind}/{service.token(person, kind)}" for kind in ("data", "erase")}
    address = links["data"].replace("data", "address")
    visitor = service.visitor()
    assert visitor.get(links["data"]).status == 200
    visitor.post(f"/move/{wish(service, person)['move']}")
    for link in (links["data"], links["data"] + "/download", links["erase"], address):
        assert visitor.get(link).status == 404, link
    assert visitor.post(links["erase"]).status == 404
    assert visitor.post(address, {"email": "thief@new.example"}).status == 404
    assert visitor.get(f"/data/{service.token(service.person(NEW), 'data')}").status == 200


def test_nobody_becomes_a_reader_by_taking_back_what_they_never_confirmed(service: Service) -> None:
    """To leave and come back is no consent."""
    service.subscribe(service.visitor())
    person = service.person()
    left = service.visitor().post(f"/leave/{service.token(person, 'leave')}")
    assert service.person().state == "left"
    assert service.visitor().post(left.action()).status == 404
    assert service.person().state == "left"


def test_nothing_stays_of_what_a_stranger_entered_before(service: Service) -> None:
    """Neither the name nor the languages of a request that nobody confirmed."""
    service.subscribe(service.visitor(), "fr", name="Dear Idiot", language=["fr", "nl"])
    service.now += timedelta(days=2)
    service.mails()
    person = service.reader("de", name="Anna Beispiel")
    assert (person.name, person.languages) == ("Anna Beispiel", ("de",))


def test_an_address_that_may_no_longer_be_written_to_is_not_taken(service: Service) -> None:
    """It was suppressed, or became a reader's, after the mail had been sent."""
    person = service.reader()
    link = wish(service, person, "never@new.example")["move"]
    hashed = tokens.hash_address(SECRET, "never@new.example")
    service.store.people.suppress(hashed, "complained", service.now)
    assert service.visitor().post(f"/move/{link}").status == 404
    link = wish(service, person)["move"]
    service.reader(email=NEW)
    assert service.visitor().post(f"/move/{link}").status == 404
    assert service.person() == person


def test_who_has_left_can_still_correct_their_address(service: Service) -> None:
    """GDPR 16; they stay unsubscribed."""
    person = service.reader()
    service.visitor().post(f"/leave/{service.token(person, 'leave')}")
    link = wish(service, service.person())["move"]
    assert service.visitor().post(f"/move/{link}").status == 200
    assert service.person(NEW).state == "left"


# -- too much --------------------------------------------------------------------------------------


def test_many_readers_cannot_bomb_an_address_that_they_call_their_new_one(service: Service) -> None:
    """Whatever further names of it they think of; the old addresses are told, and the answers are alike."""
    answers, told = set(), Counter[bool]()
    for number in range(NAMED + 3):
        person = service.reader(email=f"reader{number}@test.example")
        visitor = service.visitor(f"203.{number}.113.5")
        path = f"/address/{service.token(person, 'data')}"
        answer = visitor.post(path, {"email": f"victim+{number}@new.example"})
        told.update("victim" in mail["To"] for mail in service.mails())
        answers.add((answer.status, answer.text.replace(path, "")))
    assert len(answers) == 1
    assert told == {True: NAMED, False: NAMED + 3}


def test_one_reader_cannot_use_up_the_mails_of_an_address(service: Service) -> None:
    """Who names it again and again has it asked once; its owner can still move there."""
    hostile, owner = (service.reader(email=f"{name}@test.example") for name in ("mallory", "zoe"))
    for number in range(NAMED):
        path = f"/address/{service.token(hostile, 'data')}"
        service.visitor(f"203.{number}.113.5").post(path, {"email": f"zoe+{number}@new.example"})
    assert sum(mail["To"].endswith("@new.example") for mail in service.mails()) == 1
    service.visitor().post(f"/address/{service.token(owner, 'data')}", {"email": "zoe@new.example"})
    asked = [mail for mail in service.mails() if mail["To"] == "zoe@new.example"]
    assert service.visitor().post(service.link(asked[0])).status == 200
    assert service.person("zoe@new.example").id == owner.id


def test_a_program_with_a_link_cannot_fill_the_store_with_changes(service: Service) -> None:
    """After fifty in a day the rest waits for tomorrow; leaving never does, and coming back does."""
    person, visitor = service.reader("en"), service.visitor()
    path = f"/preferences/{service.token(person, 'change')}"
    statuses = [
        visitor.post(path, {"language": ("de", "fr")[number % 2], "frequency": "every"}).status
        for number in range(55)
    ]
    assert (statuses[:48], set(statuses[48::2])) == ([200] * 48, {422})  # asking and confirming count, too
    assert len(service.store.people.consents(person.key)) == 50
    assert "Please come back tomorrow." in visitor.post(f"{path}?lang=en", {"language": "nl"}).text
    left = visitor.post(f"/leave/{service.token(person, 'leave')}")
    assert left.status == 200
    assert visitor.post(left.action()).status == 404
    assert service.person().state == "left"
    service.now += timedelta(days=1)
    assert visitor.post(left.action()).status == 200


@pytest.mark.parametrize("name", ["</dd><script>alert(1)</script>", '"><img src=x onerror=x>', "{{ 7*7 }}"])
def test_a_name_is_text_wherever_it_is_shown(service: Service, name: str) -> None:
    """On the page with everything, and in the file."""
    person = service.reader("en", name=name)
    page = service.visitor().get(f"/data/{service.token(person, 'data')}").text
    assert name not in page or name.startswith("{{")
    assert "49" not in page.partition("Name")[2][:60]
    assert "<script" not in page
    assert "<img" not in page
