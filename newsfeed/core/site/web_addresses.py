"""Web addresses of output paths, and what the links of a text become in pages, feeds and mails."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.core.content.links import find_link_only_scheme
from newsfeed.core.site import urls
from newsfeed.core.site.picture_sizes import PLAIN_WIDTH, find_plain_form, make_srcset
from newsfeed.core.site.sections import Section
from newsfeed.views import Picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsfeed.core.site.index import SiteIndex
    from newsfeed.model import Asset, Content, Item
    from newsfeed.settings import Language


_NOWHERE = ("", "")
_REMEMBERED = 5_000
"""Links of which is known what they mean: each text is shown in several editions, in pages and in feeds."""


class _Meaning(NamedTuple):
    """The target of a link: one of the first three is set."""

    outside: str = ""
    """An address elsewhere."""
    asset: str = ""
    """A file of the text's own."""
    address: str = ""
    """On the site, without the part that all addresses there begin with."""
    anchor: str = ""
    lang: str = ""
    """The language of the text that it leads to."""


class WebAddresses:
    """Turns output paths into addresses: with a slash in front for pages, absolute elsewhere."""

    def __init__(self, index: SiteIndex) -> None:
        self._index = index
        self._meaning = lru_cache(_REMEMBERED)(self._find)
        self._base_url = index.settings.site.base_url
        self._scheme = self._base_url[: self._base_url.index("//")]
        self._base_path = urls.base_url_path(self._base_url)

    def local(self, path: str) -> str:
        """Return the address of an output path for use inside the site."""
        return self._base_path + urls.encode_path(path)

    def absolute(self, path: str) -> str:
        """Return the address of an output path for the rest of the world."""
        return self._base_url + urls.encode_path(path)

    def resolver(
        self, language: Language, content: Content, item: Item, *, absolute: bool
    ) -> Callable[[str, bool], tuple[str, str]]:
        """Return a function that turns the links of a text into addresses in an edition, each with the
        language of the text it leads to, where that is another one.

        A link to another text leads to that text in the edition of the reader; anchors, and what
        begins with ``?``, stay on the page, or become absolute where there is no page around them.
        A target that is not public (yet, or any more) becomes an empty string: the words stay, the link goes.
        """
        prefix = self._base_url if absolute else self._base_path
        here = (
            prefix + urls.encode_path(self._index.page_path(language.code, content, item)) if absolute else ""
        )
        folder = item.path[: item.path.rfind("/") + 1]  # a link means the same to all texts of a folder

        def resolve(target: str, is_image: bool) -> tuple[str, str]:
            if target.startswith(("#", "?")):
                return here + urls.encode_address(target), ""
            if is_image and find_link_only_scheme(target):
                return "", ""
            meaning = self._meaning(language.code, folder, item.lang, target)
            address = meaning.address
            if meaning.asset:
                path = content.assets.get(meaning.asset)
                address = urls.encode_path(path) if path else ""
            found = meaning.outside or (prefix + address + meaning.anchor if address else "")
            return found, "" if meaning.lang == item.lang else meaning.lang

        return resolve

    def picture_finder(
        self, language: Language, content: Content, item: Item, *, absolute: bool
    ) -> Callable[[str], Picture | None]:
        """Return a function that finds the picture behind the target of an image in a text, if it is one of
        the site's: in several widths for pages, in one for feeds, where addresses are absolute.
        """
        folder = item.path[: item.path.rfind("/") + 1]
        assets = self._index.library.assets

        def find(target: str) -> Picture | None:
            if target.startswith(("#", "?")) or find_link_only_scheme(target):
                return None
            path = self._meaning(language.code, folder, item.lang, target).asset
            output = content.assets.get(path, "")
            return self.picture(output, assets[path], absolute=absolute) if output else None

        return find

    def picture(self, output: str, asset: Asset, *, absolute: bool) -> Picture:
        """Return a picture that is published at a path, without words: in several widths for pages; for the
        rest of the world in one that every program shows.
        """
        if not absolute:
            srcset = make_srcset(output, asset, self.local)
            return Picture(self.local(output), "", asset.width, asset.height, srcset)
        path, width, height = find_plain_form(output, asset, PLAIN_WIDTH)
        return Picture(self.absolute(path), "", width, height)

    def note_resolver(
        self, language: Language, path: str, lang: str
    ) -> Callable[[str, bool], tuple[str, str]]:
        """Return a function that turns the links of a note to an issue into whole addresses, as `resolver`
        does those of a text.

        ``path``, ``lang``: of the note. It has no page, no pictures and no files of its own.
        """
        folder = path[: path.rfind("/") + 1]

        def resolve(target: str, is_image: bool) -> tuple[str, str]:
            if is_image or target.startswith(("#", "?")):
                return "", ""
            meaning = self._meaning(language.code, folder, lang, target)
            path = self._base_url + meaning.address + meaning.anchor if meaning.address else ""
            return meaning.outside or path, "" if meaning.lang == lang else meaning.lang

        return resolve

    def _find(self, edition: str, folder: str, lang: str, target: str) -> _Meaning:
        """Find out where a link leads in an edition that stands in a text of a language, in a folder."""
        link_target = self._index.links.find(folder, lang, target)
        if link_target.outside:
            address = self._scheme + target if target.startswith("//") else target
            return _Meaning(urls.encode_address(address))
        path, target_lang = (
            self._text_page(self._index.settings.languages[edition], link_target.text)
            if link_target.text
            else _NOWHERE
        )
        anchor = urls.encode_address(f"#{link_target.anchor}") if link_target.anchor else ""
        address = urls.encode_path(path) if path else ""
        return _Meaning("", link_target.asset, address, anchor, target_lang if address else "")

    def _text_page(self, language: Language, source: str) -> tuple[str, str]:
        """Return the output path of the page that shows a content file's text in an edition, and the
        language it shows it in.
        """
        kind, identifier = self._index.library.paths[source]
        if kind in ("projects", "programmes"):
            return self._dossier_page(language, Section(kind, identifier))
        if kind == "news":
            return self._story_page(language, identifier)
        content = self._index.library.pages.get(identifier)
        if content is None:
            return _NOWHERE
        shown = self._index.shown_text(language, content)
        if shown is not None:
            return self._index.page_path(language.code, content, shown.item), shown.item.lang
        own = content.origin
        return self._index.page_path(own.lang, content, own), own.lang

    def _dossier_page(self, language: Language, section: Section) -> tuple[str, str]:
        if not self._index.has_page(language, section):
            return _NOWHERE
        library = self._index.library
        content = (library.projects if section.name == "projects" else library.programmes)[section.key]
        shown = self._index.shown_text(language, content)
        return section.live_path(language.code), shown.item.lang if shown is not None else ""

    def _story_page(self, language: Language, identifier: str) -> tuple[str, str]:
        """Return the output path of a story's page in an edition, or in the story's own where it has none.

        It is found in the story's row; the story itself, which may be on disk, is asked only without one.
        """
        row = self._index.lists.all_rows.get(identifier)
        if row is None:
            return _NOWHERE
        page = row.page(language)
        if page is not None:
            return page[0], row.shown_language(language)
        story = self._index.with_withdrawn.stories[identifier]
        return self._index.page_path(story.original, story, story.origin), story.original
