"""Read a site of Nikola: reStructuredText, Markdown or HTML, with translations by suffix."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from newsfeed.core.arriving.addresses import join_url, split_url
from newsfeed.core.arriving.moved_text import Doubt, MovedFile, MovedText, OldFeed, OldList
from newsfeed.core.content.value_guesses import guess_slug
from newsfeed.marking import Sentence
from newsfeed.sources.archives.dates import read_moment
from newsfeed.sources.archives.folder_files import FolderFiles
from newsfeed.sources.archives.heads import (
    OTHER_MARKUP,
    UNTITLED,
    HeadUnreadableError,
    split_head,
    string,
    unreadable,
)
from newsfeed.sources.archives.html_head import split_html
from newsfeed.sources.archives.python_settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MARKDOWN = (".md", ".mdown", ".markdown")
_RESTRUCTURED = (".rst", ".txt")
_TEXTS = (*_MARKDOWN, *_RESTRUCTURED, ".html", ".htm", ".wp")
_MAYBE_TEXTS = ".txt"
"""Files of this kind lie about also where no text is meant."""
_OTHER = (".ipynb", ".org")
_BY_SLUG = "link://slug/"
_META = re.compile(r"^\s*(?:#\s*)?\.\.\s+([a-z_]+):[ \t]*(.*?)\s*$", re.MULTILINE)
_COMMENT = re.compile(r"\A\s*<!--(.*?)-->\s*", re.DOTALL)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[_-][a-z0-9]{2,8})?", re.IGNORECASE)


class NikolaArchive:
    """A site of Nikola."""

    def __init__(self, source: str, *, base_url: str = "") -> None:
        self._files = FolderFiles(Path(source), ("", "files", "images"))
        self.doubts: list[Doubt] = []
        settings = read_settings(self._files.text("conf.py")) if self._files.first("conf.py") else {}
        self.base_url = base_url or string(settings, "SITE_URL")
        self.title = string(settings, "BLOG_TITLE")
        self.description = string(settings, "BLOG_DESCRIPTION")
        self.language = self._lang = string(settings, "DEFAULT_LANG") or "en"
        languages = settings.get("TRANSLATIONS")
        places = languages if isinstance(languages, dict) else {}
        self._languages = {
            self._lang: "",
            **{str(code): str(place or "").strip("./") for code, place in places.items()},
        }
        """Language → folder of its pages."""
        self._has_fields = settings.get("USE_REST_DOCINFO_METADATA") is True
        self._is_pretty = settings.get("PRETTY_URLS", True) is not False
        self._folders = _folders(settings.get("POSTS"), "posts"), _folders(settings.get("PAGES"), "pages")
        self._by_slug: dict[str, dict[str, str]] = {}
        """Name in addresses → language → file, of the texts that have been read."""
        self._titles: dict[tuple[str, str], str] | None = None
        """Name in addresses and language → title; nothing before somebody asks."""
        self._below = split_url(self.base_url).path.rstrip("/")
        author = settings.get("BLOG_AUTHOR")
        self._author = author if isinstance(author, str) else ""

    def texts(self) -> Iterator[MovedText]:
        """Yield posts and pages, in the order of their files."""
        self.doubts = []
        for name in self._files.names:
            folder, kind = self._folder_of(name)
            if not kind or name.endswith(".meta"):
                continue
            if name.endswith(_OTHER):
                self.doubts.append(Doubt(name, Sentence(OTHER_MARKUP)))
            elif name.endswith(_TEXTS):
                try:
                    head, body = self._split(name, folder)
                except HeadUnreadableError as error:
                    self.doubts.append(unreadable(name, error))
                    continue
                if string(head, "title") or not name.endswith(_MAYBE_TEXTS):
                    yield self._text(name, folder, kind, head, body)
                else:
                    self.doubts.append(Doubt(name, Sentence(UNTITLED)))

    def old_feeds(self) -> Iterator[OldFeed]:
        """Yield the feed of each language."""
        for lang, place in self._languages.items():
            yield OldFeed(posixpath.join("/", place, "rss.xml"), "rss", lang)

    def find(self, origin: str, target: str) -> str:
        """Return the file that a text means by a target, also by the name of a text (``link://slug/…``)."""
        if target.startswith(_BY_SLUG):
            found = self._by_slug.get(target.removeprefix(_BY_SLUG), {})
            lang = self._language_of(origin, self._folder_of(origin)[0])[0] or self._lang
            return found.get(lang) or found.get(self._lang) or next(iter(found.values()), "")
        return self._files.find(origin, target)

    def old_lists(self) -> Iterable[OldList]:
        """Return nothing: where its lists are depends on the theme."""
        return ()

    def unnamed_files(self) -> list[str]:
        """Return the files that no text has named so far."""
        return self._files.unnamed()

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        return self._files.read(name)

    def _folder_of(self, name: str) -> tuple[str, str]:
        for kind, folders in zip(("news", "pages"), self._folders, strict=True):
            for folder in folders:
                if name.startswith(f"{folder}/"):
                    return folder, kind
        return "", ""

    def _address(self, lang: str, folder: str, stem: str, slug: str) -> str:
        """Return the address of a text in a language."""
        places = {**self._folders[1], **self._folders[0]}[folder]
        place = next((places[key] for key in (lang, self._lang, "") if key in places), folder).strip("/")
        above = posixpath.dirname(stem)
        path = posixpath.join("/", self._languages.get(lang, lang), place, above, slug)
        return f"{self._below}{path}/" if self._is_pretty else f"{self._below}{path}.html"

    def _stand_ins(self, folder: str, stem: str, slug: str, name: str) -> Iterator[str]:
        """Yield the addresses at which a text stood in for a translation that there was not."""
        path = PurePosixPath(name)
        for lang in self._languages:
            other = f"{path.with_suffix('')}.{lang}{path.suffix}"
            if lang != self._lang and not self._files.first(other):
                yield self._address(lang, folder, stem, slug)

    def _split(self, name: str, folder: str) -> tuple[dict[str, Any], str]:
        """Return head and body of a text; what a translation does not say, its original says for it."""
        head, body, before = self._top(name, folder)
        lang, stem = self._language_of(name, folder)
        if name.endswith(_RESTRUCTURED):
            from newsfeed.sources.archives.restructured import read_restructured

            read = read_restructured(
                body,
                name,
                language=lang or self._lang,
                has_head=self._has_fields,
                lines_before=before,
                title_of=lambda slug: self._title_of(slug, lang or self._lang),
            )
            self.doubts += read.doubts
            head, body = {**read.head, **head}, read.html
        if lang and head:
            head = {**self._head_of_original(folder, stem), **{key: one for key, one in head.items() if one}}
        return head, body

    def _top(self, name: str, folder: str) -> tuple[dict[str, Any], str, int]:
        """Return the head of a text, in its file or beside it, its body, and how many lines are above."""
        text = self._files.text(name)
        path = PurePosixPath(name)
        stem = self._language_of(name, folder)[1]
        if meta := self._files.first(str(path.with_suffix(".meta")), f"{folder}/{stem}.meta"):
            return dict(_META.findall(self._files.text(meta))), text, 0
        head, body = split_head(text)
        if not head and name.endswith(_RESTRUCTURED):
            above, _, rest = text.lstrip().partition("\n\n")
            head = dict(_META.findall(above))
            body = rest if head else text
        elif not head and (found := _COMMENT.match(text)):
            head, body = dict(_META.findall(found[1])), text[found.end() :]
        elif not head and path.suffix in (".html", ".htm"):
            tags, inner = split_html(text)
            if string(tags, "title"):
                head, body = {**tags, "tags": string(tags, "tags", "keywords")}, inner
        return head, body, text[: len(text) - len(body)].count("\n")

    def _head_of_original(self, folder: str, stem: str) -> dict[str, Any]:
        original = self._files.first(*(f"{folder}/{stem}{ending}" for ending in _TEXTS))
        try:
            head = self._top(original, folder)[0] if original else {}
        except HeadUnreadableError:
            return {}  # that is told of the original
        return {key: one for key, one in head.items() if key != "guid"}

    def _title_of(self, slug: str, lang: str) -> str:
        """Return the title of the text with a name, in a language, or else in that of the site."""
        if self._titles is None:
            self._titles = {}
            for name in self._files.names:
                folder, kind = self._folder_of(name)
                if kind and name.endswith(_TEXTS):
                    self._note_title(name, folder, self._titles)
        return self._titles.get((slug, lang)) or self._titles.get((slug, self._lang), "")

    def _note_title(self, name: str, folder: str, titles: dict[tuple[str, str], str]) -> None:
        lang, stem = self._language_of(name, folder)
        try:
            head = {**(self._head_of_original(folder, stem) if lang else {}), **self._top(name, folder)[0]}
        except HeadUnreadableError:
            return
        slug = string(head, "slug") or nikola_slug(PurePosixPath(stem).name)
        titles.setdefault((slug, lang or self._lang), string(head, "title"))

    def _language_of(self, name: str, folder: str) -> tuple[str, str]:
        """Return the language that a file's name ends with, empty for that of the site; and the rest."""
        inner = str(PurePosixPath(name[len(folder) + 1 :]).with_suffix(""))
        stem, _, suffix = inner.rpartition(".")
        is_other = bool(stem) and (
            suffix in self._languages or (len(suffix) == 2 and bool(_LANGUAGE.fullmatch(suffix)))
        )
        return (suffix, stem) if is_other else ("", inner)

    def _text(self, name: str, folder: str, kind: str, head: dict[str, Any], body: str) -> MovedText:
        lang, stem = self._language_of(name, folder)
        is_other, lang = bool(lang), lang or self._lang
        slug = string(head, "slug") or nikola_slug(PurePosixPath(stem).name)
        self._by_slug.setdefault(slug, {}).setdefault(lang, name)
        url = self._address(lang, folder, stem, slug)
        others = () if is_other else self._stand_ins(folder, stem, slug, name)
        tags = [one.strip() for one in string(head, "tags").split(",") if one.strip()]
        statuses = {"draft", "private"}
        categories = [*([string(head, "category")] if string(head, "category") else []), *tags]
        image = string(head, "previewimage")
        return MovedText(
            origin=name,
            title=string(head, "title") or PurePosixPath(stem).name,
            body=body,
            is_html=not name.endswith((".md", ".mdown", ".markdown")),
            kind=kind,
            guid=string(head, "guid") or (join_url(self.base_url, url) if self.base_url else ""),
            date=read_moment(string(head, "date")),
            updated=read_moment(string(head, "updated")),
            summary=string(head, "description"),
            authors=tuple(
                one for one in (string(head, "author", "authors") or self._author,) if one and kind == "news"
            ),
            lang=lang,
            group=f"{folder}/{stem}",
            urls=(url, *others),
            slug=guess_slug(slug, lang),
            categories=tuple(
                dict.fromkeys(one for one in categories if one.lower() not in (*statuses, "mathjax"))
            ),
            image=MovedFile(image) if image else None,
            is_draft=string(head, "status").lower() in statuses
            or not statuses.isdisjoint(map(str.lower, tags)),
        )


def nikola_slug(name: str) -> str:
    """Return the name of a file as Nikola has it in addresses."""
    from slugify import slugify

    return slugify(re.sub(r"[^+\w\s-]", "", name), regex_pattern=r"[^-+a-z0-9_]+") or name


def _folders(patterns: object, usual: str) -> dict[str, dict[str, str]]:
    """Return source folder → language → folder of addresses, of ``(("posts/*.md", "posts", "x.tmpl"), …)``.

    The language of a folder that is the same for all is empty.
    """
    found: dict[str, dict[str, str]] = {}
    for row in patterns if isinstance(patterns, (tuple, list)) else ():
        if isinstance(row, (tuple, list)) and row and (folder := str(row[0]).partition("*")[0].rstrip("/")):
            place = row[1] if len(row) > 1 else folder
            by_language = (
                {str(lang): str(one) for lang, one in place.items()} if isinstance(place, dict) else {}
            )
            found.setdefault(folder, by_language or {"": str(place)})
    return found or {usual: {"": usual}}
