"""Entries of feeds: each is made once for all documents that hold it, as far as a bounded memory reaches.

A story stands in the feeds of the site and of all its sections, in every format. To keep all entries
of a large site would take more memory than all else, so only those that were used last are kept, and
`newsfeed.build.render_order` lets documents follow each other that hold stories of the same time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.build.staging import Piece
from newsfeed.core.recent import Recent
from newsfeed.core.site.feeds import make_feed_entry
from newsfeed.render import feeds
from newsfeed.render.feeds.content import entry_html

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsfeed.core.site.pages import ViewContext
    from newsfeed.views import BodySource, FeedEntry

_VIEWS = 1_000
_BYTES = 24_000_000
"""Of entries in all formats: those of some 2,000 stories."""


class Entries:
    """Makes the entries of all feeds."""

    def __init__(self, view_context: ViewContext, html: Callable[[str, BodySource], str]) -> None:
        """``html``: a text as an edition's feeds show it."""
        self._view_context = view_context
        self._html = html
        self._views: Recent[tuple[str, str], FeedEntry] = Recent(_VIEWS)
        self._texts: Recent[tuple[str, str], str] = Recent(_BYTES // 4, len)
        self._pieces: Recent[tuple[str, str, str], Piece] = Recent(_BYTES, len)

    def pieces(self, form: str, lang: str, keys: Sequence[str]) -> list[Piece]:
        """The entries of some stories as they stand in every document of a format and an edition."""
        found = [self._pieces.get((form, lang, key)) for key in keys]
        missing = [key for key, piece in zip(keys, found, strict=True) if piece is None]
        written = [(self._view(lang, key), self._text(lang, key)) for key in missing]
        made = iter(feeds.entries(form, written, lang) if missing else ())
        return [
            piece if piece is not None else self._pieces.put((form, lang, key), Piece(next(made)))
            for key, piece in zip(keys, found, strict=True)
        ]

    def know(self, form: str, lang: str, key: str, piece: bytes) -> None:
        """Take a story's entry from a document that was made before; the story must be as it was then."""
        self._pieces.put((form, lang, key), Piece(piece))

    def _text(self, lang: str, key: str) -> str:
        """An entry's content is the same in every format."""

        def make() -> str:
            view = self._view(lang, key)
            return entry_html(view, lang, self._html(lang, view.body))

        return self._texts.of((lang, key), make)

    def _view(self, lang: str, key: str) -> FeedEntry:
        index = self._view_context.index
        language = index.settings.languages[lang]

        def make() -> FeedEntry:
            shown = index.shown_text(language, index.library.stories[key])
            assert shown is not None, "only what an edition shows is in its feeds"
            return make_feed_entry(self._view_context, language, shown)

        return self._views.of((lang, key), make)
