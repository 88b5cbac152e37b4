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
    from collections.abc import Sequence

    from newsfeed.core.content.fields import FieldReader

ALIASES_KEY = "aliases"
_ELSEWHERE = re.compile(r"//|[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_PART_BYTES, _PATH_BYTES = 200, 1000
"""What every file system can hold."""


def read_aliases(fields: FieldReader) -> tuple[Alias, ...]:
    """Return the aliases that a file names, each once; one that cannot be an alias becomes a problem."""
    aliases: dict[str, Alias] = {}
    fields.suspect_list(ALIASES_KEY)
    for value in fields.texts(ALIASES_KEY, "aliases: [/en/news/2009/old-slug/]"):
        path, trouble = resolve_alias(value.text)
        if trouble:
            where = fields.at(value.line, value.column)
            fields.problems.append(problem("alias-invalid", where, value=value.text, reason=trouble))
        else:
            aliases.setdefault(path, Alias(path, value.line, value.column))
    return tuple(aliases.values())


def resolve_alias(written: str) -> tuple[str, str]:
    """Return (output path of the page at an alias, ""), or ("", reason why there can be none).

    Only a page in HTML is a file; whatever else an address ends in becomes a folder with a page, which every
    web server finds at that address, and shows as the page it is.
    """
    parts, trouble = _parts(written)
    if trouble:
        return "", trouble
    if parts[-1].lower().endswith(_PAGE_ENDINGS) and parts[-1] != INDEX:
        return "/".join(parts), ""
    folders = parts[:-1] if parts[-1] in ("", INDEX) else parts
    return ("/".join([*folders, INDEX]), "") if folders else ("", _FRONT_PAGE)


def resolve_file_alias(written: str) -> tuple[str, str]:
    """Return (output path of the file at an alias, ""), or ("", reason why there can be none)."""
    parts, trouble = _parts(written)
    return ("", trouble) if trouble else ("/".join([*parts[:-1], parts[-1] or INDEX]), "")


def _parts(written: str) -> tuple[list[str], str]:
    """Return the parts of a path, a folder's with an empty one behind, and why nothing can lie there."""
    if _ELSEWHERE.match(written):
        return [], N_("it is a whole web address")
    if "?" in written or "#" in written:
        return [], N_("it has a “?” or “#”")
    parts = unquote(written).removeprefix("/").split("/")
    return parts, _trouble(parts[:-1] if parts[-1] == "" else parts)


_FRONT_PAGE = N_("it is the front page")
_PAGE_ENDINGS = (".html", ".htm")
_INSTRUCTIONS = frozenset(
    """
    _headers _redirects _routes.json _worker.js cname netlify.toml vercel.json web.config
    """.split()  # noqa: SIM905 - words read better than a list
)
"""Names in the root of a site that tell web servers and hosts what to do."""


def _trouble(parts: Sequence[str]) -> str:
    """Return the reason why nothing can lie at a path; empty when it can."""
    if not parts:
        return _FRONT_PAGE
    if any(part.startswith(".") for part in parts):
        return N_("a part of it begins with a full stop")
    if any(not part.strip() for part in parts):
        return N_("a part of it is empty")
    if not all(_is_plain(character) for part in parts for character in part):
        return N_("it has a character that addresses cannot have")
    if parts[0].lower() in _INSTRUCTIONS:
        return N_("web servers take a file of that name for instructions")
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
