"""Our copy of somebody's repository: what git is given, and what it cannot do."""

import os
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from newsfeed.errors import OutsideError
from newsfeed.sources import git_output
from newsfeed.sources.git_mirror import GitMirror
from tests.delivery.sites import wait_until
from tests.publishing.repositories import git, make_place


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """Words and environment of each program that is begun."""
    found: list[tuple[list[str], dict[str, str]]] = []
    real = subprocess.Popen

    def begin(words: list[str], **names: object) -> object:
        found.append((words, dict(names["env"])))  # type: ignore[call-overload]
        return real(words, **names)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", begin)
    return found


def test_a_token_is_in_the_environment_of_git_only_and_for_its_host_only(
    tmp_path: Path, seen: list[tuple[list[str], dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other users of the machine see the words of a command; and a redirect must not carry it away."""
    monkeypatch.setenv("GIT_SSH_COMMAND", "touch /tmp/elsewhere")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.fsmonitor=true'")
    mirror = GitMirror(tmp_path / "m.git", "https://127.0.0.1:1/a.git", "main", "token-1")
    with pytest.raises(OutsideError) as told:
        mirror.fetch()
    assert "token-1" not in told.value.message
    for words, environment in seen:
        assert "token-1" not in " ".join(words)
        assert environment["GIT_CONFIG_KEY_0"] == "http.https://127.0.0.1:1/.extraHeader"
        assert environment["GIT_CONFIG_GLOBAL"] == os.devnull
        assert "GIT_CONFIG_PARAMETERS" not in environment
        assert environment["GIT_SSH_COMMAND"].startswith("ssh -o BatchMode=yes")
        assert "http.followRedirects=false" in words
        assert [word for word in words if word.endswith("allow=always")] == ["protocol.https.allow=always"]


def test_a_path_needs_no_token(tmp_path: Path, seen: list[tuple[list[str], dict[str, str]]]) -> None:
    """And gets none."""
    place = make_place(tmp_path)
    GitMirror(tmp_path / "m.git", str(place.bare), "main", "token-1").fetch()
    assert seen
    assert not any("token-1" in str(one) for one in seen)


def test_git_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all that it has begun; the reason is told."""
    slow = tmp_path / "bin/git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nsleep 60 & echo $! > $0.pid; wait\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
    with pytest.raises(OutsideError, match="did not answer within"):
        GitMirror(tmp_path / "m.git", "/nowhere", "main")._run("version", seconds=1)
    child = int((slow.parent / "git.pid").read_text())
    wait_until(lambda: not is_alive(child))


def is_alive(number: int) -> bool:
    """Whether a process is there, and no mere entry of one that has ended."""
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_pack_without_end_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is not filled; what was there stays."""
    place = make_place(tmp_path)
    mirror = GitMirror(tmp_path / "m.git", str(place.bare), "main")
    mirror.fetch()
    before = mirror.newest()
    place.push({"big.bin": os.urandom(3_000_000)})
    monkeypatch.setattr(git_output, "_LARGEST_PACK", 1_000_000)
    with pytest.raises(OutsideError, match="cannot fetch main"):
        mirror.fetch()
    assert mirror.newest() == before


def test_a_mirror_that_is_damaged_is_told_with_a_remedy(tmp_path: Path) -> None:
    """Whoever deletes it gets a new one."""
    place = make_place(tmp_path)
    mirror = GitMirror(tmp_path / "m.git", str(place.bare), "main")
    mirror.fetch()
    commit = mirror.newest()
    for path in (tmp_path / "m.git/objects").rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            path.write_bytes(b"")
    with pytest.raises(OutsideError) as told:
        list(mirror.files(commit))
    assert "delete that folder" in told.value.hint
    assert not mirror.has(commit)


def test_an_answer_without_end_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server decides what git says: the answer is refused, and of what is said beside it the end is kept."""
    fake = tmp_path / "bin/git"
    fake.parent.mkdir()
    fake.write_text('#!/bin/sh\nyes x | head -c 3000000 >&2\necho "fatal: so it is" >&2\nexit 1\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    mirror = GitMirror(tmp_path / "m.git", "/nowhere", "main")
    done = mirror._run("version")
    assert (done.returncode, done.stderr.endswith(b"so it is\n"), len(done.stderr) < 100_000) == (
        1,
        True,
        True,
    )
    fake.write_text("#!/bin/sh\nexec yes\n")
    with pytest.raises(OutsideError, match="its answer is too long"):
        mirror._run("version")


def test_a_listing_ends_with_whoever_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is taken as it comes; git is gone when it is closed. A name without end is cut."""
    fake = tmp_path / "bin/git"
    fake.parent.mkdir()
    fake.write_text(
        "#!/bin/sh\necho $$ > $0.pid\nprintf '100644 blob 1 2\\ta\\000100644 blob 1 2\\t'\nhead -c 500000 /dev/zero"
        " | tr '\\0' x\nprintf '\\0'\nexec yes\n"
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    with closing(GitMirror(tmp_path / "m.git", "/nowhere", "main").entries("1" * 40)) as entries:
        assert next(entries).path == "a"
        assert 1_000 < len(next(entries).path) < 3_000
    number = int((fake.parent / "git.pid").read_text())
    wait_until(lambda: not is_alive(number))


def test_a_history_says_what_two_commits_share(tmp_path: Path) -> None:
    """Nothing, when one of them is gone."""
    place = make_place(tmp_path)
    first = git(place.work, "rev-parse", "HEAD")
    second = place.push({"a.txt": "1"})
    mirror = GitMirror(tmp_path / "m.git", str(place.bare), "main")
    mirror.fetch()
    assert mirror.merge_base(first, second) == first
    assert mirror.merge_base("0" * 40, second) == ""
    assert [path for _, path in mirror.changes(first, second)] == ["a.txt"]


@pytest.mark.parametrize(
    "author",
    ["Ada <ada@test.example> 1234567890 +051800", "Ada <ada@test.example 1234567890 +0000", "Ada 0 +0000"],
)
def test_an_old_commit_with_a_mistake_in_its_author_is_fetched(tmp_path: Path, author: str) -> None:
    """Nobody can change it any more, and no file depends on it."""
    place = make_place(tmp_path)
    tree = git(place.bare, "rev-parse", "main^{tree}").strip()
    text = f"tree {tree}\nauthor {author}\ncommitter Ada <ada@test.example> 1 +0000\n\nOld.\n"
    words = ("hash-object", "-t", "commit", "-w", "--stdin", "--literally")
    commit = git(place.bare, *words, stdin=text.encode()).strip()
    git(place.bare, "update-ref", "refs/heads/main", commit)
    mirror = GitMirror(tmp_path / "m.git", str(place.bare), "main")
    mirror.fetch()
    assert mirror.newest() == commit
