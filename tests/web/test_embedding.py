"""The short form on the site's pages, and on pages of others."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsfeed.core.people.invitations import make_invitation
from newsfeed.render.pages import render_invitation
from newsfeed.testing import CONFIG, an_item, settings_from, write_tree
from tests.cli.command import newsfeed
from tests.web.conftest import BASE, WEB, Service

NOW = datetime(2026, 1, 6, tzinfo=UTC)
SITE = {"config.toml": CONFIG + WEB, "news/2026/a.en.md": an_item(topics="[water]"), "staff.csv": ""}


def fields_of(text: str) -> dict[str, str]:
    """The fields of a form that have a value."""
    import re

    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))


def test_pages_of_the_site_invite_to_subscribe(tmp_path: Path) -> None:
    """The front page, a story's foot and the pages about feeds, in each edition's language; no script."""
    write_tree(tmp_path, SITE)
    newsfeed("-C", tmp_path, "build", "--now", NOW.isoformat(), XDG_CACHE_HOME=str(tmp_path / "cache"))
    for lang, word in {"en": "Subscribe by email", "de": "Per E-Mail abonnieren"}.items():
        for page in ("index.html", "news/2026/a/index.html", "feed/index.html"):
            text = (tmp_path / "public" / lang / page).read_text("utf-8")
            assert text.count("<form") == 1, page
            assert f'<form class="form" method="post" action="{BASE}{lang}/subscribe"' in text
            assert fields_of(text) == {"digest": "staff", "language": lang}
            assert word in text
        archive = (tmp_path / "public" / lang / "archive/index.html").read_text("utf-8")
        assert "<form" not in archive


def test_of_several_digests_one_is_chosen(make_service: Callable[..., Service]) -> None:
    """On the site's pages as on the service's own, each with its rhythm."""
    board = '[digests.board]\nschedule = "monthly 1 08:00"\naudience = "staff"\ntitle = "Board"\n\n'
    service = make_service(config=CONFIG.replace("[mail]", board + "[mail]"))
    invitation = make_invitation(service.context.settings, service.context.signup.texts["en"])
    assert invitation is not None
    form = render_invitation(service.context.signup.templates, invitation)
    for text in (form, service.visitor().get("/en/subscribe").text):
        assert '<input type="radio" name="digest" value="staff" checked>' in text
        assert '<input type="radio" name="digest" value="board">' in text
        assert "once a month" in text
    assert make_invitation(settings_from(), service.context.signup.texts["en"]) is None


def test_a_form_that_was_begun_elsewhere_mails_nobody(service: Service) -> None:
    """It is shown whole, with what was sent; only from there a mail is asked for."""
    visitor = service.visitor()
    begun = {"email": "anna@test.example", "language": "fr", "digest": "staff", "website": ""}
    page = visitor.post("/fr/subscribe", begun, origin="https://www.test.example")
    assert page.status == 200
    assert "Plus qu’une étape" in page.text
    assert page.field("email") == "anna@test.example"
    assert '<option value="fr" lang="fr" selected>' in page.text
    assert service.mails() == []
    assert service.store.people.find("anna@test.example") is None
    service.now = service.now.replace(second=9)
    sent = visitor.post(page.action(), {**begun, "form": page.field("form"), "step": page.field("step")})
    assert sent.status == 200
    assert "Consultez votre messagerie" in sent.text
    assert [mail["To"] for mail in service.mails()] == ["anna@test.example"]


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site", "origin": "null"},
        {"sec_fetch_site": "same-site"},
        {"origin": "https://evil.example"},
    ],
)
def test_no_other_site_makes_browsers_ask_for_mails_with_a_form_that_it_has_fetched(
    service: Service, headers: dict[str, str]
) -> None:
    """Each of its visitors would ask from a network of their own; they see the form, and may send it."""
    thief = service.visitor("203.0.113.5")
    token = thief.get("/en/subscribe").field("form")
    links = thief.get("/en/link").field("form")
    person = service.reader("en", "reader@test.example")
    service.now += timedelta(seconds=9)
    fields = {"form": token, "email": "victim@test.example", "digest": "staff"}
    page = service.visitor().post("/en/subscribe", fields, **headers)
    assert page.status == 200
    assert "One more step" in page.text
    asked = service.visitor().post("/en/link", {"form": links, "email": person.address}, **headers)
    assert asked.status == 200
    assert "Send me my links" in asked.text
    assert service.mails() == []
    service.now += timedelta(seconds=9)
    own = {"sec_fetch_site": "same-origin", "origin": "null"}
    again = {"form": page.field("form"), "step": page.field("step"), "email": page.field("email")}
    assert "Check your mail" in service.visitor().post("/en/subscribe", again, **own).text
    assert [mail["To"] for mail in service.mails()] == ["victim@test.example"]


def test_a_mistake_in_a_begun_form_is_said_at_its_field(service: Service) -> None:
    """As in the form itself."""
    page = service.visitor().post("/en/subscribe", {"email": "anna"})
    assert page.status == 422
    assert 'id="email-error"' in page.text


def test_a_program_that_begins_the_form_is_caught_at_its_end(service: Service) -> None:
    """What it wrote where people see nothing goes with it."""
    visitor = service.visitor()
    page = visitor.post("/en/subscribe", {"email": "anna@test.example", "website": "http://spam.example"})
    assert page.field("website") == "http://spam.example"
    service.now = service.now.replace(second=9)
    names = ("form", "step", "email", "website")
    assert visitor.post(page.action(), {name: page.field(name) for name in names}).status == 200
    assert service.mails() == []


def test_only_the_form_may_stand_in_a_frame(make_service: Callable[..., Service]) -> None:
    """And only on the sites that the configuration names: on other pages one click does something."""
    service = make_service('frame_ancestors = ["https://www.test.example"]\n')
    person, visitor = service.reader(), service.visitor()
    form = visitor.get("/de/subscribe").headers
    assert "frame-ancestors https://www.test.example;" in form["content-security-policy"]
    assert "x-frame-options" not in form
    leave = visitor.get(f"/leave/{service.token(person, 'leave')}").headers
    assert "frame-ancestors 'none';" in leave["content-security-policy"]
    assert leave["x-frame-options"] == "DENY"


def test_a_form_is_printed_to_be_pasted(tmp_path: Path) -> None:
    """In the language of an edition; it says what it is for, and where it goes."""
    write_tree(tmp_path, SITE)
    done = newsfeed("-C", tmp_path, "form", "staff", "--lang", "NL")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith('<div lang="nl">\n<form class="form" method="post"')
    assert f'action="{BASE}nl/subscribe"' in done.stdout
    assert newsfeed("-C", tmp_path, "form", "staff").stdout.startswith('<div lang="en">')


@pytest.mark.parametrize(
    ("config", "words", "reason"),
    [
        (CONFIG + WEB, ("nothing",), "there is no digest “nothing”"),
        (CONFIG + WEB, ("staff", "--lang", "tlh"), "the site has no edition in “tlh”"),
        (CONFIG, ("staff",), "nobody can subscribe"),
    ],
)
def test_what_cannot_be_printed_is_said(
    tmp_path: Path, config: str, words: tuple[str, ...], reason: str
) -> None:
    """With what there is instead."""
    write_tree(tmp_path, {"config.toml": config})
    done = newsfeed("-C", tmp_path, "form", *words)
    assert done.returncode == 2
    assert reason in done.stderr
