"""Lines of a service's log about libraries and Python itself, in place of what they would print."""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
import warnings
from contextlib import suppress
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from newsfeed.cli.output.log_lines import ERROR, WARNING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import TextIO

    from newsfeed.cli.output.log_lines import LogLines

_LONGEST = 300
_PRIVATE = re.compile(
    r"""(?<!\w)b?'[^']*'? | b?"[^"]*"?       # what is quoted may be anybody's
    | \S*(?:@|%40|/|\\)\S*                   # addresses of people and of pages, paths
    | \S*\d{1,3}(?:\.\d{1,3}){3}\S*          # addresses of machines
    | \S*[0-9a-fA-F]*:[0-9a-fA-F]*:\S*""",
    re.VERBOSE,
)
"""Words of a library's sentence that may name a person, hold a token or say from where somebody came."""


def hear_libraries(lines: LogLines) -> None:
    """Write to the log, from now on, what loggers of libraries warn of, what Python warns of, and what ends a
    thread or goes wrong where nobody can catch it. Hooks that others have set before are asked, too.
    """
    logging.getLogger().addHandler(_Handler(lines))
    heard = _Hooks(lines)
    warnings.showwarning = heard.warn
    threading.excepthook = heard.end_thread
    sys.unraisablehook = heard.ignore
    sys.excepthook = heard.end


class _Handler(logging.Handler):
    """Takes records from the level on that Python would print."""

    def __init__(self, lines: LogLines) -> None:
        super().__init__(logging.WARNING)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record; its traceback in a few words."""
        level = ERROR if record.levelno >= logging.ERROR else WARNING
        with suppress(Exception):  # whoever logs must not fail because it cannot be written
            facts: dict[str, object] = {"logger": record.name, "message": _first_line(record)}
            kind, _, trace = record.exc_info or (None, None, None)
            where = _places(trace) or [f"{record.module}:{record.lineno}"]
            self._lines.write(level, "library", {**facts, "error": _name(kind), "where": where})


class _Hooks:
    """Functions that Python calls; its own would print."""

    def __init__(self, lines: LogLines) -> None:
        self._lines = lines
        self._of_threads = threading.excepthook
        self._of_ignored = sys.unraisablehook
        self._of_program = sys.excepthook

    def warn(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        """Write a warning of Python."""
        with suppress(Exception):
            where = "/".join(PurePath(filename).parts[-2:])
            told = {"logger": "warnings", "message": _without_names(str(message)), "error": category.__name__}
            self._lines.write(WARNING, "library", {**told, "where": [f"{where}:{lineno}"]})

    def end_thread(self, args: threading.ExceptHookArgs) -> None:
        """Write what ended a thread."""
        if args.exc_type is not SystemExit:
            name = args.thread.name if args.thread is not None else ""
            self._crash(args.exc_type, args.exc_traceback, thread=name)
        _ask(self._of_threads, threading.__excepthook__, args)

    def ignore(self, args: sys.UnraisableHookArgs) -> None:
        """Write what went wrong where nobody can catch it, as when an object is thrown away."""
        of = getattr(args.object, "__qualname__", type(args.object).__qualname__)
        self._crash(args.exc_type, args.exc_traceback, message=f"ignored in {of}")
        _ask(self._of_ignored, sys.__unraisablehook__, args)

    def end(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Write what ends the program."""
        self._crash(kind, trace, thread="main")
        _ask(self._of_program, sys.__excepthook__, kind, error, trace)

    def _crash(
        self, kind: type[BaseException], trace: TracebackType | None, *, thread: str = "", message: str = ""
    ) -> None:
        with suppress(Exception):  # else Python would print it after all, and this beside it
            facts = {"error": _name(kind), "where": _places(trace), "thread": thread, "message": message}
            self._lines.write(ERROR, "crash", {name: told for name, told in facts.items() if told})


def _ask(hook: Callable[..., Any], usual: Callable[..., Any], *args: object) -> None:
    """Call a hook that somebody has set, such as one that reports crashes; Python's own would print."""
    if hook is not usual:
        hook(*args)


def _first_line(record: logging.LogRecord) -> str:
    """Return what a record says, without what belongs to somebody."""
    try:
        text = record.getMessage()
    except (TypeError, ValueError, KeyError):  # its arguments do not fit
        text = str(record.msg)
    return _without_names(text)


def _without_names(text: str) -> str:
    return _PRIVATE.sub("…", text.strip().partition("\n")[0])[:_LONGEST]


def _name(kind: type[BaseException] | None) -> str:
    return kind.__name__ if kind is not None else ""


def _places(trace: TracebackType | None) -> list[str]:
    """Return where it was, the innermost last: modules and lines name nobody, what an error says may."""
    frames = traceback.walk_tb(trace)
    return [f"{frame.f_globals.get('__name__', '?')}:{line}" for frame, line in frames]
