"""``newsfeed subscribers``: who reads what, and how they are forgotten."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsfeed.cli.arguments import check_digest, find_subscriber, parse_address
from newsfeed.cli.commands.certificates import certificate_command
from newsfeed.cli.commands.subscriber_changes import ON_RECORD, move_command, set_command
from newsfeed.cli.help import TranslatedGroup
from newsfeed.cli.options import json_option, now_option
from newsfeed.cli.output.additions import STAYS_AWAY, print_addition
from newsfeed.cli.output.people import (
    print_csv,
    print_import,
    print_people,
    print_person,
    print_readings,
)
from newsfeed.cli.output.terminal import print_sentence
from newsfeed.cli.output.voice import user_voice
from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.app.delivery import DeliveryContext
    from newsfeed.cli.context import CommandContext
    from newsfeed.subscribers.roster import ImportPlan

_ONLY_DIGEST = N_("Only those who read this digest.")
_digest = click.option("--digest", required=True, metavar="NAME", help=N_("Subscribe them to this digest."))
_consent = click.option(
    "--consent", required=True, metavar="TEXT", help=N_("How they gave their consent; kept as proof.")
)


@click.group(cls=TranslatedGroup, help=N_("Manage the people who read digests."))
def subscribers() -> None:
    """Run ``newsfeed subscribers``."""


@subscribers.command(
    "import",
    help=N_("Add the people in FILE, a CSV with email,name,language and perhaps topics.")
    + "\n\n"
    + N_("Nobody who left, bounced, complained or was erased comes back this way."),
)
@click.argument("file")
@_digest
@_consent
@click.option(
    "--language", default="", metavar="CODE", help=N_("The edition of those whose line names none.")
)
@click.option("--encoding", default="", metavar="NAME", help=N_("The file's code page, such as cp1252."))
@click.option("--dry-run", is_flag=True, help=N_("Show the first ten as understood; add nobody."))
@now_option(ON_RECORD)
@json_option(N_("Print the sums as JSON."))
@click.pass_obj
def import_(
    context: CommandContext, /, file: str, encoding: str, dry_run: bool, as_json: bool, **plan: Any
) -> int:
    """Run ``newsfeed subscribers import``."""
    from newsfeed.subscribers.import_file import open_import_file
    from newsfeed.subscribers.roster import import_people

    now = context.now(plan.pop("now"))
    with context.open_delivery() as delivery:
        source = Path(file).name if file != "-" else "standard input"
        planned = import_plan(delivery, **plan, source=source, is_dry_run=dry_run)
        table = open_import_file(file, encoding, stream=sys.stdin.buffer if file == "-" else None)
        if table.lines is None:
            print_readings(table.readings, user_voice(), as_json=as_json)
            raise UsageError(
                N_("the letters beyond ASCII can be read in several ways; nobody was added"),
                N_("run the command again with the --encoding that is right, or save the file as UTF-8"),
            )
        with table.lines as lines:
            outcomes = import_people(delivery.roster_context, lines, planned, now)
            return print_import(
                outcomes,
                table.encoding,
                user_voice(),
                as_json=as_json,
                was_named=bool(encoding),
                is_dry_run=dry_run,
            )


@subscribers.command("add", help=N_("Add one person."))
@click.argument("address")
@click.option("--name", default="", help=N_("The person's name."))
@click.option("--language", required=True, metavar="CODE", help=N_("The edition they read."))
@_digest
@_consent
@click.option("--again", is_flag=True, help=N_("They left or were taken off, and ask for it in person."))
@now_option(ON_RECORD)
@click.pass_obj
def add(
    context: CommandContext, /, digest: str, consent: str, again: bool, now: datetime | None, **person: str
) -> int:
    """Run ``newsfeed subscribers add``."""
    from newsfeed.subscribers.changes import bring_back, kept_facts
    from newsfeed.subscribers.roster import add_person

    moment = context.now(now)
    with context.open_delivery() as delivery:
        plan = import_plan(delivery, digest=digest, consent=consent, source="add")
        row = {"email": person["address"], "name": person["name"], "language": person["language"]}
        line = add_person(delivery.roster_context, row, plan, moment)
        outcome = line.outcome
        if again and outcome in STAYS_AWAY and line.person is not None:
            outcome, _ = bring_back(delivery.roster_context, line.person, digest, consent=consent, now=moment)
        stored = line.person and delivery.store.people.find(line.person.address)
        # Who stays away may not be told what else is kept of them.
        kept = kept_facts(line.person, stored) if outcome not in STAYS_AWAY else ()
    return print_addition(outcome, stored, kept, user_voice())


@subscribers.command("export", help=N_("Print everybody as CSV, safe to open in a spreadsheet."))
@click.option("--digest", default="", metavar="NAME", help=_ONLY_DIGEST)
@click.pass_obj
def export(context: CommandContext, digest: str) -> None:
    """Run ``newsfeed subscribers export``."""
    from newsfeed.subscribers.roster import export_rows

    with context.open_delivery() as delivery:
        if digest:
            check_digest(delivery, digest)
        print_csv(export_rows(delivery.store.people.all(digest)))


@subscribers.command("list", help=N_("Print everybody, one per line."))
@click.option("--digest", default="", metavar="NAME", help=_ONLY_DIGEST)
@json_option(N_("Print one JSON object per line."))
@click.pass_obj
def list_(context: CommandContext, digest: str, as_json: bool) -> None:
    """Run ``newsfeed subscribers list``."""
    with context.open_delivery() as delivery:
        if digest:
            check_digest(delivery, digest)
        print_people(delivery.store.people.all(digest), user_voice(), as_json=as_json)


@subscribers.command("show", help=N_("Print everything that is kept about ADDRESS, with every consent."))
@click.argument("address")
@json_option(N_("Print as JSON."))
@click.pass_obj
def show(context: CommandContext, address: str, as_json: bool) -> None:
    """Run ``newsfeed subscribers show``."""
    from newsfeed.subscribers.held_data import gather_held_data

    with context.open_delivery() as delivery:
        held = gather_held_data(delivery.held_data_context, find_subscriber(delivery, address))
        print_person(held, delivery.settings.site.timezone, user_voice(), as_json=as_json)


@subscribers.command("leave", help=N_("Take ADDRESS off a digest, or off all: for people who write to you."))
@click.argument("address")
@click.option("--digest", default="", metavar="NAME", help=N_("Only this digest; else all of them."))
@now_option(ON_RECORD)
@click.pass_obj
def leave(context: CommandContext, address: str, digest: str, now: datetime | None) -> None:
    """Run ``newsfeed subscribers leave``."""
    from newsfeed.subscribers import roster

    with context.open_delivery() as delivery:
        if digest:
            check_digest(delivery, digest)
        roster.remove_from_digest(
            delivery.roster_context, find_subscriber(delivery, address), digest, context.now(now)
        )
    print_sentence(N_("unsubscribed; no import will add them again"), user_voice())


@subscribers.command(
    "erase", help=N_("Delete ADDRESS for good; only a keyed hash stays, so that no import adds it again.")
)
@click.argument("address")
@now_option(ON_RECORD)
@click.pass_obj
def erase(context: CommandContext, address: str, now: datetime | None) -> None:
    """Run ``newsfeed subscribers erase``."""
    from newsfeed.subscribers import roster

    with context.open_delivery() as delivery:
        roster.erase_person(delivery.roster_context, find_subscriber(delivery, address), context.now(now))
    print_sentence(N_("erased; only a keyed hash of the address stays"), user_voice())


@subscribers.command("suppress", help=N_("Never write to ADDRESS again, whoever imports it."))
@click.argument("address")
@click.option("--reason", default="asked", show_default=True, help=N_("Why; kept with the hash."))
@now_option(ON_RECORD)
@click.pass_obj
def suppress(context: CommandContext, address: str, reason: str, now: datetime | None) -> None:
    """Run ``newsfeed subscribers suppress``."""
    with context.open_delivery() as delivery:
        hashed = delivery.hash_address(parse_address(address))
        delivery.store.people.suppress(hashed, reason, context.now(now))
    print_sentence(N_("this address is never written to again"), user_voice())


@subscribers.command("unsuppress", help=N_("Write to ADDRESS again, for somebody who asks for it in person."))
@click.argument("address")
@click.option(
    "--consent", required=True, metavar="TEXT", help=N_("How the person asked for it; kept as proof.")
)
@now_option(ON_RECORD)
@click.pass_obj
def unsuppress(context: CommandContext, address: str, consent: str, now: datetime | None) -> None:
    """Run ``newsfeed subscribers unsuppress``."""
    from newsfeed.subscribers.suppression import unsuppress_address

    with context.open_delivery() as delivery:
        _check_consent(consent, N_("say how the person asked for it; it is kept as proof"))
        person = unsuppress_address(
            delivery.roster_context,
            parse_address(address),
            consent=consent,
            language=delivery.settings.site.default_language,
            now=context.now(now),
        )
    if person is None:
        raise UsageError(N_("this address is not suppressed"))
    reads = person.state == "active" and person.subscriptions
    sentence = (
        N_("this address is written to again; its subscriptions go on")
        if reads
        else N_("this address may be written to again; it gets no digest yet")
    )
    print_sentence(sentence, user_voice())


def _check_consent(consent: str, hint: str) -> None:
    if not consent.strip():
        raise UsageError(N_("--consent is empty"), hint)


def import_plan(
    delivery: DeliveryContext,
    *,
    digest: str,
    consent: str,
    source: str,
    language: str = "",
    is_dry_run: bool = False,
) -> ImportPlan:
    """Return what an import is about.

    ``source``: where the people come from, kept as proof; ``language``: of those whose line names none.
    """
    from newsfeed.i18n.language_names import find_edition
    from newsfeed.subscribers.roster import ImportPlan

    check_digest(delivery, digest)
    _check_consent(consent, N_("say how these people gave their consent; it is kept as proof"))
    settings = delivery.settings
    editions = tuple(settings.site.languages)
    edition = find_edition(language, editions) if language else ""
    if language and not edition:
        raise UsageError(
            N_("the site has no edition in “{language}”"),
            N_("editions are: {known}"),
            language=language,
            known=", ".join(editions),
        )
    if len(editions) == 1:
        edition = editions[0]
    topics = tuple(settings.topics)
    return ImportPlan(digest, consent, source, editions, topics, edition, is_dry_run=is_dry_run)


subscribers.add_command(set_command)
subscribers.add_command(certificate_command)
subscribers.add_command(move_command)
