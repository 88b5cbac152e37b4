"""The way from the front page to a page, as links: what stands above its heading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.headings import SECTION_HEADINGS
from newsfeed.core.site.sections import SITE, Section
from newsfeed.marking import msgid
from newsfeed.model import Month
from newsfeed.views import Anchor, SharedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsfeed.core.site.web_addresses import WebAddresses
    from newsfeed.ports import Texts
    from newsfeed.settings import Language


class Trails:
    """Makes the trails of pages; pages that lie beside each other share theirs."""

    def __init__(
        self,
        texts: Mapping[str, Texts],
        addresses: WebAddresses,
        anchor: Callable[[Language, Section], Anchor],
    ) -> None:
        """``anchor``: gives the link to a section's page."""
        self._texts = texts
        self._local = addresses.local
        self._anchor = anchor
        self._made: dict[tuple[object, ...], SharedTuple[Anchor]] = {}

    def home(self, language: Language) -> SharedTuple[Anchor]:
        """Return the trail of a page that lies below the front page."""
        return self._of(language, "home", lambda: ())

    def section(self, language: Language, section: Section, *, is_inside: bool) -> SharedTuple[Anchor]:
        """Return the trail of a section's page. ``is_inside``: of a page below it, such as an older one."""

        def make() -> tuple[Anchor, ...]:
            return self._above(language, section) + ((self._anchor(language, section),) if is_inside else ())

        if section.name == SITE:
            return self.home(language) if is_inside else SharedTuple()
        return self._of(language, (section, is_inside), make)

    def archive(self, language: Language, year: int = 0, month: int = 0) -> SharedTuple[Anchor]:
        """Return the trail of a page of the archive: of all years, a year, or a month."""

        def make() -> tuple[Anchor, ...]:
            all_years = self._link(language, urls.archive_path(language.code), msgid("Archive"))
            of_year = Anchor(self._local(urls.archive_path(language.code, year)), f"{year:04}")
            return (*((all_years,) if year else ()), *((of_year,) if month else ()))

        return self._of(language, ("archive", year, month), make)

    def story(self, language: Language, year: int, month: int) -> SharedTuple[Anchor]:
        """Return the trail of a story: it lies in its month."""

        def make() -> tuple[Anchor, ...]:
            path = urls.archive_path(language.code, year, month)
            return (Anchor(self._local(path), self._texts[language.code].month(Month(year, month))),)

        return self._of(language, ("story", year, month), make)

    def issue(self, language: Language, digest: str, title: str) -> SharedTuple[Anchor]:
        """Return the trail of an issue that was sent: it lies among all issues of its digest."""
        path = urls.issue_path(language.code, digest)
        return self._of(language, ("issues", digest), lambda: (Anchor(self._local(path), title),))

    def feed(self, language: Language) -> SharedTuple[Anchor]:
        """Return the trail of a page that explains a feed."""
        path = urls.feed_list_path(language.code)
        return self._of(language, "feed", lambda: (self._link(language, path, msgid("RSS feeds")),))

    def _above(self, language: Language, section: Section) -> tuple[Anchor, ...]:
        path = urls.index_path(language.code, section.name)
        return (self._link(language, path, SECTION_HEADINGS[section.name]),)

    def _link(self, language: Language, path: str, label: str) -> Anchor:
        return Anchor(self._local(path), *self._texts[language.code].labelled(label))

    def _of(
        self, language: Language, place: object, make: Callable[[], tuple[Anchor, ...]]
    ) -> SharedTuple[Anchor]:
        key = (language.code, place)
        if key not in self._made:
            home = self._link(language, urls.home_path(language.code), msgid("News"))
            self._made[key] = SharedTuple((home, *make()))
        return self._made[key]
