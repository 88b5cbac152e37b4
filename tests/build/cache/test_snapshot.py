"""A library packed story by story."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsfeed.app import builds as cached
from newsfeed.build.cache.row_codec import CODECS
from newsfeed.build.cache.snapshot import LibrarySnapshot
from newsfeed.build.cache.store import BuildCache
from newsfeed.core.site.index import SiteIndex, StoryLists, select_public
from newsfeed.core.site.index import make_rows as rows
from newsfeed.core.site.sections import Section
from newsfeed.model import Library
from newsfeed.testing import CONFIG, an_item, load_files, settings_from, write_tree
from tests.build.builds import build_all
from tests.build.test_incremental import NOW, built_once, edit, is_clean, made, opened, root, story

__all__ = ["built_once", "root"]

FILES: dict[str, str | bytes] = {
    "news/a/index.en.md": an_item(
        "![x](p.png), [b](../b.en.md), [out](https://example.org/).\n",
        id="a-a", date="2026-01-05 10:30", updated="2026-01-06", expires="2027-01-01", authors="[Ann, Bo]",
        topics="[water]", countries="[KZ]", projects="[pumps]", image="p.png", image_alt="A pump",
        enclosures="[{file: doc.pdf, title: Report}]", aliases="[/en/was/a]", summary="Short.",
    ),
    "news/a/index.de.md": "---\ntitle: Ä\nimage_alt: Pumpe\nsource: 0\n---\nText.\n",
    "news/a/p.png": b"png",
    "news/a/doc.pdf": b"pdf",
    "news/b.en.md": an_item("See [a](a).\n", id="b-b", draft="yes"),
    "projects/pumps.en.md": "---\nid: pumps\ntitle: Pumps\n---\nOf [a](../news/a).\n",
}  # fmt: skip


def library() -> Library:
    """Of stories with every fact there is."""
    return load_files(FILES, settings_from(CONFIG)).library


def held_of(library: Library) -> LibrarySnapshot:
    """What is held of it."""
    return LibrarySnapshot.of(library, tuple(rows(library)))


def test_a_library_is_found_again(tmp_path: Path) -> None:
    """In another process; what is as it was is the very same when it is written again."""
    before = library()
    path = tmp_path / "newsfeed" / "x.sqlite"
    whole = held_of(before)
    assert BuildCache(path, "program", CODECS).replace(whole.values(), whole.packed_stories())
    cache = BuildCache(path, "program", CODECS)
    held = LibrarySnapshot.read(cache)
    assert held is not None
    assert held.packed_changes() == {}
    assert all(cache.read(name) is value for name, value in held.values().items())
    after = held.library()
    assert "no such story" not in after.stories
    assert len(after.stories) == len(before.stories)
    assert dict(after.stories) == dict(before.stories)
    assert (after.projects, after.pages, after.assets, after.paths) == (
        before.projects, before.pages, before.assets, before.paths
    )  # fmt: skip
    assert held.rows == tuple(rows(before))
    assert held.aliases == {"en/was/a/index.html"}


def test_it_is_known_who_may_link_to_a_file() -> None:
    """By whatever name: path, file name, folder."""
    held = held_of(library())
    assert set(held.linking("news/a/index.en.md")) == {"news/b.en.md", "projects/pumps.en.md"}
    assert set(held.linking("news/a/index.de.md")) == {"news/b.en.md", "projects/pumps.en.md"}
    assert set(held.linking("news/b.en.md")) == {"news/a/index.en.md"}
    assert set(held.linking("news/a/p.png")) == {"news/a/index.en.md"}
    assert set(held.linking("news/c.en.md")) == set()


def test_an_index_with_lists_is_one_without() -> None:
    """Lists are made from rows alone."""
    settings, now = settings_from(CONFIG), datetime(2026, 2, 1, tzinfo=UTC)
    held = held_of(library())
    whole = SiteIndex(library(), settings, now)
    known = SiteIndex(
        held.library(), settings, now, StoryLists(select_public(held.rows, now), held.others, settings)
    )
    assert whole.by_section == known.by_section
    for language in settings.editions:
        for section in whole.by_section:
            assert [*whole.stories(language, section)] == [*known.stories(language, section)]
    assert whole.rows.keys() == {"a-a"}
    assert Section("countries", "KZ") in whole.by_section


def test_changes_upon_changes_are_all_found_again(root: Path) -> None:
    """Texts, titles, new stories, other topics: what is found is what a library says that was read anew."""
    changes = [
        edit("news/s-4.en.md", "Text.", "More."),
        edit("news/s-4.en.md", "title: S-4", "title: Four"),
        lambda site: write_tree(site, {"news/s-9.en.md": story("s-9", "See [four](s-4.en.md).\n", date="2026-01-20")}),
        edit("news/s-9.en.md", "date: 2026-01-20", "date: 2026-01-02"),
        edit("news/s-5.en.md", "Text.", "More."),
        edit("news/s-4.en.md", "More.", "Less."),
    ]  # fmt: skip
    for change in changes:
        change(root)
        assert made(root) == "incremental"
        assert is_clean(root)
    beside = snapshot(root)
    build_all(opened(root), NOW)
    anew = snapshot(root)
    assert beside.rows == anew.rows
    assert dict(beside.library().stories) == dict(anew.library().stories)
    assert beside.others == anew.others
    assert set(beside.linking("news/s-4.en.md")) == set(anew.linking("news/s-4.en.md"))


def test_a_text_that_changed_is_all_that_is_written(root: Path) -> None:
    """Of the library: its story, and no table."""
    build = opened(root)
    before = {name: build.cache.read(name) for name in snapshot(root).values()}
    memory = cached.read_memory(build)
    assert memory is not None
    edit("news/s-4.en.md", "Text.", "More.")(root)
    done = cached.incremental_build(build, NOW, memory, {"news/s-4.en.md"})
    assert done is not None
    left = done[1].snapshot
    assert left is not None
    assert {name for name, value in left.values().items() if value is not before.get(name)} == set()
    assert left.packed_changes().keys() == {"s-4"}


def snapshot(root: Path) -> LibrarySnapshot:
    """As the next process finds it."""
    memory = cached.read_memory(opened(root))
    assert memory is not None
    assert memory.snapshot is not None
    return memory.snapshot


@pytest.mark.parametrize("name", ["rows", "aliases", "library.paths", "library.with_extra_paths"])
def test_without_a_part_of_it_there_is_none(root: Path, name: str) -> None:
    """What is left alone is not what the site says."""
    with closing(sqlite3.connect(opened(root).cache.path)) as connection, connection:
        connection.execute("DELETE FROM value WHERE name = ?", (name,))
    edit("news/s-4.en.md", "Text.", "More.")(root)
    assert made(root) == "full"
    assert is_clean(root)


@pytest.mark.parametrize("how", ["gone", "damaged"])
def test_without_a_story_all_is_read(root: Path, how: str) -> None:
    """It is noticed while the site is looked at, before anything is written."""
    statement = "DELETE FROM story" if how == "gone" else "UPDATE story SET data = zeroblob(10)"
    with closing(sqlite3.connect(opened(root).cache.path)) as connection, connection:
        connection.execute(statement)
    edit("news/s-4.en.md", "Text.", "More.")(root)
    assert made(root) == "full"
    assert is_clean(root)
