"""The long-running service: every few seconds it plans what is due and sends it, until a signal."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from newsfeed.delivery.rounds import (
    PlanningResult,
    RoundContext,
    SendRound,
    conclude_round,
    plan_round,
    send_planned,
)
from newsfeed.delivery.sender import SendCounts
from newsfeed.errors import NewsfeedError, OutsideError, reason_of
from newsfeed.files import make_private_folder, write_private
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from newsfeed.scheduling.jobs import JobBoard
    from newsfeed.scheduling.stopping import StopSignal

TICK = 20
"""Seconds between two looks at what is due."""
RETRIES, DIGEST = "retries", "digest {name}"
"""Jobs: the look at what is due, and the slots of one digest."""
PLAN_AGAIN = timedelta(minutes=5)
"""Until a site whose issue could not be planned is read again: its editors need longer than a tick."""
SURVEY_AGAIN = timedelta(hours=1)
"""Until the whole store is looked at again."""
_LAST_WAIT = 9.0
"""Seconds a stopped service waits for what is on the wire; the sender itself gives up before."""


@dataclass(frozen=True, slots=True)
class ServiceContext:
    """The round's context, and where the service reports to."""

    round_context: RoundContext
    health: Path
    """File that says when the last round ended and how; watched from outside."""
    report: Callable[[SendRound], None]
    trouble: Callable[[NewsfeedError], None]
    next_times: Callable[[], Mapping[str, datetime]] = dict
    """Returns job → when it runs next, for the health file."""
    other_trouble: Callable[[], str] = str
    """Returns why another part of the service wants a person; empty when none does."""
    planned: Callable[[], object] = lambda: None
    """Is called when issues were planned, whose pages can be published."""


def run_until_stopped(context: ServiceContext, jobs: JobBoard, stop: StopSignal, tick: float = TICK) -> None:
    """Do rounds until the stop; then finish the messages on the wire, write the ledger, and return.

    Jobs only wake: at the slots of each digest, and every ``tick`` (seconds) for retries. What is due is
    asked of the ledger, so a missed wake-up, a restart or a second service beside this one loses and doubles
    nothing.
    """
    awake = threading.Event()
    stop.wake_too(awake)
    for digest in context.round_context.digests.values():
        jobs.at_slots(DIGEST.format(name=digest.name), digest.schedule, digest.timezone, awake.set)
    jobs.every(RETRIES, tick, awake.set)
    service = Service(context, stop.event)
    while not stop.is_set():
        service.do_round(tick)
        wait_for_tick(awake, jobs, tick)
    service.finish()


def wait_for_tick(awake: threading.Event, jobs: JobBoard, tick: float) -> None:
    """Wait until a job sets ``awake``; when all are late, make the retries due again at once.

    APScheduler waits for a time of day, so it would sleep through a clock that was set back. The pause here
    is counted by a clock that nobody can set.
    """
    if not awake.wait(2 * tick):
        jobs.run_now(RETRIES)
    awake.clear()


