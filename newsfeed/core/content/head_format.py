"""The canonical form of a front matter: keys in one order, one blank between key and value, one blank line
below. No value changes, and nothing of the text.

The new file is read as any other and has to say what the old one said; else it stays as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsfeed.core.content.facts import FACT_READERS
from newsfeed.core.content.head_edits import plain_fields, read_head

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.core.content.frontmatter import FrontMatter

_FILE = re.compile(
    r"(?P<mark>\ufeff?)(?P<fence>---|\+\+\+)[ \t]*(?P<eol>\r\n|\n|\r)"
    r"(?P<head>.*?)^(?P=fence)[ \t]*(?:(?:\r\n|\n|\r)(?P<body>.*))?\Z",
    re.DOTALL | re.MULTILINE,
)
_EOL = re.compile(r"\r\n|\n|\r")
_KEY_LINE = re.compile(r"(?P<key>[A-Za-z_][A-Za-z0-9_-]*)[ \t]*:[ \t]*(?P<value>.*)")
_BLANK_LINES = re.compile(r"(?:[ \t]*(?:\r\n|\n|\r))*")
_FIRST, _LAST = ("id",), ("title", "summary", "slug", "aliases", "image_alt", "guid", "translators", "video")
_ORDER = tuple(dict.fromkeys((*_FIRST, *(key for keys in FACT_READERS.values() for key in keys), *_LAST)))
"""What a text is and when, then what it is about, then its words; keys that have no place here follow."""
_PLACES = {key: place for place, key in enumerate(_ORDER)}


def place_of_key(key: str) -> int:
    """Return the place of a key in the canonical order; keys that have none share the last."""
    return _PLACES.get(key, len(_PLACES))


def format_head(data: bytes) -> bytes:
    """Return a content file in the canonical form; as it is when its head cannot be read."""
    before = read_head(data)
    found = _FILE.match(data.decode(errors="replace")) if before else None
    if before is None or found is None:
        return data
    eol, fence = found["eol"], found["fence"]
    lines = _EOL.split(found["head"])[:-1]
    ordered = _order_lines(lines, before) if fence == "---" else [line.rstrip() for line in lines]
    body = _BLANK_LINES.sub("", found["body"] or "", count=1)
    for head in (ordered, lines):
        text = found["mark"] + eol.join([fence, *head, fence, "", body])
        if _says_what(text.encode(), before):
            return text.encode()
    return data


def _says_what(data: bytes, before: FrontMatter) -> bool:
    after = read_head(data)
    if after is None or plain_fields(after) != plain_fields(before):
        return False
    return after.body.lstrip() == before.body.lstrip()


def _order_lines(lines: Sequence[str], head: FrontMatter) -> list[str]:
    """Return the lines of a YAML head with its keys in order, each with the remarks above it."""
    starts = sorted((field.line - 2, key) for key, field in head.fields.items())
    if not starts or len({line for line, _ in starts}) < len(starts):
        return list(lines)  # a mapping in braces, perhaps: left alone
    indent = min(field.column - 1 for field in head.fields.values())
    blocks: dict[str, list[str]] = {}
    begin = 0
    for number, (_, key) in enumerate(starts):
        end = starts[number + 1][0] if number + 1 < len(starts) else len(lines)
        while number + 1 < len(starts) and end - 1 > starts[number][0] and _is_aside(lines[end - 1], indent):
            end -= 1
        blocks[key] = [line[indent:].rstrip() for line in lines[begin:end] if line.strip()]
        begin = end
    return [_tidy(line) for key in sorted(blocks, key=place_of_key) for line in blocks[key]]


def _is_aside(line: str, indent: int) -> bool:
    """Return whether a line is blank or a remark: one above a key belongs to it."""
    bare = line.lstrip()
    return not bare or (bare.startswith("#") and len(line) - len(bare) <= indent)


def _tidy(line: str) -> str:
    found = _KEY_LINE.fullmatch(line)
    return f"{found['key']}: {found['value']}".rstrip() if found else line
