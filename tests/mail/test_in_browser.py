"""The HTML part as mailboxes show it: valid, accessible in both colour schemes, and narrow enough."""

from pathlib import Path

import pytest

from tests.mail.issues import LANGUAGES, PICTURE, issue, stories, texts_of
from tests.peers.browser import View, browse
from tests.peers.html import vnu_errors

SEEN = {
    "pictures": (5, {"picture": True}),
    "fallback": (3, {"languages": ("nl",), "picture": True}),
    "quiet": (0, {}),
}
"""Kind of mail → how many stories there are (the digest takes 3), and how they are made."""

pytestmark = pytest.mark.xdist_group("mail-browser")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The HTML part of every kind of mail in every language as a file."""
    folder = tmp_path_factory.mktemp("pages")
    for name, (number, how) in SEEN.items():
        made = issue(stories(number, **how), when_empty="note", max_items=3)
        for lang in LANGUAGES:
            (folder / f"{name}-{lang}.html").write_text(texts_of(made.of(lang))[1], encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def views(pages: Path) -> dict[str, list[View]]:
    """Every page at 360 pixels, light and dark; screenshots beside the pages."""
    shots = pages.parent / f"{pages.name}-shots"
    shots.mkdir()
    with browse(pages) as browser:
        return {
            path.stem: browser.views(f"/{path.name}", widths=[360], screenshots=shots)
            for path in sorted(pages.glob("*.html"))
        }


def test_the_checker_finds_no_error(pages: Path) -> None:
    """Nu, over all mails in one run."""
    assert vnu_errors(pages) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", SEEN)
def test_a_mail_is_accessible_and_fits_a_telephone(
    name: str, lang: str, views: dict[str, list[View]]
) -> None:
    """No finding of axe in either colour scheme, nothing wider than the screen."""
    found = views[f"{name}-{lang}"]
    assert [view.scheme for view in found] == ["light", "dark"]
    for view in found:
        assert view.violations == ()
        assert view.fits


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", SEEN)
def test_a_mail_loads_nothing_but_its_pictures(name: str, lang: str, views: dict[str, list[View]]) -> None:
    """No style sheet, no font, no counter: only the pictures of its stories."""
    pictures = {PICTURE.format(id=f"report-{n}") for n in range(1, 31)}
    for view in views[f"{name}-{lang}"]:
        assert set(view.foreign) <= (pictures if SEEN[name][1].get("picture") else set())
        assert view.broken == ()


def test_screenshots_are_there_to_be_looked_at(views: dict[str, list[View]], pages: Path) -> None:
    """One of each page, width and scheme."""
    shots = list((pages.parent / f"{pages.name}-shots").glob("*.png"))
    assert len(shots) == sum(len(found) for found in views.values())
