"""Output about a site and its services."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from newsfeed.app.published_state import read_first_problem
from newsfeed.cli.output.deliveries import waiting_as_data, waiting_lines
from newsfeed.cli.output.desk import desk_as_data, desk_lines, upcoming_in_words
from newsfeed.cli.output.moments import format_moment
from newsfeed.cli.output.problems import in_one_line
from newsfeed.cli.output.publications import short
from newsfeed.cli.output.receivers import group_as_data, group_lines
from newsfeed.cli.output.terminal import visible
from newsfeed.cli.output.workers import fleet_as_data, fleet_lines
from newsfeed.core.publishing.history import FORCED, UNRELATED
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsfeed.app.published_state import PublishedState
    from newsfeed.app.status import ServiceHealth, ServiceStatus
    from newsfeed.cli.output.voice import Voice
    from newsfeed.core.publishing.waiting_status import WaitingStatus

_PUBLISHED = N_("published: {commit}, {moment}; {pages} pages, {feeds} feeds")
_PUBLISHED_FOLDER = N_("published: {moment}; {pages} pages, {feeds} feeds")
_REWRITTEN = N_("the branch was rewritten: {commit} does not follow what was published before")
_REFUSED = N_("refused: {commit}, {moment}; newsfeed publish --again shows why")
_REFUSED_FOLDER = N_("refused: {moment}; newsfeed check shows why")
_TURN = N_("next story that comes due or expires: {moment}")
_SLOT = N_("next issue of {digest}: {moment}")
_SLOT_WITH = N_("next issue of {digest}: {moment}; {counts}")
_WELL = N_("service ({name}): well at {moment}")
_TROUBLED = N_("service ({name}): {moment}: {trouble}")
_SILENT = N_("service ({name}): no sign of life since {moment}")
_ENDED = N_("service ({name}): ended at {moment}")
_UNTOLD = N_("the forge is told about commit {commit} at {moment}: {reason}")
_FORGOTTEN = N_("the forge is not told any more about commit {commit}: {reason}")
_JOB = N_("{name}: {moment}")


def status_summary(found: ServiceStatus, now: datetime, voice: Voice) -> tuple[dict[str, Any], list[str]]:
    """Return what is known of a site and its services: the data, and the lines for people."""
    state = found.published
    first = read_first_problem(state)
    data = {
        "published": {
            "commit": state.commit,
            "at": state.at,
            "relation": state.relation,
            "refused": state.refused,
            "refused_at": state.refused_at,
            "first_problem": in_one_line(first, voice) if first is not None else "",
            "pages": state.pages,
            "feeds": state.feeds,
            "next_turn": state.next_turn,
        },
        **desk_as_data(found.desk),
        "next_slots": {name: slot.instant.isoformat() for name, slot in found.next_slots.items()},
        "upcoming": {name: _upcoming_as_data(found, name) for name in found.next_slots},
        "waiting": waiting_as_data(found.waiting, ""),
        "websub": found.websub,
        "commit_statuses": [_status_as_data(one) for one in found.commit_statuses],
        "receivers": [group_as_data(one) for one in found.receivers],
        **fleet_as_data(found.fleet, now),
        "services": [_as_data(one) for one in found.services],
    }
    return data, list(_lines(found, now, voice))


def _as_data(one: ServiceHealth) -> dict[str, Any]:
    return {
        "name": one.name,
        "at": one.at.isoformat(),
        "ok": one.is_well,
        "ended": one.is_ended,
        "trouble": one.trouble,
        "jobs": {name: moment.isoformat() for name, moment in one.jobs.items()},
    }


def _status_as_data(one: WaitingStatus) -> dict[str, Any]:
    return {
        "commit": one.commit,
        "reason": str(one.reason or ""),
        "next_try": "" if one.given_up else one.next_try.isoformat(),
        "given_up": one.given_up,
    }


def _upcoming_as_data(found: ServiceStatus, digest: str) -> dict[str, int | None]:
    stories, readers = _upcoming(found, digest)
    return {"stories": stories, "readers": readers}


def _upcoming(found: ServiceStatus, digest: str) -> tuple[int | None, int | None]:
    """Return how many stories the next issue of a digest has, and how many people read it."""
    return found.upcoming.get(digest), None if found.readers is None else found.readers.get(digest, 0)


def _lines(found: ServiceStatus, now: datetime, voice: Voice) -> Iterator[str]:
    zone = found.settings.site.timezone

    def when(moment: datetime) -> str:
        return format_moment(moment, zone, now, voice)

    yield from desk_lines(found.desk, zone, now, voice)
    yield from _published_lines(found.published, voice, found)
    yield from _slot_lines(found, now, voice)
    yield from waiting_lines(found.waiting, zone, now, voice)
    yield from group_lines(found.receivers, when, voice)
    yield from fleet_lines(found.fleet, when, voice)
    if found.websub:
        yield voice.say(N_("requests of WebSub that wait: {number}"), number=found.websub)
    for status in found.commit_statuses:
        if status.reason:
            sentence = _FORGOTTEN if status.given_up else _UNTOLD
            words = {"moment": when(status.next_try), "reason": status.reason}
            yield voice.say(sentence, commit=short(status.commit), **words)
    for one in found.services:
        yield from _service_lines(one, when, voice)


def _service_lines(one: ServiceHealth, when: Callable[[datetime], str], voice: Voice) -> Iterator[str]:
    sentence = _ENDED if one.is_ended else _SILENT if one.is_silent else _TROUBLED if one.trouble else _WELL
    name, trouble = one.name.removesuffix(".json"), visible(one.trouble)
    yield voice.say(sentence, name=name, moment=when(one.at), trouble=trouble)
    if one.is_ended or one.is_silent:  # no job of it runs
        return
    for job, moment in sorted(one.jobs.items(), key=lambda entry: entry[1]):
        yield "  " + voice.say(_JOB, name=job, moment=when(moment))


def _slot_lines(found: ServiceStatus, now: datetime, voice: Voice) -> Iterator[str]:
    for digest, slot in found.next_slots.items():
        own_zone = found.settings.digests[digest].timezone
        moment = format_moment(slot.instant, own_zone, now, voice)
        counts = upcoming_in_words(*_upcoming(found, digest), voice)
        yield voice.say(_SLOT_WITH if counts else _SLOT, digest=digest, moment=moment, counts=counts)


def _published_lines(state: PublishedState, voice: Voice, found: ServiceStatus) -> Iterator[str]:
    zone = found.settings.site.timezone

    def when(text: str) -> datetime:
        return datetime.fromisoformat(text).astimezone(zone)

    if not state.at and found.settings.publish.enabled:
        yield voice.say(N_("published: nothing yet by newsfeed publish"))
    elif state.at:
        sentence = _PUBLISHED if state.commit else _PUBLISHED_FOLDER
        numbers = {"pages": state.pages, "feeds": state.feeds}
        yield voice.say(sentence, commit=short(state.commit), moment=when(state.at), **numbers)
    if state.relation in (FORCED, UNRELATED):
        yield voice.say(_REWRITTEN, commit=short(state.commit))
    if state.refused_at:
        sentence = _REFUSED if state.refused else _REFUSED_FOLDER
        yield voice.say(sentence, commit=short(state.refused), moment=when(state.refused_at))
    first = read_first_problem(state)
    if first is not None:
        yield f"  {in_one_line(first, voice)}"
    if state.next_turn:
        yield voice.say(_TURN, moment=when(state.next_turn))
