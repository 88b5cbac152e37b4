"""The running service: a scheduler that wakes it, and rounds that do what the ledger says is due."""

from __future__ import annotations

import json
import os
import signal
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from newsfeed.delivery.rounds import RoundContext, SendRound, run_send_round
from newsfeed.errors import NewsfeedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TICK = 20
"""Seconds between two looks at what is due."""
PLAN_AGAIN = timedelta(minutes=5)
"""Until a site whose issue could not be planned is read again: its editors need longer than a tick."""


@dataclass(frozen=True, slots=True)
class ServiceContext:
    """The round's context, and where the service reports to."""

    round_context: RoundContext
    health: Path
    """File that says when the last round ended and how; watched from outside."""
    report: Callable[[SendRound], None]
    trouble: Callable[[NewsfeedError], None]


def run_until_stopped(service: ServiceContext, tick: float = TICK) -> None:
    """Do rounds until SIGTERM or SIGINT; then finish the messages on the wire, write the ledger, and return.

    APScheduler only wakes; what is due is asked of the ledger, so a missed wake-up, a restart or a
    second service beside this one loses and doubles nothing.
    """
    from apscheduler.schedulers.background import BackgroundScheduler

    stop, awake = threading.Event(), threading.Event()

    def leave(*_: object) -> None:
        stop.set()
        awake.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)
    scheduler = BackgroundScheduler()
    scheduler.add_job(awake.set, "interval", seconds=tick, coalesce=True, max_instances=1)
    scheduler.start()
    plan_from: datetime | None = None
    try:
        while not stop.is_set():
            plan_from = _round(service, stop, plan_from)
            awake.wait()
            awake.clear()
    finally:
        scheduler.shutdown(wait=False)


def _round(service: ServiceContext, stop: threading.Event, plan_from: datetime | None) -> datetime | None:
    """Do one round; report what goes wrong, to be tried again at the next wake-up. Returns from when on
    issues may be planned again, when planning failed.
    """
    now = service.round_context.clock()
    planning = plan_from is None or now >= plan_from
    try:
        done = run_send_round(service.round_context, stop, planning=planning)
    except NewsfeedError as error:
        service.trouble(error)
        write_health(service.health, service.round_context.clock(), error.message)
        return plan_from
    service.report(done)
    if done.unplanned is not None:
        service.trouble(done.unplanned)
        plan_from = now + PLAN_AGAIN
    elif planning:
        plan_from = None
    trouble = str(done.counts.trouble) or ("an issue cannot be planned" if plan_from else "")
    write_health(service.health, service.round_context.clock(), trouble)
    return plan_from


def write_health(path: Path, at: datetime, trouble: str) -> None:
    """Say how the last round ended: ``{"at": …, "ok": …, "trouble": …}``."""
    data = {"at": at.isoformat(timespec="seconds"), "ok": not trouble, "trouble": trouble}
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(data) + "\n", encoding="utf-8")
    os.replace(temporary, path)
