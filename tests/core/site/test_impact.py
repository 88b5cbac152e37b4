"""A few changed stories: what they touch, and when they touch more than that can be told of."""

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from newsfeed.core.site.confinement import find_texts_linking_to, is_confined
from newsfeed.core.site.impact import Change, find_affected_artifacts
from newsfeed.problems import select_errors
from tests.core import sketches
from tests.core.sketches import (
    Files,
    Site,
    Sketch,
    changes_of,
    files_of,
    index_of,
    load,
    rendered,
    rest_of_site,
)

LONG = os.environ.get("NEWSFEED_LONG") == "1"
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture]


def differing(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> set[str]:
    """The paths that only one of two sites has, or where they differ."""
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def told(before: Files, after: Files) -> tuple[bool, set[str], set[str]]:
    """Whether a change is confined; what it touches in the new site, and in the old one."""
    old, new = load(before).library, load(after).library
    changes, indexes = changes_of(old, new), (index_of(old), index_of(new))
    confined = is_confined(changes, *indexes, rest_of_site(old))
    here, there = (
        find_affected_artifacts(changes, *reversed(indexes)),
        find_affected_artifacts(changes, *indexes),
    )
    return confined, {one.path for one in here}, {one.path for one in there}


@pytest.mark.slow
@given(st.data())
@settings(max_examples=12 if not LONG else 300, deadline=None, suppress_health_check=SLOW)
def test_a_confined_change_touches_all_that_differs(data: st.DataObject) -> None:
    """Two sites are rendered as a whole; every file that is new, gone or other in one is told of."""
    site = data.draw(sketches.sites())
    check(site, data.draw(sketches.changed(site)))


@pytest.mark.slow
@given(st.data())
@settings(max_examples=5 if not LONG else 100, deadline=None, suppress_health_check=SLOW)
def test_a_sitemap_in_parts_is_touched_part_by_part(data: st.DataObject) -> None:
    """Also where there come to be more parts, or fewer."""
    site = data.draw(sketches.sites())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("newsfeed.core.site.sitemap_parts.MOST_URLS", data.draw(st.integers(4, 40)))
        check(site, data.draw(sketches.changed(site)))


def check(before: Site, after: Site) -> None:
    """Whether `find_affected_artifacts` tells of all that differs between two sites, as far as `is_confined` promises it."""
    files = files_of(before), files_of(after)
    loaded = [load(one) for one in files]
    assume(files[0] != files[1] and not any(select_errors(one.problems) for one in loaded))
    confined, here, there = told(*files)
    assume(confined)
    old, new = (rendered(some, one.library) for some, one in zip(files, loaded, strict=True))
    assert differing(old, new) <= here | there
    assert new.keys() - old.keys() <= here
    assert old.keys() - new.keys() <= there - here
    assert here <= new.keys()
    assert there <= old.keys()


MOMENTS = [datetime(2025, 12, 1, tzinfo=UTC) + timedelta(days=days) for days in range(0, 200, 13)]


def turns(site: Site, then: datetime, now: datetime) -> tuple[bool, set[str], set[str]]:
    """Whether it is confined that time passes; what that touches in the site of today, and of then."""
    library = load(files_of(site)).library
    before, after = index_of(library, then), index_of(library, now)
    turned = before.lists.all_rows.keys() ^ after.lists.all_rows.keys()
    changes = [Change(library.stories[key], library.stories[key]) for key in turned]
    others = rest_of_site(library, then)
    confined = is_confined(changes, before, after, others)
    texts = find_texts_linking_to(changes, before, after, others)
    linking = {key for kind, key in texts if kind == "news"}
    changes = [replace(one, is_relinked=one.id in linking) for one in changes]
    linking -= {one.id for one in changes}
    changes += [Change(library.stories[key], library.stories[key], is_relinked=True) for key in linking]
    here, there = (
        find_affected_artifacts(changes, after, before, texts),
        find_affected_artifacts(changes, before, after, texts),
    )
    return confined, {one.path for one in here}, {one.path for one in there}


@pytest.mark.slow
@given(st.data())
@settings(max_examples=12 if not LONG else 300, deadline=None, suppress_health_check=SLOW)
def test_time_that_passes_touches_all_that_differs(data: st.DataObject) -> None:
    """Stories come due and expire, also such as others link to; the clock may be set back."""
    site = data.draw(sketches.sites())
    then, now = data.draw(st.permutations(MOMENTS))[:2]
    loaded = load(files_of(site))
    assume(not select_errors(loaded.problems))
    confined, here, there = turns(site, then, now)
    assume(confined)
    old, new = (rendered(files_of(site), loaded.library, moment) for moment in (then, now))
    assert differing(old, new) <= here | there
    assert old.keys() - new.keys() == there - here
    assert here <= new.keys()
    assert there <= old.keys()


def test_a_story_that_comes_due_touches_who_links_to_it() -> None:
    """Their pages and feeds gain a link; what has nothing to do with it stays."""
    site = {
        "x": Sketch(date="2026-02-20"),
        "y": Sketch({"en": ("A title", "See [x](x).")}, date="2025-03-03"),
        "z": Sketch(date="2025-03-03"),
    }
    confined, here, there = turns(site, datetime(2026, 2, 10, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))
    assert confined
    assert {"en/news/2026/x/index.html", "en/news/2025/y/index.html", "nl/news/2025/y/index.html"} <= here
    assert not any("/z/" in path for path in here | there)


def test_lists_and_archives_show_no_links_and_stay_when_a_story_comes_due() -> None:
    """Of a text that gains a link only its page and the feeds that bring it whole are written anew."""
    site = {
        "x": Sketch(date="2026-02-20", facts={"topics": "[water]"}),
        "y": Sketch({"en": ("A title", "See [x](x).")}, date="2025-03-03", facts={"countries": "[KG]"}),
    }
    confined, here, there = turns(site, datetime(2026, 2, 10, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))
    assert confined
    assert {"en/news/2025/y/index.html", "en/countries/kg/feed.atom", "en/topics/water/index.html"} <= here
    assert not {"en/countries/kg/index.html", "en/archive/2025/03/index.html"} & (here | there)


def test_a_section_comes_due_with_its_first_story() -> None:
    """In every edition: its pages and feeds, and where sections are named; other stories stay."""
    then, now = datetime(2026, 2, 10, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    site = {**EIGHTY, "x": Sketch(date="2026-02-20", facts={"countries": "[KG]"})}
    confined, here, there = turns(site, then, now)
    assert confined
    for lang in ("en", "de", "nl"):
        kind = {
            path.removeprefix(f"{lang}/countries/kg/")
            for path in here - there
            if path.startswith(f"{lang}/c")
        }
        assert kind == {"index.html", "feed.atom", "feed.json", "feed/index.html"}
        named = {"countries/index.html", "index.html", "feeds/index.html", "feeds.opml"}
        assert {f"{lang}/{path}" for path in named} <= here & there
    assert "sitemap.xml" in here
    stories = {path.split("/")[3] for path in here if "/news/" in path}
    assert stories == {"x", "wells"}, "the newest one before leads on to it"


def test_a_redirect_that_comes_and_goes_with_its_story_is_not_confined() -> None:
    """Where it lies, something else may have been."""
    then, now = datetime(2026, 2, 10, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    assert not turns({"x": Sketch(date="2026-02-20", facts={"aliases": "[/en/was/it]"})}, then, now)[0]


def test_the_first_section_of_its_kind_is_not_confined() -> None:
    """Every page names it in its menu; the second one only joins it."""
    files = {path: text for path, text in files_of(EIGHTY).items() if not path.startswith("projects/")}
    first, second = (Sketch(facts={"countries": f"[{code}]"}) for code in ("KG", "KZ"))
    assert not told(files, {**files, **first.files("x")})[0]
    assert told({**files, **first.files("x")}, {**files, **first.files("x"), **second.files("y")})[0]


EIGHTY = {
    f"s-{number}": Sketch(date=f"2025-{number // 28 + 1:02}-{number % 28 + 1:02}") for number in range(80)
}
DE = {"en": ("A title", "Some text."), "de": ("Titel", "Text.")}


def test_a_word_touches_as_little_as_it_can() -> None:
    """Of one text, deep in the archive: its page, and the documents that bring it; no other edition."""
    before = {**EIGHTY, "s-40": Sketch(DE, EIGHTY["s-40"].date)}
    after = {**before, "s-40": Sketch({**DE, "de": ("Titel", "Mehr Text.")}, EIGHTY["s-40"].date)}
    confined, here, there = told(files_of(before), files_of(after))
    assert confined
    assert here == there
    assert {path.partition("/")[0] for path in here} == {"de"}
    assert len(here) < 10


def test_a_new_story_touches_as_little_in_a_large_site_as_in_a_small_one() -> None:
    """Live pages and feeds, a month, and what leads there."""
    counts = set()
    for size in (41, 61, 79):
        before = {key: EIGHTY[key] for key in list(EIGHTY)[:size]}
        confined, here, _ = told(files_of(before), files_of({**before, "new": Sketch(date="2026-02-01")}))
        assert confined
        counts.add(len(here))
    assert len(counts) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Sketch(), Sketch(facts={"aliases": "[/en/was/it]"})),
        (
            Sketch(facts={"aliases": "[/en/was/it]"}),
            Sketch(date="2026-01-06", facts={"aliases": "[/en/was/it]"}),
        ),
        (Sketch(), Sketch(slugs={"en": "moved"})),
        (Sketch(), Sketch(facts={"draft": "yes"})),
        (Sketch(), Sketch(facts={"authors": "[ann]"})),
        (Sketch(), Sketch(facts={"authors": "[New, new]"})),
        (Sketch(facts={"image": "map.png"}), Sketch()),
        (Sketch(DE), Sketch()),
        (Sketch(), Sketch(date="2025-01-05")),
    ],
    ids=lambda one: " ".join((one.date, *one.facts, *one.slugs, *one.texts)),
)
def test_what_reaches_further_is_not_confined(before: Sketch, after: Sketch) -> None:
    """Aliases, addresses that vanish, names that are spelt otherwise, files that go."""
    assert not told(files_of({"x": before}), files_of({"x": after}))[0]


