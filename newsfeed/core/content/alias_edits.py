"""Add aliases to the head of a content file; every other byte of it stays.

Where a line goes is guessed from the head's form. Then the new file is read as any other, and must have
the old fields and body and the new aliases: else another position is tried, or nothing is changed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from newsfeed.core.content.aliases import ALIASES_KEY
from newsfeed.core.content.head_edits import changes_only, plain_fields, read_head
from newsfeed.core.content.source_text import FORBIDDEN_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsfeed.core.content.frontmatter import FrontMatter

_EOL = r"(?:\r\n|\n|\r)"
_OPENING = re.compile(rf"(---|\+\+\+)[ \t]*({_EOL})")
_CLOSING = {
    fence: re.compile(rf"{_EOL}(?={re.escape(fence)}[ \t]*(?:[\r\n]|\Z))") for fence in ("---", "+++")
}
_LINE = re.compile(rf"[^\r\n]*{_EOL}")
_LINE_END = re.compile(r"(?=[\r\n])")
_ITEM = re.compile(r"[ \t]*-[ ]+")
_UNSEEN = re.compile(f"{FORBIDDEN_CHARACTERS.pattern}|[\x85\u2028\u2029]")
_TOML_KEY = re.compile(
    rf"""(?<![^\r\n])[ \t]*(?:{ALIASES_KEY}|"{ALIASES_KEY}"|'{ALIASES_KEY}')[ \t]*=[ \t]*"""
)
_TOML_TABLE = re.compile(r"[ \t]*\[")
_TOML_NOTHING = re.compile(r"[ \t]*(?:#.*)?[\r\n]*")
_TOML_PIECE = re.compile(r""""(?:\\.|[^"\\\r\n])*"|'[^'\r\n]*'|\#[^\r\n]*|\s+|.""", re.DOTALL)


def format_alias_line(data: bytes, aliases: Sequence[str]) -> str:
    """Write the line that names these aliases, in YAML or TOML as the file's head is."""
    if data.removeprefix(b"\xef\xbb\xbf").startswith(b"+++"):
        return f"{ALIASES_KEY} = [{', '.join(map(_quoted, aliases))}]"
    return f"{ALIASES_KEY}: [{', '.join(aliases)}]"


def add_aliases(data: bytes, new: Sequence[str]) -> bytes | None:
    """Return a content file with these aliases added; ``None`` when it cannot be told how."""
    before = read_head(data)
    if before is None:
        return None
    mark, text = ("\ufeff", data.decode()[1:]) if data.startswith(b"\xef\xbb\xbf") else ("", data.decode())
    opening = _OPENING.match(text)
    closing = _CLOSING[opening[1]].search(text, opening.start(2)) if opening else None
    if opening is None or closing is None:
        return None
    head = text[opening.end() : closing.end()]
    edits = _yaml_edits if opening[1] == "---" else _toml_edits
    for edited in edits(head, before, new, opening[2]):
        rewritten = (mark + text[: opening.end()] + edited + text[closing.end() :]).encode()
        if changes_only(before, rewritten, ALIASES_KEY, _with_new(before, new)):
            return rewritten
    return None


def _with_new(before: FrontMatter, new: Sequence[str]) -> list[object]:
    """Return the aliases that the file has, and the new ones."""
    own = plain_fields(before).get(ALIASES_KEY, [])
    return [*(own if isinstance(own, list) else [own]), *new]


# -- YAML ----------------------------------------------------------------------------------------


def _yaml_edits(head: str, before: FrontMatter, new: Sequence[str], eol: str) -> Iterator[str]:
    if ALIASES_KEY not in before.fields:
        columns = [field.column - 1 for field in before.fields.values()]
        line = f"{' ' * min(columns, default=0)}{ALIASES_KEY}: [{', '.join(new)}]{eol}"
        yield head + line
        yield line + head
        return
    node = _yaml_value(head)
    if isinstance(node, yaml.SequenceNode) and node.value:
        last = node.value[-1]
        end = last.end_mark.index
        if node.flow_style:
            yield _inserted(head, end, "".join(f", {alias}" for alias in new))
            return
        above = head[: last.start_mark.index]
        prefix = above[max(above.rfind("\n"), above.rfind("\r")) + 1 :]
        line_end = _LINE_END.search(head, end)
        if line_end and _ITEM.fullmatch(prefix):
            yield _inserted(head, line_end.start(), "".join(f"{eol}{prefix}{alias}" for alias in new))
    elif isinstance(node, yaml.SequenceNode) and node.flow_style:
        yield _inserted(head, node.start_mark.index + 1, ", ".join(new))
    elif isinstance(node, yaml.ScalarNode):
        start, end = node.start_mark.index, node.end_mark.index
        yield f"{head[:start]}[{', '.join([head[start:end], *new])}]{head[end:]}"


def _yaml_value(head: str) -> yaml.Node | None:
    """Return the node of the aliases in a YAML head; nodes are only located, no value is made from them."""
    try:
        root = yaml.compose(_UNSEEN.sub(" ", head), Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    return next((value for key, value in pairs if key.value == ALIASES_KEY), None)


# -- TOML ----------------------------------------------------------------------------------------


def _toml_edits(head: str, before: FrontMatter, new: Sequence[str], eol: str) -> Iterator[str]:
    quoted = [_quoted(alias) for alias in new]
    if ALIASES_KEY not in before.fields:
        line = f"{ALIASES_KEY} = [{', '.join(quoted)}]{eol}"
        for position in (_end_of_keys(head), len(head), 0):
            yield _inserted(head, position, line)
        return
    for key in _TOML_KEY.finditer(head):
        first = _TOML_PIECE.match(head, key.end())
        if first is not None and first[0] == "[":
            end = _end_of_items(head, first.end())
            joint = ", " if end > first.end() else ""
            yield _inserted(head, end, joint + ", ".join(quoted))
        elif first is not None:
            yield f"{head[: key.end()]}[{', '.join([first[0], *quoted])}]{head[first.end() :]}"


def _end_of_keys(head: str) -> int:
    """Return the position where the first table, or the comments above it, begin; else the end."""
    end = position = 0
    for line in _LINE.finditer(head):
        if _TOML_TABLE.match(line[0]):
            return end
        position = line.end()
        if not _TOML_NOTHING.fullmatch(line[0]):
            end = position
    return position


def _end_of_items(head: str, start: int) -> int:
    """Return the position behind the last item of an array that begins at ``start``."""
    end = start
    for piece in _TOML_PIECE.finditer(head, start):
        if piece[0] == "]":
            break
        if piece[0] != "," and not piece[0].startswith("#") and piece[0].strip():
            end = piece.end()
    return end


def _quoted(alias: str) -> str:
    return f'"{alias}"'


def _inserted(text: str, position: int, more: str) -> str:
    return text[:position] + more + text[position:]
