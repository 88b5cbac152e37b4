"""From a push to a bare repository to the published page and feed, with git itself, in this process."""

import errno
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsfeed.app import builds
from newsfeed.app.published_state import read_published_state
from newsfeed.app.publishing import PUBLISHED, REFUSED, UNCHANGED
from newsfeed.core.publishing.history import FIRST, FORCED, FORWARD, SAME, UNRELATED
from newsfeed.errors import OutsideError
from tests.cli.command import newsfeed
from tests.publishing.repositories import CONFIG, Place, git, make_place, story


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A site that was pushed once, and not published yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return make_place(tmp_path)


def without(name: str) -> dict[str, str]:
    """A configuration that says that a story is gone for good."""
    return {"config.toml": CONFIG.replace("[site]\n", f'[site]\nremoved = ["{name}"]\n')}


def test_a_push_becomes_a_page_and_an_entry_of_the_feed(place: Place) -> None:
    """First the whole site, then what changed of it; with no push there is nothing to do."""
    first = place.publish()
    assert (first.outcome, first.relation) == (PUBLISHED, FIRST)
    assert place.page("well")
    pushed = place.push(story("pump", "A pump for the village"))
    done = place.publish()
    assert (done.outcome, done.relation, done.state.commit) == (PUBLISHED, FORWARD, pushed)
    assert "A pump for the village" in str(place.page("pump"))
    assert "A pump for the village" in place.feed()
    assert set(done.changed_feeds) >= {"en/feed.atom", "en/feed.rss", "en/feed.json"}
    again = place.publish()
    assert (again.outcome, again.relation, again.changed_feeds) == (UNCHANGED, SAME, ())
    gone = place.push(without("pump"), "news/2030/pump.en.md")
    assert place.publish().state.commit == gone
    assert place.page("pump") is None


def test_only_feeds_that_changed_are_named(place: Place) -> None:
    """A page that no feed shows changes none."""
    place.publish()
    place.push({"pages/about.en.md": "---\nid: about\ntitle: About\n---\nWho we are and what we do.\n"})
    done = place.publish()
    assert (done.outcome, done.changed_feeds) == (PUBLISHED, ())


def test_the_site_is_what_a_build_of_a_clone_is(place: Place, tmp_path: Path) -> None:
    """Byte for byte, after many small steps."""
    place.publish()
    for number in range(3):
        gone = [] if number < 2 else ["news/2030/s0.en.md"]
        place.push(story(f"s{number}", f"Story {number}") | (without("s0") if gone else {}), *gone)
        place.publish()
    git(tmp_path, "clone", "-q", str(place.bare), "clone")
    newsfeed("-C", tmp_path / "clone", "build", "--now", "2030-02-04T09:00Z", "-o", tmp_path / "other")
    assert files(place.root / "public") == files(tmp_path / "other")


