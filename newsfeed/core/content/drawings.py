"""Drawings (SVG) that do more than show something: a script in one would run with the rights of the site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers.expat import ExpatError, ParserCreate, errors

if TYPE_CHECKING:
    from collections.abc import Mapping

_ACTIVE = frozenset({"script", "foreignobject", "iframe", "object", "embed", "audio", "video", "handler"})
"""Elements that run something, or bring in another page."""
_LINKS = ("href", "src", "from", "to", "values", "by")
"""Attributes with an address, or those by which an animation changes one."""
_SCRIPT = re.compile(r"[\s\x00-\x20]*(?:java|vb)script:", re.IGNORECASE)
_INSIDE = re.compile(r"\s*(?:#|data:image/(?:png|jpeg|gif|webp|avif);|$)", re.IGNORECASE)
_STYLE_OUTSIDE = re.compile(r"@import|url\(\s*['\"]?\s*(?!#|data:|['\")])|expression\(", re.IGNORECASE)
_SPEAKS_OF_DARK = b"prefers-color-scheme"
_STYLESHEET = "xml-stylesheet"
_WORDS_OF_ADDRESSES = ("a",)
"""Elements whose links a reader follows on purpose."""


class DrawingFault(NamedTuple):
    """The first thing in a drawing that could not be published, and its line there."""

    what: str
    """Element or attribute, as it is written; the parser's words where it is no XML."""
    line: int
    is_broken: bool = False
    """It is no XML."""


class _FoundError(Exception):
    """Ends parsing at the first fault."""


def find_drawing_fault(data: bytes) -> DrawingFault | None:
    """Return what a drawing does beside showing something: scripts, handlers of events, pages within, files
    from elsewhere, entities that could become of any size; ``None`` when there is nothing.
    """
    parser = ParserCreate()
    listener = _Listener()
    parser.buffer_text = True
    parser.StartElementHandler = listener.start
    parser.EndElementHandler = listener.end
    parser.CharacterDataHandler = listener.text
    parser.EntityDeclHandler = listener.entity
    parser.ProcessingInstructionHandler = listener.instruction
    try:
        parser.Parse(data, True)
    except _FoundError as found:
        return DrawingFault(str(found), parser.CurrentLineNumber)
    except (ExpatError, LookupError, ValueError) as error:  # an unknown encoding, for one
        code = getattr(error, "code", 0)
        return DrawingFault(errors.messages.get(code, str(error)), parser.CurrentLineNumber, is_broken=True)
    return None


class _Listener:
    """Hears a drawing piece by piece; raises `_FoundError` at the first fault."""

    def __init__(self) -> None:
        self._is_in_style = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        plain = _local(name)
        self._is_in_style = plain == "style"
        if plain in _ACTIVE:
            raise _FoundError(f"<{name}>")
        for key, value in attributes.items():
            if _is_active(plain, _local(key), value):
                raise _FoundError(f"<{name} {key}>")

    def end(self, name: str) -> None:
        self._is_in_style = False

    def text(self, words: str) -> None:
        if self._is_in_style and _STYLE_OUTSIDE.search(words):
            raise _FoundError("<style>")

    def entity(self, name: str, *_: object) -> None:
        raise _FoundError(f"<!ENTITY {name}>")

    def instruction(self, target: str, words: str) -> None:
        if target == _STYLESHEET:
            raise _FoundError(f"<?{target}?>")


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


def suits_dark_pages(data: bytes) -> bool:
    """Return whether a drawing asks whether the page is dark, and so looks after it itself."""
    return _SPEAKS_OF_DARK in data


def _is_active(element: str, key: str, value: str) -> bool:
    if key.startswith("on"):
        return True
    if key in _LINKS and _SCRIPT.match(value):
        return True
    if key in ("href", "src") and element not in _WORDS_OF_ADDRESSES:
        return not _INSIDE.match(value)
    return bool(_STYLE_OUTSIDE.search(value))
