"""Bad days of a build: a sentence for the user, nothing half published, and the next build is well."""

import errno
import fcntl
import os
import re
import resource
import shutil
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from newsfeed.app import builds as cached
from newsfeed.app import site as app
from newsfeed.app.built import Built
from newsfeed.build import full as build_module
from newsfeed.build import output, staging
from newsfeed.errors import OutsideError, ProblemsFound, SiteChangedError
from newsfeed.sources.folder import FolderSource
from newsfeed.testing import an_item, write_tree
from tests.build.builds import TWO_LANGUAGES, build_all, copy_of_build, open_in
from tests.cli.command import newsfeed, newsfeed_process
from tests.site.builds import tree

NOW = datetime(2026, 2, 1, 9, tzinfo=UTC)
MOMENT = "2026-02-01T09:00Z"


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a site of one story, its output and its cache, to be copied."""
    folder = tmp_path_factory.mktemp("bad-days")
    write_tree(folder / "site", {"config.toml": TWO_LANGUAGES, "news/a.en.md": an_item("One.\n", id="a-b")})
    build(folder / "site")
    return folder


@pytest.fixture
def root(built_once: Path, tmp_path: Path) -> Path:
    """A site that was built once, and then changed."""
    copy_of_build(built_once, tmp_path, NOW)
    write_tree(tmp_path / "site", {"news/a.en.md": an_item("Two.\n", id="a-b", title="Second")})
    return tmp_path / "site"


TOLD = {
    errno.EROFS: "the disk may only be read",
    errno.EACCES: "permission denied",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is used up",
    errno.EIO: "the disk failed to read or write",
}


def build(root: Path, jobs: int = 1) -> Built:
    """A warm build."""
    return build_all(open_in(root.parent, jobs), NOW)


def well(root: Path) -> None:
    """The next build makes the bytes of a clean one."""
    build(root)
    app.build(app.read(root, NOW), root.parent / "clean", NOW)
    assert tree(root.parent / "out") == tree(root.parent / "clean")


def unchanged(root: Path, work: Callable[[], object]) -> None:
    """What is published stays as it is, while something fails."""
    before = tree(root.parent / "out")
    work()
    assert tree(root.parent / "out") == before
    assert not (root.parent / "out/.newsfeed-staging").exists()


@pytest.mark.parametrize("code", TOLD)
@pytest.mark.parametrize(("module", "where"), [(staging, "_write"), (output, "write_manifest")])
def test_a_disk_that_takes_nothing(
    root: Path, code: int, module: ModuleType, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read-only, full or broken, while the new files are staged or the list of them is written."""
    with monkeypatch.context() as patched:

        def refuse(*_: object) -> None:
            raise OSError(code, os.strerror(code), "/public")

        patched.setattr(module, where, refuse)

        def fail() -> None:
            with pytest.raises(OutsideError, match=f"cannot write /public: {TOLD[code]}"):
                build(root)

        unchanged(root, fail)
    well(root)