def files(folder: Path) -> dict[str, bytes]:
    """All published files below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".newsfeed")
    }


def test_a_broken_commit_keeps_the_old_site_and_is_told_once(place: Place) -> None:
    """The next good one is published; whoever asks for it sees the errors again."""
    first = place.publish()
    before = files(place.root / "public")
    broken = place.push({"news/2030/bad.en.md": "---\nid: bad\ntitle: Bad\ndate: yesterday\n---\nText.\n"})
    done = place.publish()
    assert (done.outcome, done.is_new, done.commit) == (REFUSED, True, broken)
    assert {one.code for one in done.problems} == {"date-invalid"}
    assert [one.where.path for one in done.problems] == ["news/2030/bad.en.md"]
    assert (done.state.commit, done.state.refused) == (first.commit, broken)
    assert files(place.root / "public") == before
    place.publisher.mark_told(broken)
    quiet = place.publish()
    assert (quiet.outcome, quiet.is_new, quiet.problems) == (REFUSED, False, ())
    asked = place.publish(again=True)
    assert (asked.is_new, len(asked.problems)) == (False, 1)
    mended = place.push(story("bad", "Good after all"))
    done = place.publish()
    assert (done.outcome, done.state.commit, done.state.refused) == (PUBLISHED, mended, "")
    assert place.page("bad")


def test_stories_come_due_beside_a_commit_that_is_refused(place: Place) -> None:
    """Editors who sleep must not keep back what was good before."""
    place.push(story("soon", "Soon", "2030-02-04T10:00Z"))
    assert place.publish().state.next_turn == "2030-02-04T10:00:00+00:00"
    place.push({"news/2030/bad.en.md": "no front matter"})
    assert place.publish().outcome == REFUSED
    assert place.page("soon") is None
    done = place.publish(timedelta(hours=1))
    assert (done.outcome, done.built is not None and done.built.published.written > 0) == (REFUSED, True)
    assert place.page("soon")
    assert "en/feed.atom" in done.changed_feeds


def test_a_branch_that_goes_back_to_what_is_published_is_well_again(place: Place) -> None:
    """The bad commit was taken away by force."""
    good = place.publish().commit
    place.push({"news/2030/bad.en.md": "no front matter"})
    place.publish()
    git(place.work, "reset", "-q", "--hard", good)
    place.push_as_is(force=True)
    done = place.publish()
    assert (done.outcome, done.state.refused) == (UNCHANGED, "")


def test_a_rewritten_branch_and_another_history_are_published_and_told(place: Place) -> None:
    """A force-push is an editor's right; nobody should wonder afterwards."""
    place.push(story("pump", "A pump"))
    place.publish()
    git(place.work, "reset", "-q", "--hard", "HEAD~1")
    place.push(story("tap", "A tap"), force=True)
    done = place.publish()
    assert (done.outcome, done.relation) == (PUBLISHED, FORCED)
    assert "the branch was rewritten" in newsfeed("-C", place.root, "status").stdout
    assert (place.page("pump"), bool(place.page("tap"))) == (None, True)
    git(place.work, "checkout", "-q", "--orphan", "other")
    place.push(story("roof", "A roof"), force=True)
    shown = newsfeed("-C", place.root, "publish", "--now", "2030-02-04T09:00Z")
    assert "has another history" in shown.stdout
    assert place.page("roof")


def test_what_is_unrelated_is_told_in_the_data(place: Place) -> None:
    """For the log of the service."""
    place.publish()
    git(place.work, "checkout", "-q", "--orphan", "other")
    place.push(story("roof", "A roof"), force=True)
    assert place.publish().relation == UNRELATED


@pytest.mark.parametrize(
    ("target", "codes"),
    [("../../../etc/passwd", {"commit-link"}), ("/etc/passwd", {"commit-link"}), ("well.en.md", set())],
)
def test_links_that_leave_the_commit_are_refused(place: Place, target: str, codes: set[str]) -> None:
    """One that stays inside is a file like any other."""
    place.publish()
    (place.work / "news/2030/link.png").symlink_to(target)
    place.push({})
    done = place.publish()
    assert {one.code for one in done.problems} & {"commit-link"} == codes
    assert not any(path.is_symlink() for path in (place.root / "var/publish/trees/b").rglob("*")) or not codes


def test_a_submodule_is_refused(place: Place) -> None:
    """Nothing is fetched from elsewhere."""
    place.publish()
    git(place.work, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},pages/other")
    git(place.work, "commit", "-qm", "a submodule")
    place.push_as_is()
    done = place.publish()
    assert [(one.code, one.where.path) for one in done.problems] == [("commit-submodule", "pages/other")]


