"""Language codes, and which language stands in for another when a text is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Text = TypeVar("Text")


def canonicalise_tag(code: str) -> str:
    """Write a language tag in the case of RFC 5646 section 2.1.1: ``PT_br`` → ``pt-BR``."""
    parts = code.strip().replace("_", "-").split("-")
    rest = [_subtag(part) for part in parts[1:]]
    return "-".join([parts[0].lower(), *rest])


def find_first_available(chain: Sequence[str], texts: Mapping[str, Text]) -> tuple[str, Text] | None:
    """Return the first language of a reader's chain that has a text, with that text (RFC 4647 3.4)."""
    for code in chain:
        if code in texts:
            return code, texts[code]
    return None


def match_language(wanted: str, available: Sequence[str], default: str) -> str:
    """Return the best of the available languages for a wanted tag: ``de-CH`` → ``de`` → the default."""
    parts = canonicalise_tag(wanted).split("-")
    for length in range(len(parts), 0, -1):
        candidate = "-".join(parts[:length])
        if candidate in available:
            return candidate
    return default


def _subtag(part: str) -> str:
    if len(part) == 2:
        return part.upper()
    if len(part) == 4 and part.isalpha():
        return part.title()
    return part.lower()
