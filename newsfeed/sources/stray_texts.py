"""Look for texts that lie in a site's folder, but in none of its content folders."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from newsfeed.config.site_layout import CONFIG, CONTENT_KINDS, ISSUES, NOTES
from newsfeed.core.content.misnamed import looks_like_story, looks_like_text
from newsfeed.core.content.sniffing import HEAD_BYTES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_NEVER = frozenset(
    {*CONTENT_KINDS, NOTES, ISSUES, "public", "var", "templates", "locales", "node_modules", "venv"}
)
_DEEPEST, _MOST = 3, 2_000
"""Folders below the site's own, and entries, that are looked at: a site may lie in a large folder."""


def find_stray_texts(root: Path, apart: Collection[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield path and first bytes of files that begin like texts of the site, outside of its content folders.
    Those of another site in there are its own.

    ``apart``: folders that are not looked into.
    """
    left = [_MOST]
    never = {os.path.realpath(folder) for folder in apart}
    yield from _stray(str(root), "", 0, left, never)


def _stray(
    folder: str, shown: str, depth: int, left: list[int], never: Collection[str]
) -> Iterator[tuple[str, bytes]]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:  # not ours to read, so not ours to publish
        return
    if depth and any(entry.name == CONFIG for entry in entries):  # another site
        return
    for entry in entries:
        left[0] -= 1
        if left[0] < 0:
            return
        name = entry.name
        if name.startswith((".", "_")) or not name.isprintable() or entry.is_symlink():
            continue
        if entry.is_dir():
            is_apart = (not depth and name in _NEVER) or os.path.realpath(entry.path) in never
            if depth < _DEEPEST and not is_apart:
                yield from _stray(entry.path, f"{shown}{name}/", depth + 1, left, never)
        elif entry.is_file() and looks_like_text(name):
            head = _head(entry.path)
            if looks_like_story(head):
                yield f"{shown}{name}", head


def _head(path: str) -> bytes:
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - as the content folders are read
            return file.read(HEAD_BYTES)
    except OSError:
        return b""
