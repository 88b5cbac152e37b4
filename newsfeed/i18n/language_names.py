"""Find a language by its name, as people write it into tables: “Deutsch”, “German”, “allemand”."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from babel.core import Locale, UnknownLocaleError, get_global

from newsfeed.core.content.languages import canonicalise_tag, match_language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SPOKEN = ("en", "de", "fr", "nl")
"""Languages in which names are understood, beside those of the site."""
_ENDS = re.compile(r"[.@].*")
"""What POSIX writes behind a locale: ``de_DE.UTF-8@euro``."""
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)")


def find_edition(text: str, editions: Sequence[str]) -> str:
    """Return the edition for a language tag or name (RFC 4647, 3.4: ``de-DE`` → ``de``); empty if none."""
    return _find(text, tuple(editions))


@lru_cache(1_000)
def _find(text: str, editions: tuple[str, ...]) -> str:
    """Find an edition; a table has few languages, and says them in every line."""
    tag = canonicalise_tag(_ENDS.sub("", text.strip()))
    if found := match_language(tag, editions, ""):
        return found
    base, _, rest = tag.partition("-")
    alias = get_global("language_aliases").get(base, "")  # ISO 639-2: ger, deu
    if alias and (found := match_language(f"{alias}-{rest}".rstrip("-"), editions, "")):
        return found
    names = _names(editions)
    plain = " ".join(text.split()).casefold()
    return names.get(plain) or names.get(_IN_BRACKETS.sub("", plain), "")


@lru_cache
def _names(editions: tuple[str, ...]) -> Mapping[str, str]:
    """Return name → edition, in every language that is understood."""
    names: dict[str, str] = {}
    for code in editions:
        for spoken in dict.fromkeys([code, *editions, *_SPOKEN]):
            try:
                name = Locale.parse(code.replace("-", "_")).get_display_name(spoken.replace("-", "_"))
            except (ValueError, UnknownLocaleError):
                continue
            if name:
                names.setdefault(name.casefold(), code)
    return names
