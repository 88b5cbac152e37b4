"""Output about a move of people. Addresses are shown only where they are the mistake of a line."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from newsfeed.cli.output.people import OUTCOMES, REFUSED
from newsfeed.cli.output.progress import Progress
from newsfeed.cli.output.terminal import print_result, visible
from newsfeed.marking import N_, Sentence

if TYPE_CHECKING:
    from newsfeed.app.moving_people import PeopleResult
    from newsfeed.cli.output.voice import Voice
    from newsfeed.subscribers.roster import ImportedLine

MOVED_OUTCOMES = {
    **OUTCOMES,
    "gone-left": N_("unsubscribed there; never to be written to"),
    "gone-bounced": N_("mails came back there; never to be written to"),
    "gone-complained": N_("complained there; never to be written to"),
    "agreed-here": N_("gone there, but agreed here in person; stays"),
    "unconfirmed": N_("never confirmed there; not added"),
    "unclear": N_("refused: it is not clear whether this person receives mail there"),
    "unlisted": N_("refused: a table of listmonk does not say who left a list"),
}
"""Outcome of a move of people → what is said of it."""
_MISTAKES = REFUSED | {"unclear", "unlisted"}
_UNLISTED = N_(
    "take the answer of /api/subscribers; or export those whose subscription is confirmed, and say so:"
    " --confirmed-only"
)
_MOST = 50
"""Refused lines, and tags, that are shown."""
_LONGEST_CELL = 80


def print_people_move(result: PeopleResult, voice: Voice, *, as_json: bool, is_dry_run: bool) -> int:
    """Print what became of everybody, in sums; refused lines one by one. Return the exit status."""
    counts: Counter[str] = Counter()
    refused: list[ImportedLine] = []
    with Progress(voice.say(N_("moving in"))) as progress:
        for number, line in enumerate(result.outcomes, 1):
            counts[line.outcome] += 1
            progress(number)
            if line.outcome in _MISTAKES and len(refused) < _MOST:
                refused.append(line)
    sums = {outcome: counts[outcome] for outcome in MOVED_OUTCOMES if counts[outcome]}
    lines = [
        f"{line.number}: {voice.say(MOVED_OUTCOMES[line.outcome])}"
        + (f" ({visible(line.cell[:_LONGEST_CELL])})" if line.cell else "")
        for line in refused
    ]
    lines += [
        voice.say(N_("{name}: {number}"), name=Sentence(MOVED_OUTCOMES[outcome]), number=number)
        for outcome, number in sums.items()
    ] or [voice.say(N_("the file names nobody"))]
    if result.unknown_tags:
        names = ", ".join(f"{name} ({number})" for name, number in result.unknown_tags.most_common(_MOST))
        lines.append(
            voice.say(N_("tags that are no topics of the site, left out: {names}"), names=visible(names))
        )
    if counts["unlisted"]:
        lines.append(voice.say(_UNLISTED))
    if is_dry_run:
        lines.append(voice.say(N_("this was a dry run: nothing was written; --write writes")))
    data: dict[str, object] = {
        "dry_run": is_dry_run,
        "encoding": result.encoding,
        **sums,
        "unknown_tags": dict(result.unknown_tags.most_common()),
        "refused": [{"line": line.number, "why": line.outcome, "cell": line.cell} for line in refused],
    }
    print_result(data, lines, as_json=as_json)
    return 1 if any(counts[outcome] for outcome in _MISTAKES) else 0


def print_memory(people: int, stories: int, voice: Voice, *, as_json: bool) -> None:
    """Print for how many people it was noted which stories they have had."""
    if not as_json:
        sentence = N_("stories that count as had: {stories}, for {people} people more")
        click.echo(voice.say(sentence, stories=stories, people=people))
