"""Complaints of the TOML parser → place, plain reason, and the line as it was meant.

The parser speaks English and points behind what it read; people are told in their language, at the value.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.core.content.toml_positions import read_toml
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

_AT = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_PAIR = re.compile(r"(?P<key>\s*[\w.\"'-]+\s*)(?P<sign>[=:]\s*)(?P<value>.*?)\s*")
_CURLY = re.compile(r"[“”„«»‘’‚]\s?(?P<inside>.*?)\s?[“”„«»‘’‚]")
_MOST_CHARACTERS = 10_000
"""Of a text that is mended: longer ones are no work of a person, and each try reads all of it."""
_OPEN = N_("a text, a list or a table that begins here is never closed")
_VALUE = N_("this is no value; texts stand between quotation marks")
_TWICE = N_("the same key or table stands here twice")
_ESCAPE = N_(
    "a backslash between double quotation marks begins a special sign; between single ones it does not"
)
_FORM = N_("this line is neither a [table] nor of the form key = value")
_REASONS = (
    (r"Illegal character '\\n'|Unterminated|Unclosed|Expected '\"|Expected \"'|Expected '\]", _OPEN),
    (r"Invalid value", _VALUE),
    (r"Cannot|Duplicate", _TWICE),
    (r"Unescaped|Invalid hex|Escaped character", _ESCAPE),
    (r"Invalid date", N_("there is no such date or time")),
    (r"Illegal character|Found invalid character", N_("there is a character that cannot be seen")),
    (r"nested too deeply", N_("the value is nested too deeply")),
    (r"a number has", N_("a number has too many digits")),
)
"""Words of the parser → what they mean to people; all else is about the form of a line."""


class TomlError(NamedTuple):
    """The mistake that keeps a TOML text from being read; line and column count from 1."""

    line: int
    column: int
    reason: str
    suggestion: str
    """The line as it was probably meant; empty when nobody can tell."""


def explain_toml_error(error: tomllib.TOMLDecodeError, text: str) -> TomlError:
    """Return place, reason and remedy of a parser's complaint about a text."""
    message = str(error)
    reason = next((meant for words, meant in _REASONS if re.match(words, message)), _FORM)
    line, column = _place(message, text)
    written = text.split("\n")[line - 1]
    pair = _PAIR.fullmatch(written)
    if pair and pair["value"] and reason in (_OPEN, _VALUE, _TWICE):
        column = 1 + (len(written) - len(written.lstrip()) if reason == _TWICE else pair.start("value"))
    return TomlError(line, column, reason, _meant(text, line))


def _place(message: str, text: str) -> tuple[int, int]:
    match = _AT.search(message)
    if not match:
        return 1, 1
    if match[1]:
        return int(match[1]), int(match[2])
    written = text.rstrip()
    return written.count("\n") + 1, len(written) - written.rfind("\n")


def _meant(text: str, line: int) -> str:
    """Return the first way to write a line with which the parser gets further."""
    lines = text.split("\n")
    if len(text) > _MOST_CHARACTERS:
        return ""
    for candidate in _candidates(lines[line - 1]):
        try:
            read_toml("\n".join((*lines[: line - 1], candidate, *lines[line:])))
        except tomllib.TOMLDecodeError as error:
            if _place(str(error), text)[0] <= line:
                continue
        return candidate.strip()
    return ""


def _candidates(line: str) -> Iterator[str]:
    pair = _PAIR.fullmatch(line)
    if pair is None or not pair["value"]:
        return
    key, value = pair["key"].rstrip(), pair["value"]
    if pair["sign"].strip() == ":":
        yield f"{key} = {value}"
    if value[0] in "\"'":
        yield f"{key} = {value}{value[0]}"
    if value[0] == "[":
        yield f"{key} = {value}]"
        words = [word.strip() for word in value.strip("[]").split(",") if word.strip()]
        yield f"{key} = [{', '.join(_quote(word) for word in words)}]"
    yield f"{key} = {_quote(value)}"


def _quote(value: str) -> str:
    curly = _CURLY.fullmatch(value)
    bare = curly["inside"] if curly else value.strip(value[0]) if value[0] in "\"'" else value
    return f"'{bare}'" if '"' in bare or "\\" in bare else f'"{bare}"'
