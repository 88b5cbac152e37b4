"""Open the file of a table of people: an ordinary file, in an encoding that is known or was named."""

from __future__ import annotations

import codecs
import io
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TextIO, cast

from newsfeed.errors import OutsideError, UsageError, reason_of
from newsfeed.files import PIECE, open_file
from newsfeed.marking import N_
from newsfeed.subscribers import encodings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.subscribers.encodings import Reading


_LARGEST = 1_000_000_000
_LONGEST_LINE = 1_000_000
_TOO_LONG = "x" * _LONGEST_LINE + "\n"
"""Stands for a longer line: one cell, which no table may have."""


class ImportFile(NamedTuple):
    """A table of people, open, or the ways to read it."""

    lines: TextIO | None
    """``None`` when the encoding has to be named."""
    encoding: str = ""
    readings: Sequence[Reading] = ()
    """The readings to choose from then."""


def open_import_file(path: str, encoding: str = "", *, stream: BinaryIO | None = None) -> ImportFile:
    """Open a table. ``encoding``: as the operator named it, if they did; ``stream``: what is read in place of
    a file.

    Raises `OutsideError` for what cannot be read, `UsageError` for what is no table or in another encoding.
    """
    try:
        file = open_file(path) if stream is None else _kept(stream)
    except OSError as error:
        raise OutsideError(N_("cannot read {path}: {reason}"), path=path, reason=reason_of(error)) from error
    with ExitStack() as stack:
        stack.enter_context(file)
        if file.seek(0, io.SEEK_END) > _LARGEST:
            raise UsageError(
                N_("{path} has more than 1 GB"), N_("import it in parts of some million lines"), path=path
            )
        known = _named(file, path, encoding) if encoding else encodings.find_encoding(file)
        _refuse_unreadable(known, path)
        if not known.name:
            return ImportFile(None, readings=known.readings)
        stack.pop_all()
    file.seek(0)
    return ImportFile(_ShortLines(file, encoding=known.name, newline=None), known.name)


class _ShortLines(io.TextIOWrapper):
    """A text whose lines are cut: one without an end would fill the memory."""

    def __next__(self) -> str:  # type: ignore[override]
        """Return the next line; of a longer one so much that its cells are refused."""
        line = self.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        if len(line) == _LONGEST_LINE and not line.endswith("\n"):
            while (rest := self.readline(_LONGEST_LINE)) and not rest.endswith("\n"):
                pass
            return _TOO_LONG
        return line


def _kept(stream: BinaryIO) -> BinaryIO:
    """Return what comes from a stream, as a file: its encoding is found out before it is read."""
    file = TemporaryFile()  # noqa: SIM115 - whoever reads it closes it
    left = _LARGEST + 1
    while left > 0 and (piece := stream.read(min(PIECE, left))):
        file.write(piece)
        left -= len(piece)
    return cast("BinaryIO", file)


def _refuse_unreadable(known: encodings.TableEncoding, path: str) -> None:
    if known.is_spreadsheet:
        raise UsageError(
            N_("{path} is a spreadsheet program's own file"),
            N_("save it as CSV, best in UTF-8, and import that"),
            path=path,
        )
    if not known.name and not known.readings:
        raise UsageError(
            N_("nobody can tell the encoding of {path}"),
            N_("save it as UTF-8, or name its encoding with --encoding"),
            path=path,
        )


def _named(file: BinaryIO, path: str, encoding: str) -> encodings.TableEncoding:
    """Return the encoding that was named, if the file can be in it."""
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except LookupError as error:
        raise UsageError(
            N_("there is no encoding “{encoding}”"),
            N_("use one such as utf-8, cp1252, cp1250 or mac_roman"),
            encoding=encoding,
        ) from error
    found = encodings.find_encoding(file)
    if (
        found.name.startswith("utf")
        and not name.startswith("utf")
        and encodings.has_letters_beyond_ascii(file)
    ):
        raise UsageError(
            N_("{path} is in {encoding} already"), N_("leave out --encoding"), path=path, encoding=found.name
        )
    if found.is_spreadsheet or (found.name.startswith("utf") and name.startswith("utf")):
        return found
    if line := encodings.first_undecodable_line(file, name):
        raise UsageError(
            N_("{path}, line {line}: these bytes are no text in {encoding}"),
            N_("name another encoding"),
            path=path,
            line=str(line),
            encoding=encoding,
        )
    return encodings.TableEncoding(name)
