"""Read the heads of other programs' texts: YAML, TOML, JSON, or lines of ``Key: value``."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

import yaml

from newsfeed.core.arriving.moved_text import Doubt
from newsfeed.marking import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

OTHER_MARKUP = N_("it is in a markup that is not read; left out")
UNTITLED = N_("it has no title; left out")
HOME_WORDS = N_("the words of the front page have no place here; left out")
HEAD_UNREADABLE = N_("its head cannot be read: {reason}; left out")
_FENCES = {
    "---": re.compile(r"^---[ \t]*$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
}
_MOST_HEAD = 1_000_000
_LINE = re.compile(r"([A-Za-z][\w -]{0,60}):[ \t]*(.*)")
_YES = frozenset({"true", "yes", "on", "1", "y"})
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class HeadUnreadableError(ValueError):
    """The head of a text makes no sense; its words say why."""


def split_head(text: str) -> tuple[dict[str, Any], str]:
    """Return (head, body) of a text; an empty head when it has none. Raises `HeadUnreadableError`."""
    text = text.removeprefix("\ufeff")
    fence = text[:3]
    if fence in _FENCES and text[3:].partition("\n")[0].strip() == "":
        start = text.find("\n") + 1
        end = _FENCES[fence].search(text, start)
        if start and end:
            head = text[start : end.start()]
            return (parse_yaml(head) if fence == "---" else parse_toml(head)), text[end.end() :].lstrip("\n")
    if text.startswith("{"):
        try:
            found, end_of_json = json.JSONDecoder().raw_decode(text)
        except (ValueError, RecursionError) as error:
            raise HeadUnreadableError(str(error)) from error
        return (found if isinstance(found, dict) else {}), text[end_of_json:].lstrip("\n")
    return {}, text


def split_lines(text: str) -> tuple[dict[str, Any], str]:
    """Return (head, body) of a text that begins with lines of ``Key: value``; keys in lower case."""
    head: dict[str, Any] = {}
    lines = text.removeprefix("\ufeff").split("\n")
    at, last = 0, ""
    for at, line in enumerate(lines):  # noqa: B007 - it says where the body begins
        found = _LINE.match(line)
        if found:
            last = found[1].strip().lower()
            head[last] = found[2].strip()
        elif line.startswith(("    ", "\t")) and last:
            head[last] += f" {line.strip()}"
        else:
            break
    return (head, "\n".join(lines[at:]).lstrip("\n")) if head else ({}, text)


def parse_yaml(text: str) -> dict[str, Any]:
    """Return a mapping of YAML, every scalar as the text it is.

    Raises `HeadUnreadableError`, also for aliases: a few of them make values of any size.
    """
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text[:_MOST_HEAD], Loader=_LOADER)):
            raise HeadUnreadableError("*")
        found = yaml.load(text[:_MOST_HEAD], Loader=_LOADER)  # noqa: S506 - it makes nothing but texts
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise HeadUnreadableError(" ".join(str(error).split())[:200]) from error
    return found if isinstance(found, dict) else {}


def parse_toml(text: str) -> dict[str, Any]:
    """Return a table of TOML. Raises `HeadUnreadableError`."""
    try:
        return tomllib.loads(text[:_MOST_HEAD])
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise HeadUnreadableError(str(error)) from error


def string(head: Mapping[str, Any], *keys: str) -> str:
    """Return the first of these values that is a text with words in it."""
    for key in keys:
        value = head.get(key)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def strings(head: Mapping[str, Any], *keys: str, split: str = "") -> tuple[str, ...]:
    """Return the texts of these lists; one text alone counts as a list.

    split: what stands between several in one text.
    """
    found: dict[str, None] = {}
    for key in keys:
        value = head.get(key)
        if isinstance(value, str):
            value = value.split(split) if split else [value]
        for one in value if isinstance(value, list) else []:
            text = (
                one if isinstance(one, str) else string(one, "name", "title") if isinstance(one, dict) else ""
            )
            if text.strip():
                found[text.strip()] = None
    return tuple(found)


def table(head: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return a table within a head; an empty one when there is none."""
    value = head.get(key)
    return value if isinstance(value, dict) else {}


def truth(value: object) -> bool:
    """Return whether a value says yes."""
    return value is True or (isinstance(value, str) and value.strip().lower() in _YES)


def unreadable(name: str, error: HeadUnreadableError) -> Doubt:
    """Return the doubt about a text that cannot be read."""
    return Doubt(name, Sentence(HEAD_UNREADABLE, reason=str(error)))
