"""Front matter fields → typed values; what cannot be converted becomes a problem, not an exception."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from newsfeed.core.content.frontmatter import Field, FieldGroup, Scalar
from newsfeed.core.content.source_text import (
    FORBIDDEN_CHARACTERS,
    SourceText,
    find_open_direction,
    join_lines,
    name_code_point,
)
from newsfeed.core.content.value_guesses import (
    guess_date,
    guess_key,
    guess_month,
    guess_words,
    guess_yes,
    split_list,
)
from newsfeed.core.local_times import resolve_local
from newsfeed.marking import N_
from newsfeed.model import Month
from newsfeed.problems import Location, Problem, find_nearest, problem, propose

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from zoneinfo import ZoneInfo

MORNING = time(8)
"""A date without a time means the morning in the site's zone: never midnight UTC, which is tomorrow
or yesterday for half of the readers."""

MOST_ENTRIES = 250
"""Entries of one list: each author, topic or country has a page with feeds. There are 249 countries."""
_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[T ](?P<time>\d\d:\d\d(?::\d\d)?)(?:(?<=:\d\d:\d\d)[.,]\d+)?"
    r"\s?(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_YES = frozenset({"true", "yes", "on"})
_NO = frozenset({"false", "no", "off"})
_YEARS = range(1900, 2200)
_WEB_ADDRESS = re.compile(r"""https?://[^\s/?#@<>"'`{}|\\^]+(?:[/?#][^\s<>"'`{}|\\^]*)?""", re.IGNORECASE)


