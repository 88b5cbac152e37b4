"""The published folder: exchanged as a whole when a build has landed."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from newsfeed.build.manifest import MANIFEST
from newsfeed.build.output import open_output
from newsfeed.build.staging import RenderedFile
from newsfeed.web import published_folder
from newsfeed.web.file_headers import FileHeaders
from newsfeed.web.published_folder import PublishedFolder
from newsfeed.web.served_files import ServedFile


def publish(folder: Path, files: dict[str, bytes]) -> None:
    """Publish these files, as a build does."""
    with open_output(folder) as output:
        staging = output.stage_all({})
        for path, data in files.items():
            for file in staging.write(RenderedFile(path, (data,))):
                staging.add(file)
        output.commit(staging, {})


def open_folder(folder: Path) -> PublishedFolder:
    """The folder as it is served below ``/``."""
    return PublishedFolder(folder, "/", FileHeaders(base_url="https://www.test.example/"))


def shown(published: PublishedFolder) -> dict[str, bytes]:
    """Path → bytes of all that is served."""
    return {path: file.data for path, file in published.site.by_path.items() if isinstance(file, ServedFile)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A published site of two files."""
    publish(tmp_path / "public", {"a.html": b"old a", "b.html": b"old b"})
    return tmp_path / "public"


def test_a_build_that_has_landed_is_shown(folder: Path) -> None:
    """At the next look, and files that stayed are not read again."""
    published = open_folder(folder)
    before = published.site.by_path["b.html"]
    published.refresh()
    assert published.reads == 1
    publish(folder, {"a.html": b"new a", "b.html": b"old b", "c.html": b"new c"})
    published.refresh()
    assert shown(published) == {"a.html": b"new a", "b.html": b"old b", "c.html": b"new c"}
    assert published.site.by_path["b.html"] is before
    publish(folder, {"c.html": b"new c"})
    published.refresh()
    assert shown(published) == {"c.html": b"new c"}
    assert published.reads == 3


def test_half_a_build_is_not_shown(folder: Path) -> None:
    """While files are put in place, the manifest knows what they will be: the old site stays until they are."""
    published = open_folder(folder)
    manifest = (folder / MANIFEST).read_text()
    publish(folder, {"a.html": b"new a", "b.html": b"new b"})
    (folder / "b.html").write_bytes(b"old b")
    published.refresh()
    published.refresh()
    assert shown(published) == {"a.html": b"old a", "b.html": b"old b"}
    (folder / "b.html").write_bytes(b"new b")
    published.refresh()
    assert shown(published) == {"a.html": b"new a", "b.html": b"new b"}
    assert manifest != (folder / MANIFEST).read_text()


def test_what_stays_unlike_the_manifest_is_shown_in_the_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build was killed, or somebody else has changed files: that is what is published then."""
    published = open_folder(folder)
    publish(folder, {"a.html": b"new a", "b.html": b"new b"})
    (folder / "b.html").write_bytes(b"by hand")
    published.refresh()
    assert shown(published)["b.html"] == b"old b"
    monkeypatch.setattr(published_folder, "PATIENCE", 0.0)
    published.refresh()
    assert shown(published) == {"a.html": b"new a", "b.html": b"by hand"}
    (folder / "b.html").write_bytes(b"by hand again")
    published.refresh()
    published.refresh()
    assert shown(published)["b.html"] == b"by hand again"


def test_a_build_of_this_process_is_shown_at_once(folder: Path) -> None:
    """Whoever has published says so."""
    published = open_folder(folder)
    publish(folder, {"a.html": b"new a"})
    published.reload()
    assert shown(published) == {"a.html": b"new a"}


def test_a_site_that_is_published_later_is_found(tmp_path: Path) -> None:
    """And one behind a link, as operators switch between folders, is that of its present target."""
    published = open_folder(tmp_path / "current")
    assert shown(published) == {}
    publish(tmp_path / "one", {"a.html": b"one"})
    publish(tmp_path / "two", {"a.html": b"two!"})
    (tmp_path / "current").symlink_to("one")
    published.refresh()
    assert shown(published) == {"a.html": b"one"}
    (tmp_path / "next").symlink_to("two")
    (tmp_path / "next").replace(tmp_path / "current")
    published.refresh()
    assert shown(published) == {"a.html": b"two!"}


def test_the_next_story_is_asked_for_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build says when one is due after its files are there, and that moment passes."""
    turns = [None, 5.0, 9.0]
    headers = FileHeaders(base_url="https://www.test.example/")
    published = PublishedFolder(folder, "/", headers, lambda: turns.pop(0))
    assert published.next_turn is None
    published.refresh()
    assert len(turns) == 2
    monkeypatch.setattr(published_folder, "ASK_AGAIN", -1.0)
    published.refresh()
    published.refresh()
    assert published.next_turn == 9.0


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for something that takes a moment."""
    for _ in range(500):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it has not come")


def test_a_thread_looks_for_builds_of_others(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes on after a look that failed, and says why."""
    monkeypatch.setattr(published_folder, "LOOK", 0.01)
    troubles: list[str] = []
    headers = FileHeaders(base_url="https://www.test.example/")
    published = PublishedFolder(folder, "/", headers, report=troubles.append)

    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as broken:
        broken.setattr(published_folder, "look_at", fail)
        published.watch()
        wait_until(lambda: bool(troubles))
    publish(folder, {"a.html": b"new a"})
    wait_until(lambda: shown(published) == {"a.html": b"new a"})
    published.stop()
    assert threading.active_count() == 1 or "site" not in {one.name for one in threading.enumerate()}


def test_nobody_sees_parts_of_two_builds(folder: Path) -> None:
    """Builds follow each other as fast as they can; each site that is shown is one of them."""
    published, stop = open_folder(folder), threading.Event()

    def build() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            publish(folder, dict.fromkeys(("a.html", "b.html", "c.html"), b"build %d" % number))

    builder = threading.Thread(target=build)
    builder.start()
    seen = set()
    try:
        for _ in range(60):
            published.refresh()
            seen.add(frozenset(shown(published).values()))
    finally:
        stop.set()
        builder.join()
    seen.discard(frozenset({b"old a", b"old b"}))
    assert all(len(one) == 1 for one in seen)
