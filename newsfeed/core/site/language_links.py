"""Links from a page to its counterparts in all editions: the language switcher, and ``hreflang``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.views import AlternateLink, EditionLink, SharedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsfeed.core.site.web_addresses import WebAddresses
    from newsfeed.settings import Language

X_DEFAULT = "x-default"
PathInEdition = Callable[["Language"], tuple[str, bool] | None]
"""Edition → (path of the same thing there, whether that is a fallback), or ``None``."""


@dataclass(frozen=True, slots=True)
class LanguageLinks:
    """Links from a page to its counterparts in all editions."""

    editions: tuple[tuple[str, str, str, bool], ...]
    """Code, name, address, whether that edition shows it in another language."""
    alternates: SharedTuple[AlternateLink]
    """``hreflang`` links to all true translations, this page's own included; none for a page that
    exists once (Google, "localized versions": mutual, self-naming, with x-default).
    """

    def switcher(self, current: str) -> tuple[EditionLink, ...]:
        """Return the language switcher of the page in the edition ``current``."""
        return tuple(
            [
                EditionLink(code, name, href, code == current, other)
                for code, name, href, other in self.editions
            ]
        )


def make_alternates(
    found: Mapping[str, tuple[str, bool] | None], default: str, addresses: WebAddresses
) -> SharedTuple[AlternateLink]:
    """Return ``hreflang`` links to true translations.

    found: edition → (path there, whether that is a fallback), or ``None``.
    default: code of the edition for all other languages.
    """
    true = {code: here[0] for code, here in found.items() if here is not None and not here[1]}
    if len(true) < 2:
        return SharedTuple()
    links = {code: AlternateLink(code, addresses.absolute(path)) for code, path in true.items()}
    first = links.get(default) or next(iter(links.values()))
    return SharedTuple((*links.values(), AlternateLink(X_DEFAULT, first.href)))
