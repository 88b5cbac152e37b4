"""Know which stories are withdrawn, while mails are sent: by looking at the files that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.config import loader
from newsfeed.core.content.facts import Vocabulary
from newsfeed.core.content.library import is_story
from newsfeed.core.content.parse import find_withdrawn_id
from newsfeed.errors import NewsfeedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

_NAME = b"withdrawn"
_NO_WORDS = Vocabulary((), (), (), ())


class WithdrawnStories:
    """The stories that are withdrawn; its state is what every file said when it was last looked at."""

    def __init__(self, open_folder: Callable[[], AbstractContextManager[tuple[Path, str]]]) -> None:
        """open_folder: holds the folder that the texts are in."""
        self._open_folder = open_folder
        self._known: dict[str, tuple[tuple[int, ...], str]] = {}
        self.ids: frozenset[str] = frozenset()

    def look(self) -> frozenset[str]:
        """Look at the files anew and return the ids; what cannot be read stays as it was known."""
        try:
            with self._open_folder() as (folder, _):
                self._look(folder)
        except NewsfeedError:
            return self.ids
        self.ids = frozenset(key for _, key in self._known.values() if key)
        return self.ids

    def _look(self, folder: Path) -> None:
        from newsfeed.app.context import source_of

        settings, _ = loader.load_settings(folder)
        if settings is None:
            return
        source, found = source_of(folder, settings), {}
        for path in filter(is_story, source.paths()):
            stamp = source.stamp(path)
            if (known := self._known.get(path)) is None or known[0] != stamp:
                raw = source.text(path)
                is_named = _NAME in (raw.data or b"")
                known = stamp, find_withdrawn_id(raw, settings, _NO_WORDS) if is_named else ""
            found[path] = known
        self._known = found
