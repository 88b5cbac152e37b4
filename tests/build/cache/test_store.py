"""What is in the cache: only ever believed when it is ours, whole and of this program."""

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path

import pytest

from newsfeed.build.cache import store
from newsfeed.build.cache.store import BuildCache, CacheDamagedError, EnvironmentCache

PROGRAM = "fingerprint of the program"
STATE: Mapping[str, object] = {"state": ("a", 1), "large": "value" * 10_000}
STORIES = {f"s-{number}": f"story {number}".encode() * 100 for number in range(20)}
UNPICKLED: list[str] = []


class Tattler:
    """Tells when it is unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return UNPICKLED.append, ("unpickled",)


class Vanished:
    """Of a class that another version knows."""

    def __reduce__(self) -> tuple[object, ...]:
        return _fail, ()


def _fail() -> None:
    raise KeyError("a zone that is no longer there")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A place for a cache."""
    return tmp_path / "cache" / "newsfeed" / "x.sqlite"


def written(path: Path, values: Mapping[str, object] = STATE, program: str = PROGRAM) -> BuildCache:
    """A cache with values and stories in it."""
    cache = BuildCache(path, program)
    assert cache.replace(values, STORIES.items())
    return cache


def found_in(path: Path) -> BuildCache:
    """The cache as the next process finds it."""
    return BuildCache(path, PROGRAM)


