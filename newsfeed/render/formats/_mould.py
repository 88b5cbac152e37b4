"""Moulds: a piece of XML that was written once with marks in place of values, and is filled in again and
again. Values are escaped, and refused, as lxml does it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_REMEMBERED = 512
"""Escaped values that are kept: the texts of a few documents, and what is the same in all of a feed."""
_ELEMENT = etree.Element("e")
_ATTRIBUTE = etree.Element("e")


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
    _ELEMENT.text = value
    return etree.tostring(_ELEMENT, encoding="UTF-8").removeprefix(b"<e>").removesuffix(b"</e>")


@lru_cache(_REMEMBERED)
def _attribute(value: str) -> bytes:
    _ATTRIBUTE.set("a", value)
    return etree.tostring(_ATTRIBUTE, encoding="UTF-8").removeprefix(b'<e a="').removesuffix(b'"/>')
