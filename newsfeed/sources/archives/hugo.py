"""Read a site of Hugo: its content folder, with languages by name, folder or key, and page bundles."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from newsfeed.core.arriving.addresses import split_url
from newsfeed.core.arriving.compose import write_date
from newsfeed.core.arriving.moved_text import Doubt, MovedFile, MovedText, OldFeed, OldList
from newsfeed.core.content.value_guesses import guess_slug
from newsfeed.marking import Sentence
from newsfeed.sources.archives.dates import read_moment
from newsfeed.sources.archives.folder_files import FolderFiles
from newsfeed.sources.archives.heads import (
    HOME_WORDS,
    OTHER_MARKUP,
    HeadUnreadableError,
    split_head,
    string,
    strings,
    table,
    truth,
    unreadable,
)
from newsfeed.sources.archives.hugo_addresses import (
    HugoPage,
    alias_paths,
    clean_name,
    page_path,
    whole_address,
)
from newsfeed.sources.archives.hugo_cascade import Cascades
from newsfeed.sources.archives.hugo_config import HugoConfig, lowered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsfeed.core.arriving.moved_text import When

_TEXTS = (".md", ".markdown", ".html", ".htm")
_OTHER = (".rst", ".adoc", ".asciidoc", ".ad", ".org", ".pandoc", ".pdc")
_SECTION = "_index"
"""Begins the names of files that tell of a section."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})?", re.IGNORECASE)
_DAY_IN_NAME = re.compile(r"(\d{4}-\d\d-\d\d)[-_ ]?(.*)")
_OWN = "newsfeed"
"""Table of the head in which a site that was moved out keeps what Hugo has no word for."""


