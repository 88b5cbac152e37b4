"""The manifest: changed in place, it is what it would be if written anew."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.publish.manifest import MANIFEST, amend_manifest, read_manifest, write_manifest

names = st.text('ab/!" \\é}', min_size=1, max_size=5)
digests = st.text("0123456789abcdef", min_size=4, max_size=4)
entries = st.dictionaries(names, digests, max_size=8)
notes = st.dictionaries(names, st.text('ab "é', max_size=6), max_size=8)


def changes(
    data: st.DataObject, before: dict[str, str], values: st.SearchStrategy[str]
) -> dict[str, str | None]:
    """Some entries get other values, some are new, some go."""
    known = data.draw(st.lists(st.sampled_from(sorted(before)), unique=True)) if before else []
    some = dict.fromkeys((*known, *data.draw(st.lists(names, max_size=2))))
    return {name: data.draw(st.one_of(values, st.none())) for name in some}


def changed(before: dict[str, str], by: dict[str, str | None]) -> dict[str, str]:
    """The same of dictionaries."""
    return {name: value for name, value in {**before, **by}.items() if value is not None}


@given(entries, notes, st.data())
def test_amending_is_writing_anew(files: dict[str, str], pages: dict[str, str], data: st.DataObject) -> None:
    """Byte for byte, whatever names look like."""
    new_files, new_pages = changes(data, files, digests), changes(data, pages, st.text('xy "', max_size=6))
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_manifest(folder, files, pages)
        amend_manifest(folder, new_files, new_pages)
        amended = (folder / MANIFEST).read_bytes()
        after = changed(files, new_files), changed(pages, new_pages)
        assert read_manifest(folder) == after
        write_manifest(folder, *after)
        assert amended == (folder / MANIFEST).read_bytes()


@pytest.mark.parametrize("text", ["", "{}", "no JSON", '{"files": {}, "pages": {}}'])
def test_what_others_wrote_is_not_amended(text: str, tmp_path: Path) -> None:
    """Nothing is guessed, and the file stays as it is."""
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(ValueError, match="not in list"):
        amend_manifest(tmp_path, {"a": "0"}, {})
    assert (tmp_path / MANIFEST).read_text() == text
