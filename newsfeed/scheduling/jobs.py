"""Jobs with names, run by APScheduler: at a digest's slots, now and then, or once at a moment.

Only this module knows APScheduler. Nothing of its jobs is kept: a service makes them anew at each start.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from newsfeed.errors import NewsfeedError, OutsideError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

    from newsfeed.settings import DigestSchedule


class JobBoard:
    """The jobs of one service. Each runs in a thread, and never twice at the same time."""

    def __init__(
        self, clock: Callable[[], datetime], report: Callable[[NewsfeedError], None], threads: int = 10
    ) -> None:
        """``report``: takes what a job failed with; it runs again at its next moment. ``threads``: so many
        jobs run at a time.
        """
        self._clock = clock
        self._report = report
        self._is_ended = False
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(threads)}, timezone=UTC
        )
        logger = logging.getLogger("apscheduler")
        logger.propagate = False  # what its warnings are of is reported by the jobs themselves
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())

    def start(self) -> None:
        """Begin to run jobs."""
        self._scheduler.start()

    def stop(self) -> None:
        """Run no more jobs; those that run are not waited for, and what they fail with is not reported: the
        store that they ask may be closed by then.
        """
        self._is_ended = True
        if self._scheduler.running:
            # One that is begun at this very moment would not be found any more, which ends the scheduler's
            # thread with an error: so it pauses first, and waits for whoever is at the jobs.
            self._scheduler.pause()
            self._scheduler.remove_all_jobs()
            self._scheduler.shutdown(wait=False)

    def every(self, name: str, seconds: float, work: Callable[[], object], *, at_once: bool = False) -> None:
        """Run a job now and then. ``at_once``: for the first time at the start."""
        first = {"next_run_time": datetime.now(UTC)} if at_once else {}
        self._add(name, IntervalTrigger(seconds=seconds, timezone=UTC), work, **first)

    def at_slots(
        self, name: str, schedule: DigestSchedule, zone: ZoneInfo, work: Callable[[], object]
    ) -> None:
        """Run a job at each slot of a digest, by the local time of its zone."""
        days = {"day_of_week": schedule.weekdays} if schedule.weekdays else {"day": schedule.monthdays}
        fields = {key: ",".join(map(str, values)) for key, values in days.items()}
        trigger = CronTrigger(**fields, hour=schedule.at.hour, minute=schedule.at.minute, timezone=zone)
        self._add(name, _ByClock(trigger, self._clock), work)

    def once(self, name: str, moment: datetime | None, work: Callable[[], object]) -> None:
        """Run a job once, at a moment of the service's clock; instead of one of that name that waits.
        ``None``: not at all.
        """
        if moment is None:
            with suppress(JobLookupError):
                self._scheduler.remove_job(name)
            return
        try:
            at = moment - _shift(self._clock)
        except OverflowError:
            return
        self._add(name, DateTrigger(at, timezone=UTC), work)

    def run_now(self, name: str) -> None:
        """Run a job as soon as possible, and then again when it would have run; nothing after the end."""
        with suppress(JobLookupError):
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))

    def next_times(self) -> Mapping[str, datetime]:
        """Return job → when it runs next, to the second, the soonest first; by the service's clock."""
        shift = _shift(self._clock)
        found = [(job.next_run_time, job.id) for job in self._scheduler.get_jobs() if job.next_run_time]
        return {name: _rounded(moment + shift).astimezone(UTC) for moment, name in sorted(found)}

    def _add(self, name: str, trigger: BaseTrigger, work: Callable[[], object], **more: object) -> None:
        # Missed moments, of a machine that slept, are made up for, and several of them by one run.
        policy = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        self._scheduler.add_job(
            lambda: self._run(work), trigger, id=name, replace_existing=True, **policy, **more
        )

    def _run(self, work: Callable[[], object]) -> None:
        try:
            work()
        except NewsfeedError as error:
            self._fail(error)
        except Exception as error:  # noqa: BLE001 - its words may hold an address; its kind does not
            self._fail(OutsideError(type(error).__name__))

    def _fail(self, error: NewsfeedError) -> None:
        if not self._is_ended:
            self._report(error)


class _ByClock(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """A trigger that goes by the service's clock."""

    def __init__(self, trigger: BaseTrigger, clock: Callable[[], datetime]) -> None:
        self._trigger = trigger
        self._shift = _shift(clock)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        previous = previous_fire_time + self._shift if previous_fire_time else None
        moment = self._trigger.get_next_fire_time(previous, now + self._shift)
        return moment - self._shift if moment else None


def _shift(clock: Callable[[], datetime]) -> timedelta:
    """Return how far the service's clock, which may have been set when it started, is ahead of the machine's,
    by which APScheduler goes.
    """
    shift = clock() - datetime.now(UTC)
    return shift if abs(shift) >= timedelta(seconds=1) else timedelta()


def _rounded(moment: datetime) -> datetime:
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
