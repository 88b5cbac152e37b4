"""Compressed copies beside pages and feeds: artifacts like others."""

import gzip
import json
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsfeed.app import builds as cached
from newsfeed.app.built import Built
from newsfeed.build.folder_handle import FolderHandle
from newsfeed.build.output import MANIFEST, _rank, _steps
from newsfeed.testing import an_item, write_tree
from tests.build.builds import TWO_LANGUAGES, build_all
from tests.site.builds import tree

NOW = datetime(2026, 2, 1, 9, tzinfo=UTC)
GZ = TWO_LANGUAGES + '\n[output]\ncompress = ["gz"]\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A site with compressed copies."""
    files = {
        "config.toml": GZ,
        "news/a.en.md": an_item("[x](p.svg)\n", id="a-b"),
        "news/b.en.md": an_item(id="b-c", slug="b"),
        "news/p.svg": "<svg/>",
    }
    return write_tree(tmp_path / "site", files)


def build(root: Path, name: str = "out") -> Built:
    """A warm build."""
    opened = cached.open_build(root, root.parent / name, {"XDG_CACHE_HOME": str(root.parent / "cache")}, 1)
    return build_all(opened, NOW)


def test_every_text_has_a_copy_that_unpacks_to_it(root: Path) -> None:
    """Pages, feeds, lists of feeds, the style sheet; not the site's own files. All are in the manifest."""
    build(root)
    files = tree(root.parent / "out")
    originals = {path for path in files if not path.endswith(".gz")}
    copies = {path for path in files if path.endswith(".gz")}
    assert copies == {f"{path}.gz" for path in originals if not path.startswith("files/")}
    assert {
        "en/feed.rss.gz",
        "en/index.html.gz",
        "en/feeds.opml.gz",
        "style.css.gz",
        "sitemap.xml.gz",
    } <= copies
    assert [path for path in copies if gzip.decompress(files[path]) != files[path[:-3]]] == []
    assert set(json.loads((root.parent / "out" / MANIFEST).read_bytes())["files"]) == set(files)


def test_copies_say_nothing_of_when_they_were_made(root: Path) -> None:
    """The same bytes at any time: warm, cold, and after other builds."""
    build(root)
    before = tree(root.parent / "out")
    time.sleep(1.1)
    assert build(root).published.written == 0
    build(root, "other")
    assert tree(root.parent / "other") == before


def test_a_copy_that_somebody_changed_or_deleted_is_mended(root: Path) -> None:
    """As its original is."""
    build(root)
    before = tree(root.parent / "out")
    (root.parent / "out/en/index.html.gz").write_bytes(b"x")
    (root.parent / "out/en/feed.atom.gz").unlink()
    (root.parent / "out/de/index.html").unlink()
    assert build(root).published.written == 3
    assert tree(root.parent / "out") == before


def test_copies_go_with_their_originals_and_with_the_wish(root: Path) -> None:
    """A story that is deleted, and a configuration that wants none any more."""
    build(root)
    assert (root.parent / "out/en/news/2026/b/index.html.gz").exists()
    (root / "news/b.en.md").unlink()
    build(root)
    assert not (root.parent / "out/en/news/2026/b").exists()
    write_tree(root, {"config.toml": TWO_LANGUAGES})
    done = build(root).published
    assert [path for path in tree(root.parent / "out") if path.endswith(".gz")] == []
    assert (done.written, done.removed) == (0, done.unchanged - 1)


def test_a_copy_is_put_in_place_right_after_its_original(tmp_path: Path) -> None:
    """New files first, then what changes; a copy never comes long before or after its text."""
    old = ["en/feed.rss", "en/index.html", "en/news/a/index.html"]
    write_tree(tmp_path, dict.fromkeys(old, "x"))
    new = ["en/news/b/index.html", "files/x.png", "en/topics/new/feed.rss"]
    paths = [
        path + ending
        for path in (*old, *new)
        for ending in (".gz", "")
        if path != "files/x.png" or not ending
    ]
    with closing(FolderHandle(tmp_path)) as handle:
        steps = _steps(handle, paths)
    assert steps == (
        ["en/news/b", "en/topics", "files"],
        [
            "en/news/a/index.html",
            "en/news/a/index.html.gz",
            "en/index.html",
            "en/index.html.gz",
            "en/feed.rss",
            "en/feed.rss.gz",
        ],
    )


def test_what_goes_goes_the_other_way_round() -> None:
    """Feeds before lists, lists before texts, texts before their files; a copy before its original."""
    paths = ["en/feed.rss", "en/news/a/index.html", "files/x.png", "en/index.html", "en/feed.rss.gz"]
    assert sorted(paths, key=_rank, reverse=True) == [
        "en/feed.rss.gz",
        "en/feed.rss",
        "en/index.html",
        "en/news/a/index.html",
        "files/x.png",
    ]


def test_nothing_is_compressed_unless_it_is_wished(root: Path) -> None:
    """Many hosts have no use for it."""
    write_tree(root, {"config.toml": TWO_LANGUAGES})
    build(root)
    assert [path for path in tree(root.parent / "out") if path.endswith(".gz")] == []
