"""Plan → artifacts: every planned file of the site, rendered to bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsfeed.build.feed_entries import FeedEntries
from newsfeed.build.pictures import PictureMaker, locate_name
from newsfeed.build.search_index import PROGRAM, make_index_files
from newsfeed.build.staging import RenderedFile
from newsfeed.core.bounded_cache import BoundedCache
from newsfeed.core.site import urls
from newsfeed.core.site.artifact import NEVER_COMPRESSED
from newsfeed.core.site.cards import make_card
from newsfeed.core.site.feed_documents import brings_summaries
from newsfeed.core.site.feeds import (
    brings_whole_texts,
    list_feed_rows,
    make_feed_view,
    make_moved_feed_view,
    make_opml_view,
)
from newsfeed.core.site.pages import PAGE_MAKERS, ViewContext, make_page_view
from newsfeed.core.site.pages.issues import make_issue_feed
from newsfeed.core.site.pages.redirect_pages import list_redirects
from newsfeed.core.site.pages.search import make_search_records
from newsfeed.core.site.pages.texts import make_text_file_view
from newsfeed.core.site.plan import find_shower
from newsfeed.core.site.redirects import find_content
from newsfeed.core.site.removed_pages import find_published_page
from newsfeed.core.site.sections import SITE, Section
from newsfeed.core.site.sitemaps import make_sitemap_index_view, make_sitemap_view
from newsfeed.errors import ProblemsFound
from newsfeed.render import bodies, redirects, sitemap, text_file
from newsfeed.render import pages as page_renderer
from newsfeed.render.accent import accent_rules
from newsfeed.render.feeds import feed_format, opml
from newsfeed.render.feeds.entry_html import moved_html
from newsfeed.render.issues import issue_html
from newsfeed.render.link_slots import fill_links
from newsfeed.render.search import searched_page
from newsfeed.views import IssueView

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from newsfeed.build.cache.pictures import PictureCache
    from newsfeed.build.library_store import LibraryStore
    from newsfeed.build.staging import Pieces
    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import SiteIndex
    from newsfeed.i18n.texts import CatalogueTexts
    from newsfeed.model import Asset, Content, Item
    from newsfeed.ports import Source
    from newsfeed.render.templates import Templates
    from newsfeed.settings import Language
    from newsfeed.views import FeedEntry, TextReference


_BODIES = 1_000
"""Texts made again from their files that are kept: each is shown on a page, and in feeds soon after."""


class Renderer:
    """Renders planned artifacts, in any order, in any process."""

    def __init__(
        self,
        index: SiteIndex,
        texts: Mapping[str, CatalogueTexts],
        templates: Templates,
        source: Source,
        plan: Sequence[PlannedArtifact],
        store: LibraryStore | None = None,
        picture_cache: PictureCache | None = None,
    ) -> None:
        """store: where texts are that were kept when they were read.
        picture_cache: where pictures are that earlier builds made.
        """
        self._index = index
        self._texts = texts
        self._templates = templates
        self._source = source
        self._plan = plan
        self._store = store
        self._compress = "gz" in index.settings.output.compress
        self._view_context = ViewContext.of(index, texts)
        self._entries = FeedEntries(
            self._view_context, lambda lang, body: self._html(lang, body, absolute=True)
        )
        self._bodies: BoundedCache[TextReference, list[str]] = BoundedCache(_BODIES)
        self._pictures = PictureMaker(source.read, picture_cache)
        self._makers: Mapping[str, Callable[[PlannedArtifact], Iterable[bytes]]] = {
            **dict.fromkeys(PAGE_MAKERS, self._page),
            "text-file": self._text_file,
            "feed": self._feed,
            "issue-feed": self._issue_feed,
            "moved-feed": self._moved_feed,
            "opml": self._opml,
            "sitemap": self._sitemap,
            "sitemap-index": self._sitemap_index,
            "robots": self._robots,
            "stylesheet": self._stylesheet,
            "search-script": self._search_script,
            "asset": self._asset,
            "picture": self._picture,
            "card": self._card,
            "redirects": self._redirects,
        }

    def files(self, planned: PlannedArtifact) -> Iterable[RenderedFile]:
        """Render an artifact of the plan: one file, or all of a part of a search index."""
        return self._search_part(planned) if planned.kind == "search-part" else (self.render(planned),)

    def render(self, planned: PlannedArtifact) -> RenderedFile:
        """Render an artifact of the plan. Raises `ProblemsFound` when a template fails."""
        pieces = self._makers[planned.kind](planned)
        page = find_published_page(self._index, planned)
        has_copy = self._compress and planned.kind not in NEVER_COMPRESSED
        return RenderedFile(planned.path, pieces, page.note if page is not None else "", has_copy)

    def feed_entry(self, lang: str, story: str) -> tuple[FeedEntry, str]:
        """Return a story's entry in the feed of an edition, and its HTML."""
        is_whole = not brings_summaries(self._index.settings.feeds, Section(SITE))
        return self._entries.shown(lang, story, is_whole=is_whole)

    def adopt_published_entries(
        self, planned: PlannedArtifact, keys: Sequence[str], changed: Collection[str], document: bytes
    ) -> None:
        """Learn the entries of a feed from the document that was published, which brought these stories;
        not of those that changed since.
        """
        entries = feed_format(planned.form).read_entries(document)
        if len(entries) == len(keys):
            is_whole = brings_whole_texts(self._index, planned)
            for key, entry in zip(keys, entries, strict=True):
                if key not in changed:
                    self._entries.remember(planned.form, planned.lang, key, entry, is_whole=is_whole)

    # -- kinds -------------------------------------------------------------------------------

    def _page(self, planned: PlannedArtifact) -> Pieces:
        view = make_page_view(self._view_context, planned)
        body: TextReference | None = getattr(view, "body", None)
        html = self._html(planned.lang, body, absolute=False) if body is not None else ""
        if isinstance(view, IssueView):
            html = issue_html(view.issue)
        return (page_renderer.render(self._templates, view, html),)

    def _text_file(self, planned: PlannedArtifact) -> Pieces:
        language = self._index.settings.languages[planned.lang]
        view = make_text_file_view(self._view_context, planned, language)
        resolve = bodies.naming_languages(
            self._view_context.addresses.resolver(*self._place(planned.lang, view.body), absolute=True),
            self._texts[view.body.lang],
        )
        return (text_file.render(view, self._written(view.body), self._text(view.body), resolve),)

    def _feed(self, planned: PlannedArtifact) -> Pieces:
        view = make_feed_view(self._view_context, planned)
        keys = [row.id for row in list_feed_rows(self._index, planned)]
        is_whole = brings_whole_texts(self._index, planned)
        entries = self._entries.written(planned.form, planned.lang, keys, is_whole=is_whole)
        return feed_format(planned.form).write_document(view, entries)

    def _issue_feed(self, planned: PlannedArtifact) -> Pieces:
        view, entries = make_issue_feed(self._view_context, planned)
        form = feed_format(planned.form)
        written = form.write_entries([(entry, issue_html(body)) for entry, body in entries], planned.lang)
        return form.write_document(view, written)

    def _moved_feed(self, planned: PlannedArtifact) -> Pieces:
        view, entry = make_moved_feed_view(self._view_context, planned)
        form = feed_format(planned.form)
        html = moved_html(entry.summary, view.live)
        return form.write_document(view, form.write_entries([(entry, html)], planned.lang))

    def _opml(self, planned: PlannedArtifact) -> Pieces:
        return (opml.render(make_opml_view(self._view_context, planned)),)

    def _sitemap(self, planned: PlannedArtifact) -> Pieces:
        part = self._index.sitemap[planned.number - 1 if planned.number else 0]
        return (sitemap.render(make_sitemap_view(self._view_context, part)),)

    def _sitemap_index(self, planned: PlannedArtifact) -> Pieces:
        return (sitemap.index(make_sitemap_index_view(self._view_context, self._index.sitemap)),)

    def _robots(self, planned: PlannedArtifact) -> Pieces:
        if self._index.settings.preview:
            return (sitemap.robots_of_preview(),)
        return (sitemap.robots(self._view_context.addresses.absolute(urls.sitemap_path())),)

    def _stylesheet(self, planned: PlannedArtifact) -> Pieces:
        colour = self._index.settings.brand.colour
        return ((self._templates.text_of("style.css") + (accent_rules(colour) if colour else "")).encode(),)

    def _search_script(self, planned: PlannedArtifact) -> Pieces:
        return (self._templates.text_of("search.js").encode(),)

    def _search_part(self, planned: PlannedArtifact) -> Iterator[RenderedFile]:
        language = self._index.settings.languages[planned.lang]
        records = make_search_records(self._view_context, planned, language)
        pages = ((one.path, searched_page(one, self._searched_text(one.body))) for one in records)
        folder = urls.search_part_folder(planned.lang, planned.number)
        for name, data in make_index_files(pages, planned.lang, with_program=planned.number == 1).items():
            yield RenderedFile(folder + name, (data,), has_copy=self._compress and name in PROGRAM)

    def _searched_text(self, body: TextReference) -> str:
        return fill_links(self._text(body), lambda target, is_image: ("", ""))

    def _redirects(self, planned: PlannedArtifact) -> Pieces:
        return (redirects.render(planned.form, list_redirects(self._view_context, self._plan)),)

    def _asset(self, planned: PlannedArtifact) -> Iterable[bytes]:
        asset = self._index.library.assets.get(planned.key)
        if asset is None or not asset.is_marked:
            return self._source.pieces(planned.key)
        return (self._where_shown(asset, lambda: self._pictures.clean(asset)),)

    def _picture(self, planned: PlannedArtifact) -> Pieces:
        asset = self._index.library.assets[planned.key]
        form = planned.form or "webp"
        return (self._where_shown(asset, lambda: self._pictures.sized(asset, planned.number, form)),)

    def _card(self, planned: PlannedArtifact) -> Pieces:
        font = self._index.settings.brand.card_font
        assert font is not None, "only then cards are planned"
        return (self._pictures.card(make_card(self._view_context, planned), font),)

    def _where_shown(self, asset: Asset, make: Callable[[], bytes]) -> bytes:
        """Make a picture; what is wrong with it is told at the text that shows it."""
        try:
            return make()
        except ProblemsFound as found:
            text = find_shower(self._index.library, asset.path)
            where = locate_name(text, self._source.read(text), asset.path)
            raise ProblemsFound([replace(one, where=where) for one in found.problems]) from found

    # -- texts -------------------------------------------------------------------------------

    def _html(self, lang: str, body: TextReference, *, absolute: bool) -> str:
        text = self._text(body)
        if len(text) == 1:  # without links
            return text[0]
        place, addresses = self._place(lang, body), self._view_context.addresses
        resolve = bodies.naming_languages(
            addresses.resolver(*place, absolute=absolute), self._texts[body.lang]
        )
        return fill_links(text, resolve, addresses.picture_finder(*place, absolute=absolute))

    def _text(self, body: TextReference) -> list[str]:
        kept = self._store.text(body.path) if self._store is not None else None
        if kept is not None:
            return bodies.unpacked(kept)
        words = self._texts[body.lang]
        return self._bodies.get_or_make(
            body, lambda: bodies.read_again(self._source.read(body.path), body, words)
        )

    def _written(self, body: TextReference) -> str:
        """Return a text as it is written: as it was read, if it was kept."""
        kept = self._store.text(bodies.as_written(body.path)) if self._store is not None else None
        if kept is not None:
            return kept.decode()
        return bodies.read_as_written(self._source.read(body.path), body)

    def _place(self, lang: str, body: TextReference) -> tuple[Language, Content, Item]:
        """Return the edition that shows a text, and what the text is of."""
        content = find_content(self._index.library, body.path)
        assert content is not None, "only texts of the library are shown"
        return self._index.settings.languages[lang], content, content.items[body.lang]
