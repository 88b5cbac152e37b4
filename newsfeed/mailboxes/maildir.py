"""A Maildir: ``new`` holds what has arrived, ``cur`` what somebody has looked at.

Every message that is neither in ``cur`` with the flag ``S`` is new: mail programs move messages to
``cur`` when they list them. One that is done with is moved to ``cur`` and marked seen.
"""

from __future__ import annotations

import heapq
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from newsfeed.core.bounces.mime import SIZE_LIMIT
from newsfeed.errors import OutsideError, UsageError, reason_of
from newsfeed.files import open_file
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from pathlib import Path

    from newsfeed.settings import FolderSettings

_INFO = ":2,"


class MaildirMailbox:
    """The messages of one folder on this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def from_settings(
        cls, root: Path, settings: FolderSettings, environment: Mapping[str, str]
    ) -> MaildirMailbox:
        """Make the mailbox of a folder; it needs no password."""
        return cls(root / settings.path)

    def messages(self, most: int) -> Generator[bytes, None, None]:
        """Yield messages, oldest first, by the names of their files, which start with the time of arrival."""
        if not (self._folder / "new").is_dir() or not (self._folder / "cur").is_dir():
            raise UsageError(
                N_("{folder} is no Maildir"), N_("it must have the folders new and cur"), folder=self._folder
            )
        try:
            for name, path in heapq.nsmallest(most, self._unseen()):
                with suppress(FileNotFoundError):  # another reader was faster
                    data = self._read(path)
                    yield data
                    os.replace(path, self._folder / "cur" / _seen(name))
        except OSError as error:
            raise OutsideError(
                N_("{path}: {reason}"), path=error.filename or self._folder, reason=reason_of(error)
            ) from error

    def _unseen(self) -> Iterator[tuple[str, str]]:
        """Yield (name, path) of every message that nobody is done with. Links are not followed."""
        for part in ("new", "cur"):
            with os.scandir(self._folder / part) as entries:
                for entry in entries:
                    flags = entry.name.rpartition(_INFO)[2] if _INFO in entry.name else ""
                    hidden = entry.name.startswith(".") or (part == "cur" and "S" in flags)
                    if not hidden and entry.is_file(follow_symlinks=False):
                        yield entry.name, entry.path

    @staticmethod
    def _read(path: str) -> bytes:
        with open_file(path, links=False) as file:
            return file.read(SIZE_LIMIT)


def _seen(name: str) -> str:
    """Return the file's name with the flag S among the others, which are sorted."""
    unique, _, flags = name.partition(_INFO)
    return unique + _INFO + "".join(sorted({*flags, "S"}))
