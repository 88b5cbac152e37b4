"""A reader subscribes, confirms, chooses, leaves and comes back, page by page."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest

from newsfeed.testing import CONFIG
from tests.web.conftest import Service


def test_a_visitor_subscribes_with_two_clicks(service: Service) -> None:
    """The form, the mail, its link, and one button; only then anything is in force."""
    visitor = service.visitor()
    answer = service.subscribe(visitor, "fr", topics=["water"], frequency="monthly")
    assert answer.status == 200
    assert answer.headers["content-language"] == "fr"
    assert '<html lang="fr" dir="ltr">' in answer.text
    [mail] = service.mails()
    link = service.link(mail)
    page = visitor.get(link)
    assert page.status == 200
    assert '<html lang="fr"' in page.text
    assert service.person().state == "pending"
    done = visitor.post(page.action())
    assert done.status == 200
    person = service.person()
    assert (person.state, person.languages) == ("active", ("fr",))
    assert person.subscriptions["staff"].topics == ("water",)
    assert person.subscriptions["staff"].frequency == "monthly"
    assert visitor.post(page.action()).status == 200


def test_the_form_has_the_menu_of_the_site(service: Service) -> None:
    """Topics among it, which lead to the site itself."""
    text = service.visitor().get("/de/subscribe").text
    menu = text[text.index('<nav class="menu"') : text.index("</nav>", text.index('<nav class="menu"'))]
    assert '/de/topics/">Themen</a>' in menu
    assert '/de/archive/">Archiv</a>' in menu


def test_a_reader_chooses(service: Service) -> None:
    """Languages in order, topics and frequency; the page comes in the reader's language and shows them."""
    link = f"/preferences/{service.token(service.reader('de'), 'change')}"
    visitor = service.visitor(accept_language="nl")
    page = visitor.get(link)
    assert '<html lang="de"' in page.text
    fields = {"language": ["fr", "de", ""], "topics": ["energy"], "frequency": "monthly"}
    saved = visitor.post(link, fields)
    assert saved.status == 200
    assert 'role="status"' in saved.text
    person = service.person()
    assert person.languages == ("fr", "de")
    assert person.subscriptions["staff"].topics == ("energy",)
    assert person.subscriptions["staff"].frequency == "monthly"
    again = visitor.get(link)
    assert '<html lang="fr"' in again.text
    assert 'value="energy" checked' in again.text
    assert 'value="monthly" checked' in again.text


def test_languages_are_put_in_order_at_once(service: Service) -> None:
    """The mail comes in the first; a reader gets what there is in the first that has it."""
    person = service.reader("de", language=["fr", "de", "", "fr", "tlh"])
    assert person.languages == ("fr", "de")
    [asked, _] = service.store.people.consents(person.key)
    assert (asked.language, asked.source) == ("fr", "language:fr language:de")


def test_the_form_says_how_much_to_expect(service: Service) -> None:
    """When it is known."""
    assert "comes by email, every Monday." in service.visitor().get("/en/subscribe").text
    service.volumes = {"staff": 4.6}
    page = service.visitor().get("/en/subscribe").text
    assert "comes by email, every Monday, about 5 stories a week." in page


def test_what_is_not_possible_is_not_saved(service: Service) -> None:
    """A language or topic that there is not is said, and nothing is changed."""
    person = service.reader()
    answer = service.visitor().post(
        f"/preferences/{service.token(person, 'change')}",
        {"language": "tlh", "topics": "war", "frequency": "every"},
    )
    assert answer.status == 422
    assert 'role="alert"' in answer.text
    assert service.person() == person


def test_a_reader_leaves_and_takes_it_back(service: Service) -> None:
    """The button says which digest it leaves; for 30 days all choices can be had again."""
    person = service.reader(topics=["water"], frequency="monthly")
    visitor = service.visitor()
    page = visitor.get(f"/leave/{service.token(person, 'one-click')}")
    assert "„Test site“" in page.text
    left = visitor.post(page.action())
    assert left.status == 200
    assert "Sie erhalten keine E-Mails von „Test site“ mehr." in left.text
    assert service.person().state == "left"
    question = visitor.get(left.action())
    assert question.status == 200
    assert service.person().state == "left"
    service.now += timedelta(days=29)
    assert visitor.post(question.action()).status == 200
    assert service.person().subscriptions == person.subscriptions
    assert service.person().state == "active"
    how = [one.how for one in service.store.people.consents(person.key)]
    assert how == ["asked", "confirmed", "left", "undone"]


