"""A fifth language is one catalogue and one word in the configuration."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from newsfeed.app import site as app
from newsfeed.problems import Severity
from tests.peers.lint import lint_hreflang, lint_page
from tests.peers.lint.markup import Markup
from tests.site.builds import DEMO_NOW, REPOSITORY, BuiltSite, copy_of_demo, tree

pytestmark = pytest.mark.xdist_group("feeds")


TEXTS = (".html", ".rss", ".atom", ".xml", ".json", ".md", ".css", ".txt")
"""Pictures and the index of the search may hold any byte."""


def faults_of(path: str) -> list[str]:
    """What the checker of pages is to find: the script that the search needs, and nothing else."""
    return ["it has a script"] if path.split("/")[1:2] == ["search"] else []


def add_language(root: Path, code: str) -> None:
    """What a newcomer has to do: a catalogue made from newsfeed.pot, and the code in config.toml."""
    with (REPOSITORY / "locales" / "newsfeed.pot").open("rb") as file:
        catalog = read_po(file, locale=code)
    for message in catalog:
        if message.id and isinstance(message.id, tuple):
            message.string = tuple(f"{code}: {message.id[1]}" for _ in range(catalog.num_plurals))
        elif message.id:
            message.string = f"{code}: {message.id}"
    path = root / "locales" / code / "LC_MESSAGES" / "newsfeed.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, catalog)
    config = root / "config.toml"
    text = config.read_text(encoding="utf-8")
    changed = text.replace(
        'languages = ["en", "de", "fr", "nl"]', f'languages = ["en", "de", "fr", "nl", "{code}"]'
    )
    assert changed != text
    config.write_text(changed, encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "direction", "autonym", "month"),
    [("it", "ltr", "Italiano", "febbraio 2010"), ("ar", "rtl", "العربية", "فبراير 2010")],
)
def test_a_fifth_language_needs_one_catalogue_and_one_word(
    demo: BuiltSite, code: str, direction: str, autonym: str, month: str, tmp_path: Path
) -> None:
    """The new edition is complete: pages, feeds, dates, direction, switcher; the site has no errors."""
    root = copy_of_demo(tmp_path / "site")
    add_language(root, code)
    site = app.read(root, DEMO_NOW)
    assert [found for found in site.problems if found.severity is Severity.ERROR] == []
    assert {found.code for found in site.problems} <= {"name-untranslated"}
    app.build(site, tmp_path / "out", DEMO_NOW)
    made = BuiltSite(root, tmp_path / "out", DEMO_NOW, site)
    english = {
        path.removeprefix("en/") for path in made.paths("list", "feed", "feed-list") if path[:3] == "en/"
    }
    there = {path[3:] for path in made.files if path.startswith(f"{code}/")}
    assert {path for path in english if "/page/" not in path} <= there
    assert {
        path: lint_page(html, made.url(path)) for path, html in made.pages.items() if path[:2] == code
    } == {path: faults_of(path) for path in made.pages if path[:2] == code}
    assert lint_hreflang({made.url(path): html for path, html in made.pages.items()}) == []
    page = Markup(made.text(f"{code}/archive/2010/02/index.html"))
    assert [(html.attributes["lang"], html.attributes["dir"]) for html in page.named("html")] == [
        (code, direction)
    ]
    assert [heading.text for heading in page.named("h1")] == [month]
    assert f'hreflang="{code}" lang="{code}" dir="auto">{autonym}</a>' in made.text("en/index.html")
    assert f"{code}: Skip to content" in made.text(f"{code}/index.html")
    others = {path for path in demo.files if path.endswith((".rss", ".atom", ".json"))}
    assert {path: made.files[path] for path in others} == {path: demo.files[path] for path in others}


def test_an_edition_without_any_sentence_is_published_and_says_what_is_english(tmp_path: Path) -> None:
    """Its words are a warning; each English one on its pages is marked, and the pages are valid."""
    root = copy_of_demo(tmp_path / "site")
    config = root / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('"fr", "nl"]', '"fr", "nl", "ar"]'), encoding="utf-8")
    site = app.read(root, DEMO_NOW)
    assert {(found.code, found.severity) for found in site.problems} == {
        ("catalogue-missing", Severity.WARNING),
        ("name-untranslated", Severity.WARNING),
    }
    app.build(site, tmp_path / "out", DEMO_NOW)
    made = BuiltSite(root, tmp_path / "out", DEMO_NOW, site)
    pages = {path: html for path, html in made.pages.items() if path[:2] == "ar"}
    assert {path: lint_page(html, made.url(path)) for path, html in pages.items()} == {
        path: faults_of(path) for path in pages
    }
    home = made.text("ar/index.html")
    assert '<span lang="en" dir="ltr">Skip to content</span>' in home
    assert 'aria-label="Main menu"' in home
    assert 'lang="en" dir="auto">Archive</a>' in home
    texts = [data for path, data in made.files.items() if path.endswith(TEXTS)]
    assert not any(mark in data for data in texts for mark in (b"\x02", b"\x03", b"\x04"))


def test_a_language_taken_away_leaves_no_trace(demo: BuiltSite, tmp_path: Path) -> None:
    """Without the word in the configuration the edition goes, with every file and folder of it."""
    root = copy_of_demo(tmp_path / "site")
    config = (root / "config.toml").read_bytes()
    add_language(root, "it")
    app.build(app.read(root, DEMO_NOW), tmp_path / "out", DEMO_NOW)
    assert (tmp_path / "out" / "it").is_dir()
    (root / "config.toml").write_bytes(config)
    app.build(app.read(root, DEMO_NOW), tmp_path / "out", DEMO_NOW)
    assert not (tmp_path / "out" / "it").exists()
    assert tree(tmp_path / "out") == demo.files
