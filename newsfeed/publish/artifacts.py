"""Plan → artifacts: every planned file of the site, rendered to bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.feeds import feed_view, opml_view, sitemap_view
from newsfeed.core.pages import MAKERS, Kit, view_of
from newsfeed.model import Artifact
from newsfeed.render import bodies, formats, sitemap
from newsfeed.render import pages as page_renderer
from newsfeed.render.formats import opml
from newsfeed.render.formats.content import entry_html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from newsfeed.core.site import Index, Planned
    from newsfeed.i18n import Texts
    from newsfeed.model import Content
    from newsfeed.ports import Source
    from newsfeed.render.templates import Templates
    from newsfeed.settings import Language
    from newsfeed.views import Body, FeedEntry


class Renderer:
    """Renders planned artifacts, one at a time, in any order."""

    def __init__(
        self, index: Index, texts: Mapping[str, Texts], templates: Templates, source: Source
    ) -> None:
        self._index = index
        self._texts = texts
        self._templates = templates
        self._source = source
        self._kit = Kit.of(index, texts)
        self._contents: dict[str, Content] = {
            item.path: content
            for table in (
                index.library.stories,
                index.library.projects,
                index.library.programmes,
                index.library.pages,
            )
            for content in table.values()
            for item in content.items.values()
        }
        self._bodies: dict[tuple[str, str], str] = {}
        self._makers: Mapping[str, Callable[[Planned], bytes]] = {
            **dict.fromkeys(MAKERS, self._page),
            "feed": self._feed,
            "opml": lambda planned: opml.render(opml_view(self._kit, planned)),
            "robots": lambda planned: sitemap.robots(self._kit.addresses.absolute("sitemap.xml")),
            "stylesheet": lambda planned: self._templates.text_of("style.css").encode(),
            "asset": lambda planned: self._source.read(planned.key),
        }

    def all(self, plan: Sequence[Planned]) -> Iterator[Artifact]:
        """Every artifact of a plan. Raises `ProblemsFound` when a template fails."""
        for planned in plan:
            data = self._sitemap(plan) if planned.kind == "sitemap" else self._makers[planned.kind](planned)
            yield Artifact(planned.path, data)

    def _page(self, planned: Planned) -> bytes:
        view = view_of(self._kit, planned)
        body: Body | None = getattr(view, "body", None)
        html = self._local_html(planned.lang, body) if body is not None else ""
        return page_renderer.render(self._templates, view, html)

    def _feed(self, planned: Planned) -> bytes:
        view = feed_view(self._kit, planned)
        contents = [self._entry_html(entry, planned.lang) for entry in view.entries]
        return formats.render(view, contents)

    def _entry_html(self, entry: FeedEntry, lang: str) -> str:
        """An entry's content is the same in every format and feed of an edition: made once."""
        key = (lang, entry.body.path)
        if key not in self._bodies:
            html = self._html(lang, entry.body, absolute=True)
            self._bodies[key] = entry_html(entry, lang, html)
        return self._bodies[key]

    def _local_html(self, lang: str, body: Body) -> str:
        return self._html(lang, body, absolute=False)

    def _html(self, lang: str, body: Body, *, absolute: bool) -> str:
        language: Language = self._index.settings.languages[lang]
        content = self._contents[body.path]
        item = content.items[body.lang]
        resolve = self._kit.addresses.resolver(language, content, item, absolute=absolute)
        label = self._texts[body.lang].gettext("Back to the text, note {number}")
        return bodies.to_html(self._source.read(body.path), body, resolve, label)

    def _sitemap(self, plan: Sequence[Planned]) -> bytes:
        pages = [planned for planned in plan if planned.kind in MAKERS]
        return sitemap.render(sitemap_view(self._kit, pages))
