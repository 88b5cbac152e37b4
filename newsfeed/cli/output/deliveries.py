"""Output about issues and deliveries: answers, receipts, and the results of a round of sending."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from newsfeed.cli.output.moments import format_moment
from newsfeed.cli.output.terminal import print_result, print_to_stderr, visible
from newsfeed.core.delivery.status_text import audience_size, issue_name
from newsfeed.marking import N_, NN_, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime, tzinfo

    from newsfeed.cli.output.voice import Voice
    from newsfeed.delivery.rounds import SendRound
    from newsfeed.records import Issue, WaitingMails
    from newsfeed.settings import Settings


def print_answers(answers: Iterable[Sentence], voice: Voice) -> None:
    """Print answers to `why`, one a line."""
    for answer in answers:
        click.echo(visible(voice.say(answer)))


def print_receipt(
    issue: Issue, states: Mapping[str, Mapping[str, int]], voice: Voice, *, as_json: bool
) -> None:
    """Print an issue's audience and the states of its deliveries. ``states``: language → state → number."""
    audience = audience_size(states)
    data = {
        "issue": issue_name(issue),
        "commit": issue.commit,
        "content_hash": issue.content_hash,
        "audience": audience,
        "languages": {lang: dict(numbers) for lang, numbers in states.items()},
    }
    sums = Counter[str]()
    for numbers in states.values():
        sums.update(numbers)
    sentences = [voice.say(N_("{issue}: audience {audience}"), issue=issue_name(issue), audience=audience)]
    sentences += [f"  {lang}: {', '.join(_parts(states[lang], voice))}" for lang in sorted(states)]
    if sums:
        sentences.append(f"  = {' + '.join(_parts(sums, voice))}")
    sentences.append("  " + voice.say(N_("content {hash}"), hash=issue.content_hash[:16]))
    sentences.append("  " + voice.say(N_("commit {commit}"), commit=issue.commit or "–"))
    print_result(data, sentences, as_json=as_json)


def print_round(
    done: SendRound,
    settings: Settings,
    now: datetime,
    voice: Voice,
    *,
    as_json: bool,
    to_stderr: bool = False,
) -> None:
    """Print what a round of sending did, what waits, and when the next slot is.

    ``to_stderr``: standard output is taken, by mails.
    """
    states = dict(sorted(done.counts.states.items()))
    planned = N_("planned {issue}; audience: {audience}, stories: {stories}")
    sentences = [
        voice.say(planned, issue=issue_name(frozen.issue), audience=frozen.audience, stories=frozen.stories)
        for frozen in done.frozen
    ]
    sentences += [
        voice.say(N_("{outcome}: {number}"), outcome=Sentence(STATES[state]), number=number)
        for state, number in states.items()
    ]
    sentences = sentences or [_nothing_due(done, settings, now, voice)]
    sentences += [voice.say(_UNREAD, digest=digest) for digest in done.unread]
    sentences += waiting_lines(done.waiting, settings.site.timezone, now, voice)
    if to_stderr:
        print_to_stderr("\n".join(sentences))
    else:
        print_result(_round_as_data(done, states), sentences, as_json=as_json)
    if done.counts.trouble:
        print_to_stderr(visible(voice.say(done.counts.trouble)))


STATES = {
    "accepted": N_("delivered"),
    "deferred": N_("to be tried again"),
    "expired": N_("given up"),
    "intent": N_("on the way"),
    "left": N_("unsubscribed before"),
    "planned": N_("planned"),
    "refused": N_("refused"),
    "suppressed": N_("not to be written to"),
    "unknown": N_("uncertain"),
    "withdrawn": N_("called off, all its stories were withdrawn"),
}
"""State of a delivery → its name for people."""


def _parts(numbers: Mapping[str, int], voice: Voice) -> list[str]:
    """Return how many deliveries are in which state: ``delivered 3``."""
    return [f"{voice.say(STATES[state])} {voice.number(number)}" for state, number in sorted(numbers.items())]


def waiting_as_data(waiting: WaitingMails, trouble: str) -> dict[str, object]:
    """Return what waits as data: how many mails, until when, why, and what waits for a decision."""
    return {
        "mails": waiting.number,
        "next": waiting.next_try.isoformat(timespec="seconds") if waiting.next_try else None,
        "because": waiting.reason or trouble,
        "undecided": dict(waiting.undecided),
    }


_UNREAD = N_("nobody reads “{digest}” yet: its issue is planned when somebody does")
_WAITING = NN_(
    "{number} mail waits; next try {moment}, because the answer was “{reason}”",
    "{number} mails wait; next try {moment}, because the answer was mostly “{reason}”",
)
_WAITING_UNTRIED = NN_("{number} mail waits; next try {moment}", "{number} mails wait; next try {moment}")
_WAITING_NOW = NN_(
    "{number} mail waits and is due: the next round tries it",
    "{number} mails wait and are due: the next round tries them",
)
_UNDECIDED = NN_(
    "{number} mail of {issue} is in doubt and waits for you: newsfeed doubts {issue}",
    "{number} mails of {issue} are in doubt and wait for you: newsfeed doubts {issue}",
)


def _nothing_due(done: SendRound, settings: Settings, now: datetime, voice: Voice) -> str:
    """Return that nothing was due, and when something will be."""
    for digest, slot in done.next_slots.items():  # the soonest
        moment = format_moment(slot.instant, settings.digests[digest].timezone, now, voice)
        return voice.say(N_("nothing was due; next slot: {digest}, {moment}"), digest=digest, moment=moment)
    return voice.say(N_("nothing was due"))


def waiting_lines(waiting: WaitingMails, zone: tzinfo, now: datetime, voice: Voice) -> Iterator[str]:
    """Yield how many mails wait, until when and why, and which wait for somebody's decision."""
    if waiting.number:
        forms = _WAITING if waiting.reason else _WAITING_UNTRIED
        forms = forms if waiting.next_try is not None else _WAITING_NOW
        moment = format_moment(waiting.next_try, zone, now, voice) if waiting.next_try is not None else ""
        yield voice.count(*forms, waiting.number, moment=moment, reason=visible(waiting.reason))
    for issue, number in waiting.undecided.items():
        yield voice.count(*_UNDECIDED, number, issue=issue)


def _round_as_data(done: SendRound, states: Mapping[str, int]) -> dict[str, object]:
    return {
        "planned": [
            {"issue": issue_name(frozen.issue), "audience": frozen.audience, "stories": frozen.stories}
            for frozen in done.frozen
        ],
        "recovered": done.recovered,
        "sent": dict(states),
        "trouble": str(done.counts.trouble),
        "waiting": waiting_as_data(done.waiting, str(done.counts.trouble)),
        "next_slots": {name: slot.instant.isoformat() for name, slot in done.next_slots.items()},
        "unread": list(done.unread),
        "orphaned": dict(done.orphaned),
    }
