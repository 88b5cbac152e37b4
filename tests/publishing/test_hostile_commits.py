"""Commits of somebody who may push and means harm: they are refused, and what they change they cannot see."""

import threading
from itertools import pairwise, permutations
from pathlib import Path

import pytest

from newsfeed.app.publish_service import PublishCommand
from newsfeed.app.publishing import PUBLISHED, REFUSED, UNCHANGED
from newsfeed.core.publishing import commit_files
from newsfeed.errors import OutsideError
from tests.cli.command import environment, newsfeed
from tests.publishing.repositories import Place, git, make_place, story
from tests.publishing.test_publishing import files


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A site that is published."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    made = make_place(tmp_path)
    made.publish()
    return made


def make_tree(place: Place, *lines: str) -> str:
    """A tree of git, forged or not; its id."""
    return git(place.work, "mktree", "--missing", stdin="".join(f"{line}\n" for line in lines).encode())


def push_tree(place: Place, tree: str) -> str:
    """Push a commit of a tree past git's own checks; the commit's id."""
    commit = git(place.work, "commit-tree", "-p", "HEAD", "-m", "x", tree)
    git(place.work, "reset", "-q", "--soft", commit)
    return place.push_as_is()


def blob_of(place: Place, data: bytes) -> str:
    """A file of git; its id."""
    return git(place.work, "hash-object", "-w", "--stdin", stdin=data)


@pytest.mark.parametrize("leaf", ["100644 blob {blob}\tf{number}", ""])
def test_a_small_pack_that_stands_for_millions_of_files_or_folders_is_refused(
    place: Place, monkeypatch: pytest.MonkeyPatch, leaf: str
) -> None:
    """Ten trees deep, of ten entries each: the look ends with the limit, and the refusal is noted."""
    monkeypatch.setattr(commit_files, "MOST_FILES", 3_000)
    blob = blob_of(place, b"x\n")
    tree = make_tree(place, *(leaf.format(blob=blob, number=number) for number in range(10) if leaf))
    for _ in range(9):
        tree = make_tree(place, *(f"040000 tree {tree}\td{number}" for number in range(10)))
    commit = push_tree(place, tree)
    done = place.publish()
    assert (done.outcome, [one.code for one in done.problems]) == (REFUSED, ["commit-too-large"])
    assert (done.state.refused, place.page("well") is not None) == (commit, True)


def test_folders_without_end_are_refused(place: Place) -> None:
    """Before git itself gives up."""
    tree = make_tree(place, f"100644 blob {blob_of(place, b'x')}\tf")
    for _ in range(600):
        tree = make_tree(place, f"040000 tree {tree}\td")
    push_tree(place, tree)
    assert [one.code for one in place.publish().problems] == ["commit-path"]


FORMS = {
    "folder": {"pages/x/f.txt": "f", "pages/x/g/h.txt": "h"},
    "file": {"pages/x": "x"},
    "link": {"pages/x": Path("other")},
    "nothing": {},
}
"""A place in a site, in all that it can be."""


WAY = [
    "folder",
    "file",
    "folder",
    "link",
    "folder",
    "nothing",
    "file",
    "link",
    "file",
    "nothing",
    "link",
    "nothing",
    "folder",
]
"""Each of them becomes each other one, once."""


def test_a_folder_a_file_and_a_link_become_each_other(place: Place) -> None:
    """In both folders that are used in turn; what the link leads to stays as it is."""
    assert set(pairwise(WAY)) == set(permutations(FORMS, 2))
    for number, form in enumerate(form for form in WAY for _ in "ab"):
        put(place, FORMS[form])
        place.push(story(f"s{number}", "One more story"))
        done = place.publish()
        tree = place.publisher.checkouts.current
        assert (done.outcome, done.problems, tree is not None) == (PUBLISHED, (), True)
        assert tree is not None
        assert contents(tree / "pages") == contents(place.work / "pages"), (number, form)


