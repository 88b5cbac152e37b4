"""The few interfaces the verbs need from the outside; edges implement them, tests have twins.

Policy never lives behind a port: a port reads, keeps or carries, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from newsfeed.model import Asset, Message, Month, RawFile, Reader
    from newsfeed.problems import Problem


class Source(Protocol):
    """Where a site's files come from."""

    def texts(self) -> Iterable[RawFile]:
        """Every text of the content folders, in the order of its path."""

    def assets(self) -> Iterable[Asset]:
        """Every other file of the content folders."""

    def read(self, path: str) -> bytes:
        """The bytes of one file; raises `newsfeed.errors.OutsideError` when it is gone."""


class Words(Protocol):
    """A language as views need it: its words, names and dates. Immutable and pure."""

    @property
    def code(self) -> str:
        """The edition's BCP 47 code."""

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""

    def gettext(self, message: str) -> str:
        """A sentence of the program."""

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """A sentence of the program, for a number."""

    def name(self, context: str, key: str) -> tuple[str, str]:
        """A name of the site's vocabulary and the language it is in."""

    def country(self, code: str) -> str:
        """A country's name."""

    def language(self, code: str) -> str:
        """A language's name in this language."""

    def autonym(self, code: str) -> str:
        """A language's name in itself."""

    def long_date(self, day: date | datetime) -> str:
        """4 February 2010, the reader's way."""

    def month(self, month: Month | date) -> str:
        """February 2010, the reader's way."""

    def period(self, start: Month | date | None, end: Month | date | None) -> str:
        """January 2008 to December 2010, the reader's way."""

    def together(self, names: Sequence[str]) -> str:
        """a, b and c."""

    def sort_key(self, name: str) -> str:
        """What names are sorted by: accents and capitals folded."""


class Audience(Protocol):
    """Who a digest goes to."""

    def readers(self) -> tuple[Sequence[Reader], Sequence[Problem]]:
        """All readers, in a stable order, and what is wrong with those left out."""


class Ledger(Protocol):
    """What readers have had; the database of deliveries implements it, an empty one starts it."""

    def had(self, digest: str) -> Mapping[str, frozenset[str]]:
        """Reader key → ids of the stories they got in earlier issues of this digest."""


class Channel(Protocol):
    """Carries messages to their readers, or to where a person can look at them."""

    def send(self, message: Message) -> str:
        """Hand over one message; returns where it went, for the report."""
