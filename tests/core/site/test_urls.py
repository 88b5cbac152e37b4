"""Where everything lives, and the ids by which it is known for ever."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.core.site import urls
from newsfeed.model import Item, Story
from newsfeed.settings import STORY_URL
from tests.examples import examples

SLUGS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
LANGS = st.sampled_from(["en", "de", "pt-BR"])
AUTHORITIES = st.sampled_from(["example.org,2010", "news@example.org,2010-02-04"])


def a_story(identifier: str = "wells", slug: str = "a-well", **facts: object) -> Story:
    """A story of 2010 with one English text."""
    item = Item(
        path=f"news/{slug}.en.md",
        lang="en",
        title="A",
        summary="",
        slug=slug,
        fingerprint="f",
        text_fingerprint="t",
    )
    date = datetime(2010, 2, 4, 8, tzinfo=UTC)
    return Story(**{"id": identifier, "original": "en", "items": {"en": item}, "date": date, "updated": date, **facts})  # fmt: skip


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (urls.home_path("de"), "de/index.html"),
        (
            urls.story_path(STORY_URL, "de", date(2010, 2, 4), "ein-brunnen"),
            "de/news/2010/ein-brunnen/index.html",
        ),
        (
            urls.story_path("/{lang}/{year}/{month}/{day}/{slug}/", "de", date(2010, 2, 4), "ein-brunnen"),
            "de/2010/02/04/ein-brunnen/index.html",
        ),
        (urls.static_page_path("fr", "a-propos"), "fr/a-propos/index.html"),
        (urls.archive_path("en"), "en/archive/index.html"),
        (urls.archive_path("en", 2010), "en/archive/2010/index.html"),
        (urls.archive_path("en", 2010, 2), "en/archive/2010/02/index.html"),
        (urls.numbered_path("en/topics/energy/index.html", 3), "en/topics/energy/page/3/index.html"),
        (urls.numbered_path("en/index.html", 1), "en/page/1/index.html"),
        (urls.feed_path("en", "rss"), "en/feed.rss"),
        (urls.feed_path("de/topics/energy", "jsonfeed", 12), "de/topics/energy/feed-12.json"),
        (urls.sitemap_path(), "sitemap.xml"),
        (urls.sitemap_path(2), "sitemap-2.xml"),
        (urls.feed_path("en/topics/energy", "atom"), "en/topics/energy/feed.atom"),
        (urls.feed_path("en", "jsonfeed"), "en/feed.json"),
        (urls.feed_list_path("en"), "en/feeds/index.html"),
        (urls.opml_path("en"), "en/feeds.opml"),
        (urls.about_feed_path("en/topics/energy"), "en/topics/energy/feed/index.html"),
    ],
)
def test_every_artifact_has_a_path(path, expected):
    """Made from ids, slugs and dates, never from titles."""
    assert path == expected


@pytest.mark.parametrize(
    ("folder", "path", "published"),
    [
        ("news/2010/well", "news/2010/well/pump.jpg", "files/news/first-well/pump.jpg"),
        ("news/2010/well", "news/2010/well/big/pump.jpg", "files/news/first-well/big/pump.jpg"),
        ("news/2010", "news/2010/plan.pdf", "files/news/first-well/plan.pdf"),
        ("news/2010/well", "news/2008/map.png", "files/site/news/2008/map.png"),
        ("news/2010/well", "news/2010/wells/map.png", "files/site/news/2010/wells/map.png"),
        ("news/2010/well", "pages/logo.svg", "files/site/pages/logo.svg"),
    ],
)
def test_files_beside_a_text_move_with_its_id(folder, path, published):
    """Renaming the text's folder moves none of them; files from elsewhere keep their path."""
    assert urls.asset_path("news", "first-well", folder, path) == published


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("en/index.html", "en/"),
        ("index.html", ""),
        ("en/feed.rss", "en/feed.rss"),
        ("files/news/a/ü b.pdf", "files/news/a/%C3%BC%20b.pdf"),
        ("files/a/50%.pdf", "files/a/50%25.pdf"),
        ("files/a/x#y?z.pdf", "files/a/x%23y%3Fz.pdf"),
        ("files/a/it's(1)~.pdf", "files/a/it's(1)~.pdf"),
    ],
)
def test_an_address_is_an_encoded_path_without_index(path, address):
    """Folders instead of index files; what RFC 3986 reserves is encoded."""
    assert urls.encode_path(path) == address


@pytest.mark.parametrize(
    ("base", "path"),
    [
        ("https://example.org/", "/"),
        ("https://example.org/news/", "/news/"),
        ("https://example.org:8080/a/b/", "/a/b/"),
        ("https://example.org", "/"),
    ],
)
def test_a_site_may_live_below_a_path(base, path):
    """The path begins and ends with a slash."""
    assert urls.base_url_path(base) == path


@pytest.mark.parametrize(
    ("name", "key"),
    [("Ada Example", "ada-example"), ("ADA EXÁMPLE", "ada-example"), ("艾达", "ai-da"), ("🦀", "author")],
)
def test_an_author_has_a_key(name, key):
    """Made from the name; one that leaves nothing is just an author."""
    assert urls.make_author_key(name) == key


def test_the_id_of_an_entry_shows_what_it_is_made_of():
    """Authority, id and language (RFC 4151)."""
    assert urls.entry_id("example.org,2010", a_story(), "de") == "tag:example.org,2010:wells:de"
    assert (
        urls.feed_id("example.org,2010", "de/topics/energy") == "tag:example.org,2010:feed/de/topics/energy"
    )
    assert urls.scheme_id("example.org,2010", "topics") == "tag:example.org,2010:topics"


@given(AUTHORITIES, SLUGS, LANGS, SLUGS, st.integers(0, 10_000), st.text(max_size=20))
@settings(max_examples=examples(100), deadline=None)
def test_ids_depend_on_authority_id_and_language_only(authority, identifier, lang, slug, days, title):
    """Another slug, date, title, author or original language makes no new entry."""
    plain = a_story(identifier)
    item = Item(path="news/x.de.md", lang="de", title=title, summary=title, slug=slug, fingerprint="g", text_fingerprint="u")  # fmt: skip
    date = plain.date + timedelta(days=days)
    changed = a_story(
        identifier, slug, items={"de": item}, original="de", date=date, updated=date, authors=(title,)
    )
    assert urls.entry_id(authority, changed, lang) == urls.entry_id(authority, plain, lang)


@given(st.lists(st.tuples(AUTHORITIES, SLUGS, LANGS), min_size=2, max_size=2, unique=True))
@settings(max_examples=examples(100), deadline=None)
def test_different_texts_have_different_ids(pair):
    """Nothing that tells two texts apart is lost in their ids, and no id is a feed's."""
    ids = [urls.entry_id(authority, a_story(identifier), lang) for authority, identifier, lang in pair]
    assert ids[0] != ids[1]
    assert urls.feed_id(pair[0][0], pair[0][2]) not in ids
