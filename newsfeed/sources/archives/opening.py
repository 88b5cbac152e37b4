"""Open the files of an archive: packed or not, in any encoding, never larger than they may be."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from html.entities import html5
from typing import TYPE_CHECKING, BinaryIO, cast

from lxml import etree

from newsfeed.errors import OutsideError, UsageError, reason_of
from newsfeed.files import open_file
from newsfeed.marking import N_

if TYPE_CHECKING:
    from pathlib import Path

NOT_FOR_ALL = N_("only some could read it there; it is kept as a draft")
"""Said of what asked for a password, or was for members."""
_GZIP = b"\x1f\x8b"
MOST_IN_MEMORY = 100_000_000
"""Bytes of a document that is read as a whole."""
_MOST_UNPACKED = 4_000_000_000
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_ENTITY = re.compile(r"&([a-zA-Z][a-zA-Z0-9]{1,30});")
_ENTITY_DECLARED = re.compile(r"<!ENTITY", re.IGNORECASE)
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_PROLOGUE = 65_536
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class _Unpacked(io.RawIOBase):
    """A packed file as it is read, which ends with an error before it fills the machine."""

    def __init__(self, packed: BinaryIO, path: str, most: int) -> None:
        self._unpacked = gzip.GzipFile(fileobj=packed)
        self._packed = packed
        self._path = path
        self._left = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        try:
            data = self._unpacked.read(len(view))
        except (OSError, EOFError, zlib.error) as error:
            raise OutsideError(
                N_("cannot read {path}: {reason}"), path=self._path, reason=str(error)
            ) from error
        self._left -= len(data)
        if self._left < 0:
            raise too_large(self._path)
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._packed.close()
        super().close()


def too_large(path: str) -> OutsideError:
    """Return the error for a file of which there is too much, perhaps only once it is unpacked."""
    return OutsideError(
        N_("{path} is too large, or unpacks into too much"), N_("give its parts one by one"), path=path
    )


def open_archive_file(path: Path, most: int = _MOST_UNPACKED) -> BinaryIO:
    """Open a file of an archive; of one packed by gzip what is in it. Raises `OutsideError`."""
    try:
        file = open_file(path)
        head = file.read(2)
        file.seek(0)
    except OSError as error:
        raise OutsideError(N_("cannot read {path}: {reason}"), path=path, reason=reason_of(error)) from error
    if head != _GZIP:
        return file
    return io.BufferedReader(_Unpacked(file, str(path), most))


def read_archive_file(path: Path, most: int = MOST_IN_MEMORY) -> bytes:
    """Return what is in a file, unpacked. Raises `OutsideError`, also when that is too much."""
    with open_archive_file(path, most) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise too_large(str(path))
    return data


def decode_text(data: bytes, declared: str = "") -> str:
    """Return bytes as text: what is UTF-8 is read so, whatever it declares; else what it declares."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace").removeprefix("\ufeff")
    for encoding in ("utf-8", declared, "cp1252"):
        try:
            if encoding:
                return data.decode(encoding)
        except (LookupError, UnicodeError):
            continue
    return data.decode("cp1252", "replace")


def decode_xml(data: bytes) -> str:
    """Return an XML document as text, without its declaration, with HTML's entities as characters."""
    found = _DECLARED.search(data[:_PROLOGUE])
    text = decode_text(data, found[1].decode("ascii") if found else "")
    return replace_entities(_DECLARATION.sub("", text.lstrip()))


def replace_entities(text: str) -> str:
    """Return XML with HTML's entities as characters; an unknown one becomes the words it is written with."""
    return _ENTITY.sub(_character, text)


def parse_xml(data: bytes, name: str) -> etree._Element:
    """Return the root of an XML document, however broken; nothing else is looked at for it.

    Raises `UsageError` for what is no XML.
    """
    text = decode_xml(data)
    refuse_entities(text[:_PROLOGUE], name)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        remove_pis=True,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise no_document(name) from error
    if root is None:
        raise no_document(name)
    return root


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace, also of one whose prefix was never declared."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def words_of(element: etree._Element) -> str:
    """Return all words in an element, without the blanks around them."""
    return "".join(str(piece) for piece in element.itertext()).strip()


def refuse_entities(head: str, name: str) -> None:
    """Raise `UsageError` when a document declares entities: a few lines of them fill any memory."""
    if _ENTITY_DECLARED.search(head):
        raise UsageError(
            N_("{path} declares entities of its own, which could be of any size"),
            N_("remove the lines with <!ENTITY"),
            path=name,
        )


def no_document(name: str) -> UsageError:
    """Return the error for a file that is not what it was said to be."""
    return UsageError(
        N_("{path} is nothing that can be moved in from there"), N_("look at what --from says"), path=name
    )


def _character(found: re.Match[str]) -> str:
    if found[1] in _OF_XML:
        return found[0]
    return html5.get(f"{found[1]};", f"&amp;{found[1]};")
