"""The manifest: changed in place, it is what it would be if written anew."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.build.folder_handle import FolderHandle
from newsfeed.build.manifest import MANIFEST, amend_manifest, read_manifest, write_manifest

T = TypeVar("T")
names = st.text('ab/!" \\é}', min_size=1, max_size=5)
digests = st.text("0123456789abcdef", min_size=4, max_size=4)
entries = st.dictionaries(names, digests, max_size=8)
notes = st.dictionaries(names, st.text('ab "é', max_size=6), max_size=8)


def changes(data: st.DataObject, before: dict[str, str], values: st.SearchStrategy[T]) -> dict[str, T]:
    """Some entries get other values, or none, and some are new."""
    known = data.draw(st.lists(st.sampled_from(sorted(before)), unique=True)) if before else []
    some = dict.fromkeys((*known, *data.draw(st.lists(names, max_size=2))))
    return {name: data.draw(values) for name in some}


def changed(before: dict[str, str], by: Mapping[str, str | None]) -> dict[str, str]:
    """The same of dictionaries."""
    return {name: value for name, value in {**before, **by}.items() if value is not None}


def write(folder: Path, files: dict[str, str], pages: dict[str, str]) -> bytes:
    """Write a manifest; returns its bytes."""
    write_manifest(FolderHandle(folder), sorted(files.items()), sorted(pages.items()))
    return (folder / MANIFEST).read_bytes()


@given(entries, notes, st.data())
def test_amending_is_writing_anew(files: dict[str, str], pages: dict[str, str], data: st.DataObject) -> None:
    """Byte for byte, whatever names look like."""
    new_files = changes(data, files, st.one_of(digests, st.none()))
    new_pages = changes(data, pages, st.text('xy "', max_size=6))
    same_pages = dict(data.draw(st.lists(st.sampled_from(sorted(pages.items()))))) if pages else {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, files, pages)
        amend_manifest(FolderHandle(folder), new_files, {**same_pages, **new_pages})
        amended = (folder / MANIFEST).read_bytes()
        after = changed(files, new_files), changed(pages, new_pages)
        assert read_manifest(folder) == after
        assert amended == write(folder, *after)


def test_what_it_says_already_is_not_written(tmp_path: Path) -> None:
    """The file stays the very same."""
    write(tmp_path, {"a.html": "0"}, {"a.html": "a en news/a.en.md"})
    before = (tmp_path / MANIFEST).stat()
    amend_manifest(FolderHandle(tmp_path), {}, {"a.html": "a en news/a.en.md"})
    assert (tmp_path / MANIFEST).stat() == before


@pytest.mark.parametrize("text", ["", "{}", "no JSON", '{"files": {}, "pages": {}}'])
def test_what_others_wrote_is_not_amended(text: str, tmp_path: Path) -> None:
    """Nothing is guessed, and the file stays as it is."""
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(ValueError, match="not in list"):
        amend_manifest(FolderHandle(tmp_path), {"a": "0"}, {})
    assert (tmp_path / MANIFEST).read_text() == text


def test_names_that_nobody_can_write_are_no_names(tmp_path: Path) -> None:
    """Halves of characters, which somebody has put there; whole ones may be written in two halves."""
    text = r'{"files": {"a.html": "0", "\ud800.html": "1", "\uD83D\uDE00.html": "2"}, "pages": {"a.html": "\ud800"}}'
    (tmp_path / MANIFEST).write_text(text)
    assert read_manifest(tmp_path) == ({"a.html": "0", "😀.html": "2"}, {})