@pytest.mark.parametrize("after", [Sketch(facts={"draft": "yes"}), Sketch(DE), None])
def test_a_story_that_others_link_to_changes_them(after: Sketch | None) -> None:
    """When it appears, goes, or has an address it had not."""
    linking = {"y": Sketch({"en": ("A title", "See [x](x).")})}
    site = {**linking, "x": Sketch()}
    others = {**linking, "x": after} if after else linking
    assert not told(files_of(site), files_of(others))[0]


def test_an_address_that_a_draft_has_is_taken() -> None:
    """Once that is public, two texts would have it."""
    site = {"x": Sketch(facts={"draft": "yes"}, slugs={"en": "wanted"})}
    assert not told(files_of(site), files_of({**site, "y": Sketch(slugs={"en": "wanted"})}))[0]
    assert told(files_of(site), files_of({**site, "y": Sketch(slugs={"en": "other"})}))[0]


def test_an_hour_that_comes_twice_is_two_moments() -> None:
    """The clock shows the same, and Python calls them equal."""
    first, second = (Sketch(date=f"2025-10-26 0{hour}:30Z") for hour in (0, 1))
    _, here, _ = told(files_of({"x": first}), files_of({"x": second}))
    assert "en/feed.atom" in here


def test_a_translation_of_a_withdrawn_story_is_linked_from_its_other_pages() -> None:
    """No list shows the story, but each of its pages leads to all others."""
    facts = {"withdrawn": "2026-06-20"}
    texts = dict.fromkeys(("en", "de"), ("A title", "Some text."))
    other = Sketch(texts=texts, date="2026-01-05", facts={}, slugs={})
    before, after = (
        {"a": Sketch(texts=some, date="2026-01-05", facts=facts, slugs={}), "b": other}
        for some in ({"en": texts["en"]}, texts)
    )
    files = files_of(before), files_of(after)
    confined, here, there = told(*files)
    old, new = (rendered(some, load(some).library) for some in files)
    touched = differing(old, new)
    assert confined
    assert "en/news/2026/a/index.html" in touched
    assert touched <= here | there
