"""Printing about people and deliveries. Addresses go to standard output only, where they were asked for."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import click

from newsfeed.cli.output.builds import print_result
from newsfeed.cli.output.problems import Progress, talk, visible
from newsfeed.core.delivery.status_text import audience_size, issue_name
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newsfeed.cli.output.builds import Voice
    from newsfeed.core.delivery.status_text import StatusSentence
    from newsfeed.delivery.rounds import SendRound
    from newsfeed.records import Consent, Issue, Subscriber
    from newsfeed.subscribers.roster import ImportedLine

REFUSED = frozenset({"address", "language", "topic", "columns", "quote"})
"""Outcomes of an import that are mistakes in the file."""

_USUAL = ("utf-8", "utf-8-sig", "utf-16")
_OUTCOMES: Mapping[str, str] = {
    "added": N_("added"),
    "updated": N_("subscribed to this digest too"),
    "known": N_("known already"),
    "left": N_("has left; stays so"),
    "bounced": N_("mails came back; stays so"),
    "complained": N_("has complained; stays so"),
    "suppressed": N_("never to be written to; stays so"),
    "repeated": N_("stands in the file twice"),
    "address": N_("refused: this is no address that can be written to"),
    "language": N_("refused: the site has no edition in this language"),
    "topic": N_("refused: unknown topic"),
    "quote": N_("refused: a quotation mark is never closed, or stands in the middle"),
    "columns": N_("refused: the first line must be email,name,language"),
}


def say(sentence: str, voice: Voice, **params: object) -> None:
    """One sentence."""
    click.echo(voice.say(sentence).format_map(params))


def tell(answers: Iterable[StatusSentence], voice: Voice) -> None:
    """Plain answers, one a line."""
    for answer in answers:
        params = {name: visible(voice.say(value)) for name, value in answer.params}
        click.echo(voice.say(answer.message).format_map(params))


def import_report(lines: Iterable[ImportedLine], encoding: str, voice: Voice, *, as_json: bool) -> int:
    """What an import did with every line, and the sums; returns the exit status."""
    counts: Counter[str] = Counter()
    progress = Progress(voice.say(N_("importing")))
    for number, line in enumerate(lines, 1):
        counts[line.outcome] += 1
        progress(number)
        if not as_json and line.outcome != "added":
            click.echo(f"{line.number}: {voice.say(_OUTCOMES[line.outcome])}")
    progress.close()
    if encoding and encoding not in _USUAL and not as_json:
        click.echo(voice.say(N_("read as {encoding}; were all names right?")).format(encoding=encoding))
    sums = {outcome: counts[outcome] for outcome in _OUTCOMES if counts[outcome]}
    sentences = [f"{voice.say(_OUTCOMES[outcome])}: {number}" for outcome, number in sums.items()]
    print_result(
        {"encoding": encoding, **sums}, sentences or [voice.say(N_("the file names nobody"))], as_json
    )
    return 1 if any(counts[outcome] for outcome in REFUSED) else 0


def people_list(people: Iterable[Subscriber], *, as_json: bool) -> None:
    """Everybody, one a line."""
    for one in people:
        if as_json:
            click.echo(json.dumps(_person(one), ensure_ascii=False))
        else:
            digests = " ".join(sorted(one.subscriptions))
            click.echo(f"{visible(one.address)}\t{one.state}\t{' '.join(one.languages)}\t{digests}")


def person_sheet(person: Subscriber, consents: Sequence[Consent], voice: Voice, *, as_json: bool) -> None:
    """Everything kept about somebody: GDPR Art. 15."""
    records = [
        {
            "at": one.at.isoformat(),
            "digest": one.digest,
            "how": one.how,
            "wording": one.wording,
            "language": one.language,
            "source": one.source,
        }
        for one in consents
    ]
    data = {**_person(person), "consents": records}
    sentences = [f"{name}: {visible(value)}" for name, value in _sheet(person)]
    sentences += [
        f"{one['at']}  {one['how']}  {one['digest']}  {visible(one['wording'])}  {visible(one['source'])}"
        for one in records
    ]
    print_result(data, sentences, as_json)


def _sheet(person: Subscriber) -> Iterator[tuple[str, str]]:
    """What is kept of a person, one fact a line."""
    yield "address", person.address
    yield "name", person.name
    yield "languages", " ".join(person.languages)
    yield "state", person.state
    for name, entry in sorted(person.subscriptions.items()):
        yield "digest", " ".join((name, entry.frequency, *entry.topics))


def receipt(issue: Issue, states: Mapping[str, Mapping[str, int]], voice: Voice, *, as_json: bool) -> None:
    """An issue's audience by language and state; the sum is the audience."""
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
    print_result(data, sentences, as_json)


def round_report(done: SendRound, voice: Voice, *, as_json: bool, aside: bool = False) -> None:
    """What a round of sending did. ``aside``: standard output is taken, by mails."""
    states = dict(sorted(done.counts.states.items()))
    data = {
        "planned": [
            {"issue": issue_name(one.issue), "audience": one.audience, "stories": one.stories}
            for one in done.frozen
        ],
        "recovered": done.recovered,
        "sent": states,
        "trouble": done.counts.trouble,
    }
    planned = voice.say(N_("planned {issue}; audience: {audience}, stories: {stories}"))
    sentences = [
        planned.format(issue=issue_name(one.issue), audience=one.audience, stories=one.stories)
        for one in done.frozen
    ]
    sentences += [f"{state}: {number}" for state, number in states.items()]
    sentences = sentences or [voice.say(N_("nothing was due"))]
    if aside:
        talk("\n".join(sentences))
    else:
        print_result(data, sentences, as_json)
    if done.counts.trouble:
        talk(done.counts.trouble)


def _person(one: Subscriber) -> dict[str, object]:
    return {
        "address": one.address,
        "name": one.name,
        "languages": list(one.languages),
        "state": one.state,
        "digests": {
            name: {"topics": list(entry.topics), "frequency": entry.frequency}
            for name, entry in sorted(one.subscriptions.items())
        },
    }
