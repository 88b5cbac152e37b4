"""Publishing that is killed, or done twice at a time: the next one makes good, and the newest commit wins."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from newsfeed.sources.checkout import Checkouts
from newsfeed.sources.issue_records import add_issue_records
from newsfeed.testing import write_tree
from tests.cli.command import environment, newsfeed
from tests.publishing.repositories import NOW, Place, git, make_place, story
from tests.publishing.test_publishing import files

STORIES = {
    path: text for number in range(40) for path, text in story(f"s{number}", f"Story {number}").items()
}


def built_apart(place: Place, folder: Path) -> dict[str, bytes]:
    """What a build of a clone makes."""
    git(folder, "clone", "-q", str(place.bare), "clone")
    newsfeed("-C", folder / "clone", "build", "--now", NOW.isoformat(), "-o", folder / "other")
    return files(folder / "other")


def begin(place: Place) -> subprocess.Popen[bytes]:
    """``newsfeed publish`` in a process of its own, as the service does it."""
    words = [sys.executable, "-m", "newsfeed", "-C", str(place.root), "publish", "--now", NOW.isoformat()]
    variables = environment(XDG_CACHE_HOME=str(place.root.parent / "cache"))
    return subprocess.Popen(words, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def ended_well(process: subprocess.Popen[bytes]) -> bool:
    """Wait for its end; nothing was said on standard error."""
    said = process.communicate(timeout=120)[1]
    return process.returncode == 0 and not said


@pytest.mark.slow
def test_a_publishing_that_is_killed_is_made_good_by_the_next(tmp_path: Path) -> None:
    """Wherever it was: fetching, writing files, building, or putting pages in place."""
    place = make_place(tmp_path)
    place.push(STORIES)
    began = time.monotonic()
    assert ended_well(begin(place))
    whole = time.monotonic() - began
    for number, share in enumerate((0.3, 0.6, 0.8, 0.95)):
        changed = {path: text.replace("clean again", f"clean {number}") for path, text in STORIES.items()}
        hidden = story(f"s{number}", f"Story {number}", more="draft: yes\n")
        place.push({**changed, **story(f"new{number}", "A new one"), **hidden})
        process = begin(place)
        time.sleep(whole * share)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert ended_well(begin(place))
        apart = tmp_path / f"apart{number}"
        apart.mkdir()
        assert files(place.root / "public") == built_apart(place, apart)


@pytest.mark.slow
def test_publishings_side_by_side_end_with_the_newest_commit(tmp_path: Path) -> None:
    """Each waits for the others; none goes back to what it fetched itself."""
    place = make_place(tmp_path)
    running = [begin(place)]
    for number in range(4):
        newest = place.push(story(f"s{number}", f"Story {number}"))
        running += [begin(place), begin(place)]
    assert all(ended_well(process) for process in running)
    assert place.publisher.read_state().commit == newest
    assert files(place.root / "public") == built_apart(place, tmp_path)


@pytest.mark.slow
def test_a_folder_that_is_read_is_not_exchanged(tmp_path: Path) -> None:
    """A digest is planned from one commit, whatever is pushed meanwhile; the second next push waits."""
    place = make_place(tmp_path)
    assert ended_well(begin(place))
    with Checkouts(place.root / "var/publish/trees").reading() as tree:
        assert tree is not None
        before = files(tree)
        place.push(story("s1", "Story 1"))
        assert ended_well(begin(place))
        place.push(story("s2", "Story 2"))
        waiting = begin(place)
        time.sleep(2)
        assert (waiting.poll(), files(tree)) == (None, before)
    assert ended_well(waiting)
    assert place.page("s2")


def test_records_of_issues_that_nobody_committed_are_published_too(tmp_path: Path) -> None:
    """Those of the repository are left as they are, and no link is followed."""
    root = write_tree(tmp_path / "root", {"issues/staff/a.json": "ours", "issues/staff/b.json": "ours"})
    tree = write_tree(tmp_path / "tree", {"issues/staff/a.json": "theirs"})
    add_issue_records(root, tree)
    add_issue_records(root, tree)
    assert (tree / "issues/staff/a.json").read_text() == "theirs"
    assert (tree / "issues/staff/b.json").read_text() == "ours"
    other = tmp_path / "other"
    other.mkdir()
    (other / "issues").symlink_to(tmp_path / "elsewhere")
    add_issue_records(root, other)
    assert not (tmp_path / "elsewhere").exists()


def test_nothing_is_read_before_something_is_published(tmp_path: Path) -> None:
    """There is no folder yet."""
    with Checkouts(tmp_path).reading() as tree:
        assert tree is None
