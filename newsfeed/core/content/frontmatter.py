"""Front matter: the ``key: value`` head of a content file, with the place of every value.

YAML between ``---`` lines or TOML between ``+++`` lines. Nothing is typed here: every scalar is
the text its author wrote, so ``no`` is Norway and ``2010-02-04`` stays what it is. YAML is read
from parser events, which neither resolve tags nor expand aliases; both are refused, because they
can hide values of any size.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import yaml

from newsfeed.core.content.source_text import FORBIDDEN_CHARACTERS
from newsfeed.core.content.toml_errors import explain_toml_error
from newsfeed.core.content.toml_positions import find_toml_positions, read_toml
from newsfeed.core.content.yaml_repair import LOADER, find_lost_words, repair_yaml
from newsfeed.marking import N_
from newsfeed.problems import Location, Problem, problem, propose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsfeed.core.content.source_text import SourceText
    from newsfeed.core.content.yaml_repair import Slip

_UNSEEN = re.compile(f"{FORBIDDEN_CHARACTERS.pattern}|[\x85\u2028\u2029]")
"""What is reported already, and what ends a line for YAML but for no editor."""
_HEAD_LINE = 2
"""The parser counts lines from 0, and the fence is the file's first line."""
_FENCES = {fence: re.compile(rf"\n{re.escape(fence)}[ \t]*$", re.MULTILINE) for fence in ("---", "+++")}
"""What opens a head → what closes it, from the end of the line before."""
_REST_OF_FENCE = re.compile(r"[ \t]*(\n|\Z)")
_DASHES = r"(?P<line>(?:[-–—]{2,}|[+]{2,}|\.{3}|…|```(?:yaml|yml|toml)?)[ \t]*)$"
_FIRST_LINE = re.compile(rf"\A\s*^{_DASHES}", re.MULTILINE)
_LIKE_FENCE = re.compile(rf"^{_DASHES}", re.MULTILINE)
"""Lines that were probably meant to open or close a head."""
_FIRST = r"[^\s\-?:,\[\]{}#&*!|>'\"%@`\ufeff]"
_WORD = rf"{_FIRST}[^:#?,\[\]{{}}\t\r\ufeff]*"
_PLAIN_LINE = re.compile(
    r"([A-Za-z_][A-Za-z0-9_-]{0,99}): +"
    rf"(?:(?P<plain>{_FIRST}[^:#\t\r\ufeff]*(?:(?::(?=\S)|(?<! )\#)[^:#\t\r\ufeff]*)*)"
    r"|\"(?P<double>[^\"\\\t\r\ufeff]*)\" *|'(?P<single>[^'\t\r\ufeff]*)' *"
    rf"|\[(?P<words> *{_WORD}(?:, *{_WORD})*)\] *)"
)
"""A line that is read in one way only: a key with one text, or with a list of words. All other YAML,
and whatever might be other YAML, does not match.
"""
_AFTER_KEY = re.compile(r"[^=]*=[ \t]*(?=\S)")
_MAX_DEPTH = 3
"""Document → list → group: no key needs more."""


