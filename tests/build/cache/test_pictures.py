"""Pictures that builds made: kept by what they were made of, and believed only when they are whole."""

import os
from pathlib import Path

from newsfeed.build.cache.pictures import PictureCache


def refuse() -> bytes:
    """Make nothing."""
    raise AssertionError("it was made again")


def test_a_picture_is_made_once(tmp_path: Path) -> None:
    """Another cache in the same folder knows it, too; only its user may look there."""
    cache = PictureCache(tmp_path / "a/pictures")
    assert cache.get_or_make("one-320.webp", lambda: b"one") == b"one"
    assert PictureCache(tmp_path / "a/pictures").get_or_make("one-320.webp", refuse) == b"one"
    assert (tmp_path / "a/pictures").stat().st_mode & 0o077 == 0


def test_what_is_damaged_or_bears_another_name_is_made_again(tmp_path: Path) -> None:
    """So a build that was killed, or a disk that lies, changes no picture."""
    cache = PictureCache(tmp_path)
    cache.get_or_make("one", lambda: b"one")
    (tmp_path / "two").write_bytes((tmp_path / "one").read_bytes())
    assert cache.get_or_make("two", lambda: b"two") == b"two"
    (tmp_path / "one").write_bytes((tmp_path / "one").read_bytes()[:-1])
    assert cache.get_or_make("one", lambda: b"uno") == b"uno"
    assert cache.get_or_make("one", refuse) == b"uno"


def test_a_folder_that_cannot_be_is_no_trouble(tmp_path: Path) -> None:
    """The picture is made each time."""
    (tmp_path / "file").write_text("")
    cache = PictureCache(tmp_path / "file/pictures")
    assert cache.get_or_make("one", lambda: b"one") == b"one"
    cache.forget_old()


def test_what_no_build_has_asked_for_in_three_months_goes(tmp_path: Path) -> None:
    """What one asked for stays."""
    cache = PictureCache(tmp_path)
    for name in ("old", "asked", "new"):
        cache.get_or_make(name, lambda: b"x")
    for name in ("old", "asked"):
        os.utime(tmp_path / name, (0, 0))
    cache.get_or_make("asked", refuse)
    cache.forget_old()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["asked", "new"]


def test_the_folder_follows_the_cache_of_the_site(tmp_path: Path) -> None:
    """Which a machine that restores it names."""
    for variable, folder in (("NEWSFEED_CACHE", "pictures"), ("XDG_CACHE_HOME", "newsfeed/pictures")):
        PictureCache.of({variable: str(tmp_path)}).get_or_make(variable, lambda: b"x")
        assert (tmp_path / folder / variable).is_file()


def test_a_folder_that_others_may_write_into_is_not_believed(tmp_path: Path) -> None:
    """Nor is what lies in one."""
    cache = PictureCache(tmp_path / "pictures")
    cache.get_or_make("one", lambda: b"one")
    (tmp_path / "pictures").chmod(0o777)
    assert cache.get_or_make("one", lambda: b"uno") == b"uno"
    (tmp_path / "pictures").chmod(0o700)
    assert cache.get_or_make("one", refuse) == b"uno"


def test_nobody_else_may_write_into_the_folders_that_are_made(tmp_path: Path) -> None:
    """Whatever rights new folders have here."""
    before = os.umask(0)
    try:
        PictureCache(tmp_path / "newsfeed/pictures").get_or_make("one", lambda: b"one")
    finally:
        os.umask(before)
    assert PictureCache(tmp_path / "newsfeed/pictures").get_or_make("one", refuse) == b"one"
