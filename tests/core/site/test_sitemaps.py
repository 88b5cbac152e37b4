"""The sitemap in parts: how many, what stands in which, and what a new story changes."""

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from newsfeed.core.site import sitemap_parts as parts
from newsfeed.core.site.artifact import PlannedArtifact
from newsfeed.core.site.index import SiteIndex
from newsfeed.core.site.plan import plan_site
from newsfeed.model import Library
from newsfeed.settings import Settings
from newsfeed.testing import CONFIG, an_item, load_files, settings_from

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
MOST = 124
OTHERS = 4 * (1 + 2 + 1)
"""Front pages, topics and their lists, of four editions."""


@cache
def a_library() -> tuple[Library, Settings]:
    """English stories, one a day; other editions only repeat them."""
    files = {
        f"news/s-{number:03}.en.md": an_item(
            id=f"s-{number:03}", date=f"{FIRST + timedelta(days=number):%Y-%m-%d}", authors="[]"
        )
        for number in range(MOST)
    }
    settings = settings_from(CONFIG)
    return load_files(files, settings).library, settings


def a_site(stories: int) -> SiteIndex:
    """The day on which so many of the stories are public."""
    assert stories <= MOST
    index = SiteIndex(*a_library(), FIRST + timedelta(days=stories - 1, hours=12))
    assert len(index.rows) == stories
    return index


def in_files(index: SiteIndex) -> list[list[str]]:
    """The pages of each file of the sitemap."""
    return [
        [
            *(path for row, language in part.stories for path, _ in [row.page(language)]),
            *(one.path for one in part.others),
        ]
        for part in parts.cut_sitemap(index)
    ]


def sitemaps(index: SiteIndex) -> list[PlannedArtifact]:
    """The planned files."""
    return [one for one in plan_site(index) if one.path.startswith("sitemap")]


def test_below_the_limit_there_is_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many pages as are allowed stand in ``sitemap.xml``; of one more, there is an index."""
    monkeypatch.setattr(parts, "MOST_URLS", OTHERS + 10)
    assert sitemaps(a_site(10)) == [PlannedArtifact("sitemap.xml", "sitemap")]
    monkeypatch.setattr(parts, "MOST_URLS", OTHERS + 9)
    assert sitemaps(a_site(10)) == [
        PlannedArtifact("sitemap-1.xml", "sitemap", number=1),
        PlannedArtifact("sitemap-2.xml", "sitemap", number=2),
        PlannedArtifact("sitemap.xml", "sitemap-index"),
    ]


@pytest.mark.parametrize("stories", [14, 27, 40, 53])
def test_every_page_stands_in_one_part(monkeypatch: pytest.MonkeyPatch, stories: int) -> None:
    """None is lost, none is there twice, no part is longer than it may be."""
    index = a_site(stories)
    ((*whole,),) = in_files(index)
    monkeypatch.setattr(parts, "MOST_URLS", 13)
    cut = in_files(index)
    assert sorted(path for pages in cut for path in pages) == sorted(whole)
    assert max(map(len, cut)) <= 13


@pytest.mark.parametrize(("most", "changing"), [(40, 1), (20, 2)], ids=["few lists", "many lists"])
def test_a_new_story_changes_the_last_part_only(
    monkeypatch: pytest.MonkeyPatch, most: int, changing: int
) -> None:
    """Old stories stay where they are, also when a new part begins; lists are together with what is new,
    unless they fill more than half a part.
    """
    monkeypatch.setattr(parts, "MOST_URLS", most)
    before = in_files(a_site(60))
    for stories in range(61, 125):
        after = in_files(a_site(stories))
        kept = len(before) - changing
        assert after[:kept] == before[:kept]
        before = after
    assert len(before) > 5
