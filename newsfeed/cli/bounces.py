"""The command that reads what came back."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

from newsfeed.app.delivery import open_delivery_context
from newsfeed.bounces.process import OUTCOMES, BounceContext, BounceCounts, read_returned_mails
from newsfeed.cli.output import builds, problems
from newsfeed.errors import NewsfeedError, ProblemsFound, UsageError
from newsfeed.mailboxes import open_mailbox
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from newsfeed.cli.context import Context
    from newsfeed.cli.output.builds import Voice

DONE, TRY_LATER = 0, 75
"""75 is EX_TEMPFAIL of sysexits.h: the mail system keeps the message and tries again."""
MOST = 10_000
"""Messages of one round: after a mail bomb the next round goes on where this one ends."""

_SENTENCES: Mapping[str, str] = {
    "hard": N_("the mailbox does not exist"),
    "soft": N_("could not be delivered this time"),
    "policy": N_("refused because of the sender, not of the reader"),
    "complaint": N_("complaints: somebody called it spam"),
    "delayed": N_("still on their way"),
    "auto-reply": N_("automatic answers"),
    "unrelated": N_("mails that are no reports"),
    "repeated": N_("known already"),
    "unsigned": N_("reports that do not say which delivery they are about: they touch nobody"),
    "forged": N_("reports whose token proves nothing: they touch nobody"),
}


def bounces_command(
    context: Context,
    now: datetime,
    *,
    maildir: str = "",
    imap: bool = False,
    stdin: bool = False,
    as_json: bool = False,
) -> int:
    """``newsfeed bounces``: a Maildir, the IMAP mailbox, one message on standard input, or, when
    none is named, every mailbox of the configuration.
    """
    if (maildir != "") + imap + stdin > 1:
        raise UsageError("only one of --maildir, --imap and - can be read at a time")
    if stdin:
        return _from_pipe(context, now, as_json=as_json)
    named: dict[str, Mapping[str, object]] = {}
    if maildir:
        named["maildir"] = {"path": os.path.abspath(maildir)}  # noqa: PTH100 - as it was typed
    counts = _round(context, now, named, only="imap" if imap else "")
    _print(counts, builds.user_voice(), as_json=as_json)
    return DONE


def _from_pipe(context: Context, now: datetime, *, as_json: bool) -> int:
    """Whatever goes wrong here is our trouble, and no reason to lose a report."""
    voice = builds.user_voice()
    try:
        counts = _round(context, now, {"stdin": {}})
    except NewsfeedError as error:
        hint = "run newsfeed check" if isinstance(error, ProblemsFound) else error.hint
        problems.print_error(error.message, hint, voice)
        return TRY_LATER
    except Exception as error:  # noqa: BLE001 - any other status makes the mail system drop the report
        problems.print_error(f"{type(error).__name__}: {error}", "", voice)
        return TRY_LATER
    if as_json:
        _print(counts, voice, as_json=True)
    return DONE


def _round(
    context: Context, now: datetime, named: Mapping[str, Mapping[str, object]], *, only: str = ""
) -> BounceCounts:
    """Read the named mailboxes, else those of the configuration."""
    with open_delivery_context(context.root, os.environ) as delivery:
        configured = delivery.settings.mailboxes
        tables = named or {name: table for name, table in configured.items() if only in ("", name)}
        if not tables:
            raise UsageError(
                f"config.toml names no mailbox {only}".rstrip(),
                "add [mailboxes.imap] or [mailboxes.maildir], or name a Maildir with --maildir",
            )
        bounce_context = BounceContext(delivery.store.people, delivery.store.bounces, delivery.secret)
        parts = []
        for name, table in tables.items():
            mailbox = open_mailbox(name, context.root, table, os.environ)
            with closing(mailbox.messages(MOST)) as messages:
                parts.append(read_returned_mails(bounce_context, messages, now))
    return _sum(parts)


def _sum(parts: Sequence[BounceCounts]) -> BounceCounts:
    outcomes: Counter[str] = Counter()
    for counts in parts:
        outcomes.update(counts.outcomes)
    known = {name: outcomes[name] for name in OUTCOMES if outcomes[name]}
    return BounceCounts(sum(one.read for one in parts), known, sum(one.stopped for one in parts))


def _print(counts: BounceCounts, voice: Voice, *, as_json: bool) -> None:
    data = {"read": counts.read, "stopped": counts.stopped, "outcomes": dict(counts.outcomes)}
    head = voice.say(N_("{read} messages read; {stopped} people are not written to any more"))
    lines = [f"  {number}  {voice.say(_SENTENCES[name])}" for name, number in counts.outcomes.items()]
    if counts.read >= MOST:
        lines.append(voice.say(N_("there may be more: run the command again")))
    builds.print_result(data, [head.format_map(data), *lines], as_json)
