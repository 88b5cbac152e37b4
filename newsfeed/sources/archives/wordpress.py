"""Read an export of WordPress (WXR) of any size, one item at a time; with languages by Polylang or WPML."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.parse import unquote
from xml.sax.saxutils import quoteattr

from lxml import etree

from newsfeed.core.arriving.addresses import join_url, split_url
from newsfeed.core.arriving.moved_text import Doubt, MovedFile, MovedText, OldFeed, OldList
from newsfeed.core.content.facts import guess_media_type
from newsfeed.errors import OutsideError
from newsfeed.marking import N_, Sentence
from newsfeed.sources.archives.dates import read_moment
from newsfeed.sources.archives.opening import (
    NOT_FOR_ALL,
    local_name,
    no_document,
    open_archive_file,
    words_of,
)
from newsfeed.sources.archives.wordpress_stream import CleanStream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsfeed.core.arriving.moved_text import When

COMMENTS = N_("comments of readers have no place here; left out: {number}")
_GALLERY = re.compile(r"\[gallery\b([^\[\]]{0,2000})\]")
_GALLERY_IDS = re.compile(r"""\b(?:ids|include)\s*=\s*["']?([\d,\s]{1,2000})""")
OTHER_TYPES = N_("items of the kinds {names} are no texts; left out")
_KINDS = {"post": "news", "page": "pages"}
_PUBLISHED = ("publish", "future", "static")
_DRAFTS = ("draft", "pending", "private")
_LANGUAGE_KEYS = (
    "_wpml_import_language_code",
    "_wpml_language",
    "wpml_language",
    "_icl_lang",
    "_locale",
    "lang",
)
_GROUP_KEYS = ("_wpml_import_translation_group", "_wpml_trid", "wpml_trid", "trid")
_CHANNEL = ("base_blog_url", "link", "title", "description")
"""Elements that tell about the whole site."""
_UNKNOWN_DATE = "0000-00-00"


@dataclass(slots=True)
class _Item:
    """One item of an export, as its elements say it."""

    texts: dict[str, str] = field(default_factory=dict)
    terms: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    """Kind of term → (name in addresses, name)."""
    meta: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    comments: int = 0

    def first(self, *keys: str) -> str:
        """Return the first of these values of its meta data."""
        return next((value for key in keys for value in self.meta.get(key, ()) if value), "")


