"""Lines of a service's log: for programs or for people, from a level on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from newsfeed.cli.output.terminal import print_to_stderr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

LEVELS = (INFO, WARNING, ERROR) = ("info", "warning", "error")
"""All is well; somebody should look; something does not work."""
FORMS = (JSON, TEXT) = ("json", "text")
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:+@,")


class LogLines:
    """Writes events on standard error, each in one line."""

    def __init__(self, clock: Callable[[], datetime], form: str = JSON, least: str = INFO) -> None:
        """``form``: of `FORMS`; ``least``: the level below which events are left out."""
        self._clock = clock
        self._format = _as_text if form == TEXT else _as_json
        self._least = LEVELS.index(least)

    def write(self, level: str, event: str, facts: Mapping[str, object]) -> None:
        """Write an event with what is known of it."""
        if LEVELS.index(level) >= self._least:
            at = self._clock().isoformat(timespec="seconds")
            print_to_stderr(self._format(at, level, event, facts))


def _as_json(at: str, level: str, event: str, facts: Mapping[str, object]) -> str:
    return json.dumps({"at": at, "level": level, "event": event, **facts})


def _as_text(at: str, level: str, event: str, facts: Mapping[str, object]) -> str:
    """Write ``name=value`` pairs, as logfmt does; what is empty is left out."""
    told = (f"{name}={_value(value)}" for name, value in facts.items() if value not in ("", [], {}, None))
    return " ".join([at, level, event, *told])


def _value(value: object) -> str:
    """Write a value; a text with blanks, or anything that could pass for another pair, in quotes."""
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        value = ",".join(value)
    text = value if isinstance(value, str) else json.dumps(value)
    return text if text and _BARE.issuperset(text) else json.dumps(text)
