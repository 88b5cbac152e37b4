"""Run git and take what it prints piece by piece: a listing may be longer than the memory of the machine."""

from __future__ import annotations

import os
import resource
import selectors
import signal
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

_LARGEST_PACK = 5_000_000_000
"""Bytes of a file that git may write."""
_PIECE = 1 << 16
_MOST_SAID = 1 << 16
"""Bytes kept of the end of what git says on standard error: a server may say much."""


def read_output(command: Sequence[str], environment: Mapping[str, str], seconds: float) -> Generator[bytes]:
    """Yield what a program prints. It is ended, with all that it has begun, when it takes longer than
    ``seconds``, or when nothing more is taken: close this then.

    Raises `subprocess.TimeoutExpired`, and `subprocess.CalledProcessError` with the end of what it said.
    """
    deadline, said = time.monotonic() + seconds, b""
    with subprocess.Popen(  # noqa: S603 - a fixed program, no shell
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, start_new_session=True,
    ) as process:  # fmt: skip
        _limit_files(process.pid)
        try:
            for is_answer, piece in _read_both(process, deadline):
                if is_answer:
                    yield piece
                else:
                    said = (said + piece)[-_MOST_SAID:]
            process.wait(max(deadline - time.monotonic(), 0.1))
        except BaseException:  # also a signal, or nobody wants more: nothing may be left running
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=said)


def _read_both(process: subprocess.Popen[bytes], deadline: float) -> Iterator[tuple[bool, bytes]]:
    """Yield pieces as they come, of the answer and of what is said beside it."""
    assert process.stdout
    assert process.stderr
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ, data=True)
        selector.register(process.stderr, selectors.EVENT_READ, data=False)
        while selector.get_map():
            left = deadline - time.monotonic()
            ready = selector.select(left) if left > 0 else []
            if not ready:
                raise subprocess.TimeoutExpired(process.args, max(left, 0))
            for key, _ in ready:
                piece = os.read(key.fd, _PIECE)
                if piece:
                    yield key.data, piece
                else:
                    selector.unregister(key.fileobj)


def _limit_files(pid: int) -> None:
    """Let a process write no larger file: a pack from elsewhere must not fill the disk."""
    if hasattr(resource, "prlimit"):  # Linux has it
        with suppress(OSError):  # it has ended already
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (_LARGEST_PACK, _LARGEST_PACK))
