"""Sections: the lists of stories that have a page and feeds of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from newsfeed.core.site.urls import INDEX

if TYPE_CHECKING:
    from newsfeed.core.site.index import SiteIndex
    from newsfeed.settings import Language

SITE = ""
"""Name of the section that holds everything."""
SECTIONS = ("topics", "countries", "projects", "programmes", "authors")
FOUND_IN_STORIES = ("countries", "authors")
"""Sections that nothing but a story makes; of the others an unknown one is a problem, not a page."""

NAMED_AT_HOME = ("topics", "programmes", "projects", "countries")
"""Sections that front pages lead to, in this order."""


class Section(NamedTuple):
    """A list of stories with a page and feeds: the whole site, a topic or a country."""

    name: str
    """One of `SECTIONS`, or `SITE`."""
    key: str = ""

    def folder(self, lang: str) -> str:
        """Return the output folder of this section in an edition."""
        return f"{lang}/{self.name}/{self.key.lower()}" if self.name else lang

    def live_path(self, lang: str) -> str:
        """Return the output path of this section's first page in an edition."""
        return f"{self.folder(lang)}/{INDEX}"


def list_sections(index: SiteIndex, language: Language, name: str) -> list[Section]:
    """Return the sections of a kind that have a page in an edition."""
    return [
        section for section in index.by_section if section.name == name and index.has_page(language, section)
    ]
