"""``newsfeed subscribers set`` and ``move``: change what is kept of a person, or of a digest's readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsfeed.cli.arguments import (
    check_digest,
    find_subscriber,
    parse_address,
    parse_languages,
    parse_topics,
)
from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.options import now_option
from newsfeed.cli.output.people import print_changed_person
from newsfeed.cli.output.terminal import print_sentence
from newsfeed.cli.output.voice import user_voice
from newsfeed.core.digests.planning import FREQUENCIES
from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from newsfeed.cli.context import CommandContext
    from newsfeed.settings import Settings
    from newsfeed.subscribers.changes import PersonChanges

ON_RECORD = N_("The moment to put on record (ISO 8601).")


@click.command(
    "set", cls=TranslatedCommand, help=N_("Change what is kept of ADDRESS, for somebody who asks for it.")
)
@click.argument("address")
@click.option("--language", "languages", default=None, metavar="CODE", help=N_("The edition they read."))
@click.option("--name", default=None, help=N_("Their name; an empty one takes it away."))
@click.option(
    "--topics", default=None, metavar="KEYS", help=N_("Only these topics; an empty list means all.")
)
@click.option("--frequency", type=click.Choice(FREQUENCIES), default=None, help=N_("How often they get it."))
@click.option("--address", "new_address", default=None, metavar="NEW", help=N_("Their new address."))
@click.option(
    "--digest", default="", metavar="NAME", help=N_("The digest that topics and frequency are for.")
)
@now_option(ON_RECORD)
@click.pass_obj
def set_command(
    context: CommandContext, /, address: str, digest: str, now: datetime | None, **wishes: str | None
) -> None:
    """Run ``newsfeed subscribers set``."""
    from newsfeed.subscribers.changes import change_person

    if all(value is None for value in wishes.values()):
        raise UsageError(
            N_("there is nothing to change"), N_("name what is to be different, such as --language de")
        )
    with context.open_delivery() as delivery:
        if digest:
            check_digest(delivery, digest)
        person, changed = change_person(
            delivery.roster_context,
            find_subscriber(delivery, address),
            _changes(delivery.settings, digest, wishes),
            context.now(now),
        )
    print_changed_person(person, changed, user_voice())


def _changes(settings: Settings, digest: str, wishes: Mapping[str, str | None]) -> PersonChanges:
    """Return the wishes of a command line, checked against what the site has."""
    from newsfeed.subscribers.changes import PersonChanges, clean_name

    languages, topics = wishes["languages"], wishes["topics"]
    name, address = wishes["name"], wishes["new_address"]
    return PersonChanges(
        address=None if address is None else parse_address(address),
        name=None if name is None else clean_name(name),
        languages=None if languages is None else parse_languages(settings, languages),
        topics=None if topics is None else parse_topics(settings, topics),
        frequency=wishes["frequency"],
        digest=digest,
    )


@click.command(
    "move", cls=TranslatedCommand, help=N_("Move the readers of digest OLD, which is no more, to digest NEW.")
)
@click.argument("old")
@click.argument("new")
@now_option(ON_RECORD)
@click.pass_obj
def move_command(context: CommandContext, old: str, new: str, now: datetime | None) -> None:
    """Run ``newsfeed subscribers move``."""
    from newsfeed.subscribers.moves import move_readers

    with context.open_delivery() as delivery:
        check_digest(delivery, new)
        if old in delivery.settings.digests:
            raise UsageError(
                N_("the digest “{value}” is in config.toml: its readers get it"),
                N_("rename it there first, or take it out; then move them"),
                value=old,
            )
        if delivery.store.issues.find(old) is None and old not in delivery.store.people.count_readers():
            raise UsageError(N_("nobody reads a digest “{value}”, and none was sent"), value=old)
        moved, stayed = move_readers(delivery.roster_context, old, new, context.now(now))
    voice = user_voice()
    print_sentence(N_("moved from “{old}” to “{new}”: {number}"), voice, old=old, new=new, number=moved)
    if stayed:
        print_sentence(N_("had left “{new}” before, and stay away: {number}"), voice, new=new, number=stayed)
