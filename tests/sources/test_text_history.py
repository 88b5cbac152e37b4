"""What git knows of texts: when they came and went, and what they said."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsfeed.core.content.coverage import FileEvent
from newsfeed.sources.text_history import GitHistory
from newsfeed.testing import write_tree

A, B = "news/a.en.md", "news/ä b/index.de.md"


def git(folder: Path, *words: str, day: int = 1) -> None:
    """Run git as its user would on a day of 2030, with a configuration of its own."""
    at = f"2030-01-{day:02d}T12:00:00Z"
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    dates = {"GIT_COMMITTER_DATE": at, "GIT_AUTHOR_DATE": at}
    names = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "protocol.file.allow=always")
    subprocess.run(
        ["git", "-C", folder, *names, *words],
        env={**os.environ, **quiet, **dates},
        check=True,
        capture_output=True,
    )


def commit(folder: Path, day: int, **files: str | None) -> None:
    """Commit files: ``a`` and ``b``; ``None`` takes one away."""
    paths = {"a": A, "b": B}
    for name, text in files.items():
        path = paths[name]
        if text is None:
            (folder / path).unlink()
        else:
            write_tree(folder, {path: text})
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "x", day=day)


def moment(day: int) -> datetime:
    """Noon of a day of 2030."""
    return datetime(2030, 1, day, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site in a folder of a repository, with a short history."""
    top = tmp_path_factory.mktemp("history")
    git(top, "init", "-q")
    site = top / "web"
    site.mkdir()
    commit(site, 2, a="one\n")
    commit(site, 3, a="two\n", b="zwei\n")
    commit(site, 4, b=None)
    return site


def test_texts_come_and_go(site: Path) -> None:
    """Under their paths in the site, the oldest first."""
    history = GitHistory(site)
    assert history.events() == [
        FileEvent(moment(2), A, is_there=True),
        FileEvent(moment(3), B, is_there=True),
        FileEvent(moment(4), B, is_there=False),
    ]
    assert not history.is_shallow()


def test_what_texts_said(site: Path) -> None:
    """Each with its commit, the newest first; a text that is gone had versions, too."""
    found = GitHistory(site).versions([A, B])
    assert [(one.moment, one.data) for one in found[A]] == [(moment(3), b"two\n"), (moment(2), b"one\n")]
    assert [(one.moment, one.data) for one in found[B]] == [(moment(3), b"zwei\n")]
    assert found[A][0].commit == found[B][0].commit
    assert GitHistory(site).versions(["news/none.en.md"]) == {}


def test_a_shallow_clone_knows_what_it_has(site: Path, tmp_path: Path) -> None:
    """Its history begins with its oldest commit."""
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{site.parent}", "clone")
    history = GitHistory(tmp_path / "clone/web")
    assert history.is_shallow()
    assert history.events() == [FileEvent(moment(4), A, is_there=True)]
    assert [one.data for one in history.versions([A])[A]] == [b"two\n"]


def test_without_a_repository_there_is_no_history(tmp_path: Path) -> None:
    """Nor in one without commits."""
    for prepare in (lambda: None, lambda: git(tmp_path, "init", "-q")):
        prepare()
        history = GitHistory(tmp_path)
        assert (history.events(), history.versions([A]), history.is_shallow()) == ([], {}, False)
