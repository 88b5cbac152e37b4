"""The maildir channel: messages become new mail in a Maildir, for mail programs and local delivery."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from newsfeed.channels.direct import FileChannel
from newsfeed.files import make_private_folder

if TYPE_CHECKING:
    from pathlib import Path

    from newsfeed.model import Message


class MaildirChannel(FileChannel):
    """Writes into ``new`` by way of ``tmp``, bytes as they are. Sending again makes a second file only when
    a mail program has taken the first one to ``cur``.
    """

    name = "maildir"

    def _paths(self, message: Message) -> tuple[Path, Path]:
        name = hashlib.blake2b(message.message_id.encode(), digest_size=16).hexdigest() + ".newsfeed"
        return self._folder / "tmp" / name, self._folder / "new" / name

    def _make_folders(self) -> None:
        for part in ("tmp", "new", "cur"):
            make_private_folder(self._folder / part)
