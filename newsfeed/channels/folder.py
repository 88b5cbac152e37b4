"""The folder channel: every message becomes an ``.eml`` file that any mail program opens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsfeed.channels.direct import FileChannel
from newsfeed.files import make_private_folder

if TYPE_CHECKING:
    from pathlib import Path

    from newsfeed.model import Message


class FolderChannel(FileChannel):
    """Writes messages into one folder."""

    name = "folder"

    def _paths(self, message: Message) -> tuple[Path, Path]:
        name = re.sub(r"[^0-9A-Za-z.-]", "", message.message_id.strip("<>").partition("@")[0])
        path = self._folder / f"{name}.eml"
        return path.with_suffix(".tmp"), path

    def _make_folders(self) -> None:
        make_private_folder(self._folder)
