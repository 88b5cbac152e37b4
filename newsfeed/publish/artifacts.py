"""Plan → artifacts: every planned file of the site, rendered to bytes, or known to be the same.

What an artifact's bytes depend on is all in one value: its view, what the links of its texts lead
to, and the stamp of everything that is no content. The hash of that value is its key. A file whose
key and whose looks are those of the last build need not be rendered again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.feeds import feed_view, opml_view, sitemap_view
from newsfeed.core.pages import MAKERS, Kit, view_of
from newsfeed.publish.output import Made
from newsfeed.render import bodies, formats, sitemap
from newsfeed.render import pages as page_renderer
from newsfeed.render.formats import opml
from newsfeed.render.formats.content import entry_html

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsfeed.core.site import Index, Planned
    from newsfeed.i18n import Texts
    from newsfeed.model import Content
    from newsfeed.ports import Source
    from newsfeed.publish.memory import Asked, Memory, Place
    from newsfeed.publish.output import Stage
    from newsfeed.render.templates import Templates
    from newsfeed.settings import Language
    from newsfeed.views import Body, FeedEntry


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to make one artifact."""

    value: object
    """Everything it is made from but texts; its ``repr`` says all of it."""
    shows: Sequence[Body]
    """The texts it shows in full."""
    absolute: bool
    make: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of some planned artifacts."""

    made: Sequence[tuple[Made, str]]
    """Each with its key."""
    asked: Mapping[Place, tuple[str, Asked]]
    """What the links of texts became that were rendered."""


class Renderer:
    """Renders planned artifacts, in any order, in any process."""

    def __init__(
        self,
        index: Index,
        texts: Mapping[str, Texts],
        templates: Templates,
        source: Source,
        memory: Memory,
        plan: Sequence[Planned],
    ) -> None:
        self._index = index
        self._texts = texts
        self._templates = templates
        self._source = source
        self._memory = memory
        self._plan = plan
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
        self._entries: dict[tuple[str, str], str] = {}
        self._asked: dict[Place, tuple[str, Asked]] = {}
        self._news: dict[Place, tuple[str, Asked]] = {}
        self._recipes: Mapping[str, Callable[[Planned], Recipe]] = {
            **dict.fromkeys(MAKERS, self._page),
            "feed": self._feed,
            "opml": self._opml,
            "sitemap": self._sitemap,
            "robots": self._robots,
            "stylesheet": self._stylesheet,
            "asset": self._asset,
        }

    def render(self, some: Sequence[Planned], stage: Stage) -> Rendered:
        """Some artifacts of the plan. Raises `ProblemsFound` when a template fails."""
        self._news = {}
        made = [self._made(planned, stage) for planned in some]
        return Rendered(made, self._news)

    def _made(self, planned: Planned, stage: Stage) -> tuple[Made, str]:
        recipe = self._recipes[planned.kind](planned)
        known = self._memory.known.get(planned.path)
        key = self._key(planned, recipe)
        if key and known is not None and known.key == key and stage.stamp(planned.path) == known.stamp:
            return Made(planned.path, known.digest, staged=False), key
        data = recipe.make()
        return stage.put(planned.path, data), key or self._key(planned, recipe)

    def _key(self, planned: Planned, recipe: Recipe) -> str:
        """The name of everything an artifact is made from; empty when it is not known yet where the
        links of a text lead, which rendering finds out.
        """
        answers = [self._answers(planned.lang, body, absolute=recipe.absolute) for body in recipe.shows]
        if any(answer is None for answer in answers):
            return ""
        value = repr((self._memory.surroundings, planned.kind, planned.form, recipe.value, answers))
        return hashlib.blake2b(value.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def _answers(self, lang: str, body: Body, *, absolute: bool) -> Asked | None:
        """What the links of a text become now, asked as when it was rendered last."""
        place = (lang, body.path, absolute)
        found = self._asked.get(place)
        if found is not None and found[0] == body.fingerprint:
            return found[1]
        found = self._memory.asked.get(place)
        if found is None or found[0] != body.fingerprint:
            return None
        if not found[1]:
            return ()
        resolve = self._resolver(lang, body, absolute=absolute)
        return tuple((target, is_image, resolve(target, is_image)) for target, is_image, _ in found[1])

    # -- recipes -----------------------------------------------------------------------------

    def _page(self, planned: Planned) -> Recipe:
        view = view_of(self._kit, planned)
        body: Body | None = getattr(view, "body", None)

        def make() -> bytes:
            html = self._html(planned.lang, body, absolute=False) if body is not None else ""
            return page_renderer.render(self._templates, view, html)

        return Recipe(view, (body,) if body is not None else (), False, make)

    def _feed(self, planned: Planned) -> Recipe:
        view = feed_view(self._kit, planned)

        def make() -> bytes:
            return formats.render(view, [self._entry_html(entry, planned.lang) for entry in view.entries])

        return Recipe(view, [entry.body for entry in view.entries], True, make)

    def _opml(self, planned: Planned) -> Recipe:
        view = opml_view(self._kit, planned)
        return Recipe(view, (), True, lambda: opml.render(view))

    def _sitemap(self, planned: Planned) -> Recipe:
        view = sitemap_view(self._kit, [one for one in self._plan if one.kind in MAKERS])
        return Recipe(view, (), True, lambda: sitemap.render(view))

    def _robots(self, planned: Planned) -> Recipe:
        address = self._kit.addresses.absolute("sitemap.xml")
        return Recipe(address, (), True, lambda: sitemap.robots(address))

    def _stylesheet(self, planned: Planned) -> Recipe:
        return Recipe("", (), False, lambda: self._templates.text_of("style.css").encode())

    def _asset(self, planned: Planned) -> Recipe:
        stamp = self._source.stamp(planned.key)
        return Recipe((planned.key, stamp), (), False, lambda: self._source.read(planned.key))

    # -- texts -------------------------------------------------------------------------------

    def _entry_html(self, entry: FeedEntry, lang: str) -> str:
        """An entry's content is the same in every format and feed of an edition: made once."""
        key = (lang, entry.body.path)
        if key not in self._entries:
            html = self._html(lang, entry.body, absolute=True)
            self._entries[key] = entry_html(entry, lang, html)
        return self._entries[key]

    def _html(self, lang: str, body: Body, *, absolute: bool) -> str:
        resolve = self._resolver(lang, body, absolute=absolute)
        asked: dict[tuple[str, bool], str] = {}

        def watched(target: str, is_image: bool) -> str:
            answer = asked[target, is_image] = resolve(target, is_image)
            return answer

        label = self._texts[body.lang].gettext("Back to the text, note {number}")
        html = bodies.to_html(self._source.read(body.path), body, watched, label)
        told = tuple((target, is_image, answer) for (target, is_image), answer in asked.items())
        place = (lang, body.path, absolute)
        self._asked[place] = self._news[place] = (body.fingerprint, told)
        return html

    def _resolver(self, lang: str, body: Body, *, absolute: bool) -> Callable[[str, bool], str]:
        language: Language = self._index.settings.languages[lang]
        content = self._contents[body.path]
        item = content.items[body.lang]
        return self._kit.addresses.resolver(language, content, item, absolute=absolute)
