"""Values written as people write them → as the front matter wants them: dates, yes and no, words, slugs.

Nothing is read in this way; it is only proposed to whoever wrote it.
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsfeed.core.content.slugs import make_slug
from newsfeed.problems import find_nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_MONTH_GROUPS = (
    "jan januar january janvier januari jänner",
    "feb februar february février fevrier februari feber",
    "mar mär märz maerz march mars maart mrt",
    "apr april avril",
    "mai may mei",
    "jun juni june juin",
    "jul juli july juillet",
    "aug august août aout augustus",
    "sep sept september septembre",
    "okt oct oktober october octobre",
    "nov november novembre",
    "dez dec dezember december décembre decembre",
)
_MONTH_BY_NAME = {name: number for number, names in enumerate(_MONTH_GROUPS, 1) for name in names.split()}
"""In the languages of the shipped catalogues, written out and short."""
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})\s?[-/.–]\s?(?P<month>\d\d?)\s?[-/.–]\s?(?P<day>\d\d?)\.?(?!\d)")
_TOGETHER = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?!\d)")
_DAY_FIRST = re.compile(
    r"(?P<day>\d\d?)\s?(?P<sign>[-/.–])\s?(?P<month>\d\d?)\s?(?P=sign)\s?(?P<year>\d{4}|\d\d)(?!\d)"
)
_DAY_NAMED = re.compile(r"(?P<day>\d\d?)(?:\.|st|nd|rd|th|er|e)?\s+(?P<name>[^\W\d]+)\.?,?\s+(?P<year>\d{4})")
_NAME_FIRST = re.compile(r"(?P<name>[^\W\d]+)\.?\s+(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})")
_MONTH = re.compile(r"(?:(?P<month>\d\d?)|(?P<name>[^\W\d]+))\s?[-/.,]?\s?(?P<year>\d{4})")
_MONTH_LAST = re.compile(r"(?P<year>\d{4})\s?[-/.]\s?(?P<month>\d\d?)")
_WEEKDAY = re.compile(r"[^\W\d]{2,}\.?,?\s+(?=\d|[^\W\d]+\.?\s+\d)")
_TIME = re.compile(
    r"[T,\s]\s*(?:at|um|à|om)?\s*(?P<hour>\d\d?)(?:\s?[:.hH]\s?(?P<minute>\d\d))?\s*(?:h|uhr|uur|heures)?"
    r"\s*(?P<half>[ap]\.?m\.?)?",
    re.IGNORECASE,
)
_ZONE = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$")
_MOST_MONTHS = 12
_CENTURY = 2000
_YEARS = range(1900, 2200)
_NOON = 12

_YES = frozenset("true yes on y t 1 ja oui si sí j o wahr vrai waar tak da sim x".split())  # noqa: SIM905
_NO = frozenset("false no off n f 0 nein non nee falsch faux onwaar nie ne não".split())  # noqa: SIM905

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DOMAIN = re.compile(
    r"www\.[\w-]+\.\w|[\w-]+\.(?:org|com|net|eu|info|int|de|fr|nl|ch|at|be|uk)(?=/|$)", re.IGNORECASE
)
_OTHER_KEYS = {
    "aliases": "alias redirect_from redirects",
    "authors": "author autor autoren auteur auteurs by",
    "countries": "country land länder pays landen",
    "date": "datum published publish_date publishdate pubdate",
    "draft": "entwurf brouillon concept",
    "enclosures": "attachment attachments anhang anhänge bijlagen files",
    "expires": "expirydate expiry unpublish ablaufdatum",
    "image": "cover thumbnail featured_image bild afbeelding picture photo foto",
    "image_alt": "alt alt_text",
    "image_caption": "caption bildunterschrift légende bijschrift",
    "image_credit": "credit credits photo_credit copyright bildnachweis",
    "image_focus": "focus focal_point",
    "slug": "permalink url",
    "summary": "description excerpt abstract teaser lead zusammenfassung résumé resume samenvatting intro",
    "title": "titel titre headline",
    "topics": "tags tag categories category keywords themen thema thèmes onderwerpen",
    "updated": "lastmod modified last_modified changed",
    "withdrawn": "retracted retired zurückgezogen retiré ingetrokken",
}
_KEYS_BY_NAME = {name: key for key, names in _OTHER_KEYS.items() for name in names.split()}
"""What other programs and languages call the keys of the front matter."""
_LETTERS = {
    "de": {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ẞ": "ss"},
    "da": {"å": "aa", "æ": "ae", "ø": "oe"},
    "nb": {"å": "aa", "æ": "ae", "ø": "oe"},
    "nn": {"å": "aa", "æ": "ae", "ø": "oe"},
    "no": {"å": "aa", "æ": "ae", "ø": "oe"},
    "is": {"þ": "th", "æ": "ae", "ð": "d"},
    "uk": {"г": "h", "и": "y", "і": "i", "ї": "i", "є": "ie", "й": "i", "ю": "iu", "я": "ia"},
}
"""Language → how its letters are written in ASCII there, where that is not what all others do."""


def guess_date(text: str) -> str:
    """Return a date, perhaps with a time, as the front matter wants it; empty when nobody can be sure.

    ``01/06/2026`` is January or June, so nothing is said about it.
    """
    written = text.strip()
    for pattern in (_YEAR_FIRST, _TOGETHER, _DAY_FIRST, _DAY_NAMED, _NAME_FIRST):
        found = pattern.match(written) or pattern.match(_WEEKDAY.sub("", written, count=1))
        if found and (day := _day(found)) is not None:
            rest = found.string[found.end() :].strip(" .")
            return day.isoformat() + _time(found.string[found.end() :]) if rest else day.isoformat()
    return ""


def guess_month(text: str) -> str:
    """Return a month as the front matter wants it; empty when it is none."""
    found = _MONTH.fullmatch(text.strip()) or _MONTH_LAST.fullmatch(text.strip())
    if found is None:
        return ""
    name = found.groupdict().get("name")
    month = _MONTH_BY_NAME.get(name.casefold(), 0) if name else int(found["month"])
    return f"{found['year']}-{month:02}" if 1 <= month <= _MOST_MONTHS else ""


def guess_yes(text: str) -> str:
    """Return ``yes`` or ``no`` for what other languages and programs write; empty when it is neither."""
    word = text.strip().casefold()
    if word in _YES:
        return "yes"
    return "no" if word in _NO else ""


def guess_key(text: str, known: Collection[str]) -> str:
    """Return the known key that is meant by another program's, another language's or a misspelt one."""
    other = _KEYS_BY_NAME.get(text.strip().casefold().replace("-", "_"), "")
    return other if other in known else find_nearest(text, known)


def guess_address(target: str, base_url: str) -> str:
    """Return the whole address that is meant by a link to no file; empty when it is probably a file.

    ``base_url``: of the site, with a slash at its end.
    """
    if _MAIL.fullmatch(target):
        return f"mailto:{target}"
    if _DOMAIN.match(target):
        return f"https://{target}"
    is_folder = target.startswith("/") and target.endswith("/") and len(target) > len("//")
    return base_url + target.removeprefix("/") if is_folder else ""


def guess_target(scheme: str, target: str) -> str:
    """Return the scheme that was misspelt, or the name of a file on somebody's own computer."""
    if scheme.casefold() == "file" or len(scheme) == 1:
        return re.split(r"[/\\]", unquote(target).rstrip("/\\"))[-1]
    return find_nearest(scheme, ("https", "http", "mailto", "tel"))


