"""The frame of every page, around its content: titles, language switcher, discovery, navigation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.bounded_cache import BoundedCache
from newsfeed.core.site import urls
from newsfeed.core.site.brand import make_brand, make_sharing
from newsfeed.core.site.feed_documents import feed_formats
from newsfeed.core.site.language_links import LanguageLinks, make_alternates
from newsfeed.core.site.menus import list_menu
from newsfeed.core.site.sections import SECTIONS, SITE, Section, list_sections
from newsfeed.views import Anchor, Brand, Fallback, FeedLink, Frame, Picture, SharedTuple, Sharing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import ShownText, SiteIndex
    from newsfeed.core.site.language_links import PathInEdition
    from newsfeed.core.site.web_addresses import WebAddresses
    from newsfeed.model import Content
    from newsfeed.ports import Texts
    from newsfeed.settings import Language

FEED_TYPES = {
    "rss": ("RSS", "application/rss+xml"),
    "atom": ("Atom", "application/atom+xml"),
    "jsonfeed": ("JSON Feed", "application/feed+json"),
}
"""Feed format → what readers call it, media type."""
NO_TRAIL: SharedTuple[Anchor] = SharedTuple()
_TEXTS = 5_000
"""Texts of which is kept where all editions have them."""


@dataclass(frozen=True, slots=True)
class _EditionParts:
    """The parts of a frame that all pages of an edition share."""

    direction: str
    title: str
    description: str
    notice: str
    imprint: str
    home: str
    stylesheet: str
    navigation: SharedTuple[Anchor]
    menu: tuple[str, ...]
    """The paths its links lead to."""
    footer: SharedTuple[Anchor]
    brand: Brand
    website: Sharing
    article: Sharing
    """What others show of pages that have no picture of their own."""


class Frames:
    """Makes the frames of an edition's pages, and names sections in its language."""

    def __init__(self, index: SiteIndex, texts: Mapping[str, Texts], addresses: WebAddresses) -> None:
        self._index = index
        self._texts = texts
        self._addresses = addresses
        self._anchors: dict[tuple[str, Section], Anchor] = {}
        self._titles: dict[tuple[str, Section], tuple[str, str]] = {}
        self._feed_links_by_section: dict[tuple[str, Section, bool], list[FeedLink]] = {}
        self._feeds: dict[tuple[str, Section | None], SharedTuple[FeedLink]] = {}
        self._section_links: dict[Section, LanguageLinks] = {}
        self._content_links: BoundedCache[tuple[type, str], LanguageLinks] = BoundedCache(_TEXTS)
        self._languages = index.settings.editions
        self._editions = [
            (language.code, texts[language.code].autonym(language.code), urls.home_path(language.code))
            for language in self._languages
        ]
        self._fixed = {language.code: self._edition_parts(language) for language in self._languages}

    def frame(  # noqa: PLR0913 - a page head has that many parts; all are named at the call
        self,
        language: Language,
        path: str,
        links: LanguageLinks,
        *,
        title: str,
        title_lang: str = "",
        description: str = "",
        section: Section | None = None,
        canonical: str = "",
        indexed: bool = True,
        trail: SharedTuple[Anchor] = NO_TRAIL,
        article: bool = False,
        picture: Picture | None = None,
    ) -> Frame:
        """Make the frame of one page.

        canonical: path of the page that this one repeats, if any.
        picture: what others show of it, with an absolute address.
        """
        fixed = self._fixed[language.code]
        return Frame(
            lang=language.code,
            direction=fixed.direction,
            title=title,
            title_lang=title_lang,
            description=description,
            site_title=fixed.title,
            site_description=fixed.description,
            notice=fixed.notice,
            imprint=fixed.imprint,
            canonical=self._addresses.absolute(canonical or path),
            indexed=indexed and not self._index.settings.preview,
            home=fixed.home,
            stylesheet=fixed.stylesheet,
            editions=links.switcher(language.code),
            alternates=() if canonical else links.alternates,
            feeds=self._page_feeds(language, section),
            navigation=fixed.navigation,
            feed_list=fixed.navigation[-1],
            footer=fixed.footer,
            here=self._addresses.local(path) if path in fixed.menu else "",
            trail=trail,
            brand=fixed.brand,
            sharing=fixed.article._replace(picture=picture)
            if picture
            else (fixed.article if article else fixed.website),
        )

    def language_links(self, elsewhere: PathInEdition) -> LanguageLinks:
        """Return links to something in all editions; where one has it not, to its front page."""
        pages = {language.code: elsewhere(language) for language in self._languages}
        editions = []
        for code, name, home in self._editions:
            path, fallback = pages[code] or (home, False)
            editions.append((code, name, self._addresses.local(path), fallback))
        default = self._index.settings.site.default_language
        return LanguageLinks(tuple(editions), make_alternates(pages, default, self._addresses))

    def same_in(self, paths: Mapping[str, str]) -> LanguageLinks:
        """Return links to a page in the editions that have it: edition → path."""

        def elsewhere(language: Language) -> tuple[str, bool] | None:
            return (paths[language.code], False) if language.code in paths else None

        return self.language_links(elsewhere)

    def _page_feeds(self, language: Language, section: Section | None) -> SharedTuple[FeedLink]:
        """Return links to the feeds of a page's own section, and to those of the site."""
        key = (language.code, section)
        if key not in self._feeds:
            sections = [Section(SITE)] if section in (None, Section(SITE)) else [section, Section(SITE)]
            self._feeds[key] = SharedTuple(
                link for shown in sections for link in self.feed_links(language, shown)
            )
        return self._feeds[key]

    def feed_links(self, language: Language, section: Section, *, absolute: bool = False) -> list[FeedLink]:
        """Return links to the feeds of a section in all formats it has."""
        key = (language.code, section, absolute)
        if key not in self._feed_links_by_section:
            self._feed_links_by_section[key] = self._feed_links(language, section, absolute=absolute)
        return self._feed_links_by_section[key]

    def _feed_links(self, language: Language, section: Section, *, absolute: bool) -> list[FeedLink]:
        address = self._addresses.absolute if absolute else self._addresses.local
        title = self.feed_title(language, section)
        folder = section.folder(language.code)
        return [
            FeedLink(address(urls.feed_path(folder, form)), FEED_TYPES[form][1], title, FEED_TYPES[form][0])
            for form in feed_formats(self._index.settings.feeds, section)
        ]

    def feed_title(self, language: Language, section: Section) -> str:
        """Return the title of a section's feeds, in the edition's language."""
        site = self.site_title(language)
        return f"{site} – {self.section_title(language, section)[0]}" if section.name else site

    def feed_description(self, language: Language, section: Section) -> str:
        """Return the description of a section's feeds, in the edition's language."""
        texts = self._texts[language.code]
        subject = self.section_title(language, section)[0]
        if section.name == SITE:
            return self.site_description(language) or subject
        if section.name == "authors":
            return texts.gettext("News by {name}").format(name=subject)
        return texts.gettext("News about {subject}").format(subject=subject)

    def section_title(self, language: Language, section: Section) -> tuple[str, str]:
        """Return (name of a section in an edition, language of that name); "" for the edition's own."""
        key = (language.code, section)
        if key not in self._titles:
            self._titles[key] = self._section_title(language, section)
        return self._titles[key]

    def _section_title(self, language: Language, section: Section) -> tuple[str, str]:
        texts, settings = self._texts[language.code], self._index.settings
        if section.name == SITE:
            return self.site_title(language), ""
        if section.name == "countries":
            return texts.country(section.key), ""
        if section.name == "authors":
            return self._author(section.key), ""
        if section.name == "topics":
            return self._named(language, "topic", section.key)
        if section.name == "programmes" and section.key in settings.programmes:
            return self._named(language, "programme", section.key)
        shown = self.dossier(language, section)
        return (shown.item.title, _other(shown.item.lang, language)) if shown else (section.key, "")

    def dossier(self, language: Language, section: Section) -> ShownText | None:
        """Return the text of a project or programme that an edition shows; ``None`` without one."""
        library = self._index.library
        content: Content | None = (
            library.projects.get(section.key)
            if section.name == "projects"
            else library.programmes.get(section.key)
        )
        return self._index.shown_text(language, content) if content is not None else None

    def site_title(self, language: Language) -> str:
        """Return the title of the site in an edition."""
        return language.title or self._index.settings.site.title.get(language.code)

    def site_description(self, language: Language) -> str:
        """Return the description of the site in an edition, one line."""
        return language.description or self._index.settings.site.description.get(language.code)

    def fallback(self, language: Language, shown: ShownText) -> Fallback | None:
        """Return the notice about a text that is not in the edition's language; ``None`` when it is."""
        if not shown.is_fallback:
            return None
        lang = shown.item.lang
        name = self._texts[language.code].language(lang)
        return Fallback(lang, self._texts[lang].direction, name, language.code in shown.content.withheld)

    def anchor(self, language: Language, section: Section) -> Anchor:
        """Return a link to a section's page; only its name when the edition has no such page."""
        key = (language.code, section)
        if key not in self._anchors:
            self._anchors[key] = self._anchor(language, section)
        return self._anchors[key]

    def _anchor(self, language: Language, section: Section) -> Anchor:
        text, lang = self.section_title(language, section)
        has_page = self._index.has_page(language, section)
        path = section.live_path(language.code)
        return Anchor(self._addresses.local(path) if has_page else "", text, lang)

    def section_links(self, section: Section) -> LanguageLinks:
        """Return links to the first page of a section in all editions."""
        if section not in self._section_links:
            self._section_links[section] = self.language_links(self._section_elsewhere(section))
        return self._section_links[section]

    def index_links(self, name: str) -> LanguageLinks:
        """Return links to the page that names all sections of a kind, in all editions."""

        def elsewhere(language: Language) -> tuple[str, bool] | None:
            found = list_sections(self._index, language, name)
            return (urls.index_path(language.code, name), False) if found else None

        return self.language_links(elsewhere)

    def _section_elsewhere(self, section: Section) -> PathInEdition:
        def elsewhere(language: Language) -> tuple[str, bool] | None:
            if not self._index.has_page(language, section):
                return None
            shown = self.dossier(language, section) if section.name in ("projects", "programmes") else None
            return section.live_path(language.code), bool(shown and shown.is_fallback)

        return elsewhere

    def list_links(self, section: Section, planned: PlannedArtifact, language: Language) -> LanguageLinks:
        """Return links from a page of a list to that list in all editions.

        From an older page they lead to the live ones: page numbers do not agree between editions, so it
        counts as no translation.
        """
        if not planned.number:
            return self.section_links(section)
        live = self._section_elsewhere(section)

        def elsewhere(other: Language) -> tuple[str, bool] | None:
            found = (planned.path, True) if other == language else live(other)
            return (found[0], True) if found else None

        return self.language_links(elsewhere)

    def content_links(self, content: Content) -> LanguageLinks:
        """Return links to the pages of some content in all editions."""
        place = type(content), content.id
        return self._content_links.get_or_make(
            place, lambda: self.language_links(self._content_elsewhere(content))
        )

    def _content_elsewhere(self, content: Content) -> PathInEdition:
        def elsewhere(language: Language) -> tuple[str, bool] | None:
            shown = self._index.shown_text(language, content)
            if shown is None:
                return None
            return self._index.page_path(language.code, content, shown.item), shown.is_fallback

        return elsewhere

    def _named(self, language: Language, context: str, key: str) -> tuple[str, str]:
        text, lang = self._texts[language.code].name(context, key)
        return text, _other(lang, language)

    def _author(self, key: str) -> str:
        stories = self._index.by_section.get(Section("authors", key), ())
        names = (name for story in stories for name in story.authors if urls.make_author_key(name) == key)
        return next(names, key)

    def _edition_parts(self, language: Language) -> _EditionParts:
        lang, texts, local = language.code, self._texts[language.code], self._addresses.local
        site = self._index.settings.site
        names = [name for name in SECTIONS if list_sections(self._index, language, name)]
        menu = list_menu(self._index.settings, lang, names)
        return _EditionParts(
            direction=texts.direction,
            title=self.site_title(language),
            description=self.site_description(language),
            notice=site.notice.get(lang),
            imprint=site.imprint.get(lang),
            home=local(urls.home_path(lang)),
            stylesheet=local("style.css"),
            navigation=SharedTuple(Anchor(local(path), *texts.labelled(name)) for path, name in menu.items()),
            menu=tuple(menu),
            footer=SharedTuple(self._static_pages(language)),
            brand=make_brand(self._index.settings.brand, self._addresses.local, self.site_title(language)),
            website=make_sharing(self._index.settings.brand, self._addresses, language, "website"),
            article=make_sharing(self._index.settings.brand, self._addresses, language, "article"),
        )

    def _static_pages(self, language: Language) -> Iterator[Anchor]:
        for content in self._index.library.pages.values():
            shown = self._index.shown_text(language, content)
            if shown is not None:
                href = self._addresses.local(self._index.page_path(language.code, content, shown.item))
                yield Anchor(href, shown.item.title, _other(shown.item.lang, language))


def _other(lang: str, language: Language) -> str:
    """Return a language if it is worth marking: empty when it is the page's own."""
    return "" if lang == language.code else lang
