"""Files and stories as bytes."""

import pickle
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.build.load import read_text_file
from newsfeed.build.pool import ProcessPool
from newsfeed.core.content import packing
from newsfeed.core.content.facts import Vocabulary
from newsfeed.core.content.packing import (
    MemoryStore,
    PackedStories,
    PackedStoryCollector,
    changed_stories,
    pack,
    pack_file,
    unpack,
)
from newsfeed.core.site.index import make_row
from newsfeed.i18n.texts import list_countries
from newsfeed.model import Story
from newsfeed.testing import MemorySource, an_item, load_files, settings_from

BODY = "# Head\n\n[x](https://example.org), [b](b.md) ![p](p.png)\n"
FILES: dict[str, str | bytes] = {
    "news/a/index.en.md": an_item(
        BODY,
        id="a-a", date="2026-01-05 10:30", updated="2026-01-06", expires="2027-01-01", authors="[Ann, Bo]",
        topics="[water]", countries="[KZ]", projects="[pumps]", image="p.png", image_alt="A pump",
        enclosures="[{file: doc.pdf, title: Report}]", aliases="[/en/was/a]", summary="Short.",
    ),
    "news/a/index.de.md": "---\ntitle: Ä\nimage_alt: Pumpe\nsource: 0\n---\nText.\n",
    "news/b.en.md": an_item(id="b-b", draft="yes"),
    "news/c.en.md": an_item(id="C", date="never"),
    "news/d.en.md": "---\nid: d-d\n---\n",
    "projects/pumps.en.md": "---\nid: pumps\ntitle: Pumps\nstart: 2008-01\nend: 2009-02-03\n---\nText.\n",
    "news/a/p.png": b"png",
    "news/a/doc.pdf": b"pdf",
}  # fmt: skip
IDS = st.sampled_from("abcdef")


@pytest.mark.parametrize("path", [path for path in FILES if path.endswith(".md")])
def test_a_file_is_unpacked_as_it_was(path: str) -> None:
    """With its facts, their places and its links, also when it cannot be shown."""
    site = settings_from()
    words = Vocabulary(site.topics, site.donors, site.partners, list_countries())
    parsed = read_text_file(MemorySource(FILES), path, site, words).parsed
    assert parsed is not None
    packed = pack_file(parsed)
    assert (packed.path, packed.kind, packed.lang) == (path, parsed.kind, parsed.lang)
    assert packed.unpacked() == replace(parsed, body_line=1)
    assert pickle.loads(pickle.dumps(packed)) == packed


def stories() -> dict[str, Story]:
    """Two of them, newest first."""
    return dict(load_files(FILES, settings_from()).library.stories)


def packed_all(stories: Iterable[Story]) -> PackedStories:
    """All of them."""
    packing = PackedStoryCollector(MemoryStore())
    return packing.gather(packing.put(story, {}) for story in stories)


def some(*keys: str) -> dict[str, Story]:
    """PackedStories with other ids."""
    first, *_ = stories().values()
    return {key: replace(first, id=key) for key in keys}


def test_a_story_is_unpacked_as_it_was() -> None:
    """With every field, in zones of its own."""
    assert {key: unpack(pack(story)) for key, story in stories().items()} == stories()
    assert all(unpack(pack(one)).date.tzinfo == one.date.tzinfo for one in stories().values())


def test_stories_come_newest_first() -> None:
    """In whatever order they were packed."""
    expected = stories()
    assert [*packed_all(reversed(expected.values()))] == [*expected]
    assert dict(packed_all(reversed(expected.values()))) == expected


def test_rows_lie_beside_them() -> None:
    """Those that lists are made from, and what many of them say is there once."""
    packing = PackedStoryCollector(MemoryStore())
    packing.gather([pickle.loads(pickle.dumps(packing.put(story, {}))) for story in stories().values()])
    assert packing.rows == tuple(make_row(story, {}) for story in stories().values())
    sections = [section for row in packing.rows for section in row.sections]
    assert len({*map(id, sections)}) == len({*sections}) < len(sections)


@given(st.sets(IDS), st.lists(st.tuples(st.sets(IDS), st.sets(IDS)), max_size=4))
@settings(max_examples=30, deadline=None)
def test_stories_that_change_are_what_they_are_now(first, changes):
    """Others stay; what was before does not change."""
    known, all_stories = some(*first), packed_all(some(*first).values())
    for new, gone in changes:
        before, also = dict(all_stories), all_stories
        all_stories = changed_stories(all_stories, some(*new), new | gone)
        known = {key: story for key, story in known.items() if key not in gone} | some(*new)
        assert dict(all_stories) == known
        assert len(all_stories) == len(known)
        assert [key in all_stories for key in "abcdef"] == [key in known for key in "abcdef"]
        assert dict(also) == before


def test_stories_are_packed_in_any_process_and_gathered_in_one() -> None:
    """So a store in the memory of a process holds them, however many processes read files."""
    packing, known = PackedStoryCollector(MemoryStore()), some(*(f"s-{number}" for number in range(40)))
    packed = packing.gather(ProcessPool(2).map(lambda story: packing.put(story, {}), [*known.values()]))
    assert dict(packed) == known


def test_only_some_stories_stay_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is for what is shown now."""
    monkeypatch.setattr(packing, "_RECENT", 2)
    packed = packed_all(some(*"abcd").values())
    assert [packed[key].id for key in "abcd"] == [*"abcd"]
    assert len(packed._recent) == 2
    assert packed["d"] is packed["d"]
    with pytest.raises(KeyError):
        packed["e"]
