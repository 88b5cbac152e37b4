"""Output about groups of receivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsfeed.cli.output.moments import format_moment
from newsfeed.cli.output.terminal import print_result, visible
from newsfeed.core.delivery.receivers.pacing import COMPLAINTS, UNKNOWN
from newsfeed.marking import N_, NN_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime, tzinfo

    from newsfeed.cli.output.voice import Voice
    from newsfeed.core.delivery.receivers.overview import GroupView

_PAUSED = N_("receivers {name}: paused until {moment}: {reason}")
_SLOWED = N_("receivers {name}: {number} of {most} connections, more when they have taken mails")
_ADVICE = N_("when that is mended: newsfeed receivers --resume {name}")
_REASONS = {
    UNKNOWN: N_("too many of its addresses do not exist"),
    COMPLAINTS: N_("too many of its readers complain"),
}
"""What is said of a group that was not told to wait by its servers."""
_RELAYED = N_("limits are left to the relay; who complains, and who does not exist, counts all the same")
_LIMITS = N_("{name}: {connections} connections, {messages} messages on each")
_RATE = N_("{number} messages a second")
_DOMAINS = NN_("{number} domain of readers", "{number} domains of readers")
_SHARES = N_("unknown: {unknown} of {latest}; complaints: {complaints} of {sent}")


def group_as_data(one: GroupView) -> dict[str, Any]:
    """Return a group as data."""
    state = one.state
    return {
        "name": one.name,
        "domains": one.domains,
        "connections": one.connections,
        "most_connections": one.limits.connections,
        "messages": one.limits.messages,
        "per_second": one.limits.per_second,
        "paused_until": one.paused_until.isoformat() if one.paused_until else "",
        "reason": state.reason if one.paused_until else "",
        "wants_a_person": one.wants_a_person,
        "sent": state.sent,
        "complaints": state.complaints,
        "latest": state.latest,
        "unknown": state.unknown,
    }


def group_lines(groups: Iterable[GroupView], when: Callable[[datetime], str], voice: Voice) -> Iterator[str]:
    """Yield what is to be said of groups that are paused or slowed."""
    for one in groups:
        name = visible(one.name)
        if one.paused_until is not None:
            known = _REASONS.get(one.state.reason)
            reason = voice.say(known) if known else visible(one.state.reason)
            yield voice.say(_PAUSED, name=name, moment=when(one.paused_until), reason=reason)
            if one.wants_a_person:
                yield "  " + voice.say(_ADVICE, name=name)
        elif one.is_slowed:
            yield voice.say(_SLOWED, name=name, number=one.connections, most=one.limits.connections)


def print_groups(
    groups: Sequence[GroupView],
    zone: tzinfo,
    now: datetime,
    voice: Voice,
    *,
    is_direct: bool,
    as_json: bool,
) -> None:
    """Print all groups, each with its limits, and what is known of it. Unless it ``is_direct``, a relay keeps
    to limits.
    """
    lines = [] if is_direct else [voice.say(_RELAYED)]
    for one in groups:
        lines.append(", ".join(_limits(one, voice)))
        if one.state.sent or one.state.latest:
            lines.append("  " + voice.say(_SHARES, **_counts(one)))
        said = group_lines([one], lambda moment: format_moment(moment, zone, now, voice), voice)
        lines += [f"  {line}" for line in said]
    data = {"limited": is_direct, "receivers": [group_as_data(one) for one in groups]}
    print_result(data, lines, as_json=as_json)


def _limits(one: GroupView, voice: Voice) -> Iterator[str]:
    numbers = {"connections": one.limits.connections, "messages": one.limits.messages}
    yield voice.say(_LIMITS, name=visible(one.name), **numbers)
    if one.limits.per_second:
        yield voice.say(_RATE, number=f"{one.limits.per_second:g}")
    if one.domains:
        yield voice.count(*_DOMAINS, one.domains)


def _counts(one: GroupView) -> dict[str, int]:
    state = one.state
    return {
        "unknown": state.unknown,
        "latest": state.latest,
        "complaints": state.complaints,
        "sent": state.sent,
    }
