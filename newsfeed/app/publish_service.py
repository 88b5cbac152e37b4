"""The part of a running service that publishes: woken by a push, the clock, or a look now and then.

Each publishing is a ``newsfeed publish`` in a process of its own: the memory of a large build, and its worker
processes, are then no matter of the service that sends and answers meanwhile.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from signal import SIGKILL, SIGTERM
from typing import TYPE_CHECKING

from newsfeed.app.published_state import is_held, read_published_state
from newsfeed.app.publishing import REFUSED
from newsfeed.config.site_layout import PUBLISH_FOLDER
from newsfeed.errors import NewsfeedError, OutsideError, UsageError, reason_of
from newsfeed.files import make_private_folder
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from newsfeed.scheduling.jobs import JobBoard
    from newsfeed.scheduling.stopping import StopSignal

NEXT_STORY, POLL, AGAIN = "next story", "poll", "publish again"
"""Jobs: the next story that comes due or expires, a look at the repository, another try after trouble."""
QUIET = 1.0
"""Seconds without another push after which the newest one is published."""
LEAD = timedelta(seconds=1.5)
"""Before a story comes due a process is begun that has everything at hand when its moment is there."""
LONGEST = 10.0
"""Seconds after which it is published although pushes go on."""
_LOOK = 0.25
"""Seconds between two looks for a sign of a push."""
_PAUSE = timedelta(seconds=60)
"""Until another try after trouble."""
_LAST_WAIT = 5.0
"""Seconds in which a publishing that is interrupted has to end."""
_SERVICE = "service.lock"
"""File that a service holds while it runs."""
_SIGN = "pushed"
"""File in the folder of publishing that is touched when somebody has pushed."""


def leave_sign(root: Path) -> None:
    """Tell a running service, of this process or another, that there may be a new commit. It only looks: what
    is published is what the repository has.
    """
    path = root / PUBLISH_FOLDER / _SIGN
    try:
        make_private_folder(path.parent)
        path.touch(mode=0o600)
        os.utime(path)
    except OSError as error:
        raise OutsideError(N_("cannot write {path}: {reason}"), path=path, reason=reason_of(error)) from error


def _read_sign(root: Path) -> int:
    try:
        return (root / PUBLISH_FOLDER / _SIGN).stat().st_mtime_ns
    except OSError:
        return 0


def is_running(root: Path) -> bool:
    """Tell whether a service of this machine publishes a site."""
    return is_held(root / PUBLISH_FOLDER / _SERVICE)


@contextmanager
def running(root: Path) -> Iterator[None]:
    """Let others see that a service publishes this site; a second one beside it is not seen by itself."""
    path = root / PUBLISH_FOLDER / _SERVICE
    make_private_folder(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


@dataclass(frozen=True, slots=True)
class PublishReports:
    """Those who hear of a publishing."""

    done: Callable[[Mapping[str, Any]], object]
    """Takes the data of ``newsfeed publish --json``."""
    trouble: Callable[[NewsfeedError], object]


class PublishService:
    """Publishes when it is told to: of several pushes the newest, and what comes due at its moment.

    Each has a thread of its own, so that a repository that hangs keeps no story back; builds wait for each
    other.
    """

    def __init__(
        self,
        root: Path,
        publish: Callable[[datetime | None], Mapping[str, Any]],
        jobs: JobBoard,
        clock: Callable[[], datetime],
        reports: PublishReports,
        stop: StopSignal,
        poll: int = 0,
    ) -> None:
        """publish: publishes once, after a fetch, or at the moment of a story (`PublishCommand`).
        poll: seconds; 0: never.
        """
        self._root = root
        self._publish = publish
        self._jobs = jobs
        self._clock = clock
        self._reports = reports
        self._stopped = stop.event
        self._poll = poll
        self._pushed, self._turned = threading.Event(), threading.Event()
        stop.wake_too(self._pushed)
        stop.wake_too(self._turned)
        self._looked = threading.Event()
        stop.wake_too(self._looked)
        self._sign = 0
        self._next_turn: datetime | None = None
        self._troubles = {_PUSHES: "", _TURNS: ""}
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=work, name=name, daemon=True)
            for name, work in ((_PUSHES, self._follow_pushes), (_TURNS, self._follow_clock))
        ]

    @property
    def trouble(self) -> str:
        """Return why a person should look; empty when all is well."""
        return self._troubles[_PUSHES] or self._troubles[_TURNS]

    def start(self) -> None:
        """Publish what is there, and then whatever comes."""
        self._sign = _read_sign(self._root)
        if self._poll:
            self._jobs.every(POLL, self._poll, self.look)
        self.look()
        for thread in self._threads:
            thread.start()

    def look(self) -> None:
        """Ask the repository, soon."""
        self._pushed.set()

    def wait_for_first_look(self, seconds: float | None = None) -> None:
        """Wait until it was tried to publish what is there, or the stop; ``seconds``: at most."""
        self._looked.wait(seconds)

    def join(self) -> None:
        """Wait for the end, after the stop."""
        for thread in self._threads:
            if thread.is_alive():
                thread.join(_LAST_WAIT + 2)

    def _follow_pushes(self) -> None:
        while not self._stopped.is_set():
            if self._pushed.wait(_LOOK) or self._has_sign():
                self._wait_for_quiet()
                self._pushed.clear()
                self._publish_once(_PUSHES)

    def _follow_clock(self) -> None:
        while not self._stopped.is_set():
            # the clock is asked, too: it may have been set since the job was made
            self._turned.wait(_LOOK)
            self._turned.clear()
            turn = self._next_turn
            if turn is not None and self._clock() >= turn - LEAD:
                self._publish_once(_TURNS, turn)

    def _has_sign(self) -> bool:
        """Tell whether somebody has left a sign since the last look."""
        before, self._sign = self._sign, _read_sign(self._root)
        return self._sign != before

    def _wait_for_quiet(self) -> None:
        """Wait until pushes are over: an editor may push twice, and a forge tell each of several branches."""
        self._pushed.clear()
        deadline, quiet_from = time.monotonic() + LONGEST, time.monotonic() + QUIET
        while time.monotonic() < min(deadline, quiet_from) and not self._stopped.wait(_LOOK / 5):
            if self._has_sign() or self._pushed.is_set():
                self._pushed.clear()
                quiet_from = time.monotonic() + QUIET

    def _publish_once(self, kind: str, turn: datetime | None = None) -> None:
        """Publish, and make the jobs that follow from it. ``turn``: the moment of a story."""
        if self._stopped.is_set():
            return
        began = max(self._clock(), turn) if turn else self._clock()
        try:
            done = self._publish(turn)
            self._reports.done(done)
            self._troubles[kind] = _REFUSED if done["outcome"] == REFUSED else ""
        except Exception as error:  # noqa: BLE001 - the thread must live; what it was is told
            if self._stopped.is_set():
                return
            self._note_trouble(kind, error)
        self._looked.set()
        self._wait_for_next_turn(began)

    def _wait_for_next_turn(self, began: datetime) -> None:
        """Arm the job of the next story, as the last publishing has left word; one that was due when a
        publishing ``began`` that failed waits for another try.
        """
        with self._lock:
            word = read_published_state(self._root).next_turn
            turn = datetime.fromisoformat(word) if word else None
            self._next_turn = None if turn is not None and turn <= began else turn
            wake_up = self._next_turn - LEAD if self._next_turn else None
            self._jobs.once(NEXT_STORY, wake_up, self._turned.set)

    def _note_trouble(self, kind: str, error: Exception) -> None:
        told = error if isinstance(error, NewsfeedError) else OutsideError(type(error).__name__)
        if told.message != self._troubles[kind]:
            self._reports.trouble(told)
        self._troubles[kind] = told.message
        self._jobs.once(AGAIN, self._clock() + _PAUSE, self.look)


_PUSHES, _TURNS = "pushes", "turns"
_REFUSED = "what was to be published has errors"


class PublishCommand:
    """Runs ``newsfeed publish`` in a process of its own, and ends it when the service ends."""

    def __init__(
        self,
        root: Path,
        output: Path,
        clock: Callable[[], datetime] | None,
        environment: Mapping[str, str],
        stopped: threading.Event,
    ) -> None:
        """``clock``: given when it is not that of the machine."""
        # -P: a newsfeed.py in the folder that this was started in is not run
        self._words = [sys.executable, "-P", "-m", "newsfeed", "-C", os.fspath(root.absolute()), "publish",
                       "--json", "-o", os.fspath(output.absolute())]  # fmt: skip
        self._clock = clock
        self._environment = {**environment, "LC_ALL": "C.UTF-8", "LANGUAGE": ""}
        self._stopped = stopped

    def __call__(self, turn: datetime | None) -> Mapping[str, Any]:
        """Publish what is new, or what comes due at a moment; return the data that the command prints. Raises
        `OutsideError` when it fails.
        """
        words = [*self._words, *(["--due", "--at", turn.isoformat()] if turn else [])]
        words += ["--now", self._clock().isoformat()] if self._clock else []
        try:
            with subprocess.Popen(  # noqa: S603 - this program, with fixed words, and no shell
                words, env=self._environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, encoding="utf-8", errors="replace", start_new_session=True,
            ) as process:  # fmt: skip
                answer, said = self._wait(process)
        except OSError as error:
            raise OutsideError(
                N_("newsfeed publish cannot be run: {reason}"), reason=reason_of(error)
            ) from error
        try:
            found = json.loads(answer)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            error_class = UsageError if process.returncode == UsageError.exit_status else OutsideError
            raise error_class(_first_line(said) or f"newsfeed publish: {process.returncode}")
        return found

    def _wait(self, process: subprocess.Popen[str]) -> tuple[str, str]:
        """Wait for the end. After the stop it is ended: then nothing is published, or all but the last files
        are, and the next publishing goes on.
        """
        while not self._stopped.is_set():
            with suppress(subprocess.TimeoutExpired):
                return process.communicate(timeout=_LOOK)
        for number in (SIGTERM, SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                return process.communicate(timeout=_LAST_WAIT)
        return "", ""


def _first_line(said: str) -> str:
    """Return the sentence of an error that a command printed."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    return (errors or lines[-1:] or [""])[0]
