"""Output about issues and deliveries: answers, receipts, and the results of a round of sending."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from newsfeed.cli.output.terminal import print_result, print_to_stderr, visible
from newsfeed.core.delivery.status_text import audience_size, issue_name
from newsfeed.marking import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsfeed.cli.output.voice import Voice
    from newsfeed.delivery.rounds import SendRound
    from newsfeed.records import Issue


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


def print_round(done: SendRound, voice: Voice, *, as_json: bool, to_stderr: bool = False) -> None:
    """Print what a round of sending did. ``to_stderr``: standard output is taken, by mails."""
    states = dict(sorted(done.counts.states.items()))
    data = {
        "planned": [
            {"issue": issue_name(frozen.issue), "audience": frozen.audience, "stories": frozen.stories}
            for frozen in done.frozen
        ],
        "recovered": done.recovered,
        "sent": states,
        "trouble": str(done.counts.trouble),
    }
    planned = N_("planned {issue}; audience: {audience}, stories: {stories}")
    sentences = [
        voice.say(planned, issue=issue_name(frozen.issue), audience=frozen.audience, stories=frozen.stories)
        for frozen in done.frozen
    ]
    sentences += [
        voice.say(N_("{outcome}: {number}"), outcome=Sentence(STATES[state]), number=number)
        for state, number in states.items()
    ]
    sentences = sentences or [voice.say(N_("nothing was due"))]
    if to_stderr:
        print_to_stderr("\n".join(sentences))
    else:
        print_result(data, sentences, as_json=as_json)
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
}
"""State of a delivery → its name for people."""


def _parts(numbers: Mapping[str, int], voice: Voice) -> list[str]:
    """Return how many deliveries are in which state: ``delivered 3``."""
    return [f"{voice.say(STATES[state])} {voice.number(number)}" for state, number in sorted(numbers.items())]
