"""``newsfeed build``, plainly asked for: understood without click, which takes longer to load than a build in
which nothing changed. What is not plain is left to click, which also says what is wrong with it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsfeed.cli.context import MOST_JOBS, Context, moment_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for."""

    folder: str = "."
    output: str | None = None
    now: object = None
    as_json: bool = False
    jobs: int = 0


def understood(words: Sequence[str], environment: Any = os.environ) -> Asked | None:
    """What these words ask for, as click would understand them; ``None`` when only click can tell."""
    if "_NEWSFEED_COMPLETE" in environment:  # a shell asks how words could go on
        return None
    found: dict[str, Any] = {}
    left = list(words)
    if left[:1] == ["-C"] and not _take(left, "folder", str, found):
        return None
    if left[:1] != ["build"]:
        return None
    del left[0]
    while left:
        name, read = _OPTIONS.get(left[0], ("", None))
        if name in found or not name:
            return None
        if read is None:
            found[name] = True
            del left[0]
        elif not _take(left, name, read, found):
            return None
    return Asked(**found)


def run(asked: Asked) -> int:
    """The exit status of the build."""
    from newsfeed.cli.commands import Manner, build_site

    manner = Manner(keep_going=False, as_json=asked.as_json, fresh=False)
    return build_site(Context(asked.folder), asked.output, asked.now, manner, asked.jobs)


def _take(left: list[str], name: str, read: Callable[[str], object], found: dict[str, Any]) -> bool:
    """Take an option and its value, which is no option itself, off the words; whether that went well."""
    _, value, *left[:] = left if len(left) > 1 else (*left, "")
    if not value or value.startswith("-"):
        return False
    try:
        found[name] = read(value)
    except ValueError:
        return False
    return True


def _jobs(text: str) -> int:
    number = int(text)
    if not 0 <= number <= MOST_JOBS:
        raise ValueError
    return number


_OPTIONS: dict[str, tuple[str, Callable[[str], object] | None]] = {
    "-o": ("output", str),
    "--output": ("output", str),
    "--now": ("now", moment_of),
    "--json": ("as_json", None),
    "--jobs": ("jobs", _jobs),
}
"""Option → what it sets, and what reads its value; ``None``: it has none."""
