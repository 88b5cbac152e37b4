"""Read a site of Hugo: its content folder, with languages by name, folder or key, and page bundles."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from newsfeed.core.arriving.addresses import join_url
from newsfeed.core.arriving.compose import write_date
from newsfeed.core.arriving.moved_text import MovedFile, MovedText
from newsfeed.core.content.value_guesses import guess_slug
from newsfeed.sources.archives.dates import read_moment
from newsfeed.sources.archives.folder_files import FolderFiles
from newsfeed.sources.archives.heads import (
    HeadUnreadableError,
    parse_toml,
    parse_yaml,
    split_head,
    string,
    strings,
    table,
    truth,
    unreadable,
)
from newsfeed.sources.archives.hugo_cascade import Cascades

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsfeed.core.arriving.moved_text import Doubt

_CONFIGS = (
    "hugo.toml",
    "hugo.yaml",
    "hugo.yml",
    "hugo.json",
    "config.toml",
    "config.yaml",
    "config.yml",
    "config.json",
)
_TEXTS = (".md", ".markdown", ".html", ".htm")
_SECTION = "_index"
"""Begins the names of files that tell of a section."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})?", re.IGNORECASE)
_TOKEN = re.compile(r":(\w+)")
_OWN = "newsfeed"
"""Table of the head in which a site that was moved out keeps what Hugo has no word for."""


