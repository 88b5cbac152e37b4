"""What git says of files: only where it is certain, and without running anything of a repository."""

import os
import subprocess
from pathlib import Path

import pytest

from newsfeed.build.cache.content_hash import content_hash
from newsfeed.sources.git_blobs import blob_hashes
from newsfeed.testing import write_tree

FILES: dict[str, str | bytes] = {
    "news/a.en.md": "one\n",
    "news/ä b.en.md": "two\n",
    "news/x/p.png": b"\x89PNG\r\n",
    "pages/about.en.md": "three\n",
    "README.md": "not content\n",
}
FOLDERS = ("news", "pages", "projects")
CONTENT = {path: content_hash(data if isinstance(data, bytes) else data.encode()) for path, data in FILES.items()
           if path != "README.md"}  # fmt: skip


def git(folder: Path, *words: str) -> str:
    """Run git as its user would, with a configuration of its own."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    names = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(
        ["git", "-C", folder, *names, *words], env=environment, check=True, capture_output=True
    )
    return done.stdout.decode()


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No configuration of whoever runs the tests."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A site that is checked in."""
    return checked_in(write_tree(tmp_path / "site", FILES))


def checked_in(root: Path, top: Path | None = None) -> Path:
    """All of it, in one commit."""
    git(top or root, "init", "-q")
    git(top or root, "add", ".")
    git(top or root, "commit", "-qm", "all")
    return root


def test_a_clean_work_tree_need_not_be_read(root: Path) -> None:
    """Git's ids are the hashes of what is in the files; also in a fresh clone."""
    assert blob_hashes(root, FOLDERS) == CONTENT
    git(root, "clone", "-q", str(root), str(root.parent / "clone"))
    assert blob_hashes(root.parent / "clone", FOLDERS) == CONTENT


def test_a_site_may_be_a_folder_of_a_repository(tmp_path: Path) -> None:
    """Paths are those in the site."""
    site = checked_in(write_tree(tmp_path / "all/web/site", FILES), tmp_path / "all")
    assert blob_hashes(site, FOLDERS) == CONTENT
    (site / "news/a.en.md").write_text("other\n", "utf-8")
    assert blob_hashes(site, FOLDERS).keys() == CONTENT.keys() - {"news/a.en.md"}


def test_what_differs_from_the_commit_is_not_vouched_for(root: Path) -> None:
    """Changed, staged or not; new; gone. What is the same again is."""
    write_tree(root, {"news/a.en.md": "ONE\n", "pages/about.en.md": "THREE\n", "news/new.en.md": "new\n"})
    git(root, "add", "pages")
    (root / "news/ä b.en.md").unlink()
    assert blob_hashes(root, FOLDERS) == {"news/x/p.png": CONTENT["news/x/p.png"]}
    write_tree(root, {"news/a.en.md": "one\n"})
    os.utime(root / "news/a.en.md", (1, 1))
    assert blob_hashes(root, FOLDERS)["news/a.en.md"] == CONTENT["news/a.en.md"]


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_a_file_that_git_was_told_not_to_look_at_is_read(root: Path, flag: str) -> None:
    """Git would say that it is clean."""
    git(root, "update-index", flag, "news/a.en.md")
    (root / "news/a.en.md").write_text("other\n", "utf-8")
    assert "news/a.en.md" not in blob_hashes(root, FOLDERS)


@pytest.mark.parametrize("where", [".gitattributes", "news/x/.gitattributes", ".git/info/attributes"])
def test_attributes_leave_doubt(root: Path, where: str) -> None:
    """A file may then be another one than its blob."""
    write_tree(root, {where: "* text=auto\n"})
    git(root, "add", ".")
    assert blob_hashes(root, FOLDERS) == {}


@pytest.mark.parametrize(
    "setting", ["core.autocrlf=true", "core.eol=crlf", "core.attributesFile=/x", "filter.lfs.clean=cat"]
)
def test_a_configuration_that_converts_leaves_doubt(root: Path, setting: str) -> None:
    """Of the repository; filters of the user's own do nothing without attributes."""
    git(root, "config", *setting.split("=", 1))
    assert blob_hashes(root, FOLDERS) == {}


def test_filters_of_the_user_leave_no_doubt(root: Path, tmp_path: Path) -> None:
    """As git-lfs puts into everybody's configuration."""
    write_tree(
        tmp_path / "home", {".gitconfig": '[filter "lfs"]\n\tclean = git-lfs clean\n\trequired = true\n'}
    )
    assert blob_hashes(root, FOLDERS) == CONTENT


def test_nothing_of_a_repository_is_run(root: Path, tmp_path: Path) -> None:
    """No monitor, no hook; nor what the environment names."""
    trap = tmp_path / "trap"
    script = tmp_path / "run.sh"
    script.write_text(f"#!/bin/sh\ntouch {trap}\n", "utf-8")
    script.chmod(0o755)
    git(root, "config", "core.fsmonitor", str(script))
    git(root, "config", "core.hooksPath", str(tmp_path / "hooks"))
    (tmp_path / "hooks").mkdir()
    script.rename(tmp_path / "hooks/post-index-change")
    script.symlink_to(tmp_path / "hooks/post-index-change")
    os.utime(root / "news/a.en.md", (1, 1))
    assert blob_hashes(root, FOLDERS) == CONTENT
    assert not trap.exists()


def test_an_environment_that_names_another_repository_is_ignored(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a hook, from which a build may be started."""
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "nowhere/index"))
    assert blob_hashes(root, FOLDERS) == CONTENT


def test_without_git_nothing_is_known(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No program, no repository, a damaged one."""
    plain_folder = write_tree(tmp_path / "plain", FILES)
    assert blob_hashes(plain_folder, FOLDERS) == {}
    (root / ".git/index").write_bytes(b"noise")
    assert blob_hashes(root, FOLDERS) == {}
    monkeypatch.setenv("PATH", str(tmp_path))
    assert blob_hashes(root, FOLDERS) == {}


def test_links_are_not_vouched_for(root: Path) -> None:
    """Their blobs are where they lead to."""
    (root / "news/link.en.md").symlink_to("a.en.md")
    git(root, "add", ".")
    assert "news/link.en.md" not in blob_hashes(root, FOLDERS)