class Scalar(NamedTuple):  # of every file there are many: a tuple is made three times as fast
    """One value as written, and where it stands."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """``key: value`` pairs inside a list, such as one enclosure."""

    entries: Mapping[str, Scalar]
    line: int
    column: int


FieldValue = Scalar | FieldGroup | list["Scalar | FieldGroup"]


class Field(NamedTuple):
    """A key and its value; line and column are the key's."""

    key: str
    value: FieldValue
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of a file by key, and where its text starts."""

    fields: Mapping[str, Field] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1
    """Line of the file on which the body starts."""


def parse_front_matter(source: SourceText) -> tuple[FrontMatter | None, list[Problem]]:
    """Split a file into fields and body; ``None`` when its head cannot be read at all."""
    fence = source.text[:3]
    if fence not in _FENCES or not _REST_OF_FENCE.match(source.text, 3):
        return None, [_find_odd_fence(source, "front-matter-missing", _FIRST_LINE, "---")]
    end = _end_of_head(source)
    if end is None:
        return None, [_find_odd_fence(source, "front-matter-open", _LIKE_FENCE, fence, fence=fence)]
    head = _UNSEEN.sub(" ", source.text[source.text.index("\n") + 1 : end.start() + 1])
    reader = _read_yaml if fence == "---" else _read_toml
    fields, problems = reader(source, head)
    if fields is None:
        return None, problems
    body_line = source.text.count("\n", 0, end.end()) + 2
    return FrontMatter(fields, _below(source, end), body_line), problems


def _find_odd_fence(
    source: SourceText, code: str, pattern: re.Pattern[str], meant: str, **params: str
) -> Problem:
    """Return a problem at the line that was probably meant as a fence, else at the first line."""
    found = pattern.search(source.text, 1 if params else 0)
    if found is None:
        return problem(code, source.at(1), **params)
    line = found["line"].rstrip()
    return propose(
        problem(code, source.at_offset(found.start("line")), **params), meant if line != meant else ""
    )


def read_body(source: SourceText) -> str:
    """Return the body of a file whose head has been read before."""
    end = _end_of_head(source)
    assert end is not None
    return _below(source, end)


def _end_of_head(source: SourceText) -> re.Match[str] | None:
    return _FENCES[source.text[:3]].search(source.text, 3)


def _below(source: SourceText, end: re.Match[str]) -> str:
    return source.text[min(end.end() + 1, len(source.text)) :]


def _read_yaml(source: SourceText, head: str) -> tuple[dict[str, Field] | None, list[Problem]]:
    plain = _read_plain(head)
    return _read_events(source, head) if plain is None else (plain, [])


def _read_plain(head: str) -> dict[str, Field] | None:
    """Read a head of plain lines only, as `_read_events` would; ``None`` when it has anything else."""
    fields: dict[str, Field] = {}
    for line, written in enumerate(head.removesuffix("\n").split("\n"), _HEAD_LINE):
        match = _PLAIN_LINE.fullmatch(written)
        if match is None or match[1] in fields:
            return None
        fields[match[1]] = Field(match[1], _plain_value(match, line), line, 1)
    return fields


def _plain_value(match: re.Match[str], line: int) -> FieldValue:
    kind = match.lastgroup or ""
    text, start = match[kind], match.start(kind)
    if kind == "plain":
        return Scalar(text.rstrip(" "), line, start + 1)
    if kind != "words":
        return Scalar(text, line, start)  # the quotation mark is part of what stands there
    words: list[Scalar | FieldGroup] = []
    for word in text.split(","):
        bare = word.lstrip(" ")
        words.append(Scalar(bare.rstrip(" "), line, start + len(word) - len(bare) + 1))
        start += len(word) + 1
    return words


def _read_events(source: SourceText, head: str) -> tuple[dict[str, Field] | None, list[Problem]]:
    try:
        fields, problems = _read_document(source, head)
    except yaml.YAMLError:
        repaired = repair_yaml(head)
        slips = [_slip_problem(source, slip) for slip in repaired.slips]
        if repaired.head is None:
            return None, slips
        head = repaired.head
        fields, problems = _read_document(source, head)
        problems = [*slips, *problems]
    if fields is not None and " #" in head:
        problems += _read_lost_words(source, head, fields)
    return fields, problems


def _read_document(source: SourceText, head: str) -> tuple[dict[str, Field] | None, list[Problem]]:
    try:
        reader = _YamlReader(source, yaml.parse(head, Loader=LOADER))
        return reader.document(), reader.problems
    except _Refused as refused:
        return None, [refused.problem]


def _read_lost_words(source: SourceText, head: str, fields: dict[str, Field]) -> Iterator[Problem]:
    """Tell which words YAML takes for a comment; a value that would be empty is read as it was meant."""
    for key, slip in find_lost_words(head):
        field = fields.get(key)
        if not key or (field is not None and isinstance(field.value, Scalar) and not field.value.text):
            yield _slip_problem(source, slip)
        if field is not None and isinstance(field.value, Scalar):
            text = source.text.split("\n")[slip.line][slip.column - 1 :]
            fields[key] = field._replace(value=Scalar(text.rstrip(), field.line, slip.column))


def _slip_problem(source: SourceText, slip: Slip) -> Problem:
    found = problem(slip.code, source.at(slip.line + _HEAD_LINE - 1, slip.column), **slip.params)
    return replace(found, suggestion=slip.suggestion)


class _Refused(Exception):  # noqa: N818 - control flow inside this module, never seen outside
    def __init__(self, refusal: Problem) -> None:
        super().__init__(refusal.code)
        self.problem = refusal


class _YamlReader:
    """Builds fields from parser events, refusing what can explode or execute."""

    def __init__(self, source: SourceText, events: Iterator[yaml.Event]) -> None:
        self._source = source
        self._events = events
        self.problems: list[Problem] = []

    def document(self) -> dict[str, Field]:
        fields: dict[str, Field] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingStartEvent):
                self._refuse_features(event)
                self._mapping(fields)
            elif isinstance(event, (yaml.NodeEvent, yaml.SequenceStartEvent)):
                raise _Refused(problem("yaml-no-colon", self._where(event)))
        return fields

    def _mapping(self, fields: dict[str, Field]) -> None:
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._scalar(event)
            value = self._value(next(self._events), depth=1)
            if key.text in fields:
                where = self._source.at(key.line, key.column)
                self.problems.append(problem("key-duplicate", where, value=key.text))
            else:
                fields[key.text] = Field(key.text, value, key.line, key.column)

    def _value(self, event: yaml.Event, depth: int) -> FieldValue:
        self._refuse_features(event)
        if depth >= _MAX_DEPTH and not isinstance(event, yaml.ScalarEvent):
            raise _Refused(problem("yaml-depth", self._where(event)))
        if isinstance(event, yaml.SequenceStartEvent):
            values: list[Scalar | FieldGroup] = []
            while not isinstance(inner := next(self._events), yaml.SequenceEndEvent):
                value = self._value(inner, depth + 1)
                if isinstance(value, list):
                    raise _Refused(problem("yaml-depth", self._where(inner)))
                values.append(value)
            return values
        if isinstance(event, yaml.MappingStartEvent):
            return self._group(event)
        return self._scalar(event)

    def _group(self, start: yaml.Event) -> FieldGroup:
        entries: dict[str, Scalar] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._scalar(event)
            value = self._scalar(next(self._events))
            if key.text in entries:
                where = self._source.at(key.line, key.column)
                self.problems.append(problem("key-duplicate", where, value=key.text))
            else:
                entries[key.text] = value
        where = self._where(start)
        return FieldGroup(entries, where.line, where.column)

    def _scalar(self, event: yaml.Event) -> Scalar:
        self._refuse_features(event)
        if not isinstance(event, yaml.ScalarEvent):
            raise _Refused(problem("yaml-depth", self._where(event)))
        line, column = _place(event)
        return Scalar(event.value, line, column)

    def _refuse_features(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(problem("yaml-feature", self._where(event), feature=N_("anchors and aliases")))
        if getattr(event, "tag", None):
            raise _Refused(problem("yaml-feature", self._where(event), feature=N_("tags")))

    def _where(self, event: yaml.Event) -> Location:
        return self._source.at(*_place(event))


def _place(event: yaml.Event) -> tuple[int, int]:
    """Return line and column of an event in the file, from 1; the parser marks every event."""
    mark = event.start_mark
    assert mark is not None
    return mark.line + _HEAD_LINE, mark.column + 1


def _read_toml(source: SourceText, head: str) -> tuple[dict[str, Field] | None, list[Problem]]:
    try:
        table = read_toml(head)
    except tomllib.TOMLDecodeError as error:
        found = explain_toml_error(error, head)
        told = problem("toml-syntax", source.at(found.line + 1, found.column), reason=found.reason)
        return None, [replace(told, suggestion=found.suggestion)]
    positions, lines = find_toml_positions(head), head.split("\n")
    fields: dict[str, Field] = {}
    for key, value in table.items():
        line, column = positions.get((key,), (1, 1))
        at = _toml_column(lines[line - 1], column)
        field_value = _toml_value(value, line + 1, at, lines[line - 1])
        if field_value is None:
            return None, [problem("yaml-depth", source.at(line + 1, column))]
        fields[key] = Field(key, field_value, line + 1, column)
    return fields, []


def _toml_column(written: str, column: int) -> int:
    """Return the column of a value behind its key; the key's own when the value stands below it."""
    found = _AFTER_KEY.match(written, column - 1)
    return found.end() + 1 if found else column


def _toml_value(value: object, line: int, column: int, written: str) -> FieldValue | None:
    if isinstance(value, list):
        values = []
        for inner in value:
            column = max(written.find(_toml_text(inner), column - 1) + 1, column)
            values.append(_toml_value(inner, line, column, written))
        flat = [inner for inner in values if isinstance(inner, (Scalar, FieldGroup))]
        return flat if len(flat) == len(values) else None
    if isinstance(value, dict):
        if any(isinstance(inner, (dict, list)) for inner in value.values()):
            return None
        entries = {key: Scalar(_toml_text(v), line, column) for key, v in value.items()}
        return FieldGroup(entries, line, column)
    return Scalar(_toml_text(value), line, column)


def _toml_text(value: object) -> str:
    """Write a TOML scalar as our schema reads it: booleans in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value)
