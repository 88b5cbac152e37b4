"""Where keys stand in a TOML text: the standard parser reads values, but keeps no places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tomllib

_HEADER = re.compile(r"\s*\[\[?([^\]]+)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_AT = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


def toml_places(text: str) -> dict[tuple[str, ...], tuple[int, int]]:
    """Line and column (from 1) of every table header and key, by its path.

    Good enough for pointing: inside multi-line strings a line that looks like a key is taken for
    one, which at worst moves a pointer, never a value.
    """
    places: dict[tuple[str, ...], tuple[int, int]] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            table = _path(header[1])
            places.setdefault(table, (number, line.index("[") + 1))
        elif key := _KEY.match(line):
            places.setdefault((*table, *_path(key[1])), (number, key.start(1) + 1))
    return places


def toml_error_place(error: tomllib.TOMLDecodeError) -> tuple[int, int, str]:
    """Line, column and plain reason of a parser's complaint."""
    message = str(error)
    found = _AT.search(message)
    if not found or not found[1]:
        return 1, 1, _AT.sub("", message)
    return int(found[1]), int(found[2]), message[: found.start()]


def _path(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))
