"""The pieces of texts that go to translators and come back, and what in them must stay as it is."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.core.content.paragraphs import fingerprint_field
from newsfeed.core.content.source_text import FORBIDDEN_CHARACTERS
from newsfeed.core.content.source_units import read_units
from newsfeed.core.content.staleness import find_moved, keep_unchanged, read_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsfeed.core.content.source_units import SourceUnits

_PROTECTED = re.compile(
    r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)"  # the target of a link or picture
    r"|<(?:https?|mailto):[^<>\s]*>"
    r"|https?://[^\s<>\"]*[^\s<>\".,;:!?)\]'*_]"
    r"|`+[^`\n]+`+"
    r"|\[\^[^\]\s]+\]"  # a footnote
    r"|%\([a-z_]+\)[sd]|\{[A-Za-z_][A-Za-z0-9_.]*\}"
)
_LANGUAGE_OF_LINK = re.compile(r"\.[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*\.md(?:#[^)\s]*)?\)")
"""A link to another text may lead to its translation, where headings have other anchors."""
_ID = re.compile(r"(?P<path>[^|]+)\|(?P<place>[a-z_]+|[0-9]+)\|(?P<fingerprint>[0-9a-f]{6})")


class ExchangeUnit(NamedTuple):
    """A part of the head or a paragraph, as it travels."""

    path: str
    """Of the original."""
    place: str
    """Key of the head, or number of the paragraph from 1."""
    fingerprint: str
    """Of the source."""
    lang: str
    """Of the original."""
    source: str
    target: str = ""
    """Its translation; empty until there is one."""
    is_outdated: bool = False
    """The translation is one of an older source."""

    @property
    def id(self) -> str:
        """Return the name by which it is found again: ``news/2026/wells.en.md|3|c6b19e``."""
        return f"{self.path}|{self.place}|{self.fingerprint}"


def read_unit_id(written: str) -> tuple[str, str, str] | None:
    """Return (path, place, fingerprint) of a unit's name; ``None`` when it is none."""
    found = _ID.fullmatch(written)
    return (found["path"], found["place"], found["fingerprint"]) if found else None


def split_protected(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a text, each with whether it must stay as it is: targets of links, code, footnotes
    and placeholders.
    """
    at = 0
    for found in _PROTECTED.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], False
        yield found[0], True
        at = found.end()
    if at < len(text):
        yield text[at:], False


def find_damage(unit: ExchangeUnit) -> str:
    """Return what a translation has lost of what must stay as it is, or has more of it than its source; or a
    character that no text may have. Empty when all is well.
    """
    if forbidden := FORBIDDEN_CHARACTERS.search(unit.target):
        return f"U+{ord(forbidden[0]):04X}"
    wanted, found = (
        Counter(
            _LANGUAGE_OF_LINK.sub(".md)", part)
            for part, is_protected in split_protected(text)
            if is_protected
        )
        for text in (unit.source, unit.target)
    )
    return next(iter([*(wanted - found), *(found - wanted)]), "")


# -- out -----------------------------------------------------------------------------------------


def list_exchange_units(
    path: str, lang: str, original: SourceUnits, translation: bytes | None, noted: str
) -> Iterator[ExchangeUnit]:
    """Yield all pieces of a text with their translations, as far as these can be told apart.

    path, lang: of the original; ``translation``: the file's bytes; ``noted``: its ``source``.
    """
    there = read_units(translation) if translation is not None else None
    fields = there.fields if there is not None else {}
    before = read_source(noted)
    for key, text in original.fields.items():
        print_now = fingerprint_field(text)
        is_old = before is not None and before.fields.get(key) != print_now
        target = fields.get(key, "")
        yield ExchangeUnit(path, key, print_now, lang, text, target, is_outdated=bool(target) and is_old)
    targets = match_translation(original, there, noted)
    for number, paragraph in enumerate(original.paragraphs):
        found = targets.get(number, NOTHING)
        is_old = found.fingerprint not in ("", paragraph.fingerprint)
        yield ExchangeUnit(
            path, str(number + 1), paragraph.fingerprint, lang, paragraph.text, found.text, is_outdated=is_old
        )


class TranslatedParagraph(NamedTuple):
    """A paragraph of a translation, and the fingerprint of what it translates."""

    text: str
    fingerprint: str


NOTHING = TranslatedParagraph("", "")


def match_translation(
    original: SourceUnits, translation: SourceUnits | None, noted: str
) -> Mapping[int, TranslatedParagraph]:
    """Return place of a paragraph of the original, from 0 → its translation.

    A translation that has as many paragraphs as it notes has one for each; of another one nothing is known.
    """
    if translation is None:
        return {}
    before = read_source(noted)
    now = [one.fingerprint for one in original.paragraphs]
    then = before.paragraphs if before is not None else now
    if len(then) != len(translation.paragraphs):
        return {}
    kept, moved = keep_unchanged(then, now), find_moved(then, now)
    elsewhere = frozenset(moved.values())
    edited = (pair for pair in _edited(then, now, kept) if pair[1] not in elsewhere)
    return {
        place: TranslatedParagraph(translation.paragraphs[old].text, then[old])
        for place, old in {**dict(edited), **moved, **kept}.items()
    }


def _edited(then: Sequence[str], now: Sequence[str], kept: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """Yield (place now, place then) of paragraphs that stand between the same ones as before."""
    bounds = [(-1, -1), *sorted(kept.items()), (len(now), len(then))]
    for (first, old_first), (last, old_last) in pairwise(bounds):
        yield from zip(range(first + 1, last), range(old_first + 1, old_last), strict=False)
