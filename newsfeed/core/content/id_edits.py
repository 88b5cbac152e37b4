"""Writing a missing id into the head of a content file; every other byte of it stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsfeed.core.content import frontmatter
from newsfeed.core.content.source_text import decode_source

if TYPE_CHECKING:
    from newsfeed.core.content.frontmatter import FieldValue, FrontMatter

ID_KEY = "id"
_OPENING = re.compile(rb"(?:\xef\xbb\xbf)?(---|\+\+\+)[ \t]*(\r\n|\n|\r)")


def add_id(data: bytes, identifier: str) -> bytes | None:
    """Return a content file with this id as the first line of its head; ``None`` when it has a head without
    a place for it, or none, or an id.

    The new file is read as any other, and must have the old fields and body and the id.
    """
    before, opening = _read(data), _OPENING.match(data)
    if before is None or opening is None or ID_KEY in before.fields:
        return None
    indent = min((field.column - 1 for field in before.fields.values()), default=0)
    line = f'{ID_KEY} = "{identifier}"' if opening[1] == b"+++" else f"{' ' * indent}{ID_KEY}: {identifier}"
    after = data[: opening.end()] + line.encode() + opening[2] + data[opening.end() :]
    return after if _adds_only_id(before, _read(after), identifier) else None


def _read(data: bytes) -> FrontMatter | None:
    source, _ = decode_source("", data)
    if source is None:
        return None
    head, problems = frontmatter.parse_front_matter(source)
    return None if problems else head


def _adds_only_id(before: FrontMatter, after: FrontMatter | None, identifier: str) -> bool:
    if after is None or after.body != before.body:
        return False
    fields = _texts(after)
    return fields.pop(ID_KEY, None) == identifier and fields == _texts(before)


def _texts(head: FrontMatter) -> dict[str, object]:
    return {key: _plain(field.value) for key, field in head.fields.items()}


def _plain(value: FieldValue) -> object:
    """Return a field's value without positions, to compare it."""
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, frontmatter.FieldGroup):
        return {key: inner.text for key, inner in value.entries.items()}
    return value.text
