"""Catalogues and CLDR → `CatalogueTexts`: the sentences, names, dates and lists of one language.

PO files are read as they are, so that a translator's file works the moment it is saved. Nothing
here touches the process locale or a "current language": the texts of a language are passed to whoever
needs them.
"""

from __future__ import annotations

import gettext as stdlib_gettext
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Literal

from babel.core import Locale
from babel.dates import format_date, format_interval, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

from newsfeed.model import Month

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from newsfeed.settings import Language, Settings

MessageKey = tuple[str, str]
"""(context, message)."""
_UNITS = ("byte", "kilobyte", "megabyte", "gigabyte")
SOURCE_LANGUAGE = "en"
"""The program's messages are written in English: no catalogue needed."""


def is_source_language(code: str) -> bool:
    """Return whether a language is one that the program's messages are written in, such as ``en-GB``."""
    return code.partition("-")[0] == SOURCE_LANGUAGE


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The translations of one PO file."""

    messages: Mapping[MessageKey, tuple[str, ...]] = field(default_factory=dict)
    plural: str = "n != 1"
    """The header's plural expression."""

    def form(self, number: int) -> int:
        """Return the index of the plural form that a number takes."""
        return _plural_rule(self.plural)(number)

    def merged(self, other: Catalogue) -> Catalogue:
        """Return this catalogue with another's messages added; the other wins."""
        return Catalogue({**self.messages, **other.messages}, other.plural or self.plural)


@lru_cache(maxsize=64)
def _locale(identifier: str) -> Locale:
    return Locale.parse(identifier.replace("-", "_"))


@lru_cache(maxsize=64)
def _plural_rule(expression: str) -> Callable[[int], int]:
    rule: Callable[[int], int] = stdlib_gettext.c2py(expression)
    return rule


