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
        changed_check.check_changed(site, site / "public", "--output=x", {})
    newsfeed("init", tmp_path / "none")
    assert "run git init first" in newsfeed("check", "--changed", cwd=tmp_path / "none").stderr
    git(tmp_path, "clone", "-q", "--bare", site, "bare.git")
    refused = newsfeed("check", "--changed", cwd=tmp_path / "bare.git")
    assert (refused.returncode, "without a work tree" in refused.stderr) == (2, True)


@pytest.mark.parametrize("site", ["unbuilt"], indirect=True)
def test_before_the_first_commit_everything_has_changed(site):
    """Whether git was told of a file or not; so a hook does not refuse the first commit of all."""
    (site / "news/2026/new.en.md").write_text("---\nid: new\ndate: 1.2.2026\ntitle: New\n---\nText.\n")
    git(site, "update-ref", "-d", "HEAD")
    done = newsfeed("check", "--changed", *NOW, cwd=site)
    assert done.returncode == 1
    assert "news/2026/new.en.md:3:7" in done.stdout
    assert "[text-missing]" in done.stdout
    (site / "news/2026/new.en.md").unlink()
    assert newsfeed("check", "--changed", *NOW, cwd=site).returncode == 0


def test_a_locked_index_and_a_shallow_clone_are_no_hindrance(site, tmp_path):
    """Nothing is written into the repository, and no older commit is asked for."""
    (site / ".git/index.lock").touch()
    story = site / "news/2026/hello.en.md"
    story.write_text(story.read_text() + "\n[x](nowhere.md)\n")
    assert "[link-broken]" in newsfeed("check", "--changed", *NOW, cwd=site).stdout
    (site / ".git/index.lock").unlink()
    git(site, "commit", "-qam", "second")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{site}", "shallow")
    done = newsfeed("check", "--changed", *NOW, cwd=tmp_path / "shallow")
    assert (done.returncode, done.stdout) == (0, "no problems\n")
    assert newsfeed("check", "--changed", "HEAD~1", cwd=tmp_path / "shallow").returncode == 2


def check(site):
    """Check what differs from the last commit; ``None``: everything has to be read for that."""
    return changed_check.check_changed(
        site, site / "public", "HEAD", {"XDG_CACHE_HOME": str(site.parent / "cache")}
    )


def test_a_built_site_is_not_read_again(site):
    """That is what makes it quick; without a build everything is read."""
    story = site / "news/2026/hello.en.md"
    story.write_text(story.read_text() + "\nMore.\n")
    checked = check(site)
    assert checked.paths == {"news/2026/hello.en.md"}
    assert checked.problems == ([] if (site / "public").exists() else None)


only_built = pytest.mark.parametrize("site", ["built"], indirect=True)


def codes(site):
    """Code and file of each problem of what changed, asked of the last build."""
    checked = check(site)
    assert checked.problems is not None
    return sorted((one.code, one.where.path) for one in checked.problems)


@only_built
def test_a_page_or_a_project_is_checked_without_reading_the_rest(site):
    """Also one that a changed story names."""
    (site / "pages").mkdir(exist_ok=True)
    (site / "projects").mkdir(exist_ok=True)
    (site / "pages/who.en.md").write_text("---\ntitle: Who\n---\n[x](nowhere.md)\n")
    (site / "projects/well.en.md").write_text("---\nid: well\ntitle: A well\n---\nText.\n")
    story = site / "news/2026/old.en.md"
    story.write_text(
        "---\nid: old\ndate: 2026-01-01\nprojects: [well, pump]\ntitle: Old\n---\n[a](../../pages/who.en.md)\n"
    )
    found = codes(site)
    assert ("link-broken", "pages/who.en.md") in found
    assert ("project-unknown", "news/2026/old.en.md") in found
    assert len([one for one in found if one[0] == "project-unknown"]) == 1


@only_built
def test_an_id_that_another_story_has_is_told_at_the_new_file(site):
    """Whoever copied a story to begin another one."""
    (site / "news/2026/copy.en.md").write_text("---\nid: old\ndate: 2026-02-01\ntitle: New\n---\nText.\n")
    assert ("id-duplicate", "news/2026/copy.en.md") in codes(site)


@only_built
def test_a_renamed_story_keeps_its_id(site):
    """Git moves the file; nobody else has its id then."""
    git(site, "mv", "news/2026/old.en.md", "news/2026/older.en.md")
    assert codes(site) == [("text-missing", "news/2026/older.en.md")]


@only_built
def test_what_a_pull_brought_since_the_build_is_known(site):
    """A link to a story that came since leads there; one to a story that went leads nowhere."""
    (site / "news/2026/pulled.en.md").write_text("---\nid: pulled\ndate: 2026-02-01\ntitle: P\n---\nText.\n")
    git(site, "rm", "-q", "news/2026/old.en.md")
    git(site, "add", ".")
    git(site, "commit", "-qm", "pulled")
    story = site / "news/2026/hello.en.md"
    story.write_text(story.read_text() + "\n[a](pulled.en.md) [b](old.en.md)\n")
    assert codes(site) == [("link-broken", "news/2026/hello.en.md")]


@only_built
def test_the_translations_of_a_changed_original_are_told_about(site):
    """As by a check of everything: what they note of it is no longer true."""
    name = "news/2026/well.{}.md"
    (site / name.format("en")).write_text("---\nid: well\ndate: 2026-02-01\ntitle: A well\n---\nText.\n")
    (site / name.format("de")).write_text(
        "---\ntitle: Ein Brunnen\nsource: title=123456 abcdef\n---\nText.\n"
    )
    git(site, "add", ".")
    git(site, "commit", "-qm", "translated")
    (site / name.format("en")).write_text("---\nid: well\ndate: 2026-02-01\ntitle: A well\n---\nMore.\n")
    assert ("translation-stale", name.format("de")) in codes(site)


@only_built
def test_a_picture_that_is_replaced_is_told_where_it_is_shown(site):
    """The texts that show it did not change."""
    folder = site / "news/2026/sun"
    folder.mkdir()
    (folder / "sun.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>')
    (folder / "index.en.md").write_text(
        "---\nid: sun\ndate: 2026-02-01\ntitle: Sun\n---\n![a sun](sun.svg)\n"
    )
    git(site, "add", ".")
    git(site, "commit", "-qm", "sun")
    assert newsfeed("build", *NOW, cwd=site).returncode == 0
    (folder / "sun.svg").write_text("")
    assert codes(site) == [("asset-empty", "news/2026/sun/index.en.md")]


@only_built
def test_a_repository_in_which_git_cannot_tell_is_looked_at_by_ourselves(site):
    """Such as one that converts line ends: files are not what git keeps of them."""
    git(site, "config", "core.autocrlf", "input")
    story = site / "news/2026/hello.en.md"
    story.write_text(story.read_text() + "\n[x](nowhere.md)\n")
    assert codes(site) == [("link-broken", "news/2026/hello.en.md")]
