"""Names that people write where keys are wanted: "Energy & Climate" is the topic ``energy``, ``UK`` is GB."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from babel.core import Locale, get_global

from newsfeed.i18n.texts import list_countries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsfeed.ports import Texts
    from newsfeed.settings import Settings

_ALWAYS = ("en", "de", "fr", "nl", "es", "ru")
"""Languages in which editors may think of a country, whatever the site is written in."""


class LocalisedKeyLookup:
    """Finds the key of a name in any language of the site: `newsfeed.core.content.facts.KeyLookup`.

    The names are gathered when somebody asks for the first time: most sites have no such mistake.
    """

    def __init__(self, settings: Settings, texts: Mapping[str, Texts]) -> None:
        self._settings = settings
        self._texts = texts

    def find(self, kind: str, name: str) -> str:
        """Return the key of a ``topic``, ``donor``, ``partner`` or ``country``; empty when there is none."""
        return self._keys.get((kind, _folded(name)), "")

    @cached_property
    def _keys(self) -> Mapping[tuple[str, str], str]:
        keys: dict[tuple[str, str], str] = {}
        for kind, key, name in (*self._vocabularies(), *self._countries()):
            keys.setdefault((kind, _folded(name)), key)
        return keys

    def _vocabularies(self) -> Iterator[tuple[str, str, str]]:
        site = self._settings
        for kind, words in (("topic", site.topics), ("donor", site.donors), ("partner", site.partners)):
            for key, name in words.items():
                yield kind, key, key
                yield kind, key, name
                for texts in self._texts.values():
                    yield kind, key, texts.name(kind, key)[0]

    def _countries(self) -> Iterator[tuple[str, str, str]]:
        known = list_countries()
        for texts in self._texts.values():
            for code in known:
                yield "country", code, texts.country(code)
        for language in _ALWAYS:
            for code, name in Locale.parse(language).territories.items():
                if code in known:
                    yield "country", code, name
        for alias, codes in get_global("territory_aliases").items():
            if len(codes) == 1 and codes[0] in known:
                yield "country", codes[0], alias


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("&", " and ").split())
