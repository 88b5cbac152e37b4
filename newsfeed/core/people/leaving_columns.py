"""Understand columns that tell who gets no mails any more, and the cells that say yes or no.

Nobody knows all columns of all programs: parts of their names tell as much.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LEAVING = re.compile(
    "unsub|(?<!lapt)optout(?!put)|optedout|optingout|blacklist|blocklist|suppress|abgemeld|abmeld|abbestell"
    "|ausgetragen|austrag(?!ungsort)|gekund|(?<!an)(?<!er)kundig|widerruf(?!sbelehrung)|gesperrt|desinscri"
    "|desabonn|resili(?!en)|bloque|afgemeld|afmeld|uitgeschreven|uitschrij|opgezegd|opzeg|geblokkeerd"
)
"""Announcements (*Ankündigungen*) and resilience are what people want to read of."""
_NO_SIGN = re.compile(
    "link|url|token|key|hash|code|lien|sms|phone|whatsapp|count|number|anzahl|nombre|aantal"
)
"""A link to leave is filled for those who stay."""
_YES = frozenset({"yes", "y", "true", "1", "x", "ja", "j", "wahr", "oui", "o", "vrai", "waar", "on", "✓"})
_NO = frozenset(
    {
        "", "0", "no", "false", "n", "off", "-", "–", "—", "null", "none", "nil", "nan", "n/a", "[]", "{}",
        "\\n", "nein", "falsch", "non", "faux", "nee", "onwaar",
    }
)  # fmt: skip
_EMPTY_DATE = re.compile(
    r"[0:.,/tz -]+"
    r"|(?:(?:0001|1900|1970)-01-01|0?1[./-]0?1[./-](?:0001|1900|1970))"
    r"(?:[t ](?:00:00(?::00(?:\.0+)?)?|12:00(?::00)? ?am))?(?: ?(?:z|utc|[+-]00:?00))?"
)
"""Databases and programs write the first day that they know of, or 0000-00-00, for one that never came."""


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """Return the name of a column without capitals, accents, blanks and signs."""
    return "".join(char for char in unicodedata.normalize("NFKD", name.casefold()) if char.isalnum())


@lru_cache(maxsize=4096)
def tells_who_left(name: str) -> bool:
    """Tell whether a column seems to say who gets no mails. ``name``: as `plain_name` returns it."""
    return _LEAVING.search(name) is not None and _NO_SIGN.search(name) is None


def is_no(cell: str) -> bool:
    """Tell whether a cell is empty, or says no, in a language or in a database."""
    written = cell.strip().casefold()
    return written in _NO or _EMPTY_DATE.fullmatch(written) is not None


def is_yes(cell: str) -> bool:
    """Tell whether a cell says yes."""
    return cell.strip().casefold() in _YES
