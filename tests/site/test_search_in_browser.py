"""The search of the example site in Chromium: with the keyboard alone, under the policy that is documented."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsfeed.app import site as app
from newsfeed.editorial.example import write_example_site
from tests.docs.pages import fences, read, sections
from tests.peers.browser import Browser, browse
from tests.peers.html import html_validate_errors, vnu_errors

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
POLICY = "Content-Security-Policy"
WORDS = {"en": "snipe", "de": "Bekassinen", "fr": "bécassines", "nl": "watersnippen"}
"""Language → a word of one story."""
STATUS = 'document.querySelector("[role=status]").textContent'
NONE = "#found[data-state=none]"
FIRST = ".results li:first-child a"


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example site, published."""
    folder = tmp_path_factory.mktemp("example")
    write_example_site(folder / "site", can_search=True)
    app.build(app.read(folder / "site", NOW), folder / "public", NOW)
    return folder / "public"


def policy() -> str:
    """The policy that hosts are told to send."""
    (fence,) = fences(sections(read("docs/deploy.md"))["The search page"])
    return fence.code.strip()


@pytest.fixture(scope="module")
def headers() -> dict[str, str]:
    """What the host sends with everything."""
    return {POLICY: policy()}


@pytest.fixture(scope="module")
def browser(public: Path, headers: dict[str, str]) -> Iterator[Browser]:
    """One tab."""
    with browse(public, headers) as tab:
        yield tab


@pytest.mark.parametrize("lang", WORDS)
def test_a_story_is_found_without_a_mouse(browser: Browser, lang: str) -> None:
    """From the front page to the search, from a word to its story; what was found is read out."""
    browser.open(f"/{lang}/")
    browser.tab_to(f'a[href="/{lang}/search/"]')
    browser.press("Enter")
    browser.wait_for("#q:focus")
    browser.press(WORDS[lang], "Enter")
    browser.wait_for("#found[data-state=results]")
    assert WORDS[lang] in browser.ask("document.title")
    assert browser.ask(STATUS).endswith(": 1")
    assert browser.ask("document.querySelectorAll('.results mark').length") >= 1
    title = browser.ask(f'document.querySelector("{FIRST}").textContent')
    browser.tab_to(FIRST)
    browser.press("Enter")
    browser.wait_for("main .text")
    assert browser.ask("document.querySelector('h1').textContent").split() == title.split()
    assert browser.complaints + browser.unwanted == ()


def test_everybody_can_use_the_results(browser: Browser) -> None:
    """At 360 and 1280 pixels, light and dark: axe finds nothing, and nothing overflows."""
    for query in ("", "?q=meadow", "?q=Sève", "?q=qqqq"):
        path = f"/en/search/{query}"
        browser.open(path)
        if query:
            browser.wait_for(FIRST if "qqqq" not in query else NONE)
        for view in browser.look(path):
            assert (view.violations, view.fits, view.foreign, view.broken) == ((), True, (), ()), path


def test_a_result_in_another_language_is_marked(browser: Browser) -> None:
    """A screen reader reads it in the right voice, and the line below says it to all."""
    browser.open("/fr/search/?q=postcard")
    browser.wait_for(FIRST)
    assert browser.ask("document.querySelector('.results h2').lang") == "en"
    assert browser.ask("document.querySelector('.results .language').textContent") == "Texte en anglais"


def test_more_results_are_gone_on_with(browser: Browser) -> None:
    """Ten at first; the focus goes to the first of the others."""
    browser.open("/en/search/?q=rivers")
    browser.wait_for("#found[data-state=results]")
    count = int(browser.ask(STATUS).rpartition(" ")[2])
    assert count > 10
    assert browser.ask("document.querySelectorAll('.results li').length") == 10
    browser.tab_to("#found button")
    browser.press("Enter")
    browser.wait_for(".results li:nth-child(11) a:focus")
    assert browser.ask("document.querySelectorAll('.results li').length") == min(count, 20)


@pytest.mark.parametrize("query", ["<img src=x onerror=alert(1)>", "{count}", "$&", "%E0%A4%A"])
def test_a_query_is_only_ever_text(browser: Browser, query: str) -> None:
    """Whatever it is, it is shown as it was typed, and nothing of it is run."""
    browser.open("/en/search/")
    browser.wait_for("#q:focus")
    browser.press(query, "Enter")
    browser.wait_for("#found[data-state]:not([data-state=searching])")
    assert browser.ask("document.querySelector('#q').value") == query
    assert browser.ask("document.querySelectorAll('#found img').length") == 0
    assert browser.complaints == ()


def test_where_it_cannot_run_it_says_so(
    browser: Browser, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that does not let WebAssembly run: the page leads to the archive."""
    strict = policy().replace(" 'wasm-unsafe-eval'", "").replace("worker-src 'self'", "worker-src 'none'")
    monkeypatch.setitem(headers, POLICY, strict)
    browser.open("/en/search/?q=meadow")
    browser.wait_for("#found[data-state=failed]")
    assert "archive" in browser.ask(STATUS)


def test_checkers_find_nothing_in_the_example(public: Path) -> None:
    """Neither on its search pages nor on any other of an edition."""
    assert vnu_errors(public / "en") == []
    assert html_validate_errors([public / lang / "search/index.html" for lang in WORDS]) == []


def test_without_a_script_the_page_says_what_to_do(public: Path) -> None:
    """And the form is there for whoever has one."""
    for lang in WORDS:
        page = (public / lang / "search/index.html").read_text("utf-8")
        words = page.partition("<noscript>")[2].partition("</noscript>")[0]
        assert "JavaScript" in words
        assert f'href="/{lang}/archive/"' in words
