"""The mapping of an archive's words to those of the site: a TOML file that people edit."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

_LINE = '"old word" = "new word"'
_TABLES = ("topics", "authors", "languages")


@dataclass(frozen=True, slots=True)
class WordMapping:
    """The site's words for those of an archive. A word may stand for another, which is looked up in turn."""

    topics: Mapping[str, str] = field(default_factory=dict)
    """Category → topic; empty: it is left out."""
    authors: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)


def parse_mapping(text: str, path: str) -> WordMapping:
    """Read a mapping. Raises `UsageError`, with what is wrong, also for words that lead in a circle."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(
            N_("{path} cannot be read: {reason}"),
            N_("each line is {example}"),
            path=path,
            reason=str(error),
            example=_LINE,
        ) from error
    for name, table in data.items():
        if name not in _TABLES:
            raise UsageError(
                N_("{path} has a table “{name}”"),
                N_("tables are: {known}"),
                path=path,
                name=name,
                known=", ".join(_TABLES),
            )
        if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
            raise UsageError(
                N_("{path}: [{name}] holds something else than words"),
                N_("each line is {example}"),
                path=path,
                name=name,
                example=_LINE,
            )
    tables = {name: _resolve(data.get(name, {}), path) for name in _TABLES}
    return WordMapping(**tables)


def _resolve(table: Mapping[str, str], path: str) -> dict[str, str]:
    """Return word → the last word that it leads to. Raises `UsageError` when it leads back to itself."""
    folded = {word.casefold(): value for word, value in table.items()}
    resolved = {}
    for word in folded:
        chain = [word]
        while (following := folded.get(chain[-1])) and following.casefold() != chain[-1]:
            if following.casefold() in chain:
                raise UsageError(
                    N_("{path}: {chain} leads in a circle"),
                    N_("let one of these words stand for a word of the site"),
                    path=path,
                    chain=" → ".join([*chain, following]),
                )
            if following.casefold() not in folded:
                break
            chain.append(following.casefold())
        resolved[word] = folded[chain[-1]]
    return resolved


def write_mapping(topics: Mapping[str, str], counts: Mapping[str, int], remark: str) -> str:
    """Return a mapping to be edited: every category with the topic it seems to be.

    counts: category → how many texts have it; ``remark``: said at its top.
    """
    lines = [f"# {line}" for line in remark.splitlines()] + ["", "[topics]"]
    lines += [
        f"{_quoted(name)} = {_quoted(topics.get(name, ''))}  # {counts[name]}"
        for name in sorted(counts, key=str.casefold)
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