class Service:
    """The rounds of one service, and what it remembers between them."""

    def __init__(self, context: ServiceContext, stop: threading.Event) -> None:
        self._context = context
        self._stop = stop
        self._sending: _Sending | None = None
        self._plan_from: datetime | None = None
        """When a site that could not be planned is read again."""
        self._orphaned: Mapping[str, int] = {}
        self._survey_from: datetime | None = None

    def do_round(self, patience: float = TICK) -> None:
        """Plan what is due, and send it; report what goes wrong, to be tried again at the next round.

        Sending has a thread of its own. When that takes longer than ``patience`` (seconds), because a relay
        hangs, it goes on while further rounds plan; what they plan leaves over its other connections.
        """
        context = self._context
        try:
            planned = self._plan()
            if self._sending is None:
                tidy = bool(planned.frozen)
                self._sending = _Sending(lambda: send_planned(context.round_context, self._stop, tidy=tidy))
            counts = self._sending.wait(patience, self._stop)
            if counts is not None:
                self._sending = None
            done = conclude_round(context.round_context, planned, counts or SendCounts())
        except NewsfeedError as error:
            self._sending = self._sending if self._sending and self._sending.is_running else None
            context.trouble(error)
            self._write_health(error.message)
            return
        context.report(done)
        if done.frozen:
            context.planned()
        if planned.unplanned is not None:
            context.trouble(planned.unplanned)
        self._write_health(self._trouble(done))

    def _write_health(self, trouble: str) -> None:
        context = self._context
        trouble = trouble or context.other_trouble()
        try:
            write_health(context.health, context.round_context.clock(), trouble, context.next_times())
        except OutsideError as error:  # a full disk keeps no mail back
            context.trouble(error)

    def finish(self) -> None:
        """Wait for the messages on the wire, after the stop; the sender gives up by itself."""
        if self._sending is not None:
            self._sending.wait(_LAST_WAIT, self._stop)

    def _plan(self) -> PlanningResult:
        context = self._context.round_context
        now = context.clock()
        plan = _has_come(self._plan_from, now, PLAN_AGAIN)
        survey = _has_come(self._survey_from, now, SURVEY_AGAIN)
        planned = plan_round(context, survey=survey, plan=plan)
        if survey:
            self._survey_from = now + SURVEY_AGAIN
            self._orphaned = planned.orphaned
        if planned.unplanned is not None:
            self._plan_from = now + PLAN_AGAIN
        elif plan:
            self._plan_from = None
        return planned

    def _trouble(self, done: SendRound) -> str:
        """Return why a person should look, in one line; empty when all is well."""
        if done.counts.trouble:
            return str(done.counts.trouble)
        if self._plan_from is not None:
            return "an issue cannot be planned"
        names = ", ".join(self._orphaned)
        return f"people read what config.toml does not have: {names}" if names else ""


class _Sending:
    """One pass of sending, in a thread of its own."""

    def __init__(self, work: Callable[[], SendCounts]) -> None:
        self._work = work
        self._counts: SendCounts | None = None
        self._error: BaseException | None = None
        # A daemon: a relay that hangs must not keep a stopped service from ending.
        self._thread = threading.Thread(target=self._run, name="sending", daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Tell whether it still sends."""
        return self._thread.is_alive()

    def wait(self, seconds: float, stop: threading.Event) -> SendCounts | None:
        """Wait for the end, after a stop not longer than `_LAST_WAIT`; return the counts, or ``None`` when it
        takes longer. Raises what stopped it.
        """
        deadline, stopped = time.monotonic() + seconds, False
        while self._thread.is_alive() and time.monotonic() < deadline:
            self._thread.join(0.1)
            if stop.is_set() and not stopped:
                stopped, deadline = True, min(deadline, time.monotonic() + _LAST_WAIT)
        if self._error is not None:
            raise self._error
        return self._counts

    def _run(self) -> None:
        try:
            self._counts = self._work()
        except BaseException as error:  # noqa: BLE001 - raised in `wait`, where somebody listens
            self._error = error


def _has_come(moment: datetime | None, now: datetime, pause: timedelta) -> bool:
    """Tell whether a moment has come that was a ``pause`` away at most; a clock set back cannot delay it."""
    return moment is None or not now < moment <= now + pause


def write_health(
    path: Path,
    at: datetime,
    trouble: str,
    jobs: Mapping[str, datetime] = MappingProxyType({}),
    *,
    ended: bool = False,
) -> None:
    """Say how the last round ended, and what comes next: ``{"at": …, "ok": …, "trouble": …, "jobs": {…}}``.

    jobs: when each runs next; ended: the service was told to end, so nothing comes next. Raises
    `OutsideError` when that cannot be written.
    """
    data = {
        "at": at.isoformat(timespec="seconds"),
        "ok": not trouble,
        "trouble": trouble,
        "jobs": {name: moment.isoformat(timespec="seconds") for name, moment in jobs.items()},
        "ended": ended,
    }
    temporary = path.with_suffix(".new")
    try:
        make_private_folder(path.parent)
        write_private(temporary, json.dumps(data).encode() + b"\n")
        with suppress(FileNotFoundError):  # a monitor of another user may have been let in
            shutil.copymode(path, temporary)
        os.replace(temporary, path)
    except OSError as error:
        raise OutsideError(N_("cannot write {path}: {reason}"), path=path, reason=reason_of(error)) from error


def note_end(path: Path, at: datetime) -> None:
    """Say that the service was told to end; how its last round ended stays. Raises `OutsideError` when that
    cannot be written.
    """
    try:
        trouble = str(json.loads(path.read_text("utf-8"))["trouble"])
    except (OSError, ValueError, LookupError):  # no round has ended yet
        trouble = ""
    write_health(path, at, trouble, ended=True)
