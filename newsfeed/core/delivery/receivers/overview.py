"""Show what is known of groups of receivers, as those who run a service want to see it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.delivery.receivers.lookups import name_domains
from newsfeed.core.delivery.receivers.pacing import COMPLAINTS, UNKNOWN, allow_connections, is_paused
from newsfeed.receiver_ports import ReceiverState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from newsfeed.core.delivery.receivers.groups import ReceiverGroups
    from newsfeed.receiver_ports import KnownHosts
    from newsfeed.service_settings import ReceiverLimits


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group of receivers at one moment."""

    name: str
    limits: ReceiverLimits
    state: ReceiverState
    connections: int
    """That it may have at present."""
    paused_until: datetime | None = None
    domains: int = 0
    """Of readers; 0 also where nobody counted them."""

    @property
    def is_slowed(self) -> bool:
        """True while it is sent less than its limits say, and is not paused."""
        return 0 < self.connections < self.limits.connections

    @property
    def wants_a_person(self) -> bool:
        """True when it was paused for something that waiting does not mend."""
        return self.paused_until is not None and self.state.reason in (UNKNOWN, COMPLAINTS)


def view_states(
    groups: ReceiverGroups, states: Mapping[str, ReceiverState], now: datetime
) -> Sequence[GroupView]:
    """Return the groups that are paused or slowed, those that want a person first."""
    views = [_view(groups, name, states, now) for name in sorted(states)]
    told = [view for view in views if view.paused_until is not None or view.is_slowed]
    return sorted(told, key=lambda view: (not view.wants_a_person, view.paused_until is None, view.name))


def view_groups(
    groups: ReceiverGroups,
    domains: Iterable[str],
    known: Mapping[str, KnownHosts],
    states: Mapping[str, ReceiverState],
    now: datetime,
) -> Iterator[GroupView]:
    """Yield the groups of readers' domains: those with limits of their own, then the others, those with most
    domains first; and whatever else something is known of.
    """
    counts = Counter(map(name_domains(groups, known), domains))
    own = [group.name for group in groups if group.name in counts]
    others = sorted(counts.keys() - set(own), key=lambda name: (-counts[name], name))
    for name in dict.fromkeys([*own, *others, *sorted(states)]):
        yield _view(groups, name, states, now, counts[name])


def _view(
    groups: ReceiverGroups,
    name: str,
    states: Mapping[str, ReceiverState],
    now: datetime,
    domains: int = 0,
) -> GroupView:
    state, limits = states.get(name) or ReceiverState(name=name), groups.limits_of(name)
    until = state.paused_until if is_paused(state, limits, now) else None
    return GroupView(name, limits, state, allow_connections(state, limits, now), until, domains)
