"""Read a site of Pelican: reStructuredText, Markdown or HTML, with translations by slug."""

from __future__ import annotations

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
    split_lines,
    string,
    unreadable,
)
from newsfeed.sources.archives.html_head import split_html
from newsfeed.sources.archives.python_settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsfeed.core.arriving.moved_text import When

_MARKDOWN = (".md", ".markdown", ".mkd", ".mdown")
_HTML = (".html", ".htm")
_RESTRUCTURED = ".rst"
_OTHER = (".adoc", ".asciidoc", ".org")
_SOURCES = (*_MARKDOWN, *_HTML, _RESTRUCTURED, *_OTHER)
_FIELD = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
_DAY_IN_NAME = re.compile(r"\d{4}-\d\d-\d\d")
_PLACE = re.compile(r"^[{|](?:filename|static|attach)[}|]/?")


class PelicanArchive:
    """A site of Pelican, or only its content folder."""

    def __init__(self, source: str, *, base_url: str = "") -> None:
        self._files = FolderFiles(Path(source), ("", "content"))
        self.doubts: list[Doubt] = []
        self._settings: dict[str, Any] = {}
        for name in ("pelicanconf.py", "publishconf.py"):
            if found := self._files.first(name):
                self._settings |= read_settings(self._files.text(found))
        path = string(self._settings, "PATH") or "content"
        self._content = f"{path}/" if any(name.startswith(f"{path}/") for name in self._files.names) else ""
        self.base_url = base_url or string(self._settings, "SITEURL")
        self.title = string(self._settings, "SITENAME")
        self.description = string(self._settings, "SITESUBTITLE")
        self.language = self._lang = string(self._settings, "DEFAULT_LANG") or "en"

    def texts(self) -> Iterator[MovedText]:
        """Yield articles and pages, in the order of their files."""
        self.doubts = []
        for name in self._files.names:
            if not name.startswith(self._content) or not name.endswith(_SOURCES):
                continue
            if name.endswith(_OTHER):
                self.doubts.append(Doubt(name, Sentence(OTHER_MARKUP)))
                continue
            try:
                head, body = self._split(name)
            except HeadUnreadableError as error:
                self.doubts.append(unreadable(name, error))
                continue
            if string(head, "title"):
                yield self._text(name, head, body)
            elif name.endswith(_RESTRUCTURED):
                self.doubts.append(Doubt(name, Sentence(UNTITLED)))

    def old_feeds(self) -> Iterator[OldFeed]:
        """Yield the feeds of the configuration; without one, those that Pelican makes by itself."""
        usual = {"FEED_ALL_ATOM": "feeds/all.atom.xml"}
        for key, form in (
            ("FEED_ALL_ATOM", "atom"),
            ("FEED_ATOM", "atom"),
            ("FEED_ALL_RSS", "rss"),
            ("FEED_RSS", "rss"),
        ):
            if path := string({**usual, **self._settings}, key):
                yield OldFeed(f"/{path.lstrip('/')}", form)

    def find(self, origin: str, target: str) -> str:
        """Return the file that a text means by a target, as ``{filename}other.md`` and ``{static}/a.png``."""
        bare = _PLACE.sub("", target)
        if bare == target:
            return self._files.find(origin, target)
        is_absolute = "}/" in target or "|/" in target
        return (not is_absolute and self._files.find(origin, bare)) or self._files.find(
            f"{self._content}x", bare
        )

    def old_lists(self) -> Iterable[OldList]:
        """Return nothing: where its lists are depends on the theme."""
        return ()

    def unnamed_files(self) -> list[str]:
        """Return the files that no text has named so far."""
        return self._files.unnamed()

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        return self._files.read(name)

    def _split(self, name: str) -> tuple[dict[str, Any], str]:
        text = self._files.text(name)
        if name.endswith(_HTML):
            return split_html(text)
        if name.endswith(_RESTRUCTURED):
            from newsfeed.sources.archives.restructured import read_restructured

            read = read_restructured(text, name, language=self._lang)
            self.doubts += read.doubts
            return dict(read.head), read.html
        head, body = split_head(text)
        if not head:
            return split_lines(text)
        return {key.lower(): value for key, value in head.items()}, body

    def _text(self, name: str, head: dict[str, Any], body: str) -> MovedText:
        inner = PurePosixPath(name[len(self._content) :])
        is_page = inner.parts[0] == "pages" and len(inner.parts) > 1
        title, lang = string(head, "title"), string(head, "lang") or self._lang
        slug = string(head, "slug") or pelican_slug(title)
        found = _DAY_IN_NAME.match(inner.name)
        when = read_moment(string(head, "date") or (found[0] if found else ""))
        folder = inner.parts[-2] if len(inner.parts) > 1 and not is_page else ""
        category = string(head, "category") or folder
        tags = [one.strip() for one in re.split("[,;]", string(head, "tags")) if one.strip()]
        authors = [
            one.strip() for one in re.split(";|,(?![^;]*;)", string(head, "authors", "author")) if one.strip()
        ]
        author = string(self._settings, "AUTHOR")
        url = string(head, "url") or self._url(is_page, lang, slug, when, category, authors)
        status = string(head, "status").lower()
        image = string(head, "image", "cover", "og_image", "thumbnail")
        return MovedText(
            origin=name,
            title=title,
            body=_without_braces(body),
            is_html=name.endswith((*_HTML, _RESTRUCTURED)),
            kind="pages" if is_page else "news",
            guid=string(head, "guid") or self._guid(url, when),
            date=when,
            updated=read_moment(string(head, "modified")),
            summary=string(head, "summary", "description"),
            authors=tuple(authors) or ((author,) if author and not is_page else ()),
            lang=lang,
            group=f"{inner.parts[0] if is_page else ''} {slug}",
            urls=(url if url.startswith("http") else f"/{url.lstrip('/')}",),
            slug=guess_slug(slug, lang),
            categories=tuple(dict.fromkeys([*([category] if category else []), *tags])),
            image=MovedFile(image) if image else None,
            is_draft=status in ("draft", "hidden", "skip"),
        )

    def _url(
        self, is_page: bool, lang: str, slug: str, when: When | None, category: str, authors: list[str]
    ) -> str:
        is_other = lang != self._lang
        key = f"{'PAGE' if is_page else 'ARTICLE'}{'_LANG' if is_other else ''}_URL"
        usual = f"{'pages/' if is_page else ''}{{slug}}{'-{lang}' if is_other else ''}.html"
        pattern = string(self._settings, key) or usual
        values: dict[str, Any] = {
            "slug": slug,
            "lang": lang,
            "category": pelican_slug(category),
            "date": when,
        }
        values["author"] = pelican_slug(authors[0]) if authors else ""

        def field(found: re.Match[str]) -> str:
            value = values.get(found[1], found[0])
            return value.strftime(found[2]) if found[2] and hasattr(value, "strftime") else str(value)

        return _FIELD.sub(field, pattern)

    def _guid(self, url: str, when: When | None) -> str:
        """Return the id in feeds, as Pelican makes it: a tag of host, day and path (RFC 4151)."""
        if not self.base_url:
            return ""
        whole = split_url(join_url(f"{self.base_url.rstrip('/')}/", url))
        day = f",{when:%Y-%m-%d}" if when is not None else ""
        fragment = f"/{whole.fragment}" if whole.fragment else ""
        return f"tag:{whole.hostname}{day}:{whole.path}{fragment}"


def pelican_slug(text: str) -> str:
    """Return a text as Pelican has it in addresses: signs go, whatever they stand between."""
    from slugify import slugify

    return slugify(re.sub(r"[^\w\s-]", "", text), regex_pattern=r"[^-a-z0-9_]+").strip("-")


def _without_braces(body: str) -> str:
    """Return a body with one spelling of Pelican's targets: ``|filename|`` becomes ``{filename}``."""
    return re.sub(r"\|(filename|static|attach)\|", r"{\1}", body)
