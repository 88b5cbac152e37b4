"""Headings of the lists of sections: on their pages, in the menu and among feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.marking import msgid

if TYPE_CHECKING:
    from collections.abc import Mapping

SECTION_HEADINGS: Mapping[str, str] = {
    "topics": msgid("Topics"),
    "countries": msgid("Countries"),
    "projects": msgid("Projects"),
    "programmes": msgid("Programmes"),
    "authors": msgid("Authors"),
}
"""Kind of section → message id of its heading, in the order of the menu."""
