"""Aliases: the paths at which a text was published before, as editors write them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from newsfeed.core.site.urls import INDEX
from newsfeed.marking import N_
from newsfeed.model import Alias
from newsfeed.problems import problem

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from newsfeed.core.content.fields import FieldReader

ALIASES_KEY = "aliases"
_ELSEWHERE = re.compile(r"//|[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_PART_BYTES, _PATH_BYTES = 200, 1000
"""What every file system can hold."""


def read_aliases(fields: FieldReader, editions: Collection[str]) -> tuple[Alias, ...]:
    """Return the aliases that a file names, each once; one that cannot be an alias becomes a problem."""
    aliases: dict[str, Alias] = {}
    for value in fields.texts(ALIASES_KEY, "aliases: [/en/news/2009/old-slug/]"):
        path, trouble = resolve_alias(value.text, editions)
        if trouble:
            location, known = fields.at(value.line, value.column), ", ".join(f"/{code}/" for code in editions)
            fields.problems.append(
                problem("alias-invalid", location, value=value.text, reason=trouble, known=known)
            )
        else:
            aliases.setdefault(path, Alias(path, value.line, value.column))
    return tuple(aliases.values())


def resolve_alias(written: str, editions: Collection[str]) -> tuple[str, str]:
    """Return (output path of an alias, ""), or ("", reason why it cannot be one)."""
    if _ELSEWHERE.match(written):
        return "", N_("it is a whole web address")
    if "?" in written or "#" in written:
        return "", N_("it has a “?” or “#”")
    parts = unquote(written).removeprefix("/").split("/")
    is_file = parts[-1].endswith(".html") and parts[-1] != INDEX
    if parts[-1] in ("", INDEX):
        parts.pop()
    trouble = _trouble(parts, editions)
    if trouble:
        return "", trouble
    return "/".join(parts if is_file else [*parts, INDEX]), ""


def _trouble(parts: Sequence[str], editions: Collection[str]) -> str:
    """Return the reason why a page cannot lie in a folder; empty when it can."""
    if any(part.startswith(".") for part in parts):
        return N_("a part of it begins with a full stop")
    if not parts or parts[0] not in editions:
        return N_("it does not begin with an edition")
    if any(not part.strip() for part in parts):
        return N_("a part of it is empty")
    if not all(_is_plain(character) for part in parts for character in part):
        return N_("it has a character that addresses cannot have")
    sizes = [len(part.encode()) for part in parts]
    if max(sizes) > _PART_BYTES or sum(sizes) + len(sizes) > _PATH_BYTES:
        return N_("it is too long")
    return ""


def format_alias(path: str) -> str:
    """Write an output path as an alias, without anything that YAML, TOML or a server could misread."""
    return "/" + quote_strictly(path)


def quote_strictly(path: str) -> str:
    """Return an output path as part of an address: all but letters, digits and ``/-._~`` is encoded."""
    folder, _, name = path.rpartition("/")
    return quote(f"{folder}/" if folder and name == INDEX else path, safe="/")


def _is_plain(character: str) -> bool:
    if character in "\\\N{REPLACEMENT CHARACTER}":
        return False
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
