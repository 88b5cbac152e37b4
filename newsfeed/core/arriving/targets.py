"""The targets of links and pictures in a text, Markdown or HTML: found, and replaced, where they stand."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Anybody may have written this: no pattern looks far ahead for its end.
_CODE = r"(?P<code>^ {0,3}(?P<fence>```+|~~~+)[^\n]*\n.*?(?:^ {0,3}(?P=fence)[^\n]*$|\Z)|`[^`\n]{1,300}`)"
_INLINE = (
    r"(?P<sign>!?)\[(?P<alt>[^\[\]\n]{0,500})\]\(\s{0,9}(?:<(?P<angled>[^<>\n]{1,2000})>|<?"
    r"(?P<target>[^\s<>()]{1,2000}(?:\([^\s<>()]{0,200}\))?[^\s<>()]{0,200}))"
)
_NESTED = r"\]\(\s{0,9}<?(?P<outer>[^\s<>()]{1,2000})"
_REFERENCE = r"^ {0,3}\[(?!\^)[^\]\n]{1,300}\]:[ \t]{0,9}<?(?P<reference>[^\s<>]{1,2000})"
_ATTRIBUTE = (
    r"<(?P<tag>img|a|source|video|audio)\b[^<>]{0,2000}?\s(?:src|href)\s{0,9}=\s{0,9}[\"']?"
    r"(?P<attribute>[^\"'<>\s]{1,2000})"
)
_TARGETS = re.compile(
    "|".join((_CODE, _INLINE, _NESTED, _REFERENCE, _ATTRIBUTE)), re.MULTILINE | re.DOTALL | re.IGNORECASE
)
_GROUPS = ("angled", "target", "outer", "reference", "attribute")


class FoundTarget(NamedTuple):
    """A target in a text."""

    target: str
    is_image: bool
    alt: str = ""


def find_targets(body: str) -> Iterator[FoundTarget]:
    """Yield the targets of a text, in their order; those in code are none."""
    for found in _TARGETS.finditer(body):
        if group := _group(found):
            is_image = found["sign"] == "!" or (found["tag"] or "").lower() == "img"
            yield FoundTarget(unescape(found[group]), is_image, found["alt"] or "")


def replace_targets(body: str, replace: Callable[[str], str]) -> str:
    """Return a text with other targets; ``replace``: returns the new one of each."""

    def changed(found: re.Match[str]) -> str:
        group = _group(found)
        if not group:
            return found[0]
        old = unescape(found[group])
        new = replace(old)
        if new == old:
            return found[0]
        start, end = found.span(group)
        text = found[0]
        return text[: start - found.start()] + new + text[end - found.start() :]

    return _TARGETS.sub(changed, body)


def _group(found: re.Match[str]) -> str:
    return "" if found["code"] else next((name for name in _GROUPS if found[name]), "")
