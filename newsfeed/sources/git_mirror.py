"""Fetch a branch into a repository of our own, and read commits out of its objects.

Nothing of the other repository is run, nor of the user's: no hook, filter, monitor or helper, and no
configuration but what stands here. Files are read as objects, byte by byte as they were committed: git never
checks them out.
"""

from __future__ import annotations

import base64
import os
import subprocess
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from newsfeed.core.publishing.commit_files import FOLDER, LINK, MOST_TARGET, CommitFile
from newsfeed.errors import OutsideError, reason_of
from newsfeed.files import make_private_folder
from newsfeed.marking import N_
from newsfeed.sources.git_output import read_output

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence
    from pathlib import Path

_SAFE = (
    "--no-pager", "--no-replace-objects", "--literal-pathspecs",
    "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "core.attributesFile=/dev/null",
    "-c", "core.quotePath=false", "-c", "core.askPass=", "-c", "credential.helper=",
    "-c", "submodule.recurse=false", "-c", "fetch.recurseSubmodules=no", "-c", "fetch.fsckObjects=true",
    "-c", "transfer.bundleURI=false", "-c", "fetch.bundleURI=", "-c", "http.followRedirects=false",
    "-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=30", "-c", "gc.autoDetach=false",
    "-c", "protocol.allow=never",
)  # fmt: skip
_OLD_MISTAKES = (
    "badDate", "badDateOverflow", "badEmail", "badName", "badTimezone", "missingEmail",
    "missingNameBeforeEmail", "missingSpaceBeforeDate", "missingSpaceBeforeEmail", "zeroPaddedDate",
    "zeroPaddedFilemode",
)  # fmt: skip
"""What git would refuse a whole history for, because of who wrote some commit of it, and when: old programs
made such, and nobody can change them any more. Files are checked before one of them is written.
"""
_FETCHED = "refs/newsfeed/fetched"
"""Where the branch lies in our repository."""
_FETCH_SECONDS, _SECONDS = 300, 60
_MOST_ANSWER = 1_000_000
"""Bytes of an answer that is kept whole."""
_LONGEST_ENTRY = 2_000
"""Bytes of a line of a listing: longer ones are cut, for their paths are refused all the same."""
_SSH_COMMAND = "ssh -o BatchMode=yes -o ConnectTimeout=20"
_WHOLE = 40
"""Hexadecimal digits of a commit's id (SHA-1)."""


