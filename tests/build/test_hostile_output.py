"""Output folders that came out of somebody's repository: nothing outside of them is touched, and nothing is believed."""

import gc
import json
import os
from pathlib import Path

import pytest

from newsfeed.build.manifest import MANIFEST
from newsfeed.build.output import adopt_output, open_output
from newsfeed.build.staging import RenderedFile
from newsfeed.errors import ForeignOutputError, OutsideError
from tests.build.builds import publish

SITE = [RenderedFile("index.html", [b"home"]), RenderedFile("en/news/a/index.html", [b"story"])]
LOCK = ".newsfeed-lock"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder of the user's with a file in it."""
    folder = tmp_path / "home"
    (folder / "news" / "a").mkdir(parents=True)
    (folder / "thesis.txt").write_text("five years")
    (folder / "news" / "a" / "index.html").write_text("mine")
    return folder


@pytest.fixture
def public(tmp_path: Path) -> Path:
    """An output folder as a stranger's branch may have it."""
    folder = tmp_path / "site" / "public"
    folder.mkdir(parents=True)
    return folder


def snapshot(folder: Path) -> dict[str, str]:
    """Every file with its text."""
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def ours(folder: Path) -> None:
    """Publish into a folder once, so that it proves to be ours."""
    publish(folder, SITE)


@pytest.mark.parametrize(
    "manifest", ["{}", json.dumps({"files": {"en/news/a/index.html": "0"}, "pages": {}})]
)
@pytest.mark.parametrize("lock", [None, "", "a b", "0" * 32 + " " + "0" * 64])
def test_a_manifest_does_not_make_a_folder_ours(
    public: Path, home: Path, manifest: str, lock: str | None
) -> None:
    """Anybody can commit one; so nothing is written, through no link, until the user takes the folder over."""
    (public / MANIFEST).write_text(manifest)
    (public / "en").symlink_to(home)
    if lock is not None:
        (public / LOCK).write_text(lock)
    before = snapshot(home)
    with pytest.raises(ForeignOutputError, match="not by you on this machine") as refusal:
        publish(public, SITE)
    assert "--adopt" in refusal.value.hint
    assert snapshot(home) == before


@pytest.mark.parametrize("name", [LOCK, MANIFEST, f"{MANIFEST}.new", ".newsfeed-staging"])
@pytest.mark.parametrize("kind", ["file", "folder", "nothing", "pipe"])
def test_our_own_names_are_not_followed_where_they_are_links(
    public: Path, home: Path, name: str, kind: str
) -> None:
    """``.newsfeed-lock`` as a link emptied any file; a pipe kept a build waiting for ever."""
    targets = {"file": home / "thesis.txt", "folder": home, "nothing": home / "new"}
    before = snapshot(home)
    if kind == "pipe":
        os.mkfifo(public / name)
    else:
        (public / name).symlink_to(targets[kind])
    try:
        publish(public, SITE)
    except OutsideError:
        pass
    else:
        assert (public / "index.html").read_text() == "home"
    assert snapshot(home) == before


@pytest.mark.parametrize("place", ["en", "en/news", "en/news/a"])
def test_a_link_in_a_folder_of_ours_is_not_written_through(public: Path, home: Path, place: str) -> None:
    """A branch may bring it beside what was published before; the rest of the site stays as it was, too."""
    ours(public)
    link = public / place
    for path in sorted(link.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    link.rmdir()
    link.symlink_to(home if place == "en" else home / "news" if place == "en/news" else home / "news" / "a")
    before = snapshot(home)
    changed = [RenderedFile("index.html", [b"new"]), RenderedFile("en/news/a/index.html", [b"new"])]
    with pytest.raises(ForeignOutputError, match="is a link"):
        publish(public, changed)
    with pytest.raises(ForeignOutputError, match="is a link"):
        publish(public, [*changed, RenderedFile("en/news/a/b/index.html", [b"new"])])
    assert snapshot(home) == before
    assert (public / "index.html").read_text() == "home"


def test_a_link_in_a_folder_of_ours_is_not_deleted_through(public: Path, home: Path) -> None:
    """What is gone from the site is removed from the site, and from nowhere else."""
    ours(public)
    (public / "en" / "news").rename(public / "old")
    (public / "en" / "news").symlink_to(home / "news")
    before = snapshot(home)
    publish(public, SITE[:1])
    assert snapshot(home) == before


def test_a_link_where_a_file_belongs_is_replaced(public: Path, home: Path) -> None:
    """The link goes, what it led to stays."""
    ours(public)
    (public / "index.html").unlink()
    (public / "index.html").symlink_to(home / "thesis.txt")
    publish(public, [RenderedFile("index.html", [b"new"]), SITE[1]])
    assert not (public / "index.html").is_symlink()
    assert snapshot(home)["thesis.txt"] == "five years"


def test_a_link_to_a_folder_that_is_not_ours_is_no_output_folder(public: Path, home: Path) -> None:
    """Not even to an empty one."""
    (home / "empty").mkdir()
    for target in (home, home / "empty"):
        public.rmdir() if public.is_dir() and not public.is_symlink() else public.unlink()
        public.symlink_to(target)
        with pytest.raises(ForeignOutputError, match="is a link"):
            publish(public, SITE)
    assert list((home / "empty").iterdir()) == []


def test_a_folder_that_was_made_elsewhere_can_be_taken_over(public: Path, tmp_path: Path) -> None:
    """After a look at it: a site that moved to another machine, or another user."""
    ours(public)
    proof = (public / LOCK).read_bytes()
    (public / LOCK).write_text("somebody else's")
    with pytest.raises(ForeignOutputError, match="not by you"):
        publish(public, SITE)
    adopt_output(public)
    publish(public, SITE)
    assert (public / LOCK).read_bytes() != proof
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.txt").write_text("five years")
    with pytest.raises(ForeignOutputError, match="was not made by newsfeed"):
        adopt_output(tmp_path / "home")


def test_a_proof_of_another_user_proves_nothing(
    public: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has a key of their own; it lies beside a build cache that was named, so that both are restored."""
    ours(public)
    monkeypatch.setenv("NEWSFEED_CACHE", str(tmp_path / "cache"))
    with pytest.raises(ForeignOutputError, match="not by you"):
        publish(public, SITE)
    adopt_output(public)
    publish(public, SITE)
    key = tmp_path / "cache" / "output.key"
    assert key.stat().st_mode & 0o777 == 0o600
    key.chmod(0o666)
    with pytest.raises(ForeignOutputError, match="not by you"):
        publish(public, SITE)


def test_where_no_key_can_be_kept_a_new_folder_is_written_all_the_same(
    public: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build in a bare container works; only the next one cannot know that the folder is its own."""
    monkeypatch.setenv("NEWSFEED_CACHE", "/dev/null/nowhere")
    publish(public, SITE)
    with pytest.raises(ForeignOutputError, match="not by you"):
        publish(public, SITE)


def test_handles_are_let_go(public: Path) -> None:
    """However many folders a site has."""
    gc.collect()  # what other tests left open goes now, and not while this one counts
    before = len(list(Path("/proc/self/fd").iterdir()))
    files = [RenderedFile(f"en/{number}/{number % 7}/index.html", [b"x"]) for number in range(300)]
    publish(public, files)
    publish(public, [RenderedFile(file.path, [b"y"]) for file in files])
    publish(public, SITE)
    with open_output(public):
        pass
    assert len(list(Path("/proc/self/fd").iterdir())) == before