def put(place: Place, form: dict[str, str | Path]) -> None:
    """Give a place of the work tree one of its forms, beside a folder that a link may lead to."""
    target = place.work / "pages/x"
    if target.is_dir() and not target.is_symlink():
        git(place.work, "rm", "-rqf", "--ignore-unmatch", "pages/x")
    target.unlink(missing_ok=True)
    for path, what in {"pages/other/f.txt": "other", **form}.items():
        one = place.work / path
        one.parent.mkdir(parents=True, exist_ok=True)
        one.symlink_to(what) if isinstance(what, Path) else one.write_text(what)


def contents(folder: Path) -> dict[str, str]:
    """Files and links below a folder, no link followed."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_symlink():
            found[path.relative_to(folder).as_posix()] = f"-> {path.readlink()}"
        elif path.is_file():
            found[path.relative_to(folder).as_posix()] = path.read_text()
    return found


def test_what_nobody_committed_gives_way(place: Place) -> None:
    """Records of issues are laid into the folder: a commit may want their place for something else."""
    place.push(story("a", "A story"))
    place.publish()
    for name in "ab":
        record = place.root / f"var/publish/trees/{name}/pages/note"
        record.parent.mkdir(parents=True)
        record.write_text("ours")
    for number, files_of in enumerate(({"pages/note/x.txt": "x"}, {"pages/note/y.txt": "y"})):
        place.push({**files_of, **story(f"b{number}", "A story")})
        done = place.publish()
        assert (done.outcome, [(one.code, one.params) for one in done.problems]) == (PUBLISHED, [])


def test_nothing_is_written_through_a_link_that_lies_in_the_folder(place: Place, tmp_path: Path) -> None:
    """Whoever put it there: nothing appears outside."""
    place.push(story("one", "One"))
    place.publish()
    place.push(story("two", "Two"))
    for name in "ab":
        folder = place.root / f"var/publish/trees/{name}/news"
        folder.rename(tmp_path / f"away-{name}")
        folder.symlink_to(tmp_path / f"away-{name}")
    before = files(tmp_path / "away-a"), files(tmp_path / "away-b")
    with pytest.raises(OutsideError, match="it is a link"):
        place.publish()
    assert (files(tmp_path / "away-a"), files(tmp_path / "away-b")) == before
    assert place.publish().outcome == PUBLISHED


@pytest.mark.parametrize(
    ("entry", "codes"),
    [
        ("040000 tree {tree}\t.git", {"commit-path"}),
        ("040000 tree {tree}\t..", {"commit-path"}),
        ("160000 commit 1111111111111111111111111111111111111111\tmodule", {"commit-submodule"}),
        ("100644 blob {blob}\t.GIT", {"commit-path"}),
    ],
)
def test_a_forged_tree_is_refused(place: Place, entry: str, codes: set[str]) -> None:
    """By git itself as it comes, or as its files are looked at: nothing of it is written."""
    blob = blob_of(place, b"[core]\nfsmonitor = touch /tmp/x\n")
    tree = make_tree(place, f"100644 blob {blob}\tconfig")
    push_tree(place, make_tree(place, entry.format(tree=tree, blob=blob)))
    try:
        found = {one.code for one in place.publish().problems}
    except OutsideError as error:  # git has refused it by itself
        found = codes if error.message.startswith("cannot fetch main") else set()
    assert found == codes
    assert not list((place.root / "var/publish/trees").rglob(".[gG][iI][tT]"))


def test_a_blob_that_unpacks_into_too_much_is_refused(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not written to find that out. Here a tenth of what is allowed is too much."""
    limit = commit_files.FILE_BYTES // 10
    monkeypatch.setattr(commit_files, "FILE_BYTES", limit)
    with (place.work / "big.bin").open("wb") as file:
        file.truncate(limit + 1)
    place.push({})
    assert [one.code for one in place.publish().problems] == ["commit-file-too-large"]


