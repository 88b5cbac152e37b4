"""Word the subject of an issue: it names the top story, so that no two weeks have the same one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsfeed.marking import msgid

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACEHOLDERS = ("title", "date", "top", "number", "site")
"""The names that a subject or an introduction of the configuration may have in braces."""
USUAL = msgid("{top} – {title}")
WITHOUT_TOP = msgid("{title}, {date}")
LENGTH = 90
"""Characters of a subject: mail programs show some sixty, telephones some forty."""
_LEAST = 30
"""Characters of the top story's title that are left, however long the rest is."""
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def find_unknown_placeholder(text: str) -> str:
    """Return the first name in braces that stands for nothing; empty when all are known."""
    return next((f"{{{one}}}" for one in _PLACEHOLDER.findall(text) if one not in PLACEHOLDERS), "")


def fill_placeholders(text: str, values: Mapping[str, str]) -> str:
    """Return a text of the configuration with the values in place of their names.

    It is no template: a value may hold braces, and stays what it is.
    """
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def needs_top(text: str) -> bool:
    """Tell whether a text names the top story."""
    return "top" in _PLACEHOLDER.findall(text)


def word_subject(pattern: str, values: Mapping[str, str]) -> str:
    """Return the subject, the title of the top story cut so far that all of it is of a sane length."""
    rest = len(fill_placeholders(pattern, {**values, "top": ""}))
    top = cut_at_word(values.get("top", ""), max(LENGTH - rest, _LEAST))
    return fill_placeholders(pattern, {**values, "top": top})


def cut_at_word(text: str, length: int) -> str:
    """Return a text of at most so many characters; where it is cut, behind a word and with an ellipsis."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    whole = cut.rpartition(" ")[0] if text[length - 1] != " " else cut
    return f"{(whole or cut).rstrip(' ,;:–—-')}…"
