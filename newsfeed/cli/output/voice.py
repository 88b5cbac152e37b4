"""The language of the person who runs the program, for everything printed in a terminal."""

from __future__ import annotations

import gettext
import os
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from newsfeed.marking import SEVERAL, FileSize, Sentence, fill

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

DOMAIN = "problems"
"""gettext domain of what editors and operators see in their terminal."""
CLICK_DOMAIN = "click"
"""gettext domain of what the library click says."""
_UNITS = {"B": "digital-byte", "kB": "digital-kilobyte", "MB": "digital-megabyte", "GB": "digital-gigabyte"}
"""Unit → what CLDR calls it."""
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_ENGLISH = "en_GB"
"""Dates are European ones where nobody asks for others."""


@dataclass(frozen=True, slots=True)
class Voice:
    """The user's language for sentences, numbers and moments in the terminal."""

    translations: gettext.NullTranslations | None = None
    """``None``: English needs no catalogue."""
    locale: str = _ENGLISH
    """CLDR identifier: how dates and numbers are written."""

    @property
    def lang(self) -> str:
        """Return the language of its sentences, as HTML names it."""
        return self.locale.partition("_")[0]

    def say(self, message: str | Sentence, /, **params: object) -> str:
        """Return a sentence in the user's language, filled with its parameters if it has any; the English one
        where there is no other.
        """
        if isinstance(message, Sentence):
            return self.say(message.message, **dict(message.params))
        translated = self.translations.gettext(message) if self.translations and message else message
        return fill(translated, {name: self.show(value) for name, value in params.items()})

    def count(self, singular: str, plural: str, number: int, /, **params: object) -> str:
        """Return the form of a sentence for a number, with ``{number}`` and other parameters filled."""
        if self.translations is None:
            chosen = singular if number == 1 else plural
        else:
            chosen = self.translations.ngettext(singular, plural, number)
        return fill(chosen, {name: self.show(value) for name, value in {"number": number, **params}.items()})

    def show(self, value: object) -> str:
        """Return a value as the user writes such values: a moment in the zone it carries."""
        if isinstance(value, Sentence):
            return self.say(value)
        if isinstance(value, tuple):
            return SEVERAL.join(map(self.show, value))
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, FileSize):
            return self.file_size(value)
        if isinstance(value, float | int) and not isinstance(value, bool):
            return self.number(value)
        return str(value)

    def number(self, value: float, digits: int = 1) -> str:
        """Return a number with the separators of the language; ``digits``: at most so many of a fraction."""
        if self.translations is None:
            shown = f"{value:,.{digits}f}"
            return shown.rstrip("0").rstrip(".")
        from babel.numbers import format_decimal

        return str(format_decimal(value, format=f"#,##0.{'#' * digits}", locale=self.locale))

    def file_size(self, value: FileSize) -> str:
        """Return a number of bytes as ``1.2 MB``, the user's way: in French they are octets."""
        if self.translations is None:
            return str(value)
        from babel.units import format_unit

        number, unit = value.scaled()
        return str(format_unit(number, _UNITS[unit], "short", format="#,##0.#", locale=self.locale))

    def moment(self, value: datetime) -> str:
        """Return a moment as ``8 Feb 2010, 09:00``, the user's way, in the zone it carries."""
        from babel.dates import format_time, get_datetime_format

        time = format_time(value, "short", value.tzinfo, locale=self.locale)
        return str(get_datetime_format("medium", self.locale)).replace("'", "").format(time, self.day(value))

    def day(self, value: date) -> str:
        """Return a day as ``8 Feb 2010``, the user's way."""
        from babel.dates import format_date

        return str(format_date(value, "medium", locale=self.locale))


def user_voice(environment: Mapping[str, str] = os.environ) -> Voice:
    """Return the voice that the user's locale variables ask for, in the order of gettext."""
    wanted, language = _choose(environment)
    if not language:
        return Voice(locale=_locale(wanted, _ENGLISH))
    from newsfeed.i18n.compiled import read_translations

    folder = _compiled(language, DOMAIN, environment)
    return Voice(read_translations(folder, language, DOMAIN), _locale(wanted, language))


def voice_of(lang: str) -> Voice:
    """Return the voice for people who read a language, whatever the user's own is."""
    locale = lang.replace("-", "_")
    return user_voice({**os.environ, "LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": locale})


def translate_click(environment: Mapping[str, str] = os.environ) -> None:
    """Let click, which asks the standard library's gettext, speak the user's language too."""
    _, language = _choose(environment)
    if language:
        gettext.bindtextdomain(CLICK_DOMAIN, str(_compiled(language, CLICK_DOMAIN, environment)))
    gettext.textdomain(CLICK_DOMAIN if language else "messages")


def _compiled(language: str, domain: str, environment: Mapping[str, str]) -> Path:
    from newsfeed.config import bundled
    from newsfeed.config.user_cache import user_cache_folder
    from newsfeed.i18n.compiled import compiled_locales

    return compiled_locales(bundled.locales(), language, domain, user_cache_folder(environment))


def _choose(environment: Mapping[str, str]) -> tuple[str, str]:
    """Return the first language asked for that there is, as the variable names it, and as its catalogue is
    called: nothing for English.
    """
    for code in _wanted(environment):
        language = code.partition("_")[0].lower()
        if language in ("en", "c", "posix"):
            return code, ""
        from newsfeed.config import bundled

        for candidate in dict.fromkeys((code, language)):
            name = candidate.replace("_", "")
            if name.isalnum() and (bundled.locales() / candidate / "LC_MESSAGES" / f"{DOMAIN}.po").is_file():
                return code, candidate
    return "", ""


def _wanted(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the languages that are asked for, best first, as ``de_AT``."""
    locale = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    several = environment.get("LANGUAGE", "")
    if several and _bare(locale) not in ("C", "POSIX"):  # GNU: LANGUAGE is not heeded in the locale C
        yield from (_bare(one) for one in several.split(":") if one)
    if locale:
        yield _bare(locale)


def _bare(name: str) -> str:
    return name.partition(".")[0].partition("@")[0].replace("-", "_")


def _locale(code: str, otherwise: str) -> str:
    """Return the identifier for CLDR of a language that a variable names: with its country, if it has one."""
    language, _, country = code.partition("_")
    return f"{language}_{country}" if len(country) == 2 and country.isalpha() else otherwise
