"""`newsfeed.stores.secret`: from the environment, else from a file only its owner can read."""

import pytest

from newsfeed.errors import OutsideError
from newsfeed.stores.secret import read_secret


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
