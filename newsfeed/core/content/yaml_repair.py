"""Slips in YAML front matter: each is named by its kind, with the line as it was meant.

The parser says only where it gave up, in its own English words. So the lines near that place are written anew
in the ways in which editors mean them, one after the other; the first with which the parser gets further is
what was meant. The rest is then read as if it stood there, so that all mistakes of a file are told at once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import yaml

from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LOADER = getattr(yaml, "CLoader", yaml.Loader)
_MOST_SLIPS = 10
_LINES_BACK = 5
"""Above the place where the parser gave up: what is never closed was begun some lines before."""
_MOST_CHARACTERS = 10_000
"""Of a head that is mended: longer ones are no work of an editor, and each try reads all of it."""

_LONGEST_LINE = 2_000
_PAIR = re.compile(
    r"(?P<before>[ ]*(?:-[ ]+)?)(?P<key>[A-Za-z_][\w-]*)(?P<colon>:[ \t]+)(?P<value>\S.*?)[ \t]*"
)
_ENTRY = re.compile(r"(?P<before>[ ]*-[ ]+)(?P<value>\S.*?)[ \t]*")
_TABS = re.compile(r"(?P<indent>[ ]*\t[ \t]*)(?P<rest>\S.*)")
_ODD_COLON = re.compile(r"(?P<key>[A-Za-z_][\w-]*)(?:\s*[=：]\s*|:\u00a0\s*|:(?=[^\s/]))(?P<value>\S.*)")
_DASH = re.compile(r"(?P<before>[ ]*)(?:[-*•–—](?![-\s])|[*•–—](?=\s))\s*(?P<rest>\S.*)")
_INDENTED = re.compile(r"[ ]+(?P<rest>[A-Za-z_][\w-]*:(?:[ ].*)?)")
_CURLY = re.compile(r"[“”„«»‘’‚][ \u00a0\u202f]?(?P<inside>.*?)[ \u00a0\u202f]?[“”„«»‘’‚]")
_STRAIGHT = re.compile(r"(?P<quote>[\"'])(?P<inside>.*)(?P=quote)")
_SPECIAL = frozenset("@`%*&!|>[]{}?,-#")
_BRACKETS = {"[": "]", "{": "}"}
_COMMENT = re.compile(
    r"(?P<head>(?:[A-Za-z_][\w-]*:|[ ]*-)[ ]+)(?P<value>[^\s\-?:,\[\]{}#&*!|>'\"%@`][^#]*?(?:(?<! )#[^#]*?)*)"
    r"[ ]+(?P<rest>#[^\s#].*)"
)
_ONLY_COMMENT = re.compile(r"(?P<key>[A-Za-z_][\w-]*):[ ]+(?P<rest>#[^\s#].*?)[ ]*")
_NO_TEXT = re.compile(r"\d{4}-\d\d.*|true|false|yes|no|on|off", re.IGNORECASE)
_NO_TEXT_KEYS = ("id:", "slug:", "source:", "image:", "programme:")
"""Values that lose nothing by a comment."""


class Slip(NamedTuple):
    """One mistake in a head; line and column count from 1, within the head."""

    code: str
    line: int
    column: int
    params: dict[str, str]
    suggestion: str = ""


class Repaired(NamedTuple):
    """A head as it was meant, and what was wrong with it."""

    head: str | None
    """``None``: nobody can tell what was meant."""
    slips: list[Slip]


class _Change(NamedTuple):
    """One way in which a line may have been meant."""

    line: str
    slip: Slip


def repair_yaml(head: str) -> Repaired:
    """Mend a head that cannot be parsed, line by line."""
    slips: list[Slip] = []
    lines = head.split("\n")
    while (place := _find_error(lines)) is not None:
        found = None
        if len(head) <= _MOST_CHARACTERS and len(slips) < _MOST_SLIPS:
            found = _find_change(lines, place)
        if found is None:
            if not slips:
                slips.append(Slip("yaml-syntax", place[0] + 1, place[1] + 1, {}))
            return Repaired(None, slips)
        number, change = found
        lines = [*lines[:number], change.line, *lines[number + 1 :]]
        slips.append(change.slip)
    return Repaired("\n".join(lines), slips)


def find_lost_words(head: str) -> Iterator[tuple[str, Slip]]:
    """Yield texts that YAML cuts off at `` #``, though their author meant a number or a name.

    Each comes with its key where nothing is left of its value, else with an empty one.
    """
    for number, line in enumerate(head.split("\n"), 1):
        if " #" not in line:
            continue
        if found := _ONLY_COMMENT.fullmatch(line):
            yield found["key"], _quotes(number, found.start("rest"), line, found["rest"], _BEGINS)
        elif (found := _COMMENT.fullmatch(line)) and not (
            _NO_TEXT.fullmatch(found["value"]) or line.startswith(_NO_TEXT_KEYS)
        ):
            meant = found["head"] + quote(line[found.start("value") :].rstrip())
            params = {"value": found["rest"].rstrip(), "line": meant.strip()}
            yield "", Slip("yaml-comment", number, found.start("rest") + 1, params)


def quote(value: str) -> str:
    """Write a text between the quotation marks that need the fewest changes."""
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    return "'" + value.replace("'", "''") + "'"


def _find_error(lines: Sequence[str]) -> tuple[int, int] | None:
    """Return line and column, from 0, at which the parser gives up; what was begun and never ended counts."""
    text = "\n".join(lines)
    try:
        for _ in yaml.parse(text, Loader=LOADER):
            pass
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        if mark and mark.index >= len(text):
            mark = getattr(error, "context_mark", None) or mark
        return (min(mark.line, len(lines) - 1), mark.column) if mark else (0, 0)
    return None


def _find_change(lines: Sequence[str], place: tuple[int, int]) -> tuple[int, _Change] | None:
    at = place[0]
    for number in range(at, max(at - _LINES_BACK, 0) - 1, -1):
        above = next((line for line in reversed(lines[:number]) if line.strip()), "")
        for change in _changes(lines[number], number + 1, above):
            after = _find_error([*lines[:number], change.line, *lines[number + 1 :]])
            if after is None or after[0] > at:
                return number, change
    return None


def _changes(line: str, number: int, above: str) -> Iterator[_Change]:
    """Yield the ways in which a line may have been meant, the likeliest first."""
    if not line.strip() or len(line) > _LONGEST_LINE:
        return
    yield from _tab(line, number, above)
    if found := _ODD_COLON.fullmatch(line):
        meant = f"{found['key']}: {found['value']}"
        at = found.end("key") + 1
        yield _Change(meant, Slip("yaml-no-colon", number, at, {}, meant))
        quoted = f"{found['key']}: {quote(found['value'].strip())}"
        yield _Change(quoted, Slip("yaml-no-colon", number, at, {}, quoted))
    if found := _DASH.fullmatch(line):
        meant = f"{found['before']}- {found['rest']}"
        yield _Change(meant, Slip("yaml-dash", number, found.end("before") + 1, {"line": meant.strip()}))
    pair = _PAIR.fullmatch(line) or _ENTRY.fullmatch(line)
    if pair:
        yield from _value(line, number, pair)
    if found := _INDENTED.fullmatch(line):
        yield _Change(
            found["rest"], Slip("yaml-indent", number, found.start("rest") + 1, {"line": found["rest"]})
        )
    if not pair and above and not line.startswith(" "):
        yield _Change("# " + line, Slip("yaml-no-colon", number, 1, {}))


def _tab(line: str, number: int, above: str) -> Iterator[_Change]:
    if found := _TABS.fullmatch(line):
        deeper = "  " if found["rest"].startswith("-") or above.rstrip().endswith(":") else ""
        for indent in (deeper, "", "    "):
            meant = indent + found["rest"]
            yield _Change(meant, Slip("yaml-tab", number, line.index("\t") + 1, {"line": meant}))


def _value(line: str, number: int, pair: re.Match[str]) -> Iterator[_Change]:
    value, start = pair["value"], pair.start("value")
    before = line[:start]
    sign = value[0]
    if sign in "\"'" and value.count(sign) % 2:
        meant = f"{before}{value}{sign}"
        yield _Change(meant, Slip("yaml-quote-open", number, start + 1, {"line": meant.strip()}))
    end = _BRACKETS.get(sign)
    if end and end not in value:
        meant = f"{before}{value}{end}"
        yield _Change(meant, Slip("yaml-bracket-open", number, start + 1, {"line": meant.strip()}))
    if sign == "[":
        inside = value[1:].removesuffix("]")
        if value.endswith("]") or "]" not in value:
            words = [word.strip() for word in inside.split(",") if word.strip()]
            meant = before + "[" + ", ".join(_quoted_where_needed(word) for word in words) + "]"
            for word in words:
                if _needs_quotes(word):
                    at = start + value.index(word)
                    yield _Change(meant, _slip_of_quotes(number, at, meant, _reason(word)))
                    break
    meant = before + quote(_bare(value))
    yield _Change(meant, _slip_of_quotes(number, start, meant, _reason(value)))


def _quotes(number: int, start: int, line: str, value: str, reason: str) -> Slip:
    return _slip_of_quotes(number, start, line[:start] + quote(value), reason)


def _slip_of_quotes(number: int, start: int, meant: str, reason: str) -> Slip:
    return Slip("yaml-quotes", number, start + 1, {"reason": reason, "line": meant.strip()})


def _bare(value: str) -> str:
    """Return a text without the marks that its author put around the whole of it."""
    if found := _CURLY.fullmatch(value):
        return found["inside"]
    if found := _STRAIGHT.fullmatch(value):
        inside = found["inside"]
        if found["quote"] == '"':
            return inside.replace('\\"', '"')
        return inside.replace("''", "'")
    return value


def _needs_quotes(word: str) -> bool:
    return word[0] in _SPECIAL or " #" in word or ": " in word or (word[0] in "\"'" and word[-1] != word[0])


def _quoted_where_needed(word: str) -> str:
    return quote(_bare(word)) if _needs_quotes(word) else word


_BEGINS = N_("it begins with a sign that means something else in YAML")


def _reason(value: str) -> str:
    if value[0] in "\"'":
        if value[0] == '"' and "\\" in value:
            return N_("a backslash between double quotation marks means something else")
        if value[-1] == value[0]:
            return N_("there is a quotation mark of the same kind within it")
        return N_("the quotation marks end before the text does")
    if _CURLY.match(value):
        return N_("YAML knows only straight quotation marks")
    if value[0] in _SPECIAL:
        return _BEGINS
    if " #" in value:
        return N_("what follows a blank and # would be a comment")
    return N_("there is a colon with a blank after it within it")
