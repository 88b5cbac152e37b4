"""Feed entries as bytes, written once for all documents that bring them, as far as a bounded memory reaches.

A story stands in the feeds of the site and of all its sections, in every format. To remember all entries
of a large site would take more memory than all else, so only those that were used last are, and
`newsfeed.build.render_order` lets documents follow each other that bring stories of the same time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.bounded_cache import BoundedCache
from newsfeed.core.site.feeds import make_feed_entry, make_withdrawn_entry
from newsfeed.render.feeds import feed_format
from newsfeed.render.feeds.entry_html import entry_html, summary_html

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsfeed.core.site.pages import ViewContext
    from newsfeed.views import FeedEntry, TextReference

_VIEWS = 1_000
"""Entries: those of the documents that are being made, in one edition."""
_BYTES = 24_000_000
"""Of entries in all formats: those of some 2,000 stories."""


class FeedEntries:
    """Writes the entries of all feeds, and remembers those that were used last."""

    def __init__(self, view_context: ViewContext, html_of: Callable[[str, TextReference], str]) -> None:
        """html_of: (edition, text) → its HTML with absolute links, as the edition's feeds show it."""
        self._view_context = view_context
        self._html_of = html_of
        self._text_size = view_context.index.settings.feeds.text_size * 1_000
        self._views: BoundedCache[tuple[str, str], FeedEntry] = BoundedCache(_VIEWS)
        self._contents: BoundedCache[tuple[str, str], str] = BoundedCache(_BYTES // 4, len)
        self._written: BoundedCache[tuple[str, str, bool, str], bytes] = BoundedCache(_BYTES, len)

    def written(self, form: str, lang: str, stories: Sequence[str], *, is_whole: bool = True) -> list[bytes]:
        """Return the entries of stories (ids) as they stand in all documents of a format and an edition that
        bring whole texts, or only summaries.
        """
        remembered = [self._written.get((form, lang, is_whole, story)) for story in stories]
        missing = [story for story, entry in zip(stories, remembered, strict=True) if entry is None]
        if not missing:
            return [entry for entry in remembered if entry is not None]
        new = self._write(form, lang, missing) if is_whole else self._shortened(form, lang, missing)
        for story, entry in new.items():
            self._written.put((form, lang, is_whole, story), entry)
        return [
            new[story] if entry is None else entry for story, entry in zip(stories, remembered, strict=True)
        ]

    def remember(self, form: str, lang: str, story: str, entry: bytes, *, is_whole: bool = True) -> None:
        """Take a story's entry from a document that was written before; the story must be as it was then."""
        self._written.put((form, lang, is_whole, story), entry)

    def shown(self, lang: str, story: str, *, is_whole: bool) -> tuple[FeedEntry, str]:
        """Return an entry and its HTML, as programs of readers show it."""
        view = self._view(lang, story)
        return view, self._content(lang, story, view) if is_whole else summary_html(view, lang)

    def _write(self, form: str, lang: str, stories: Sequence[str]) -> dict[str, bytes]:
        """Write entries with their whole texts."""
        views = [self._view(lang, story) for story in stories]
        pairs = [(view, self._content(lang, story, view)) for story, view in zip(stories, views, strict=True)]
        return dict(zip(stories, feed_format(form).write_entries(pairs, lang), strict=True))

    def _shortened(self, form: str, lang: str, stories: Sequence[str]) -> dict[str, bytes]:
        """Return entries with summaries: made of those with whole texts, where these were written before."""
        writer = feed_format(form)
        shortened: dict[str, bytes] = {}
        pairs: dict[str, tuple[FeedEntry, str]] = {}
        for story in stories:
            view = self._view(lang, story)
            html = summary_html(view, lang)
            whole = self._written.get((form, lang, True, story))
            entry = writer.replace_text(whole, html) if whole is not None else None
            if entry is None:
                pairs[story] = view, html
            else:
                shortened[story] = entry
        return shortened | dict(zip(pairs, writer.write_entries([*pairs.values()], lang), strict=True))

    def _content(self, lang: str, story: str, view: FeedEntry) -> str:
        """Return an entry's HTML, which all formats share."""
        return self._contents.get_or_make(
            (lang, story), lambda: entry_html(view, lang, self._body(lang, view.body), self._text_size)
        )

    def _body(self, lang: str, body: TextReference) -> str:
        return self._html_of(lang, body) if body.path else ""

    def _view(self, lang: str, story: str) -> FeedEntry:
        index = self._view_context.index
        language = index.settings.languages[lang]

        def make() -> FeedEntry:
            if story in index.lists.withdrawn:
                return make_withdrawn_entry(self._view_context, language, index.lists.withdrawn[story])
            shown = index.shown_text(language, index.library.stories[story])
            assert shown is not None, "only what an edition shows is in its feeds"
            return make_feed_entry(self._view_context, language, shown)

        return self._views.get_or_make((lang, story), make)
