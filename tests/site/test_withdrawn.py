"""Stories that were withdrawn: gone from everything but their own addresses and feeds, which say so.

The output is compared with `tests/golden/withdrawn`, which ``--update-golden`` writes anew.
"""

import json
import re
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from newsfeed.testing import CONFIG, an_item, write_tree
from tests.build.builds import build, learn, open_in
from tests.peers.lint import lint_page
from tests.pictures import png
from tests.site.builds import REPOSITORY, tree

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
GOLDEN = REPOSITORY / "tests" / "golden" / "withdrawn"
LANGUAGES = ("en", "de", "fr", "nl")
FEEDS = {f"{lang}/feed.{form}" for lang in LANGUAGES for form in ("rss", "atom", "json")}
PAGES = {
    "en/news/2026/wells/index.html",
    "de/news/2026/brunnen/index.html",
    "fr/news/2026/puits/index.html",
    "nl/news/2026/wells/index.html",
}
OLD_WORDS = ("Secret wells", "Geheime Brunnen", "Puits secrets", "Who dug them", "Ann Moss", "well.png")
SINCE = "withdrawn: 2026-02-27\n"
FILES = {
    "config.toml": CONFIG + '\n[output]\nmarkdown = true\n[feeds]\nformats = ["rss", "atom", "jsonfeed"]\n',
    "news/2026/wells/index.en.md": an_item(
        "Who dug them, and ![where](well.png).\n",
        id="wells",
        slug="wells",
        title="Secret wells",
        date="2026-01-05",
        authors="[Ann Moss]",
        topics="[water]",
        countries="[KZ]",
        image="well.png",
        image_alt="A well",
        aliases="[/en/was/wells]",
    ),
    "news/2026/wells/index.de.md": "---\ntitle: Geheime Brunnen\nslug: brunnen\nimage_alt: Ein Brunnen\n---\nWer sie grub.\n",
    "news/2026/wells/index.fr.md": "---\ntitle: Puits secrets\nslug: puits\nimage_alt: Un puits\n---\nQui les a faits.\n",
    "news/2026/wells/well.png": png(),
    "news/2026/rain.en.md": an_item(
        "See [there](wells/index.en.md).\n", id="rain", title="Rain", date="2026-01-06", topics="[water]"
    ),
    "news/2026/snow.en.md": an_item(id="snow", title="Snow", date="2026-01-04", authors="[Bo]"),
    "news/2026/frost.en.md": an_item(id="frost", title="Frost", date="2026-01-05", order="1"),
}


def edit(root: Path, change: Callable[[str], str]) -> None:
    """Change the original of the story."""
    path = root / "news/2026/wells/index.en.md"
    path.write_text(change(path.read_text()))