class FieldReader:
    """Reads the fields of one file, key by key, collecting problems."""

    def __init__(self, source: SourceText, fields: Mapping[str, Field], zone: ZoneInfo) -> None:
        self._source = source
        self._fields = fields
        self._zone = zone
        self.problems: list[Problem] = []

    def __contains__(self, key: str) -> bool:
        return key in self._fields

    def where(self, key: str) -> Location:
        """Return the location of a key's value; the head of the file when there is no such key."""
        field = self._fields.get(key)
        if field is None:
            return self._source.at(1)
        if not field.value:
            return self._source.at(field.line, field.column)
        value = field.value[0] if isinstance(field.value, list) else field.value
        return self._source.at(value.line, value.column)

    def places(self, key: str) -> tuple[tuple[str, int, int], ...]:
        """Return (text, line, column) of each entry of a list; nothing where `where` says it already."""
        field = self._fields.get(key)
        if field is None or isinstance(field.value, Scalar):
            return ()
        entries = field.value if isinstance(field.value, list) else [field.value]
        if len(entries) == 1 and isinstance(entries[0], Scalar):
            return ()
        texts = (one.entries.get("file") if isinstance(one, FieldGroup) else one for one in entries)
        return tuple((join_lines(one.text), one.line, one.column) for one in texts if one is not None)

    def at(self, line: int, column: int) -> Location:
        """Return the location of a line and column of the file."""
        return self._source.at(line, column)

    def report(self, code: str, key: str, known: Collection[str] | None = None, /, **params: object) -> None:
        """Note a problem with the value of a key."""
        self.problems.append(problem(code, self.where(key), known, **params))

    def refuse_unknown(self, known: Collection[str]) -> None:
        """Report every key that is not among the known ones."""
        for field in self._fields.values():
            if field.key not in known:
                names = ", ".join(sorted(known))
                where = self._source.at(field.line, field.column)
                found = problem("key-unknown", where, value=field.key, known=names)
                self.problems.append(propose(found, guess_key(field.key, known)))

    def text(self, key: str, example: str = "") -> str:
        """Read a text on one line; empty when there is none."""
        field = self._fields.get(key)
        if field is None:
            return ""
        if not isinstance(field.value, Scalar):
            self._wrong_type(key, N_("a text"), example or f"{key}: …")
            return ""
        if not field.value.text.strip():
            self.report("value-empty", key, key=key)
            return ""
        return self.clean(field.value)

    def texts(self, key: str, example: str) -> tuple[Scalar, ...]:
        """Read a list of texts; one text alone counts as a list of one."""
        field = self._fields.get(key)
        if field is None:
            return ()
        values = self._entries(key, field)
        texts = []
        for value in values:
            if not isinstance(value, Scalar):
                expected, where = N_("a list of texts"), self.at(value.line, value.column)
                self.problems.append(
                    problem("value-type", where, key=key, expected=expected, example=example)
                )
                return ()
            if not value.text.strip():
                self.problems.append(problem("value-empty", self.at(value.line, value.column), key=key))
                continue
            text = self.clean(value)
            texts.append(value if text == value.text else Scalar(text, value.line, value.column))
        return tuple(texts)

    def suspect_list(self, key: str) -> None:
        """Report a text without brackets that is read as one entry, and seems to be several."""
        field = self._fields.get(key)
        if field is not None and isinstance(field.value, Scalar):
            entries = split_list(field.value.text)
            if len(entries) > 1:
                example = f"{key}: [{', '.join(entries)}]"
                self.report("value-one-entry", key, value=join_lines(field.value.text), example=example)

    def groups(self, key: str, example: str, bare: str) -> tuple[FieldGroup, ...]:
        """Read a list of ``key: value`` groups; one text stands for a group with the key ``bare`` only."""
        field = self._fields.get(key)
        if field is None:
            return ()
        values = self._entries(key, field)
        if isinstance(field.value, Scalar) and not field.value.text.strip():
            self.report("value-empty", key, key=key)
            return ()
        groups = []
        for value in values:
            if isinstance(value, FieldGroup):
                groups.append(value)
            elif value.text.strip():
                groups.append(FieldGroup({bare: value}, value.line, value.column))
            else:
                self.report("value-empty", key, key=key)
        return tuple(groups)

    def _entries(self, key: str, field: Field) -> list[Scalar | FieldGroup]:
        """Return the entries of a list; none when there are more than anybody can mean."""
        if not isinstance(field.value, list):
            return [field.value]
        if len(field.value) <= MOST_ENTRIES:
            return field.value
        first = field.value[MOST_ENTRIES]
        count, limit = len(field.value), MOST_ENTRIES
        self.problems.append(
            problem("too-many-entries", self.at(first.line, first.column), key=key, count=count, limit=limit)
        )
        return []

    def words(
        self, key: str, known: Collection[str], code: str, example: str, key_of: Callable[[str], str]
    ) -> tuple[str, ...]:
        """Read a list of words from a vocabulary, each once; unknown ones become ``code`` problems.

        ``key_of``: finds the word that is meant by a name; empty when there is none.
        """
        values = self.texts(key, example)
        for value in values:
            if value.text not in known:
                names = ", ".join(sorted(known)[:12]) or "–"
                where = self._source.at(value.line, value.column)
                found = problem(code, where, value=value.text, known=names)
                self.problems.append(propose(found, guess_words(value.text, known, key_of)))
        return tuple(dict.fromkeys(value.text for value in values if value.text in known))

    def moment(self, key: str) -> datetime | None:
        """Read a date, or a date with a time, as an aware datetime."""
        text = self.text(key, "2010-02-04")
        if not text:
            return None
        moment = parse_moment(text, self._zone)
        if moment is None:
            found = problem("date-invalid", self.where(key), value=text)
            self.problems.append(propose(found, guess_date(text)))
        return moment

    def period(self, key: str) -> Month | date | None:
        """Read a month or a day."""
        text = self.text(key, "2008-01")
        if not text:
            return None
        match = _MONTH.fullmatch(text)
        if match and 1 <= int(match[2]) <= 12 and int(match[1]) in _YEARS:
            return Month(int(match[1]), int(match[2]))
        moment = parse_moment(text, self._zone)
        if moment is None or len(text) != 10:
            found = problem("period-invalid", self.where(key), value=text)
            self.problems.append(propose(found, guess_month(text) or guess_date(text)[:10]))
            return None
        return moment.date()

    def yes(self, key: str) -> bool:
        """Read a yes or no; no when the key is not there."""
        text = self.text(key, f"{key}: true").casefold()
        if text and text not in _YES | _NO:
            expected, example = N_("yes or no"), f"{key}: yes"
            found = problem("value-type", self.where(key), key=key, expected=expected, example=example)
            self.problems.append(propose(found, guess_yes(text) or find_nearest(text, _YES | _NO)))
        return text in _YES

    def moment_or_yes(self, key: str) -> datetime | bool | None:
        """Read a date, or a yes or no in place of one; ``None`` when it is neither."""
        text = self.text(key, f"{key}: 2010-02-04").casefold()
        return text in _YES if text in _YES | _NO else self.moment(key)

    def number(self, key: str, most: int) -> int:
        """Read a whole number from 1; 0 when the key is not there."""
        text = self.text(key, f"{key}: 1")
        if text and not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= most):
            self._wrong_type(key, N_("a whole number from 1"), f"{key}: 1")
            return 0
        return int(text or 0)

    def web_address(self, key: str, example: str) -> str:
        """Read a whole web address; empty when there is none."""
        text = self.text(key, example)
        if text and not _WEB_ADDRESS.fullmatch(text):
            self._wrong_type(key, N_("a whole web address"), example)
            return ""
        return text

    def clean(self, value: Scalar) -> str:
        r"""Return a value on one line, without the characters that XML forbids.

        Escapes such as ``\a`` could smuggle them in; each is a problem. So is what turns words around.
        """
        text = join_lines(value.text)
        if text.isprintable():
            return text
        if forbidden := FORBIDDEN_CHARACTERS.search(text):
            where = self._source.at(value.line, value.column)
            self.problems.append(problem("control-character", where, character=name_code_point(forbidden[0])))
            return FORBIDDEN_CHARACTERS.sub("", text)
        if direction := find_open_direction(text):
            where = self._source.at(value.line, value.column)
            self.problems.append(problem("direction-open", where, character=name_code_point(direction)))
        return text

    def _wrong_type(self, key: str, expected: str, example: str) -> None:
        self.report("value-type", key, key=key, expected=expected, example=example)


def parse_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Read ``2010-02-04`` or ``2010-02-04 16:30[+01:00]``; ``None`` when it is no such moment."""
    match = _MOMENT.fullmatch(text)
    if not match:
        return None
    try:
        day = date.fromisoformat(match["day"])
        if day.year not in _YEARS:
            return None
        if match["time"] is None:
            return resolve_local(datetime.combine(day, MORNING), zone).astimezone(zone)
        time_of_day = time.fromisoformat(match["time"])
        if match["zone"] is None:
            return resolve_local(datetime.combine(day, time_of_day), zone).astimezone(zone)
        offset = match["zone"].replace("Z", "+00:00")
        return datetime.fromisoformat(f"{day}T{time_of_day.isoformat()}{offset}").astimezone(zone)
    except ValueError:
        return None
