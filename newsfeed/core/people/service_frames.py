"""The frame of the pages where readers subscribe and choose: that of the site, with links that lead to it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsfeed.core.people.hosts import is_this_machine
from newsfeed.core.site import urls
from newsfeed.core.site.brand import make_brand
from newsfeed.core.site.menus import list_menu
from newsfeed.views import Anchor, EditionLink, Frame, Sharing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsfeed.ports import Texts
    from newsfeed.settings import Settings


class ServiceFrames:
    """Makes the frames of the service's pages, which may live on another host than the site. Where they are
    on this machine, the site is beside them, and links to it name no host.
    """

    def __init__(self, settings: Settings, texts: Mapping[str, Texts]) -> None:
        self._settings = settings
        self._texts = texts
        service = urlsplit(settings.web.base_url)
        self._path = service.path or "/"
        # On one's own machine the site is only here, whatever address it will have in public.
        is_tried_out = is_this_machine(service.hostname or "")
        base_url = settings.site.base_url
        self._site = urls.base_url_path(base_url) if is_tried_out else base_url

    def address(self, path: str) -> str:
        """Return the address of one of the service's pages, without its host."""
        return self._path + path

    def home(self, lang: str) -> str:
        """Return the address of the site's front page in a language."""
        return self._on_site(urls.home_path(lang))

    def _on_site(self, path: str) -> str:
        return self._site + urls.encode_path(path)

    def site_title(self, lang: str) -> str:
        """Return the site's title in a language."""
        return self._settings.languages[lang].title or self._settings.site.title.get(lang)

    def subscribe(self, lang: str, title: str) -> Frame:
        """Return the frame of the form, which has an address in each language."""
        return self._frame(
            lang, title, {code: self.address(f"{code.lower()}/subscribe") for code in self._codes}
        )

    def link(self, lang: str, title: str) -> Frame:
        """Return the frame of the form that has links sent, which has an address in each language."""
        return self._frame(lang, title, {code: self.address(f"{code.lower()}/link") for code in self._codes})

    def reader(self, lang: str, title: str) -> Frame:
        """Return the frame of a page behind a reader's link, which is in another language by its query."""
        return self._frame(lang, title, {code: f"?lang={code}" for code in self._codes})

    @property
    def _codes(self) -> tuple[str, ...]:
        return self._settings.site.languages

    def _frame(self, lang: str, title: str, pages: Mapping[str, str]) -> Frame:
        words, site, language = self._texts[lang], self._settings.site, self._settings.languages[lang]
        # The service knows no stories: of the sections only those that the configuration names.
        tables = {"topics": self._settings.topics, "programmes": self._settings.programmes}
        menu = list_menu(self._settings, lang, [name for name, named in tables.items() if named])
        navigation = tuple(Anchor(self._on_site(path), *words.labelled(name)) for path, name in menu.items())
        return Frame(
            lang=lang,
            direction=words.direction,
            title=title,
            title_lang="",
            description="",
            site_title=self.site_title(lang),
            site_description=language.description or site.description.get(lang),
            notice=site.notice.get(lang),
            imprint=site.imprint.get(lang),
            canonical="",
            indexed=False,
            home=self.home(lang),
            stylesheet=self.address("style.css"),
            editions=tuple(
                EditionLink(code, self._texts[code].autonym(code), pages[code], code == lang, False)
                for code in self._codes
            ),
            alternates=(),
            feeds=(),
            navigation=navigation,
            feed_list=navigation[-1],
            footer=(),
            here="",
            brand=make_brand(self._settings.brand, self._on_site, self.site_title(lang)),
            sharing=Sharing(),
        )
