"""Guard the reading of reStructuredText: too much is refused, and every remark of its parser is kept."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from docutils import nodes
from docutils.readers import standalone
from docutils.transforms import Transform

_MOST = 500_000
_LONGEST_BLOCK = 50_000
"""Characters without an empty line between them: the end of every mark is looked for in all of them."""
_MOST_CORNERS = 4_000
"""Signs in one block that may be corners of a table; each is tried with each."""
_MOST_REMARKS = 1_000
_MOST_INSERTED = 200_000
LONGEST_LINE = 20_000
WARNING = 2
"""The level of docutils' remarks from which on something may be lost."""
_OF_FILES = re.compile(r'"([\w-]+)" directive disabled|URL access deactivated')
_TOO_LONG = "line-length-limit"
_HARMLESS = ("Title underline too short", "Title overline too short", "Duplicate explicit target name")


class TooMuchError(ValueError):
    """A text is so large, or so made, that reading it might never end."""


class ParserRemark(NamedTuple):
    """Something that a text lost, or may have lost, when it was read."""

    kind: str
    """``unclear``, ``unknown``, ``file``, ``format`` or ``formula``."""
    line: int
    """Zero when nobody knows."""
    name: str = ""


def refuse_too_much(text: str) -> None:
    """Raise `TooMuchError` for a text of a size, or a shape, that no person writes."""
    if len(text) > _MOST:
        raise TooMuchError
    for block in re.split(r"\n[ \t]*\n", text):
        if len(block) > _LONGEST_BLOCK or any(len(line) > LONGEST_LINE for line in block.split("\n")):
            raise TooMuchError
        if block.count("+") > _MOST_CORNERS:
            raise TooMuchError


class WatchedReader(standalone.Reader):  # type: ignore[type-arg]  # generic in its stubs only
    """Reads one text, and keeps what its parser remarks."""

    def __init__(self) -> None:
        super().__init__()
        self.remarks: list[ParserRemark] = []
        self._count = 0

    def new_document(self) -> nodes.document:
        """Return an empty document whose remarks come here."""
        document = super().new_document()
        document.reporter.attach_observer(self._observe)
        return document

    def get_transforms(self) -> list[type[Transform]]:
        """Return the usual ones, after a look at what they would make of the text."""
        return [*super().get_transforms(), _InsertionGuard]

    def _observe(self, message: nodes.system_message) -> None:
        self._count += message["level"] >= WARNING
        words = _words_of(message)
        if self._count > _MOST_REMARKS or _TOO_LONG in words:
            raise TooMuchError
        line = int(message.get("line") or 0)
        if kind := message.get("lost"):
            self.remarks.append(ParserRemark(kind, line, message.get("name", "")))
        elif message["level"] >= WARNING and not is_harmless(message):
            self.remarks.append(ParserRemark("file" if is_of_files(message) else "unclear", line))


def is_of_files(message: nodes.system_message) -> bool:
    """Tell whether a remark says that another file, or address, was not looked at."""
    return _OF_FILES.search(_words_of(message)) is not None


def is_harmless(message: nodes.system_message) -> bool:
    """Tell whether a remark is one about looks: all that it is about is in the text anyway."""
    return _words_of(message).startswith(_HARMLESS)


def _words_of(message: nodes.system_message) -> str:
    return nodes.Element.astext(message)


class _InsertionGuard(Transform):
    """Counts what substitutions would insert into a text: a few lines of them fill any memory."""

    default_priority = 215

    def apply(self, **kwargs: Any) -> None:
        """Raise `TooMuchError` when it is too much, or never ends."""
        self._sizes: dict[str, int] = {}
        self._open: set[str] = set()
        if self._inserted(self.document) > _MOST_INSERTED:
            raise TooMuchError

    def _inserted(self, node: nodes.Element) -> int:
        """Return how much replaces the references within a node; definitions themselves are not read."""
        total = 0
        for reference in node.findall(nodes.substitution_reference):
            is_within = isinstance(reference.parent, nodes.substitution_definition)
            if node is not self.document or not is_within:
                total += self._size(str(reference["refname"]))
        return total

    def _size(self, name: str) -> int:
        found = self.document.substitution_defs
        key = name if name in found else self.document.substitution_names.get(name.lower(), "")
        if not key:
            return 1
        if key in self._open:
            raise TooMuchError
        if key not in self._sizes:
            self._open.add(key)
            one = found[key]
            self._sizes[key] = len(one.astext()) + sum(1 for _ in one.findall()) + self._inserted(one)
            self._open.remove(key)
        return self._sizes[key]