class HugoArchive:
    """A site of Hugo, or only its content folder."""

    def __init__(self, source: str, *, base_url: str = "") -> None:
        self._files = FolderFiles(Path(source), ("", "static", "assets", "content"))
        self.doubts: list[Doubt] = []
        self._config = HugoConfig(self._files, self.doubts)
        self._of_config = list(self.doubts)
        self.base_url = base_url or self._config.base_url
        self._below = split_url(self.base_url).path.rstrip("/")
        self.language = self._config.default
        self.title, self.description = self._config.title, self._config.description
        self._date_keys, self._taxonomies = self._config.date_keys(), self._config.taxonomies()
        self._dated_sections: frozenset[str] | None = None
        self._terms: set[tuple[str, str, str]] = set()
        """(language, key of the head, term)."""
        self._sections: set[tuple[str, str]] = set()
        """(language, section, or key of heads that has a list of its own)."""
        self._is_ours = False
        """A site of ours that was moved out: its feeds are not Hugo's."""

    def texts(self) -> Iterator[MovedText]:
        """Yield all texts, in the order of their files; of sections those that have words of their own."""
        if self._dated_sections is None:
            self._dated_sections = self._find_dated_sections()
        self.doubts = list(self._of_config)
        for name, (lang, stem), head, body in self._heads():
            if not PurePosixPath(name).name.startswith(_SECTION) or (body.strip() and "/" in stem):
                yield self._text(name, lang, stem, head, body)
            elif body.strip():
                self.doubts.append(Doubt(name, Sentence(HOME_WORDS)))

    def _heads(self) -> Iterator[tuple[str, tuple[str, str], dict[str, Any], str]]:
        """Yield file, language and path, head and body of everything that can be a text."""
        cascades = self._read_cascades()
        for name in self._files.names:
            place = self._place(name) if name.endswith((*_TEXTS, *_OTHER)) else None
            if place is None:
                continue
            if name.endswith(_OTHER):
                self.doubts.append(Doubt(name, Sentence(OTHER_MARKUP)))
                continue
            try:
                head, body = split_head(self._files.text(name))
            except HeadUnreadableError as error:
                if not PurePosixPath(name).name.startswith(_SECTION):  # told with the cascades
                    self.doubts.append(unreadable(name, error))
                continue
            yield name, place, lowered(cascades.complete(*place, head)), body

    def _find_dated_sections(self) -> frozenset[str]:
        """Return the sections with dated texts; what has no date in any other is a page."""
        return frozenset(
            stem.partition("/")[0]
            for name, (_, stem), head, _ in self._heads()
            if "/" in stem and _SECTION not in stem and self._date(head, name) is not None
        )

    def _date(self, head: dict[str, Any], name: str) -> When | None:
        for key in self._date_keys:
            written = head.get(key)
            if key == ":filename":
                found = _DAY_IN_NAME.match(PurePosixPath(name).name)
                written = found[1] if found else None
            if (moment := read_moment(written)) is not None:
                return moment
        return None

    def _read_cascades(self) -> Cascades:
        """Return what the heads of sections hand down."""
        cascades = Cascades(self._config.values.get("cascade"))
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

    def old_feeds(self) -> Iterator[OldFeed]:
        """Yield the feeds that Hugo makes: of each language, and of its sections."""
        if self._is_ours:
            return
        for lang in self._config.languages or (self._config.default,):
            for section in ("", *sorted(self._dated_sections or ())):
                path = posixpath.join("/", self._config.prefix(lang), section, "index.xml")
                yield OldFeed(path, "rss", lang)

    def find(self, origin: str, target: str) -> str:
        """Return the file that a text means by a target."""
        return self._files.find(origin, target)

    def old_lists(self) -> Iterable[OldList]:
        """Yield the pages of sections, and of categories, tags and the like."""
        if self._is_ours:
            return
        for lang, section in sorted(self._sections):
            yield OldList(f"{self._config.prefix(lang)}{clean_name(f'/{section}/').lower()}", "", lang)
        for lang, kind, term in sorted(self._terms):
            path = clean_name(f"/{kind}/{term}").lower()
            yield OldList(f"{self._config.prefix(lang)}{path}/", term, lang)

    def unnamed_files(self) -> list[str]:
        """Return the files that no text has named so far."""
        return self._files.unnamed()

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        return self._files.read(name)

    def _place(self, name: str) -> tuple[str, str] | None:
        """Return (language, path below the content folder without language and ending)."""
        languages, content = self._config.languages, self._config.content
        for code, language in languages.items():
            folder = string(language, "contentdir").strip("/")
            if folder and name.startswith(f"{folder}/"):
                stem, _, suffix = _without_ending(name[len(folder) + 1 :]).rpartition(".")
                if stem and suffix.lower() in languages:
                    return suffix.lower(), stem
                return code, _without_ending(name[len(folder) + 1 :])
        if content and not name.startswith(f"{content}/"):
            return None
        inner = _without_ending(name[len(content) + 1 :] if content else name)
        stem, _, suffix = inner.rpartition(".")
        if stem and self._is_language(suffix):
            return suffix.lower(), stem
        first, _, rest = inner.partition("/")
        if rest and first.lower() in languages:
            return first.lower(), rest
        return self._config.default, inner

    def _is_language(self, code: str) -> bool:
        languages = self._config.languages
        return code.lower() in languages or (
            not languages and bool(_LANGUAGE.fullmatch(code)) and len(code) == 2
        )

    def _text(self, name: str, lang: str, stem: str, head: dict[str, Any], body: str) -> MovedText:
        own = {**table(table(head, "params"), _OWN), **table(head, _OWN)}
        self._is_ours = self._is_ours or bool(own)
        if "/" in stem:
            self._sections.add((lang, stem.partition("/")[0]))
        self._sections |= {(lang, kind) for kind in self._taxonomies if strings(head, kind)}
        for kind in self._taxonomies:
            self._terms |= {(lang, kind, term) for term in strings(head, kind)}
        last = PurePosixPath(stem).name
        is_section = last == _SECTION
        path = posixpath.dirname(stem) if last == "index" or is_section else stem
        date = self._date(head, name)
        page = HugoPage(lang, path, self._named_by_day(head, path), date, is_section)
        url = page_path(page, self._config)
        image = self._image(name, head)
        over, enclosures = _day(head), own.get("enclosures")
        return MovedText(
            origin=name,
            title=string(head, "title", "linktitle"),
            body=body,
            is_html=name.endswith((".html", ".htm")),
            kind="pages" if is_section or self._is_page(path, date) else "news",
            guid=string(head, "guid") or (whole_address(self.base_url, url) if self.base_url else ""),
            id=string(own, "id"),
            date=date,
            updated=read_moment(head.get("lastmod")) or read_moment(head.get("modified")),
            summary=string(head, "summary", "description"),
            authors=strings(head, "authors", "author"),
            lang=string(own, "lang") or lang,
            group=string(head, "translationkey") or path.lower(),
            urls=tuple(dict.fromkeys(self._urls(url, lang, head))),
            slug=string(own, "slug")
            or string(page.head, "slug")
            or guess_slug(PurePosixPath(path).name, lang),
            categories=strings(head, *self._taxonomies),
            image=image,
            enclosures=tuple(
                MovedFile(string(one, "file"), string(one, "title"), string(one, "type"))
                for one in (enclosures if isinstance(enclosures, list) else ())
                if isinstance(one, dict) and string(one, "file")
            ),
            is_draft=(truth(head.get("draft")) and "withdrawn" not in own) or _is_hidden(head),
            facts={**own, **({"expires": over} if over and "expires" not in own else {})},
        )

    def _named_by_day(self, head: dict[str, Any], path: str) -> dict[str, Any]:
        """Return a head with the slug in the name of its file, where that begins with the text's day."""
        found = _DAY_IN_NAME.fullmatch(PurePosixPath(path).name) if ":filename" in self._date_keys else None
        return {"slug": found[2], **head} if found and found[2] and not string(head, "slug") else head

    def _is_page(self, path: str, date: When | None) -> bool:
        section, is_inner, _ = path.partition("/")
        dated = self._dated_sections or frozenset()
        return date is None and (not is_inner or section == "pages" or section not in dated)

    def _urls(self, url: str, lang: str, head: dict[str, Any]) -> Iterator[str]:
        """Yield every address of a text."""
        yield url if url.startswith("http") else self._below + url
        for alias in strings(head, "aliases"):
            if alias.startswith(("http://", "https://")):
                yield alias
            else:
                for path in alias_paths(alias, url, self._config.prefix(lang)):
                    yield self._below + path

    def _image(self, name: str, head: dict[str, Any]) -> MovedFile | None:
        cover = table(head, "cover")
        target = string(cover, "image") or string(
            head, "featured_image", "featuredimage", "image", "thumbnail"
        )
        target = target or next(iter(strings(head, "images")), "")
        alt = (
            string(cover, "alt")
            or string(head, "image_alt", "imagealt")
            or string(table(head, _OWN), "image_alt")
        )
        return MovedFile(target, alt) if target else None


def _is_hidden(head: dict[str, Any]) -> bool:
    """Tell whether a text has no page: it was only for templates to use."""
    build = table(head, "build") or table(head, "_build")
    return truth(head.get("headless")) or string(lowered(build), "render").lower() in (
        "never",
        "false",
        "link",
    )


def _day(head: dict[str, Any]) -> str:
    """Return when a text is over, as our front matter has it; empty when it never is."""
    found = read_moment(head.get("expirydate") or head.get("unpublishdate"))
    return write_date(found) if found is not None else ""


def _without_ending(name: str) -> str:
    return str(PurePosixPath(name).with_suffix(""))
