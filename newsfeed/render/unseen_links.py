"""Links that somebody meant to write, but Markdown does not see: with what would be seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADDRESS = r"(?:https?://|mailto:|www\.)[^\s()<>\[\]]{1,500}|[^\s()<>\[\]:]{1,200}\.(?:md|pdf|html?|jpe?g|png|docx?|xlsx?|odt)"
_WORDS = r"[^\[\]\n]{1,200}"
_GAP = re.compile(rf"(!?\[{_WORDS}\])[ \t]+\(({_ADDRESS})\)")
_SWAPPED = re.compile(rf"(?<!\w)\(([^()\[\]\n]{{1,200}})\)\[({_ADDRESS})\]")
_BLANKS = re.compile(
    rf"(!?\[{_WORDS}\])\(((?:[^()<>\[\]\n]|\([^()<>\[\]\n]{{0,100}}\)){{1,300}})\)",
)
_LIKE_A_FILE = re.compile(
    r"[^()<>\[\]\n\"']{1,200}\.[A-Za-z0-9]{2,5}(?:#[^\s()]{1,100})?|https?://[^()<>\[\]\n\"']{1,300}"
)
_BLANK_IN_TARGET = re.compile(r"""\]\([^<>\[\]\n ]* """)
"""Is in every text in which `_BLANKS` finds a target with a blank, and is looked for much quicker."""


class UnseenLink(NamedTuple):
    """A link that is shown as the signs it is written with."""

    start: int
    """Offset in the text."""
    written: str
    corrected: str
    target: str = ""
    """The file that it would lead to; only for addresses with blanks."""
    is_sure: bool = True
    """It is one even where there is no such file."""


def find_unseen_links(text: str) -> Iterator[UnseenLink]:
    """Yield the links that Markdown does not see. ``text``: Markdown, without what stands in code."""
    if _BLANK_IN_TARGET.search(text):
        for found in _BLANKS.finditer(text):
            target = found[2].strip()
            if " " in target:
                bare = f"<{target}>" if "(" in target else target.replace(" ", "%20")
                is_sure = bool(_LIKE_A_FILE.fullmatch(target))
                yield UnseenLink(found.start(), found[0], f"{found[1]}({bare})", target, is_sure)
    if "] (" in text or "]\t(" in text:
        for found in _GAP.finditer(text):
            yield UnseenLink(found.start(), found[0], f"{found[1]}({found[2]})")
    if ")[" in text:
        for found in _SWAPPED.finditer(text):
            yield UnseenLink(found.start(), found[0], f"[{found[1]}]({found[2]})")
