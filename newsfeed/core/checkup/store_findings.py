"""Judge the store from what the database says about itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from newsfeed.core.checkup.finding import Finding, advice_found, good, problem_found
from newsfeed.marking import N_, FileSize

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONG, _MUCH_TOO_LONG = timedelta(minutes=5), timedelta(hours=1)
_LARGE_LOG = 100_000_000
"""Bytes of SQLite's log beside the database: it is emptied at 16 MB, unless somebody reads an old state."""
_MANY_DEAD, _DEAD_SHARE = 10_000, 0.3
_LARGE_GAPS = 50_000_000
_OLDEST = 1_000_000_000
"""Transactions after which PostgreSQL should have frozen its rows: it stops at two thousand millions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreState:
    """The state of a database."""

    where: str
    damage: str = ""
    """Of what its own check found, the first; empty when it is whole."""
    is_behind: bool = False
    """Its schema is older than the program."""
    longest_transaction: timedelta = timedelta()
    size: int = 0
    gaps: int = 0
    """Bytes of SQLite's file that nothing stands in."""
    log_size: int = 0
    """Bytes of SQLite's log."""
    rows: int = 0
    dead_rows: int = 0
    """Of the table of PostgreSQL that has most of them, for its size."""
    table: str = ""
    transaction_age: int = 0
    """Transactions since PostgreSQL's oldest row that is not frozen."""


def judge_store(state: StoreState) -> list[Finding]:
    """Judge a store."""
    found = list(_find_faults(state))
    return found or [
        good("store", N_("{where} is whole ({size})"), where=state.where, size=FileSize(state.size))
    ]


def _find_faults(state: StoreState) -> Iterator[Finding]:
    where = state.where
    if state.damage:
        yield problem_found(
            "store",
            N_("{where} is damaged: {reason}"),
            N_("stop everything that uses it, and restore the last backup"),
            where=where,
            reason=state.damage,
        )
        return
    if state.is_behind:
        yield advice_found(
            "store",
            N_("{where} has the schema of an older newsfeed"),
            N_("make a backup; the next command that opens it brings it up to date"),
            where=where,
        )
    if state.longest_transaction > _LONG:
        minutes = int(state.longest_transaction / timedelta(minutes=1))
        make = problem_found if state.longest_transaction > _MUCH_TOO_LONG else advice_found
        yield make(
            "store",
            N_(
                "a transaction in {where} has been open for {number} minutes: nothing can be tidied meanwhile"
            ),
            N_("end the program that holds it: pg_stat_activity shows which"),
            where=where,
            number=minutes,
        )
    yield from _find_waste(state)


def _find_waste(state: StoreState) -> Iterator[Finding]:
    if state.log_size > _LARGE_LOG:
        yield advice_found(
            "store",
            N_("the log of {where} has grown to {size}: some program has been reading an old state for long"),
            N_("end programs that keep the database open, such as an sqlite3 that was forgotten"),
            where=state.where,
            size=FileSize(state.log_size),
        )
    if state.gaps > _LARGE_GAPS and state.gaps * 2 > state.size:
        yield advice_found(
            "store",
            N_("{size} of {where} hold nothing any more"),
            N_("write it anew while nothing runs: sqlite3 {where} VACUUM"),
            where=state.where,
            size=FileSize(state.gaps),
        )
    if state.dead_rows > _MANY_DEAD and state.dead_rows > state.rows * _DEAD_SHARE:
        yield advice_found(
            "store",
            N_("{number} rows of the table {table} are dead, beside {rows} that live"),
            N_("look whether autovacuum runs, and what holds it up; VACUUM {table} does it now"),
            number=state.dead_rows,
            rows=state.rows,
            table=state.table,
        )
    if state.transaction_age > _OLDEST:
        yield problem_found(
            "store",
            N_("PostgreSQL has not frozen rows of {where} for {number} transactions, and will stop"),
            N_("run VACUUM FREEZE, and look whether autovacuum runs"),
            where=state.where,
            number=state.transaction_age,
        )
