"""Every feed of every edition and format: grammar, lint, independent readers, ids that stay."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from newsfeed.app import site as app
from newsfeed.core.site import urls
from newsfeed.core.site.artifact import PlannedArtifact
from newsfeed.core.site.feed_documents import cut_document, feed_formats
from newsfeed.core.site.index import ShownText
from newsfeed.core.site.sections import Section
from newsfeed.model import Story
from newsfeed.testing import CONFIG, an_item, write_tree
from tests.peers.grammar import atom_grammar_errors, jsonfeed_errors, rss_grammar_errors
from tests.peers.lint import lint_atom, lint_json, lint_opml, lint_rss
from tests.peers.readers import (
    READERS_OF,
    Entry,
    feedsmith_entries,
    newsboat_entries,
    opml_feeds,
    rss_parser_entries,
    ruby_validates,
)
from tests.site.builds import NETWORK_NOW, BuiltSite

pytestmark = pytest.mark.xdist_group("feeds")

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
LANGUAGE = "{http://purl.org/dc/elements/1.1/}language"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LINT: dict[str, Callable[[bytes], list[str]]] = {"rss": lint_rss, "atom": lint_atom, "jsonfeed": lint_json}


def feeds(site: BuiltSite, *forms: str) -> list[PlannedArtifact]:
    """The feeds of a site in these formats, or in all."""
    return [one for one in site.plan.values() if one.kind == "feed" and (not forms or one.form in forms)]


def shown(site: BuiltSite, planned: PlannedArtifact) -> list[ShownText]:
    """The texts a feed must bring."""
    settings = site.site.settings
    section = Section(planned.section, planned.key)
    stories = site.index.stories(settings.languages[planned.lang], section)
    return list(cut_document(settings.feeds, section, stories, planned.number))


def expected(site: BuiltSite, planned: PlannedArtifact) -> list[Entry]:
    """The entries every reader must find in a feed, worked out from the library."""
    return [_entry(site, planned.lang, one) for one in shown(site, planned)]


def _entry(site: BuiltSite, lang: str, one: ShownText) -> Entry:
    story, item = one.content, one.item
    assert isinstance(story, Story)
    files = [site.url(story.assets[each.path]) for each in story.enclosures]
    return Entry(
        id=f"tag:{site.site.settings.site.authority}:{story.id}:{item.lang}",
        title=item.title,
        link=f"{site.base_url}{lang}/news/{story.date.year}/{item.slug}/",
        published=story.date.astimezone(UTC),
        enclosure=files[0] if files else None,
    )


def without_enclosures(entries: list[Entry]) -> list[Entry]:
    """The same entries for a reader that keeps no enclosures."""
    return [Entry(one.id, one.title, one.link, one.published) for one in entries]


# -- form ------------------------------------------------------------------------------------------


def test_every_edition_has_every_section_in_every_format(site: BuiltSite) -> None:
    """Each section of an edition has one feed in each format that is configured for it."""
    formats = Counter((one.lang, one.section, one.key) for one in feeds(site) if not one.number)
    for (_, section, key), count in formats.items():
        assert count == len(feed_formats(site.site.settings.feeds, Section(section, key)))
    assert {lang for lang, section, _ in formats if not section} == set(site.languages)


def test_feeds_obey_the_grammars(site: BuiltSite) -> None:
    """The profiles of RSS 2.0 and RFC 4287 accept every feed, empty ones included."""
    grammars = {"rss": rss_grammar_errors, "atom": atom_grammar_errors}
    found = {one.path: grammars[one.form](site.files[one.path]) for one in feeds(site, *grammars)}
    assert {path: errors for path, errors in found.items() if errors} == {}


def test_json_feeds_obey_the_schema(site: BuiltSite) -> None:
    """The published schema of JSON Feed 1.1 accepts every feed."""
    assert [
        error for one in feeds(site, "jsonfeed") for error in jsonfeed_errors(site.output / one.path)
    ] == []


def test_feeds_pass_lint(site: BuiltSite) -> None:
    """Absolute links, plain titles, right dates, balanced HTML: lint finds nothing."""
    found = {one.path: LINT[one.form](site.files[one.path]) for one in feeds(site)}
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_ruby_validates_every_feed(site: BuiltSite) -> None:
    """A validating parser of another house accepts all RSS and Atom feeds."""
    assert ruby_validates([site.output / one.path for one in feeds(site, "rss", "atom")]) == []


def test_every_feed_knows_its_own_address(site: BuiltSite) -> None:
    """The self link of a feed is where it lies, in every format."""
    for one in feeds(site, "rss", "atom"):
        links = [
            link.get("href")
            for link in ET.fromstring(site.files[one.path]).iter(f"{ATOM}link")
            if link.get("rel") == "self"
        ]
        assert links == [site.url(one.path)]
    for one in feeds(site, "jsonfeed"):
        assert json.loads(site.files[one.path])["feed_url"] == site.url(one.path)


# -- what readers make of them ---------------------------------------------------------------------


def test_readers_agree_with_the_library(site: BuiltSite) -> None:
    """Id, title, link, date and enclosure are the library's in four clients, each language and format."""
    for one in feeds(site):
        wanted, data = expected(site, one), site.files[one.path]
        for entries_of in READERS_OF[urls.FEED_ENDINGS[one.form]]:
            found = entries_of(data)
            assert sorted(found, key=str) == sorted(wanted, key=str), f"{entries_of.__name__} of {one.path}"