def test_a_disk_that_is_full_in_a_worker(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What happens in another process is told in the same sentence."""
    monkeypatch.setattr(build_module, "_FEW", 0)
    with monkeypatch.context() as patched:

        def refuse(path: Path, *_: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

        patched.setattr(staging, "_write", refuse)

        def fail() -> None:
            with pytest.raises(OutsideError, match=r"cannot write /.*: the disk is full"):
                build(root, jobs=2)

        unchanged(root, fail)
    well(root)


def test_a_full_disk_as_the_system_tells_it(root: Path) -> None:
    """The kernel ends a write in the middle: status 3, one sentence, no traceback."""

    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))

    def fail() -> None:
        done = newsfeed_process(
            "-C", root, "build", "--now", MOMENT, "-o", root.parent / "out", before=little_room,
            XDG_CACHE_HOME=str(root.parent / "cache"),
        )  # fmt: skip
        assert done.returncode == 3
        assert re.match("error: cannot write /.*: the file is too big\n", done.stderr)
        assert "Traceback" not in done.stderr

    unchanged(root, fail)
    well(root)


def test_two_builds_at_once(root: Path) -> None:
    """The second says so and publishes nothing."""
    with (root.parent / "out/.newsfeed-lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        def fail() -> None:
            done = newsfeed("-C", root, "build", "--now", MOMENT, "-o", root.parent / "out")
            assert done.returncode == 3
            assert done.stderr.startswith("error: another build is writing this folder\n")

        unchanged(root, fail)
    well(root)


@pytest.mark.parametrize("how", ["file", "device", "relative", "homeless"])
def test_a_cache_folder_that_cannot_be(root: Path, how: str) -> None:
    """Costs time at the next build and nothing else."""
    (root.parent / "in-the-way").write_text("a file", "utf-8")
    place = {
        "file": str(root.parent / "in-the-way"),
        "device": "/dev/null",
        "relative": "here",
        "homeless": "",
    }
    for _ in range(2):
        done = newsfeed(
            "-C", root, "build", "--now", MOMENT, "-o", root.parent / "out",
            XDG_CACHE_HOME=place[how], HOME="/nonexistent" if how == "homeless" else str(root.parent),
        )  # fmt: skip
        assert done.returncode == 0
        assert {line.split()[1] for line in done.stderr.splitlines() if "[" in line} == {"warning:"}
    well(root)


def test_a_text_that_changes_while_it_is_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between being checked and being rendered, where it is read twice: nothing is published, the next
    build is fine.
    """
    real = FolderSource.read

    def meddling(self: FolderSource, path: str) -> bytes:
        write_tree(root, {"news/a.en.md": an_item("Three.\n", id="a-b", title="Third")})
        return real(self, path)

    with monkeypatch.context() as patched:
        patched.setattr(FolderSource, "read", meddling)

        def fail() -> None:
            with pytest.raises(SiteChangedError, match=r"news/a\.en\.md"):
                app.build(app.read(root, NOW), root.parent / "out", NOW)

        unchanged(root, fail)
    well(root)
    assert "Third" in (root.parent / "out/en/news/2026/a/index.html").read_text("utf-8")


def test_a_text_that_goes_while_it_is_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told with its name."""
    real = FolderSource.read

    def meddling(self: FolderSource, path: str) -> bytes:
        (root / path).unlink(missing_ok=True)
        return real(self, path)

    with monkeypatch.context() as patched:
        patched.setattr(FolderSource, "read", meddling)

        def fail() -> None:
            with pytest.raises(OutsideError, match=r"news/a\.en\.md: there is no such file"):
                app.build(app.read(root, NOW), root.parent / "out", NOW)

        unchanged(root, fail)
    well(root)


@pytest.mark.parametrize("change", ["other words", "gone"])
def test_a_text_that_changes_after_it_was_read(root: Path, change: str) -> None:
    """What was checked is published, as Markdown, too; the next build knows that there is something else now."""
    write_tree(root, {"config.toml": (root / "config.toml").read_text() + "\n[output]\nmarkdown = true\n"})
    expected = root.parent / "expected"
    app.build(app.read(root, NOW), expected, NOW)
    out = root.parent / "out"
    opened = cached.open_build(root, out, {"XDG_CACHE_HOME": str(root.parent / "cache")}, 2)
    inputs = cached.hash_inputs(opened)
    site = cached.read_site(opened, NOW)
    if change == "gone":
        (root / "news/a.en.md").unlink()
    else:
        write_tree(root, {"news/a.en.md": an_item("Three.\n", id="a-b", title="Third")})
    cached.remember(opened, cached.full_build(opened, site, NOW, inputs)[1])
    assert tree(out) == tree(expected)
    well(root)
    assert (out / "en/news/2026/a/index.html").exists() == (change != "gone")


def test_a_disk_that_keeps_no_texts(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of a large site lie in a temporary file between being read and being shown."""
    with monkeypatch.context() as patched:

        def refuse(**_: object) -> str:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        patched.setattr("newsfeed.build.load.MANY", 0)
        patched.setattr("tempfile.mkdtemp", refuse)

        def fail() -> None:
            with pytest.raises(OutsideError, match="a temporary file cannot be written: the disk is full"):
                build(root)

        unchanged(root, fail)
    well(root)


def test_a_clock_that_is_set_back(root: Path) -> None:
    """Files from the future, and a *now* before the last build's."""
    future = datetime(2040, 1, 1, tzinfo=UTC).timestamp()
    for path in root.rglob("*"):
        os.utime(path, (future, future))
    well(root)
    before = tree(root.parent / "out")
    earlier = datetime(2026, 1, 1, tzinfo=UTC)
    opened = cached.open_build(root, root.parent / "out", {"XDG_CACHE_HOME": str(root.parent / "cache")}, 1)
    done = cached.quick_build(opened, earlier)
    assert done is not None
    cached.remember(opened, done[1])
    assert not (opened.output / "en/news").exists()
    well(root)
    assert tree(root.parent / "out") == before


def test_very_many_files_at_once(root: Path) -> None:
    """A branch is merged: many texts come, change and go between two builds."""
    for start in (0, 40):
        shutil.rmtree(root / "news")
        files = {
            f"news/{number % 7}/s{number}.en.md": an_item(f"Text {start}.\n", id=f"s-{number}")
            for number in range(start, start + 80)
        }
        write_tree(root, files)
        build(root, jobs=2)
    well(root)


@pytest.fixture
def spread_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers even for a small site."""
    monkeypatch.setattr(build_module, "_FEW", 0)


@pytest.mark.usefixtures("spread_out")
def test_a_template_that_fails_in_a_worker_is_told_with_its_line(root: Path) -> None:
    """As if it had failed here."""
    broken = '{% extends "newsfeed/page/story.html" %}\n\n{% block main %}{{ view.nothing }}{% endblock %}\n'
    write_tree(root, {"templates/page/story.html": broken})

    def fail() -> None:
        with pytest.raises(ProblemsFound) as raised:
            build(root, jobs=2)
        (found,) = raised.value.problems
        assert (found.code, found.where.path, found.where.line) == (
            "template-failed", "templates/page/story.html", 3,
        )  # fmt: skip

    unchanged(root, fail)
    shutil.rmtree(root / "templates")
    well(root)


@pytest.mark.usefixtures("spread_out")
def test_a_worker_that_is_killed_publishes_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence, and the next build is well."""
    here, real = os.getpid(), staging.Staging.write

    def dying(self: staging.Staging, rendered: staging.RenderedFile) -> list[staging.StagedFile]:
        if os.getpid() != here and rendered.path == "de/index.html":
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, rendered)

    with monkeypatch.context() as patched:
        patched.setattr(staging.Staging, "write", dying)

        def fail() -> None:
            with pytest.raises(OutsideError, match="a worker process was ended from outside"):
                build(root, jobs=2)

        unchanged(root, fail)
    well(root)


def test_two_files_that_differ_in_capitals_only(root: Path) -> None:
    """On many disks one would take the place of the other: a problem, not a silent loss."""
    text = an_item("[a](Plan.pdf) [b](plan.pdf)\n", id="c-d")
    write_tree(root, {"news/c.en.md": text, **{f"news/{name}.pdf": name for name in ("Plan", "plan")}})
    problems, _ = app.check(root, NOW)
    clashes = [clash for clash in problems if clash.code == "path-alike"]
    assert [(clash.where.path, dict(clash.params)) for clash in clashes] == [
        ("news/c.en.md", {"value": "files/news/c-d/plan.pdf", "other": "files/news/c-d/Plan.pdf"}),
    ]