def test_filters_hooks_and_attributes_of_a_commit_run_nothing(place: Place, tmp_path: Path) -> None:
    """Files are what was committed, whatever the commit says they should become."""
    trap = tmp_path / "trap"
    git(place.bare, "config", "filter.evil.smudge", f"touch {trap}; cat")
    git(place.bare, "config", "core.fsmonitor", f"touch {trap}")
    git(place.bare, "config", "uploadpack.packObjectsHook", f"touch {trap}; exec")
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n"
    files = {
        ".gitattributes": "* filter=evil text eol=crlf ident\n*.bin filter=lfs\n",
        "news/2030/a.bin": pointer,
    }
    (place.work / ".git/info").mkdir(exist_ok=True)
    (place.work / ".git/info/attributes").write_text("* -filter -text -eol -ident\n")
    place.push({**files, **story("pump", "A pump $Id$")})
    assert place.publish().outcome == PUBLISHED
    tree = place.publisher.checkouts.current
    assert tree is not None
    assert (tree / "news/2030/a.bin").read_text() == pointer
    assert b"\r" not in (tree / "news/2030/pump.en.md").read_bytes()
    assert not trap.exists()


def test_a_repository_that_is_gone_is_told_and_changes_nothing(place: Place) -> None:
    """It may come back; until then the site stays."""
    place.publish()
    place.bare.rename(place.bare.with_name("elsewhere.git"))
    with pytest.raises(OutsideError, match="cannot fetch main from"):
        place.publish()
    shown = newsfeed("-C", place.root, "publish")
    assert (shown.returncode, "Traceback" in shown.stderr) == (3, False)
    place.bare.with_name("elsewhere.git").rename(place.bare)
    assert place.publish().outcome == UNCHANGED


def test_a_branch_that_is_not_there_is_told(place: Place) -> None:
    """As git says it."""
    text = (place.root / "config.toml").read_text("utf-8")
    (place.root / "config.toml").write_text(f'{text}branch = "live"\n', "utf-8")
    with pytest.raises(OutsideError, match="cannot fetch live"):
        place.publish()


