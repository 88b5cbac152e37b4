"""What is kept between builds: only ever believed when it is ours, whole and of this program."""

import os
import pickle
from pathlib import Path

import pytest

from newsfeed.build.cache import store

NAME = "name of the program"
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
    """A place for a value."""
    return tmp_path / "cache" / "newsfeed" / "x.memory"


def test_what_is_kept_is_found(path: Path) -> None:
    """And the next value takes its place."""
    store.save(path, NAME, {"a": 1})
    assert store.load(path, NAME) == {"a": 1}
    store.save(path, NAME, [2])
    assert store.load(path, NAME) == [2]
    assert [one.name for one in path.parent.iterdir()] == ["x.memory"]


def test_nobody_else_can_read_it(path: Path) -> None:
    """Drafts are in it."""
    store.save(path, NAME, 1)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_nothing_is_found_where_nothing_is(path: Path) -> None:
    """No file, no folder, a folder in the place of the file."""
    assert store.load(path, NAME) is None
    path.mkdir(parents=True)
    assert store.load(path, NAME) is None


def test_another_program_s_memory_is_not_even_unpickled(path: Path) -> None:
    """Nor is one that was damaged: what is not ours runs no code."""
    store.save(path, "another program", Tattler())
    assert store.load(path, NAME) is None
    assert UNPICKLED == []


@pytest.mark.parametrize("keep", [0, 1, 16, 47, 48, 60, -1])
def test_a_half_written_memory_is_none(path: Path, keep: int) -> None:
    """Cut anywhere."""
    store.save(path, NAME, "value" * 100)
    path.write_bytes(path.read_bytes()[:keep])
    assert store.load(path, NAME) is None


@pytest.mark.parametrize("place", [0, 20, 50, 200])
def test_a_flipped_bit_is_noticed(path: Path, place: int) -> None:
    """Whether in the head, the sum or the value."""
    store.save(path, NAME, "value" * 100)
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    assert store.load(path, NAME) is None


def test_a_memory_without_a_head_is_none(path: Path) -> None:
    """As somebody would write who wants us to run something."""
    path.parent.mkdir(parents=True)
    path.write_bytes(pickle.dumps(Tattler()))
    assert store.load(path, NAME) is None
    assert UNPICKLED == []


def test_somebody_else_s_file_is_none(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it holds: in a folder that others may write into, it could hold anything."""
    store.save(path, NAME, Tattler())
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert store.load(path, NAME) is None
    assert UNPICKLED == []


def test_what_cannot_be_unpickled_is_none(path: Path) -> None:
    """Whatever is raised while it is tried."""
    store.save(path, NAME, Vanished())
    assert store.load(path, NAME) is None


@pytest.mark.parametrize("obstacle", ["a file as the folder", "a device as the folder", "a read-only folder"])
def test_a_place_that_cannot_be_written_costs_time_only(
    path: Path, obstacle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is kept, and nothing is raised."""
    if obstacle == "a file as the folder":
        path.parents[1].write_text("in the way")
    elif obstacle == "a device as the folder":
        path = Path(os.devnull) / "newsfeed" / "x.memory"
    else:

        def refuse(*_: object) -> int:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(store, "_private", refuse)
    store.save(path, NAME, 1)
    assert store.load(path, NAME) is None


def test_a_full_disk_leaves_the_last_memory(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new one is written beside it first."""
    store.save(path, NAME, "old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    store.save(path, NAME, "new")
    assert store.load(path, NAME) == "old"


def test_a_site_and_a_folder_have_a_place_of_their_own(tmp_path: Path) -> None:
    """In the cache folder of the user, however the two are written."""
    environment = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    site, out = tmp_path / "site", tmp_path / "out"
    place = store.place(site, out, environment)
    assert place.parent == tmp_path / "cache" / "newsfeed"
    assert store.place(tmp_path / "x" / ".." / "site", out, environment) == place
    assert store.place(site, tmp_path / "other", environment) != place
    assert store.place(out, site, environment) != place


def test_the_cache_folder_is_below_the_home_unless_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative name does not count; without a home nothing can be kept."""
    monkeypatch.setenv("HOME", "/home/ada")
    for environment in ({}, {"XDG_CACHE_HOME": ""}, {"XDG_CACHE_HOME": "relative"}):
        assert store.place(Path("a"), Path("b"), environment).parent == Path("/home/ada/.cache/newsfeed")

    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    nowhere = store.place(Path("a"), Path("b"), {})
    store.save(nowhere, NAME, 1)
    assert store.load(nowhere, NAME) is None


def test_a_shelf_keeps_values_by_their_names(path: Path) -> None:
    """Any value by any name that says all of itself; another program finds none."""
    shelf = store.Shelf(path, NAME)
    names = [
        ("value", b"<item>", ("entry", True, 1)),
        "desk",
        ("template", "de", "x"),
        ("template", "en", "x"),
    ]
    for number, name in enumerate(names):
        assert shelf.get(name) is None
        shelf.put(name, number)
    assert [shelf.get(name) for name in names] == [0, 1, 2, 3]
    shelf.put("desk", 7)
    assert store.Shelf(path, NAME).get("desk") == 7
    assert store.Shelf(path, "another program").get("desk") is None
    assert len([*path.iterdir()]) == len(names)
    shelf.clear()
    assert [shelf.get(name) for name in names] == [None] * 4


def test_a_value_in_another_place_is_not_found(path: Path) -> None:
    """Each says which name it bears."""
    shelf = store.Shelf(path, NAME)
    shelf.put("a", 1)
    (one,) = path.iterdir()
    shelf.put("b", 2)
    (other,) = {*path.iterdir()} - {one}
    other.write_bytes(one.read_bytes())
    assert shelf.get("a") == 1
    assert shelf.get("b") is None
    store.save(one, NAME, "no value of a shelf")
    assert shelf.get("a") is None
