"""Fetch a branch into a repository of our own, and read commits out of its objects.

Nothing of the other repository is run, nor of the user's: no hook, filter, monitor or helper, and no
configuration but what stands here. Files are read as objects, byte by byte as they were committed: git never
checks them out.
"""

from __future__ import annotations

import base64
import os
import resource
import signal
import subprocess
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from newsfeed.core.publishing.commit_files import LINK, CommitFile
from newsfeed.errors import OutsideError, reason_of
from newsfeed.files import make_private_folder
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
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
_FETCHED = "refs/newsfeed/fetched"
"""Where the branch lies in our repository."""
_FETCH_SECONDS, _SECONDS = 300, 60
_LARGEST_PACK = 5_000_000_000
"""Bytes of a file that git may write."""
_MOST_TARGET = 4_096
"""Bytes of a link, at most."""
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
        words = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules",
                 "--no-auto-gc", "--end-of-options", self.repository, wanted)  # fmt: skip
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

    def has(self, commit: str) -> bool:
        """Tell whether a commit is here (still)."""
        return bool(commit) and self._run("cat-file", "-e", "--", f"{commit}^{{commit}}").returncode == 0

    def merge_base(self, one: str, other: str) -> str:
        """Return the newest commit that two share; empty when there is none, or one of them is gone."""
        done = self._run("merge-base", "--", one, other)
        return done.stdout.decode("ascii", "replace").strip() if done.returncode == 0 else ""

    def files(self, commit: str) -> Iterator[CommitFile]:
        """Yield every file, link and submodule of a commit."""
        for entry in self._entries("ls-tree", "-r", "-l", "-z", "--full-tree", commit):
            head, _, path = entry.partition("\t")
            mode, _, blob, size = head.split()
            yield CommitFile(path, mode, blob, int(size) if size.isdigit() else 0)

    def changes(self, before: str, after: str) -> Iterator[tuple[CommitFile | None, str]]:
        """Yield each file that differs between two commits, as it is after (``None``: it is gone), and its
        path.
        """
        words = ("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--full-index")
        entries = self._entries(*words, before, after)
        for head, path in zip(entries[::2], entries[1::2], strict=True):
            _, mode, _, blob, state = head.removeprefix(":").split(" ")
            yield (None if state == "D" else CommitFile(path, mode, blob)), path

    def targets(self, files: Sequence[CommitFile]) -> Mapping[str, str]:
        """Return path → where it leads, of the links among some files."""
        links = [one for one in files if one.mode == LINK and one.size <= _MOST_TARGET]
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

    def _entries(self, *words: str) -> Sequence[str]:
        done = self._run(*words)
        if done.returncode:
            raise self._failed(done)
        return os.fsdecode(done.stdout).split("\0")[:-1]

    def _answer(self, *words: str) -> str:
        done = self._run(*words)
        if done.returncode:
            raise self._failed(done)
        return done.stdout.decode("utf-8", "replace")

    def _failed(self, done: subprocess.CompletedProcess[bytes]) -> OutsideError:
        return OutsideError(
            N_("git cannot read {folder}: {reason}"),
            N_("delete that folder, and it is fetched anew"),
            folder=self.folder,
            reason=_last_line(done.stderr),
        )

    def _run(self, *words: str, seconds: int = _SECONDS) -> subprocess.CompletedProcess[bytes]:
        """Run git; when it takes too long it is ended, with all that it has begun."""
        command = ["git", "--git-dir", os.fspath(self.folder), *_SAFE, *_transport(self.repository), *words]
        try:
            with subprocess.Popen(  # noqa: S603 - a fixed program, no shell
                command, env=self._environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, start_new_session=True,
            ) as process:  # fmt: skip
                _limit_files(process.pid)
                try:
                    answer, said = process.communicate(timeout=seconds)
                except BaseException:  # also a signal: nothing may be left running
                    os.killpg(process.pid, signal.SIGKILL)
                    raise
                return subprocess.CompletedProcess(command, process.returncode, answer, said)
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


def _limit_files(pid: int) -> None:
    """Let a process write no larger file: a pack from elsewhere must not fill the disk."""
    if hasattr(resource, "prlimit"):  # Linux has it
        with suppress(OSError):  # it has ended already
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (_LARGEST_PACK, _LARGEST_PACK))


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
