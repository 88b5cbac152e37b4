"""``newsfeed bounces``: what came back."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import click

from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.options import json_option, now_option
from newsfeed.cli.output.bounces import print_bounces
from newsfeed.cli.output.terminal import print_error
from newsfeed.cli.output.voice import user_voice
from newsfeed.errors import NewsfeedError, OutsideError, ProblemsFound, UsageError
from newsfeed.marking import N_
from newsfeed.settings import FolderSettings, NoSettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from newsfeed.bounces.process import BounceCounts
    from newsfeed.cli.context import CommandContext
    from newsfeed.settings import MailboxSettings

DONE, TRY_LATER = 0, 75
"""75 is EX_TEMPFAIL of sysexits.h: the mail system keeps the message and tries again."""


@click.command(
    "bounces",
    cls=TranslatedCommand,
    help=N_("Read what came back: bounces and complaints, from the mailboxes of config.toml.")
    + "\n\n"
    + N_("With - it reads one message from standard input: for the pipe of a mail server."),
)
@click.argument("source", type=click.Choice(["-"]), default=None, required=False, metavar="[-]")
@click.option("--maildir", metavar="DIR", default="", help=N_("Read this Maildir."))
@click.option("--imap", is_flag=True, help=N_("Read the IMAP mailbox of config.toml and no other."))
@now_option(N_("The moment to put on record (ISO 8601)."))
@json_option(N_("Print the sums as JSON."))
@click.pass_obj
def bounces(
    context: CommandContext, source: str | None, maildir: str, imap: bool, now: datetime | None, as_json: bool
) -> int:
    """Run ``newsfeed bounces``."""
    from newsfeed.app import returned_mails

    moment, stdin = context.now(now), source == "-"
    if (maildir != "") + imap + stdin > 1:
        raise UsageError(N_("only one of --maildir, --imap and - can be read at a time"))
    if stdin:
        return _read_pipe(context, moment, as_json=as_json)
    named: dict[str, MailboxSettings] = {}
    if maildir:
        named["maildir"] = FolderSettings(os.path.abspath(maildir))  # noqa: PTH100 - as it was typed
    tally = _read_mailboxes(context, moment, named, only="imap" if imap else "")
    may_be_more = tally.read >= returned_mails.MOST
    print_bounces(tally, user_voice(), may_be_more=may_be_more, as_json=as_json)
    return DONE


def _read_pipe(context: CommandContext, now: datetime, *, as_json: bool) -> int:
    """Read one message from standard input. Whatever goes wrong is our trouble, and no reason to lose it."""
    voice = user_voice()
    try:
        tally = _read_mailboxes(context, now, {"stdin": NoSettings()})
    except NewsfeedError as error:
        if isinstance(error, ProblemsFound):
            error = UsageError(N_("the site has problems"), N_("run newsfeed check"))
        print_error(error, voice)
        return TRY_LATER
    except Exception as error:  # noqa: BLE001 - any other status makes the mail system drop the report
        print_error(OutsideError(f"{type(error).__name__}: {error}"), voice)
        return TRY_LATER
    if as_json:
        print_bounces(tally, voice, may_be_more=False, as_json=True)
    return DONE


def _read_mailboxes(
    context: CommandContext, now: datetime, named: Mapping[str, MailboxSettings], *, only: str = ""
) -> BounceCounts:
    """Read the named mailboxes (kind → settings), else those of the configuration, or ``only`` one."""
    from newsfeed.app.returned_mails import read_mailboxes

    with context.open_delivery() as delivery:
        configured = delivery.settings.mailboxes
        mailboxes = named or {name: one for name, one in configured.items() if only in ("", name)}
        if not mailboxes:
            raise UsageError(
                N_("config.toml names no mailbox of kind {kind}")
                if only
                else N_("config.toml names no mailbox"),
                N_("add [mailboxes.imap] or [mailboxes.maildir], or name a Maildir with --maildir"),
                kind=only,
            )
        return _sum(read_mailboxes(delivery, mailboxes, now, os.environ))


def _sum(tallies: Sequence[BounceCounts]) -> BounceCounts:
    from newsfeed.bounces.process import OUTCOMES, BounceCounts

    outcomes: Counter[str] = Counter()
    for tally in tallies:
        outcomes.update(tally.outcomes)
    known = {name: outcomes[name] for name in OUTCOMES if outcomes[name]}
    return BounceCounts(sum(tally.read for tally in tallies), known, sum(tally.stopped for tally in tallies))
