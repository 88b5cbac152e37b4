"""Plan → artifacts: every planned file of the site, rendered to bytes."""

from __future__ import annotations

import gzip
from functools import cached_property
from typing import TYPE_CHECKING

from newsfeed.build.feed_entries import FeedEntries
from newsfeed.build.staging import COMPRESSED
from newsfeed.core.recent import Recent
from newsfeed.core.site import urls
from newsfeed.core.site.feeds import feed_rows, feed_view, opml_view
from newsfeed.core.site.pages import MAKERS, Kit, view_of
from newsfeed.core.site.pages.moved import redirect_rows
from newsfeed.core.site.redirects import content_at
from newsfeed.core.site.removed_urls import page_of
from newsfeed.core.site.sitemap_parts import sitemap_parts
from newsfeed.core.site.sitemaps import sitemap_index_view, sitemap_view
from newsfeed.render import bodies, redirects, sitemap
from newsfeed.render import pages as page_renderer
from newsfeed.render.feeds import feed_format, opml
from newsfeed.render.gaps import filled

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from newsfeed.build.cache.text_store import Spool
    from newsfeed.build.staging import Data, Made, Stage
    from newsfeed.core.site.artifact import Planned
    from newsfeed.core.site.index import Index
    from newsfeed.core.site.sitemap_parts import Part
    from newsfeed.i18n.texts import Texts
    from newsfeed.ports import Source
    from newsfeed.render.templates import Templates
    from newsfeed.settings import Language
    from newsfeed.views import Body


_BODIES = 1_000
"""Texts made again from their files that are kept: each is shown on a page, and in feeds soon after."""
_LEVEL = 6
"""Of gzip: 9 takes 40 % longer for 0.2 % fewer bytes."""
_AS_THEY_ARE = ("asset", "redirects")
"""Kinds that get no compressed copy: files of the site's own, and what only servers read."""


class Renderer:
    """Renders planned artifacts, in any order, in any process."""

    def __init__(
        self,
        index: Index,
        texts: Mapping[str, Texts],
        templates: Templates,
        source: Source,
        plan: Sequence[Planned],
        spool: Spool | None = None,
    ) -> None:
        """``spool``: where texts are that were kept when they were read."""
        self._index = index
        self._texts = texts
        self._templates = templates
        self._source = source
        self._plan = plan
        self._spool = spool
        self._compress = "gz" in index.settings.output.compress
        self._kit = Kit.of(index, texts)
        self._entries = FeedEntries(self._kit, lambda lang, body: self._html(lang, body, absolute=True))
        self._bodies: Recent[Body, list[str]] = Recent(_BODIES)
        self._makers: Mapping[str, Callable[[Planned], Data]] = {
            **dict.fromkeys(MAKERS, self._page),
            "feed": self._feed,
            "opml": self._opml,
            "sitemap": self._sitemap,
            "sitemap-index": self._sitemap_index,
            "robots": self._robots,
            "stylesheet": self._stylesheet,
            "asset": self._asset,
            "redirects": self._redirects,
        }

    def render(self, some: Iterable[Planned], stage: Stage) -> list[Made]:
        """Some artifacts of the plan. Raises `ProblemsFound` when a template fails."""
        return [made for planned in some for made in self._made(planned, stage)]

    def know(self, planned: Planned, keys: Sequence[str], changed: Collection[str], document: bytes) -> None:
        """Learn the entries of a feed from the document that was published, which brought these stories;
        not of those that changed since.
        """
        entries = feed_format(planned.form).read_entries(document)
        if len(entries) == len(keys):
            for key, entry in zip(keys, entries, strict=True):
                if key not in changed:
                    self._entries.remember(planned.form, planned.lang, key, entry)

    def _made(self, planned: Planned, stage: Stage) -> list[Made]:
        """An artifact, and its compressed copy when there is to be one."""
        data = self._makers[planned.kind](planned)
        page = page_of(self._index, planned)
        made = [stage.put(planned.path, data, page.note if page is not None else "")]
        if self._compress and planned.kind not in _AS_THEY_ARE:
            made.append(stage.put_copy(planned.path + COMPRESSED, made[0], lambda: _compressed(data)))
        return made

    # -- kinds -------------------------------------------------------------------------------

    def _page(self, planned: Planned) -> Data:
        view = view_of(self._kit, planned)
        body: Body | None = getattr(view, "body", None)
        html = self._html(planned.lang, body, absolute=False) if body is not None else ""
        return (page_renderer.render(self._templates, view, html),)

    def _feed(self, planned: Planned) -> Data:
        view = feed_view(self._kit, planned)
        keys = [row.id for row in feed_rows(self._index, planned)]
        entries = self._entries.written(planned.form, planned.lang, keys)
        return feed_format(planned.form).write_document(view, entries)

    def _opml(self, planned: Planned) -> Data:
        return (opml.render(opml_view(self._kit, planned)),)

    def _sitemap(self, planned: Planned) -> Data:
        part = self._sitemap_parts[planned.number - 1 if planned.number else 0]
        return (sitemap.render(sitemap_view(self._kit, part)),)

    def _sitemap_index(self, planned: Planned) -> Data:
        return (sitemap.index(sitemap_index_view(self._kit, self._sitemap_parts)),)

    @cached_property
    def _sitemap_parts(self) -> Sequence[Part]:
        return sitemap_parts(self._index)

    def _robots(self, planned: Planned) -> Data:
        return (sitemap.robots(self._kit.addresses.absolute(urls.sitemap())),)

    def _stylesheet(self, planned: Planned) -> Data:
        return (self._templates.text_of("style.css").encode(),)

    def _redirects(self, planned: Planned) -> Data:
        return (redirects.render(planned.form, redirect_rows(self._kit, self._plan)),)

    def _asset(self, planned: Planned) -> Data:
        return (self._source.read(planned.key),)

    # -- texts -------------------------------------------------------------------------------

    def _html(self, lang: str, body: Body, *, absolute: bool) -> str:
        return filled(self._text(body), self._resolver(lang, body, absolute=absolute))

    def _text(self, body: Body) -> list[str]:
        kept = self._spool.get(body.path) if self._spool is not None else None
        if kept is not None:
            return bodies.unpacked(kept)
        words = self._texts[body.lang]
        return self._bodies.of(body, lambda: bodies.read_again(self._source.read(body.path), body, words))

    def _resolver(self, lang: str, body: Body, *, absolute: bool) -> Callable[[str, bool], str]:
        language: Language = self._index.settings.languages[lang]
        content = content_at(self._index.library, body.path)
        assert content is not None, "only texts of the library are shown"
        item = content.items[body.lang]
        return self._kit.addresses.resolver(language, content, item, absolute=absolute)


def _compressed(data: Data) -> Data:
    return (gzip.compress(b"".join(data), _LEVEL, mtime=0),)
