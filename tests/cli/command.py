"""The `newsfeed` command as users run it: in this process, or where that matters in another one."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

from click.testing import CliRunner

from newsfeed.cli import root
from tests.site.builds import REPOSITORY

NOT_OURS = ("LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LC_TIME", "TZ", "PYTHONDONTWRITEBYTECODE")
"""Variables that say how a machine's owner likes it. Compiled modules are kept: hundreds of commands run."""
ENGLISH = {"LC_ALL": "C.UTF-8", "TZ": "UTC"}


def environment(**changes: str) -> dict[str, str]:
    """The environment of the test run without its owner's taste; English, UTF-8 and UTC unless changed."""
    bare = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    return {**bare, **ENGLISH, "PYTHONPATH": str(REPOSITORY), **changes}


def newsfeed(
    *arguments: str | Path, cwd: Path = REPOSITORY, stdin: bytes = b"", **changes: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in this process; ``changes`` are environment variables. What would be a
    traceback in a terminal is raised.
    """
    variables = {**dict.fromkeys(NOT_OURS), **ENGLISH, **changes}
    words = [str(word) for word in arguments]
    with chdir(cwd), _signals_kept(), hooks_kept(), _zone(variables["TZ"]):
        done = CliRunner().invoke(root.newsfeed, words, input=stdin, env=variables, catch_exceptions=False)
    return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)


def newsfeed_process(
    *arguments: str | Path,
    cwd: Path = REPOSITORY,
    before: Callable[[], object] | None = None,
    options: tuple[str, ...] = (),
    prefix: tuple[str | Path, ...] = (),
    **changes: str,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in another process; ``changes`` are environment variables, ``options`` are
    Python's own. ``before``: done in its process first.
    """
    if before is not None:  # a module that is cut off in mid-write would be there for all others
        changes = {"PYTHONDONTWRITEBYTECODE": "1", **changes}
    return subprocess.run(
        [*prefix, sys.executable, *options, "-m", "newsfeed", *arguments],
        cwd=cwd,
        env=environment(**changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        preexec_fn=before,
    )


@contextmanager
def _signals_kept() -> Iterator[None]:
    """Commands may set handlers of signals; they end with the command."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


@contextmanager
def hooks_kept() -> Iterator[None]:
    """Commands that stay take what libraries and Python would print; that ends with the command, too."""
    logger = logging.getLogger()
    of_thread, of_object, of_program, of_warning = (
        threading.excepthook,
        sys.unraisablehook,
        sys.excepthook,
        warnings.showwarning,
    )
    before = set(logger.handlers)
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = of_thread, of_object
        sys.excepthook, warnings.showwarning = of_program, of_warning
        for handler in set(logger.handlers) - before:
            logger.removeHandler(handler)


@contextmanager
def _zone(name: str) -> Iterator[None]:
    """The process's own zone, which no command may heed."""
    before = os.environ.get("TZ")
    try:
        os.environ["TZ"] = name
        time.tzset()
        yield
    finally:
        os.environ.pop("TZ")
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()
