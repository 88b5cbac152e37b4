"""Tell from its file whether a story was withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.content.facts import NO_WORDS
from newsfeed.core.content.parse import parse_file

if TYPE_CHECKING:
    from newsfeed.core.content.parse import ParsedFile
    from newsfeed.model import RawFile
    from newsfeed.settings import Settings

_NAME = b"withdrawn"


def is_withdrawn(original: ParsedFile) -> bool:
    """Tell whether the file with the facts says that the story was withdrawn."""
    return "withdrawn" in original.facts and original.facts["withdrawn"].value is not False


def find_withdrawn_id(raw: RawFile, settings: Settings) -> str:
    """Return the id of the story whose facts a file holds, if these say that it was withdrawn."""
    if _NAME not in (raw.data or b""):
        return ""
    parsed, _ = parse_file(raw, settings, NO_WORDS)
    if parsed is None or "date" not in parsed.facts or not is_withdrawn(parsed):
        return ""
    return parsed.id