def withdraw(root: Path) -> None:
    """Take the story back."""
    edit(root, lambda text: text.replace("date:", f"{SINCE}date:", 1))


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site, built before a story of it was withdrawn, and after that."""
    folder = tmp_path_factory.mktemp("withdrawn")
    root = write_tree(folder / "site", FILES)
    learn(open_in(folder), NOW)
    shutil.copytree(folder / "out", folder / "before")
    withdraw(root)
    build(open_in(folder), NOW)
    return folder


@pytest.fixture(scope="module")
def files(once: Path) -> Mapping[str, bytes]:
    """Output path → what is published of the site when the story was withdrawn."""
    return tree(once / "out")


@pytest.mark.parametrize("path", sorted(PAGES | FEEDS))
def test_output_is_as_agreed(files: Mapping[str, bytes], path: str, request: pytest.FixtureRequest) -> None:
    """The page at each address, and every feed that held the story."""
    golden = GOLDEN / path
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_bytes(files[path])
    assert golden.read_bytes() == files[path]


def test_old_words_are_nowhere(files: Mapping[str, bytes], once: Path) -> None:
    """Neither in pages nor in feeds or addresses of pictures; nor are the files that belonged to it."""
    before = tree(once / "before")
    for words in OLD_WORDS:
        assert any(words.encode() in data for data in before.values()), words
        assert not [path for path, data in files.items() if words.encode() in data], words
    assert not [path for path in files if "well.png" in path or "ann-moss" in path]
    assert "en/news/2026/wells/index.md" in before
    assert "en/news/2026/wells/index.md" not in files


def test_only_feeds_its_own_pages_and_links_know_its_address(files: Mapping[str, bytes]) -> None:
    """No list, archive, neighbour or sitemap leads there; a link that somebody wrote does."""
    addresses = [b"/" + page.removesuffix("index.html").encode() for page in PAGES]
    leading = {path for path, data in files.items() if any(one in data for one in addresses)}
    leading -= {path for path in leading if path.endswith((".rss", ".atom", ".json"))}
    assert leading - PAGES == {
        "en/was/wells/index.html",
        *(name for name in files if name.startswith(("_redirects", "redirects."))),
        *(f"{lang}/news/2026/rain/index.html" for lang in LANGUAGES),
        "en/news/2026/rain/index.md",
    }


@pytest.mark.parametrize("path", sorted(PAGES))
def test_a_withdrawn_page_is_good_html(files: Mapping[str, bytes], path: str) -> None:
    """In the language of its edition, kept out of search engines, and without what machines read of a story."""
    html = files[path].decode()
    assert lint_page(files[path], f"https://test.example/{path.removesuffix('index.html')}") == []
    assert '<meta name="robots" content="noindex">' in html
    assert "ld+json" not in html
    assert "canonical" not in html
    assert f'<html lang="{path[:2]}"' in html


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", ["rss", "atom"])
def test_feed_readers_see_the_same_entry_changed(once: Path, lang: str, form: str) -> None:
    """The id, place and moment of publication stay; title and text say that it was withdrawn."""
    before, after = (
        {one.id: one for one in feedparser.parse(once / name / lang / f"feed.{form}").entries}
        for name in ("before", "out")
    )
    assert list(before) == list(after)
    key = next(one for one in after if "wells" in one)
    assert after[key].published == before[key].published
    assert after[key].link == before[key].link
    assert after[key].title != before[key].title
    assert "2026" in after[key].summary
    assert after[key].get("content", [{"value": "2026"}])[0]["value"].count("2026") == 1
    if form == "atom":
        assert after[key].updated == "2026-02-27T07:00:00Z"
        others = [one for one in after if "wells" not in one and "rain" not in one]
        assert [one for one in others if after[one] != before[one]] == []


def test_json_feeds_name_the_withdrawal_as_the_last_change(files: Mapping[str, bytes]) -> None:
    """Readers put an item over the one they have when its moment is a later one."""
    items = json.loads(files["de/feed.json"])["items"]
    item = next(one for one in items if ":wells:" in one["id"])
    assert item["date_modified"] == "2026-02-27T07:00:00Z"
    assert "image" not in item
    assert "tags" not in item


@pytest.mark.parametrize("path", ["en/feed.atom", "fr/topics/water/feed.atom"])
def test_atom_names_deleted_entries(files: Mapping[str, bytes], path: str) -> None:
    """RFC 6721: by the id of the entry, with the moment."""
    lang = path[:2]
    found = etree.fromstring(files[path]).findall("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
    expected = {"ref": f"tag:test.example,2020:wells:{lang}", "when": "2026-02-27T07:00:00Z"}
    assert [dict(one.attrib) for one in found] == [expected]


def test_feeds_without_withdrawn_stories_do_not_speak_of_them(files: Mapping[str, bytes]) -> None:
    """Their bytes are as ever: not even the namespace is declared."""
    assert b"tombstones" not in files["en/authors/bo/feed.atom"]


def test_an_old_address_leads_on_without_the_title(files: Mapping[str, bytes]) -> None:
    """It leads to the page that says so."""
    html = files["en/was/wells/index.html"].decode()
    assert 'href="/en/news/2026/wells/"' in html
    assert "Withdrawn story" in html


@pytest.mark.parametrize("facts", [{}, {"expires": "2026-03-05"}, {"updated": "2026-02-01"}])
def test_a_build_of_what_changed_is_that_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, facts: Mapping[str, str]
) -> None:
    """When a story is withdrawn, on another day, put back, and when its time is over."""
    monkeypatch.setattr("newsfeed.build.cache.file_stats.SETTLED", -(10**12))
    small = CONFIG.replace('"de", "fr", "nl"', '"de"').replace(
        '[languages.nl]\nfallback = ["en", "de"]\n', ""
    )
    texts = {path: text for path, text in FILES.items() if ".fr." not in path and path != "config.toml"}
    root = write_tree(tmp_path / "site", {**texts, "config.toml": f"{small}\n[lists]\nitems = 2\n[feeds]\nitems = 2\n"})  # fmt: skip
    own = "".join(f"{key}: {value}\n" for key, value in facts.items())
    edit(root, lambda text: text.replace("aliases: [/en/was/wells]\n", own))
    learn(open_in(tmp_path), NOW)
    ways, now = [], NOW
    steps = (
        withdraw,
        lambda root: edit(root, lambda text: text.replace("02-27", "02-28")),
        lambda root: edit(root, lambda text: text.replace("topics: [water]", "topics: [energy]")),
        lambda root: edit(root, lambda text: re.sub("withdrawn: .*\n", "", text)),
        withdraw,
    )
    for step in (*steps, None):
        if step is None:
            now = datetime(2026, 3, 6, 9, tzinfo=UTC)
        else:
            step(root)
        ways.append(build(open_in(tmp_path), now)[1])
        warm = tree(tmp_path / "out")
        shutil.rmtree(tmp_path / "out")
        shutil.rmtree(tmp_path / "cache")
        learn(open_in(tmp_path), now)
        assert warm == tree(tmp_path / "out"), step
    assert "incremental" in ways


def test_who_is_asked_where_a_file_is_says_that_it_was_withdrawn(once: Path) -> None:
    """``newsfeed check FILE`` names the pages that say so, and the whole check counts it."""
    from newsfeed.app.site import check_whole

    checked = check_whole(once / "site", NOW)
    said = [str(one) for one in checked.whereabouts("news/2026/wells/index.de.md", NOW)]
    assert len(said) == 1
    assert "https://test.example/de/news/2026/brunnen/" in said[0]
    assert "withdrawn" in said[0]
    assert checked.unpublished.withdrawn == 1
    assert [one.code for one in checked.problems if "wells" in one.where.path] == []


def record(subject: str) -> str:
    """The public record of an issue that held the story, and another one."""
    entries = [
        {
            "story": key,
            "lang": "en",
            "path": f"en/news/2026/{key}/index.html",
            "title": title,
            "summary": said,
        }
        for key, title, said in (("wells", "Secret wells", "Who dug them"), ("snow", "Snow", "Some text."))
    ]
    edition = {"subject": subject, "title": "Weekly", "intro": "", "note": "", "note_lang": ""}
    edition["groups"] = [{"heading": "", "heading_lang": "", "entries": entries}]
    return json.dumps({"slot": "2026-02-09T08:00", "instant": "2026-02-09T07:00:00Z", "editions": {"en": edition}})  # fmt: skip


def test_sent_issues_say_it_in_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On their pages, in lists of issues and in their feeds; also in a subject that named it. A build of what
    changed knows them, too.
    """
    monkeypatch.setattr("newsfeed.build.cache.file_stats.SETTLED", -(10**12))
    issues = {
        "issues/weekly/2026-02-09.json": record("Secret wells – Weekly"),
        "issues/weekly/2026-02-02.json": record("News of the week – Weekly").replace("02-09", "02-02"),
    }
    others = {path: text for path, text in FILES.items() if "rain" not in path}
    root = write_tree(tmp_path / "site", {**others, **issues})
    edit(root, lambda text: text.replace("aliases: [/en/was/wells]\n", "").replace("authors: [Ann Moss]\n", "").replace("countries: [KZ]\n", ""))  # fmt: skip
    learn(open_in(tmp_path), NOW)
    page = tmp_path / "out/en/issues/weekly/2026-02-09/index.html"
    assert page.read_text("utf-8").count("Secret wells") > 1
    withdraw(root)
    assert build(open_in(tmp_path), NOW)[1] == "incremental"
    warm = tree(tmp_path / "out")
    shutil.rmtree(tmp_path / "cache")
    learn(open_in(tmp_path), NOW)
    assert warm == tree(tmp_path / "out")
    edit(root, lambda text: text.replace(SINCE, SINCE.replace("27", "26")))
    assert build(open_in(tmp_path), NOW)[1] == "incremental"
    other_day = tree(tmp_path / "out")
    shutil.rmtree(tmp_path / "cache")
    learn(open_in(tmp_path), NOW)
    assert other_day == tree(tmp_path / "out")
    edit(root, lambda text: text.replace(SINCE.replace("27", "26"), SINCE))
    learn(open_in(tmp_path), NOW)
    assert not [path for path, data in warm.items() if b"Secret" in data or b"Who dug" in data]
    html = page.read_text("utf-8")
    assert "<h1>Weekly</h1>" in html
    assert '<a href="/en/news/2026/wells/">Withdrawn story</a>' in html
    assert "Snow" in html
    assert "<h1>News of the week</h1>" in warm["en/issues/weekly/2026-02-02/index.html"].decode()
    entries = {
        one.link[-11:-1]: one for one in feedparser.parse(tmp_path / "out/en/issues/weekly/feed.atom").entries
    }
    assert {one.updated for one in entries.values()} == {"2026-02-27T07:00:00Z"}
    assert entries["2026-02-09"].title == "Weekly"