def changed_by_hand(path: Path, statement: str) -> None:
    """Somebody opens the file with SQLite."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def test_what_is_written_is_found_in_another_process(path: Path) -> None:
    """Values and stories; the next build takes its place, and leaves nothing else behind."""
    written(path)
    cache = found_in(path)
    assert {name: cache.read(name) for name in STATE} == STATE
    assert {key: cache.read_story(key) for key in STORIES} == STORIES
    assert cache.read("another") is None
    with pytest.raises(CacheDamagedError):
        cache.read_story("another")
    written(path, {"state": 2})
    assert found_in(path).read("state") == 2
    assert found_in(path).read("large") is None
    assert [one.name for one in path.parent.iterdir()] == ["x.sqlite"]


def test_a_build_writes_what_differs(path: Path) -> None:
    """Values that are the very same are not written, stories come and go."""
    written(path)
    cache = found_in(path)
    values = {name: cache.read(name) for name in STATE}
    query = "SELECT rowid FROM value WHERE name = 'large'"
    with closing(sqlite3.connect(path)) as reader:
        before = reader.execute(query).fetchone()
        assert cache.update({**values, "state": ("b", 2)}, {"s-1": b"new", "s-2": None, "s-99": b"more"})
        assert reader.execute(query).fetchone() == before
    after = found_in(path)
    assert (after.read("state"), after.read("large")) == (("b", 2), STATE["large"])
    assert (after.read_story("s-1"), after.read_story("s-99"), after.read_story("s-3")) == (
        b"new",
        b"more",
        STORIES["s-3"],
    )
    with pytest.raises(CacheDamagedError):
        after.read_story("s-2")


def test_a_build_that_was_overtaken_writes_nothing(path: Path) -> None:
    """What another build has written since is of another state of things."""
    written(path)
    slow, quick = found_in(path), found_in(path)
    assert slow.read("state")
    assert quick.read("state")
    assert quick.update({"state": "quick"}, {"s-1": b"quick"})
    assert not slow.update({"state": "slow"}, {"s-1": b"slow", "s-2": None})
    assert quick.update({"state": "again"}, {})
    after = found_in(path)
    assert (after.read("state"), after.read_story("s-1"), after.read_story("s-2")) == (
        "again",
        b"quick",
        STORIES["s-2"],
    )
    assert not found_in(path).update({"state": "blind"}, {}), "who has not read it knows nothing of it"


def test_nobody_else_can_read_it(path: Path) -> None:
    """Drafts are in it."""
    written(path)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_nothing_is_found_where_nothing_is(path: Path) -> None:
    """No file, no folder, a folder in the place of the file, a file that is no database."""
    assert found_in(path).read("state") is None
    path.mkdir(parents=True, mode=0o700)
    path.parent.chmod(0o700)
    assert found_in(path).read("state") is None
    path.rmdir()
    path.write_text("SQLite format 3\0 it is not")
    assert found_in(path).read("state") is None


def test_another_program_s_cache_is_not_even_unpickled(path: Path) -> None:
    """Nor is a value under another name: what is not ours runs no code."""
    written(path, {"state": Tattler()}, "another program")
    assert found_in(path).read("state") is None
    written(path, {"other": Tattler(), "state": 1})
    changed_by_hand(path, "UPDATE value SET name = 'moved' WHERE name = 'other'")
    assert found_in(path).read("moved") is None
    assert UNPICKLED == []


def test_another_format_is_ignored(path: Path) -> None:
    """As another version of the program would write it."""
    written(path)
    changed_by_hand(path, "PRAGMA user_version = 99")
    assert found_in(path).read("state") is None
    written(path)
    assert found_in(path).read("state") == STATE["state"]


@pytest.mark.parametrize("keep", [0, 1, 16, 100, 5000, 40_000, -1])
def test_of_a_half_written_cache_nothing_wrong_is_read(path: Path, keep: int) -> None:
    """Cut anywhere: what is found is what was written, or nothing."""
    written(path)
    path.write_bytes(path.read_bytes()[:keep])
    is_as_written_or_missing(path)


@pytest.mark.parametrize("part", range(24))
def test_damage_is_noticed(path: Path, part: int) -> None:
    """Bytes that flip anywhere: what is found is what was written, or nothing."""
    written(path)
    data = bytearray(path.read_bytes())
    for place in range(part * 61 % 997, len(data), 997 * (1 + part)):
        data[place] ^= 1 + part
    path.write_bytes(data)
    is_as_written_or_missing(path)


def is_as_written_or_missing(path: Path) -> None:
    """Of each value and story; and the next build writes all anew."""
    cache = found_in(path)
    for name, value in STATE.items():
        assert cache.read(name) in (None, value)
    for key, data in STORIES.items():
        with suppress(CacheDamagedError):
            assert cache.read_story(key) == data
    cache.update({"state": 2}, {"s-1": b"new"})
    cache.close()
    written(path)
    assert found_in(path).read("state") == STATE["state"]


@pytest.mark.parametrize("what", ["file", "folder"])
@pytest.mark.parametrize("how", ["another owner", "others may write", "the group may write"])
def test_what_others_could_have_written_is_not_opened(
    path: Path, what: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it holds."""
    written(path, {"state": Tattler()})
    victim = path if what == "file" else path.parent
    if how == "another owner":
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    else:
        victim.chmod(0o702 if how == "others may write" else 0o720)
    assert found_in(path).read("state") is None
    assert UNPICKLED == []
    if what == "folder":
        assert not found_in(path).replace(STATE, ()), "they could exchange what is written there"


def test_a_link_to_another_file_is_not_followed(path: Path, tmp_path: Path) -> None:
    """It may lead to what a stranger put into the site."""
    written(path)
    path.rename(tmp_path / "elsewhere.sqlite")
    path.symlink_to(tmp_path / "elsewhere.sqlite")
    assert found_in(path).read("state") is None


def test_what_cannot_be_unpickled_is_nothing(path: Path) -> None:
    """Whatever is raised while it is tried."""
    written(path, {"state": Vanished()})
    assert found_in(path).read("state") is None


