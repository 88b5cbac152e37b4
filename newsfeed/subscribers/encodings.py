"""Tell in which encoding a table of people was saved, or which readings of it somebody has to choose from.

UTF-8 and UTF-16 can be told. Code pages cannot: the same bytes are other letters in each. So one is taken
without asking only where every code page that makes names of the bytes makes the same names.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from newsfeed.files import pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "cp1252"
CODE_PAGES = (
    _WESTERN, "cp1250", "cp1257", "cp1254", "cp1251", "cp1253", "cp1255", "cp1256", "cp1258", "cp874",
    "mac_roman", "mac_latin2", "mac_cyrillic", "cp850", "cp852", "cp866", "koi8_r", "koi8_u",
    "cp932", "gb18030", "big5", "cp949",
)  # fmt: skip
"""Those of Windows, the Mac, DOS and Unix, the likeliest first."""
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""First bytes of the own files of spreadsheet programs: zip archives, and OLE before them."""
_WORD = re.compile(rb"[A-Za-z\x80-\xff\xa0]*[\x80-\xff][A-Za-z\x80-\xff]*")
_MOST_WORDS = 2_000
"""Words beyond ASCII that are looked at: as many as tell one code page from another."""
_SHOWN = 5
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "KATAKANA-HIRAGANA"})
_BESIDE_WORDS = "\u00a0«»„“”‚‘’–—…·"
_WITHIN_WORDS = "’‘·"


class Reading(NamedTuple):
    """The names of a table, read in one code page."""

    encoding: str
    words: str


class TableEncoding(NamedTuple):
    """The encoding of a table of people, or what it might be."""

    name: str = ""
    """Empty where it has to be asked for."""
    readings: Sequence[Reading] = ()
    """The readings to choose from."""
    is_spreadsheet: bool = False
    """It is no text at all, but a spreadsheet program's own file."""


def find_encoding(file: BinaryIO) -> TableEncoding:
    """Return the encoding of an open table; it is read from its beginning, piece by piece."""
    file.seek(0)
    head = file.read(4096)
    if head.startswith(_SPREADSHEETS):
        return TableEncoding(is_spreadsheet=True)
    mark = next((name for mark, name in _MARKS if head.startswith(mark)), "") or _utf16_without_mark(head)
    if mark:
        return TableEncoding(mark if is_in(file, mark) else "")
    if is_in(file, "utf-8"):
        return TableEncoding("utf-8")
    words = _words_beyond_ascii(file)
    plausible = {page: read for page in CODE_PAGES if (read := _plausible(words, page)) is not None}
    if _WESTERN in plausible and len(set(plausible.values())) == 1 and is_in(file, _WESTERN):
        return TableEncoding(_WESTERN)
    return TableEncoding("", _to_choose_from(plausible))


def is_in(file: BinaryIO, encoding: str) -> bool:
    """Tell whether all of a file can be read in an encoding."""
    return first_undecodable_line(file, encoding) == 0


def first_undecodable_line(file: BinaryIO, encoding: str) -> int:
    """Return the number of the first line that cannot be decoded in an encoding; 0 when there is none."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    try:
        for piece in pieces_of(file):
            line += decoder.decode(piece).count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return line + bytes(error.object[: error.start]).count(b"\n")
    return 0


def has_letters_beyond_ascii(file: BinaryIO) -> bool:
    """Tell whether a file has any byte beyond ASCII."""
    file.seek(0)
    return any(not piece.isascii() for piece in pieces_of(file))


def _utf16_without_mark(head: bytes) -> str:
    """Return the kind of UTF-16 that a text without a mark is in: every second byte of its words is zero."""
    half = len(head) // 2
    if half < 2:
        return ""
    if head[1::2].count(0) > 0.7 * half and not head[0::2].count(0):
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > 0.7 * half and not head[1::2].count(0) else ""


def _words_beyond_ascii(file: BinaryIO) -> list[bytes]:
    """Return the first words of a file that are not in ASCII, each once. A line is a piece here."""
    file.seek(0)
    words: dict[bytes, None] = {}
    while line := file.readline(1 << 16):
        if not line.isascii():
            words.update(dict.fromkeys(_WORD.findall(line)))
        if len(words) >= _MOST_WORDS:
            break
    return list(words)


def _plausible(words: Iterable[bytes], page: str) -> tuple[str, ...] | None:
    """Return words in a code page; ``None`` when one of them is none there."""
    found = []
    for word in words:
        try:
            text = word.decode(page)
        except UnicodeDecodeError:
            return None
        if not _is_word(text):
            return None
        found.append(text)
    return tuple(found)


def _is_word(text: str) -> bool:
    """Tell whether a name could be written so: letters of one script, capitals where they begin words."""
    if text.endswith("‘"):
        return False
    inner = text.strip(_BESIDE_WORDS)
    letters = [char for char in inner if char not in _WITHIN_WORDS]
    if len(text) == 1 and not letters:
        return True
    if any(unicodedata.category(char) not in ("Lu", "Ll", "Lo", "Lt", "Mn", "Mc") for char in letters):
        return False
    return len({_script(char) for char in letters} - {""}) <= 1 and not _has_stray_capital(letters)


def _has_stray_capital(letters: Sequence[str]) -> bool:
    """Tell whether a capital beyond ASCII stands behind a small letter, or alone between two others."""
    for at, letter in enumerate(letters[1:], 1):
        if letter.isascii() or not letter.isupper():
            continue
        behind = letters[at + 1] if at + 1 < len(letters) else ""
        if letters[at - 1].islower() or (letters[at - 1].isupper() and behind.islower()):
            return True
    return False


def _script(letter: str) -> str:
    """Return the script of a letter; empty for combining marks that go with any."""
    name = unicodedata.name(letter, "?").partition(" ")[0]
    if name == "COMBINING":
        return ""
    return "CJK" if name in _EAST_ASIAN else name


def _to_choose_from(plausible: dict[str, tuple[str, ...]]) -> tuple[Reading, ...]:
    """Return the first code page of each reading, with the words by which readings differ."""
    pages: dict[tuple[str, ...], str] = {}
    for page, words in plausible.items():
        pages.setdefault(words, page)
    readings = list(pages)[:_SHOWN]
    columns = list(enumerate(zip(*readings, strict=True)))
    telling = [at for at, words in columns if len(set(words)) > 1] or [at for at, _ in columns]
    return tuple(Reading(pages[words], " ".join(words[at] for at in telling[:_SHOWN])) for words in readings)
