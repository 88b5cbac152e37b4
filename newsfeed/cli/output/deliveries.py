"""Output about issues and deliveries: answers, receipts, and the results of a round of sending."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from newsfeed.cli.output.terminal import print_result, print_to_stderr, visible
from newsfeed.core.delivery.status_text import audience_size, issue_name
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsfeed.cli.output.voice import Voice
    from newsfeed.core.delivery.status_text import StatusSentence
    from newsfeed.delivery.rounds import SendRound
    from newsfeed.records import Issue


def print_answers(answers: Iterable[StatusSentence], voice: Voice) -> None:
    """Print answers to `why`, one a line."""
    for answer in answers:
        params = {name: visible(voice.say(value)) for name, value in answer.params}
        click.echo(voice.say(answer.message).format_map(params))


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
    head = voice.say(N_("{issue}: audience {audience}")).format(issue=issue_name(issue), audience=audience)
    rows = [
        f"  {lang}: " + ", ".join(f"{state} {number}" for state, number in sorted(numbers.items()))
        for lang, numbers in sorted(states.items())
    ]
    sentences = [head, *rows]
    if sums:
        parts = (f"{state} {number}" for state, number in sorted(sums.items()))
        sentences.append(f"  = {' + '.join(parts)}")
    sentences += [f"  content {issue.content_hash[:16]}", f"  commit {issue.commit or '–'}"]
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
        "trouble": done.counts.trouble,
    }
    planned = voice.say(N_("planned {issue}; audience: {audience}, stories: {stories}"))
    sentences = [
        planned.format(issue=issue_name(frozen.issue), audience=frozen.audience, stories=frozen.stories)
        for frozen in done.frozen
    ]
    sentences += [f"{state}: {number}" for state, number in states.items()]
    sentences = sentences or [voice.say(N_("nothing was due"))]
    if to_stderr:
        print_to_stderr("\n".join(sentences))
    else:
        print_result(data, sentences, as_json=as_json)
    if done.counts.trouble:
        print_to_stderr(done.counts.trouble)