def test_the_configuration_of_a_commit_moves_nothing_of_the_service(place: Place, tmp_path: Path) -> None:
    """Another repository, store, address, channel or output: what the service's folder says holds."""
    away = tmp_path / "away"
    config = (place.work / "config.toml").read_text("utf-8")
    evil = f"""{config}
[publish]
repository = "{away}/evil.git"
branch = "evil"
[store]
secret_file = "{away}/secret"
url = "sqlite:///{away}/store.db"
[web]
base_url = "https://evil.example/"
host = "0.0.0.0"
[mail]
from = "evil@evil.example"
channel = "folder"
[channels.folder]
path = "{away}/mails"
[editors.addresses]
en = ["evil@evil.example"]
"""
    place.push({"config.toml": evil, **story("evil", "Evil")})
    done = place.publish()
    assert (done.outcome, [(one.code, one.params) for one in done.problems]) == (PUBLISHED, [])
    assert (place.publisher.settings.repository, place.publisher.settings.branch) == (str(place.bare), "main")
    place.push({"news/2030/bad.en.md": "no front matter"})
    assert newsfeed("-C", place.root, "publish", "--now", "2030-02-04T09:00Z").returncode == 1
    good = place.push({"config.toml": config, **story("good", "Good")}, "news/2030/bad.en.md")
    assert place.publish().state.commit == good
    assert not away.exists()


CODE = "{{ cycler.__init__.__globals__.os.environ.get('NEWSFEED_SECRET', 'nothing') }}"
"""A template that is a program."""


def shown(place: Place) -> str:
    """What the foot of the site's pages shows."""
    return str(place.page("well"))


def test_templates_of_a_commit_see_no_secret_in_the_environment(place: Place) -> None:
    """Nor do processes that build; those that send afterwards have it again."""
    place.push({"templates/page/story.html": f"<p>seen: {CODE}</p>"})
    done = newsfeed("-C", place.root, "publish", "--now", "2030-02-04T09:00Z", NEWSFEED_SECRET="s" * 40)
    assert done.returncode == 0, done.stderr
    assert "seen: nothing" in shown(place)


def test_templates_of_commits_can_be_left_out(place: Place) -> None:
    """Those of the service are used, or the shipped ones, in both folders and however they are committed."""
    config = place.root / "config.toml"
    config.write_text(f"{config.read_text('utf-8')}templates = false\n", "utf-8")
    for number in range(2):
        place.push({"templates/page/story.html": f"theirs {number}", **story(f"a{number}", "A story")})
        assert place.publish().outcome == PUBLISHED
        assert "<title>" in shown(place)
    own = place.root / "templates/page/story.html"
    own.parent.mkdir(parents=True)
    own.write_text("<p>ours</p>")
    assert place.publish().outcome == PUBLISHED
    assert "ours" in shown(place)
    git(place.work, "rm", "-rqf", "templates")
    (place.work / "pages/evil/page").mkdir(parents=True)
    (place.work / "pages/evil/page/story.html").write_text("theirs, behind a link")
    (place.work / "templates").symlink_to("pages/evil")
    place.push(story("b", "A story"))
    assert place.publish().outcome == PUBLISHED
    assert "ours" in shown(place)
    own.unlink()
    place.push({}, "templates")
    assert place.publish().outcome == PUBLISHED
    assert "theirs" not in shown(place)
    assert "<title>" in shown(place)


@pytest.mark.slow
def test_a_module_in_the_current_folder_is_not_the_program(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service may be started in a folder that others write into."""
    (tmp_path / "newsfeed.py").write_text("open('trap', 'w')")
    monkeypatch.chdir(tmp_path)
    command = PublishCommand(place.root, place.root / "public", None, environment(), threading.Event())
    assert command(None)["outcome"] == UNCHANGED
    assert not (tmp_path / "trap").exists()