def test_a_full_disk_keeps_the_old_site(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """In mid-checkout, and in mid-build; when there is room again, all is well."""
    place.publish()
    before = files(place.root / "public")
    place.push(story("pump", "A pump"))
    with monkeypatch.context() as patched:
        real = os.open

        def full(path: str, flags: int, *more: object, **names: object) -> int:
            if str(path).endswith("pump.en.md") and flags & os.O_CREAT:
                raise OSError(errno.ENOSPC, "No space left on device", str(path))
            return real(path, flags, *more, **names)  # type: ignore[arg-type]

        patched.setattr(os, "open", full)
        with pytest.raises(OutsideError, match="the disk is full"):
            place.publish()
    with monkeypatch.context() as patched:

        def fails(*_: object, **__: object) -> None:
            raise OutsideError("cannot write: the disk is full")

        patched.setattr(builds, "quick_build", fails)
        with pytest.raises(OutsideError, match="the disk is full"):
            place.publish()
    assert files(place.root / "public") == before
    assert read_published_state(place.root).commit != git(place.work, "rev-parse", "HEAD")
    assert place.publish().outcome == PUBLISHED
    assert place.page("pump")


def test_without_a_repository_the_folder_itself_is_published(place: Place) -> None:
    """For a site that lies on the machine: stories still come due on time."""
    config = (place.work / "config.toml").read_text("utf-8")
    (place.work / "config.toml").write_text(f"{config}[publish]\n", "utf-8")
    done = newsfeed("-C", place.work, "publish", "--now", "2030-02-04T09:00Z", "--json")
    assert '"outcome": "published"' in done.stdout
    assert (place.work / "public/en/news/2026/well/index.html").is_file()
    (place.work / "news/2030/bad.en.md").write_text("no front matter", "utf-8")
    done = newsfeed("-C", place.work, "publish", "--now", "2030-02-04T09:00Z")
    assert (done.returncode, "news/2030/bad.en.md:1:1" in done.stderr) == (1, True)
    assert "what is published stays as it was" in done.stdout
    assert (place.work / "public/en/news/2026/well/index.html").is_file()


def test_the_command_tells_what_became_of_the_commit(place: Place) -> None:
    """For cron: 0 when all is well, 1 when it was refused, with the problems."""
    done = newsfeed("-C", place.root, "publish", "--now", "2030-02-04T09:00Z")
    assert (done.returncode, "is published" in done.stdout) == (0, True)
    place.push({"news/2030/bad.en.md": "no front matter"})
    done = newsfeed("-C", place.root, "publish", "--now", "2030-02-04T09:00Z")
    assert done.returncode == 1
    assert "news/2030/bad.en.md:1:1" in done.stderr
    assert "was refused; the site stays as it was" in done.stdout
    done = newsfeed("-C", place.root, "publish", "--now", "2030-02-04T09:00Z")
    assert "was refused before" in done.stdout


def test_the_command_waits_for_a_moment_that_is_near(place: Place) -> None:
    """What it starts from is at hand then; one that is far away is not waited for."""
    now = datetime.now(UTC)
    due = now + timedelta(seconds=2)
    place.push(story("soon", "Soon", f"{due:%Y-%m-%dT%H:%M:%S.%fZ}"[:-8] + "Z"))
    newsfeed("-C", place.root, "publish")
    began = time.monotonic()
    newsfeed("-C", place.root, "publish", "--due", "--at", (now + timedelta(hours=1)).isoformat())
    assert time.monotonic() - began < 30
    newsfeed(
        "-C", place.root, "publish", "--due", "--at", (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
    )
    assert place.page("soon")


REFUSALS = {
    "dropped": ({}, ["news/2030/well.en.md"], "id-dropped", ("news/2030/well.en.md", 1)),
    "altered": (
        {"news/2030/well.en.md": story("spring", "A well for the school")["news/2030/spring.en.md"]},
        [],
        "id-altered",
        ("news/2030/well.en.md", 2),
    ),
    "reused": (
        {
            "news/2030/well.en.md": "---\nid: well\ntitle: Rain\ndate: 2030-02-03T08:00Z\n---\nIt rains.\n",
        },
        [],
        "id-reused",
        ("news/2030/well.en.md", 2),
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_commit_that_breaks_a_published_id_is_refused(place: Place, name: str) -> None:
    """The site stays as it was; the next commit that puts it right is published."""
    files_of, gone, code, where = REFUSALS[name]
    place.publish()
    before = files(place.root / "public")
    place.push(files_of, *gone)
    done = place.publish()
    assert done.outcome == REFUSED
    assert [(one.code, one.where.path, one.where.line) for one in done.problems] == [(code, *where)]
    assert files(place.root / "public") == before
    git(place.work, "checkout", "-q", "HEAD~1", "--", "news")
    place.push(story("pump", "A pump"))
    assert place.publish().outcome == PUBLISHED


def test_a_story_that_was_never_public_may_go(place: Place) -> None:
    """A draft, and one of a day to come."""
    place.push(story("later", "Later", "2030-03-01T08:00Z") | story("draft", "Draft", more="draft: yes\n"))
    place.publish()
    place.push({}, "news/2030/later.en.md", "news/2030/draft.en.md")
    assert place.publish().outcome == PUBLISHED


def test_a_withdrawn_story_is_published_as_that(place: Place) -> None:
    """Its page says so, and so does the feed; and its file has to stay, too."""
    place.publish()
    withdrawn = story("well", "A well for the school", more="withdrawn: 2030-02-04\n")
    place.push(withdrawn)
    done = place.publish()
    assert (done.outcome, "en/feed.atom" in done.changed_feeds) == (PUBLISHED, True)
    assert "This story was withdrawn on 4 February 2030." in str(place.page("well"))
    assert "deleted-entry" in place.feed()
    place.push({}, "news/2030/well.en.md")
    assert [one.code for one in place.publish().problems] == ["id-dropped"]
