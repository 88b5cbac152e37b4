"""The folder channel: every message becomes an ``.eml`` file that any mail program opens."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from newsfeed.channels.direct import DirectSession
from newsfeed.errors import OutsideError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsfeed.model import Message

DEFAULT = "var/outbox"


class FolderChannel:
    """Writes messages into a folder, one file each, named by the Message-ID: sending again is no
    second file.
    """

    connections = 1

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def from_table(
        cls, root: Path, table: Mapping[str, object], environment: Mapping[str, str] | None = None
    ) -> FolderChannel:
        """Read ``[channels.folder]``: ``path``, relative to the site's folder."""
        return cls(root / str(table.get("path", DEFAULT)))

    def open(self) -> DirectSession:
        """A wire into the folder."""
        return DirectSession(self.send, "folder")

    def close(self) -> None:
        """Nothing ever waits here."""

    def send(self, message: Message) -> str:
        """Write one message; returns the file's path."""
        name = re.sub(r"[^0-9A-Za-z.-]", "", message.message_id.strip("<>").partition("@")[0])
        path = self._folder / f"{name}.eml"
        temporary = path.with_suffix(".tmp")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(message.data)
            os.replace(temporary, path)
        except OSError as error:
            with suppress(OSError):
                temporary.unlink()
            raise OutsideError(f"cannot write {path}: {error.strerror}") from error
        return str(path)
