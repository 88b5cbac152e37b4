"""Write into a translation which state of the original it was made from; every other byte stays."""

from __future__ import annotations

import re

from newsfeed.core.content.head_edits import changes_only, read_head

SOURCE_KEY = "source"
_ENTRY = re.compile(
    rb"""(?P<key>[ \t]*["']?source["']?[ \t]*[:=][ \t]*)
    (?P<value>"(?:[^"\\\r\n]|\\.)*" | '(?:[^'\r\n]|'')*' | (?:(?![ \t]\#)[^\r\n])*?)
    (?P<rest>[ \t]*(?:[ \t]\#[^\r\n]*)?(?:\r\n|\n|\r)?)""",
    re.VERBOSE,
)
_GOES_ON = re.compile(rb"[ \t]+[^\s#]")


def set_source(data: bytes, value: str) -> bytes | None:
    """Return a content file whose ``source`` has this value; ``None`` when nothing can be written into its
    head, or it has none.

    value: as `newsfeed.core.content.paragraphs.fingerprint_text` makes it.
    """
    before = read_head(data)
    if before is None:
        return None
    lines = data.splitlines(keepends=True)
    closing = before.body_line - 2  # place of the line that ends the head
    is_toml = lines[0].removeprefix(b"\xef\xbb\xbf").startswith(b"+++")
    written = f'"{value}"' if is_toml else value
    field = before.fields.get(SOURCE_KEY)
    if field is None:
        indent = min((one.column - 1 for one in before.fields.values()), default=0)
        equals = " = " if is_toml else ": "
        line = f"{' ' * indent}{SOURCE_KEY}{equals}{written}".encode()
        lines.insert(closing, line + _line_end(lines[0]))
    else:
        place = field.line - 1
        entry = _ENTRY.fullmatch(lines[place])
        if entry is None:
            return None
        end = place + 1
        while end < closing and _GOES_ON.match(lines[end]) and not is_toml:
            end += 1  # a value that goes on below its key
        lines[place:end] = [
            entry["key"].rstrip() + b" " + written.encode() + _rest(entry, several=end > place + 1)
        ]
    after = b"".join(lines)
    return after if after == data or changes_only(before, after, SOURCE_KEY, value) else None


def _rest(entry: re.Match[bytes], *, several: bool) -> bytes:
    return _line_end(entry["rest"]) if several else entry["rest"]


def _line_end(line: bytes) -> bytes:
    return line[len(line.rstrip(b"\r\n")) :] or b"\n"
