"""What changed, came and went: stats first, and where they differ what is in the files."""

import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from newsfeed.build.cache.content_files import ContentFiles
from newsfeed.build.cache.content_hash import UNKNOWN, content_hash, hash_files, is_as_published
from newsfeed.build.cache.file_stats import FileStats, file_stat
from newsfeed.build.folder_handle import FolderHandle
from newsfeed.build.manifest import write_manifest
from newsfeed.build.staging import digest_of

names = st.sampled_from("abcdefgh")
stats = st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2))
contents = st.binary(max_size=1)
sites = st.dictionaries(names, st.tuples(stats, contents), max_size=6)


def files_of(site: dict[str, tuple[tuple[int, ...], bytes]]) -> ContentFiles:
    """As a build left them."""
    looks = FileStats.of({path: stat for path, (stat, _) in site.items()})
    return ContentFiles.of(looks, {path: content_hash(data) for path, (_, data) in site.items()})


@given(sites, sites)
def test_a_file_changed_when_both_its_stat_and_its_content_differ(
    before: dict[str, tuple[tuple[int, ...], bytes]], after: dict[str, tuple[tuple[int, ...], bytes]]
) -> None:
    """Files with the same stat are not even read; the others are known by their contents then."""
    old = files_of(before)
    looks = FileStats.of({path: stat for path, (stat, _) in after.items()})
    wanted = old.to_be_hashed(looks)
    assert set(wanted) == {path for path in after if path not in before or before[path][0] != after[path][0]}
    changed, now = old.compared(looks, {path: content_hash(after[path][1]) for path in wanted})
    both = before.keys() & after.keys()
    differing = {
        path for path in both if before[path][0] != after[path][0] and before[path][1] != after[path][1]
    }
    assert changed == (before.keys() ^ after.keys()) | differing
    seen = {path: (after[path][0], after[path][1] if path in wanted else before[path][1]) for path in after}
    assert now == files_of(seen)


def test_a_file_that_cannot_be_read_has_changed() -> None:
    """And counts as changed the next time, too."""
    old = files_of({"a": ((1, 1, 1), b"x")})
    changed, now = old.compared(FileStats.of({"a": (1, 2, 2)}), {})
    assert changed == {"a"}
    assert now.by_path() == {"a": UNKNOWN}
    assert now.compared(FileStats.of({"a": (1, 3, 3)}), {"a": content_hash(b"x")})[0] == {"a"}


def test_young_files_are_hashed_and_not_read_as_changed() -> None:
    """Their stats are not kept, their contents are."""
    site = {"a": ((1, 10**18, 10**18), b"x"), "b": ((1, 1, 1), b"x")}
    young = files_of(site).without_recent(10**18)
    looks = FileStats.of({path: stat for path, (stat, _) in site.items()})
    assert young.to_be_hashed(looks) == ["a"]
    assert young.compared(looks, {"a": content_hash(b"x")})[0] == set()
    assert young.compared(looks, {"a": content_hash(b"y")})[0] == {"a"}


def test_hashes_are_those_of_git(tmp_path: Path) -> None:
    """Of files that are there, and are files."""
    (tmp_path / "a").write_bytes(b"what is up, doc?")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("a")
    os.mkfifo(tmp_path / "pipe")
    found = hash_files(tmp_path, ["a", "folder", "link", "pipe", "none"])
    assert {path: one.hex() for path, one in found.items()} == {
        "a": "bd9dbf5aae1a3862dd1526723246b20206e5fc37"
    }


def test_published_files_with_other_times_are_as_published(tmp_path: Path) -> None:
    """As in a restored folder; not with other bytes, of whatever length, nor behind a link."""
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"12")
    write_manifest(FolderHandle(tmp_path), [("a", digest_of([b"1", b"2"])), ("b", digest_of([b"12"]))], [])
    (piece,) = FileStats.of({name: file_stat(tmp_path / name) or () for name in ("a", "b")}).pieces()
    assert is_as_published(tmp_path, piece)
    os.utime(tmp_path / "b", (1, 1))
    assert is_as_published(tmp_path, piece)
    for data in (b"21", b"123", b""):
        (tmp_path / "b").write_bytes(data)
        assert not is_as_published(tmp_path, piece)
    (tmp_path / "b").unlink()
    assert not is_as_published(tmp_path, piece)
    (tmp_path / "b").symlink_to("a")
    assert not is_as_published(tmp_path, piece)
    (tmp_path / "b").unlink()
    (tmp_path / "b").mkdir()
    assert not is_as_published(tmp_path, piece)


def test_a_file_of_any_size_costs_no_more_than_a_small_one(tmp_path: Path) -> None:
    """It is not read: what it looks like stands for what is in it, and a change of it is seen."""
    film = tmp_path / "film.mp4"
    with film.open("wb") as file:
        file.truncate(20 * 10**9)
    before = hash_files(tmp_path, ["film.mp4"])
    assert before == hash_files(tmp_path, ["film.mp4"]) != {}
    with film.open("r+b") as file:
        file.truncate(20 * 10**9 + 1)
    assert hash_files(tmp_path, ["film.mp4"]) != before
