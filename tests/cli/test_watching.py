"""``newsfeed build --watch`` as people run it: another process, that stays."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsfeed.testing import CONFIG, an_item, write_tree
from tests.cli.command import environment, newsfeed_process
from tests.site.builds import tree

STORY = "news/2026/a.en.md"
PAGE = "en/news/2026/a/index.html"
PATIENCE = 60
"""Seconds; a busy machine is no error."""


class Watching:
    """A site that is being watched."""

    def __init__(self, folder: Path, *, inside: bool = False) -> None:
        """``inside``: called in the site's folder, without naming it."""
        self.root, self.out = folder / "site", folder / "out"
        self.told, self.complained = folder / "stdout", folder / "stderr"
        write_tree(self.root, {"config.toml": CONFIG, STORY: an_item("One.\n", id="a-b", title="First")})
        with self.told.open("wb") as stdout, self.complained.open("wb") as stderr:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "newsfeed", *(() if inside else ("-C", self.root))),
                    *("build", "--watch", "-o", self.out),
                ],
                cwd=self.root if inside else None,
                stdout=stdout,
                stderr=stderr,
                stdin=subprocess.DEVNULL,
                env=environment(XDG_CACHE_HOME=str(folder / "cache")),
            )
        self.until(lambda: bool(self.lines), "it never built")

    @property
    def lines(self) -> list[str]:
        """One for each build."""
        return self.told.read_text("utf-8").splitlines()

    @property
    def errors(self) -> str:
        """What was said beside them."""
        return self.complained.read_text("utf-8")

    def page(self, path: str = PAGE) -> str:
        """A published page; empty when there is none."""
        file = self.out / path
        return file.read_text("utf-8") if file.exists() else ""

    def until(self, done: Callable[[], bool], otherwise: str) -> float:
        """Wait for something; returns the seconds it took."""
        began = time.monotonic()
        while not done():
            assert self.process.poll() is None, self.errors
            assert time.monotonic() < began + PATIENCE, f"{otherwise}: {self.lines} {self.errors}"
            time.sleep(0.01)
        return time.monotonic() - began

    def write(self, **files: str) -> None:
        """Save files; ``_`` in names of arguments stands for nothing here."""
        write_tree(self.root, files)

    def end(self, number: int = signal.SIGTERM) -> int:
        """Tell it to end; returns its status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Watching]:
    """A site that was built once and is watched."""
    one = Watching(tmp_path)
    yield one
    if one.process.poll() is None:
        one.process.kill()
        one.process.wait()


def test_a_site_is_watched_from_its_own_folder(tmp_path: Path) -> None:
    """As people do it: nobody names a folder."""
    watching = Watching(tmp_path, inside=True)
    try:
        for title in ("Second", "Third"):
            write_tree(watching.root, {STORY: an_item("Two.\n", id="a-b", title=title)})
            watching.until(lambda shown=title: shown in watching.page(), "the change was not published")
        assert watching.end() == 0
    finally:
        watching.process.kill()
    assert "error:" not in watching.errors


def test_what_is_saved_is_published(watching: Watching, tmp_path: Path) -> None:
    """A change, a mistake that is told and publishes nothing, its mending, a change of template,
    configuration and catalogue; at the end the bytes of a clean build.
    """
    write_tree(watching.root, {STORY: an_item("Two.\n", id="a-b", title="Second")})
    watching.until(lambda: "Second" in watching.page(), "the change was not published")
    watching.until(lambda: len(watching.lines) > 1, "the build never ended")
    before = tree(watching.out)
    write_tree(watching.root, {STORY: an_item("[x](gone.md)\n", id="a-b", title="Third")})
    watching.until(lambda: "nothing was published" in watching.errors, "the mistake was not told")
    assert "news/2026/a.en.md:8:1: error:" in watching.errors or "[link-broken]" in watching.errors
    assert tree(watching.out) == before
    write_tree(watching.root, {STORY: an_item("Mended.\n", id="a-b", title="Third")})
    watching.until(lambda: "Third" in watching.page(), "the mended text was not published")
    write_tree(watching.root, {"templates/style.css": "p { color: red }\n"})
    watching.until(lambda: "red" in watching.page("style.css"), "the new folder was not seen")
    write_tree(watching.root, {"templates/style.css": "p { color: blue }\n"})
    watching.until(lambda: "blue" in watching.page("style.css"), "the template was not seen")
    write_tree(watching.root, {"config.toml": CONFIG.replace("Test site", "Another name")})
    watching.until(lambda: "Another name" in watching.page(), "the configuration was not seen")
    write_tree(watching.root, {"config.toml": "[site"})
    watching.until(lambda: "config-syntax" in watching.errors, "the broken configuration was not told")
    write_tree(watching.root, {"config.toml": CONFIG})
    watching.until(lambda: "Another name" not in watching.page(), "the configuration was not mended")
    assert watching.end() == 0
    assert "Traceback" not in watching.errors
    newsfeed_process(
        "-C", watching.root, "build", "--fresh", "-o", tmp_path / "clean", XDG_CACHE_HOME=str(tmp_path)
    )
    assert tree(watching.out) == tree(tmp_path / "clean")


def test_a_save_is_one_build(watching: Watching) -> None:
    """An editor writes a file beside it, renames it, writes a copy; hidden files are nobody's business."""
    assert len(watching.lines) == 1
    text = an_item("Two.\n", id="a-b", title="Second")
    write_tree(watching.root, {"news/2026/.a.swp": "x", "news/2026/.a.tmp": text})
    (watching.root / STORY).rename(watching.root / "news/2026/a.en.md~")
    (watching.root / "news/2026/.a.tmp").rename(watching.root / STORY)
    (watching.root / "news/2026/a.en.md~").unlink()
    watching.until(lambda: "Second" in watching.page(), "the save was not seen")
    write_tree(watching.root, {"public/x.html": "x", "var/x": "x", "README.md": "x", "news/2026/.a.swp": "y"})
    watching.until(lambda: len(watching.lines) >= 2, "the build never ended")
    time.sleep(1)
    assert len(watching.lines) == 2
    assert "error:" not in watching.errors


