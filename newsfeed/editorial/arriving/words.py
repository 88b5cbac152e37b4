"""Find the site's words for those of an archive: languages, topics, authors; and plain words in HTML."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from newsfeed.core.content.value_guesses import guess_slug
from newsfeed.i18n.language_names import find_edition

if TYPE_CHECKING:
    from newsfeed.core.arriving.mapping import WordMapping
    from newsfeed.core.content.facts import Vocabulary
    from newsfeed.settings import Settings

_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,5000}>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")


def plain_text(text: str) -> str:
    """Return the words of a short piece of HTML."""
    if _TAG.search(text):
        text = _TAG.sub(" ", text)
    return unescape(text) if _ENTITY.search(text) else text


class WordFinder:
    """Finds the site's word for one of the archive: in the mapping, else among the site's own."""

    def __init__(self, settings: Settings, vocabulary: Vocabulary, mapping: WordMapping, lang: str) -> None:
        """lang: of texts that name none."""
        self._settings = settings
        self._mapping = mapping
        self._key_of = vocabulary.key_of("topic")
        self._lang = lang or settings.site.default_language

    def language(self, code: str) -> str:
        """Return the edition for a language of the archive; its own code when there is none."""
        if not code:
            return self._lang
        code = self._mapping.languages.get(code.casefold(), code)
        editions = tuple(self._settings.languages)
        base = re.split(r"[-_]", code)[0]
        return find_edition(code, editions) or find_edition(base, editions) or code

    def author(self, name: str) -> str:
        """Return the name of an author; empty: it is left out."""
        return self._mapping.authors.get(name.casefold(), name)

    def topic(self, category: str) -> str:
        """Return the topic for a category; empty when it is left out."""
        mapped = self._mapping.topics.get(category.casefold())
        if mapped is not None:
            known = mapped in self._settings.topics or not mapped
            return mapped if known else self._key_of(mapped) or guess_slug(mapped)
        if category in self._settings.topics:
            return category
        slug = guess_slug(category, self._lang)
        return self._key_of(category) or slug
