"""Put translations that came back into the file of a text: what did not come back stays as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from newsfeed.core.content.exchange import NOTHING, match_translation
from newsfeed.core.content.field_edits import set_field
from newsfeed.core.content.paragraphs import TRANSLATED_FIELDS, fingerprint_field
from newsfeed.core.content.source_text import join_lines
from newsfeed.core.content.source_units import read_units
from newsfeed.core.content.staleness import read_source
from newsfeed.core.content.translation_draft import quote_original

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from newsfeed.core.content.exchange import ExchangeUnit, TranslatedParagraph
    from newsfeed.core.content.source_units import SourceUnits

_NEW = b"---\n---\n\n"


class Merged(NamedTuple):
    """A translation after its pieces came back."""

    data: bytes | None
    """The file; ``None`` when its paragraphs cannot be told apart, or its head cannot be written."""
    used: int
    """Pieces that were put into it."""
    late: tuple[ExchangeUnit, ...]
    """Pieces whose source has changed since they went out."""


def merge_units(
    lang: str, original: SourceUnits, translation: bytes | None, units: Sequence[ExchangeUnit]
) -> Merged:
    """Return the file of a translation with the pieces that came back.

    lang: of the original; ``translation``: the file as it is, if there is one.
    """
    there = read_units(translation) if translation is not None else None
    if translation is not None and there is None:
        return Merged(None, 0, ())
    fields, paragraphs, late = _sort_out(original, units)
    noted = there.noted if there is not None else ""
    kept = match_translation(original, there, noted)
    if there is not None and there.paragraphs and not kept and len(paragraphs) < len(original.paragraphs):
        return Merged(None, 0, late)  # what is there belongs to paragraphs that nobody knows
    texts = [
        paragraphs.get(place) or kept.get(place, NOTHING).text or quote_original(lang, one)
        for place, one in enumerate(original.paragraphs)
    ]
    data: bytes | None = _with_body(translation or _NEW, _assemble(original, there, kept, texts))
    values = {key: fields[key] for key in TRANSLATED_FIELDS if key in fields}
    values["source"] = _noted_after(original, there, fields, paragraphs, kept)
    for key, value in values.items():
        data = set_field(data, key, value) if data is not None else None
    return Merged(data, len(fields) + len(paragraphs), late)


def _sort_out(
    original: SourceUnits, units: Iterable[ExchangeUnit]
) -> tuple[dict[str, str], dict[int, str], tuple[ExchangeUnit, ...]]:
    """Return the translations of fields, those of paragraphs by their places, and those of older sources."""
    fields: dict[str, str] = {}
    paragraphs: dict[int, str] = {}
    late = []
    places: dict[str, list[int]] = {}
    for place, one in enumerate(original.paragraphs):
        places.setdefault(one.fingerprint, []).append(place)
    for unit in units:
        if not unit.place.isdigit():
            if fingerprint_field(original.fields.get(unit.place, "")) == unit.fingerprint:
                fields[unit.place] = join_lines(unit.target)
            else:
                late.append(unit)
        elif candidates := places.get(unit.fingerprint):
            own = int(unit.place) - 1
            place = own if own in candidates else candidates[0]
            candidates.remove(place)
            paragraphs[place] = unit.target.strip("\n")
        else:
            late.append(unit)
    return fields, paragraphs, tuple(late)


def _assemble(
    original: SourceUnits,
    there: SourceUnits | None,
    kept: Mapping[int, TranslatedParagraph],
    texts: Sequence[str],
) -> str:
    """Return a body with these paragraphs: with what stands between them in the translation where none came
    or went, else as in the original.
    """
    frame = original
    if there is not None and [one.text for one in there.paragraphs] == [
        kept.get(place, NOTHING).text for place in range(len(texts))
    ]:
        frame = there
    parts, at = [], 0
    for paragraph, text in zip(frame.paragraphs, texts, strict=True):
        parts += [frame.body[at : paragraph.start], text]
        at = paragraph.end
    return "".join([*parts, frame.body[at:]])


def _with_body(data: bytes, body: str) -> bytes:
    """Return a file with another body, in the line ends that it has."""
    lines = data.splitlines(keepends=True)
    units = read_units(data)
    assert units is not None  # it has been read
    head = b"".join(lines[: units.body_line - 1])
    ends = b"\r\n" if lines[0].endswith(b"\r\n") else b"\n"
    return head + body.encode().replace(b"\n", ends)


def _noted_after(
    original: SourceUnits,
    there: SourceUnits | None,
    fields: Mapping[str, str],
    paragraphs: Mapping[int, str],
    kept: Mapping[int, TranslatedParagraph],
) -> str:
    """Return the state of the original that a translation says then. What did not come back is as outdated as
    it was; what has no translation is left out, and so counts as new.
    """
    before = read_source(there.noted) if there is not None else None
    had = there.fields if there is not None else {}
    noted = []
    for key, text in original.fields.items():
        if key in fields or (key in had and before is None):
            noted.append(f"{key}={fingerprint_field(text)}")
        elif before is not None and key in before.fields:
            noted.append(f"{key}={before.fields[key]}")
    for place, one in enumerate(original.paragraphs):
        is_new = place in paragraphs or (one.is_code and place not in kept)
        found = one.fingerprint if is_new else kept.get(place, NOTHING).fingerprint
        noted += [found] if found else []
    return " ".join(noted)
