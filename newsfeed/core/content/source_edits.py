"""Write into a translation which state of the original it was made from; every other byte stays."""

from __future__ import annotations

from newsfeed.core.content.field_edits import set_field

SOURCE_KEY = "source"


def set_source(data: bytes, value: str) -> bytes | None:
    """Return a content file whose ``source`` has this value; ``None`` when nothing can be written into its
    head, or it has none.

    value: as `newsfeed.core.content.paragraphs.fingerprint_text` makes it.
    """
    return set_field(data, SOURCE_KEY, value)
