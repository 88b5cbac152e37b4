"""Positions of keys in a TOML text: the standard parser reads values, but keeps no positions."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = r"""(?:[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_NAMES = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_HEADER = re.compile(rf"\s*\[\[?\s*({_NAMES})\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(rf"\s*({_NAMES})\s*=")
_PART = re.compile(_NAME)

_INTEGERS = range(-(2**63), 2**63)
"""What TOML promises to keep; longer numbers cannot even be shown."""


def read_toml(text: str) -> dict[str, Any]:
    """Return the values of a TOML text; whatever keeps it from being read is a `TOMLDecodeError`."""
    try:
        values = tomllib.loads(text)
    except RecursionError as error:
        raise tomllib.TOMLDecodeError("nested too deeply") from error
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as error:  # a decimal number of thousands of digits
        raise tomllib.TOMLDecodeError(_TOO_LONG) from error
    _refuse_long_numbers(values)
    return values


def _refuse_long_numbers(value: object) -> None:
    if isinstance(value, int) and value not in _INTEGERS:
        raise tomllib.TOMLDecodeError(_TOO_LONG)
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            _refuse_long_numbers(inner)


_TOO_LONG = "a number has too many digits"


def find_toml_positions(text: str) -> dict[tuple[str, ...], tuple[int, int]]:
    """Return line and column (from 1) of every table header and key, by its path.

    The tables of an array are numbered from 1: ``("relays", "2", "host")``.

    Good enough for pointing: inside multi-line strings a line that looks like a key is taken for
    one, which at worst moves a pointer, never a value.
    """
    positions: dict[tuple[str, ...], tuple[int, int]] = {}
    table: tuple[str, ...] = ()
    arrays: Counter[tuple[str, ...]] = Counter()
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            position = number, line.index("[") + 1
            table = _within(_path(header[1]), arrays)
            positions.setdefault(table, position)
            if line.lstrip().startswith("[["):
                arrays[table] += 1
                table = (*table, str(arrays[table]))
                positions[table] = position
        elif key := _KEY.match(line):
            positions.setdefault((*table, *_path(key[1])), (number, key.start(1) + 1))
    return positions


def find_toml_value(
    text: str, positions: Mapping[tuple[str, ...], tuple[int, int]], key: tuple[int, int], value: str
) -> tuple[int, int]:
    """Return line and column of a text within the value of a key; those of the key if it is not found.

    ``positions``: what `find_toml_positions` returned; ``key``: where the key stands.
    """
    end = min((place for place in positions.values() if place > key), default=(text.count("\n") + 2, 1))
    written = re.compile(rf"""(["']){re.escape(value)}\1""")
    for number, line in enumerate(text.split("\n")[key[0] - 1 : end[0]], key[0]):
        start = line.find("=", key[1] - 1) if number == key[0] else 0
        stop = end[1] - 1 if number == end[0] else len(line)
        if found := written.search(line, max(start, 0), stop):
            return number, found.start() + 1
    return key


def _within(path: tuple[str, ...], arrays: Mapping[tuple[str, ...], int]) -> tuple[str, ...]:
    """Return a header's path, with the numbers of the array tables it stands in."""
    numbered: tuple[str, ...] = ()
    for part in path:
        number = arrays.get(numbered, 0)
        numbered = (*numbered, str(number), part) if number else (*numbered, part)
    return numbered


def _path(dotted: str) -> tuple[str, ...]:
    return tuple(_bare(part) for part in _PART.findall(dotted))


def _bare(part: str) -> str:
    """Return a name of a key without its quotes, and with the letters that escapes in it stand for."""
    if "\\" not in part or not part.startswith('"'):
        return part.strip("\"'") if part[:1] not in ("'", '"') else part[1:-1]
    try:
        return str(tomllib.loads(f"value = {part}")["value"])
    except tomllib.TOMLDecodeError:  # in a text of several lines, where anything may stand
        return part[1:-1]
