"""Find file names that look like each other, or hold characters that nobody can type."""

from __future__ import annotations

import unicodedata
from itertools import zip_longest
from typing import TYPE_CHECKING

from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_QUOTES = dict.fromkeys(map(ord, "‘’‚‛′´`"), "'") | dict.fromkeys(map(ord, "“”„‟″«»"), '"')
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_BLANKS = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000"), " ")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u2060\ufeff"), None)
_PLAIN: Mapping[int, str | None] = _QUOTES | _DASHES | _BLANKS | _UNSEEN
"""Characters that word processors put in, or that cannot be seen → what a keyboard types."""


def compose(name: str) -> str:
    """Return a name with each letter in one piece (NFC): Macs write “ü” as “u” and two dots."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def make_plain(name: str) -> str:
    """Return a name as a keyboard would type it, without curly quotes, long dashes and what is not seen."""
    return name if name.isascii() else compose(name).translate(_PLAIN)


def find_untypable(name: str) -> str:
    """Return the first character of a name that nobody can type or see; empty when there is none."""
    return "" if name.isascii() else next((char for char in name if ord(char) in _PLAIN), "")


def find_look_alike(name: str, known: Iterable[str]) -> str:
    """Return the only known name that looks like another one; empty when there is none, or several."""
    plain = make_plain(name)
    alike = [one for one in known if one != name and not (one.isascii() and name.isascii())]
    found = {one for one in alike if make_plain(one) == plain}
    return found.pop() if len(found) == 1 else ""


def spell_difference(one: str, other: str) -> tuple[str, str]:
    """Return the characters in which two names first differ, each as “ü (U+0075 U+0308)”."""
    left, right = _clusters(one), _clusters(other)
    for first, second in zip_longest(left, right, fillvalue=""):
        if first != second:
            return _spell(first), _spell(second)
    return "", ""


def check_forms(where: Location, path: str, other: str) -> Problem | None:
    """Return a problem that spells out how two names differ, if nobody could see that they do."""
    if path == other or compose(path) != compose(other):
        return None
    one, two = spell_difference(path, other)
    return problem("name-forms", where, value=path, one=one, other=other, two=two)


def _clusters(text: str) -> list[str]:
    """Return each letter with the marks upon it."""
    found: list[str] = []
    for char in text:
        if found and unicodedata.combining(char):
            found[-1] += char
        else:
            found.append(char)
    return found


def _spell(text: str) -> str:
    points = " ".join(f"U+{ord(char):04X}" for char in text)
    return f"{text} ({points})" if text else "–"