class HugoArchive:
    """A site of Hugo, or only its content folder."""

    def __init__(self, source: str, *, base_url: str = "") -> None:
        self._files = FolderFiles(Path(source), ("", "static", "assets", "content"))
        self.doubts: list[Doubt] = []
        self._config = self._read_config()
        lowered = _lowered(self._config)
        self.base_url = base_url or string(lowered, "baseurl")
        self._default = string(lowered, "defaultcontentlanguage") or "en"
        self._in_folder = truth(lowered.get("defaultcontentlanguageinsubdir"))
        self._ugly = truth(lowered.get("uglyurls"))
        self._permalinks = _permalinks(lowered.get("permalinks"))
        self._languages = {code.lower(): value for code, value in table(lowered, "languages").items()}
        own = _lowered(table(self._languages, self._default.lower()))
        self.title = string(lowered, "title") or string(own, "title")
        self.description = string(table(lowered, "params"), "description") or string(
            table(own, "params"), "description"
        )
        self._content = string(lowered, "contentdir") or "content"
        if not any(name.startswith(f"{self._content}/") for name in self._files.names):
            self._content = ""

    def texts(self) -> Iterator[MovedText]:
        """Yield all texts, in the order of their files; lists of sections are none."""
        self.doubts = []
        cascades = self._read_cascades()
        for name in self._files.names:
            if not name.endswith(_TEXTS) or PurePosixPath(name).name.startswith(_SECTION):
                continue
            place = self._place(name)
            if place is None:
                continue
            try:
                head, body = split_head(self._files.text(name))
            except HeadUnreadableError as error:
                self.doubts.append(unreadable(name, error))
                continue
            if head:
                yield self._text(name, *place, cascades.complete(*place, head), body)

    def _read_cascades(self) -> Cascades:
        """Return what the heads of sections hand down."""
        cascades = Cascades(_lowered(self._config).get("cascade"))
        for name in self._files.names:
            place = self._place(name) if PurePosixPath(name).name.startswith(_SECTION) else None
            if place is not None and name.endswith(_TEXTS):
                try:
                    head, _ = split_head(self._files.text(name))
                except HeadUnreadableError as error:
                    self.doubts.append(unreadable(name, error))
                    continue
                cascades.add(place[0], posixpath.dirname(place[1]), head)
        return cascades

    def find(self, origin: str, target: str) -> str:
        """Return the file that a text means by a target."""
        return self._files.find(origin, target)

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        return self._files.read(name)

    def _read_config(self) -> dict[str, Any]:
        name = self._files.first(*_CONFIGS, *(f"config/_default/{one}" for one in _CONFIGS))
        if not name:
            return {}
        text = self._files.text(name)
        try:
            found = parse_toml(text) if name.endswith(".toml") else parse_yaml(text)  # JSON is YAML
        except HeadUnreadableError as error:
            self.doubts.append(unreadable(name, error))
            return {}
        folder = posixpath.dirname(name)
        languages = self._files.first(f"{folder}/languages.toml") if folder else ""
        return {**found, "languages": parse_toml(self._files.text(languages))} if languages else found

    def _place(self, name: str) -> tuple[str, str] | None:
        """Return (language, path below the content folder without language and ending)."""
        for code, language in self._languages.items():
            folder = string(_lowered(language), "contentdir") if isinstance(language, dict) else ""
            if folder and name.startswith(f"{folder}/"):
                return code, _without_ending(name[len(folder) + 1 :])
        if self._content and not name.startswith(f"{self._content}/"):
            return None
        inner = _without_ending(name[len(self._content) + 1 :] if self._content else name)
        stem, _, suffix = inner.rpartition(".")
        if stem and self._is_language(suffix):
            return suffix.lower(), stem
        first, _, rest = inner.partition("/")
        if rest and first.lower() in self._languages:
            return first.lower(), rest
        return self._default, inner

    def _is_language(self, code: str) -> bool:
        return code.lower() in self._languages or (
            not self._languages and bool(_LANGUAGE.fullmatch(code)) and len(code) == 2
        )

    def _text(self, name: str, lang: str, stem: str, head: dict[str, Any], body: str) -> MovedText:
        own = {**table(table(head, "params"), _OWN), **table(head, _OWN)}
        is_bundle = PurePosixPath(stem).name == "index"
        page = posixpath.dirname(stem) if is_bundle else stem
        date = (
            read_moment(head.get("date"))
            or read_moment(head.get("publishDate"))
            or read_moment(head.get("publishdate"))
        )
        url = self._url(head, lang, page, date)
        aliases = [join_url(url, alias) for alias in strings(head, "aliases")]
        title = string(head, "title") or string(head, "linkTitle")
        image = self._image(name, head)
        return MovedText(
            origin=name,
            title=title,
            body=body,
            is_html=name.endswith((".html", ".htm")),
            kind="pages" if not date and ("/" not in page or page.startswith("pages/")) else "news",
            guid=string(head, "guid") or (join_url(self.base_url, url) if self.base_url else ""),
            id=string(own, "id"),
            date=date,
            updated=read_moment(head.get("lastmod")) or read_moment(head.get("modified")),
            summary=string(head, "summary", "description"),
            authors=strings(head, "authors", "author"),
            lang=string(own, "lang") or lang,
            group=string(head, "translationKey", "translationkey") or page.lower(),
            urls=(url, *aliases),
            slug=string(own, "slug") or string(head, "slug") or guess_slug(PurePosixPath(page).name, lang),
            categories=tuple(dict.fromkeys((*strings(head, "categories"), *strings(head, "tags")))),
            image=image,
            enclosures=tuple(
                MovedFile(string(one, "file"), string(one, "title"), string(one, "type"))
                for one in own.get("enclosures", [])
                if isinstance(one, dict) and string(one, "file")
            ),
            is_draft=truth(head.get("draft")) and "withdrawn" not in own,
            facts={**own, **({"expires": _day(head)} if _day(head) and "expires" not in own else {})},
        )

    def _image(self, name: str, head: dict[str, Any]) -> MovedFile | None:
        cover = table(head, "cover")
        target = string(cover, "image") or string(
            head, "featured_image", "featuredImage", "image", "thumbnail"
        )
        target = target or next(iter(strings(head, "images")), "")
        alt = (
            string(cover, "alt")
            or string(head, "image_alt", "imageAlt")
            or string(table(head, _OWN), "image_alt")
        )
        return MovedFile(target, alt) if target else None

    def _url(self, head: dict[str, Any], lang: str, page: str, date: Any) -> str:
        """Return the path of a page, as Hugo makes it from head, section and configuration."""
        prefix = f"/{lang}" if self._in_folder or lang != self._default else ""
        if given := string(head, "url"):
            return given if given.startswith(("/", "http")) else f"{prefix}/{given}"
        section, name = page.partition("/")[0] if "/" in page else "", PurePosixPath(page).name
        slug = string(head, "slug") or name
        pattern = self._permalinks.get(section or "page", "")
        if pattern:
            path = self._from_pattern(pattern, head, page, section, slug, date)
        else:
            folder = posixpath.dirname(page)
            path = f"/{folder}/{slug}/" if folder else f"/{slug}/"
        path = path.lower() if not truth(self._config.get("disablePathToLower")) else path
        if self._ugly:
            path = f"{path.rstrip('/')}.html"
        return prefix + path.replace(" ", "-")

    def _from_pattern(
        self, pattern: str, head: dict[str, Any], page: str, section: str, slug: str, date: Any
    ) -> str:
        name = PurePosixPath(page).name
        values = {"section": section, "sections": posixpath.dirname(page), "filename": name}
        values |= dict.fromkeys(("slug", "slugorfilename", "slugorcontentbasename"), slug)
        values |= {"contentbasename": name, "title": guess_slug(string(head, "title"))}
        if date:
            values |= {"year": f"{date.year:04}", "month": f"{date.month:02}", "day": f"{date.day:02}"}
        path = _TOKEN.sub(lambda found: values.get(found[1], found[0]), pattern)
        return f"/{path.strip('/')}/"


def _lowered(table: dict[str, Any]) -> dict[str, Any]:
    return {key.lower(): value for key, value in table.items()}


def _permalinks(value: object) -> dict[str, str]:
    """Return section → pattern; newer configurations have a table for pages of their own."""
    if not isinstance(value, dict):
        return {}
    pages = value.get("page")
    patterns = {**value, **(pages if isinstance(pages, dict) else {})}
    return {section: pattern for section, pattern in patterns.items() if isinstance(pattern, str)}


def _day(head: dict[str, Any]) -> str:
    """Return when a text is over, as our front matter has it; empty when it never is."""
    found = read_moment(head.get("expiryDate") or head.get("expirydate"))
    return write_date(found) if found is not None else ""


def _without_ending(name: str) -> str:
    return str(PurePosixPath(name).with_suffix(""))
