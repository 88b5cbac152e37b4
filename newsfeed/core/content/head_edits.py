"""Proof that an edit of a content file changes one key of its head, and nothing else.

The new file is read as any other: an edit that cannot be read, or says something else besides, is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.content import frontmatter
from newsfeed.core.content.source_text import decode_source
from newsfeed.problems import select_errors

if TYPE_CHECKING:
    from newsfeed.core.content.frontmatter import FieldValue, FrontMatter


def read_head(data: bytes) -> FrontMatter | None:
    """Return the head and body of a content file; ``None`` when its head has errors, or it has none."""
    source, _ = decode_source("", data)
    if source is None:
        return None
    head, problems = frontmatter.parse_front_matter(source)
    return None if select_errors(problems) else head


def changes_only(before: FrontMatter, edited: bytes, key: str, value: object) -> bool:
    """Tell whether an edited file says what it said before, and ``value`` under ``key``."""
    after = read_head(edited)
    if after is None or after.body != before.body:
        return False
    return plain_fields(after) == {**plain_fields(before), key: value}


def plain_fields(head: FrontMatter) -> dict[str, object]:
    """Return key → value of a head, without positions: texts, lists and mappings."""
    return {key: _plain(field.value) for key, field in head.fields.items()}


def _plain(value: FieldValue) -> object:
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, frontmatter.FieldGroup):
        return {key: inner.text for key, inner in value.entries.items()}
    return value.text
