"""Read feeds, RSS, Atom or JSON Feed, with their archives: from a file, a folder, or the web."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsfeed.connections import is_public
from newsfeed.core.arriving.addresses import join_url, split_url
from newsfeed.core.arriving.moved_text import OldFeed, OldList
from newsfeed.errors import OutsideError, UsageError
from newsfeed.marking import N_
from newsfeed.sources.archives.feed_documents import FeedDocument, read_feed
from newsfeed.sources.archives.opening import MOST_IN_MEMORY, no_document, read_archive_file
from newsfeed.sources.archives.web import MOST_FEED, fetch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from newsfeed.core.arriving.moved_text import Doubt, MovedText

_MOST_DOCUMENTS = 2_000
_ENDINGS = (".xml", ".rss", ".atom", ".rdf", ".json", ".gz")
_ARCHIVE_NUMBER = re.compile(r"-\d+(?=\.[a-z]+$)")


class FeedArchive:
    """The entries of one feed and of the documents that it goes on in (RFC 5005), or of several."""

    def __init__(
        self, source: str, *, base_url: str = "", may_ask: Callable[[str], bool] = is_public
    ) -> None:
        """source: a file, a folder, or a web address. Raises `OutsideError` or `UsageError`."""
        self._may_ask = may_ask
        self._texts: dict[str, MovedText] = {}
        self.doubts: list[Doubt] = []
        self.base_url = base_url
        self.title = self.description = self.language = ""
        self._source, self._form = source, ""
        for start in _starts(source):
            self._follow(start)
        if not self._texts:
            raise UsageError(N_("{path} has no entries"), N_("look at what --from says"), path=source)

    def texts(self) -> Iterator[MovedText]:
        """Yield the entries; of one that stands in several documents the first."""
        yield from self._texts.values()

    def old_feeds(self) -> Iterator[OldFeed]:
        """Yield the feed itself, when it was on the web."""
        if _is_web(self._source):
            parts = split_url(self._source)
            if not parts.query:
                yield OldFeed(parts.path, self._form)

    def find(self, origin: str, target: str) -> str:
        """Return nothing: a feed brings no files along."""
        return ""

    def old_lists(self) -> Iterable[OldList]:
        """Return nothing: where its lists are depends on the theme."""
        return ()

    def unnamed_files(self) -> list[str]:
        """Return nothing: there are no files."""
        return []

    def read(self, name: str) -> bytes:
        """Raise `OutsideError`: a feed brings no files along."""
        raise OutsideError(N_("cannot read {path}: {reason}"), path=name, reason="")

    def _follow(self, start: str) -> None:
        waiting, seen = [start], set[str]()
        while waiting and len(seen) < _MOST_DOCUMENTS:
            place = waiting.pop(0)
            if place in seen:
                continue
            seen.add(place)
            document = self._document(place)
            self.base_url = self.base_url or document.home
            self.title = self.title or document.title
            self._form = self._form or document.form
            self.description = self.description or document.description
            for text in document.texts:
                self._texts.setdefault(text.guid or text.origin or text.title, text)
            waiting += [found for link in document.following if (found := _following(place, link))]

    def _document(self, place: str) -> FeedDocument:
        try:
            if _is_web(place):
                answer = fetch(place, MOST_FEED, may_ask=self._may_ask)
                return read_feed(answer.data, answer.url)
            return read_feed(read_archive_file(Path(place), MOST_IN_MEMORY), place)
        except RecursionError as error:
            raise no_document(place) from error


def _following(place: str, link: str) -> str:
    """Return where a document that follows is: on the web, or for a file beside it, if it is there."""
    if _is_web(place):
        return join_url(place, link)
    beside = Path(place).parent / unquote(split_url(link).path).rpartition("/")[2]
    return str(beside) if beside.name and beside.is_file() else ""


def _starts(source: str) -> list[str]:
    if _is_web(source) or not Path(source).is_dir():
        return [source]
    files = sorted(one for one in Path(source).iterdir() if one.suffix.lower() in _ENDINGS and one.is_file())
    return [str(one) for one in files if not _ARCHIVE_NUMBER.search(one.name)] or list(map(str, files))


def _is_web(place: str) -> bool:
    return place.lower().startswith(("http://", "https://"))
