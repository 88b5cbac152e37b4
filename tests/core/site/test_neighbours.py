"""Which stories lead on to which, and how few pages a new one changes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.core.site.index import SiteIndex, StoryLists, StoryRow, newest_first_key
from newsfeed.core.site.neighbours import MOST_PAGES, RELATED
from newsfeed.core.site.sections import SITE, Section
from tests.core.sketches import Sketch, files_of, index_of, load, rendered, usual

DAY = datetime(2025, 1, 1, tzinfo=UTC)
ENGLISH = usual().languages["en"]
EDITIONS = ("en", "de", "nl")


def row(number: int, *sections: Section, languages: tuple[str, ...] = ("en",)) -> StoryRow:
    """A story of a day, in these sections and languages."""
    key, moment = f"s-{number}", DAY + timedelta(days=number)
    slugs = dict.fromkeys(languages, key)
    return StoryRow(
        key, moment, moment, None, False, slugs, (), 0, "en", None, "", (), (Section(SITE), *sections)
    )


def index_with(*rows: StoryRow) -> SiteIndex:
    """A site of these stories."""
    library = load(files_of({})).library
    lists = StoryLists(sorted(rows, key=newest_first_key), library, usual())
    return SiteIndex(library, usual(), DAY, lists)


def around(index: SiteIndex, number: int) -> tuple[str, ...]:
    """Where the page of a story leads on to in English: newer, older, related."""
    return index.neighbourhoods.around(ENGLISH, index.rows[f"s-{number}"]).ids


WATER, FRANCE = Section("topics", "water"), Section("countries", "FR")
PUMPS = Section("projects", "pumps")


def test_a_story_leads_on_to_those_beside_it_and_to_related_ones_in_time() -> None:
    """Of its project two older ones and a newer one, whatever is newest; those beside it are not named twice."""
    index = index_with(*(row(number, *([PUMPS] if number % 3 == 0 else []), WATER) for number in range(30)))
    assert around(index, 15) == ("s-16", "s-14", "s-18", "s-12", "s-9")
    assert around(index, 29) == ("", "s-28", "s-27")
    assert around(index, 0) == ("s-1", "", "s-3")


def test_a_project_counts_more_than_a_topic_and_a_topic_more_than_a_country() -> None:
    """Where there are not enough of the first, the others follow."""
    rows = [row(0, FRANCE), row(2, WATER), row(4, PUMPS), row(10, PUMPS, WATER, FRANCE)]
    filling = [row(number) for number in (1, 3, 5, 9, 11)]
    index = index_with(*rows, *filling)
    assert around(index, 10) == ("s-11", "s-9", "s-4", "s-2", "s-0")
    assert around(index, 5) == ("s-9", "s-4")


def test_a_story_that_an_edition_does_not_show_is_nobodys_neighbour() -> None:
    """Each edition has its own neighbourhoods."""
    index = index_with(row(1), row(2, languages=("de",)), row(3))
    assert around(index, 3) == ("", "s-1")
    assert not [*index.neighbourhoods.leading_to(ENGLISH, index.rows["s-2"])]


def test_a_story_that_an_edition_does_not_show_leads_nowhere_in_it() -> None:
    """A translation may make it appear there: builds compare its neighbours before and after."""
    index = index_with(row(0), row(1, WATER, languages=("de",)), row(2, WATER))
    assert around(index, 1) == ("", "")


SECTIONS = st.lists(
    st.sampled_from([WATER, FRANCE, PUMPS, Section("countries", "KZ")]), unique=True, max_size=4
)


@given(st.lists(SECTIONS, min_size=2, max_size=40), st.data())
@settings(deadline=None)
def test_a_new_story_becomes_known_to_ten_pages_at_most(
    sections: list[list[Section]], data: st.DataObject
) -> None:
    """Wherever in time it is put; and all of them are told of."""
    rows = [row(2 * number, *some) for number, some in enumerate(sections)]
    new = row(2 * data.draw(st.integers(0, len(rows))) - 1, *data.draw(SECTIONS))
    before, after = index_with(*rows), index_with(*rows, new)
    differing = {
        key
        for key, one in before.rows.items()
        if before.neighbourhoods.around(ENGLISH, one) != after.neighbourhoods.around(ENGLISH, one)
    }
    assert len(differing) <= MOST_PAGES == 10
    assert differing <= {one.id for one in after.neighbourhoods.leading_to(ENGLISH, new)}
    for one in after.rows.values():
        found = after.neighbourhoods.around(ENGLISH, one)
        assert one.id not in found.ids
        assert len(found.related) <= RELATED


@pytest.mark.parametrize("date", ["2026-02-20", "2025-06-15"], ids=["the newest", "one among others"])
def test_a_new_story_changes_few_older_pages_of_an_archive(date: str) -> None:
    """In bytes: of sixty older stories, and in every edition."""
    facts = {"topics": "[water]", "countries": "[KZ]", "projects": "[pumps]"}
    site = {
        f"s-{number}": Sketch(date=f"2025-{number // 28 + 5:02}-{number % 28 + 1:02}", facts=facts)
        for number in range(60)
    }
    grown = {**site, "new": Sketch(date=date, facts=facts)}
    old, new = (rendered(files, load(files).library) for files in map(files_of, (site, grown)))
    for lang in EDITIONS:
        pages = [path for path in old if path.startswith(f"{lang}/news/")]
        assert sum(old[path] != new[path] for path in pages) <= MOST_PAGES
    assert index_of(load(files_of(site)).library).rows
