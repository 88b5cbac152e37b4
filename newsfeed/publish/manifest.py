"""What an output folder knows of itself: our files with their digests, and which text a page shows.

It is JSON with an entry on each line, so that a few entries of a hundred thousand can be changed without
reading the others.
"""

from __future__ import annotations

import json
import os
from bisect import bisect_left
from typing import TYPE_CHECKING

from newsfeed.publish.known import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FILES, _PAGES = '"files": {', '"pages": {'
_VERSION = 1


def read_manifest(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """What a folder knows of its files: their digests, and what was noted about pages."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        parts = found["files"], found.get("pages", {})
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        parts = None, None
    # nothing known to be ours: nothing is removed
    files, pages = (part if isinstance(part, dict) else {} for part in parts)
    return files, pages


def write_manifest(folder: Path, files: Mapping[str, str], pages: Mapping[str, str]) -> None:
    """Write it anew."""
    lines = [
        "{",
        f'"version": {_VERSION},',
        _FILES,
        *_entries(files),
        "},",
        _PAGES,
        *_entries(pages),
        "}",
        "}",
    ]
    _write(folder, ("\n".join(lines) + "\n").encode())


def amend_manifest(folder: Path, files: Mapping[str, str | None], pages: Mapping[str, str | None]) -> None:
    """Change some entries, or (``None``) take them out. Raises `ValueError` when it was not written by us."""
    data = (folder / MANIFEST).read_bytes()
    same = None if pages else _replaced(data, files)
    if same is not None:
        _write(folder, same)
        return
    lines = data.decode().split("\n")
    for head, changes in ((_FILES, files), (_PAGES, pages)):
        start = lines.index(head) + 1
        end = next(number for number in range(start, len(lines)) if lines[number].startswith("}"))
        lines[start:end] = _amended(lines[start:end], changes)
    _write(folder, "\n".join(lines).encode())


def _replaced(data: bytes, files: Mapping[str, str | None]) -> bytearray | None:
    """The everyday case: other digests in the places of those that are there, and nothing moves."""
    changed, place, end = bytearray(data), 0, data.find(f"\n{_PAGES}".encode())
    for name, value in sorted(files.items()):
        head = f"\n{_text(name)}: ".encode()
        place = data.find(head, place, end)
        start, new = place + len(head), _text(value or "").encode()
        if place < 0 or data.find(b'"', start + 1) + 1 - start != len(new):
            return None
        changed[start : start + len(new)] = new
    return changed


def _amended(lines: list[str], changes: Mapping[str, str | None]) -> list[str]:
    if not changes:
        return lines
    if lines:
        lines[-1] += ","
    for name, value in sorted(changes.items()):
        place = bisect_left(lines, name, key=_name)
        there = place < len(lines) and _name(lines[place]) == name
        lines[place : place + there] = [] if value is None else [_entry(name, value) + ","]
    if lines:
        lines[-1] = lines[-1].removesuffix(",")
    return lines


def _name(line: str) -> str:
    return str(_DECODER.raw_decode(line)[0])


def _entries(known: Mapping[str, str]) -> list[str]:
    lines = [_entry(name, known[name]) + "," for name in sorted(known)]
    if lines:
        lines[-1] = lines[-1].removesuffix(",")
    return lines


def _entry(name: str, value: str) -> str:
    return f"{_text(name)}: {_text(value)}"


_DECODER = json.JSONDecoder()
_text = json.JSONEncoder(ensure_ascii=False).encode


def _write(folder: Path, data: bytes | bytearray) -> None:
    temporary = folder / f"{MANIFEST}.new"
    temporary.write_bytes(data)
    os.replace(temporary, folder / MANIFEST)
