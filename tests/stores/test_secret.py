"""`newsfeed.stores.secret`: from the environment, else from a file only its owner can read."""

import threading

import pytest

from newsfeed.errors import OutsideError
from newsfeed.stores.secret import hold_secret, read_secret


def test_the_environment_counts_more_than_the_file(tmp_path):
    """And no file is made then."""
    assert read_secret("x" * 16, tmp_path / "secret") == b"x" * 16
    assert not (tmp_path / "secret").exists()


def test_a_secret_is_made_once_for_its_owner_only(tmp_path):
    """Folders are made, too."""
    file = tmp_path / "var" / "secret"
    secret = read_secret("", file)
    assert len(secret) >= 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert read_secret("", file) == secret
    assert read_secret("", tmp_path / "other") != secret


def test_a_short_secret_is_refused_without_showing_it(tmp_path):
    """Wherever it comes from."""
    file = tmp_path / "secret"
    file.write_text("hunter2\n")
    for given in ("hunter2", ""):
        with pytest.raises(OutsideError, match="too short") as caught:
            read_secret(given, file)
        assert "hunter2" not in str(caught.value)


def test_what_cannot_be_read_or_written_is_said(tmp_path):
    """A folder in its place; a file where its folder should be."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutsideError, match="cannot read"):
        read_secret("", tmp_path / "folder")
    (tmp_path / "file").write_text("")
    with pytest.raises(OutsideError, match="cannot"):
        read_secret("", tmp_path / "file" / "secret")


def test_a_secret_tells_whether_it_was_there_before(tmp_path):
    """Then there was a store, too. One from the environment tells nothing."""
    file = tmp_path / "var" / "secret"
    for was_there in (False, True):
        with hold_secret("", file) as secret:
            assert secret.was_there is was_there
            assert [one.name for one in file.parent.iterdir()] == ["secret"]
    with hold_secret("x" * 16, file) as secret:
        assert not secret.was_there


def test_who_comes_second_waits_until_the_store_is_made(tmp_path):
    """Two first commands at once: the second one sees the secret, and must not miss the database."""
    file, second, seen = tmp_path / "secret", threading.Event(), []

    def other():
        second.set()
        with hold_secret("", file) as secret:
            seen.append((secret.was_there, (tmp_path / "newsfeed.db").exists()))

    thread = threading.Thread(target=other)
    with hold_secret("", file):
        thread.start()
        second.wait(60)
        (tmp_path / "newsfeed.db").touch()
    thread.join(60)
    assert seen == [(True, True)]
