"""Markdown pages of the documentation, taken apart: sections, tables, code blocks, links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PAGES = (*sorted(REPOSITORY.glob("*.md")), *sorted((REPOSITORY / "docs").glob("*.md")))
"""Every page there is: those of the root folder and those of ``docs/``."""

_FENCE = re.compile(r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<code>.*?)^ *```$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Fence:
    """One code block: its info string, its code, and the line of text above it."""

    info: str
    code: str
    above: str


def read(name: str) -> str:
    """The text of a page, by its path in the repository."""
    return (REPOSITORY / name).read_text(encoding="utf-8")


def fences(text: str) -> list[Fence]:
    """Every code block, without the indent it has inside a list."""
    found = []
    for one in _FENCE.finditer(text):
        code = re.sub(f"^{one['indent']}", "", one["code"], flags=re.MULTILINE)
        above = [line for line in text[: one.start()].splitlines() if line.strip()]
        found.append(Fence(one["info"].strip(), code, above[-1].strip() if above else ""))
    return found


def prose(text: str) -> str:
    """The text without its code blocks."""
    return _FENCE.sub("", text)


def sections(text: str) -> dict[str, str]:
    """Heading of the second level → the text below it."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(text: str) -> list[tuple[str, ...]]:
    """The rows of all tables, without their heads."""
    found = []
    lines = text.splitlines()
    for above, line in zip(["", *lines], lines, strict=False):
        if line.startswith("|") and above.startswith("|") and not re.fullmatch(r"[|\s:-]+", line):
            cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
            found.append(tuple(cell.strip() for cell in cells))
    return found


def code_of(cell: str) -> list[str]:
    """What stands in code marks."""
    return _CODE.findall(cell)


def links(text: str) -> Iterator[str]:
    """The targets of all links outside code."""
    for found in _LINK.finditer(_CODE.sub("code", prose(text))):
        yield found[1]


def anchors(text: str) -> set[str]:
    """The anchors GitHub gives to the headings of a page."""
    return {_anchor(found[1]) for found in _HEADING.finditer(prose(text))}


def _anchor(heading: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.strip().replace(" ", "-")


def words(text: str) -> str:
    """A text on one line, without code marks: how sentences are compared."""
    return " ".join(text.replace("`", "").replace("\\|", "|").split())
