"""Only ordinary files are opened; nothing else is waited for."""

import os
import socket

import pytest

from newsfeed.files import open_file, pieces_of, read_file


def test_a_file_is_read_whole_or_in_pieces(tmp_path):
    """Also through a link, unless links are refused."""
    file, link = tmp_path / "a", tmp_path / "b"
    file.write_bytes(b"x" * 300_000)
    link.symlink_to(file)
    assert read_file(link) == b"x" * 300_000
    with open_file(file, links=False) as opened:
        assert [len(piece) for piece in pieces_of(opened)] == [262_144, 37_856]
    with pytest.raises(OSError, match="symbolic links"):
        open_file(link, links=False)


@pytest.mark.parametrize("links", [True, False])
def test_pipes_sockets_and_devices_are_refused_at_once(tmp_path, monkeypatch, links):
    """A pipe that nobody writes to would be waited for, for ever."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        for path in ("pipe", "socket", "/dev/zero"):
            with pytest.raises(OSError, match=r"ordinary file|No such device"):
                open_file(path, links=links)
    with pytest.raises(IsADirectoryError):
        open_file(".", links=links)


def test_a_file_that_no_memory_holds_is_refused_at_once(tmp_path):
    """Whatever is read whole: configuration, catalogues, templates, keys. In pieces it may have any size."""
    with (tmp_path / "a").open("wb") as file:
        file.truncate(20_000_000_000)
    with pytest.raises(OSError, match="it has more than 100 MB"):
        read_file(tmp_path / "a")
    with open_file(tmp_path / "a") as opened:
        assert len(next(pieces_of(opened))) == 262_144
