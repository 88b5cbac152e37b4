"""What every source of files promises: the one on disk, and its twin in memory."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from newsfeed.errors import OutsideError
from newsfeed.model import Asset, RawFile
from newsfeed.ports import Source
from newsfeed.sources.folder import FolderSource
from newsfeed.testing import MemorySource, write_tree
from tests.sources.texts import texts_of

Files = Mapping[str, str | bytes]
Make = Callable[[Files], Source]


@pytest.fixture(params=["folder", "memory"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Makes a source that holds the given files."""
    if request.param == "memory":
        return MemorySource
    return lambda files: FolderSource(write_tree(tmp_path, files), 1_000_000)


FILES: Files = {
    "config.toml": "",
    "README.md": "not content",
    "news/b.en.md": "B",
    "news/a/index.de.md": "Ä",
    "news/a.en.md": b"\xff\x00",
    "news/a/plan.pdf": b"%PDF-",
    "news/MD": b"",
    "news/x.MD": b"12",
    "news/empty.en.md": b"",
    "pages/c.md": "C",
    "programmes/d.en.md": "D",
    "projects/e.en.md": "E",
    "projects/notes.txt": "abc",
    "news/.hidden.en.md": "H",
    "news/.git/f.en.md": "H",
    "news/.DS_Store": b"H",
    "public/g.en.md": "G",
    "newsletter/h.en.md": "H",
}


def test_texts_are_the_markdown_files_of_the_content_folders(make):
    """In the order of their paths, with bytes and size; what begins with a dot is not there."""
    assert texts_of(make(FILES)) == [
        RawFile("news/a.en.md", b"\xff\x00", size=2),
        RawFile("news/a/index.de.md", "Ä".encode(), size=2),
        RawFile("news/b.en.md", b"B", size=1),
        RawFile("news/empty.en.md", b"", size=0),
        RawFile("pages/c.md", b"C", size=1),
        RawFile("programmes/d.en.md", b"D", size=1),
        RawFile("projects/e.en.md", b"E", size=1),
    ]


def test_assets_are_all_other_files_of_the_content_folders(make):
    """With size and, where the name tells it, media type."""
    assert list(make(FILES).assets()) == [
        Asset("news/MD", 0),
        Asset("news/a/plan.pdf", 5, "application/pdf"),
        Asset("news/x.MD", 2, "text/markdown"),
        Asset("projects/notes.txt", 3, "text/plain"),
    ]


def test_a_source_can_be_read_again(make):
    """Once for checking, and once more for rendering."""
    source = make(FILES)
    assert texts_of(source) == texts_of(source)
    assert list(source.assets()) == list(source.assets())


def test_each_file_can_be_read_by_its_path(make):
    """Texts and assets alike."""
    source = make(FILES)
    assert source.read("news/a.en.md") == b"\xff\x00"
    assert source.read("news/a/plan.pdf") == b"%PDF-"


@pytest.mark.parametrize("path", ["news/gone.en.md", "news/a", "gone/a.en.md"])
def test_a_file_that_is_gone_is_an_error_from_outside(make, path):
    """It names the file; folders are no files."""
    source = make(FILES)
    with pytest.raises(OutsideError, match=f"^{path}: ") as caught:
        source.read(path)
    assert caught.value.exit_status == 3


def test_a_source_may_be_empty(make):
    """A site without content folders is a site."""
    source = make({})
    assert (texts_of(source), list(source.assets())) == ([], [])