def guess_slug(text: str, lang: str = "") -> str:
    """Return a text as a slug, its letters written as its language does: ``für`` is ``fuer`` in German."""
    letters = _LETTERS.get(lang.partition("-")[0], {})
    return make_slug("".join(letters.get(letter, letter) for letter in text.lower()))


def guess_words(text: str, known: Collection[str], key_of: Callable[[str], str]) -> str:
    """Return the word of a vocabulary that a text means, or the list of words; empty when nobody can tell.

    ``key_of``: finds the word that is meant by a name; empty when there is none.
    """

    def meant(word: str) -> str:
        return word if word in known else key_of(word) or find_nearest(word, known)

    whole = text if text in known else key_of(text)
    words = [meant(word) for word in split_list(text)]
    if len(words) == 1 and all(word in known for word in text.split()):
        words = text.split()
    if whole or not all(words) or len(words) <= 1:
        return whole or (words[0] if len(words) == 1 else "")
    return f"[{', '.join(dict.fromkeys(words))}]"


def split_list(text: str) -> tuple[str, ...]:
    """Return the entries of a list that was written without brackets; one alone when it is none."""
    words = re.split(r"\s*[,;|]\s*|\s+(?=-\w)", text.strip())
    return tuple(bare for word in words if (bare := word.strip().lstrip("-–•*").strip()))


def _day(found: re.Match[str]) -> date | None:
    parts = found.groupdict()
    year, day = int(parts["year"]), int(parts["day"])
    month = int(parts["month"]) if "month" in parts else _MONTH_BY_NAME.get(parts["name"].casefold(), 0)
    if len(parts["year"]) == len("26"):
        year += _CENTURY
    if month > _MOST_MONTHS >= day and parts.get("sign") != ".":
        month, day = day, month
    elif parts.get("sign") in ("/", "-", "–") and day <= _MOST_MONTHS and day != month:
        return None
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def _time(text: str) -> str:
    """Return `` 16:30`` of what follows a day; empty when it is no time."""
    found = _TIME.match(text)
    if found is None:
        return ""
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        hour = hour % _NOON + (_NOON if found["half"].lower().startswith("p") else 0)
    try:
        clock = time(hour, minute).isoformat("minutes")
    except ValueError:
        return ""
    zone = _ZONE.search(text)
    return f" {clock}{zone[0]}" if zone else f" {clock}"
