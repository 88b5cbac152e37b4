"""Output of ``newsfeed subscribers add``: what became of one person, and what stays as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsfeed.cli.output.people import OUTCOMES, REFUSED, fact_sentences
from newsfeed.cli.output.terminal import visible
from newsfeed.marking import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from newsfeed.cli.output.voice import Voice
    from newsfeed.records import Subscriber

STAYS_AWAY = frozenset({"left", "bounced", "complained", "suppressed", "former"})
"""Outcomes of an addition that a wish of the person in question can change."""
_UNDONE = STAYS_AWAY | {"known"}
_ADDITIONS: Mapping[str, str] = {
    "known": N_(
        "already subscribed: nothing was changed; newsfeed subscribers set changes what is kept of somebody"
    ),
    "returned": N_("subscribed again"),
    "left": N_(
        "they have unsubscribed: nothing was changed; if they ask for it in person, repeat the command with"
        " --again"
    ),
    "bounced": N_(
        "mails to them came back: nothing was changed; if they ask for it in person, repeat the command with"
        " --again"
    ),
    "complained": N_(
        "they have complained: nothing was changed; if they ask for it in person, repeat the command with"
        " --again"
    ),
    "suppressed": N_(
        "this address is never to be written to: nothing was changed; if they ask for it in person, repeat"
        " the command with --again"
    ),
    "former": N_(
        "this person has another address now: nothing was changed; if they ask for this one in person,"
        " repeat the command with --again"
    ),
}


def print_addition(outcome: str, person: Subscriber | None, kept: Collection[str], voice: Voice) -> int:
    """Print what became of adding one person; return the exit status: 1 unless all of it was done.

    ``person``: as they are now, where they are known; ``kept``: names of the facts that were given and that
    they keep as they were.
    """
    if outcome in _ADDITIONS:
        click.echo(voice.say(_ADDITIONS[outcome]))
    else:
        click.echo(voice.say(N_("{outcome}: {number}"), outcome=Sentence(OUTCOMES[outcome]), number=1))
    if person is not None and kept:
        click.echo(voice.say(N_("this stays as it was; newsfeed subscribers set changes it:")))
        for name in kept:
            click.echo(f"  {visible(voice.say(fact_sentences(person)[name]))}")
    done = outcome not in REFUSED and outcome not in _UNDONE
    return 0 if done and not kept else 1
