"""``newsfeed hook install`` in a site's own repository: git refuses what has errors, with the line to mend."""

import os
import subprocess

import pytest

from tests.cli.command import newsfeed
from tests.site.builds import REPOSITORY


def git(folder, *words, check=True):
    """Run git as somebody, with this newsfeed within reach of its hooks."""
    who = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org"}
    who |= {
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
        "PYTHONPATH": str(REPOSITORY),
    }
    done = subprocess.run(
        ["git", "-C", folder, *words],
        env={**os.environ, **who, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not check or done.returncode == 0, done.stderr
    return done


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A committed site."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    folder = tmp_path / "site"
    newsfeed("init", folder)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    return folder


@pytest.mark.slow
def test_a_mistake_is_refused_at_the_commit_and_what_is_mended_passes(site):
    """With the line, and what to do."""
    done = newsfeed("hook", "install", cwd=site)
    assert (done.returncode, done.stdout.count("the hook is in")) == (0, 2)
    story = site / "news/2026/hello.en.md"
    text = story.read_text()
    story.write_text(text.replace("[water]", "[watr]"))
    refused = git(site, "commit", "-qam", "second", check=False)
    assert refused.returncode == 1
    assert "hello.en.md:5:10: error: unknown topic “watr”" in refused.stdout + refused.stderr
    story.write_text(text + "\nMore.\n")
    git(site, "commit", "-qam", "second")
    assert newsfeed("hook", "install", cwd=site).returncode == 0


@pytest.mark.slow
def test_what_is_committed_is_checked_and_not_what_lies_beside_it(site):
    """A broken text that was staged, and mended since; a good one, and a broken draft that is not staged."""
    newsfeed("hook", "install", cwd=site)
    story = site / "news/2026/hello.en.md"
    text = story.read_text()
    story.write_text(text.replace("[water]", "[watr]"))
    git(site, "add", ".")
    story.write_text(text)
    refused = git(site, "commit", "-qm", "second", check=False)
    assert refused.returncode == 1
    assert "unknown topic “watr”" in refused.stdout + refused.stderr
    story.write_text(text + "\nMore.\n")
    git(site, "add", ".")
    (site / "news/2026/later.en.md").write_text("---\ntitle: [\n---\n")
    git(site, "commit", "-qm", "second")


@pytest.mark.slow
@pytest.mark.parametrize("place", ["", "a site’s"])
def test_what_lies_beside_a_commit_makes_it_no_slower(tmp_path, monkeypatch, place):
    """The last build of the site knows the copy that is looked at; also of one file out of several staged, and
    in a folder of the repository.
    """
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    (tmp_path / "copies").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "copies"))
    top = tmp_path / "top"
    folder = top / place
    newsfeed("init", folder)
    git(top, "init", "-q", "-b", "main")
    git(top, "add", ".")
    git(top, "commit", "-qm", "first")
    assert newsfeed("build", cwd=folder).returncode == 0
    newsfeed("hook", "install", cwd=folder)
    english, german = (folder / f"news/2026/hello.{lang}.md" for lang in ("en", "de"))
    (folder / "news/2026/later.en.md").write_text("---\ntitle: [\n---\n")
    german.write_text(german.read_text() + "\n[x](later.en.md)\n")
    git(top, "add", german)
    refused = git(top, "commit", "-qm", "second", check=False)
    assert (
        "hello.de.md:9:1: error: nothing is at “later.en.md” [link-broken]" in refused.stderr + refused.stdout
    )
    assert "all texts are read" not in refused.stderr
    english.write_text(english.read_text() + "\nMore.\n")
    done = git(top, "commit", "-qm", "second", english)
    assert "all texts are read" not in done.stderr
    assert list((tmp_path / "copies").iterdir()) == []


@pytest.mark.slow
def test_a_hook_runs_nothing_of_the_work_tree(site, tmp_path):
    """Python would prefer a module that a branch brings."""
    newsfeed("hook", "install", cwd=site)
    mark = tmp_path / "ran"
    (site / "newsfeed").mkdir()
    (site / "newsfeed/__init__.py").write_text(f"open({str(mark)!r}, 'w')\n")
    (site / "click.py").write_text(f"open({str(mark)!r}, 'w')\n")
    (site / "news/2026/hello.en.md").write_text("---\ntitle: [\n---\n")
    git(site, "add", ".")
    assert git(site, "commit", "-qm", "second", check=False).returncode == 1
    assert not mark.exists()


def test_a_hook_is_written_through_no_link(site, tmp_path):
    """A link in its place is somebody's hook."""
    outside = tmp_path / "outside"
    outside.write_text("mine")
    hooks = site / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    (hooks / "pre-commit.new").symlink_to(outside)
    (hooks / "pre-push").symlink_to(tmp_path / "nowhere")
    assert newsfeed("hook", "install", cwd=site).returncode == 2
    assert outside.read_text() == "mine"
    assert (hooks / "pre-push").is_symlink()


