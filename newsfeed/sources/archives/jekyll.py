"""Read a site of Jekyll: posts, drafts and pages, with the addresses that its configuration gives them."""

from __future__ import annotations

import posixpath
import re
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from newsfeed.core.arriving.addresses import join_url
from newsfeed.core.arriving.moved_text import Doubt, MovedFile, MovedText, OldFeed, OldList
from newsfeed.core.content.value_guesses import guess_slug
from newsfeed.marking import Sentence
from newsfeed.sources.archives.dates import find_zone, read_moment
from newsfeed.sources.archives.folder_files import FolderFiles
from newsfeed.sources.archives.heads import (
    HOME_WORDS,
    OTHER_MARKUP,
    HeadUnreadableError,
    parse_yaml,
    split_head,
    string,
    strings,
    table,
    truth,
    unreadable,
)
from newsfeed.sources.archives.jekyll_addresses import STYLES, jekyll_id, jekyll_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsfeed.core.arriving.moved_text import When

_MARKDOWN = (".md", ".markdown", ".mkd", ".mkdn")
_TEXTS = (*_MARKDOWN, ".html", ".htm")
_POST = re.compile(r"(\d{4}-\d\d?-\d\d?)-(.+)")
_OTHER = (".textile", ".adoc", ".asciidoc", ".rst", ".org")


