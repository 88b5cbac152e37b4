"""The bytes of an export of WordPress as XML that can be parsed, whatever years have left in them."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING

from newsfeed.core.arriving.compose import clean_text
from newsfeed.sources.archives.opening import refuse_entities, replace_entities

if TYPE_CHECKING:
    from typing import BinaryIO

_PIECE = 1 << 18
_WESTERN = "newsfeed-cp1252"


class CleanStream(io.RawIOBase):
    """A file as XML that can be parsed: in UTF-8, without characters that XML forbids, HTML's entities as
    characters. Bytes that are no UTF-8 are taken for Windows' western code page.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        codecs.register_error(_WESTERN, _western)
        self._decoder = codecs.getincrementaldecoder("utf-8")(_WESTERN)
        self._ready, self._left = b"", ""
        self._name: str | None = name

    def read(self, size: int = -1) -> bytes:
        """Return the next piece; nothing at the end."""
        while not self._ready:
            data = self._file.read(_PIECE)
            text = self._left + self._decoder.decode(data, final=not data)
            if self._name is not None:
                refuse_entities(text, self._name)
                self._name = None
            # An entity may go on in the next piece.
            cut = len(text) if not data else max(text.rfind("&", len(text) - 40), -1)
            cut = len(text) if cut < 0 else cut
            text, self._left = text[:cut], text[cut:]
            self._ready = replace_entities(clean_text(text)).encode("utf-8", "replace")
            if not data:
                break
        size = len(self._ready) if size < 0 else size
        piece, self._ready = self._ready[:size], self._ready[size:]
        return piece


def _western(error: UnicodeError) -> tuple[str, int]:
    """Return what bytes that are no UTF-8 mean in cp1252: exports join texts of many years."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end