def test_after_thirty_days_it_cannot_be_taken_back(service: Service) -> None:
    """The link is none any more; the form is."""
    person = service.reader()
    visitor = service.visitor()
    back = visitor.post(f"/leave/{service.token(person, 'leave')}").action()
    service.now += timedelta(days=32)
    assert visitor.post(back).status == 404
    assert service.person().state == "left"


def test_leaving_once_more_gives_no_new_way_back(service: Service) -> None:
    """Who was passed a mail of years ago brings nobody back with the link in it that leaves."""
    person = service.reader()
    visitor, leave = service.visitor(), f"/leave/{service.token(person, 'leave')}"
    visitor.post(leave)
    service.now += timedelta(days=20)
    back = visitor.post(leave).action()
    service.now += timedelta(days=11)
    again = visitor.post(leave)
    assert again.status == 200
    assert "/undo/" not in again.text
    assert "30" not in again.text.partition("<main")[2].partition("</main>")[0]
    assert visitor.post(back).status == 404
    assert service.person().state == "left"


def test_nobody_comes_back_with_an_old_page_after_the_operator_ended_it(service: Service) -> None:
    """Suppressed is suppressed."""
    person = service.reader()
    visitor = service.visitor()
    back = visitor.post(f"/leave/{service.token(person, 'leave')}").action()
    service.store.people.suppress(service.context.signup.secret.hex(), "other", service.now)
    from newsfeed.core.people.tokens import hash_address

    service.store.people.suppress(
        hash_address(service.context.signup.secret, person.address), "erased", service.now
    )
    assert visitor.post(back).status == 404
    assert service.person().state == "left"


def test_the_welcome_leads_to_the_choices_of_this_reader(service: Service) -> None:
    """And to nobody else's: the link is theirs, and is for nothing but choices."""
    other = service.reader("fr", email="ben@test.example")
    visitor = service.visitor()
    service.subscribe(visitor)
    [mail] = service.mails()
    welcome = visitor.post(service.link(mail))
    link = re.search(r'href="(/preferences/[^"]*)"', welcome.text)
    assert link is not None
    assert visitor.post(unescape(link[1]), {"language": "en", "frequency": "monthly"}).status == 200
    assert service.person().subscriptions["staff"].frequency == "monthly"
    assert service.person("ben@test.example") == other
    assert visitor.get(unescape(link[1]).replace("preferences", "leave")).status == 404


@pytest.mark.parametrize(
    ("service_url", "site"),
    [("https://mail.test.example/", "https://test.example/"), ("http://localhost:8080/", "/")],
)
def test_pages_lead_to_the_site_where_it_is(
    make_service: Callable[..., Service], service_url: str, site: str
) -> None:
    """In public by its address; on one's own machine beside them, for it is nowhere else."""
    page = make_service(config=CONFIG, base=service_url).visitor().get("/de/subscribe").text
    assert f'<p class="site"><a href="{site}de/">' in page
    assert ("https://test.example/" in page) == (site != "/")


def test_request_and_confirmation_are_proved(service: Service) -> None:
    """With the pages and the mail as everybody sees them, and nothing of the person in these."""
    person = service.reader("fr", name="Änne")
    asked, confirmed = service.store.people.consents(person.key)
    assert asked.evidence["page"] == "/fr/subscribe"
    assert asked.evidence["filled"] == "9"
    form, mail, question = (
        service.store.shown_pages.find(name)
        for name in (asked.evidence["form"], asked.evidence["mail"], confirmed.evidence["form"])
    )
    assert "<form" in form
    assert '<html lang="fr"' in form
    assert "Test site" in mail
    assert confirmed.evidence["page"] == "/confirm"
    assert "Test site" in question
    for text in (form, mail, question):
        assert person.address not in text
        assert person.name not in text
        assert "/confirm/" not in text
    assert service.store.people.verify_chain() is None
    other = service.reader("fr", email="ben@test.example")
    assert service.store.people.consents(other.key)[0].evidence["form"] == asked.evidence["form"]