def test_hooks_of_others_are_left_alone(site):
    """The line to add is said."""
    hook = site / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nmake lint\n")
    refused = newsfeed("hook", "install", cwd=site)
    assert refused.returncode == 2
    assert "add this line to it: /" in refused.stderr
    assert hook.read_text() == "#!/bin/sh\nmake lint\n"
    hook.unlink()
    git(site, "config", "core.hooksPath", ".husky")
    refused = newsfeed("hook", "install", cwd=site)
    assert refused.returncode == 2
    assert "git looks for hooks in .husky" in refused.stderr


@pytest.mark.slow
def test_each_work_tree_of_a_repository_is_checked_by_itself(site, tmp_path):
    """All of them share the hooks; so does a folder that was moved since."""
    git(site, "worktree", "add", "-q", tmp_path / "beside")
    assert newsfeed("hook", "install", cwd=tmp_path / "beside").returncode == 0
    story = tmp_path / "beside/news/2026/hello.en.md"
    story.write_text(story.read_text() + "\n[x](nowhere.md)\n")
    git(site, "commit", "-q", "--allow-empty", "-m", "second")
    refused = git(tmp_path / "beside", "commit", "-qam", "third", check=False)
    assert (refused.returncode, "[link-broken]" in refused.stderr) == (1, True)


@pytest.mark.slow
def test_the_first_commit_of_a_repository_is_checked_too(tmp_path, monkeypatch):
    """There is nothing to compare it with; a bare repository has nothing to check."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    newsfeed("init", tmp_path / "site")
    git(tmp_path / "site", "init", "-q", "-b", "main")
    assert newsfeed("hook", "install", cwd=tmp_path / "site").returncode == 0
    git(tmp_path / "site", "add", ".")
    git(tmp_path / "site", "commit", "-qm", "first")
    git(tmp_path, "clone", "-q", "--bare", "site", "bare.git")
    refused = newsfeed("-C", tmp_path / "bare.git", "hook", "install")
    assert (refused.returncode, "without a work tree" in refused.stderr) == (2, True)


@pytest.mark.parametrize("words", [("hook", "install"), ("check", "--changed"), ("check", "--ids", "HEAD")])
def test_a_machine_without_git_is_told_so(site, tmp_path, words):
    """In a sentence that says what to do."""
    refused = newsfeed(*words, cwd=site, PATH=str(tmp_path))
    assert refused.returncode == 3
    assert "git is not installed here\n    install it, and run the command again\n" in refused.stderr


def test_a_folder_without_git_has_no_hooks(tmp_path):
    """And only bare repositories have the other one."""
    newsfeed("init", tmp_path / "site")
    assert "git init" in newsfeed("hook", "install", cwd=tmp_path / "site").stderr
    assert newsfeed("hook", "install", "elsewhere", cwd=tmp_path / "site").returncode == 2


@pytest.mark.slow
@pytest.mark.parametrize("is_clean", [True, False], ids=["all of it", "a part of the work tree"])
def test_a_commit_that_drops_a_published_id_is_refused_with_what_to_do(site, is_clean):
    """In the language of the editor, also when what is committed is looked at by itself; and what was asked
    for passes.
    """
    newsfeed("hook", "install", cwd=site)
    git(site, "rm", "-q", *(path.relative_to(site) for path in site.glob("news/2026/hello.*.md")))
    if not is_clean:
        (site / "README.md").write_text("Not for this commit.\n")
    refused = git(site, "commit", "-qm", "drop", check=False)
    said = refused.stdout + refused.stderr
    assert refused.returncode == 1
    assert "news/2026/hello.en.md:1:1: error: the story “hello” was published" in said
    assert "write “withdrawn: 2026-11-30” into it" in said
    assert "add “hello” to “removed” in [site] of config.toml" in said
    config = site / "config.toml"
    config.write_text(config.read_text().replace("[site]\n", '[site]\nremoved = ["hello"]\n', 1))
    git(site, "add", "config.toml")
    git(site, "commit", "-qm", "drop for good")
    assert git(site, "log", "--format=%s").stdout.split("\n")[0] == "drop for good"


@pytest.mark.slow
def test_a_check_against_a_commit_tells_the_ids_it_would_lose(site):
    """Quick or whole, from a folder below the top of the work tree; a commit that is not there is an error."""
    for options in (("--changed",), ("--ids", "HEAD"), ("--changed", "HEAD~0")):
        assert newsfeed("-C", site, "check", *options).returncode == 0
    story = site / "news/2026/hello.en.md"
    before = story.read_text()
    story.write_text(before.replace("id: hello", "id: greeting"))
    for options in (("--changed",), ("--ids", "HEAD")):
        done = newsfeed("-C", site, "check", *options, LANGUAGE="de")
        assert done.returncode == 1
        assert "hello.en.md:2:5" in done.stdout + done.stderr
        assert "id: hello" in done.stdout + done.stderr
    assert newsfeed("-C", site, "check").returncode == 0
    for path in [*site.glob("news/2026/hello.*.md")]:
        path.rename(path.with_name(path.name.replace("hello", "greeting")))
    (site / "news/2026/greeting.en.md").write_text(before)
    assert newsfeed("-C", site, "check", "--changed", "HEAD").returncode == 0
    assert newsfeed("-C", site, "check", "--ids", "nowhere").returncode == 2
    assert newsfeed("-C", site, "check", "--ids", "nowhere", "news/2026/greeting.en.md").returncode == 2
