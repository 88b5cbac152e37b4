"""Translate the errors of database drivers into one clear sentence each; no foreign error goes further.

Sentences name the database, never what was in it: a driver's own words may hold an address.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from newsfeed.errors import OutsideError, StaleError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCKED = (N_("{where} is locked by another program"), N_("run it again when that is done"))
_FULL = (N_("the disk of {where} is full"), N_("make room; nothing was half written"))
_DAMAGED = (N_("{where} is damaged, or is no database"), N_("restore it from a backup"))
_CLOSED = (N_("{where} cannot be opened"), N_("check that the folder exists and is yours to write into"))
_SHUT = (N_("{where} cannot be written to"), N_("check who owns the file and its folder"))
_BROKEN = (N_("the disk of {where} fails"), N_("look at the system's log"))
_STALE = (N_("somebody else changed the same rows at the same moment"), N_("run it again"))
_AWAY = (N_("{where} cannot be reached"), N_("check that PostgreSQL runs and lets this user in"))

_SQLITE = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CANTOPEN: _CLOSED,
    sqlite3.SQLITE_READONLY: _SHUT,
    sqlite3.SQLITE_PERM: _SHUT,
    sqlite3.SQLITE_AUTH: _SHUT,
    sqlite3.SQLITE_IOERR: _BROKEN,
}
"""By primary result code (sqlite.org/rescode.html)."""
_POSTGRESQL = {
    "53100": _FULL,
    "55P03": _LOCKED,
    "25006": _SHUT,
    "42501": _SHUT,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}
"""By SQLSTATE (appendix A of PostgreSQL's manual)."""


class DatabaseDriver(Protocol):
    """The error classes of a database's driver (PEP 249)."""

    @property
    def Error(self) -> type[Exception]:
        """Return the class of all errors."""

    @property
    def IntegrityError(self) -> type[Exception]:
        """Return the class of broken constraints."""

    @property
    def OperationalError(self) -> type[Exception]:
        """Return the class of failures outside the program."""


def describe_damage(where: str) -> OutsideError:
    """Return the error of a damaged database."""
    return OutsideError(*_DAMAGED, where=where)


def describe_lock(where: str) -> OutsideError:
    """Return the error of a database that others write all the time."""
    return OutsideError(*_LOCKED, where=where)


@contextmanager
def translate_errors(where: str, driver: DatabaseDriver) -> Iterator[None]:
    """Raise `OutsideError` for a driver's error, `StaleError` for a lost race."""
    try:
        yield
    except (IntegrityError, driver.IntegrityError):
        raise StaleError(*_STALE) from None  # the original quotes the row
    except (DBAPIError, driver.Error) as error:
        raise _said(getattr(error, "orig", error), where, driver) from error
    except PoolTimeoutError as error:
        raise OutsideError(
            N_("all connections to {where} are in use"), N_("use fewer connections"), where=where
        ) from error


def _said(error: object, where: str, driver: DatabaseDriver) -> OutsideError:
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        known = None if code is None else _SQLITE.get(code & 0xFF)
        what = str(error)
    else:
        state = getattr(error, "sqlstate", None) or ""
        gone = state[:2] in ("08", "28", "3D", "57") or (
            not state and isinstance(error, driver.OperationalError)
        )
        known = _POSTGRESQL.get(state) or (_AWAY if gone else None)
        what = str(getattr(getattr(error, "diag", None), "message_primary", None) or type(error).__name__)
    sentence, hint = known or (N_("{where} refused: {what}"), "")
    return OutsideError(sentence, hint, where=where, what=what)
