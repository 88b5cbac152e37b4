"""Send a file that is too large for memory, piece by piece from the disk."""

from __future__ import annotations

import asyncio
import os
from contextlib import closing
from typing import TYPE_CHECKING

from newsfeed.build.folder_handle import FolderHandle
from newsfeed.files import PIECE
from newsfeed.web.file_answers import make_answer
from newsfeed.web.served_files import modified_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from newsfeed.web.file_answers import Answer
    from newsfeed.web.file_headers import Headers
    from newsfeed.web.served_files import LargeFile


class OpenFile:
    """A large file while it is sent; what a build puts in its place meanwhile changes nothing of it."""

    def __init__(self, folder: Path, file: LargeFile) -> None:
        """Open it, without following links. Raises `OSError` or `ForeignOutputError` where there is none."""
        with closing(FolderHandle(folder.resolve())) as handle:
            self._descriptor = handle.open_file(file.path, os.O_RDONLY)
        found = os.fstat(self._descriptor)
        self._stat = (found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        self._file = file

    def close(self) -> None:
        """Close it."""
        os.close(self._descriptor)

    def answer(self, heard: Mapping[bytes, bytes], extra: Headers) -> Answer:
        """Return how a GET begins, and which bytes follow."""
        return make_answer(heard, self._file.represent(self._stat), modified_at(self._stat), extra)

    async def send(self, part: tuple[int, int], receive: Any, send: Any) -> None:
        """Send some bytes of it, as fast as they are taken, until the client has gone."""
        place, end = part
        leaving = asyncio.ensure_future(_wait_until_gone(receive))
        try:
            while place < end and not leaving.done():
                piece = await asyncio.to_thread(os.pread, self._descriptor, min(PIECE, end - place), place)
                place += len(piece)
                if not piece:  # cut short meanwhile: the server ends the connection, which says so
                    return
                await send({"type": "http.response.body", "body": piece, "more_body": place < end})
        finally:
            leaving.cancel()


async def _wait_until_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
