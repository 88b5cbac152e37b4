"""Compiled templates in the user's own cache folder, for other processes.

Compiled templates are run, so a file counts only if it belongs to the user, is undamaged, and was written for
the same environment.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class BytecodeFolder:
    """Keeps compiled templates, each in a file of its own."""

    folder: Path
    fingerprint: str
    """Of the program, its libraries, the configuration and the templates: others compile anew."""

    def read(self, key: str) -> bytes | None:
        """Return what was written for a key; ``None`` when there is nothing, or nothing to be trusted."""
        try:
            with (self.folder / key).open("rb") as file:
                if os.fstat(file.fileno()).st_uid != os.geteuid():
                    return None
                checksum, data = file.read(hashlib.sha256().digest_size), file.read()
        except OSError:
            return None
        return data if checksum == self._checksum(key, data) else None

    def write(self, key: str, data: bytes) -> None:
        """Keep bytes for a key; without room on the disk the next build takes longer, and nothing else."""
        path = self.folder / key
        # Several processes may compile the same template at the same time.
        temporary = path.with_name(f"{key}.{os.getpid()}")
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(temporary, "wb", opener=_private) as file:
                file.write(self._checksum(key, data))
                file.write(data)
            os.replace(temporary, path)

    def _checksum(self, key: str, data: bytes) -> bytes:
        return hashlib.sha256(f"{self.fingerprint}\n{key}\n".encode() + data).digest()


def _private(path: str, flags: int) -> int:
    """Open a file that only the user can read."""
    return os.open(path, flags, 0o600)