def test_node_readers_agree_with_the_library(site: BuiltSite) -> None:
    """So do rss-parser, which is blind for the enclosures of Atom, and feedsmith, in the feed's order."""
    wanted = {site.output / one.path: expected(site, one) for one in feeds(site)}
    atom = {site.output / one.path for one in feeds(site, "atom")}
    xml = [site.output / one.path for one in feeds(site, "rss", "atom")]
    for path, found in rss_parser_entries(xml).items():
        assert found == (without_enclosures(wanted[path]) if path in atom else wanted[path]), path
    assert feedsmith_entries(list(wanted)) == wanted


def test_newsboat_keeps_each_text_once_over_all_languages(site: BuiltSite) -> None:
    """Whoever subscribes to all feeds of all editions gets each text in each language exactly once."""
    wanted = {entry.id: entry for one in feeds(site) for entry in expected(site, one)}
    links = {(entry.id, entry.link) for one in feeds(site) for entry in expected(site, one)}
    found = newsboat_entries([site.output / one.path for one in feeds(site, "rss", "atom")])
    assert Counter(entry.id for entry in found) == Counter(wanted.keys())
    for entry in found:
        assert entry.title == wanted[entry.id].title
        assert entry.published == wanted[entry.id].published
        assert (entry.id, entry.link) in links


def test_opml_lists_every_feed_of_its_edition(site: BuiltSite) -> None:
    """The subscription list passes lint and names each section's feed once, with its title."""
    for lang in site.languages:
        data = site.files[f"{lang}/feeds.opml"]
        assert lint_opml(data) == []
        form = site.site.settings.feeds.formats[0]
        wanted = [site.url(one.path) for one in feeds(site, form) if one.lang == lang and not one.number]
        found = opml_feeds(data)
        assert sorted(address for _, address in found) == sorted(wanted)
        assert all(title for title, _ in found)


# -- what they say ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "newest"),
    [
        ("en", "sun-and-water:en groundwater:de cycle-path:nl open-data:en plain:en"),
        ("de", "sun-and-water:de groundwater:de open-data:en plain:en bulletin-45:en"),
        ("fr", "sun-and-water:fr water-festival:fr open-data:fr plain:en bulletin-45:en"),
        ("nl", "sun-and-water:nl groundwater:de cycle-path:nl open-data:en plain:en"),
    ],
)
def test_an_edition_brings_what_its_readers_can_read(network: BuiltSite, lang: str, newest: str) -> None:
    """Each story comes in the first language of the edition's chain that has it, or not at all."""
    items = json.loads(network.files[f"{lang}/feed.json"])["items"]
    assert [one["id"].removeprefix("tag:example.org,2001-05:") for one in items[:5]] == newest.split()
    assert [one["language"] for one in items[:5]] == [one[-2:] for one in newest.split()]


