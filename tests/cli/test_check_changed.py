"""``newsfeed check --changed``: the problems of what differs from a commit, whether or not a build is there to ask."""

import subprocess

import pytest

from newsfeed.app import changed_check
from newsfeed.errors import UsageError
from tests.cli.command import newsfeed

NOW = "--now", "2026-03-01T00:00Z"


def git(folder, *words):
    """Run git as somebody."""
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    return subprocess.run(["git", "-C", folder, *who, *words], check=True, capture_output=True)


@pytest.fixture(params=["built", "unbuilt"])
def site(request, tmp_path, monkeypatch):
    """A committed site, published or not; one of its texts has a problem that nobody has touched."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "site"
    newsfeed("init", folder)
    (folder / "news/2026/old.en.md").write_text("---\nid: old\ndate: 2026-01-01\ntitle: Old\n---\n")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    if request.param == "built":
        assert newsfeed("build", *NOW, cwd=folder).returncode == 0
    return folder


def test_nothing_changed_is_nothing_to_tell(site):
    """Although another text has a warning."""
    assert "[text-missing]" in newsfeed("check", *NOW, cwd=site).stdout
    done = newsfeed("check", "--changed", *NOW, cwd=site)
    assert (done.returncode, done.stdout) == (0, "no problems\n")


def test_a_mistake_in_a_changed_or_a_new_file_is_told(site):
    """And only that."""
    story = site / "news/2026/hello.en.md"
    story.write_text(story.read_text().replace("[water]", "[watr]"))
    done = newsfeed("check", "--changed", *NOW, cwd=site)
    assert done.returncode == 1
    assert "news/2026/hello.en.md:5:10: error: unknown topic “watr”" in done.stdout
    assert "old.en.md" not in done.stdout
    git(site, "checkout", "-q", ".")
    (site / "news/2026/new.en.md").write_text("---\nid: new\ndate: 1.2.2026\ntitle: New\n---\nText.\n")
    done = newsfeed("check", "--changed", *NOW, cwd=site)
    assert done.returncode == 1
    assert "news/2026/new.en.md:3:7" in done.stdout


def test_what_was_committed_since_a_branch_is_checked_too(site):
    """As before a push."""
    story = site / "news/2026/hello.en.md"
    story.write_text(story.read_text() + "\n[x](nowhere.md)\n")
    git(site, "commit", "-qam", "second")
    assert newsfeed("check", "--changed", *NOW, cwd=site).returncode == 0
    done = newsfeed("check", "--changed", "HEAD~1", *NOW, cwd=site)
    assert done.returncode == 1
    assert "[link-broken]" in done.stdout


def test_a_commit_that_is_not_there_is_a_mistake_of_the_command_line(site, tmp_path):
    """An option in its place, too; and so is a folder without git."""
    for word in ("nowhere", "HEAD:news"):
        refused = newsfeed("check", f"--changed={word}", cwd=site)
        assert refused.returncode == 2
        assert "git knows no commit" in refused.stderr
    with pytest.raises(UsageError):
        changed_check.list_changed_files(site, "--output=x")
    newsfeed("init", tmp_path / "bare")
    assert newsfeed("check", "--changed", cwd=tmp_path / "bare").returncode == 2


def test_a_built_site_is_not_read_again(site, monkeypatch):
    """That is what makes it quick; without a build everything is read."""
    story = site / "news/2026/hello.en.md"
    story.write_text(story.read_text() + "\nMore.\n")
    is_built = (site / "public").exists()
    paths = changed_check.list_changed_files(site, "HEAD")
    assert paths == {"news/2026/hello.en.md"}
    found = changed_check.check_changed(
        site, site / "public", paths, {"XDG_CACHE_HOME": str(site.parent / "cache")}
    )
    assert found == ([] if is_built else None)
