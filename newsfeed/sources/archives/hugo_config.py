"""Read the configuration of a site of Hugo: one file, or a folder with a file for each of its tables."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from newsfeed.sources.archives.heads import (
    HeadUnreadableError,
    parse_toml,
    parse_yaml,
    string,
    table,
    truth,
    unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsfeed.core.arriving.moved_text import Doubt
    from newsfeed.sources.archives.folder_files import FolderFiles

_ENDINGS = (".toml", ".yaml", ".yml", ".json")
_ROOTS = ("hugo", "config")
_FOLDERS = ("config/_default", "config/production")
"""The later one counts."""
_TAXONOMIES = ("categories", "tags")
_PEOPLE = frozenset({"author", "authors"})
_NAME = re.compile(r"([a-z]+)(?:\.([a-z]{2,3}(?:-[a-z0-9]{2,8})?))?", re.IGNORECASE)


class HugoConfig:
    """The configuration, as far as it tells of texts and their addresses."""

    def __init__(self, files: FolderFiles, doubts: list[Doubt]) -> None:
        self._doubts = doubts
        self._files = files
        self.values = self._read()
        self.base_url = string(self.values, "baseurl")
        self.default = (string(self.values, "defaultcontentlanguage") or "en").lower()
        self.is_in_folder = truth(self.values.get("defaultcontentlanguageinsubdir"))
        self.is_ugly = truth(self.values.get("uglyurls"))
        self.keeps_capitals = truth(self.values.get("disablepathtolower"))
        self.languages = {
            code.lower(): lowered(value if isinstance(value, dict) else {})
            for code, value in table(self.values, "languages").items()
        }
        own = self.languages.get(self.default, {})
        self.title = string(self.values, "title") or string(own, "title")
        self.description = string(table(self.values, "params"), "description") or string(
            table(own, "params"), "description"
        )
        self.content = string(self.values, "contentdir") or "content"
        if not any(name.startswith(f"{self.content}/") for name in files.names):
            self.content = ""

    def prefix(self, lang: str) -> str:
        """Return what addresses in a language begin with."""
        return f"/{lang}" if self.is_in_folder or lang != self.default else ""

    def permalink(self, lang: str, section: str) -> str:
        """Return the form of the addresses of a section's pages; empty: that of their files."""
        own = _permalinks(self.languages.get(lang, {}).get("permalinks"))
        return {**_permalinks(self.values.get("permalinks")), **own}.get(section or "page", "")

    def taxonomies(self) -> tuple[str, ...]:
        """Return the keys of heads that hold categories, tags and the like."""
        given = [
            value.lower() for value in table(self.values, "taxonomies").values() if isinstance(value, str)
        ]
        return tuple(dict.fromkeys([*_TAXONOMIES, *(name for name in given if name not in _PEOPLE)]))

    def date_keys(self) -> tuple[str, ...]:
        """Return where the date of a text stands, the best first; ``:filename`` is the name of its file."""
        given = table(self.values, "frontmatter").get("date")
        usual = ("date", "publishdate", "pubdate", "published", "lastmod", "modified")
        if not isinstance(given, list):
            return usual
        found: list[str] = []
        for key in given:
            found += usual if key == ":default" else [str(key).lower()]
        return tuple(dict.fromkeys(found))

    def _read(self) -> dict[str, Any]:
        root = self._files.first(*(f"{name}{ending}" for name in _ROOTS for ending in _ENDINGS))
        found = self._file(root) if root else {}
        for folder in _FOLDERS:
            for name, value in self._tables(folder):
                is_both = isinstance(found.get(name), dict) and isinstance(value, dict)
                found[name] = {**found[name], **value} if is_both else value
        return found

    def _tables(self, folder: str) -> Iterator[tuple[str, Any]]:
        """Yield what the files in a folder say: each is a table of its name, maybe for one language."""
        for file in self._files.names:
            path = PurePosixPath(file)
            match = _NAME.fullmatch(path.stem)
            if str(path.parent) != folder or path.suffix not in _ENDINGS or match is None:
                continue
            name, lang = match[1].lower(), match[2]
            values = self._file(file)
            if name in _ROOTS:
                yield from values.items()
            elif lang is None:
                yield name, values

    def _file(self, name: str) -> dict[str, Any]:
        try:
            text = self._files.text(name)
            return lowered(parse_toml(text) if name.endswith(".toml") else parse_yaml(text))  # JSON is YAML
        except HeadUnreadableError as error:
            self._doubts.append(unreadable(name, error))
            return {}


def lowered(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table with its keys in small letters: Hugo makes no difference."""
    return {key.lower(): value for key, value in table.items()}


def _permalinks(value: object) -> dict[str, str]:
    """Return section → pattern; newer configurations have a table for pages of their own."""
    if not isinstance(value, dict):
        return {}
    pages = value.get("page")
    patterns = {**value, **(pages if isinstance(pages, dict) else {})}
    return {section: pattern for section, pattern in patterns.items() if isinstance(pattern, str)}
