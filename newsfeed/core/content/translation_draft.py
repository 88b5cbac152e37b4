"""Begin a translation: a file in another language, the original beside it as remarks that nobody sees; and
find the paragraphs that still wait in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsfeed.core.content.frontmatter import Scalar
from newsfeed.core.content.paragraphs import TRANSLATED_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsfeed.core.content.frontmatter import FrontMatter
    from newsfeed.core.content.paragraphs import Paragraph

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_LIST_ITEM = re.compile(r"(?:[-+*]|\d{1,9}[.)])[ \t]")
_REMARK = re.compile(r"^<!-- (?P<lang>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*):\s.*?-->", re.MULTILINE | re.DOTALL)


def draft_translation(lang: str, source: str, head: FrontMatter) -> str:
    """Return a file to be filled in. Values of the head are empty, which is an error until they are written;
    below each paragraph of the original is a blank line for its translation.

    lang: of the original; ``source``: its paragraphs' fingerprints; ``head``: its front matter and body.
    """
    return "\n".join(["---", *_head(lang, head), f"source: {source}", "---", "", *_body(lang, head.body)])


def _head(lang: str, head: FrontMatter) -> Iterator[str]:
    for key in TRANSLATED_FIELDS:
        field = head.fields.get(key)
        if field is not None and isinstance(field.value, Scalar):
            yield f"# {lang}: {' '.join(field.value.text.split())}"
            yield f"{key}:"


def _body(lang: str, body: str) -> Iterator[str]:
    for block in split_blocks(body):
        if _FENCE.match(block):  # code stays as it is
            yield from (block, "")
        else:
            yield from (_remark(lang, block), "", "")


def quote_original(lang: str, paragraph: Paragraph) -> str:
    """Return a paragraph of the original as a remark that waits for its translation; code stays as it is."""
    return paragraph.text if paragraph.is_code else _remark(lang, paragraph.text)


def _remark(lang: str, text: str) -> str:
    safe = text.replace("-->", "--&gt;")  # nothing may end the remark before its end
    return f"<!-- {lang}:\n{safe}\n-->" if "\n" in safe else f"<!-- {lang}: {safe} -->"


def find_untranslated(body: str, lang: str) -> list[int]:
    """Return the lines of a body, from 0, on which a paragraph of the original waits with nothing below it.

    lang: of the file; remarks in its own language are its author's.
    """
    waiting = []
    for remark in _REMARK.finditer(body):
        below = body[remark.end() :].lstrip()
        if remark["lang"] != lang and (not below or _REMARK.match(below)):
            waiting.append(body.count("\n", 0, remark.start()))
    return waiting


def split_blocks(body: str) -> list[str]:
    """Return the blocks of a Markdown text, each without blank lines around it. Lists, code and what is
    indented below them stay whole.
    """
    blocks: list[list[str]] = []
    fence, after_blank = "", True
    for line in body.split("\n"):
        opening = _FENCE.match(line)
        if fence:
            blocks[-1].append(line)
            fence = "" if opening and opening[1].startswith(fence) and not line.strip(" `~") else fence
        elif not line.strip():
            after_blank = True
        elif after_blank and not (blocks and _goes_on(blocks[-1], line)):
            blocks.append([line])
            fence, after_blank = opening[1] if opening else "", False
        else:
            if after_blank:
                blocks[-1].append("")
            blocks[-1].append(line)
            fence, after_blank = opening[1] if opening else "", False
    return ["\n".join(lines).rstrip() for lines in blocks]


def _goes_on(block: list[str], line: str) -> bool:
    """Return whether a line below a blank one belongs to the list above it."""
    return bool(_LIST_ITEM.match(block[0])) and bool(line[0] in " \t" or _LIST_ITEM.match(line))
