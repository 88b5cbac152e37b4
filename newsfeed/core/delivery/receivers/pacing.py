"""Decide when a group of receivers gets how much: pauses, slow start, turns, and shares that are too high.

All of it is a function of what is known of the group, its limits, and the moment.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsfeed.receiver_ports import ReceiverState
    from newsfeed.service_settings import ReceiverLimits

UNKNOWN, COMPLAINTS = "unknown", "complaints"
"""Reasons of a pause that only a person can do away with (`ReceiverState.reason`)."""
GROWTH = 20
"""Messages taken after which slow start allows one more connection."""
AHEAD = 1.0
"""Seconds of a rate that one process takes for itself at a time."""
LATENESS = timedelta(seconds=0.25)
"""Turns that passed unused while we looked elsewhere can still be taken, if it was not longer ago."""
_LATEST = 1_000
"""Messages after which those before count half, when unknown users are counted."""
_FEWEST_LATEST, _FEWEST_SENT = 100, 1_000
"""Messages of which a share is one at least: a single unknown user among the first ten is none."""
_WINDOW = timedelta(days=7)
"""After which messages and complaints count half: complaints come days later."""
_FARTHEST = timedelta(minutes=10)
"""A turn further away was taken before the clock was set back."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The messages to one group that were taken, or came to nothing."""

    taken: int = 0
    unknown: int = 0
    """Users that its servers do not know."""
    complaints: int = 0


def is_paused(state: ReceiverState, limits: ReceiverLimits, now: datetime) -> bool:
    """Tell whether the group is left alone. A pause longer than any was begun by a clock set back since."""
    until = state.paused_until
    return until is not None and now < until <= now + max(limits.longest_pause, limits.pause)


def allow_connections(state: ReceiverState, limits: ReceiverLimits, now: datetime) -> int:
    """Return how many connections the group may have from all machines at this moment."""
    if is_paused(state, limits, now):
        return 0
    return min(state.allowed or limits.connections, limits.connections)


def pause(state: ReceiverState, limits: ReceiverLimits, now: datetime, reason: str) -> ReceiverState:
    """Pause a group, for twice as long as the last time; slow start follows. Connections hear of the same
    trouble one after the other: that is one pause.
    """
    if is_paused(state, limits, now):
        return state
    length = limits.longest_pause
    if reason not in (UNKNOWN, COMPLAINTS):
        length = min(limits.pause * 2 ** min(state.pauses, 20), max(limits.longest_pause, limits.pause))
    return replace(
        state, allowed=1, carried=0, paused_until=now + length, pauses=state.pauses + 1, reason=reason
    )


def resume(state: ReceiverState) -> ReceiverState:
    """End a pause, because a person says so; what was counted is forgotten, slow start stays."""
    return replace(
        state, paused_until=None, pauses=0, counted_since=None, sent=0, complaints=0, latest=0, unknown=0
    )


def note(state: ReceiverState, limits: ReceiverLimits, tally: Tally, now: datetime) -> ReceiverState:
    """Note what came of some messages: connections grow, and shares that are too high pause the group."""
    state = _grow(_count(state, tally, now), limits, tally.taken)
    if tally.unknown and _is_above(limits.most_unknown, state.unknown, max(state.latest, _FEWEST_LATEST)):
        state = replace(pause(state, limits, now, UNKNOWN), latest=0, unknown=0)
    if tally.complaints and _is_above(
        limits.most_complaints, state.complaints, max(state.sent, _FEWEST_SENT)
    ):
        state = replace(pause(state, limits, now, COMPLAINTS), counted_since=None, sent=0, complaints=0)
    return state


def take_turns(
    state: ReceiverState, limits: ReceiverLimits, now: datetime
) -> tuple[ReceiverState, datetime, int]:
    """Take the next turns of a group that has a rate: those of a second, and one at least. Returns the moment
    of the first as well, and how many there are; the others follow at equal distances.
    """
    number = max(int(limits.per_second * AHEAD), 1)
    first = now - LATENESS if limits.per_second * LATENESS.total_seconds() >= 1 else now
    if state.next_turn is not None and state.next_turn <= now + _FARTHEST:
        first = max(first, state.next_turn)
    following = first + timedelta(seconds=number / limits.per_second)
    return replace(state, next_turn=following), first, number


def _is_above(share: float, number: int, messages: int) -> bool:
    return share > 0 and number > share * messages


def _count(state: ReceiverState, tally: Tally, now: datetime) -> ReceiverState:
    messages = tally.taken + tally.unknown
    window = state.counted_since or now
    sent, complaints = state.sent, state.complaints
    if not window <= now < window + _WINDOW:
        window, sent, complaints = now, sent // 2, complaints // 2
    latest, unknown = state.latest + messages, state.unknown + tally.unknown
    if latest > _LATEST:
        latest, unknown = latest // 2, unknown // 2
    return replace(
        state,
        counted_since=window,
        sent=sent + messages,
        complaints=complaints + tally.complaints,
        latest=latest,
        unknown=unknown,
    )


def _grow(state: ReceiverState, limits: ReceiverLimits, taken: int) -> ReceiverState:
    """Let slow start go on. When it is over, so is the row of pauses."""
    if not state.allowed:
        return state
    more, carried = divmod(state.carried + taken, GROWTH)
    allowed = state.allowed + more
    if more and allowed >= limits.connections:
        return replace(state, allowed=0, carried=0, pauses=0)
    return replace(state, allowed=allowed, carried=carried)
