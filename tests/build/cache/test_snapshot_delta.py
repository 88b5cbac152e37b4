"""What amendments change in what is held is kept beside it, and nothing of it is lost."""

from pathlib import Path

import pytest

from newsfeed.app import builds as workshop
from newsfeed.build.cache.snapshot import Held
from newsfeed.testing import write_tree
from tests.build.builds import build_all
from tests.build.test_incremental import NOW, edit, is_clean, made, opened, root, story

__all__ = ["root"]


def held(root: Path) -> Held:
    """As the next process finds it."""
    found = workshop.with_held(opened(root)).held
    assert found is not None
    return found


def test_changes_upon_changes_are_all_found_again(root: Path) -> None:
    """Texts, titles, new stories, other topics: what is held is that of a library read anew."""
    whole = opened(root).kept.with_suffix(".held")
    before = whole.read_bytes()
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
        assert made(root) == "amended"
        assert is_clean(root)
    assert whole.read_bytes() == before
    beside = held(root)
    build_all(opened(root), NOW)
    assert whole.read_bytes() != before
    anew = held(root)
    assert beside.rows == anew.rows
    assert dict(beside.library().stories) == dict(anew.library().stories)
    assert beside.others == anew.others
    assert set(beside.linking("news/s-4.en.md")) == set(anew.linking("news/s-4.en.md"))


def test_many_changes_are_kept_with_the_rest(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When there are too many to keep them apart."""
    monkeypatch.setattr("newsfeed.build.cache.snapshot_delta.MOST", 1)
    files = [opened(root).kept.with_suffix(ending) for ending in (".held", ".since")]
    edit("news/s-4.en.md", "Text.", "More.")(root)
    assert made(root) == "amended"
    before = [file.read_bytes() for file in files]
    edit("news/s-5.en.md", "Text.", "More.")(root)
    assert made(root) == "amended"
    assert [file.read_bytes() == old for file, old in zip(files, before, strict=True)] == [False, True]
    edit("news/s-6.en.md", "Text.", "More.")(root)
    assert made(root) == "amended"
    assert is_clean(root)


@pytest.mark.parametrize("how", ["gone", "damaged", "older"])
def test_without_them_all_is_read(root: Path, how: str) -> None:
    """What is held alone is not what the site says."""
    edit("news/s-4.en.md", "Text.", "More.")(root)
    assert made(root) == "amended"
    file = opened(root).kept.with_suffix(".since")
    old = file.read_bytes()
    edit("news/s-5.en.md", "Text.", "More.")(root)
    assert made(root) == "amended"
    if how == "gone":
        file.unlink()
    else:
        file.write_bytes(old if how == "older" else file.read_bytes()[:-1])
    edit("news/s-6.en.md", "Text.", "More.")(root)
    assert made(root) == "whole"
    assert is_clean(root)