class JekyllArchive:
    """A site of Jekyll."""

    def __init__(self, source: str, *, base_url: str = "") -> None:
        self._files = FolderFiles(Path(source), ("",))
        self.doubts: list[Doubt] = []
        self._config = self._read_config()
        self._below = string(self._config, "baseurl").strip("/")
        url = string(self._config, "url")
        self.base_url = base_url or (join_url(url, f"/{self._below}") if url else "")
        self.language = string(self._config, "lang")
        self.title = string(self._config, "title")
        self.description = string(self._config, "description", "tagline")
        permalink = string(self._config, "permalink") or "date"
        self._permalink = STYLES.get(permalink, permalink)
        self._zone = find_zone(string(self._config, "timezone"))
        self._collections = _collections(self._config.get("collections"))
        self._of_config = list(self.doubts)

    def texts(self) -> Iterator[MovedText]:
        """Yield posts, drafts, texts of collections, and pages that have a head."""
        self.doubts = list(self._of_config)
        for name in self._files.names:
            kind = self._kind_of(name)
            if not kind:
                continue
            if name.endswith(_OTHER):
                self.doubts.append(Doubt(name, Sentence(OTHER_MARKUP)))
                continue
            try:
                head, body = split_head(self._files.text(name))
            except HeadUnreadableError as error:
                self.doubts.append(unreadable(name, error))
                continue
            if kind == "home":
                if body.strip() and head and name.endswith(_MARKDOWN):
                    self.doubts.append(Doubt(name, Sentence(HOME_WORDS)))
            elif head or kind != "pages":
                yield self._text(name, kind, {**self._defaults(name, kind), **head}, body)

    def _kind_of(self, name: str) -> str:
        """Return ``posts``, ``drafts``, ``pages``, ``home`` or the name of a collection; nothing for a file
        that is no text.
        """
        path = PurePosixPath(name)
        if path.suffix not in (*_TEXTS, *_OTHER):
            return ""
        if "_posts" in path.parts[:-1]:
            return "posts" if _POST.fullmatch(path.stem) else ""
        if "_drafts" in path.parts[:-1]:
            return "drafts"
        top = path.parts[0]
        if top.startswith("_"):
            return top[1:] if top[1:] in self._collections else ""
        if any(part.startswith("_") for part in path.parts):
            return ""
        if len(path.parts) == 1 and path.stem.lower() in ("404", "readme", "license", "changelog"):
            return ""
        return "home" if len(path.parts) == 1 and path.stem == "index" else "pages"

    def _defaults(self, name: str, kind: str) -> dict[str, Any]:
        """Return what the configuration says of texts of such a kind, at such a place."""
        found: dict[str, Any] = {}
        rows = self._config.get("defaults")
        for row in rows if isinstance(rows, list) else ():
            if not isinstance(row, dict):
                continue
            scope = table(row, "scope")
            path = string(scope, "path").strip("/")
            is_there = not path or fnmatchcase(name, path) or name.startswith(f"{path}/")
            if is_there and string(scope, "type") in ("", kind):
                found |= table(row, "values")
        return found

    def old_feeds(self) -> Iterator[OldFeed]:
        """Yield the feed of the plugin jekyll-feed."""
        yield OldFeed(f"/{string(table(self._config, 'feed'), 'path') or 'feed.xml'}", "atom")

    def find(self, origin: str, target: str) -> str:
        """Return the file that a text means by a target, also one by the name of a post (``post_url``)."""
        found = self._files.find(origin, target) or self._files.find("", target)
        if found or not _POST.fullmatch(target):
            return found
        return self._files.first(*(f"_posts/{target}{ending}" for ending in _TEXTS))

    def old_lists(self) -> Iterable[OldList]:
        """Return nothing: where its lists are depends on the theme."""
        return ()

    def unnamed_files(self) -> list[str]:
        """Return the files that no text has named so far."""
        return self._files.unnamed()

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        return self._files.read(name)

    def _read_config(self) -> dict[str, Any]:
        name = self._files.first("_config.yml", "_config.yaml")
        try:
            return parse_yaml(self._files.text(name)) if name else {}
        except HeadUnreadableError as error:
            self.doubts.append(unreadable(name, error))
            return {}

    def _text(self, name: str, kind: str, head: dict[str, Any], body: str) -> MovedText:
        path = PurePosixPath(name)
        dated = _POST.fullmatch(path.stem)
        slug = string(head, "slug") or (dated[2] if dated else path.stem)
        when = read_moment(head.get("date")) or (_day(dated[1]) if dated else None)
        categories = tuple(
            dict.fromkeys(
                (
                    *_folders_above(name),
                    *strings(head, "category"),
                    *strings(head, "categories", split=" "),
                )
            )
        )
        lang = string(head, "lang", "language") or string(self._config, "lang")
        inner = self._path(head, name, kind, slug, when, categories)
        url = (f"/{self._below}" if self._below else "") + inner
        group = string(head, "translation_key", "ref", "page_id", "translation_id")
        image = head.get("image")
        target = (
            string(image, "path", "url") if isinstance(image, dict) else string(head, "image", "thumbnail")
        )
        alt = string(image, "alt") if isinstance(image, dict) else string(head, "image_alt")
        return MovedText(
            origin=name,
            title=string(head, "title") or slug.replace("-", " ").capitalize(),
            body=body,
            is_html=path.suffix in (".html", ".htm"),
            kind="news" if when is not None or kind in ("posts", "drafts") else "pages",
            # What the plugin jekyll-feed writes: the address without its ending.
            guid=string(head, "guid")
            or (jekyll_id(join_url(self.base_url, "/"), url, slug) if self.base_url else ""),
            date=when,
            updated=read_moment(head.get("last_modified_at")) or read_moment(head.get("updated")),
            summary=string(head, "description", "excerpt", "summary"),
            authors=strings(head, "authors", "author"),
            lang=lang,
            group=group,
            urls=(url, *(self._old(alias) for alias in strings(head, "redirect_from"))),
            slug=guess_slug(slug, lang),
            categories=tuple(
                dict.fromkeys((*categories, *strings(head, "tags", split=" "), *strings(head, "tag")))
            ),
            image=MovedFile(target, alt) if target else None,
            is_draft=kind == "drafts" or head.get("published") == "false" or truth(head.get("draft")),
        )

    def _old(self, alias: str) -> str:
        """Return an address that the plugin jekyll-redirect-from leads on from."""
        if alias.startswith(("http://", "https://")):
            return alias
        return posixpath.join("/", self._below, alias.lstrip("/"))

    def _path(
        self,
        head: dict[str, Any],
        name: str,
        kind: str,
        slug: str,
        when: When | None,
        categories: tuple[str, ...],
    ) -> str:
        """Return the path of a text below the site's folder."""
        stem = str(PurePosixPath(name).with_suffix(""))
        pattern = string(head, "permalink")
        if kind == "pages" and not pattern:
            folder, last = posixpath.split(stem)
            is_pretty = self._permalink.endswith("/")
            last = "" if last == "index" else f"{last}/" if is_pretty else f"{last}.html"
            return posixpath.join("/", folder, last)
        if kind in self._collections:
            inner = stem.partition("/")[2]
            usual = self._collections[kind] or "/:collection/:path:output_ext"
            return jekyll_path(pattern or usual, slug, inner, when, categories, kind)
        if isinstance(when, datetime) and when.tzinfo is not None and self._zone is not None:
            when = when.astimezone(self._zone)
        return jekyll_path(pattern or self._permalink, slug, stem, when, categories)


def _collections(value: object) -> dict[str, str]:
    """Return collection → pattern of its addresses, of those that are published."""
    if not isinstance(value, dict):
        return {}
    return {
        name: string(one, "permalink")
        for name, one in value.items()
        if isinstance(one, dict) and truth(one.get("output")) and name not in ("posts", "drafts")
    }


def _folders_above(name: str) -> tuple[str, ...]:
    """Return the folders above ``_posts``, which are categories."""
    parts = PurePosixPath(name).parts
    return parts[: parts.index("_posts")] if "_posts" in parts else ()


def _day(written: str) -> date | None:
    try:
        return date(*(int(part) for part in written.split("-")))
    except ValueError:
        return None
