"""Column types that SQLite and PostgreSQL keep alike.

Moments are whole microseconds since 1970 in UTC: exact, short, and the same number in both
databases. Lists are JSON in text columns, for the same reason.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Text, TypeDecorator

from newsfeed.errors import OutsideError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from sqlalchemy import Dialect

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class AlteredValueError(OutsideError):
    """The database holds a value that newsfeed never writes: another program has, or its disk."""


def to_micros(moment: datetime) -> int:
    """Return an aware moment as it is stored (microseconds since 1970); a naive one raises `TypeError`."""
    passed = moment - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds


def to_stored(moment: datetime | None) -> int | None:
    """Return the number to store for a moment, or for none."""
    return None if moment is None else to_micros(moment)


@lru_cache(maxsize=4096)  # the deliveries of an issue share most of theirs
def from_micros(stored: int) -> datetime:
    """Return the moment, in UTC, behind a stored number. Raises `AlteredValueError` when it is none."""
    try:
        return _EPOCH + timedelta(microseconds=stored)
    except (TypeError, OverflowError) as error:
        raise _altered() from error


class UtcMoment(TypeDecorator[datetime]):
    """A column type: a point in time, stored as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return the number to store."""
        return to_stored(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the moment that was stored."""
        return None if value is None else from_micros(value)


class StringList(TypeDecorator[tuple[str, ...]]):
    """A column type: a short list of words. Equal lists are one object, for a hundred thousand people share a
    few.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:
        """Return the list as JSON."""
        return _joined(value or ())

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        """Return the list that was stored."""
        return read_words(value or "[]")


@lru_cache(maxsize=4096)
def _joined(words: tuple[str, ...]) -> str:
    return json.dumps(words, ensure_ascii=False)


@lru_cache(maxsize=4096)
def read_words(stored: str) -> tuple[str, ...]:
    """Return the words of a stored list. Raises `AlteredValueError` when it is none."""
    words = _read_json(stored)
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise _altered()
    return tuple(words)


def _altered() -> AlteredValueError:
    return AlteredValueError(
        N_("the database holds a value that newsfeed never writes: it was altered, or is damaged"),
        N_("restore it from a backup"),
    )


def _read_json(stored: str) -> Any:
    try:
        return json.loads(stored)
    except (TypeError, ValueError) as error:
        raise _altered() from error


class JsonValue(TypeDecorator[Any]):
    """A column type: a structure of lists, mappings and text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str:
        """Return the structure as JSON."""
        return json.dumps(value, ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Return the structure that was stored; tuples have become lists."""
        return _read_json(value or "null")