def test_ctrl_c_ends_it_well(watching: Watching) -> None:
    """With status 0 and no traceback."""
    assert watching.end(signal.SIGINT) == 0
    assert "Traceback" not in watching.errors


def test_another_build_in_the_way_is_told_and_waited_for(watching: Watching) -> None:
    """Trouble outside ends no watch: it is said once, and tried again."""
    import fcntl

    with (watching.out / ".newsfeed-lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        write_tree(watching.root, {STORY: an_item("Two.\n", id="a-b", title="Second")})
        watching.until(lambda: "another build" in watching.errors, "it was not told")
    watching.until(lambda: "Second" in watching.page(), "it was not tried again")
    assert watching.errors.count("another build") == 1


def test_a_story_comes_due_without_any_change(watching: Watching) -> None:
    """Nobody has to save anything for it."""
    due = int(time.time()) + 3
    moment = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(due))
    write_tree(
        watching.root, {"news/2026/later.en.md": an_item(date=moment, id="l-r", title="Later", slug="later")}
    )
    watching.until(lambda: len(watching.lines) >= 2, "the change was not seen")
    shown = "Later" in watching.page("en/index.html")
    assert not shown or time.time() >= due  # a busy machine may come to it after its time
    watching.until(lambda: "Later" in watching.page("en/index.html"), "it did not come due")


def test_the_library_is_loaded_for_watching_only(tmp_path: Path) -> None:
    """A plain build pays nothing for it."""
    write_tree(tmp_path, {"config.toml": CONFIG, STORY: an_item(id="a-b")})
    code = (
        "import sys, json; from newsfeed.cli.root import newsfeed\n"
        f"newsfeed.main(['-C', {str(tmp_path)!r}, 'build'], standalone_mode=False)\n"
        "print(json.dumps('watchfiles' in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(XDG_CACHE_HOME=str(tmp_path / "cache")),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) is False