class WordPressArchive:
    """An export of WordPress, read from its file each time: for attachments and authors, then for texts."""

    def __init__(self, source: str, *, base_url: str = "") -> None:
        """Raises `OutsideError` and `UsageError`."""
        self._path = Path(source)
        self.doubts: list[Doubt] = []
        self.base_url = base_url
        self.title = self.description = ""
        self._lang = ""
        self._authors: dict[str, str] = {}
        self._languages: set[str] = set()
        self._terms: set[tuple[str, str, str, str]] = set()
        """(language, kind of term, name in addresses, name)."""
        self._attachments: dict[str, MovedFile] = {}
        self._beside: defaultdict[str, list[str]] = defaultdict(list)
        """Post → its attachments."""
        self._look_through()

    @property
    def language(self) -> str:
        """Return the language of the site."""
        return self._lang

    def texts(self) -> Iterator[MovedText]:
        """Yield posts and pages, in the order of the export."""
        others: set[str] = set()
        comments = 0
        self.doubts = []
        for element in self._elements(("item",)):
            item = _read_item(element)
            kind, status = item.texts.get("post_type", "post"), item.texts.get("status", "publish")
            if kind not in _KINDS:
                others.add(kind)
            elif status in _PUBLISHED or status in _DRAFTS:
                comments += item.comments
                is_closed = bool(item.texts.get("post_password"))
                if is_closed:
                    self.doubts.append(Doubt(_origin(item), Sentence(NOT_FOR_ALL)))
                yield self._text(item, _KINDS[kind], is_draft=is_closed or status in _DRAFTS)
        if comments:
            self.doubts.append(Doubt(self._path.name, Sentence(COMMENTS, number=comments)))
        others -= {"attachment", "revision", "nav_menu_item"}
        if others:
            self.doubts.append(Doubt(self._path.name, Sentence(OTHER_TYPES, names=", ".join(sorted(others)))))

    def find(self, origin: str, target: str) -> str:
        """Return nothing: an export brings no files along."""
        return ""

    def old_lists(self) -> Iterable[OldList]:
        """Yield the pages of categories and tags, in each language that they have been used in."""
        for lang, domain, slug, name in sorted(self._terms):
            below = "" if lang == self._lang.partition("-")[0] else f"/{lang}"
            yield OldList(f"{below}/{'tag' if domain == 'post_tag' else 'category'}/{slug}/", name, lang)

    def unnamed_files(self) -> list[str]:
        """Return nothing: there are no files."""
        return []

    def read(self, name: str) -> bytes:
        """Raise `OutsideError`: an export brings no files along."""
        raise OutsideError(N_("there is no {path}"), path=name)

    def _look_through(self) -> None:
        """Read what stands apart from the texts: address, language, authors, attachments."""
        is_export = False
        for element in self._elements(("item", "author", "language", *_CHANNEL)):
            name, is_export = local_name(element), True
            if name == "author":
                login = _child(element, "author_login")
                self._authors[login] = _child(element, "author_display_name") or login
            elif name == "language":
                self._lang = self._lang or words_of(element)
            elif name in _CHANNEL:
                parent = element.getparent()
                if parent is not None and local_name(parent) == "channel":
                    self._note(name, words_of(element))
            else:
                item = _read_item(element)
                if item.texts.get("post_type") == "attachment" and (
                    url := item.texts.get("attachment_url", "")
                ):
                    alt = item.first("_wp_attachment_image_alt") or item.texts.get("excerpt", "")
                    key = item.texts.get("post_id", "")
                    self._attachments[key] = MovedFile(url, alt)
                    self._beside[item.texts.get("post_parent", "")].append(key)
        if not is_export:
            raise no_document(str(self._path))

    def _note(self, name: str, words: str) -> None:
        if name == "title":
            self.title = self.title or words
        elif name == "description":
            self.description = self.description or words
        else:
            self.base_url = self.base_url or words

    def _elements(self, names: tuple[str, ...]) -> Iterator[etree._Element]:
        """Yield the elements of these names; each is forgotten when the next is asked for."""
        with open_archive_file(self._path) as file:
            stream = cast("BinaryIO", CleanStream(file, str(self._path)))
            tags = [f"{{*}}{name}" for name in names]
            try:
                yield from _forgotten(
                    etree.iterparse(
                        stream,
                        events=("end",),
                        tag=tags,
                        encoding="utf-8",
                        resolve_entities=False,
                        no_network=True,
                        load_dtd=False,
                        huge_tree=True,
                        recover=True,
                        remove_comments=True,
                        remove_pis=True,
                    )
                )
            except etree.XMLSyntaxError as error:
                raise no_document(str(self._path)) from error

    def _text(self, item: _Item, kind: str, *, is_draft: bool) -> MovedText:
        texts, link = item.texts, item.texts.get("link", "")
        language = item.terms["language"][0][0] if item.terms["language"] else item.first(*_LANGUAGE_KEYS)
        group = (
            item.terms["post_translations"][0][0]
            if item.terms["post_translations"]
            else item.first(*_GROUP_KEYS)
        )
        is_address = not split_url(link).query
        former = [
            join_url(link, f"../{slug}/" if link.endswith("/") else slug)
            for slug in item.meta.get("_wp_old_slug", ())
            if is_address
        ]
        if language:
            self._languages.add(language)
        for domain in ("category", "post_tag"):
            own = language or self._lang.partition("-")[0]
            self._terms |= {(own, domain, slug, name) for slug, name in item.terms[domain] if slug and name}
        author = texts.get("creator", "")
        date = _moment(texts, "post_date") or read_moment(texts.get("pubDate", ""))
        return MovedText(
            origin=_origin(item),
            title=texts.get("title", ""),
            body=self._with_galleries(item),
            is_html=True,
            kind=kind,
            guid=texts.get("guid", "") if kind == "news" else "",
            date=date,
            updated=_moment(texts, "post_modified"),
            summary=texts.get("excerpt", ""),
            authors=(self._authors.get(author, author),) if author and kind == "news" else (),
            lang=language or self._lang,
            group=group,
            urls=tuple(dict.fromkeys([*([link] if link else []), *former])),
            slug=_slug(texts.get("post_name", "")),
            categories=tuple(
                dict.fromkeys(
                    name for domain in ("category", "post_tag") for _, name in item.terms[domain] if name
                )
            ),
            image=self._attachments.get(item.first("_thumbnail_id")),
            enclosures=tuple(_enclosures(item)),
            is_draft=is_draft,
        )

    def _with_galleries(self, item: _Item) -> str:
        """Return the HTML of an item with the pictures that its galleries name; without names, its own."""

        def pictures(found: re.Match[str]) -> str:
            named = _GALLERY_IDS.search(found[1])
            keys = re.findall(r"\d+", named[1]) if named else self._beside[item.texts.get("post_id", "")]
            images = [self._attachments[key] for key in keys if key in self._attachments]
            rows = [
                f"<p><img src={quoteattr(one.target)} alt={quoteattr(one.alt)}></p>"
                for one in images
                if guess_media_type(split_url(one.target).path).startswith("image/")
            ]
            return "\n\n" + "\n".join(rows) + "\n\n" if rows else found[0]

        return _GALLERY.sub(pictures, item.texts.get("content", ""))

    def old_feeds(self) -> Iterator[OldFeed]:
        """Yield the feeds that every site of WordPress has, also below each language."""
        for lang in ("", *sorted(self._languages)):
            yield OldFeed(f"/{lang}/feed/".replace("//", "/"), "rss", lang)
            yield OldFeed(f"/{lang}/feed/atom/".replace("//", "/"), "atom", lang)


