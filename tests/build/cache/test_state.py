"""Builds that do nothing: only when nothing at all can have changed."""

import os
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsfeed.app import builds as cached
from newsfeed.app import site
from newsfeed.app.built import Built
from newsfeed.build.cache import state
from newsfeed.testing import an_item, write_tree
from tests.build.builds import TWO_LANGUAGES, build_all, copy_of_build, open_in
from tests.pictures import png

NOW = datetime(2026, 2, 1, 9, tzinfo=UTC)
PAST = time.time_ns() - 60 * 10**9


@pytest.fixture(scope="session")
def built_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small site, its output and its cache, to be copied."""
    folder = tmp_path_factory.mktemp("state")
    write_tree(
        folder / "site",
        {
            "config.toml": TWO_LANGUAGES,
            "news/a.en.md": an_item("![x](p.png)\n", id="a-b", date="2026-01-05"),
            "news/p.png": png(),
            "news/later.en.md": an_item(id="l-r", slug="later", date="2026-03-01", expires="2026-04-01"),
        },
    )
    build_all(open_in(folder), NOW)
    return folder


@pytest.fixture
def built_once(built_before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> cached.CachedBuild:
    """A site whose files have settled, built once."""
    monkeypatch.setattr("newsfeed.build.cache.file_stats.SETTLED", -(10**12))  # all moments are long ago
    copy_of_build(built_before, tmp_path, NOW)
    return open_in(tmp_path)


def open_again(folder: Path) -> cached.CachedBuild:
    """The build of the next process."""
    return open_in(folder)


def noop(build: cached.CachedBuild, now: datetime = NOW) -> Built | None:
    """What a build says that has nothing to do; ``None`` of any other."""
    done = cached.quick_build(build, now)
    return done[0] if done is not None and done[1].snapshot is None else None


def test_the_second_build_has_nothing_to_do(built_once: cached.CachedBuild, tmp_path: Path) -> None:
    """And says what the first one said."""
    again = open_again(tmp_path)
    same = noop(again)
    assert same is not None
    assert again.last is not None
    assert again.last.problems == site.read(built_once.root, NOW).problems
    again = build_all(open_again(tmp_path), NOW)
    assert (same.pages, same.feeds) == (again.pages, again.feeds)
    assert (same.published.written, same.published.unchanged) == (0, again.published.unchanged)


@pytest.mark.parametrize(
    "path", ["site/news/a.en.md", "site/news/p.png", "site/config.toml", "out/index.html", "out/.newsfeed-manifest.json"]
)  # fmt: skip
@pytest.mark.parametrize("how", ["write", "delete"])
def test_a_change_of_any_file_is_something_to_do(
    built_once: cached.CachedBuild, tmp_path: Path, path: str, how: str
) -> None:
    """Of content, configuration, and of what was published."""
    if how == "write":
        (tmp_path / path).write_bytes((tmp_path / path).read_bytes() + b" ")
    else:
        (tmp_path / path).unlink()
    assert noop(open_again(tmp_path)) is None


def test_a_new_file_is_something_to_do(built_once: cached.CachedBuild, tmp_path: Path) -> None:
    """Deep in a new folder, too; beside the site it is not."""
    write_tree(tmp_path / "site", {"README.md": "x", "public/x": "x"})
    assert noop(open_again(tmp_path)) is not None
    write_tree(tmp_path / "site", {"news/x/y/z.en.md": an_item(id="z-z")})
    assert noop(open_again(tmp_path)) is None


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        (NOW + timedelta(days=27), True),
        (NOW + timedelta(days=28), False),
        (NOW + timedelta(days=90), False),
        (NOW - timedelta(days=20), True),
        (NOW - timedelta(days=60), False),
    ],
)
def test_time_alone_is_something_to_do_when_a_story_turns(
    built_once: cached.CachedBuild, tmp_path: Path, moment: datetime, quiet: bool
) -> None:
    """It comes due or expires; or the clock goes back before one was public."""
    assert (noop(open_again(tmp_path), moment) is not None) == quiet


def test_another_environment_is_something_to_do(built_once: cached.CachedBuild, tmp_path: Path) -> None:
    """Another program, template or catalogue."""
    write_tree(tmp_path / "site", {"templates/style.css": "p {}"})
    assert noop(open_again(tmp_path)) is None


@pytest.mark.parametrize(
    "name", ["state", "inputs.names", "inputs.stats", "inputs.hashes", "outputs.names", "outputs.stats"]
)
def test_without_a_part_of_it_nothing_is_believed(
    name: str, built_once: cached.CachedBuild, tmp_path: Path
) -> None:
    """Whatever is missing."""
    assert open_again(tmp_path).last is not None
    with closing(sqlite3.connect(built_once.cache.path)) as connection, connection:
        connection.execute("DELETE FROM value WHERE name = ?", (name,))
    assert open_again(tmp_path).last is None


def test_a_file_that_was_touched_just_now_is_not_trusted(tmp_path: Path) -> None:
    """It could change once more in the same moment; one that comes from the future never settles."""
    file = write_tree(tmp_path, {"news/a.en.md": "x"}) / "news/a.en.md"
    assert trusted(tmp_path) == []
    time.sleep(2.1)
    assert trusted(tmp_path) == ["news/a.en.md"]
    future = time.time() + 3600  # the clock was set back
    os.utime(file, (future, future))
    time.sleep(2.1)
    assert trusted(tmp_path) == []


def trusted(folder: Path) -> list[str]:
    """The files of a site whose stats count."""
    looks = state.list_content_stats(folder)
    assert looks is not None
    return sorted({*looks.paths()} - looks.without_recent(time.time_ns()).differing(looks))


def test_links_and_unreadable_folders_are_not_trusted(tmp_path: Path) -> None:
    """Their stats say nothing of what they lead to."""
    looks = state.list_content_stats(tmp_path)
    assert looks is not None
    assert looks.paths() == []
    (tmp_path / "news").mkdir()
    (tmp_path / "news/link.md").symlink_to(tmp_path / "elsewhere")
    assert state.list_content_stats(tmp_path) is None
    (tmp_path / "news/link.md").unlink()
    (tmp_path / "pages").write_text("no folder")
    assert state.list_content_stats(tmp_path) is None


def test_an_asset_that_changes_in_the_same_moment_is_published(tmp_path: Path) -> None:
    """Of the same size, with the same stat: while stats are fresh, bytes decide."""
    write_tree(
        tmp_path / "site",
        {
            "config.toml": TWO_LANGUAGES,
            "news/a.en.md": an_item("![x](p.png)\n", id="a-b"),
            "news/p.png": png(),
        },
    )
    asset, stamp = tmp_path / "site/news/p.png", (time.time_ns(), time.time_ns())
    os.utime(asset, ns=stamp)
    real = os.stat
    fixed = real(asset)

    def coarse(path, *args: object, **more: object):
        found = real(path, *args, **more)  # type: ignore[arg-type]
        return fixed if str(path) == str(asset) else found

    patch = pytest.MonkeyPatch()
    with patch.context() as patched:
        patched.setattr(os, "stat", coarse)
        build_all(open_again(tmp_path), NOW)
        asset.write_bytes(b"two")
        build_all(open_again(tmp_path), NOW)
    assert (tmp_path / "out/files/news/a-b/p.png").read_bytes() == b"two"
