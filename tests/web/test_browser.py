"""The service's pages in every language, as people see them: in Chromium, wide and narrow, light and dark."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from newsfeed.core.people.invitations import make_invitation
from newsfeed.render.pages import render_invitation
from newsfeed.subscribers.accounts import request_address_change
from newsfeed.testing import CONFIG, an_item, write_tree
from newsfeed.web.application import make_application
from newsfeed.web.server import WebServer
from tests.cli.command import newsfeed
from tests.peers.browser import JUDGED, Browser, View, browse, browse_at, serve
from tests.peers.html import vnu_errors
from tests.web.conftest import BASE, WEB, Service

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
PICTURES = os.environ.get("NEWSFEED_PICTURES", "")
"""Folder that gets a picture of each view."""


@contextmanager
def seen(service: Service) -> Iterator[tuple[Browser, str]]:
    """A tab on the running service, and its address."""
    server = WebServer(make_application(service.context), "127.0.0.1", 0)
    server.start()
    site = f"http://127.0.0.1:{server.port}"
    try:
        with browse_at(site) as tab:
            yield tab, site
    finally:
        server.stop()


SEND = (
    "(fields) => { const form = document.querySelector('main form'); form.noValidate = true;"
    " for (const [name, value] of Object.entries(fields)) {"
    " const field = form.querySelector(`[name='${name}']`); if (value === null) field.remove(); else field.value = value; }"
    " form.submit(); }"
)
"""Sends the form of a page, filled in as no person could: `null` leaves a field out."""


def pages_of(service: Service, lang: str) -> dict[str, str]:
    """Every page that can be opened: name → path."""
    person = service.reader(lang, name="Änne Müller-Lüdenscheidt", topics=["water"])
    left = service.reader(lang, email="left@test.example")
    gone = service.visitor().post(f"/leave/{service.token(left, 'leave')}")
    service.subscribe(service.visitor(), lang, "ben@test.example")
    [mail] = service.mails()
    request_address_change(service.context.signup, person, "anna.mueller@new.test.example", service.now)
    purposes = {"preferences": "change", "leave": "leave", "data": "data", "address": "data"}
    purposes |= {kind: kind for kind in ("erase", "move", "keep")}
    return {
        "subscribe": f"/{lang}/subscribe",
        "link": f"/{lang}/link",
        "confirm": service.link(mail),
        "undo": gone.action(),
        "nothing": f"/{lang}/nothing",
        **{kind: f"/{kind}/{service.token(person, purpose)}" for kind, purpose in purposes.items()},
    }


def sent_forms(pages: Mapping[str, str]) -> dict[str, tuple[str, dict[str, str | None]]]:
    """Answers to forms: name → the page with the form, and what is sent."""
    return {
        "begun": (pages["subscribe"], {"form": None, "email": "cleo@test.example"}),
        "wrong": (pages["subscribe"], {"email": "cleo"}),
        "asked": (pages["subscribe"], {"email": "cleo@test.example"}),
        "links-asked": (pages["link"], {"email": "cleo@test.example"}),
        "no-address": (pages["address"], {"email": "cleo"}),
        "saved": (pages["preferences"], {}),
        "impossible": (pages["preferences"], {"language": "tlh"}),
        "confirmed": (pages["confirm"], {}),
        "left": (pages["leave"], {}),
        "erased": (pages["erase"], {}),
    }


@pytest.mark.parametrize(("lang", "judged"), JUDGED.items())
def test_everybody_can_use_every_page(service: Service, lang: str, judged: Sequence[int]) -> None:
    """At 360 and 1280 pixels, light and dark: axe finds nothing (WCAG 2.2 AA), nothing overflows, and no other
    host is asked for anything. So with what is answered to forms, good and bad.
    """
    pages = pages_of(service, lang)
    pictures = _folder(Path(PICTURES) / lang) if PICTURES else None
    with seen(service) as (tab, _):
        for name, page in pages.items():
            tab.open(page)
            check(tab.look(name, judged=judged, screenshots=pictures), refused=name == "nothing")
        for name, (page, fields) in sent_forms(pages).items():
            tab.open(page)
            service.now += timedelta(seconds=9)
            tab.send(SEND, fields)
            check(tab.look(name, judged=judged, screenshots=pictures), refused=True)


def check(views: Sequence[View], *, refused: bool) -> None:
    """Nothing is wrong with a page in any view. ``refused``: it may be the answer to something wrong."""
    for view in views:
        where = f"{view.path}, {view.width} pixels, {view.scheme}"
        assert view.violations == (), where
        assert view.fits, f"{where}: wider than the window"
        assert view.foreign == (), where
        assert refused or view.broken == (), where


def test_the_html_checker_finds_no_error(make_service: Callable[..., Service], tmp_path: Path) -> None:
    """Every page and answer, in every language."""
    files = []
    for lang in ("en", "de", "fr", "nl"):
        service = make_service()
        pages, visitor = pages_of(service, lang), service.visitor("203.0.113.5")
        answers = {name: visitor.get(page) for name, page in pages.items()}
        for name, (page, fields) in sent_forms(pages).items():
            token = visitor.get(page).text.partition('name="form" value="')[2].partition('"')[0]
            service.now += timedelta(seconds=9)
            filled = {"form": token, **fields}
            answers[name] = visitor.post(
                page, {key: value for key, value in filled.items() if value is not None}
            )
        for name, answer in answers.items():
            assert answer.status in (200, 404, 422), name
            files.append(tmp_path / f"{lang}-{name}.html")
            files[-1].write_text(answer.text, "utf-8")
    assert vnu_errors(files) == []


def test_a_person_does_it_all_with_the_keyboard(service: Service) -> None:
    """Subscribe, see the mistake at its field, mend it, confirm; leave, and take it back."""
    with seen(service) as (browser, site):
        tab = browser._tab
        tab.goto(f"{site}/fr/subscribe")
        tab.focus("#email")
        tab.keyboard.type("nobody@test")
        tab.keyboard.press("Enter")
        assert tab.url == f"{site}/fr/subscribe"
        service.now = service.now.replace(minute=5)
        tab.wait_for_selector("#email-error")
        assert tab.get_attribute("#email", "aria-describedby") == "email-error"
        tab.fill("#email", "anna@test.example")
        service.now = service.now.replace(minute=6)
        tab.keyboard.press("Enter")
        tab.wait_for_selector("h1:has-text('Consultez votre messagerie')")
        [mail] = service.mails()
        tab.goto(site + service.link(mail))
        tab.focus("main button")
        tab.keyboard.press("Enter")
        tab.wait_for_selector("h1:has-text('Bienvenue')")
        assert service.person().state == "active"
        tab.goto(f"{site}/one-click/{service.token(service.person(), 'one-click')}")
        tab.focus("main button")
        tab.keyboard.press("Enter")
        tab.wait_for_selector("h1:has-text('Désabonnement effectué')")
        assert service.person().state == "left"
        tab.focus("main button")
        tab.keyboard.press("Enter")
        tab.wait_for_selector("h1:has-text('Bon retour parmi nous')")
        assert service.person().state == "active"


def test_a_page_of_somebody_else_sends_no_form_for_its_visitors(service: Service) -> None:
    """Chromium says where a form comes from, as ours does when a person sends it after all."""
    token = service.visitor().get("/en/subscribe").field("form")
    service.now += timedelta(seconds=9)
    with seen(service) as (browser, site):
        tab = browser._tab
        tab.goto("about:blank")
        tab.set_content(
            f"<form method=post action={site}/en/subscribe><input name=form value={token}>"
            "<input name=email value=victim@test.example></form>"
        )
        tab.evaluate("document.forms[0].submit()")
        tab.wait_for_selector("h1:has-text('One more step')")
        assert service.mails() == []
        service.now += timedelta(seconds=9)
        tab.click("main button")
        tab.wait_for_selector("h1:has-text('Check your mail')")
    assert [mail["To"] for mail in service.mails()] == ["victim@test.example"]


PASTED = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Somebody else</title>
<meta name="referrer" content="{policy}"></head><body>{form}</body></html>"""


