"""Moulds: a piece of XML that was written once with marks in place of values, and is filled in again and
again. Values are escaped, and refused, as lxml does it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING

from newsfeed.core.content.source_text import is_clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_REMEMBERED = 512
"""Escaped values that are kept: the texts of a few documents, and what is the same in all of a feed."""


@dataclass(frozen=True, slots=True)
class Mould:
    """Everything but the values, and how each of them is written there."""

    pattern: bytes
    """With ``%b`` for each value."""
    slots: tuple[tuple[int, Callable[[str], bytes]], ...]
    """(number of the value, what escapes it)"""

    @classmethod
    def of(cls, made: bytes, marks: Sequence[str]) -> Mould:
        """The mould of what was made with marks as values; those that are empty stand nowhere."""
        numbers = {mark.encode(): number for number, mark in enumerate(marks) if mark}
        found = re.split(b"(%s)" % b"|".join(map(re.escape, numbers)), made)
        between, shown = found[::2], found[1::2]
        slots = (
            (numbers[mark], _escaper(before, after))
            for before, mark, after in zip(between, shown, between[1:], strict=False)
        )
        return cls(b"%b".join(one.replace(b"%", b"%%") for one in between), tuple(slots))

    def cast(self, values: Sequence[str]) -> bytes:
        """The same with other values, in the order of the marks, empty where those are."""
        return self.pattern % tuple([escaped(values[number]) for number, escaped in self.slots])


def marks() -> Iterator[str]:
    """Values that stand for others, all different, and like nothing else in a document."""
    return (f"newsfeed-mark-{number}-" for number in count())


def _escaper(before: bytes, after: bytes) -> Callable[[str], bytes]:
    """Whether a value is all the text of an element, or all of an attribute."""
    if before.endswith(b">") and after.startswith(b"<"):
        return _text
    if before.endswith(b'="') and after.startswith(b'"'):
        return _attribute
    raise ValueError("feedgen writes values in another way")


@lru_cache(_REMEMBERED)
def _text(value: str) -> bytes:
    data = _checked(value).replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
    return data.replace(b"\r", b"&#13;") if b"\r" in data else data


@lru_cache(_REMEMBERED)
def _attribute(value: str) -> bytes:
    text = _text(value).replace(b'"', b"&quot;")
    return text.replace(b"\n", b"&#10;").replace(b"\t", b"&#9;")


def _checked(value: str) -> bytes:
    """The value's UTF-8. lxml says what it refuses, and why; it takes long to load."""
    data = value.encode()
    if not is_clean(value, data):
        from lxml import etree

        etree.Element("e").text = value
    return data
