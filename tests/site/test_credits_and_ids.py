"""What stories bring along from elsewhere: people with their roles, films, ids of other programs, an order."""

import json
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from newsfeed.app import site as app
from newsfeed.problems import Severity, select_errors
from newsfeed.testing import CONFIG, an_item, write_tree
from tests.core.told import params
from tests.peers.lint import lint_page
from tests.pictures import png

NOW = datetime(2026, 2, 1, tzinfo=UTC)
OLD = "https://old.example.org/?p=12&x=ä"
VIDEO = "https://www.video.example/watch?v=1&t=2"
FILES = {
    "config.toml": CONFIG,
    "news/2026/film.en.md": an_item(
        id="film",
        title="A film",
        authors="[Ann, {name: Bo, role: Photos}, {name: Cy, role: Photos}]",
        video=VIDEO,
        image="still.png",
        image_alt="A still",
        guid=OLD,
        date="2026-01-06",
    ),
    "news/2026/film.de.md": an_item(
        date=None, title="Ein Film", translators="[Dora, Emil]", image_alt="Ein Bild", guid="12 at old"
    ),
    "news/2026/still.png": png(),
    "locales/de/LC_MESSAGES/site.po": 'msgctxt "role"\nmsgid "Photos"\nmsgstr "Fotos"\n',
    **{f"news/2026/{name}.en.md": an_item(id=name, date="2026-01-05") for name in ("b", "a", "c")},
    "news/2026/first.en.md": an_item(id="first", date="2026-01-05", order="1"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a small site."""
    folder = tmp_path_factory.mktemp("credits")
    site = app.read(write_tree(folder / "site", FILES), NOW)
    assert select_errors(site.problems) == []
    assert [one.code for one in site.problems if one.code.startswith("guid")] == ["guid-no-address"]
    app.build(site, folder / "public", NOW)
    return folder / "public"


def page(made: Path, lang: str) -> str:
    """The page of the film."""
    return (made / lang / "news/2026/film/index.html").read_text("utf-8")


def test_a_page_says_who_did_what(made: Path) -> None:
    """Roles in the words of the edition, or as they were written, marked; translators under their text only."""
    assert "<span>Photos: Bo and Cy</span>" in page(made, "en")
    assert "Translated by" not in page(made, "en")
    assert "<span>Fotos: Bo und Cy</span>" in page(made, "de")
    assert "<span>Übersetzt von Dora und Emil</span>" in page(made, "de")
    assert '<span lang="en" dir="auto">Photos\N{NO-BREAK SPACE}: Bo et Cy</span>' in page(made, "fr")
    for lang in ("en", "de", "fr", "nl"):
        assert lint_page(page(made, lang).encode(), f"https://test.example/{lang}/news/2026/film/") == []


def test_a_film_is_a_picture_with_a_link(made: Path) -> None:
    """Nothing of it is embedded; a translation has the original's film, and its own words."""
    shown = page(made, "de")
    assert f'<a href="{VIDEO.replace("&", "&amp;")}"><img ' in shown
    assert "Video auf video.example ansehen</span></a>" in shown
    assert not any(
        element in shown for element in ("<iframe", "<video", "<object", "<script>", "<script src")
    )


def test_feeds_keep_the_id_that_a_text_always_had(made: Path) -> None:
    """RSS and JSON Feed any id, Atom an IRI; no feed takes the old address for one of this site."""
    rss = etree.fromstring((made / "en/feed.rss").read_bytes())
    guids = {one.text: one.get("isPermaLink") for one in rss.iter("guid")}
    assert guids[OLD] == "false"
    atom = feedparser.parse((made / "en/feed.atom").read_bytes())
    assert OLD in [entry.id for entry in atom.entries]
    german = {form: (made / f"de/feed.{form}").read_bytes() for form in ("rss", "atom", "json")}
    assert feedparser.parse(german["rss"]).entries[0].id == "12 at old"
    assert json.loads(german["json"])["items"][0]["id"] == "12 at old"
    assert feedparser.parse(german["atom"]).entries[0].id == "tag:test.example,2020:film:de"
    # An edition that shows the English text has the English id.
    assert feedparser.parse((made / "fr/feed.rss").read_bytes()).entries[0].id == OLD


def test_feeds_name_translators_and_the_film(made: Path) -> None:
    """As contributors, in Atom also with a related link; in the text for all readers."""
    rss = feedparser.parse((made / "de/feed.rss").read_bytes()).entries[0]
    assert [one["name"] for one in rss.contributors] == ["Dora", "Emil"]
    atom = feedparser.parse((made / "de/feed.atom").read_bytes()).entries[0]
    assert [one["name"] for one in atom.contributors] == ["Dora", "Emil"]
    assert [link.href for link in atom.links if link.rel == "related"] == [VIDEO]
    item = json.loads((made / "de/feed.json").read_bytes())["items"][0]
    assert item["_newsfeed"] == {"translators": ["Dora", "Emil"]}
    assert "<small>Übersetzt von Dora und Emil</small>" in item["content_html"]
    assert f'<p><a href="{VIDEO.replace("&", "&amp;")}"><img ' in item["content_html"]


def test_stories_of_one_day_keep_their_order_and_differ_by_a_second(made: Path) -> None:
    """First those with an ``order``, then by id; the one on top is the latest, in every format."""
    entries = feedparser.parse((made / "en/feed.atom").read_bytes()).entries[1:]
    assert [entry.id.split(":")[2] for entry in entries] == ["first", "a", "b", "c"]
    assert [entry.published for entry in entries] == [f"2026-01-05T07:00:0{n}Z" for n in (3, 2, 1, 0)]
    assert [entry.updated for entry in entries] == [entry.published for entry in entries]
    home = (made / "en/index.html").read_text("utf-8")
    places = [home.index(f"/en/news/2026/{name}/") for name in ("film", "first", "a", "b", "c")]
    assert places == sorted(places)


def test_one_foreign_id_belongs_to_one_story(tmp_path: Path) -> None:
    """Told at the line of the second; translations of one story may share an id, as separate old feeds did."""
    files = {
        "news/2026/a.en.md": an_item(id="a", guid=OLD),
        "news/2026/a.de.md": an_item(date=None, guid=OLD),
        "news/2026/b.en.md": an_item(id="b", guid=OLD),
    }
    found = app.read(write_tree(tmp_path, {"config.toml": CONFIG, **files}), NOW).problems
    clashes = [one for one in found if one.code == "guid-duplicate"]
    assert [(one.where.path, one.severity) for one in clashes] == [("news/2026/b.en.md", Severity.ERROR)]
    assert (
        (tmp_path / "news/2026/b.en.md")
        .read_text("utf-8")
        .splitlines()[clashes[0].where.line - 1]
        .startswith("guid:")
    )
    assert params(clashes[0]) == {"value": OLD, "other": "news/2026/a.en.md"}


@pytest.mark.parametrize(
    "video",
    ["javascript:alert(1)", "data:text/html,x", "//v.example/", "film.mp4", "https://", "https://a b"],
)
def test_a_film_has_a_whole_web_address(tmp_path: Path, video: str) -> None:
    """Anything else is told, and never becomes a link."""
    text = an_item(id="a", video=f"'{video}'")
    site = app.read(write_tree(tmp_path, {"config.toml": CONFIG, "news/2026/a.en.md": text}), NOW)
    assert [one.code for one in select_errors(site.problems)] == ["value-type"]


def test_a_scheme_that_is_not_allowed_keeps_its_words(tmp_path: Path) -> None:
    """A warning; one that is allowed is a link, in pages and feeds."""
    body = (
        "Take [this](magnet:?xt=1), [that](ftp://a.example/x) or <a href='javascript:alert(1)'>those</a>.\n"
    )
    files = {"config.toml": CONFIG + '\n[links]\nallow = ["ftp"]\n', "news/a.en.md": an_item(body, id="a")}
    site = app.read(write_tree(tmp_path / "site", files), NOW)
    found = [
        (one.code, one.severity, params(one)["value"]) for one in site.problems if one.code == "link-scheme"
    ]
    assert found == [
        ("link-scheme", Severity.WARNING, "magnet"),
        ("link-scheme", Severity.WARNING, "javascript"),
    ]
    app.build(site, tmp_path / "public", NOW)
    for path in ("en/news/2026/a/index.html", "en/feed.json"):
        text = (tmp_path / "public" / path).read_text("utf-8").replace('\\"', '"')
        assert 'Take <a>this</a>, <a href="ftp://a.example/x">that</a> or <a>those</a>.' in text


@pytest.mark.parametrize("image", ["![A pump](MAGNET:?xt=1)", "<img src='magnet:?xt=1' alt='A pump'>"])
def test_a_scheme_that_is_allowed_is_for_links_only(tmp_path: Path, image: str) -> None:
    """A picture of such an address is told, and reaches neither page nor feed."""
    body = f"See {image} and [this](magnet:?xt=2).\n"
    files = {"config.toml": CONFIG + '\n[links]\nallow = ["magnet"]\n', "news/a.en.md": an_item(body, id="a")}
    site = app.read(write_tree(tmp_path / "site", files), NOW)
    found = [one for one in site.problems if one.code == "link-scheme"]
    assert [params(one)["known"] for one in found] == ["http, https, mailto, tel"]
    app.build(site, tmp_path / "public", NOW)
    for path in ("en/news/2026/a/index.html", "en/feed.json"):
        text = (tmp_path / "public" / path).read_text("utf-8").casefold()
        assert "magnet:?xt=1" not in text
        assert "magnet:?xt=2" in text