@pytest.mark.parametrize("obstacle", ["a file as the folder", "a device as the folder", "a full disk"])
def test_a_place_that_cannot_be_written_costs_time_only(
    path: Path, obstacle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is kept, and nothing is raised."""
    if obstacle == "a file as the folder":
        path.parents[1].write_text("in the way")
    elif obstacle == "a device as the folder":
        path = Path(os.devnull) / "newsfeed" / "x.sqlite"
    else:

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "replace", full)
    assert not found_in(path).replace(STATE, STORIES.items())
    assert found_in(path).read("state") is None


def test_death_while_all_is_written_leaves_the_last_cache(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new one is written beside it first."""
    written(path)

    def dying(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", dying)
        with pytest.raises(KeyboardInterrupt):
            found_in(path).replace({"state": "new"}, ())
    assert found_in(path).read("state") == STATE["state"]
    assert [one.name for one in path.parent.iterdir()] == ["x.sqlite"]


def test_death_while_some_is_written_leaves_the_last_cache(path: Path) -> None:
    """A transaction that was begun and not finished is rolled back by whoever opens the file next."""
    written(path)
    child = os.fork()
    if child == 0:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA cache_size = 1")  # so that it reaches the file
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE value SET data = zeroblob(100000)")
        connection.execute("UPDATE story SET data = zeroblob(1000)")
        os._exit(0)
    os.waitpid(child, 0)
    cache = found_in(path)
    assert {name: cache.read(name) for name in STATE} == STATE
    assert {key: cache.read_story(key) for key in STORIES} == STORIES


def test_a_site_and_a_folder_have_a_file_of_their_own(tmp_path: Path) -> None:
    """In the cache folder of the user, however the two are written."""
    environment = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    site, out = tmp_path / "site", tmp_path / "out"
    found = store.cache_path(site, out, environment)
    assert found.parent == tmp_path / "cache" / "newsfeed"
    assert store.cache_path(tmp_path / "x" / ".." / "site", out, environment) == found
    assert store.cache_path(site, tmp_path / "other", environment) != found
    assert store.cache_path(out, site, environment) != found


def test_a_folder_may_be_named_for_one_site(tmp_path: Path) -> None:
    """Then its file has the same name wherever the site is: it can be restored beside another checkout."""
    environment = {"NEWSFEED_CACHE": str(tmp_path / "mine"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    found = store.cache_path(tmp_path / "site", tmp_path / "out", environment)
    assert found.parent == tmp_path / "mine"
    assert store.cache_path(tmp_path / "elsewhere", tmp_path / "other", environment) == found


def test_the_cache_folder_is_below_the_home_unless_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative name does not count; without a home nothing can be kept."""
    monkeypatch.setenv("HOME", "/home/ada")
    for environment in ({}, {"XDG_CACHE_HOME": ""}, {"XDG_CACHE_HOME": "relative"}):
        found = store.cache_path(Path("a"), Path("b"), environment)
        assert found.parent == Path("/home/ada/.cache/newsfeed")

    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    nowhere = store.cache_path(Path("a"), Path("b"), {})
    assert not BuildCache(nowhere, PROGRAM).replace(STATE, ())
    assert BuildCache(nowhere, PROGRAM).read("state") is None


def test_parts_are_written_with_the_build_that_made_them(path: Path) -> None:
    """Any value by any name; another program, and a build that believes nothing, finds none."""
    cache = written(path)
    assert cache.read("state")
    parts = EnvironmentCache(cache)
    names = [("template", "x"), "context", ("template", "y")]
    assert [parts.get(name) for name in names] == [None] * 3
    for number, name in enumerate(names):
        parts.put(name, number)
    assert cache.update({"state": 2, **parts.values()}, {})
    found = EnvironmentCache(found_in(path))
    assert [found.get(name) for name in names] == [0, 1, 2]
    assert EnvironmentCache(BuildCache(path, "another program")).get("context") is None
    assert found.read("y") == 2
    found.write("y", b"compiled")
    assert found.get(("template", "y")) == found.read("y") == b"compiled"
    fresh = EnvironmentCache(found_in(path), is_fresh=True)
    assert fresh.get("context") is None
    assert fresh.values() == {"parts": {}}
    assert EnvironmentCache(found_in(path)).values() == {}, "nobody looked"
