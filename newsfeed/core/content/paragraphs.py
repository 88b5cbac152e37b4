"""The paragraphs of a text, and short fingerprints of what each of them says.

A translation notes the fingerprints of the paragraphs that it was made from. So its file alone tells which of
them have changed. What a reader would not call a change leaves a fingerprint as it is: how lines are broken,
which quotes and dashes are used, how a word is made bold, where a link leads.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsfeed.core.content.frontmatter import FrontMatter
    from newsfeed.model import Item

TRANSLATED_FIELDS = ("title", "summary", "image_alt", "image_caption")
"""Keys that a translator writes anew, in the order in which they are read."""
_DIGEST_BYTES = 3
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
_LIST_ITEM = re.compile(r"[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]")
_FIRST_LIST_ITEM = re.compile(r"[ \t]*(?:[-+*]|1[.)])[ \t]")
"""Only these end a paragraph above them without a blank line (CommonMark 0.31, 5.3)."""


class Paragraph(NamedTuple):
    """A paragraph, heading, entry of a list, table or block of code of a body."""

    start: int
    """Offset of its first character in the body."""
    end: int
    """Offset behind its last character; the line end is not its own."""
    line: int
    """From 0."""
    text: str
    is_code: bool = False

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint of what it says; empty when it says nothing."""
        said = _normalise(self.text, is_code=self.is_code)
        return _fingerprint(said) if said else ""


