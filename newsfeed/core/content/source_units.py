"""The pieces of an original that a translator writes anew: parts of its head, and its paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from newsfeed.core.content.frontmatter import Scalar
from newsfeed.core.content.head_edits import read_head
from newsfeed.core.content.paragraphs import TRANSLATED_FIELDS, fingerprint_field, list_paragraphs
from newsfeed.core.content.source_text import join_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsfeed.core.content.paragraphs import Paragraph


class SourceUnits(NamedTuple):
    """The texts of a content file, piece by piece."""

    fields: Mapping[str, str]
    """Key of the head → text."""
    body: str
    paragraphs: Sequence[Paragraph]
    body_line: int
    """Line of the file on which the body starts."""
    noted: str
    """In a translation: its ``source``."""

    @property
    def source(self) -> str:
        """Return its fingerprints, as translations note them."""
        named = [f"{key}={fingerprint_field(text)}" for key, text in self.fields.items()]
        return " ".join([*named, *(one.fingerprint for one in self.paragraphs)])

    def by_fingerprint(self) -> dict[str, str]:
        """Return fingerprint → text, of fields with their keys: ``title=442c3d``."""
        found = {f"{key}={fingerprint_field(text)}": text for key, text in self.fields.items()}
        return {**{one.fingerprint: one.text for one in self.paragraphs}, **found}


def read_units(data: bytes) -> SourceUnits | None:
    """Read a content file; ``None`` when its head cannot be read."""
    head = read_head(data)
    if head is None:
        return None
    fields = {}
    for key in TRANSLATED_FIELDS:
        field = head.fields.get(key)
        if field is not None and isinstance(field.value, Scalar) and (text := join_lines(field.value.text)):
            fields[key] = text
    source = head.fields.get("source")
    noted = source.value.text if source is not None and isinstance(source.value, Scalar) else ""
    return SourceUnits(fields, head.body, list_paragraphs(head.body), head.body_line, noted)
