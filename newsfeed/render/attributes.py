"""Attributes that passed the allow-list: whether their values are such as HTML knows."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_COUNT = re.compile(r"\s*\+?([0-9]{1,5})(?:px)?\s*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_MOMENT = re.compile(
    r"[1-9]\d{3}(?:-(?:0[1-9]|1[0-2]))?"
    r"|(\d{4}-\d\d-\d\d)?(?:(?(1)[T ])(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?"
    r"(?(1)(?:Z|[+-](?:0\d|1[0-3]):?[0-5]\d)?))?"
    r"|P\d+D|PT(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?"
)


def mend_attributes(element: str, attributes: str, ids: set[str]) -> str:
    """Return the attributes of an element without values that HTML does not know.

    ``attributes``: as the sanitiser wrote them; ``ids``: those that the text has so far, which get this one.
    """
    if not attributes:
        return ""
    return "".join(
        f' {name}="{value}"'
        for name, given in _ATTRIBUTE.findall(attributes)
        if (value := _mended(element, name, given, ids)) is not None
    )


def _mended(element: str, name: str, value: str, ids: set[str]) -> str | None:
    if name == "id":
        bare = "".join(unescape(value).split())
        if not bare or value in ids or bare != unescape(value):
            return None
        ids.add(value)
        return value
    check = _CHECKS.get(name)
    return check(value) if check else value


def _count(low: int, high: int) -> Callable[[str], str | None]:
    def check(value: str) -> str | None:
        found = _COUNT.fullmatch(value)
        return str(int(found[1])) if found and low <= int(found[1]) <= high else None

    return check


def _one_of(*words: str) -> Callable[[str], str | None]:
    def check(value: str) -> str | None:
        word = value.strip().lower()
        return word if word in words else None

    return check


def _moment(value: str) -> str | None:
    found = _MOMENT.fullmatch(value.strip())
    if not found or not found[0]:
        return None
    try:
        date.fromisoformat(found[1] or "2000-01-01")
    except ValueError:
        return None
    return found[0]


def _whole(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    def check(value: str) -> str | None:
        return value.strip() if pattern.fullmatch(value.strip()) else None

    return check


_CHECKS: dict[str, Callable[[str], str | None]] = {
    "align": _one_of("left", "right", "center"),
    "colspan": _count(1, 1000),
    "datetime": _moment,
    "dir": _one_of("ltr", "rtl", "auto"),
    "height": _count(0, 99999),
    "lang": _whole(_LANGUAGE),
    "rowspan": _count(1, 65534),
    "scope": _one_of("row", "col", "rowgroup", "colgroup"),
    "span": _count(1, 1000),
    "start": _count(0, 99999),
    "width": _count(0, 99999),
}
