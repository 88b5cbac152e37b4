"""Plan → artifacts: every planned file of the site, rendered to bytes, or known to be the same.

What an artifact's bytes depend on is all in one value: its view, what the links of its texts lead
to, and the stamp of everything that is no content. The hash of that value is its key. A file whose
key and whose looks are those of the last build need not be rendered again.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from newsfeed.core import urls
from newsfeed.core.feeds import feed_rows, feed_view, opml_view
from newsfeed.core.pages import MAKERS, Kit, view_of
from newsfeed.core.pages.moved import redirect_rows
from newsfeed.core.redirects import content_at
from newsfeed.core.sitemap_parts import sitemap_parts
from newsfeed.core.sitemaps import sitemap_index_view, sitemap_view
from newsfeed.publish.entries import Entries, Recent
from newsfeed.publish.known import is_settled
from newsfeed.publish.output import COMPRESSED, Made
from newsfeed.render import bodies, formats, markdown, redirects, sitemap
from newsfeed.render import pages as page_renderer
from newsfeed.render.formats import opml

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from newsfeed.core.index import Index
    from newsfeed.core.planned import Planned
    from newsfeed.core.sitemap_parts import Part
    from newsfeed.i18n import Texts
    from newsfeed.ports import Source
    from newsfeed.publish.memory import Asked, Memory, Place
    from newsfeed.publish.output import Stage
    from newsfeed.render.templates import Templates
    from newsfeed.settings import Language
    from newsfeed.views import Body


_BODIES = 4_000_000
"""Characters of texts that are kept: each is shown on a page, and in feeds soon after."""
_LEVEL = 6
"""Of gzip: 9 takes 40 % longer for 0.2 % fewer bytes."""
_AS_THEY_ARE = ("asset", "redirects")
"""Kinds that get no compressed copy: files of the site's own, and what only servers read."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to make one artifact."""

    value: object
    """Everything it is made from but texts; its ``repr`` says all of it."""
    shows: Sequence[Body]
    """The texts it shows in full, with addresses inside the site."""
    make: Callable[[], bytes]
    entries: Sequence[str] = ()
    """The ids of the stories it brings as entries, with absolute addresses."""


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
        memory: Memory | None,
        plan: Sequence[Planned],
    ) -> None:
        """``memory``: of the last build; without one, all that is asked for is made, and gets no key."""
        self._index = index
        self._texts = texts
        self._templates = templates
        self._source = source
        self._memory = memory
        self._remembered = memory.asked or {} if memory else {}
        self._known = memory.idle.outputs.unpack() if memory and memory.idle else {}
        self._plan = plan
        self._compress = "gz" in index.settings.output.compress
        self._kit = Kit.of(index, texts)
        self._entries = Entries(
            self._kit,
            lambda lang, body: self._html(lang, body, absolute=True),
            lambda lang, body: self._answers(lang, body, absolute=True),
        )
        self._bodies: Recent[Body, str] = Recent(_BODIES, len)
        self._asked: dict[Place, tuple[str, Asked]] = {}
        self._news: dict[Place, tuple[str, Asked]] = {}
        self._recipes: Mapping[str, Callable[[Planned], Recipe]] = {
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

    def render(self, some: Sequence[Planned], stage: Stage) -> Rendered:
        """Some artifacts of the plan. Raises `ProblemsFound` when a template fails."""
        self._news = {}
        made = [(one, key) for planned in some for one, key in self._made(planned, stage)]
        return Rendered(made, self._news)

    def know(self, planned: Planned, keys: Sequence[str], changed: Collection[str], document: bytes) -> None:
        """Learn the entries of a feed from the document that was published, which brought these stories;
        not of those that changed since.
        """
        pieces = formats.pieces(planned.form, document)
        if len(pieces) == len(keys):
            for key, piece in zip(keys, pieces, strict=True):
                if key not in changed:
                    self._entries.know(planned.form, planned.lang, key, piece)

    def _made(self, planned: Planned, stage: Stage) -> list[tuple[Made, str]]:
        """An artifact, and its compressed copy when there is to be one."""
        recipe, remembers = self._recipes[planned.kind](planned), self._memory is not None
        paths = [planned.path]
        if self._compress and planned.kind not in _AS_THEY_ARE:
            paths.append(planned.path + COMPRESSED)
        key = self._key(planned, recipe) if remembers else ""
        found = [self._unchanged(path, key, stage) for path in paths] if key else []
        same = [one for one in found if one is not None]
        if len(same) == len(paths):
            return [(one, key) for one in same]
        data = recipe.make()
        key = key or (self._key(planned, recipe) if remembers else "")
        made = [stage.put(paths[0], data)]
        made += [stage.put(path, gzip.compress(data, _LEVEL, mtime=0)) for path in paths[1:]]
        return [(one, key) for one in made]

    def _unchanged(self, path: str, key: str, stage: Stage) -> Made | None:
        """A published file that was made from the same, and that nobody has touched since."""
        known = self._known.get(path)
        if known is None or known.key != key or stage.stamp(path) != known.stamp:
            return None
        return Made(path, known.digest, staged=False)

    def _key(self, planned: Planned, recipe: Recipe) -> str:
        """The name of everything an artifact is made from; empty when it is not known yet where the
        links of a text lead, which rendering finds out.
        """
        answers = [self._answers(planned.lang, body, absolute=False) for body in recipe.shows]
        if any(answer is None for answer in answers):
            return ""
        names = self._entries.names(planned.lang, recipe.entries) if recipe.entries else []
        if not all(names):
            return ""
        assert self._memory is not None
        value = repr((self._memory.surroundings, planned.kind, planned.form, recipe.value, answers, names))
        return hashlib.blake2b(value.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def _answers(self, lang: str, body: Body, *, absolute: bool) -> Asked | None:
        """What the links of a text become now, asked as when it was rendered last."""
        place = (lang, body.path, absolute)
        found = self._asked.get(place)
        if found is not None and found[0] == body.fingerprint:
            return found[1]
        found = self._remembered.get(place)
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

        return Recipe(view, (body,) if body is not None else (), make)

    def _feed(self, planned: Planned) -> Recipe:
        view = feed_view(self._kit, planned)
        keys = [row.id for row in feed_rows(self._index, planned)]

        def make() -> bytes:
            return formats.document(view, self._entries.pieces(planned.form, planned.lang, keys))

        return Recipe(view, (), make, keys)

    def _opml(self, planned: Planned) -> Recipe:
        view = opml_view(self._kit, planned)
        return Recipe(view, (), lambda: opml.render(view))

    def _sitemap(self, planned: Planned) -> Recipe:
        part = self._sitemap_parts[planned.number - 1 if planned.number else 0]
        view = sitemap_view(self._kit, part)
        return Recipe(view, (), lambda: sitemap.render(view))

    def _sitemap_index(self, planned: Planned) -> Recipe:
        view = sitemap_index_view(self._kit, self._sitemap_parts)
        return Recipe(view, (), lambda: sitemap.index(view))

    @cached_property
    def _sitemap_parts(self) -> Sequence[Part]:
        return sitemap_parts(self._index)

    def _robots(self, planned: Planned) -> Recipe:
        address = self._kit.addresses.absolute(urls.sitemap())
        return Recipe(address, (), lambda: sitemap.robots(address))

    def _stylesheet(self, planned: Planned) -> Recipe:
        return Recipe("", (), lambda: self._templates.text_of("style.css").encode())

    def _redirects(self, planned: Planned) -> Recipe:
        rows = redirect_rows(self._kit, self._plan)
        return Recipe(rows, (), lambda: redirects.render(planned.form, rows))

    def _asset(self, planned: Planned) -> Recipe:
        """Known by its stamp; while it is too fresh for that, by its bytes."""
        stamp = self._source.stamp(planned.key)
        if is_settled(stamp[1:]):
            return Recipe((planned.key, stamp), (), lambda: self._source.read(planned.key))
        data = self._source.read(planned.key)
        digest = hashlib.blake2b(data, digest_size=16).hexdigest()
        return Recipe((planned.key, digest), (), lambda: data)

    # -- texts -------------------------------------------------------------------------------

    def _html(self, lang: str, body: Body, *, absolute: bool) -> str:
        resolve = self._resolver(lang, body, absolute=absolute)
        asked: dict[tuple[str, bool], str] = {}

        def watched(target: str, is_image: bool) -> str:
            answer = asked[target, is_image] = resolve(target, is_image)
            return answer

        label = self._texts[body.lang].gettext("Back to the text, note {number}")
        clean = self._bodies.of(body, lambda: bodies.cleaned(self._source.read(body.path), body))
        html = markdown.finished(clean, watched, label)
        told = tuple((target, is_image, answer) for (target, is_image), answer in asked.items())
        place = (lang, body.path, absolute)
        self._asked[place] = self._news[place] = (body.fingerprint, told)
        return html

    def _resolver(self, lang: str, body: Body, *, absolute: bool) -> Callable[[str, bool], str]:
        language: Language = self._index.settings.languages[lang]
        content = content_at(self._index.library, body.path)
        assert content is not None, "only texts of the library are shown"
        item = content.items[body.lang]
        return self._kit.addresses.resolver(language, content, item, absolute=absolute)
