"""Pictures are made once: later builds, and builds elsewhere, open none that they know."""

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO

import PIL.Image
import pytest

from newsfeed.app import builds
from newsfeed.render import pictures
from newsfeed.testing import CONFIG, an_item, write_tree
from tests.site.test_pictures import SIDEWAYS, photo, story

NOW = datetime.fromisoformat("2026-06-01T12:00+00:00")
LONG_AGO = 1_700_000_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A site with pictures that nobody has touched for a while, one of them under two names."""
    files: dict[str, str | bytes] = {"config.toml": CONFIG}
    for name, data in {
        "a.jpg": photo(),
        "same.jpg": photo(),
        "turned.jpg": photo(700, 400, turned=SIDEWAYS),
    }.items():
        files[f"news/{name}"] = data
        files[f"news/{name.replace('.', '-')}.en.md"] = story(name.replace(".", "-"), name)
    write_tree(tmp_path / "site", files)
    for path in (tmp_path / "site").rglob("*.*"):
        os.utime(path, (LONG_AGO, LONG_AGO))
    return tmp_path / "site"


def build(
    root: Path, output: Path, *, cache: Path | None = None, later: int = 10, is_fresh: bool = False
) -> Path:
    """Build the whole site, some seconds later than its files were written, as the command does."""
    opened = builds.open_build(
        root, output, {"NEWSFEED_CACHE": str(cache or root.parent / "cache")}, 1, is_fresh=is_fresh
    )
    opened = replace(opened, looked=time.time_ns() + later * 1_000_000_000)
    site = builds.read_site(opened, NOW)
    _, memory = builds.full_build(opened, site, NOW, None)
    builds.remember(opened, memory)
    return output


def all_files(folder: Path) -> dict[str, bytes]:
    """What is published but for what says whose it is."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*.*")
        if path.is_file() and not path.name.startswith(".newsfeed")
    }


@pytest.fixture
def count_opened(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Count how often a picture was opened."""
    opened: list[object] = []
    original = PIL.Image.open

    def counted(file: IO[bytes]) -> PIL.Image.Image:
        opened.append(file)
        return original(file)

    monkeypatch.setattr(PIL.Image, "open", counted)
    return lambda: len(opened)


def test_another_title_opens_no_picture(root: Path, count_opened: Callable[[], int]) -> None:
    """All pages are made anew."""
    build(root, root / "public")
    before = count_opened()
    config = root / "config.toml"
    config.write_text(config.read_text().replace('title = "', 'title = "New ', 1))
    assert b"New " in all_files(build(root, root / "public"))["en/index.html"]
    assert count_opened() == before > 0


def test_a_deleted_output_is_made_again_without_opening_a_picture(
    root: Path, count_opened: Callable[[], int]
) -> None:
    """And is the same."""
    files = all_files(build(root, root / "public"))
    before = count_opened()
    shutil.rmtree(root / "public")
    assert all_files(build(root, root / "public")) == files
    assert count_opened() == before


def test_a_fresh_clone_with_a_restored_cache_makes_no_picture_again(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks into each, for nobody knows them there; it decodes none."""
    before = all_files(build(root, root / "public"))
    clone = tmp_path / "clone"
    shutil.copytree(root, clone, ignore=shutil.ignore_patterns("public"))
    shutil.copytree(tmp_path / "cache", tmp_path / "restored")

    def loaded(*_: object) -> None:
        raise AssertionError("a picture was decoded")

    monkeypatch.setattr(PIL.Image.Image, "load", loaded)
    monkeypatch.setattr(PIL.Image.Image, "save", loaded)
    assert all_files(build(clone, clone / "public", cache=tmp_path / "restored")) == before


def test_a_fresh_build_believes_nothing(root: Path, count_opened: Callable[[], int]) -> None:
    """It opens all pictures, as the first one did."""
    build(root, root / "public")
    first = count_opened()
    build(root, root / "public", is_fresh=True)
    assert count_opened() >= first + 3


def test_a_changed_picture_is_seen(root: Path) -> None:
    """Also when the build before came right after it was written."""
    before = all_files(build(root, root / "public", later=-100))
    (root / "news/a.jpg").write_bytes(photo(800, 400))
    after = all_files(build(root, root / "public"))
    assert 'width="800"' in after["en/news/2026/a-jpg/index.html"].decode()
    assert before["en/news/2026/turned-jpg/index.html"] == after["en/news/2026/turned-jpg/index.html"]


def test_the_same_picture_under_two_names_is_made_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is there twice."""
    made = []
    encode = pictures.encode_picture

    def counted(image: PIL.Image.Image, width: int, form: str) -> bytes:
        made.append((image.size, width, form))
        return encode(image, width, form)

    monkeypatch.setattr(pictures, "encode_picture", counted)
    files = all_files(build(root, root / "public"))
    assert len(made) == len(set(made))
    assert sum(path.endswith(".320.webp") and "turned" not in path for path in files) == 2


def edit(root: Path, output: Path) -> Path:
    """Bring the output up to date after a few edits, as the command does."""
    opened = builds.open_build(root, output, {"NEWSFEED_CACHE": str(root.parent / "cache")}, 1)
    done = builds.quick_build(opened, NOW)
    assert done is not None, "this is no small change"
    builds.remember(opened, done[1])
    return output


def build_for_edits(root: Path, output: Path) -> None:
    """Build the whole site, and remember its files as they are."""
    opened = builds.open_build(root, output, {"NEWSFEED_CACHE": str(root.parent / "cache")}, 1)
    inputs = builds.hash_inputs(opened)
    site = builds.read_site(opened, NOW)
    _, memory = builds.full_build(opened, site, NOW, inputs)
    assert builds.remember(opened, memory)


def test_an_edit_of_a_text_opens_no_picture(root: Path, count_opened: Callable[[], int]) -> None:
    """It publishes what a build of the whole site does."""
    build_for_edits(root, root / "public")
    before = count_opened()
    text = root / "news/turned-jpg.en.md"
    text.write_text(text.read_text().replace("Some text.", "![Other](a.jpg) *New* text."))
    edited = all_files(edit(root, root / "public"))
    assert count_opened() == before
    assert edited == all_files(build(root, root / "again", cache=root.parent / "other"))


def test_a_card_changes_and_goes_with_an_edit(root: Path) -> None:
    """Each time the output is what a build of the whole site makes."""
    (root / "config.toml").write_text(CONFIG + "[brand]\ncards = true\n")
    text = root / "news/new.en.md"
    text.write_text(an_item(id="new", title="First"))
    build_for_edits(root, root / "public")
    card = "en/news/2026/new/card.png"
    cards = {all_files(root / "public")[card]}
    for fields, has_card in (({}, True), ({"image": "a.jpg", "image_alt": "x"}, False)):
        text.write_text(an_item(id="new", title="Second", **fields))
        edited = all_files(edit(root, root / "public"))
        assert (card in edited) is has_card
        assert edited.get(card) not in cards
        assert edited == all_files(build(root, root / "again", cache=root.parent / "other"))
