"""Ids that readers know: what a change may do with them, and what it is told."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.content.id_guard import (
    GuardedText,
    find_id_changes,
    find_late_translations,
    may_touch_ids,
    read_guarded,
)
from newsfeed.model import RawFile
from newsfeed.testing import an_item, settings_from

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SETTINGS = settings_from()


def text(path: str, data: str) -> GuardedText:
    """A file as the guard reads it."""
    found = read_guarded(RawFile(path, data.encode(), size=len(data)), SETTINGS)
    assert found is not None
    return found


def texts(files: Mapping[str, str]) -> dict[str, GuardedText]:
    """Path → file as the guard reads it."""
    return {path: text(path, data) for path, data in files.items()}


def told(before: Mapping[str, str], after: Mapping[str, str], removed=(), unread=()) -> list[str]:
    """The problems of a change, each with its place and the id."""
    found = find_id_changes(texts(before), texts(after), unread, removed, NOW)
    return [f"{one.code} {one.where.path}:{one.where.line} {dict(one.params)['value']}" for one in found]


WELL = an_item("A well is dug.\n", id="well", title="A well")
FILES = {"news/well.en.md": WELL}
NEW = "news/spring.en.md"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (FILES, FILES, []),
        (FILES, {}, ["id-dropped news/well.en.md:1 well"]),
        (FILES, {NEW: WELL}, []),
        (FILES, {"news/well.en.md": WELL.replace("id: well", "id: spring")}, ["id-altered news/well.en.md:4 well"]),
        (FILES, {NEW: WELL.replace("id: well\n", "")}, [f"id-altered {NEW}:1 well"]),
        (FILES, {"news/well.en.md": an_item("Rain.\n", id="well", title="Rain", date="2026-02-01")}, ["id-reused news/well.en.md:4 well"]),
        (FILES, {NEW: an_item("Rain.\n", id="well", title="Rain", date="2026-02-01")}, [f"id-reused {NEW}:4 well"]),
        (FILES, {"news/well.en.md": an_item("Rain.\n", id="rain", title="Rain", date="2026-02-01")}, ["id-dropped news/well.en.md:1 well"]),
        (FILES, {"news/well.en.md": an_item("All is new.\n", id="well", title="Wells now")}, []),
        (FILES, {"news/well.en.md": an_item("All is new.\n", id="well", title="A well", date="2026-02-02")}, []),
        (FILES, {"news/well.en.md": an_item("A well is dug.\n", id="well", title="X", date="2026-02-02")}, []),
        (FILES, {"news/well.en.md": an_item("\n", id="well", title="Gone", withdrawn="2026-02-28")}, []),
        ({"news/well.en.md": an_item(id="well", draft="yes")}, {}, []),
        ({"news/well.en.md": an_item(id="well", date="2026-03-02")}, {}, []),
        ({"news/well.en.md": an_item(id="well", expires="2026-02-02")}, {}, ["id-dropped news/well.en.md:1 well"]),
        ({"news/well.en.md": an_item(id="well", withdrawn="yes")}, {}, ["id-dropped news/well.en.md:1 well"]),
        ({"news/well.en.md": an_item(title="Well")}, {NEW: an_item(title="Well")}, [f"id-altered {NEW}:1 well"]),
        ({"news/well.de.md": an_item(date=None, title="Brunnen")}, {}, []),
    ],
    ids=["nothing", "deleted", "renamed", "id", "derived", "overwritten", "reused", "replaced", "written anew", "title", "text", "withdrawn",
         "draft", "to come", "expired", "withdrawn and deleted", "renamed without an id", "translation"],
)  # fmt: skip
def test_a_published_id_stays_with_its_story(
    before: Mapping[str, str], after: Mapping[str, str], expected: list[str]
) -> None:
    """Files may be renamed and texts written anew; an id that is lost is told once, where it can be mended."""
    assert told(before, after) == expected


def test_what_is_meant_to_be_gone_may_go() -> None:
    """Its id is listed in the configuration; and a file with a mistake has been told of that."""
    assert told(FILES, {}, removed={"well"}) == []
    assert told(FILES, {}, unread={"news/well.en.md"}) == []


def test_the_id_of_another_programs_feed_stays_too() -> None:
    """Of the original and of translations; one that is written for the first time is no loss."""
    address = "https://old.example.org/?p=12"
    with_guid = {
        "news/well.en.md": an_item(id="well", guid=address),
        "news/well.de.md": an_item(date=None, guid=f"{address}3"),
    }
    without = {"news/well.en.md": an_item(id="well"), "news/well.de.md": an_item(date=None, guid=address)}
    assert told(with_guid, without) == [
        f"guid-altered news/well.de.md:3 {address}3",
        f"guid-altered news/well.en.md:1 {address}",
    ]
    assert told(without, with_guid) == [f"guid-altered news/well.de.md:3 {address}"]
    assert told({path: data.replace("date: 2026", "date: 2027") for path, data in with_guid.items()}, without)[1:] == []  # fmt: skip


def test_a_new_translation_of_a_withdrawn_story_is_told() -> None:
    """One that was there before may be edited or renamed."""
    before = texts({"news/well.de.md": an_item("Alt.\n", date=None, title="Brunnen")})
    after = texts(
        {
            "news/wells.de.md": an_item("Alt.\n", date=None, title="Brunnen"),
            "news/wells.fr.md": an_item("Neuf.\n", date=None, title="Puits"),
            "news/rain.nl.md": an_item("Regen.\n", date=None, title="Regen"),
        }
    )
    found = list(find_late_translations(before, after, {"news/wells": "news/wells.en.md"}))
    assert [(one.code, one.where.path, one.params) for one in found] == [
        ("translation-withdrawn", "news/wells.fr.md", (("other", "news/wells.en.md"),))
    ]


@pytest.mark.parametrize(
    "data", ["", "---\ntitle: x\n", "no head", "---\nid: Ä!\ntitle: x\ndate: 2026-01-01\n---\nT\n"]
)
def test_a_file_that_says_too_little_is_left_to_others(data: str) -> None:
    """Its own mistake is told by the check."""
    assert read_guarded(RawFile("news/a.en.md", data.encode(), size=len(data)), SETTINGS) is None


def test_an_everyday_edit_is_not_looked_at() -> None:
    """Another title, text or topic; but another id, day or foreign id is."""
    assert not may_touch_ids(WELL.encode(), WELL.replace("dug", "deep").replace("A well", "Wells").encode())
    for old, new in (("id: well", "id: w"), ("2026-01-05", "2026-01-06"), ("id: well\n", "")):
        assert may_touch_ids(WELL.encode(), WELL.replace(old, new).encode())
    assert may_touch_ids(WELL.encode(), WELL.replace("id:", "guid: urn:x\nid:").encode())


KEYS = [f"s-{number}" for number in range(5)]
FATES = ("kept", "edited", "renamed", "rewritten", "altered", "dropped", "overwritten")


@given(st.lists(st.sampled_from(FATES), min_size=len(KEYS), max_size=len(KEYS)), st.data())
def test_each_lost_id_is_told_once_and_no_other(fates: list[str], data: st.DataObject) -> None:
    """Whatever is done to how many stories at once."""
    before, after, expected = {}, {}, []
    for number, (key, fate) in enumerate(zip(KEYS, fates, strict=True)):
        path, day = f"news/{key}.en.md", f"2026-01-{number + 1:02}"
        facts = {"id": key, "title": f"Title {key}", "date": day}
        before[path] = an_item(f"Text of {key}.\n\nMore of {key}.\n", **facts)
        if fate == "dropped":
            expected.append(f"id-dropped {key}")
            continue
        body = f"Text of {key}.\n\nMore.\n" if fate == "edited" else f"New {key}.\n" if fate == "rewritten" else f"Text of {key}.\n"  # fmt: skip
        if fate == "altered":
            facts["id"] = f"{key}-new"
            expected.append(f"id-altered {key}")
        if fate == "overwritten":
            facts |= {"title": "Quite another", "date": "2026-02-20"}
            body = f"Nothing of {number}.\n"
            expected.append(f"id-reused {key}")
        if fate == "renamed":
            path = data.draw(st.sampled_from((f"news/{key}-b.en.md", f"news/2026/{key}.en.md")))
        after[path] = an_item(body, **facts)
    found = find_id_changes(texts(before), texts(after), (), (), NOW)
    assert sorted(f"{one.code} {dict(one.params)['value']}" for one in found) == sorted(expected)
