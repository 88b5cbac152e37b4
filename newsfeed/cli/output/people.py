"""Output about readers. Addresses go to standard output only, where they were asked for."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from typing import TYPE_CHECKING

import click

from newsfeed.cli.output.progress import Progress
from newsfeed.cli.output.terminal import print_result, visible
from newsfeed.core.people.held_data import held_as_data, person_as_data
from newsfeed.marking import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import tzinfo

    from newsfeed.cli.output.voice import Voice
    from newsfeed.core.people.held_data import HeldData
    from newsfeed.records import Consent, Subscriber
    from newsfeed.subscribers.encodings import Reading
    from newsfeed.subscribers.roster import ImportedLine

REFUSED = frozenset(
    {"address", "language", "topic", "columns", "no-language", "column-twice", "gone", "quote", "long"}
)
"""Outcomes of an import that are mistakes in the file."""

_USUAL = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
OUTCOMES: Mapping[str, str] = {
    "added": N_("added"),
    "updated": N_("subscribed to this digest too"),
    "known": N_("already subscribed"),
    "left": N_("has unsubscribed; not added"),
    "bounced": N_("mails came back; not added"),
    "complained": N_("has complained; not added"),
    "suppressed": N_("never to be written to; not added"),
    "former": N_("this person has another address now; not added"),
    "repeated": N_("stands in the file twice"),
    "address": N_("refused: this is no address that can be written to"),
    "language": N_("refused: the site has no edition in this language"),
    "topic": N_("refused: unknown topic"),
    "quote": N_("refused: a quotation mark is never closed, or stands in the middle"),
    "long": N_("refused: a cell is longer than anybody’s name or address"),
    "gone": N_("refused: the file says that this person gets no mails"),
    "columns": N_("refused: the first line must be email,name,language"),
    "no-language": N_("refused: no column names a language; --language names one for all"),
    "column-twice": N_("refused: two columns mean the same"),
}
"""Outcome of a line, or of adding one person → what is said of it."""
_FIRST = 10
"""Lines that a dry run shows as they were understood."""
_LONGEST_CELL = 80


def print_import(
    lines: Iterable[ImportedLine],
    encoding: str,
    voice: Voice,
    *,
    as_json: bool,
    was_named: bool = False,
    is_dry_run: bool = False,
) -> int:
    """Print what an import did with every line, and the sums; return the exit status.

    ``was_named``: the operator said which encoding it is;
    ``is_dry_run``: nobody was added; the first lines are shown as they were understood.
    """
    counts: Counter[str] = Counter()
    first: list[ImportedLine] = []
    refused: list[ImportedLine] = []
    with Progress(voice.say(N_("importing"))) as progress:
        for number, line in enumerate(lines, 1):
            counts[line.outcome] += 1
            progress(number)
            if is_dry_run and line.person is not None and len(first) < _FIRST:
                first.append(line)
                if not as_json:
                    click.echo(_understood(line))
            if line.outcome in REFUSED and as_json:
                refused.append(line)
            if not as_json and line.outcome != "added":
                click.echo(_told(line, voice))
    if encoding and encoding not in _USUAL and not was_named and not as_json:
        click.echo(voice.say(N_("read as {encoding}; were all names right?"), encoding=encoding))
    sums = {outcome: counts[outcome] for outcome in OUTCOMES if counts[outcome]}
    sentences = [
        voice.say(N_("{outcome}: {number}"), outcome=Sentence(OUTCOMES[outcome]), number=number)
        for outcome, number in sums.items()
    ]
    sentences = sentences or [voice.say(N_("the file names nobody"))]
    if is_dry_run:
        sentences.insert(0, voice.say(N_("this was a dry run: nobody was added; the import would say:")))
    data: dict[str, object] = {"encoding": encoding, **sums}
    if refused:
        data["refused"] = [_refusal_as_data(line) for line in refused]
    if is_dry_run:
        data["first"] = [
            {"line": line.number, **person_as_data(line.person)} for line in first if line.person
        ]
    print_result(data, sentences, as_json=as_json)
    return 1 if any(counts[outcome] for outcome in REFUSED) else 0


def print_changed_person(person: Subscriber, changed: Sequence[str], voice: Voice) -> None:
    """Print what is kept of somebody now, after a change; ``changed``: the names of what is different."""
    click.echo(voice.say(N_("changed; this is kept now:") if changed else N_("nothing is different:")))
    for fact in _facts(person, voice):
        click.echo(f"  {visible(voice.say(fact))}")


def print_readings(readings: Iterable[Reading], voice: Voice, *, as_json: bool) -> None:
    """Print how the names of a table look in each code page that it may be in."""
    data = {reading.encoding: reading.words for reading in readings}
    sentences = [voice.say(N_("some names, as each code page has them:"))]
    sentences += [f"  --encoding {page:<12} {visible(words)}" for page, words in data.items()]
    print_result({"readings": data}, sentences, as_json=as_json)


def _told(line: ImportedLine, voice: Voice) -> str:
    """Return the outcome of a line as a sentence, with the cell that is the reason, where there is one."""
    text = f"{line.number}: {voice.say(OUTCOMES[line.outcome])}"
    if line.outcome in ("columns", "no-language"):
        there_are = voice.say(N_("columns here are: {names}"), names=visible(line.cell) or "–")
        return f"{text}; {there_are}"
    if not line.column:
        return text
    cell = visible(" ".join(line.cell.split()))
    shown = cell if len(cell) <= _LONGEST_CELL else f"{cell[:_LONGEST_CELL]}…"
    if not line.cell:
        return f"{text} ({visible(line.column)})"
    reason = voice.say(N_("({column}: “{cell}”)"), column=visible(line.column), cell=shown)
    return f"{text} {reason}"


def _understood(line: ImportedLine) -> str:
    """Return the person of a line as it was understood."""
    assert line.person is not None
    topics = [topic for entry in line.person.subscriptions.values() for topic in entry.topics]
    cells = (line.person.address, line.person.name, " ".join(line.person.languages), " ".join(topics))
    return f"{line.number}: " + "  ".join(visible(cell) for cell in cells if cell)


def _refusal_as_data(line: ImportedLine) -> dict[str, object]:
    return {"line": line.number, "why": line.outcome, "column": line.column, "cell": line.cell}


def print_csv(rows: Iterable[Sequence[str]]) -> None:
    """Print rows as CSV."""
    csv.writer(sys.stdout, lineterminator="\n").writerows(rows)


def print_people(people: Iterable[Subscriber], voice: Voice, *, as_json: bool) -> None:
    """Print everybody, one a line."""
    for person in people:
        if as_json:
            click.echo(json.dumps(person_as_data(person), ensure_ascii=False))
        else:
            state, digests = voice.say(STATES[person.state]), " ".join(sorted(person.subscriptions))
            click.echo(f"{visible(person.address)}\t{state}\t{' '.join(person.languages)}\t{digests}")


def print_person(held: HeldData, zone: tzinfo, voice: Voice, *, as_json: bool) -> None:
    """Print everything that is kept about somebody, as GDPR Art. 15 asks for. ``zone``: in which moments are
    shown to people.
    """
    sentences = [visible(voice.say(fact)) for fact in _facts(held.person, voice)]
    if held.wanted_address:
        sentence = N_("new address, not confirmed yet: {address}")
        sentences.append(visible(voice.say(sentence, address=held.wanted_address)))
    sentences += [visible(voice.say(consent_sentence(consent, zone))) for consent in held.consents]
    print_result(held_as_data(held), sentences, as_json=as_json)


STATES = {
    "pending": N_("not confirmed yet"),
    "active": N_("subscribed"),
    "left": N_("unsubscribed"),
    "bounced": N_("mails came back"),
    "complained": N_("has complained"),
}
"""State of a subscriber → its name for people."""
FREQUENCIES = {"every": N_("every issue"), "monthly": N_("monthly")}
"""How often somebody wants a digest → what is said of it."""
CONSENT_EVENTS = {
    "import": N_("imported or added"),
    "asked": N_("asked for it"),
    "confirmed": N_("confirmed"),
    "changed": N_("changed it"),
    "left": N_("unsubscribed"),
    "one-click": N_("unsubscribed with one click"),
    "undone": N_("took the unsubscribing back"),
    "complained": N_("complained"),
    "bounced": N_("mails came back"),
    "unsuppressed": N_("may be written to again"),
    "returned": N_("asked in person to get it again"),
    "moved": N_("moved with the digest"),
}
"""What a record of consent is about → its name for people."""


def fact_sentences(person: Subscriber) -> Mapping[str, Sentence]:
    """Return fact → its sentence, for those that are given when somebody is added."""
    return {
        "name": Sentence(N_("name: {name}"), name=person.name or "–"),
        "language": Sentence(N_("languages: {languages}"), languages=" ".join(person.languages)),
    }


def _facts(person: Subscriber, voice: Voice) -> Iterator[Sentence]:
    """Yield what is kept of a person, apart from consents."""
    yield Sentence(N_("address: {address}"), address=person.address)
    yield from fact_sentences(person).values()
    yield Sentence(N_("state: {state}"), state=Sentence(STATES[person.state]))
    for name, entry in sorted(person.subscriptions.items()):
        topics = " ".join(entry.topics) or voice.say(N_("all topics"))
        yield Sentence(
            N_("digest: {digest}, {frequency}, {topics}"),
            digest=name,
            frequency=Sentence(FREQUENCIES.get(entry.frequency, entry.frequency)),
            topics=topics,
        )


def consent_sentence(consent: Consent, zone: tzinfo) -> Sentence:
    """Return when, how and for what somebody gave their consent, and where it came from."""
    return Sentence(
        N_("consent: {at}, {how}, {digest}: “{wording}” ({source})")
        if consent.wording
        else N_("consent: {at}, {how}, {digest} ({source})"),
        at=consent.at.astimezone(zone),
        how=Sentence(CONSENT_EVENTS.get(consent.how, consent.how)),
        digest=consent.digest or Sentence(N_("all digests")),
        wording=consent.wording,
        source=consent.source or "–",
    )
