"""What the links of a text become in pages, feeds and mails."""

from datetime import UTC, datetime

import pytest

from newsfeed.core.site.index import SiteIndex
from newsfeed.core.site.web_addresses import WebAddresses
from newsfeed.testing import CONFIG, an_item, load_files, settings_from

NOW = datetime(2026, 2, 1, tzinfo=UTC)
LINKS = "[a](b.md) [b](plan.pdf) [c](later.md) [d](../projects/wells.en.md) [e](../projects/only-fr.fr.md)"


def translation(body: str = "Some text.\n", **fields: str) -> str:
    """A text without facts."""
    return an_item(body, date=None, **fields)


FILES = {
    "news/a.en.md": an_item(LINKS + "\n", id="a-b"),
    "news/b.en.md": an_item(id="b-b"),
    "news/b.de.md": translation(slug="be"),
    "news/f.fr.md": an_item(id="f-f"),
    "news/later.en.md": an_item(id="later", date="2027-01-01"),
    "news/ünï plan.pdf": b"",
    "news/plan.pdf": b"",
    "news/other.pdf": b"",
    "pages/about.en.md": translation(id="about"),
    "projects/wells.en.md": translation(id="wells"),
    "projects/only-fr.fr.md": translation(id="only-fr"),
    "programmes/clean.en.md": translation(id="clean"),
}


def resolved(target: str, lang: str = "en", *, absolute: bool = False, base: str = "") -> str:
    """What a link in the story ``a`` becomes in an edition."""
    return meaning(target, lang, absolute=absolute, base=base)[0]


def meaning(target: str, lang: str = "en", *, absolute: bool = False, base: str = "") -> tuple[str, str]:
    """What a link in the story ``a`` becomes in an edition, and the language of what it leads to."""
    settings = settings_from(CONFIG.replace("https://test.example/", base or "https://test.example/"))
    index = SiteIndex(load_files(FILES, settings).library, settings, NOW)
    story = index.library.stories["a-b"]
    language = settings.languages[lang]
    return WebAddresses(index).resolver(language, story, story.origin, absolute=absolute)(target, False)


@pytest.mark.parametrize(
    ("target", "lang", "address"),
    [
        ("https://example.org/x", "en", "https://example.org/x"),
        ("mailto:a@example.org", "en", "mailto:a@example.org"),
        ("#fn-1", "en", "#fn-1"),
        ("b.md", "en", "/en/news/2026/b/"),
        ("b.md", "de", "/de/news/2026/be/"),
        ("b.en.md#how", "de", "/de/news/2026/be/#how"),
        ("b.md", "fr", "/fr/news/2026/b/"),
        ("f.fr.md", "en", "/fr/news/2026/f/"),
        ("f.fr.md", "fr", "/fr/news/2026/f/"),
        ("plan.pdf", "en", "/files/news/a-b/plan.pdf"),
        ("plan.pdf#page=2", "de", "/files/news/a-b/plan.pdf#page=2"),
        ("../pages/about.en.md", "de", "/de/about/"),
        ("../projects/wells.en.md", "de", "/de/projects/wells/"),
        ("../programmes/clean.en.md", "en", "/en/programmes/clean/"),
        ("../projects/only-fr.fr.md", "en", ""),
        ("../projects/only-fr.fr.md", "fr", "/fr/projects/only-fr/"),
        ("later.md", "en", ""),
        ("other.pdf", "en", ""),
        ("gone.md", "en", ""),
        ("javascript:alert(1)", "en", ""),
        ("//[", "en", ""),
    ],
)
def test_a_link_leads_into_the_edition_of_the_reader(target, lang, address):
    """To the text as that edition shows it, else to its own; what is not public has no address."""
    assert resolved(target, lang) == address


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("b.md#how", "https://test.example/de/news/2026/be/#how"),
        ("plan.pdf", "https://test.example/files/news/a-b/plan.pdf"),
        ("#fn-1", "https://test.example/de/news/2026/a/#fn-1"),
        ("https://example.org/", "https://example.org/"),
        ("//cdn.example.org/a.png", "https://cdn.example.org/a.png"),
        ("?page=2", "https://test.example/de/news/2026/a/?page=2"),
        ("later.md", ""),
    ],
)
def test_where_there_is_no_page_around_a_text_addresses_are_absolute(target, address):
    """In feeds and mails; anchors lead to the page of the text."""
    assert resolved(target, "de", absolute=True) == address


def test_a_site_below_a_path_links_below_it():
    """In pages from the root of the host, elsewhere in full."""
    assert resolved("b.md", base="https://test.example/a/b/") == "/a/b/en/news/2026/b/"
    assert (
        resolved("b.md", base="https://test.example/a/b/", absolute=True)
        == "https://test.example/a/b/en/news/2026/b/"
    )


def test_addresses_are_encoded():
    """Paths of files may have any letters."""
    settings = settings_from()
    addresses = WebAddresses(SiteIndex(load_files(FILES, settings).library, settings, NOW))
    assert addresses.local("files/news/a/ünï plan.pdf") == "/files/news/a/%C3%BCn%C3%AF%20plan.pdf"
    assert addresses.absolute("en/index.html") == "https://test.example/en/"


@pytest.mark.parametrize(
    ("target", "lang", "other"),
    [
        ("b.md", "en", ""),
        ("b.md", "de", "de"),
        ("f.fr.md", "en", "fr"),
        ("../pages/about.en.md", "de", ""),
        ("../projects/only-fr.fr.md", "fr", "fr"),
        ("https://example.org/x", "de", ""),
        ("plan.pdf", "de", ""),
        ("later.en.md", "de", ""),
    ],
)
def test_a_link_tells_the_language_of_the_text_it_leads_to(target: str, lang: str, other: str) -> None:
    """Where that is not the language of the text that it stands in, which is English here."""
    assert meaning(target, lang)[1] == other
