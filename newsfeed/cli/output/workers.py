"""Output about workers, and the batches they send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsfeed.cli.output.terminal import visible
from newsfeed.core.delivery.fleet import is_well, measure_lag
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from newsfeed.app.status import FleetStatus
    from newsfeed.cli.output.voice import Voice

_WELL = N_("worker {name} on {host}: well; queues {queues}, {number} at a time")
_QUIET = N_("worker {name} on {host}: no sign of life since {moment}")
_BATCHES = N_("batches that are not finished: {number}; being sent: {held}")
_LAG = N_("a batch has been waiting for a worker since {moment}")


def fleet_as_data(fleet: FleetStatus, now: datetime) -> dict[str, Any]:
    """Return the workers and batches of a store as data. ``lag``: seconds a due batch has waited."""
    counts = fleet.batches
    workers = [
        {
            "name": one.name,
            "host": one.host,
            "queues": list(one.queues),
            "concurrency": one.concurrency,
            "started": one.started.isoformat(),
            "seen": one.seen.isoformat(),
            "ok": is_well(one, fleet.clock),
        }
        for one in fleet.workers
    ]
    batches = {"open": counts.open, "held": counts.held, "lag": measure_lag(counts, now)}
    return {"workers": workers, "batches": batches}


def fleet_lines(fleet: FleetStatus, when: Callable[[datetime], str], voice: Voice) -> Iterator[str]:
    """Yield what is to be said of workers and batches; nothing where there are none."""
    for one in fleet.workers:
        sentence = _WELL if is_well(one, fleet.clock) else _QUIET
        facts = {"name": one.name, "host": visible(one.host), "number": one.concurrency}
        yield voice.say(sentence, queues=", ".join(one.queues), moment=when(one.seen), **facts)
    if fleet.batches.open:
        yield voice.say(_BATCHES, number=fleet.batches.open, held=fleet.batches.held)
    if fleet.batches.oldest is not None:
        yield voice.say(_LAG, moment=when(fleet.batches.oldest))
