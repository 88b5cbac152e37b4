"""FileStats of many files, packed."""

import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from newsfeed.build.cache.file_stats import SETTLED, FileStats, read_stats

moments = st.integers(0, 2**62)
paths = st.text(
    st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), min_size=1, max_size=8
)
looks = st.dictionaries(paths, st.tuples(st.integers(0, 2**40), moments, moments), max_size=12)


@given(looks)
def test_what_is_packed_is_found_again(found: dict[str, tuple[int, ...]]) -> None:
    """Every path with its stat, in order."""
    packed = FileStats.of(found)
    assert packed.unpack() == found
    assert packed.paths() == sorted(found)
    assert all(path in packed for path in found)
    assert "no such file" not in packed


@given(looks, looks)
def test_differences_are_those_of_dictionaries(
    one: dict[str, tuple[int, ...]], two: dict[str, tuple[int, ...]]
) -> None:
    """Paths that only one has, or whose stats differ."""
    differing = {path for path in one.keys() | two.keys() if one.get(path) != two.get(path)}
    assert FileStats.of(one).differing(FileStats.of(two)) == differing


@given(looks, st.lists(paths, unique=True), st.data())
def test_changed_files_get_a_stamp_that_none_has(
    found: dict[str, tuple[int, ...]], changed: list[str], data: st.DataObject
) -> None:
    """And those that are gone get none."""
    changed += data.draw(st.lists(st.sampled_from(sorted(found)), unique=True)) if found else []
    there = {path for path in changed if data.draw(st.booleans())}
    expected = {path: stat for path, stat in found.items() if path not in changed}
    expected |= dict.fromkeys(there, (0, 0, 0))
    assert FileStats.of(found).without(set(changed), there.__contains__).unpack() == expected


@given(looks, looks, st.data())
def test_patching_is_packing_anew(
    before: dict[str, tuple[int, ...]], made: dict[str, tuple[int, ...]], data: st.DataObject
) -> None:
    """Whatever is new, changed, or gone."""
    left = sorted(before.keys() - made.keys())
    gone = data.draw(st.lists(st.sampled_from(left), unique=True)) if left else []
    packed = FileStats.of(before)
    assert len(packed) == len(before)
    after = {path: one for path, one in {**before, **made}.items() if path not in gone}
    assert packed.patched(made, gone) == FileStats.of(after)


@given(looks, moments)
def test_only_old_changes_are_believed(found: dict[str, tuple[int, ...]], moment: int) -> None:
    """Not those of the last two seconds, nor of the future."""
    settled = FileStats.of(found).without_recent(moment).unpack()
    old = {path for path, (_, *times) in found.items() if max(times) <= moment - SETTLED}
    assert settled == {path: stat if path in old else (0, 0, 0) for path, stat in found.items()}


def test_files_are_looked_at_in_the_order_asked_for(tmp_path: Path) -> None:
    """One that is missing looks like no file."""
    (tmp_path / "a").write_bytes(b"12")
    seen = os.stat(tmp_path / "a")
    numbers = read_stats(tmp_path, ["b", "a"])
    stats = {"b": (), "a": (seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)}
    assert numbers != FileStats.of(stats).numbers
    assert read_stats(tmp_path, ["a", "b"]) == FileStats.of(stats).numbers


@given(looks, st.lists(paths, max_size=4))
def test_the_stats_of_some_are_found(found: dict[str, tuple[int, ...]], some: list[str]) -> None:
    """Of those that are among all."""
    wanted = {*some, *list(found)[:3]}
    assert FileStats.of(found).select(wanted) == {path: found[path] for path in wanted if path in found}


def test_pieces_are_all_of_it(tmp_path: Path) -> None:
    """However many files there are."""
    for number in (0, 1, 499, 500, 501, 1203):
        found = {f"{one:05}": (one, one, one) for one in range(number)}
        stats = FileStats.of(found)
        pieces = stats.pieces()
        assert [path for paths, _ in pieces for path in paths] == stats.paths()
        assert b"".join(numbers for _, numbers in pieces) == stats.numbers
