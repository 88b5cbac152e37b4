"""Which feeds there are: everything for the edition, what is new for sections, and all of it for who asks."""

import json
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from newsfeed.app import site as app
from newsfeed.app.built import Built
from newsfeed.testing import CONFIG, an_item, write_tree
from tests.core.told import params, said

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ATOM, HISTORY = "{http://www.w3.org/2005/Atom}", "{http://purl.org/syndication/history/1.0}"
ALL = 'archives = "all"\ncontent = "full"\nformats = ["rss", "atom", "jsonfeed"]\n'
LONG = "".join(f"Paragraph {number} of many.\n\n" for number in range(200))
NAMES = [f"feed{number}.{ending}" for number in ("", "-1", "-2") for ending in ("rss", "atom", "json")]
WATER = "en/topics/water"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Seven stories about water, one of them long."""
    files = {
        f"news/s-{day}.en.md": an_item(
            LONG if day == 7 else "A text.\n",
            id=f"s-{day}",
            date=f"2026-01-{day:02}",
            topics="[water]",
            summary="In short.",
        )
        for day in range(1, 8)
    }
    return write_tree(tmp_path / "site", files)


def build(root: Path, feeds: str) -> Built:
    """The site with feeds of two stories."""
    (root / "config.toml").write_text(f"{CONFIG}\n[feeds]\nitems = 2\n{feeds}", "utf-8")
    return app.build(app.read(root, NOW), root / "public", NOW)


def documents(root: Path, folder: str) -> list[str]:
    """The names of a section's documents."""
    return [name for name in NAMES if (root / "public" / folder / name).exists()]


@pytest.mark.parametrize(
    ("feeds", "site", "section"),
    [
        ("", NAMES, NAMES[:2]),
        (ALL, NAMES, NAMES),
        ('archives = "none"\n', NAMES[:3], NAMES[:2]),
        ('formats = ["atom"]\n', NAMES[1::3], NAMES[1:2]),
    ],
)
def test_who_asks_for_more_gets_it(root: Path, feeds: str, site: list[str], section: list[str]) -> None:
    """Each with one line; and every page names feeds that are there, and only these."""
    build(root, feeds)
    assert documents(root, "en") == site
    assert documents(root, WATER) == section
    for folder in ("en", WATER, f"{WATER}/feed", "en/feed"):
        html = (root / "public" / folder / "index.html").read_text("utf-8")
        for name in NAMES[:3]:
            for at in ("en", WATER):
                if f"/{at}/{name}" in html:
                    assert name in documents(root, at), folder
    html = (root / "public" / WATER / "index.html").read_text("utf-8")
    assert all(f"/{WATER}/{name}" in html for name in section if "-" not in name)


def test_a_feed_without_archives_leads_nowhere_and_claims_nothing(root: Path) -> None:
    """It brings exactly two stories, in each format."""
    build(root, 'archives = "none"\n')
    for folder in ("en", WATER):
        feed = ET.parse(root / "public" / folder / "feed.atom").getroot()
        assert len(feed.findall(f"{ATOM}entry")) == 2
        assert {link.get("rel") for link in feed.findall(f"{ATOM}link")} == {"self", "alternate"}
        assert feed.find(f"{HISTORY}complete") is None
    data = json.loads((root / "public/en/feed.json").read_bytes())
    assert len(data["items"]) == 2
    assert "next_url" not in data


def test_sections_bring_summaries_and_the_site_whole_texts(root: Path) -> None:
    """Unless the configuration says what is wanted of all of them."""

    def texts(folder: str) -> list[bool]:
        feed = ET.parse(root / "public" / folder / "feed.atom").getroot()
        return [one.find(f"{ATOM}content") is not None for one in feed.findall(f"{ATOM}entry")]

    for feeds, site, section in (
        ("", True, False),
        ('content = "full"\n', True, True),
        ('content = "summary"\n', False, False),
    ):
        build(root, feeds)
        assert {*texts("en")} == {site}
        assert {*texts(WATER)} == {section}


def test_a_long_text_is_cut_and_leads_to_the_rest(root: Path) -> None:
    """In every format; its page has all of it."""
    build(root, "text_size = 1\n")
    item = json.loads((root / "public/en/feed.json").read_bytes())["items"][0]
    assert len(item["content_html"]) < 1_200
    assert item["content_html"].endswith(f'<a href="{item["url"]}">Read on the site</a></p>\n')
    assert "Paragraph 199" in (root / "public/en/news/2026/s-7/index.html").read_text("utf-8")
    assert b"Read on the site" in (root / "public/de/feed.rss").read_bytes() or (
        "Auf der Website" in (root / "public/de/feed.rss").read_text("utf-8")
    )


def test_a_limit_of_the_host_is_told_by_check_and_build(root: Path) -> None:
    """The build counts what it published, the check what would be; of sizes it knows the last ones."""
    built = build(root, "[output]\nmax_files = 20\nmax_size = 1\n")
    files = [
        one for one in (root / "public").rglob("*") if one.is_file() and not one.name.startswith(".newsfeed")
    ]
    assert (built.files, built.size) == (len(files), sum(one.stat().st_size for one in files))
    assert [one.code for one in built.problems] == ["output-files"]
    (told,) = (
        one for one in said(app.check(root, NOW, output=root / "public")[0]) if one.code.startswith("output-")
    )
    assert params(told) == {"value": str(built.files), "limit": "20"}
    (root / "public/style.css").write_bytes(b" " * 900_000)
    assert "output-size" in {one.code for one in app.check(root, NOW, output=root / "public")[0]}


def test_feeds_that_are_made_no_more_are_told_once(root: Path) -> None:
    """By the check before the build, by the build, and then no more; with the lines that keep them."""
    build(root, ALL)
    (root / "config.toml").write_text(f"{CONFIG}\n[feeds]\nitems = 2\n", "utf-8")
    told = [
        one for one in said(app.check(root, NOW, output=root / "public")[0]) if one.code == "feeds-vanished"
    ]
    assert [(params(one)["line"], params(one)["value"]) for one in told] == [
        ('archives = "all"', "https://test.example/de/topics/water/feed-1.atom"),
        ('formats = ["rss", "atom", "jsonfeed"]', "https://test.example/de/topics/energy/feed.json"),
    ]
    assert [one.code for one in build(root, "").problems] == ["feeds-vanished"] * 2
    assert build(root, "").problems == ()
    assert [one.code for one in build(root, 'archives = "none"\n').problems] == ["feeds-vanished"]
