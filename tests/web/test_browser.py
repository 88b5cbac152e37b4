"""The service's pages in every language, as people see them: in Chromium, wide and narrow, light and dark."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsfeed.web.application import make_application
from newsfeed.web.server import WebServer
from tests.peers.browser import Browser, browse_at
from tests.web.conftest import Service

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


@pytest.mark.parametrize("lang", ["en", "de", "fr", "nl"])
def test_everybody_can_use_every_page(service: Service, lang: str) -> None:
    """At 360 and 1280 pixels, light and dark: axe finds nothing (WCAG 2.2 AA), nothing overflows, and no other
    host is asked for anything.
    """
    person = service.reader(lang)
    links = {
        kind: service.token(person, purpose)
        for kind, purpose in {"preferences": "change", "leave": "leave"}.items()
    }
    service.subscribe(service.visitor(), lang, "ben@test.example")
    [mail] = service.mails()
    pages = [f"/{lang}/subscribe", *(f"/{kind}/{token}" for kind, token in links.items()), service.link(mail)]
    pictures = Path(PICTURES) if PICTURES else None
    with seen(service) as (tab, _):
        for number, page in enumerate(pages):
            for view in tab.views(page, screenshots=pictures and _folder(pictures / f"{lang}-{number}")):
                where = f"{page}, {view.width} pixels, {view.scheme}"
                assert view.violations == (), where
                assert view.fits, f"{where}: wider than the window"
                assert view.foreign + view.broken == (), where


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
        tab.wait_for_selector("h1:has-text('Vous êtes désabonné')")
        assert service.person().state == "left"
        tab.focus("main button")
        tab.keyboard.press("Enter")
        tab.wait_for_selector("h1:has-text('Heureux de vous retrouver')")
        assert service.person().state == "active"


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path
