"""Look at a site, and at everything its services leave word of: what is published, waits and comes next."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from newsfeed.app.desk_status import DeskStatus, count_upcoming_stories, read_desk_status
from newsfeed.app.published_state import PublishedState, read_published_state
from newsfeed.app.store_problems import has_store
from newsfeed.app.waiting_statuses import read_waiting_statuses
from newsfeed.config import loader
from newsfeed.core.delivery.fleet import is_service_silent, is_well
from newsfeed.core.digests.planning import find_next_slots
from newsfeed.errors import ProblemsFound
from newsfeed.files import read_file
from newsfeed.records import BatchCounts, WaitingMails

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from newsfeed.core.delivery.receivers.overview import GroupView
    from newsfeed.core.digests.slots import Slot
    from newsfeed.core.publishing.waiting_status import WaitingStatus
    from newsfeed.ports import Issues
    from newsfeed.records import WorkerRecord
    from newsfeed.settings import Settings


@dataclass(frozen=True, slots=True)
class ServiceHealth:
    """A health file, as one service has left it."""

    name: str
    at: datetime
    trouble: str
    jobs: Mapping[str, datetime] = field(default_factory=dict)
    """Job → when it runs next."""
    is_ended: bool = False
    """It was told to end, and did."""
    is_silent: bool = False
    """It has not ended, and gives no sign of life."""

    @property
    def is_well(self) -> bool:
        """Tell whether nobody needs to look at it."""
        return not self.trouble and not self.is_silent


@dataclass(frozen=True, slots=True)
class FleetStatus:
    """The workers that share a store's tasks, and the batches they send."""

    workers: Sequence[WorkerRecord] = ()
    batches: BatchCounts = field(default_factory=BatchCounts)
    clock: datetime | None = None
    """The database's, which signs of life go by."""

    @property
    def is_well(self) -> bool:
        """Tell whether all workers give signs of life."""
        return all(is_well(one, self.clock) for one in self.workers)


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """All that is known of a site and its services."""

    settings: Settings
    published: PublishedState
    services: Sequence[ServiceHealth]
    next_slots: Mapping[str, Slot]
    """Digest → its next slot, the soonest first."""
    waiting: WaitingMails
    websub: int = 0
    """Requests of WebSub that are still to be made."""
    fleet: FleetStatus = field(default_factory=FleetStatus)
    receivers: Sequence[GroupView] = ()
    """Groups of receivers that are paused or slowed."""
    upcoming: Mapping[str, int] = field(default_factory=dict)
    """Digest → how many stories its next issue has by now."""
    readers: Mapping[str, int] | None = None
    """Digest → how many people read it; ``None``: there is no store to ask."""
    commit_statuses: Sequence[WaitingStatus] = ()
    """What a forge has not heard of commits."""
    desk: DeskStatus = field(default_factory=DeskStatus)


def read_status(root: Path, output: Path, now: datetime, environment: Mapping[str, str]) -> ServiceStatus:
    """Return how a site and its services stand; nothing is changed. Raises `ProblemsFound` when the
    configuration cannot be used. ``output``: the folder that the site is built into.
    """
    settings, problems = loader.load_settings(root)
    if settings is None:
        raise ProblemsFound(problems)
    found = ServiceStatus(
        settings,
        read_published_state(root),
        read_health(root),
        find_next_slots(settings.digests.values(), now),
        WaitingMails(),
        commit_statuses=read_waiting_statuses(root),
        desk=read_desk_status(root, output, settings, now, environment),
    )
    if has_store(root, settings, environment):
        return _look_into_store(root, found, now, environment)
    return replace(found, upcoming=_count_upcoming(found, None))


def read_health(root: Path) -> list[ServiceHealth]:
    """Return what the health files of a site say; one that cannot be read says nothing."""
    found = []
    for path in sorted((root / "var").glob("health*.json")):
        try:
            data = json.loads(read_file(path))
            jobs = {name: datetime.fromisoformat(moment) for name, moment in data.get("jobs", {}).items()}
            at = datetime.fromisoformat(data["at"])
            is_ended = data.get("ended") is True
            # by the clock of the machine: that of the service may have been set
            since = timedelta(seconds=time.time() - path.stat().st_mtime)
            is_silent = is_service_silent(since, is_ended=is_ended)
            found.append(ServiceHealth(path.name, at, str(data["trouble"]), jobs, is_ended, is_silent))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return found


def _look_into_store(
    root: Path, found: ServiceStatus, now: datetime, environment: Mapping[str, str]
) -> ServiceStatus:
    """Add what the store says: mails and requests that wait, those who work, who reads what, and receivers
    that want fewer mails.
    """
    from newsfeed.app.delivery import open_delivery_context
    from newsfeed.app.receivers import read_states

    with open_delivery_context(root, environment) as delivery:
        store, digests = delivery.store, found.settings.digests
        workers, clock = store.workers.all()
        planned = {name: store.issues.slots(name, now) for name in digests}
        found = replace(found, next_slots=find_next_slots(digests.values(), now, planned))
        return replace(
            found,
            waiting=store.send_queue.count_waiting(now),
            websub=store.websub.waiting(),
            fleet=FleetStatus(workers, store.batches.count(now), clock),
            receivers=read_states(found.settings, store, now),
            upcoming=_count_upcoming(found, store.issues),
            readers=store.people.count_readers(),
        )


def _count_upcoming(found: ServiceStatus, issues: Issues | None) -> Mapping[str, int]:
    if found.desk.texts is None:
        return {}
    return count_upcoming_stories(found.desk.texts, found.settings, found.next_slots, issues)