def test_a_feed_brings_the_newest_items_first(network: BuiltSite) -> None:
    """At least as many as configured; what it has no room for is in its archives, older ones in lower."""
    dates = []
    for name in ("feed.json", "feed-7.json", "feed-6.json"):
        items = json.loads(network.files[f"en/{name}"])["items"]
        dates += [one["date_published"] for one in items]
    assert len(dates) == 8 + 6 + 6
    assert dates == sorted(dates, reverse=True)


def test_formats_say_the_same(site: BuiltSite) -> None:
    """Authors, language, HTML, summary and enclosures of an entry do not depend on the format."""
    by_section: dict[str, dict[str, list[tuple[object, ...]]]] = {}
    for one in feeds(site):
        folder = one.path.rpartition(".")[0]
        by_section.setdefault(folder, {})[one.form] = list(
            _contents(one.form, one.lang, site.files[one.path])
        )
    for folder, contents in by_section.items():
        assert all(one == contents["atom"] for one in contents.values()), folder


def _contents(form: str, feed_lang: str, data: bytes) -> Iterator[tuple[object, ...]]:
    if form == "jsonfeed":
        for item in json.loads(data)["items"]:
            authors = [each["name"] for each in item["authors"]]
            html = item.get("content_html")
            yield authors, item["language"], html, item["summary"], len(item.get("tags", []))
        return
    root = ET.fromstring(data)
    for entry in root.iter("item" if form == "rss" else f"{ATOM}entry"):
        prefix = "" if form == "rss" else ATOM
        tags = len(entry.findall(f"{prefix}category"))
        if form == "rss":
            authors = [each.text for each in entry.findall(CREATOR)]
            summary, html = entry.findtext("description"), entry.findtext(CONTENT)
            yield authors, entry.findtext(LANGUAGE), html, summary, tags
        else:
            authors = [each.text for each in entry.findall(f"{ATOM}author/{ATOM}name")]
            summary, html = entry.findtext(f"{ATOM}summary"), entry.findtext(f"{ATOM}content")
            yield authors, entry.get(XML_LANG, feed_lang), html, summary, tags


def test_all_enclosures_stand_in_atom_and_json_and_the_first_in_rss(network: BuiltSite) -> None:
    """RSS knows one enclosure (Best Practices Profile); the other formats carry all, with title and size."""
    base = "https://example.org/news/files/news/water-festival/"
    wanted = [
        (f"{base}chant.mp3", "audio/mpeg", 208, "Le chant du puits"),
        (f"{base}sun-and-water/building%20guide.pdf", "application/pdf", 363, None),
    ]
    item = json.loads(network.files["fr/feed.json"])["items"][1]
    assert [
        (each["url"], each["mime_type"], each["size_in_bytes"], each.get("title"))
        for each in item["attachments"]
    ] == wanted
    entry = ET.fromstring(network.files["fr/feed.atom"]).findall(f"{ATOM}entry")[1]
    assert [
        (link.get("href"), link.get("type"), int(link.get("length", "0")), link.get("title"))
        for link in entry.findall(f"{ATOM}link")
        if link.get("rel") == "enclosure"
    ] == wanted
    item = ET.fromstring(network.files["fr/feed.rss"]).findall("channel/item")[1]
    assert [(each.get("url"), each.get("type")) for each in item.findall("enclosure")] == [wanted[0][:2]]


@pytest.mark.parametrize(
    ("lang", "notice"),
    [("en", "German"), ("nl", "Duits"), ("de", None)],
)
def test_a_text_in_another_language_says_so_in_the_readers(
    network: BuiltSite, lang: str, notice: str | None
) -> None:
    """The German-only story is marked as German, and introduced in the language of the feed."""
    items = json.loads(network.files[f"{lang}/feed.json"])["items"]
    html = next(one["content_html"] for one in items if ":groundwater:" in one["id"])
    assert ('<div lang="de" dir="ltr">' in html) == bool(notice)
    if notice:
        assert html.startswith(f'<p lang="{lang}"><em>')
        assert notice in html.partition("</p>")[0]