@dataclass(frozen=True, slots=True)
class GitMirror:
    """Our own bare repository of one branch of another."""

    folder: Path
    repository: str
    """Path or URL, as `newsfeed.config.publish.is_repository` lets pass."""
    branch: str
    token: str = ""
    """For HTTPS; it is handed to git in the environment, where other users cannot see it."""

    def fetch(self) -> None:
        """Bring the branch here. Raises `OutsideError` when that fails."""
        self._make()
        wanted = f"+refs/heads/{self.branch}:{_FETCHED}"
        allowed = [word for one in _OLD_MISTAKES for word in ("-c", f"fetch.fsck.{one}=ignore")]
        words = (*allowed, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head",
                 "--no-recurse-submodules", "--no-auto-gc", "--end-of-options", self.repository,
                 wanted)  # fmt: skip
        done = self._run(*words, seconds=_FETCH_SECONDS)
        if done.returncode:
            raise OutsideError(
                N_("cannot fetch {branch} from {repository}: {reason}"),
                N_("see [publish] in config.toml; what is published stays as it is"),
                branch=self.branch,
                repository=self.repository,
                reason=_last_line(done.stderr),
            )

    def newest(self) -> str:
        """Return the newest commit of the branch, as it was fetched last."""
        return self._answer("rev-parse", "--verify", "--end-of-options", f"{_FETCHED}^{{commit}}").strip()

    def find_tree(self, commit: str, folder: str) -> str:
        """Return the id of a folder of a commit; empty when it has none of that name. All of it has the
        commit's own.
        """
        if not folder:
            return commit
        done = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}:{folder}")
        found = done.stdout.decode("ascii", "replace").strip()
        return found if done.returncode == 0 and self.has(found) else ""

    def has(self, tree: str) -> bool:
        """Tell whether a commit, or a folder of one, is here (still)."""
        return bool(tree) and self._run("cat-file", "-e", "--", f"{tree}^{{tree}}").returncode == 0

    def merge_base(self, one: str, other: str) -> str:
        """Return the newest commit that two share; empty when there is none, or one of them is gone."""
        done = self._run("merge-base", "--", one, other)
        return done.stdout.decode("ascii", "replace").strip() if done.returncode == 0 else ""

    def entries(self, tree: str) -> Generator[CommitFile]:
        """Yield every file, link, submodule and folder of a commit or one of its folders, as git finds them:
        there may be no end to it. Whoever has enough closes it.
        """
        with closing(self._entries("ls-tree", "-r", "-t", "-l", "-z", "--full-tree", tree)) as entries:
            for entry in entries:
                head, _, path = entry.partition("\t")
                mode, _, blob, size = head.split()
                yield CommitFile(path, mode, blob, int(size) if size.isdigit() else 0)

    def files(self, tree: str) -> Generator[CommitFile]:
        """Yield every file, link and submodule of a commit or one of its folders."""
        with closing(self.entries(tree)) as entries:
            yield from (one for one in entries if one.mode != FOLDER)

    def changes(self, before: str, after: str) -> Iterator[tuple[CommitFile | None, str]]:
        """Yield each file that differs between two commits or folders, as it is after (``None``: it is gone),
        and its path.
        """
        words = ("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--full-index")
        with closing(self._entries(*words, before, after)) as entries:
            for head in entries:
                path = next(entries)
                _, mode, _, blob, state = head.removeprefix(":").split(" ")
                yield (None if state == "D" else CommitFile(path, mode, blob)), path

    def targets(self, files: Sequence[CommitFile]) -> Mapping[str, str]:
        """Return path → where it leads, of the links among some files."""
        links = [one for one in files if one.mode == LINK and one.size <= MOST_TARGET]
        with self.contents() as read:
            return {one.path: os.fsdecode(read.whole(one.blob)) for one in links}

    @contextmanager
    def contents(self) -> Iterator[BlobReader]:
        """Open what reads files out of objects, as they were committed."""
        command = ["git", "--git-dir", os.fspath(self.folder), *_SAFE, "cat-file", "--batch"]
        with subprocess.Popen(  # noqa: S603 - a fixed program with fixed words, and no shell
            command, env=self._environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            assert process.stdin
            assert process.stdout
            try:
                yield BlobReader(process.stdin, process.stdout)
            finally:
                process.stdin.close()
                process.stdout.close()
                process.kill()

    def tidy(self) -> None:
        """Let git pack what has come, when it finds that worth while."""
        if (self.folder / "HEAD").exists():
            self._run("gc", "--auto", "--quiet", seconds=_FETCH_SECONDS)

    def _make(self) -> None:
        if (self.folder / "HEAD").exists():
            return
        try:
            make_private_folder(self.folder)
        except OSError as error:
            raise OutsideError(
                N_("cannot write {path}: {reason}"), path=self.folder, reason=reason_of(error)
            ) from error
        # without templates: one of the machine's could bring hooks
        self._answer("init", "--quiet", "--bare", "--template=", "--object-format=sha1")

    def _entries(self, *words: str) -> Generator[str]:
        """Yield what git lists, as it comes."""
        rest = b""
        try:
            with closing(self._pieces(words, _SECONDS)) as pieces:
                for piece in pieces:
                    *whole, rest = (rest + piece).split(b"\0")
                    yield from (os.fsdecode(one[:_LONGEST_ENTRY]) for one in whole)
                    rest = rest[:_LONGEST_ENTRY]
        except subprocess.CalledProcessError as error:
            raise self._failed(error.stderr) from error

    def _answer(self, *words: str) -> str:
        done = self._run(*words)
        if done.returncode:
            raise self._failed(done.stderr)
        return done.stdout.decode("utf-8", "replace")

    def _failed(self, said: bytes) -> OutsideError:
        return OutsideError(
            N_("git cannot read {folder}: {reason}"),
            N_("delete that folder, and it is fetched anew"),
            folder=self.folder,
            reason=_last_line(said),
        )

    def _run(self, *words: str, seconds: int = _SECONDS) -> subprocess.CompletedProcess[bytes]:
        """Run git for a short answer."""
        answer = b""
        try:
            with closing(self._pieces(words, seconds)) as pieces:
                for piece in pieces:
                    answer += piece
                    if len(answer) > _MOST_ANSWER:
                        raise self._failed(b"its answer is too long")
        except subprocess.CalledProcessError as error:
            return subprocess.CompletedProcess(words, error.returncode, answer, error.stderr)
        return subprocess.CompletedProcess(words, 0, answer, b"")

    def _pieces(self, words: Sequence[str], seconds: int) -> Generator[bytes]:
        """Yield what git prints; when it takes too long it is ended, with all that it has begun."""
        command = ["git", "--git-dir", os.fspath(self.folder), *_SAFE, *_transport(self.repository), *words]
        try:
            with closing(read_output(command, self._environment(), seconds)) as pieces:
                yield from pieces
        except subprocess.TimeoutExpired as error:
            raise OutsideError(
                N_("git did not answer within {seconds} s: {repository}"),
                seconds=seconds,
                repository=self.repository,
            ) from error
        except OSError as error:
            raise OutsideError(N_("git cannot be run: {reason}"), reason=reason_of(error)) from error

    def _environment(self) -> dict[str, str]:
        found = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        found |= {
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_SSH_COMMAND": _SSH_COMMAND,
            "GIT_LFS_SKIP_SMUDGE": "1",
            "LC_ALL": "C.UTF-8",
        }
        if self.token and self.repository.startswith("https://"):
            host = urlsplit(self.repository).netloc.rpartition("@")[2]
            word = base64.b64encode(f"x-access-token:{self.token}".encode()).decode()
            found |= {
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": f"http.https://{host}/.extraHeader",
                "GIT_CONFIG_VALUE_0": f"Authorization: Basic {word}",
            }
        return found


class BlobReader:
    """Reads blobs through one ``git cat-file --batch``."""

    def __init__(self, questions: IO[bytes], answers: IO[bytes]) -> None:
        self._questions = questions
        self._answers = answers

    def whole(self, blob: str) -> bytes:
        """Return all of a small blob."""
        return b"".join(self.pieces(blob))

    def pieces(self, blob: str) -> Iterator[bytes]:
        """Yield a blob of any size piece by piece; all of it has to be taken."""
        self._questions.write(f"{blob}\n".encode("ascii"))
        self._questions.flush()
        head = self._answers.readline().split()
        if len(head) != 3 or head[1] != b"blob":
            raise OutsideError(N_("git has lost the object {blob}"), blob=blob)
        left = int(head[2])
        while left:
            piece = self._answers.read(min(left, 1 << 18))
            if not piece:
                raise OutsideError(N_("git has lost the object {blob}"), blob=blob)
            left -= len(piece)
            yield piece
        self._answers.read(1)  # a line end


def is_commit_id(text: str) -> bool:
    """Tell whether a text is the id of a commit."""
    return len(text) == _WHOLE and all(char in "0123456789abcdef" for char in text)


def _transport(repository: str) -> tuple[str, ...]:
    """Return the options that allow the one way of transport that an address asks for."""
    if "://" in repository:
        kind = repository.partition("://")[0]
    else:  # git@host:path, else a path
        kind = "ssh" if ":" in repository.partition("/")[0] else "file"
    return "-c", f"protocol.{kind}.allow=always"


def _last_line(said: bytes) -> str:
    """Return the line in which git says why, as it would stand in a log."""
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:", "ERROR:"))]
    chosen = (fatal or lines or ["?"])[0]
    return chosen.partition(": ")[2] or chosen
