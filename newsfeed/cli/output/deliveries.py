"""What is said of issues and deliveries: answers, receipts, and what a round of sending did."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from newsfeed.cli.output.terminal import print_result, print_to_stderr, visible
from newsfeed.core.delivery.status_text import name_of, total
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsfeed.cli.output.voice import Voice
    from newsfeed.core.delivery.status_text import Answer
    from newsfeed.delivery.rounds import Round
    from newsfeed.records import Issue


def print_answers(answers: Iterable[Answer], voice: Voice) -> None:
    """Print answers to `why`, one a line."""
    for answer in answers:
        params = {name: visible(voice.say(value)) for name, value in answer.params}
        click.echo(voice.say(answer.message).format_map(params))


def print_receipt(
    issue: Issue, states: Mapping[str, Mapping[str, int]], voice: Voice, *, as_json: bool
) -> None:
    """Print an issue's audience and the states of its deliveries. ``states``: language → state → number."""
    audience = total(states)
    data = {
        "issue": name_of(issue),
        "commit": issue.commit,
        "content_hash": issue.content_hash,
        "audience": audience,
        "languages": {lang: dict(numbers) for lang, numbers in states.items()},
    }
    sums = Counter[str]()
    for numbers in states.values():
        sums.update(numbers)
    head = voice.say(N_("{issue}: audience {audience}")).format(issue=name_of(issue), audience=audience)
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


def print_round(done: Round, voice: Voice, *, as_json: bool, to_stderr: bool = False) -> None:
    """Print what a round of sending did. ``to_stderr``: standard output is taken, by mails."""
    states = dict(sorted(done.tally.states.items()))
    data = {
        "planned": [
            {"issue": name_of(frozen.issue), "audience": frozen.audience, "stories": frozen.stories}
            for frozen in done.frozen
        ],
        "recovered": done.recovered,
        "sent": states,
        "trouble": done.tally.trouble,
    }
    planned = voice.say(N_("planned {issue}; audience: {audience}, stories: {stories}"))
    sentences = [
        planned.format(issue=name_of(frozen.issue), audience=frozen.audience, stories=frozen.stories)
        for frozen in done.frozen
    ]
    sentences += [f"{state}: {number}" for state, number in states.items()]
    sentences = sentences or [voice.say(N_("nothing was due"))]
    if to_stderr:
        print_to_stderr("\n".join(sentences))
    else:
        print_result(data, sentences, as_json=as_json)
    if done.tally.trouble:
        print_to_stderr(done.tally.trouble)
