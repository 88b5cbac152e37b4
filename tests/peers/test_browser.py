"""Chromium, axe and the HTML checker themselves, on a good page and a spoilt one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from . import samples
from .browser import Browser, browse
from .faults import assert_says
from .html import html_validate_errors, vnu_errors
from .links import dead_links
from .samples import save

# Colours are spelt out: axe takes the canvas for white in the dark scheme too.
STYLE = """
:root { color-scheme: light dark; background: #fff; color: #222 }
@media (prefers-color-scheme: dark) { :root { background: #111; color: #eee } }
a { color: inherit }
"""
GOOD = samples.PAGE.replace("/lenger.png", "data:,")
SPOILT = (
    samples.PAGE.replace('alt="', 'data-alt="')
    .replace("<h1>", '<h1 style="width: 800px; color: #777; background: #666">')
    .replace("</main>", '<img src="https://tracker.example/x.png" alt=""></main>')
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser on a folder with a good page and a spoilt one."""
    folder = tmp_path_factory.mktemp("site")
    save(folder / "style.css", STYLE)
    save(folder / "good.html", GOOD)
    save(folder / "spoilt.html", SPOILT)
    with browse(folder) as tab:
        yield tab


def test_browser_finds_nothing_on_the_good_page(browser: Browser) -> None:
    """Two widths and two colour schemes make four views without a finding."""
    views = browser.views("/good.html")
    assert [(view.width, view.scheme) for view in views] == [
        (360, "light"),
        (360, "dark"),
        (1280, "light"),
        (1280, "dark"),
    ]
    for view in views:
        assert view.fits
        assert view.violations + view.foreign + view.broken == ()


def test_browser_finds_every_fault_of_the_spoilt_page(browser: Browser, tmp_path: Path) -> None:
    """Missing alt, low contrast, overflow, a tracker and a dead picture are seen."""
    (view,) = browser.views("/spoilt.html", widths=[360], schemes=["dark"], screenshots=tmp_path)
    assert_says(list(view.violations), "image-alt")
    assert_says(list(view.violations), "color-contrast")
    assert not view.fits
    assert view.foreign == ("https://tracker.example/x.png",)
    assert view.broken == ("/lenger.png",)
    assert (tmp_path / "spoilt.html-360-dark.png").read_bytes()[1:4] == b"PNG"


@pytest.mark.parametrize("checker", [vnu_errors, html_validate_errors])
def test_checkers_read_whole_folders_in_one_run(
    checker: Callable[[Path | list[Path]], list[str]], tmp_path: Path
) -> None:
    """A checker passes the good page, names the spoilt one and skips the rest."""
    save(tmp_path / "feed.json", samples.JSON)
    save(tmp_path / "good.html", samples.PAGE)
    save(tmp_path / "bad.html", samples.PAGE.replace("<main>", "<p><h1>"))
    (tmp_path / "empty").mkdir()
    errors = checker(tmp_path)
    assert errors
    assert all("bad.html" in error for error in errors)
    with pytest.raises(AssertionError, match="no page"):
        checker([tmp_path / "good.html", tmp_path / "empty"])


def test_language_detector_names_a_page_in_another_language(tmp_path: Path) -> None:
    """A long English page that calls itself German is seen, if asked for."""
    english = "<p>The training was about theory and practice of warm water.</p>"
    page = save(tmp_path / "de.html", GOOD.replace("</main>", f"{30 * english}</main>"))
    assert vnu_errors(page) == []
    assert_says(vnu_errors(page, langdetect=True), "appears to be written in English")


def test_dead_links_are_found_on_linked_pages_only_inside(tmp_path: Path) -> None:
    """A dead link two pages deep is named; other hosts are not asked."""
    save(tmp_path / "index.html", '<a href="a.html">a</a>')
    save(tmp_path / "a.html", '<a href="https://other.example/">b</a>')
    assert dead_links(tmp_path) == []
    save(tmp_path / "a.html", '<a href="gone.html">c</a>')
    assert_says(dead_links(tmp_path), "a.html leads to .*gone.html: 404")
