"""A text that knows its own lines, so that every problem can point at one."""

from __future__ import annotations

import re
from itertools import islice

from newsfeed.problems import Location, Problem, problem

_BOM = b"\xef\xbb\xbf"
FORBIDDEN_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters XML 1.0 forbids or discourages (sections 2.2 and 2.2 note); feeds must not hold them."""
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_DIRECTION_BYTES = re.compile(rb"\xe2(?:\x80[\xaa-\xae]|\x81[\xa6-\xa9])")
_OVERRIDES = "\u202d\u202e"
_POP_EMBEDDING, _POP_ISOLATE = "\u202c", "\u2069"
_ISOLATES = "\u2066\u2067\u2068"
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\r"))
_HIGH_CONTROL = re.compile(b"\xc2[\x80-\x84\x86-\x9f]")
_ENOUGH = 20
"""Forbidden characters of one file that are reported: a file that is no text has millions."""
_BREAKS = re.compile("[\t\r\n\x85\u2028\u2029][ \t\r\n\x85\u2028\u2029]*| [ \t\r\n\x85\u2028\u2029]+")
"""White space but for single spaces: most of it is, and needs no replacing."""


class SourceText:
    """The decoded text of one file; its lines end in a line feed, whatever the editor wrote."""

    __slots__ = ("path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    def at(self, line: int, column: int = 1) -> Location:
        """Return the location of a line and column, both from 1."""
        return Location(self.path, line, column)

    def at_offset(self, offset: int) -> Location:
        """Return the location of a character offset into the text."""
        line = self.text.count("\n", 0, offset) + 1
        return self.at(line, offset - (self.text.rfind("\n", 0, offset) + 1) + 1)


def find_open_direction(text: str) -> str:
    """Return the first character that would turn the words around a text, too; empty when there is none.

    An embedding or isolate that is closed is how mixed names are written; an override never is.
    """
    found = locate_open_direction(text)
    return found[0] if found else ""


def may_turn_words(text: str) -> bool:
    """Return whether a text has a character that turns the direction of words; most have none."""
    # Bytes with a common beginning are found several times as fast as characters.
    return not text.isascii() and _DIRECTION_BYTES.search(text.encode()) is not None


def locate_open_direction(text: str) -> re.Match[str] | None:
    """Return the place of the first character that `find_open_direction` looks for."""
    opened: list[re.Match[str]] = []
    for found in _DIRECTIONS.finditer(text):
        sign = found[0]
        if sign in _OVERRIDES:
            return found
        if sign not in (_POP_EMBEDDING, _POP_ISOLATE):
            opened.append(found)
        elif not opened or (opened[-1][0] in _ISOLATES) != (sign == _POP_ISOLATE):
            return found
        else:
            opened.pop()
    return opened[0] if opened else None


def decode_source(path: str, data: bytes) -> tuple[SourceText | None, list[Problem]]:
    """Decode an editor's bytes: UTF-8, a BOM forgiven, any line ends, nothing that XML forbids."""
    problems: list[Problem] = []
    if data.startswith(_BOM):
        data = data[3:]
        problems.append(problem("bom", Location(path)))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        problems.append(_not_utf8(path, data, error))
        return None, problems
    source = SourceText(path, _with_plain_ends(text))
    if not is_clean(text, data):
        problems += [
            problem("control-character", source.at_offset(match.start()), character=name_code_point(match[0]))
            for match in islice(FORBIDDEN_CHARACTERS.finditer(source.text), _ENOUGH)
        ]
    return source, problems


def decode_checked(path: str, data: bytes) -> SourceText:
    """Decode bytes that `decode_source` has read before, without checking them again."""
    return SourceText(path, _with_plain_ends(data.removeprefix(_BOM).decode("utf-8")))


def is_clean(text: str, data: bytes) -> bool:
    """Return whether a text has no forbidden character; ``data`` is the text as UTF-8."""
    return (  # looking at bytes is several times as fast as looking at characters
        len(data.translate(None, _CONTROLS)) == len(data)
        and _HIGH_CONTROL.search(data) is None
        and "\ufffe" not in text
        and "\uffff" not in text
    )


def join_lines(text: str) -> str:
    """Write a text on one line, with single spaces between its words; no-break spaces stay."""
    flat = text.replace("\n", " ")
    if flat.isprintable() and "  " not in flat:  # most texts: looking costs less than replacing
        return flat.strip(" ")
    return _BREAKS.sub(" ", text).strip()


def name_code_point(character: str) -> str:
    """Name a character that cannot be printed, as people look it up: ``U+000B``."""
    return f"U+{ord(character):04X}"


def _with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _not_utf8(path: str, data: bytes, error: UnicodeDecodeError) -> Problem:
    before = data[: error.start]
    line = before.count(b"\n") + 1
    start = before.rfind(b"\n") + 1
    column = len(data[start : error.start].decode("utf-8", "replace")) + 1
    where = Location(path, line, column)
    return problem("not-utf8", where, byte=f"0x{data[error.start]:02X}")
