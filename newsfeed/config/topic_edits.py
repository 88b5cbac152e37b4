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
        edited = tomlkit.dumps(document)
    except TOMLKitError:
        return None
    return edited if _adds_only(text, edited, key, name) else None


def _adds_only(before: str, after: str, key: str, name: str) -> bool:
    """Return whether an edited configuration says what it said, and names one topic more."""
    try:
        old, new = tomllib.loads(before), tomllib.loads(after)
    except tomllib.TOMLDecodeError:
        return False
    return new == {**old, TABLE: {**old.get(TABLE, {}), key: name}}
