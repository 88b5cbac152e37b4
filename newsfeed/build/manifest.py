"""Read and write what an output folder knows of itself: our files, their digests, and the texts of pages.

It is JSON with an entry on each line, so that a few entries of a hundred thousand can be changed without
reading the others.
"""

from __future__ import annotations

import json
import os
import re
from bisect import bisect_left
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

MANIFEST = ".newsfeed-manifest.json"
"""The file in which an output folder knows what is ours."""
_FILES, _PAGES = '"files": {', '"pages": {'
_VERSION = 1
_HALVES = re.compile(r"\\u[dD][89A-Fa-f]")
"""Halves of characters, as JSON may name them."""
Entry = tuple[str, str]
"""(path, its digest or note)."""


def read_manifest(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Read what a folder knows of its files: their digests, and what was noted about pages."""
    text = ""
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
        found = json.loads(text)
        parts = found["files"], found.get("pages", {})
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        parts = None, None
    # nothing known to be ours: nothing is removed
    files, pages = (part if isinstance(part, dict) else {} for part in parts)
    if _HALVES.search(text):  # nothing of ours: there may be names that nobody can write
        files, pages = (dict(filter(_can_be_written, part.items())) for part in (files, pages))
    return files, pages


def write_manifest(folder: Path, files: Iterable[Entry], pages: Iterable[Entry]) -> None:
    """Write the manifest anew, from entries in the order of their paths."""
    head, between, end = f'{{\n"version": {_VERSION},\n{_FILES}', f"\n}},\n{_PAGES}", "\n}\n}\n"
    _write(folder, map(str.encode, chain([head], _lines(files), [between], _lines(pages), [end])))


def amend_manifest(folder: Path, files: Mapping[str, str | None], pages: Mapping[str, str]) -> None:
    """Change some entries of the manifest, or (``None``) take them out; some may be there already. Raises
    `ValueError` when it was not written by us.
    """
    data = (folder / MANIFEST).read_bytes()
    pages = _missing_notes(data, pages)
    if not files and not pages:
        return
    same = None if pages else _replaced(data, files)
    if same is not None:
        _write(folder, [same])
        return
    lines = data.decode().split("\n")
    for head, changes in ((_FILES, files), (_PAGES, pages)):
        start = lines.index(head) + 1
        end = next(number for number in range(start, len(lines)) if lines[number].startswith("}"))
        lines[start:end] = _updated_lines(lines[start:end], changes)
    _write(folder, ["\n".join(lines).encode()])


def _missing_notes(data: bytes, pages: Mapping[str, str]) -> Mapping[str, str]:
    """Return those notes that it does not have."""
    place, missing = max(data.rfind(_PAGES.encode()), 0), {}
    for name, value in sorted(pages.items()):
        found = data.find(f"\n{_entry(name, value)}".encode(), place)
        if found < 0:
            missing[name] = value
        else:
            place = found
    return missing


def _replaced(data: bytes, files: Mapping[str, str | None]) -> bytearray | None:
    """Replace digests by others of the same length, the everyday case; ``None`` when something has to
    move.
    """
    changed, place, end = bytearray(data), 0, data.find(f"\n{_PAGES}".encode())
    for name, value in sorted(files.items()):
        head = f"\n{_text(name)}: ".encode()
        place = data.find(head, place, end)
        start, new = place + len(head), _text(value or "").encode()
        if place < 0 or data.find(b'"', start + 1) + 1 - start != len(new):
            return None
        changed[start : start + len(new)] = new
    return changed


def _updated_lines(lines: list[str], changes: Mapping[str, str | None] | Mapping[str, str]) -> list[str]:
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


def _can_be_written(entry: tuple[str, object]) -> bool:
    try:
        "".join(map(str, entry)).encode()
    except UnicodeEncodeError:
        return False
    return True


def _lines(entries: Iterable[Entry]) -> Iterator[str]:
    end = "\n"
    for name, value in entries:
        yield f"{end}{_entry(name, value)}"
        end = ",\n"


def _entry(name: str, value: str) -> str:
    return f"{_text(name)}: {_text(value)}"


_DECODER = json.JSONDecoder()
_text = json.JSONEncoder(ensure_ascii=False).encode


def _write(folder: Path, data: Iterable[bytes | bytearray]) -> None:
    temporary = folder / f"{MANIFEST}.new"
    with temporary.open("wb") as file:
        file.writelines(data)
    os.replace(temporary, folder / MANIFEST)
