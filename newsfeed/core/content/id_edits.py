"""Write a missing id into the head of a content file; every other byte of it stays."""

from __future__ import annotations

import re

from newsfeed.core.content.head_edits import changes_only, read_head

ID_KEY = "id"
_OPENING = re.compile(rb"(?:\xef\xbb\xbf)?(---|\+\+\+)[ \t]*(\r\n|\n|\r)")


def add_id(data: bytes, identifier: str) -> bytes | None:
    """Return a content file with this id as the first line of its head; ``None`` when it has a head without
    a place for it, or none, or an id.
    """
    before, opening = read_head(data), _OPENING.match(data)
    if before is None or opening is None or ID_KEY in before.fields:
        return None
    indent = min((field.column - 1 for field in before.fields.values()), default=0)
    line = f'{ID_KEY} = "{identifier}"' if opening[1] == b"+++" else f"{' ' * indent}{ID_KEY}: {identifier}"
    after = data[: opening.end()] + line.encode() + opening[2] + data[opening.end() :]
    return after if changes_only(before, after, ID_KEY, identifier) else None
