"""Stories in a database, and those that changed since."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.build import stored_stories
from newsfeed.build.cache.store import CacheDamagedError
from newsfeed.build.stored_stories import StoredStories, change_stories, pack, packed_story, unpack
from newsfeed.core.bounded_cache import BoundedCache
from newsfeed.model import Story
from newsfeed.testing import an_item, load_files, settings_from

FILES: dict[str, str | bytes] = {
    "news/a/index.en.md": an_item(
        id="a-a", date="2026-01-05 10:30", updated="2026-01-06", expires="2027-01-01", authors="[Ann, Bo]",
        topics="[water]", countries="[KZ]", projects="[pumps]", image="p.png", image_alt="A pump",
        enclosures="[{file: doc.pdf, title: Report}]", aliases="[/en/was/a]", summary="Short.",
    ),
    "news/a/index.de.md": "---\ntitle: Ä\nimage_alt: Pumpe\nsource: 0\n---\nText.\n",
    "news/b.en.md": an_item(id="b-b", draft="yes"),
    "projects/pumps.en.md": "---\nid: pumps\ntitle: Pumps\n---\nText.\n",
    "news/a/p.png": b"png",
    "news/a/doc.pdf": b"pdf",
}  # fmt: skip
IDS = st.sampled_from("abcdef")


class Database:
    """Packed stories by their ids."""

    def __init__(self, stories: dict[str, Story]) -> None:
        self.stories = {key: pack(story) for key, story in stories.items()}

    def read_story(self, key: str) -> bytes:
        """Return one of them."""
        return self.stories[key]


def stories() -> dict[str, Story]:
    """Two of them, newest first."""
    return dict(load_files(FILES, settings_from()).library.stories)


def some(*keys: str) -> dict[str, Story]:
    """Stories with other ids."""
    first, *_ = stories().values()
    return {key: replace(first, id=key) for key in keys}


def stored(known: dict[str, Story]) -> StoredStories:
    """Stories in a database."""
    return StoredStories(Database(known), known)


def test_a_story_is_read_as_it_was() -> None:
    """With every field, in zones of its own."""
    found = stored(stories())
    assert dict(found) == stories()
    assert all(found[key].date.tzinfo is story.date.tzinfo for key, story in stories().items())
    with pytest.raises(KeyError):
        found["no such story"]


@given(st.sets(IDS), st.lists(st.tuples(st.sets(IDS), st.sets(IDS)), max_size=4), st.booleans())
@settings(max_examples=30, deadline=None)
def test_stories_that_change_are_what_they_are_now(first, changes, in_memory):
    """Others stay; what was before does not change."""
    known = some(*first)
    found = known if in_memory else stored(known)
    for new, gone in changes:
        before, also = dict(found), found
        found = change_stories(found, some(*new), new | gone)
        known = {key: story for key, story in known.items() if key not in gone} | some(*new)
        assert dict(found) == known
        assert len(found) == len(known)
        assert [key in found for key in "abcdef"] == [key in known for key in "abcdef"]
        assert {key: unpack(packed_story(found, key)) for key in found} == known
        assert dict(also) == before


def test_only_some_stories_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is for what is shown now."""
    monkeypatch.setattr(stored_stories, "_RECENT", 2)
    found = stored(some(*"abcd"))
    assert [found[key].id for key in "abcd"] == [*"abcd"]
    assert isinstance(found._recent, BoundedCache)
    assert len(found._recent) == 2
    assert found["d"] is found["d"]


def test_a_story_that_cannot_be_read_is_told() -> None:
    """Such as one in a zone that is no longer there."""
    database = Database(some("a"))
    database.stories["a"] = b"damaged"
    with pytest.raises(CacheDamagedError):
        StoredStories(database, "a")["a"]
