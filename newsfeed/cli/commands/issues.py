"""``newsfeed why``, ``receipt`` and ``doubts``: what became of an issue, and of one reader's copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsfeed.cli.arguments import find_issue, parse_address
from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.options import json_option, now_option
from newsfeed.cli.output.deliveries import print_answers, print_receipt
from newsfeed.cli.output.terminal import print_sentence
from newsfeed.cli.output.voice import user_voice
from newsfeed.core.delivery import status_text
from newsfeed.marking import N_

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.cli.context import CommandContext

DONE, UNKNOWN = 0, 1

_DOUBTS = {
    None: N_("deliveries nobody can vouch for: {number}"),
    "resend": N_("to be sent again, with the same Message-ID: {number}"),
    "skip": N_("not sent again: {number}"),
}
"""Decision → what is said of it."""


@click.command(
    cls=TranslatedCommand, help=N_("Say whether ADDRESS got ISSUE (or any), when, and if not, why not.")
)
@click.argument("address")
@click.argument("issue", default="")
@click.pass_obj
def why(context: CommandContext, address: str, issue: str) -> int:
    """Run ``newsfeed why``."""
    with context.open_delivery() as delivery:
        store, normal = delivery.store, parse_address(address)
        person, hashed = store.people.find(normal), delivery.hash_address(normal)
        suppressed = store.people.suppressions([hashed]).get(hashed, "")
        answers = status_text.describe_person(person, suppressed)
        if person is not None:
            only = find_issue(delivery, issue) if issue else None
            answers += status_text.describe_deliveries(
                person, store.issues.deliveries(person.id), only, delivery.settings.site.timezone
            )
    print_answers(answers, user_voice())
    return DONE if person is not None or suppressed else UNKNOWN


@click.command(
    cls=TranslatedCommand,
    help=N_("Say what became of ISSUE: its audience by language and outcome, balanced.")
    + "\n\n"
    + N_(
        "ISSUE is a name such as weekly/2026-01-12T08:00, as send and why print it; or a digest: its newest."
    ),
)
@click.argument("issue")
@json_option(N_("Print as JSON."))
@click.pass_obj
def receipt(context: CommandContext, issue: str, as_json: bool) -> None:
    """Run ``newsfeed receipt``."""
    with context.open_delivery() as delivery:
        found = find_issue(delivery, issue)
        states = delivery.store.issues.receipt(found.id)
    print_receipt(found, states, user_voice(), as_json=as_json)


@click.command(
    cls=TranslatedCommand, help=N_("Show or decide the deliveries of ISSUE whose outcome is unknown.")
)
@click.argument("issue")
@click.option(
    "--resend", "decision", flag_value="resend", help=N_("Send them again, with the same Message-ID.")
)
@click.option("--skip", "decision", flag_value="skip", help=N_("Do not send them again."))
@now_option(N_("The moment from which they are due again (ISO 8601)."))
@click.pass_obj
def doubts(context: CommandContext, issue: str, decision: str | None, now: datetime | None) -> None:
    """Run ``newsfeed doubts``."""
    with context.open_delivery() as delivery:
        issues, found = delivery.store.issues, find_issue(delivery, issue)
        if decision is None:
            number = sum(states.get("unknown", 0) for states in issues.receipt(found.id).values())
        else:
            number = issues.decide_doubts(found.id, decision == "resend", context.now(now), again=True)
    print_sentence(_DOUBTS[decision], user_voice(), number=number)
