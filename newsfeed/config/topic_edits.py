"""Add a topic to the text of ``config.toml``; every other byte of it stays."""

from __future__ import annotations

import tomllib
from collections.abc import MutableMapping
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

TABLE = "topics"


def add_topic(text: str, key: str, name: str) -> str | None:
    """Return the configuration with one topic more, below the others; ``None`` when it has no place."""
    try:
        document = tomlkit.parse(text)
        if TABLE not in document:
            document.add(TABLE, tomlkit.table())
        table: Any = document[TABLE]
        if not isinstance(table, MutableMapping):
            return None
        table[key] = name
        edited = _lift(text, tomlkit.dumps(document))
    except TOMLKitError:
        return None
    return edited if _adds_only(text, edited, key, name) else None


def _lift(before: str, after: str) -> str:
    """Lift a line that was added above remarks that a blank line keeps apart from the table: they are about
    what comes next.
    """
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    place = next(
        (at for at, lines in enumerate(zip(old, new, strict=False)) if lines[0] != lines[1]), len(old)
    )
    if old != new[:place] + new[place + 1 :]:
        return after
    above = place
    while above and (not old[above - 1].strip() or old[above - 1].startswith("#")):
        above -= 1
    gap = next((at for at in range(above, place) if not old[at].strip()), place)
    return "".join([*old[:gap], new[place], *old[gap:]])


def _adds_only(before: str, after: str, key: str, name: str) -> bool:
    """Return whether an edited configuration says what it said, and names one topic more."""
    try:
        old, new = tomllib.loads(before), tomllib.loads(after)
    except tomllib.TOMLDecodeError:
        return False
    return new == {**old, TABLE: {**old.get(TABLE, {}), key: name}}
