"""The example site: everything in it is of use to look at, nothing in it is wrong, and nobody's folder is
touched for it.
"""

import ast
import importlib.util
import stat
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsfeed.app import site
from newsfeed.app.site import Site
from newsfeed.config.loader import load_settings
from newsfeed.core.site.unpublished import count_unpublished
from newsfeed.editorial.example import READERS_FILE, SITE, list_example_files, write_example_site
from newsfeed.errors import UsageError

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example, written into a new folder."""
    write_example_site(tmp_path / "example", can_search=True)
    return tmp_path / "example"


@pytest.fixture
def example(folder: Path) -> Site:
    """The example as a build reads it."""
    return site.read(folder, NOW)


def test_it_checks_clean(folder: Path) -> None:
    """Not even advice is left: it shows how things are meant."""
    problems, _ = site.check(folder, NOW)
    assert problems == []


def test_it_has_24_stories_in_uneven_languages(example: Site) -> None:
    """Some in all four languages, some in one; and each language is the original of some."""
    stories = example.loaded.library.stories.values()
    assert len(stories) == 24
    by_number = Counter(len(story.items) for story in stories)
    assert all(by_number[number] >= 3 for number in (1, 2, 3, 4))
    assert {story.original for story in stories} == {"en", "de", "fr", "nl"}


def test_every_state_of_a_story_can_be_seen(example: Site) -> None:
    """A draft, one that is to come, and one that is over."""
    found = count_unpublished(example.snapshot.rows, NOW)
    assert (found.drafts, found.scheduled, found.expired) == (1, 1, 1)


def test_every_kind_of_page_is_there(example: Site) -> None:
    """Also older pages of a list, a text that stands in, downloads, and a programme without a text."""
    plan = example.plan.artifacts
    assert {one.kind for one in plan} >= {"story", "list", "dossier", "archive", "month", "static", "search", "asset"}  # fmt: skip
    assert {one.section for one in plan} >= {"topics", "countries", "projects", "programmes", "authors"}
    assert any(one.kind == "list" and one.number for one in plan)
    stories = example.loaded.library.stories.values()
    assert {enclosure.media_type for story in stories for enclosure in story.enclosures} == {
        "text/csv", "application/pdf"
    }  # fmt: skip
    assert set(example.settings.programmes) - set(example.loaded.library.programmes) == {"open-doors"}


def test_every_page_says_that_it_is_invented(example: Site) -> None:
    """In the words of each edition; and whose the pictures are."""
    for language in example.settings.editions:
        words = example.settings.site.notice.get(language.code)
        assert any(invented in words for invented in ("invented", "erfunden", "inventé", "verzonnen"))
        assert "draw.py" in example.settings.site.imprint.get(language.code)


@pytest.mark.slow
def test_the_pictures_are_those_that_the_program_draws(folder: Path) -> None:
    """The same bytes each time; only one is drawn here, which takes seconds."""
    spec = importlib.util.spec_from_file_location("draw", folder / "draw.py")
    assert spec is not None
    assert spec.loader is not None
    draw = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(draw)
    drawn = {*draw.PICTURES, "brand/card.png", "brand/logo.png"}
    assert {name for name in list_example_files() if name.endswith(".png")} == drawn
    name = "news/2024/school-well/well.png"
    assert (folder / name).read_bytes() == draw.PICTURES[name]().png()
    assert (folder / "news/2025/apple-atlas/leaflet.pdf").read_bytes() == draw.leaflet(draw.LEAFLET)


def test_its_script_needs_nothing_but_python() -> None:
    """So that everybody can draw the pictures again."""
    tree = ast.parse((SITE / "draw.py").read_text("utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"collections.abc", "math", "pathlib"}


def test_addresses_are_private(folder: Path) -> None:
    """As they are in every site."""
    assert stat.S_IMODE((folder / READERS_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / READERS_FILE).parent.stat().st_mode) == 0o700


def test_without_pagefind_it_builds_all_the_same(tmp_path: Path) -> None:
    """The search is switched off in its configuration, where it says what to install."""
    write_example_site(tmp_path / "example", can_search=False)
    settings, problems = load_settings(tmp_path / "example")
    assert problems == []
    assert settings is not None
    assert not settings.search.enabled
    assert "pip install newsfeed[search]" in (tmp_path / "example/config.toml").read_text("utf-8")


def test_a_folder_with_files_is_refused(tmp_path: Path) -> None:
    """Whatever they are; an empty folder is welcome."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="not empty"):
        write_example_site(tmp_path, can_search=True)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    (tmp_path / "empty").mkdir()
    assert READERS_FILE in write_example_site(tmp_path / "empty", can_search=True)
