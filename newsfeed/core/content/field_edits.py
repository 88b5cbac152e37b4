"""Write a value into the head of a content file; every other byte stays."""

from __future__ import annotations

import json
import re

from newsfeed.core.content.head_edits import changes_only, read_head

_VALUE = rb"""(?P<value>"(?:[^"\\\r\n]|\\.)*" | '(?:[^'\r\n]|'')*' | (?:(?![ \t]\#)[^\r\n])*?)
    (?P<rest>[ \t]*(?:[ \t]\#[^\r\n]*)?(?:\r\n|\n|\r)?)"""
_GOES_ON = re.compile(rb"[ \t]+[^\s#]")
_PLAIN = re.compile(r"[A-Za-z0-9](?:[\w ,.;()/=-]*[\w.)])?")
"""What is text in YAML without quotation marks, whatever its kind."""
_NO_TEXT = re.compile(r"(?i)(?:true|false|yes|no|on|off|null|y|n|[\d.,_:e+-]+)")


def set_field(data: bytes, key: str, value: str) -> bytes | None:
    """Return a content file whose head has a text under a key, on one line; ``None`` when nothing can be
    written into its head, or it has none.
    """
    before = read_head(data)
    if before is None:
        return None
    lines = data.splitlines(keepends=True)
    closing = before.body_line - 2  # place of the line that ends the head
    is_toml = lines[0].removeprefix(b"\xef\xbb\xbf").startswith(b"+++")
    written = _write(value, is_toml=is_toml)
    field = before.fields.get(key)
    if field is None:
        indent = min((one.column - 1 for one in before.fields.values()), default=0)
        equals = " = " if is_toml else ": "
        lines.insert(closing, f"{' ' * indent}{key}{equals}{written}".encode() + _line_end(lines[0]))
    else:
        place, pattern = field.line - 1, rb"(?P<key>[ \t]*[\"']?%b[\"']?[ \t]*[:=][ \t]*)" % key.encode()
        entry = re.fullmatch(pattern + _VALUE, lines[place], re.VERBOSE)
        if entry is None:
            return None
        end = place + 1
        while end < closing and _GOES_ON.match(lines[end]) and not is_toml:
            end += 1  # a value that goes on below its key
        rest = entry["rest"] if end == place + 1 else _line_end(entry["rest"])
        lines[place:end] = [entry["key"].rstrip() + b" " + written.encode() + rest]
    after = b"".join(lines)
    return after if after == data or changes_only(before, after, key, value) else None


def _write(value: str, *, is_toml: bool) -> str:
    """Write a text as YAML or TOML: both know the quotation marks of JSON."""
    if not is_toml and _PLAIN.fullmatch(value) and not _NO_TEXT.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _line_end(line: bytes) -> bytes:
    return line[len(line.rstrip(b"\r\n")) :] or b"\n"