class _Walk:
    """Walks down the lines of a body; its state is the paragraph that is open."""

    def __init__(self, body: str) -> None:
        self._body = body
        self._start = self._end = self._line = -1
        self._kind = ""
        self._fence = ""

    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield all paragraphs, top down."""
        offset = 0
        for number, line in enumerate(self._body.split("\n")):
            end = offset + len(line)
            if self._fence:
                self._end = end
                if _closes(line, self._fence):
                    yield from self._close()
            elif self._kind == "remark":
                self._end = end
                if "-->" in line:
                    yield from self._close()
            elif not line or line.isspace():
                yield from self._close()
            else:
                yield from self._read(line, offset, end, number)
            offset = end + 1
        yield from self._close()

    def _read(self, line: str, offset: int, end: int, number: int) -> Iterator[Paragraph]:
        kind = self._kind_of(line)
        if kind or not self._kind:
            yield from self._close()
            self._start, self._line, self._kind = offset, number, kind or "text"
            fence = _FENCE.match(line) if kind == "code" else None
            self._fence = fence[1] if fence else ""
        self._end = end
        if kind == "heading" or (kind == "remark" and "-->" in line):
            yield from self._close()

    def _kind_of(self, line: str) -> str:
        """Return what a line begins; nothing when it goes on with what is open."""
        first = line.lstrip()[0]
        if first not in "`~#-+*<0123456789":
            return ""
        if (fence := _FENCE.match(line)) and not (first == "`" and "`" in line[fence.end() :]):
            return "code"
        if first == "#" and _HEADING.match(line):
            return "heading"
        if first == "<" and line.lstrip().startswith("<!--"):
            return "remark"
        entry = _LIST_ITEM if self._kind in ("", "list") else _FIRST_LIST_ITEM
        return "list" if entry.match(line) else ""

    def _close(self) -> Iterator[Paragraph]:
        if self._kind:
            text = self._body[self._start : self._end]
            yield Paragraph(self._start, self._end, self._line, text, self._kind == "code")
        self._kind = self._fence = ""


def _closes(line: str, fence: str) -> bool:
    found = _FENCE.match(line)
    return found is not None and found[1].startswith(fence) and not line[found.end() :].strip()


def list_paragraphs(body: str) -> list[Paragraph]:
    """Return the paragraphs of a Markdown text that a reader sees."""
    return [one for one in _Walk(body).paragraphs() if one.fingerprint]


# -- what a paragraph says -----------------------------------------------------------------------

_PLAIN = {
    **dict.fromkeys("\u00ad\u200b\u2060\ufeff", ""),
    **dict.fromkeys(map(chr, (0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)), " "),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a", '"'),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u2032\u00b4`", "'"),
    "\u2026": "...",
}
"""Signs of typesetters → those of a typewriter."""
_SIGNS = re.compile(f"[{''.join(_PLAIN)}]")
_LOOSE = [(f" {sign}", sign) for sign in ('"', "-", ";", ":", "!", "?", "%", "...")]
_LOOSE += [(f"{sign} ", sign) for sign in ('"', "-")]
"""Blanks that one language sets and another does not."""
_REMARK = re.compile(r"<!--.*?-->", re.DOTALL)
_TARGET = re.compile(
    r"\]\(\s*(?:<[^<>\n]*>|(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*\))*)"
    r"(?:\s+(\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*\)"
)
_REFERENCE = re.compile(r"(?<=\])\[[^\[\]]*\]")
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\[\]]+\]:[ \t]*\S+[ \t]*(.*)$", re.MULTILINE)
_ADDRESS = re.compile(r"<(?:https?|mailto):[^<>\s]*>|https?://[^\s<>\"]*[^\s<>\".,;:!?)\]'*_]")
_ATTRIBUTE = re.compile(r"\b((?:href|src)[ \t]*=[ \t]*)(?:\"[^\"<>\n]*\"|'[^'<>\n]*')", re.IGNORECASE)
_TABLE_LINE = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$", re.MULTILINE)
_LONG_DASHES = re.compile(r"-{4,}")
_EMPHASIS = re.compile(r"[*_]+")
_DASHES = re.compile(r"(?<!-)--{1,2}(?!-)")
_BULLET = re.compile(r"^(?:[-+*]|(\d{1,9})[.)])[ \t]+")
_CLOSING = re.compile(r"[ \t]+#+[ \t]*$")
_QUOTED_LINE = re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE)
_BREAK = re.compile(r"\\$|<br ?/?>", re.MULTILINE)
_APOSTROPHE = re.compile("'")
_RULE = re.compile(r"[ \t]*(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


_ORDINARY = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ][A-Za-zÀ-ÖØ-öø-ÿ0-9 .,\n]*")
"""Words, numbers, commas and full stops of western languages: of these nothing is changed but blanks."""


def normalise(text: str) -> str:
    """Return what a paragraph says, on one line; equal for two that a reader would call the same."""
    return _normalise(text, is_code=False)


def _normalise(text: str, *, is_code: bool) -> str:
    if is_code or ("..." not in text and _ORDINARY.fullmatch(text)):  # many are: it takes a third of the time
        return " ".join(text.split())
    text = _as_typed(text).strip()
    if _RULE.fullmatch(text):
        return "***"
    return _tight(_without_links(_without_marks(_BULLET.sub(_as_entry, text))))


def _as_typed(text: str) -> str:
    """Return a text with the signs of a typewriter, without remarks."""
    if "&" in text:
        text = unescape(text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = _SIGNS.sub(lambda found: _PLAIN[found[0]], text)
    return _BREAK.sub(" ", _REMARK.sub(" ", text)) if "<" in text else text


def _without_marks(text: str) -> str:
    """Return a text without what makes words bold, lines quoted or broken, and headings closed."""
    if "----" in text and "|" in text:
        text = _TABLE_LINE.sub(lambda found: _LONG_DASHES.sub("-", found[0]), text)
    if "--" in text:
        text = _DASHES.sub("-", text)
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(_without_emphasis, text)
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", _BREAK.sub(" ", text))
    if ">" in text:
        text = _QUOTED_LINE.sub("", text)
    return _CLOSING.sub("", text) if text.startswith("#") else text


def _without_links(text: str) -> str:
    """Return a text without the targets of its links."""
    if "](" in text:
        text = _TARGET.sub(_as_link, text)
    if "][" in text:
        text = _REFERENCE.sub("", text)
    if "]:" in text:
        text = _DEFINITION.sub(r"\1", text)
    if "=" in text and "<" in text:
        text = _ATTRIBUTE.sub(r'\1"<>"', text)
    return _ADDRESS.sub("<>", text) if "://" in text or "mailto:" in text else text


def _tight(text: str) -> str:
    """Return a text on one line, with one kind of quote, and no blanks where some languages set none."""
    if "'" in text:
        text = _APOSTROPHE.sub(_as_quote, text.replace("''", '"'))
    text = " ".join(text.split())
    for loose, tight in _LOOSE:
        if loose in text:
            text = text.replace(loose, tight)
    return text


def _without_emphasis(found: re.Match[str]) -> str:
    """Return the stars or underscores that are not at the edge of a word."""
    before, after = _beside(found)
    inside = before.isalnum() and after.isalnum()
    return found[0] if before == "\\" or inside or (before.isspace() and after.isspace()) else ""


def _as_quote(found: re.Match[str]) -> str:
    """Return what a single quote is: an apostrophe inside a word, or a quote like any other."""
    before, after = _beside(found)
    return "'" if before.isalnum() and after.isalnum() else '"'


def _beside(found: re.Match[str]) -> tuple[str, str]:
    text, start, end = found.string, found.start(), found.end()
    return text[start - 1 : start] if start else " ", text[end : end + 1] or " "


def _as_entry(found: re.Match[str]) -> str:
    """Return the mark of an entry of a list: its number, if it has one, which is never a dash's or star's."""
    return f"{found[1]}. " if found[1] else ""


def _as_link(found: re.Match[str]) -> str:
    """Return the end of a link: its title is read, its target is not."""
    return f"]{found[1] or ''}"


# -- fingerprints --------------------------------------------------------------------------------


def fingerprint_text(fields: Mapping[str, str], body: str) -> str:
    """Return the fingerprints of an original, as its translations note them under ``source``:
    ``title=3fa91c summary=09be71 77d0a2 51c3e8``: each of `TRANSLATED_FIELDS` it has, then its paragraphs.
    """
    named = [f"{key}={fingerprint_field(fields[key])}" for key in TRANSLATED_FIELDS if fields.get(key)]
    return " ".join([*named, *(found for one in _Walk(body).paragraphs() if (found := one.fingerprint))])


def fingerprint_field(text: str) -> str:
    """Return the fingerprint of a value of the head."""
    return _fingerprint(normalise(text))


def note_paragraphs(item: Item | None, kind: str, head: FrontMatter) -> Item | None:
    """Return an item with the fingerprints of its paragraphs, if it may be an original: of a story's files
    only the one which has a date is.
    """
    if item is None or (kind == "news" and "date" not in head.fields):
        return item
    fields = {key: getattr(item, key) for key in TRANSLATED_FIELDS}
    return replace(item, paragraphs=fingerprint_text(fields, head.body))


def _fingerprint(said: str) -> str:
    return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=_DIGEST_BYTES).hexdigest()
