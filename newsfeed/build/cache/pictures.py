"""Keep the pictures that builds make: in a folder, each in a file that is named after what it was made of.

They are kept apart from all else that one build leaves for the next, and depend on nothing but the picture
and how it is made. So a changed configuration, a deleted output folder or another checkout leaves them as
good as they were; and a folder that was restored on another machine does, too. As the rest of the cache they
lie where only the user writes; what is damaged counts as missing, and without them a build makes the same.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.build.cache.store import FOLDER_VARIABLE, is_ours
from newsfeed.config.user_cache import user_cache_folder
from newsfeed.files import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_CHECKSUM = 16
_DAY = 86_400
_KEPT = 90 * _DAY
"""Seconds for which a picture is kept that no build has asked for."""


class PictureCache:
    """Made pictures by their names. Several processes may use one folder at the same time."""

    def __init__(self, folder: Path, *, is_fresh: bool = False) -> None:
        """``is_fresh``: believe nothing that is there."""
        self._folder = folder
        self.is_fresh = is_fresh

    @classmethod
    def of(cls, environment: Mapping[str, str], *, is_fresh: bool = False) -> PictureCache:
        """Open the cache of all sites of the user, unless a variable names another folder."""
        named = environment.get(FOLDER_VARIABLE, "")
        folder = Path(named).absolute() if named else user_cache_folder(environment)
        return cls(folder / "pictures", is_fresh=is_fresh)

    def get_or_make(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return the picture of a name; if there is none, it is made, and kept."""
        data = None if self.is_fresh else self._read(name)
        if data is None:
            data = make()
            with suppress(OSError):  # no room, or no right to write: the next build makes it again
                self._write(name, data)
        return data

    def forget_old(self, now: float | None = None) -> None:
        """Delete pictures that no build has asked for in a long time. ``now``: seconds since 1970."""
        oldest = (time.time() if now is None else now) - _KEPT
        with suppress(OSError):
            for entry in os.scandir(self._folder):
                with suppress(OSError):
                    if entry.stat(follow_symlinks=False).st_mtime < oldest:
                        Path(entry.path).unlink()

    def _read(self, name: str) -> bytes | None:
        path = self._folder / name
        if not (is_ours(self._folder) and is_ours(self._folder.parent)):
            return None
        try:
            stored = read_file(path)
        except OSError:
            return None
        data = stored[_CHECKSUM:]
        if stored[:_CHECKSUM] != _checksum(name, data):
            return None
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _DAY:
                os.utime(path)
        return data

    def _write(self, name: str, data: bytes) -> None:
        for folder in (self._folder.parent, self._folder):  # of parents, the mode would be anybody's
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=self._folder, prefix=".")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(_checksum(name, data) + data)
            Path(temporary).replace(self._folder / name)
        except OSError:
            with suppress(OSError):
                Path(temporary).unlink()
            raise


def _checksum(name: str, data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_CHECKSUM, key=name.encode()[:64]).digest()
