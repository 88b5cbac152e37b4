"""A file to translate in any editor: each paragraph quoted, with its translation below it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsfeed.core.content.exchange import ExchangeUnit, read_unit_id
from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEAD = re.compile(r"<!-- newsfeed translation into (?P<lang>[A-Za-z0-9-]+)\b[^\n]*-->\n")
_MARK = re.compile(r"^<!-- (?P<state>\?? ?)(?P<lang>[A-Za-z0-9-]+) (?P<name>[^\n]+) -->$", re.MULTILINE)
_LIKE_MARK = re.compile(r"^(\\*)(?=<!-- )", re.MULTILINE)
"""A line of a translation that could be taken for the beginning of the next one."""


def write(units: Sequence[ExchangeUnit], lang: str) -> bytes:
    """Return the file. A question mark stands before what was translated from an older source: who has looked
    at it takes the mark away.
    """
    hint = "write below the quoted lines, and leave those of this kind"
    head = f"<!-- newsfeed translation into {lang}: {hint} -->\n"
    return (head + "".join(map(_block, units))).encode()


def _block(unit: ExchangeUnit) -> str:
    quoted = "".join(f"> {line}\n" for line in unit.source.split("\n"))
    mark = "? " if unit.is_outdated else ""
    target = _LIKE_MARK.sub(r"\1\\", unit.target)
    return f"\n<!-- {mark}{unit.lang} {unit.id} -->\n{quoted}\n{target}\n"


def read(data: bytes) -> tuple[str, list[ExchangeUnit]]:
    """Read a file; what still has its question mark is left out."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise UsageError(N_("the file is not UTF-8")) from error
    head = _HEAD.match(text)
    if head is None:
        raise UsageError(N_("the first line does not say into which language this is"))
    marks = [found for found in _MARK.finditer(text, head.end()) if read_unit_id(found["name"])]
    ends = [*(mark.start() for mark in marks[1:]), len(text)][: len(marks)]
    units = []
    for mark, end in zip(marks, ends, strict=True):
        name = read_unit_id(mark["name"])
        source, target = _split(text[mark.end() + 1 : end])
        if name is not None and target and not mark["state"]:
            units.append(ExchangeUnit(*name, mark["lang"], source, target))
    return head["lang"], units


def _split(block: str) -> tuple[str, str]:
    """Return the quoted lines of a block, and what stands below them."""
    lines = block.split("\n")
    count = next((number for number, line in enumerate(lines) if not line.startswith(">")), len(lines))
    source = "\n".join(line[2:] for line in lines[:count])
    target = "\n".join(lines[count:]).strip("\n")
    return source, re.sub(r"^\\(\\*)(?=<!-- )", r"\1", target, flags=re.MULTILINE)
