"""Read a site of Jekyll: posts, drafts and pages, with the addresses that its configuration gives them."""

from __future__ import annotations

import posixpath
import re
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from newsfeed.core.arriving.addresses import join_url
from newsfeed.core.arriving.moved_text import MovedFile, MovedText
from newsfeed.core.content.value_guesses import guess_slug
from newsfeed.sources.archives.dates import read_moment
from newsfeed.sources.archives.folder_files import FolderFiles
from newsfeed.sources.archives.heads import (
    HeadUnreadableError,
    parse_yaml,
    split_head,
    string,
    strings,
    truth,
    unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsfeed.core.arriving.moved_text import Doubt, When

_TEXTS = (".md", ".markdown", ".mkd", ".html", ".htm")
_POST = re.compile(r"(\d{4}-\d\d?-\d\d?)-(.+)")
_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_TOKEN = re.compile(r":([a-z_]+)")


class JekyllArchive:
    """A site of Jekyll."""

    def __init__(self, source: str, *, base_url: str = "") -> None:
        self._files = FolderFiles(Path(source), ("",))
        self.doubts: list[Doubt] = []
        self._config = self._read_config()
        self._below = string(self._config, "baseurl").strip("/")
        self.base_url = base_url or string(self._config, "url")
        self.title = string(self._config, "title")
        self.description = string(self._config, "description", "tagline")
        permalink = string(self._config, "permalink") or "date"
        self._permalink = _STYLES.get(permalink, permalink)

    def texts(self) -> Iterator[MovedText]:
        """Yield posts, drafts, and pages that have a head."""
        self.doubts = []
        for name in self._files.names:
            kind = _kind_of(name)
            if not kind:
                continue
            try:
                head, body = split_head(self._files.text(name))
            except HeadUnreadableError as error:
                self.doubts.append(unreadable(name, error))
                continue
            if head or kind != "pages":
                yield self._text(name, kind, head, body)

    def find(self, origin: str, target: str) -> str:
        """Return the file that a text means by a target, also one by the name of a post (``post_url``)."""
        found = self._files.find(origin, target) or self._files.find("", target)
        if found or not _POST.fullmatch(target):
            return found
        return self._files.first(*(f"_posts/{target}{ending}" for ending in _TEXTS))

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
        categories = (
            *strings(head, "category"),
            *strings(head, "categories", split=" "),
            *_folders_above(name),
        )
        lang = string(head, "lang", "language") or string(self._config, "lang")
        url = self._url(head, name, kind, slug, when, categories)
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
            kind="pages" if kind == "pages" else "news",
            # What the plugin jekyll-feed writes: the address without its ending.
            guid=string(head, "guid")
            or (join_url(self.base_url, _id_of(url, slug)) if self.base_url else ""),
            date=when,
            updated=read_moment(head.get("last_modified_at")) or read_moment(head.get("updated")),
            summary=string(head, "description", "excerpt", "summary"),
            authors=strings(head, "authors", "author"),
            lang=lang,
            group=group,
            urls=(url, *(join_url(url, alias) for alias in strings(head, "redirect_from"))),
            slug=guess_slug(slug, lang),
            categories=tuple(
                dict.fromkeys((*categories, *strings(head, "tags", split=" "), *strings(head, "tag")))
            ),
            image=MovedFile(target, alt) if target else None,
            is_draft=kind == "drafts" or head.get("published") == "false" or truth(head.get("draft")),
        )

    def _url(
        self,
        head: dict[str, Any],
        name: str,
        kind: str,
        slug: str,
        when: When | None,
        categories: tuple[str, ...],
    ) -> str:
        below = f"/{self._below}" if self._below else ""
        pattern = string(head, "permalink")
        pattern = _STYLES.get(pattern, pattern)
        if kind == "pages" and not pattern:
            folder, stem = posixpath.split(str(PurePosixPath(name).with_suffix("")))
            is_pretty = self._permalink.endswith("/")
            last = "" if stem == "index" else f"{stem}/" if is_pretty else f"{stem}.html"
            return below + posixpath.join("/", folder, last)
        values = {"title": slug, "slug": slug, "name": slug, "output_ext": ".html"}
        values["categories"] = "/".join(guess_slug(one) for one in categories)
        if when is not None:
            values |= {"year": f"{when.year:04}", "month": f"{when.month:02}", "day": f"{when.day:02}"}
            values |= {
                "i_month": str(when.month),
                "i_day": str(when.day),
                "short_year": f"{when.year % 100:02}",
            }
            values |= {"y_day": f"{when.timetuple().tm_yday:03}", "short_day": when.strftime("%a")}
            values |= {"week": f"{when.isocalendar()[1]:02}"}
            if isinstance(when, datetime):
                values |= {
                    "hour": f"{when.hour:02}",
                    "minute": f"{when.minute:02}",
                    "second": f"{when.second:02}",
                }
        path = _TOKEN.sub(lambda found: values.get(found[1], found[0]), pattern or self._permalink)
        return below + re.sub(r"/{2,}", "/", f"/{path}")


def _kind_of(name: str) -> str:
    """Return ``posts``, ``drafts`` or ``pages``; nothing for a file that is no text."""
    path = PurePosixPath(name)
    if path.suffix not in _TEXTS:
        return ""
    if "_posts" in path.parts[:-1]:
        return "posts" if _POST.fullmatch(path.stem) else ""
    if "_drafts" in path.parts[:-1]:
        return "drafts"
    is_inner = any(part.startswith("_") for part in path.parts)
    return "" if is_inner or path.stem.lower() in ("index", "404", "readme", "license") else "pages"


def _folders_above(name: str) -> tuple[str, ...]:
    """Return the folders above ``_posts``, which are categories."""
    parts = PurePosixPath(name).parts
    return parts[: parts.index("_posts")] if "_posts" in parts else ()


def _id_of(url: str, slug: str) -> str:
    return posixpath.join(posixpath.dirname(url.rstrip("/")), slug)


def _day(written: str) -> date | None:
    try:
        return date(*(int(part) for part in written.split("-")))
    except ValueError:
        return None
