"""The HTML part as mailboxes show it: valid, accessible in both colour schemes, and narrow enough."""

from pathlib import Path

import pytest

from tests.mail.issues import LANGUAGES, PICTURE, issue, stories, texts_of
from tests.peers.browser import browse
from tests.peers.html import vnu_errors

SEEN = {
    "pictures": (5, {"picture": True}),
    "fallback": (3, {"languages": ("nl",), "picture": True}),
    "quiet": (0, {}),
}
"""Kind of mail → how many stories there are (the digest takes 3), and how they are made."""
PICTURES = {PICTURE.format(id=f"report-{n}") for n in range(1, 6)}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The HTML part of every kind of mail in every language as a file."""
    folder = tmp_path_factory.mktemp("pages")
    for name, (number, how) in SEEN.items():
        made = issue(stories(number, **how), when_empty="note", max_items=3)
        for lang in LANGUAGES:
            (folder / f"{name}-{lang}.html").write_text(texts_of(made.of(lang))[1], encoding="utf-8")
    return folder


def test_the_checker_finds_no_error(pages: Path) -> None:
    """Nu, over all mails in one run."""
    assert vnu_errors(pages) == []


def test_mails_are_accessible_narrow_and_load_only_their_pictures(pages: Path, tmp_path: Path) -> None:
    """At 360 pixels, light and dark: axe finds nothing, nothing is wider than the screen, and no
    style sheet, font or counter is asked for. Screenshots are left in the test's folder.
    """
    faults = {}
    with browse(pages) as browser:
        for page in sorted(pages.glob("*.html")):
            pictures = PICTURES if page.stem.startswith(("pictures", "fallback")) else set()
            for view in browser.views(f"/{page.name}", widths=[360], screenshots=tmp_path):
                found = [*view.violations, *view.broken, *(set(view.foreign) - pictures)]
                if found or not view.fits:
                    faults[page.stem, view.scheme] = (found, view.fits)
    assert faults == {}
    assert len(list(tmp_path.glob("*.png"))) == 2 * len(SEEN) * len(LANGUAGES)
