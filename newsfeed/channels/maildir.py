"""The maildir channel: messages become new mail in a Maildir, for mail programs and local delivery."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from newsfeed.channels.direct import DirectSession
from newsfeed.errors import OutsideError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsfeed.model import Message

DEFAULT = "var/maildir"


class MaildirChannel:
    """Writes into ``new`` by way of ``tmp``, bytes as they are. A file is named by the Message-ID:
    sending again is no second file, unless a mail program has taken the first one to ``cur``.
    """

    connections = 1

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def from_table(
        cls, root: Path, table: Mapping[str, object], environment: Mapping[str, str] | None = None
    ) -> MaildirChannel:
        """Read ``[channels.maildir]``: ``path``, relative to the site's folder."""
        return cls(root / str(table.get("path", DEFAULT)))

    def open(self) -> DirectSession:
        """A wire into the folder."""
        return DirectSession(self.send, "maildir")

    def close(self) -> None:
        """Nothing ever waits here."""

    def send(self, message: Message) -> str:
        """Write one message; returns the file's path."""
        name = hashlib.blake2b(message.message_id.encode(), digest_size=16).hexdigest() + ".newsfeed"
        temporary, path = self._folder / "tmp" / name, self._folder / "new" / name
        try:
            for part in ("tmp", "new", "cur"):
                (self._folder / part).mkdir(parents=True, exist_ok=True, mode=0o700)
            temporary.write_bytes(message.data)
            os.replace(temporary, path)
        except OSError as error:
            with suppress(OSError):
                temporary.unlink()
            raise OutsideError(f"cannot write {path}: {error.strerror}") from error
        return str(path)