def _forgotten(events: Iterator[tuple[str, etree._Element]]) -> Iterator[etree._Element]:
    for _, element in events:
        yield element
        if local_name(element) == "item":
            element.clear()
            while element.getprevious() is not None and (parent := element.getparent()) is not None:
                del parent[0]


def _read_item(element: etree._Element) -> _Item:
    item = _Item()
    for child in element.iterchildren("*"):
        name = local_name(child)
        if name == "category":
            item.terms[child.get("domain") or "category"].append(
                (child.get("nicename") or "", unescape(words_of(child)))
            )
        elif name == "postmeta":
            item.meta[_child(child, "meta_key")].append(_child(child, "meta_value"))
        elif name == "comment":
            item.comments += 1
        elif name == "encoded":
            item.texts["excerpt" if "excerpt" in str(child.tag) else "content"] = words_of(child)
        else:
            item.texts.setdefault(name, words_of(child))
    return item


def _child(element: etree._Element, name: str) -> str:
    found = next(element.iterchildren(f"{{*}}{name}"), None)
    return words_of(found) if found is not None else ""


def _origin(item: _Item) -> str:
    return item.texts.get("link") or item.texts.get("guid") or item.texts.get("post_id", "")


def _moment(texts: dict[str, str], key: str) -> When | None:
    """Return a moment: the one in UTC, if it is known; drafts have none there."""
    universal = texts.get(f"{key}_gmt", "")
    if universal and not universal.startswith(_UNKNOWN_DATE):
        return read_moment(f"{universal}+00:00")
    local = texts.get(key, "")
    return read_moment(local) if local and not local.startswith(_UNKNOWN_DATE) else None


def _slug(name: str) -> str:
    """Return the name of a text in addresses, which is encoded where it has letters beyond ASCII."""
    return unquote(name)


def _enclosures(item: _Item) -> Iterator[MovedFile]:
    """Yield what WordPress notes as enclosures: address, size and type, on lines of their own."""
    for written in item.meta.get("enclosure", ()):
        lines = re.split(r"\s*\n\s*", written.strip())
        if lines[0].startswith(("http://", "https://")):
            yield MovedFile(lines[0], "", lines[2] if len(lines) > 2 else "")
