"""Read what a receiver found out about a mail: ``Authentication-Results`` (RFC 8601)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|(;)|([^\s;"]+)', re.DOTALL)
_RESULT = re.compile(r"([a-z0-9-]+)(?:/\d+)?=([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"([a-z0-9-]+\.[a-z0-9_-]+|reason)=(.*)", re.IGNORECASE | re.DOTALL)
_LONGEST = 20_000
"""Characters of a header that are looked at."""


@dataclass(frozen=True, slots=True)
class AuthenticationResult:
    """The result of one method."""

    method: str
    """``spf``, ``dkim``, ``dmarc`` or another."""
    result: str
    """``pass``, ``fail``, ``none`` and others."""
    properties: Mapping[str, str] = field(default_factory=dict)
    """Such as ``header.d`` → the domain that signed."""


@dataclass(frozen=True, slots=True)
class AuthenticationResults:
    """One header: who says so, and what."""

    server: str
    """The authserv-id, in small letters."""
    results: tuple[AuthenticationResult, ...] = ()

    def of(self, method: str) -> tuple[AuthenticationResult, ...]:
        """Return the results of a method, in their order."""
        return tuple(one for one in self.results if one.method == method)


def select_trusted(headers: Iterable[str], server: str) -> AuthenticationResults | None:
    """Return all results of those headers that a server wrote: anybody may write others before (RFC 8601
    section 7.1). ``None`` when there is none.
    """
    read = (parse_results(one) for one in headers)
    found = [one for one in read if one is not None and one.server == server.lower()]
    return (
        AuthenticationResults(server.lower(), tuple(r for one in found for r in one.results))
        if found
        else None
    )


def list_servers(headers: Iterable[str]) -> tuple[str, ...]:
    """Return who wrote such headers, each once."""
    read = (parse_results(one) for one in headers)
    return tuple(dict.fromkeys(one.server for one in read if one is not None))


def parse_results(header: str) -> AuthenticationResults | None:
    """Return what a header says; ``None`` when it names no server. Parts that make no sense are left out."""
    parts = list(_split(_without_comments(header[:_LONGEST])))
    if not parts or not parts[0]:
        return None
    found = [one for part in parts[1:] if (one := _read_result(part)) is not None]
    return AuthenticationResults(parts[0][0].lower(), tuple(found))


def _read_result(words: list[str]) -> AuthenticationResult | None:
    first = _RESULT.fullmatch(words[0]) if words else None
    if first is None:
        return None
    properties: dict[str, str] = {}
    for word in words[1:]:
        if named := _PROPERTY.fullmatch(word):
            properties.setdefault(named[1].lower(), named[2])
    return AuthenticationResult(first[1].lower(), first[2].lower(), properties)


def _split(text: str) -> Iterator[list[str]]:
    """Yield the words of each part between semicolons; what is quoted belongs to the word before it when
    nothing stands between.
    """
    words: list[str] = []
    end = -1
    for found in _TOKEN.finditer(text):
        if found[2]:
            yield words
            words = []
            continue
        quoted = found[1] is not None
        word = re.sub(r"\\(.)", r"\1", found[1]) if quoted else found[3]
        glued = words and found.start() == end
        opens = words and (words[-1].endswith("=") or word.startswith("="))
        if glued or opens:
            words[-1] += word
        else:
            words.append(word)
        end = found.end()
    yield words


def _without_comments(text: str) -> str:
    """Return a header's value without its comments, which may lie in one another (RFC 5322 3.2.2)."""
    kept: list[str] = []
    depth, is_quoted, is_escaped = 0, False, False
    for char in text:
        if is_escaped:
            is_escaped = False
        elif char == "\\":
            is_escaped = True
        elif char == '"' and not depth:
            is_quoted = not is_quoted
        elif not is_quoted and char == "(":
            depth += 1
        elif not is_quoted and char == ")" and depth:
            depth -= 1
            kept.append(" ")
            continue
        if not depth:
            kept.append(char)
    return "".join(kept)
