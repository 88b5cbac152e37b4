"""The spool: texts in a temporary file, added by several processes."""

import errno
import gc
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.build.cache.text_store import ByteRange, TextStore
from newsfeed.build.pool import ProcessPool
from newsfeed.errors import OutsideError
from tests.examples import examples


@given(st.dictionaries(st.text(max_size=5), st.binary(max_size=50)))
@settings(max_examples=examples(50), deadline=None)
def test_what_was_added_is_found_by_its_name(texts):
    """And nothing else."""
    spool = TextStore()
    for name, text in sorted(texts.items()):
        spool.note(name, spool.add(text)[0])
    assert {name: spool.get(name) for name in texts} == texts
    assert spool.get("another name") is None


def test_pieces_that_are_added_together_are_found_one_by_one():
    """Also empty ones."""
    spool = TextStore()
    spool.add(b"before")
    assert [spool.at(place) for place in spool.add(b"a", b"", b"bc")] == [b"a", b"", b"bc"]
    assert spool.add() == []


def test_several_processes_add_to_it_at_once():
    """No text lies where another one does."""
    spool = TextStore()

    def write(number: int) -> list[ByteRange]:
        return [spool.add(b"%d-%d " % (number, count) * 50)[0] for count in range(100)]

    for number, places in enumerate(ProcessPool(4).map(write, range(20))):
        for count, place in enumerate(places):
            spool.note(f"{number:02}-{count:02}", place)
    for number in range(20):
        for count in range(100):
            assert spool.get(f"{number:02}-{count:02}") == b"%d-%d " % (number, count) * 50


def test_a_disk_that_takes_little_at_a_time_takes_all(monkeypatch):
    """As one does that is nearly full."""
    real = os.write
    monkeypatch.setattr("newsfeed.build.cache.text_store.os.write", lambda file, data: real(file, data[:3]))
    spool = TextStore()
    spool.note("a", spool.add(b"more than three")[0])
    assert spool.get("a") == b"more than three"


def added_and_found() -> bytes | None:
    """All that is done with a text."""
    spool = TextStore()
    spool.note("a", spool.add(b"text")[0])
    return spool.get("a")


@pytest.mark.parametrize("call", ["write", "lseek", "pread", "dup"])
def test_a_disk_that_fails_is_told(call, monkeypatch):
    """With a hint where to look."""

    def refuse(*_):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(f"newsfeed.build.cache.text_store.os.{call}", refuse)
    with pytest.raises(OutsideError, match="Input/output error") as found:
        added_and_found()
    assert "TMPDIR" in found.value.hint


def test_it_leaves_nothing_behind(tmp_path, monkeypatch):
    """Its file has no name, and is closed when nobody needs it."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    spool = TextStore()
    spool.add(b"text")
    assert list(tmp_path.iterdir()) == []
    file = spool._file
    os.fstat(file)
    del spool
    gc.collect()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(file)


def test_when_it_is_closed_it_knows_of_nothing():
    """Whoever asks has to look elsewhere; it may be closed again."""
    spool = TextStore()
    spool.note("a", spool.add(b"text")[0])
    spool.close()
    assert spool.get("a") is None
    spool.close()