class CatalogueTexts:
    """One language as readers meet it: implements `newsfeed.ports.Texts`. Immutable and memoised."""

    def __init__(
        self,
        language: Language,
        catalogue: Catalogue,
        names: Catalogue,
        settings: Settings,
        stand_ins: Sequence[tuple[str, Catalogue]] = (),
    ) -> None:
        """stand_ins: (language, catalogue) of what is asked for sentences that this one lacks, best first."""
        self._language = language
        self._catalogue = catalogue
        self._names = names
        self._settings = settings
        self._stand_ins = stand_ins
        self._locale = _locale(language.locale)
        self._memo: dict[tuple[Any, ...], str] = {}

    def __reduce__(self) -> tuple[type[CatalogueTexts], tuple[object, ...]]:
        """Pickle without the CLDR data, which is found again as quickly."""
        return CatalogueTexts, (
            self._language,
            self._catalogue,
            self._names,
            self._settings,
            self._stand_ins,
        )

    @property
    def code(self) -> str:
        """The edition's BCP 47 code."""
        return self._language.code

    @cached_property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""
        return self._locale.text_direction

    @property
    def zone(self) -> ZoneInfo:
        """The site's zone, in which dates are shown."""
        return self._settings.site.timezone

    # -- sentences -----------------------------------------------------------------------------

    def gettext(self, message: str) -> str:
        """Return a sentence of the program in this language; where it has none, in one that stands in."""
        return self.sentence(message)[0]

    def pgettext(self, context: str, message: str) -> str:
        """Return a word that means different things in different contexts, as `gettext` does."""
        return self.sentence(message, context=context)[0]

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Return a sentence for a number, by the plural rule of the language it is in."""
        return self.sentence(singular, plural, number)[0]

    def npgettext(self, context: str, singular: str, plural: str, number: int) -> str:
        """Return a sentence for a number in a context, by the plural rule of the language it is in."""
        return self.sentence(singular, plural, number, context)[0]

    def sentence(self, message: str, plural: str = "", number: int = 1, context: str = "") -> tuple[str, str]:
        """Return a sentence, and the language it is in: this one, or where nobody has translated it, the
        first of the edition's chain that has it, or else English.
        """
        key = (context, message)
        for code, catalogue in ((self.code, self._catalogue), *self._stand_ins):
            forms = catalogue.messages.get(key)
            if forms is not None:
                index = catalogue.form(number) if plural else 0
                if index < len(forms) and forms[index]:
                    return forms[index], code
            if is_source_language(code):
                return message if number == 1 or not plural else plural, code
        return message if number == 1 or not plural else plural, SOURCE_LANGUAGE

    def direction_of(self, lang: str) -> str:
        """Return ``ltr`` or ``rtl``: the direction of a language that stands in for this one."""
        return str(_locale(lang).text_direction)

    def labelled(self, message: str) -> tuple[str, str]:
        """Return a sentence, and the language to mark it with: empty when it is in this one."""
        text, lang = self.sentence(message)
        return text, "" if lang == self.code else lang

    # -- names ---------------------------------------------------------------------------------

    def name(self, context: str, key: str) -> tuple[str, str]:
        """Return a name of the site's vocabulary (``topic``, ``donor``, ``partner``, ``programme``), the line
        about an ``author``, or the name of a ``role``, which stands in texts; and the language it is in: this
        one, or the site's default when nobody has translated it.
        """
        table: Mapping[str, str] = getattr(self._settings, _TABLES.get(context, ""), {})
        message = table.get(key, key)
        translated = self._names.messages.get((context, message), ("",))[0]
        default = self._settings.site.default_language
        return (translated, self.code) if translated else (message, default)

    def country(self, code: str) -> str:
        """Return a country's name: the site's own, else that of CLDR."""
        if code in self._settings.countries:
            message = self._settings.countries[code]
            return self._names.messages.get(("country", message), ("",))[0] or message
        return str(self._locale.territories.get(code, code))

    def language(self, code: str) -> str:
        """Return a language's name in this language, as it stands inside a sentence."""

        def make() -> str:
            name = _locale(code).get_language_name(self._locale) or code
            alike = any(other != code and _base(other) == _base(code) for other in self._settings.languages)
            return _full_name(code, self._locale, name) if alike else name

        return self._remember(("language", code), make)

    def autonym(self, code: str) -> str:
        """Return a language's name in itself, with a capital as in lists."""

        def make() -> str:
            own = _locale(self._settings.languages[code].locale if code in self._settings.languages else code)
            name = str(own.get_language_name(own) or code)
            if any(other != code and _base(other) == _base(code) for other in self._settings.languages):
                name = _full_name(code, own, name)
            return name[:1].upper() + name[1:]

        return self._remember(("autonym", code), make)

    # -- dates, numbers, lists -----------------------------------------------------------------

    def long_date(self, day: date | datetime) -> str:
        """Write a day as ``4 February 2010``, the reader's way; moments in the site's zone."""
        local = self.day(day)
        return self._remember(("long", local), lambda: format_date(local, "long", self._locale))

    def weekday_date(self, day: date | datetime) -> str:
        """Write a day as ``Thursday, 4 February 2010``, the reader's way."""
        local = self.day(day)
        return self._remember(("full", local), lambda: format_date(local, "full", self._locale))

    def weekday(self, number: int) -> str:
        """Write a day of the week (Monday is 0) as ``Thursday``, as it stands inside a sentence."""
        return str(self._locale.days["format"]["wide"][number])

    def month(self, month: Month | date) -> str:
        """Write a month as ``February 2010``."""
        first = date(month.year, month.month, 1)
        return self._remember(("month", first), lambda: format_skeleton("yMMMM", first, locale=self._locale))

    def month_name(self, month: int) -> str:
        """Write a month (1 to 12) as ``February``, as it stands alone."""
        first = date(2000, month, 1)
        return self._remember(("name", month), lambda: format_date(first, "LLLL", self._locale))

    def period(self, start: Month | date | None, end: Month | date | None) -> str:
        """Write a duration as ``January 2008 – December 2010``, or the end of it that is known."""
        if start is None or end is None:
            known = start or end
            return self._one(known) if known is not None else ""
        by_month = isinstance(start, Month) or isinstance(end, Month)
        skeleton = "yMMMM" if by_month else "yMMMMd"
        first, last = _as_day(start), _as_day(end)
        if first == last:
            return self._one(start)
        return str(format_interval(first, last, skeleton, locale=self._locale))

    def time(self, at: datetime) -> str:
        """Write a time as ``08:00``, in the site's zone."""
        return str(format_time(at.astimezone(self.zone), "short", locale=self._locale))

    def number(self, value: int) -> str:
        """Write a number as ``30,000``, the reader's way."""
        return str(format_decimal(value, locale=self._locale))

    def decimal(self, value: float) -> str:
        """Write a number as ``1.2``, the reader's way: one digit after the point."""
        return str(format_decimal(value, format="#,##0.#", locale=self._locale))

    def file_size(self, size: int) -> str:
        """Write a number of bytes as ``1.2 MB``, the reader's way."""
        value, unit = float(size), 0
        while value >= 1000 and unit < len(_UNITS) - 1:
            value, unit = value / 1000, unit + 1
        pattern = "#,##0.#" if unit and value < 10 else "#,##0"
        length: Literal["short", "long"] = "short" if unit else "long"
        name = f"digital-{_UNITS[unit]}"
        shown = format_unit(value, name, length, format=pattern, locale=self._locale)
        if (
            name in shown
        ):  # CLDR has no such form for some numbers, as of bytes in Dutch, and Babel gives the id
            shown = format_unit(value, name, "short", format=pattern, locale=self._locale)
        return str(shown).replace(" ", "\N{NO-BREAK SPACE}")

    def together(self, names: Sequence[str]) -> str:
        """Write names as a list: ``a, b and c``."""
        return format_list(list(names), locale=self._locale) if names else ""

    def sort_key(self, name: str) -> str:
        """Return the key that sorts a name among others: accents and capitals folded.

        CLDR's collation would need a library of its own.
        """
        decomposed = unicodedata.normalize("NFKD", name.casefold())
        return "".join(char for char in decomposed if not unicodedata.combining(char)) + "\0" + name

    def _one(self, point: Month | date) -> str:
        return self.month(point) if isinstance(point, Month) else self.long_date(point)

    def day(self, day: date | datetime) -> date:
        """Return the day of a moment in the site's zone."""
        return day.astimezone(self.zone).date() if isinstance(day, datetime) else day

    def _remember(self, key: tuple[Any, ...], make: Callable[[], str]) -> str:
        known = self._memo.get(key)
        if known is None:
            known = self._memo[key] = str(make())
        return known


def _base(code: str) -> str:
    return code.partition("-")[0]


def _full_name(code: str, locale: Locale, short: str) -> str:
    """Return a language's name with its script or region, for a site that has it in several of them: CLDR's
    own, such as ``简体中文``, or the short name with these in brackets.
    """
    parts = _locale(code)
    if not parts.script and not parts.territory:
        return short
    known = locale.languages.get(code.replace("-", "_"))
    return str(known or parts.get_display_name(locale) or code)


_TABLES = {
    "topic": "topics",
    "donor": "donors",
    "partner": "partners",
    "programme": "programmes",
    "author": "authors",
}
"""gettext context of a name → the settings table it stands in."""


def _as_day(point: Month | date) -> date:
    return date(point.year, point.month, 1) if isinstance(point, Month) else point


def list_countries() -> frozenset[str]:
    """Return the ISO 3166-1 alpha-2 codes, upper case, of the countries that CLDR has names for."""
    territories = [str(code) for code in _locale("en").territories]
    return frozenset(code for code in territories if len(code) == 2 and code.isalpha()) - _NO_COUNTRIES


_NO_COUNTRIES = frozenset(
    {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
)
"""Two-letter codes of CLDR that stand for no country, or for a part of one (reserved by ISO 3166)."""