def forms_at(service: Service, folder: Path, action: str, policy: str) -> None:
    """Write pages with the form, pasted and in a frame, as other sites have them."""
    invitation = make_invitation(service.context.settings, service.context.signup.texts["en"])
    assert invitation is not None
    form = render_invitation(service.context.signup.templates, invitation).replace(BASE, f"{action}/")
    frame = f"<iframe src='{action}/en/subscribe' width=800 height=900></iframe>"
    write_tree(
        folder,
        {
            "pasted.html": PASTED.format(policy=policy, form=form),
            "framed.html": PASTED.format(policy=policy, form=frame),
        },
    )


def without_fetch_metadata(application: ASGIApp) -> ASGIApp:
    """The service, as browsers reach it that do not say whose page sends a form."""

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = [one for one in scope["headers"] if not one[0].startswith(b"sec-fetch-")]
            scope = {**scope, "headers": headers}
        await application(scope, receive, send)

    return asked


@pytest.mark.parametrize("policy", ["strict-origin-when-cross-origin", "no-referrer"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize("tells", [True, False])
def test_people_subscribe_from_pages_of_other_sites(
    make_service: Callable[..., Service], tmp_path: Path, tells: bool, host: str, policy: str
) -> None:
    """With the form that was pasted there, or stands in a frame; whatever their browser tells of that page."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with serve(folder) as there:
        elsewhere = there.replace("127.0.0.1", host)
        service = make_service(f'frame_ancestors = ["{elsewhere}"]\n')
        application = make_application(service.context)
        server = WebServer(application if tells else without_fetch_metadata(application), "127.0.0.1", 0)
        server.start()
        forms_at(service, folder, f"http://127.0.0.1:{server.port}", policy)
        try:
            with browse_at(elsewhere) as browser:
                tab = browser._tab
                tab.goto(f"{elsewhere}/pasted.html")
                tab.fill("input[type=email]", "pasted@test.example")
                tab.click("form button")
                tab.wait_for_selector("h1:has-text('One more step')")
                assert service.mails() == []
                service.now += timedelta(seconds=9)
                tab.click("main form button")
                tab.wait_for_selector("h1:has-text('Check your mail')")
                tab.goto(f"{elsewhere}/framed.html")
                frame = tab.frame_locator("iframe")
                frame.locator("#email").fill("framed@test.example")
                service.now += timedelta(seconds=9)
                frame.locator("main form button").click()
                frame.locator("h1:has-text('Check your mail')").wait_for()
        finally:
            server.stop()
    assert {mail["To"] for mail in service.mails()} == {"pasted@test.example", "framed@test.example"}
    assert service.failures == []


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def test_everybody_can_use_the_form_on_the_site(tmp_path: Path) -> None:
    """On the front page, at a story's foot and on a page about feeds; the HTML checker agrees."""
    story = an_item(title="Eine Überschrift", topics="[water]")
    write_tree(tmp_path, {"config.toml": CONFIG + WEB, "news/2026/a.de.md": story, "staff.csv": ""})
    built = newsfeed("-C", tmp_path, "build", "--now", "2026-01-06", XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert built.returncode == 0, built.stderr
    pages = [f"de/{page}index.html" for page in ("", "news/2026/a/", "feed/")]
    assert vnu_errors([tmp_path / "public" / page for page in pages]) == []
    pictures = _folder(Path(PICTURES) / "site") if PICTURES else None
    with browse(tmp_path / "public") as tab:
        for page in pages:
            tab.open(page)
            tab.tab_to("form input[type=email]")
            check(tab.look(page, screenshots=pictures), refused=False)


def test_a_person_changes_their_address_with_the_keyboard(service: Service) -> None:
    """From the form to the links that are mailed, to everything that is kept, to the new address."""
    service.reader("en")
    with seen(service) as (tab, _):
        tab.open("/en/subscribe")
        tab.tab_to('[href$="/link"]')
        tab.press("Enter")
        tab.wait_for("h1:has-text('Your links')")
        service.now += timedelta(seconds=9)
        tab.tab_to("#email")
        tab.press("anna@test.example", "Enter")
        tab.wait_for("h1:has-text('Check your mail')")
        [mail] = service.mails()
        tab.open(link_in(mail, "data"))
        tab.tab_to("summary")
        tab.press("Enter")
        tab.wait_for("details[open]")
        tab.tab_to('[href^="/address/"]')
        tab.press("Enter")
        tab.wait_for("h1:has-text('A new address')")
        tab.tab_to("#email")
        tab.press("anna@new.example", "Enter")
        tab.wait_for("h1:has-text('Check your mail')")
        tab.open(link_in({mail["To"]: mail for mail in service.mails()}["anna@new.example"], "move"))
        tab.tab_to("main button")
        tab.press("Enter")
        tab.wait_for("p:has-text('From now on our emails come to your new address.')")
    assert service.person("anna@new.example").state == "active"
    assert service.failures == []


def link_in(mail: EmailMessage, kind: str) -> str:
    """The path of one of the links in a mail."""
    lines = mail.get_body(("plain",)).get_content().splitlines()
    return next(line.removeprefix(BASE) for line in lines if line.startswith(f"{BASE}{kind}/"))