def test_a_story_without_a_text_still_has_content(tmp_path: Path) -> None:
    """Its summary or title stands in, so that the feeds stay valid and readers see more than nothing."""
    files = {
        "config.toml": CONFIG,
        "news/2026/a.en.md": an_item("", id="a", title="'Only a <title>'", date="2026-01-05"),
        "news/2026/b.en.md": an_item("", id="b", summary="'Two & a half words'", date="2026-01-04"),
    }
    now = NETWORK_NOW.replace(year=2030)
    app.build(app.read(write_tree(tmp_path / "site", files), now), tmp_path / "out", now)
    for lang in ("en", "de"):
        folder = tmp_path / "out" / lang
        assert rss_grammar_errors((folder / "feed.rss").read_bytes()) == []
        assert atom_grammar_errors((folder / "feed.atom").read_bytes()) == []
        assert jsonfeed_errors(folder / "feed.json") == []
        items = json.loads((folder / "feed.json").read_bytes())["items"]
        assert "<p>Only a &lt;title&gt;</p>" in items[0]["content_html"]
        assert "<p>Two &amp; a half words</p>" in items[1]["content_html"]


# -- ids -------------------------------------------------------------------------------------------


def test_editions_share_ids_only_where_they_share_a_text(site: BuiltSite) -> None:
    """Two editions have an id in common only when both show that text in the same language."""
    ids: dict[str, set[tuple[str, str]]] = {}
    for one in feeds(site):
        ids.setdefault(one.lang, set()).update(
            (entry.id, text.item.path)
            for entry, text in zip(expected(site, one), shown(site, one), strict=True)
        )
    everything = {pair for pairs in ids.values() for pair in pairs}
    assert len({identifier for identifier, _ in everything}) == len(everything)
    for lang, pairs in ids.items():
        for other, others in ids.items():
            for identifier, path in pairs & others:
                assert lang == other or path.endswith(f".{identifier[-2:]}.md")


SMALL = {
    "config.toml": CONFIG,
    "news/2026/wells.en.md": an_item(id="wells", title="Wells", date="2026-01-05"),
    "news/2026/wells.de.md": an_item(title="Brunnen", date=None),
}


def _moved(files: dict[str, str]) -> dict[str, str]:
    return {
        path.replace("news/2026/wells.", "news/water/renamed/index."): text for path, text in files.items()
    }


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_moved, id="files renamed and moved"),
        pytest.param(lambda files: _replaced(files, "title: Wells", "title: Fountains"), id="title"),
        pytest.param(lambda files: _replaced(files, "id: wells", "id: wells\nslug: fountains"), id="slug"),
        pytest.param(lambda files: _replaced(files, "2026-01-05", "2025-12-24 18:00"), id="date"),
        pytest.param(
            lambda files: _replaced(files, "https://test.example/", "https://new.example/a/"), id="base_url"
        ),
        pytest.param(lambda files: _replaced(files, "Some text.", "Quite another text."), id="text"),
    ],
)
def test_ids_survive(change: Callable[[dict[str, str]], dict[str, str]], tmp_path: Path) -> None:
    """No feed reader shows anything twice because an editor changed a name, an address or a date."""
    changed = change(dict(SMALL))
    assert changed != SMALL
    assert _ids(tmp_path / "after", changed) == _ids(tmp_path / "before", SMALL)


def _replaced(files: dict[str, str], old: str, new: str) -> dict[str, str]:
    return {path: text.replace(old, new) for path, text in files.items()}


def _ids(folder: Path, files: dict[str, str]) -> dict[str, list[str | None]]:
    """Feed file → the ids in it, the feed's own first."""
    site = app.read(write_tree(folder / "site", files), NETWORK_NOW.replace(year=2030))
    app.build(site, folder / "out", NETWORK_NOW.replace(year=2030))
    found: dict[str, list[str | None]] = {}
    for lang in ("en", "de", "fr", "nl"):
        atom = ET.parse(folder / "out" / lang / "feed.atom").getroot()
        rss = ET.parse(folder / "out" / lang / "feed.rss").getroot()
        data = json.loads((folder / "out" / lang / "feed.json").read_bytes())
        found[f"{lang}.atom"] = [one.text for one in atom.iter(f"{ATOM}id")]
        found[f"{lang}.rss"] = [one.text for one in rss.iter("guid")]
        found[f"{lang}.json"] = [one["id"] for one in data["items"]]
    assert found["de.json"] == ["tag:test.example,2020:wells:de"]
    return found
