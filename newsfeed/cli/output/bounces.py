"""Output about mails that came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.cli.output.terminal import print_result
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsfeed.bounces.process import BounceCounts
    from newsfeed.cli.output.voice import Voice

_OUTCOMES: Mapping[str, str] = {
    "hard": N_("the mailbox does not exist"),
    "soft": N_("could not be delivered this time"),
    "policy": N_("refused because of the sender, not of the reader"),
    "complaint": N_("complaints: somebody called it spam"),
    "delayed": N_("still on their way"),
    "auto-reply": N_("automatic answers"),
    "unrelated": N_("mails that are no reports"),
    "repeated": N_("read before"),
    "unsigned": N_("reports that do not say which delivery they are about: they touch nobody"),
    "forged": N_("reports whose token proves nothing: they touch nobody"),
}
"""Outcome of a message → what is said of it."""


def print_bounces(tally: BounceCounts, voice: Voice, *, may_be_more: bool, as_json: bool) -> None:
    """Print how many messages were read, and what they turned out to be. ``may_be_more``: reading stopped
    before the mailboxes were empty.
    """
    data = {"read": tally.read, "stopped": tally.stopped, "outcomes": dict(tally.outcomes)}
    sentence = N_("{read} messages read; {stopped} people are not written to any more")
    head = voice.say(sentence, read=tally.read, stopped=tally.stopped)
    lines = [
        f"  {voice.number(number)}  {voice.say(_OUTCOMES[name])}" for name, number in tally.outcomes.items()
    ]
    if may_be_more:
        lines.append(voice.say(N_("there may be more: run the command again")))
    print_result(data, [head, *lines], as_json=as_json)
