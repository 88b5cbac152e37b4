"""Stores of stories and texts: in memory, and on the disk for large sites; both keep the same."""

import errno
import gc
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.build.library_store import LibraryStore, MemoryStore, SqliteStore
from newsfeed.build.pool import ProcessPool
from newsfeed.errors import OutsideError
from newsfeed.testing import an_item, load_files
from tests.build.test_stored_stories import some
from tests.examples import examples

STORES = pytest.mark.parametrize("kind", [MemoryStore, SqliteStore])
PATHS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5)


@STORES
@given(st.dictionaries(PATHS, st.binary(max_size=50)))
@settings(max_examples=examples(30), deadline=None)
def test_what_was_added_is_found(kind, texts):
    """And nothing else."""
    store: LibraryStore = kind()
    store.add_texts(texts)
    for story in some("b", "a").values():
        store.add(story)
    found = store.finish(["b", "a"])
    assert dict(found) == some("a", "b")
    assert [*found] == ["b", "a"]
    assert {path: store.text(path) for path in texts} == texts
    assert store.text("another path") is None


@STORES
def test_all_processes_read_it(kind):
    """Those that are forked, beside the one that wrote it, which may have read it before."""
    store: LibraryStore = kind()
    store.add_texts({f"{number}": b"%d" % number * 5_000 for number in range(100)})
    for story in some(*"abc").values():
        store.add(story)
    stories = store.finish("abc")
    assert stories["a"].id == "a"

    def look(number: int) -> tuple[bytes | None, str]:
        return store.text(f"{number}"), stories["abc"[number % 3]].id

    assert [*ProcessPool(3).map(look, range(100))] == [
        (b"%d" % number * 5_000, "abc"[number % 3]) for number in range(100)
    ]
    assert store.text("0") == b"0" * 5_000


@STORES
def test_another_thread_reads_it_and_may_be_the_one_that_ends_it(kind):
    """A preview's server asks for digests, and garbage is collected wherever it comes to mind."""
    store: LibraryStore = kind()
    for story in some("a").values():
        store.add(story)
    holder = [store.finish(["a"])]
    del store
    assert holder[0]["a"] == some("a")["a"]

    def read_and_drop() -> None:
        assert dict(holder[0]) == some("a")
        holder.clear()
        gc.collect()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(read_and_drop).result()


@STORES
def test_texts_go_before_stories(kind):
    """They are needed for one build; stories for the next one in the same process, too."""
    store: LibraryStore = kind()
    store.add_texts({"a": b"text"})
    store.add(some("a")["a"])
    stories = store.finish("a")
    store.drop_texts()
    assert store.text("a") is None
    assert stories["a"].id == "a"
    store.drop_texts()


def test_it_leaves_nothing_behind(tmp_path, monkeypatch):
    """Its files are for this user alone, and go when nobody needs them."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    store = SqliteStore()
    store.add_texts({"a": b"text"})
    folders = [*tmp_path.iterdir()]
    assert [folder.stat().st_mode & 0o77 for folder in folders] == [0, 0]
    stories = store.finish([])
    store.drop_texts()
    gc.collect()
    assert len([*tmp_path.iterdir()]) == 1
    del store, stories
    gc.collect()
    assert [*tmp_path.iterdir()] == []


class FullDisk(sqlite3.Connection):
    """A database on a disk that is full."""

    def executemany(self, *_):
        """Fail as SQLite does."""
        raise sqlite3.OperationalError("database or disk is full")


def test_a_disk_that_is_full_is_told(monkeypatch):
    """With a hint where to look."""
    monkeypatch.setattr(sqlite3, "connect", lambda *_, **__: FullDisk(":memory:"))
    with pytest.raises(
        OutsideError, match="a temporary file cannot be written: database or disk is full"
    ) as found:
        SqliteStore().add_texts({"a": b"text"})
    assert "TMPDIR" in found.value.hint


def test_a_folder_that_is_missing_is_told(monkeypatch):
    """With its reason."""

    def refuse(**_: object) -> str:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(OutsideError, match="a temporary file cannot be written: the disk is full"):
        SqliteStore()


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"no database")])
def test_a_file_that_was_damaged_is_told(damage, tmp_path, monkeypatch):
    """By somebody who cleans up."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    store = SqliteStore()
    store.add_texts({"a": b"text"})
    stories = store.finish([])
    for path in tmp_path.glob("*/*"):
        damage(path)
    with pytest.raises(OutsideError, match="a temporary file"):
        store.text("a")
    assert len(stories) == 0


def test_a_large_site_is_the_same_site(monkeypatch):
    """Wherever its stories are."""
    files = {f"news/s{number}.en.md": an_item(f"Text {number}.\n", id=f"s-{number}") for number in range(5)}
    small = load_files(files)
    monkeypatch.setattr("newsfeed.build.load.MANY", 3)
    large = load_files(files)
    assert isinstance(small.store, MemoryStore)
    assert isinstance(large.store, SqliteStore)
    assert [*large.library.stories.items()] == [*small.library.stories.items()]
    assert large.rows == small.rows
    assert large.library.paths == small.library.paths
