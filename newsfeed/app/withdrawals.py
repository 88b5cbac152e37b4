"""Know which stories are withdrawn, while mails are sent: by looking at the files that changed."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from newsfeed.config import loader
from newsfeed.core.content.library import is_story
from newsfeed.core.content.withdrawal import find_withdrawn_id
from newsfeed.errors import NewsfeedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

LOOK_AGAIN = 20.0
"""Seconds after which what is known of the files is no longer believed."""


class WithdrawnStories:
    """The stories that are withdrawn; its state is what every file said when it was last looked at."""

    def __init__(self, open_folder: Callable[[], AbstractContextManager[tuple[Path, str]]]) -> None:
        """open_folder: holds the folder that the texts are in."""
        self._open_folder = open_folder
        self._known: dict[str, tuple[tuple[int, ...], str]] = {}
        self._ids: frozenset[str] = frozenset()
        self._until = 0.0
        self._lock = threading.Lock()

    def recent(self) -> frozenset[str]:
        """Return the ids, not older than `LOOK_AGAIN`. Only while nothing is known yet, others wait for the
        thread that looks.
        """
        is_first = not self._until
        if time.monotonic() >= self._until and self._lock.acquire(blocking=is_first):
            try:
                if not (is_first and self._until):  # somebody looked while this thread waited
                    self._look()
            finally:
                self._lock.release()
        return self._ids

    def look(self) -> frozenset[str]:
        """Look at the files anew and return the ids; what cannot be read stays as it was known."""
        with self._lock:
            self._look()
        return self._ids

    def _look(self) -> None:
        try:
            with self._open_folder() as (folder, _):
                self._read(folder)
            self._ids = frozenset(key for _, key in self._known.values() if key)
        except NewsfeedError:  # whoever reads the site tells why
            return
        finally:
            self._until = time.monotonic() + LOOK_AGAIN

    def _read(self, folder: Path) -> None:
        from newsfeed.app.context import source_of

        settings, _ = loader.load_settings(folder)
        if settings is None:
            return
        source, found = source_of(folder, settings), {}
        for path in filter(is_story, source.paths()):
            stamp = source.stamp(path)
            known = self._known.get(path)
            if known is None or known[0] != stamp:
                known = stamp, find_withdrawn_id(source.text(path), settings)
            found[path] = known
        self._known = found
