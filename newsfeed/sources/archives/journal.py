"""The journal of a move: which bytes went into which file, so that a later run knows what people changed."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from newsfeed.errors import OutsideError, reason_of
from newsfeed.files import PRIVATE_FILE, make_private_folder, read_file
from newsfeed.marking import N_

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

JOURNAL = "var/move-in.jsonl"
"""Below the site's folder; nobody else's business, as all in ``var``."""


class JournalFile:
    """Lines of JSON, the last one about a file counts. One that was cut short by a crash is passed over."""

    def __init__(self, root: Path) -> None:
        self._path = root / JOURNAL
        self._known: dict[str, str] = {}
        self._file: TextIO | None = None
        try:
            for line in read_file(self._path).decode("utf-8", "replace").splitlines():
                self._add(line)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise self._failed(error) from error

    def hash_of(self, path: str) -> str:
        """Return the hash of what was last written; empty when nothing was."""
        return self._known.get(path, "")

    def note(self, path: str, hashed: str) -> None:
        """Keep the hash of what is about to be written. Raises `OutsideError`."""
        self._known[path] = hashed
        try:
            if self._file is None:
                make_private_folder(self._path.parent)
                flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
                self._file = os.fdopen(os.open(self._path, flags, PRIVATE_FILE), "w", encoding="utf-8")
            self._file.write(json.dumps([path, hashed], ensure_ascii=False) + "\n")
            self._file.flush()
        except OSError as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _add(self, line: str) -> None:
        try:
            path, hashed = json.loads(line)
        except (ValueError, TypeError):
            return
        if isinstance(path, str) and isinstance(hashed, str):
            self._known[path] = hashed

    def _failed(self, error: OSError) -> OutsideError:
        return OutsideError(N_("cannot write {path}: {reason}"), path=self._path, reason=reason_of(error))
