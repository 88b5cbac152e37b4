"""Output of ``newsfeed translate export`` and ``import``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.cli.output.terminal import print_lines, print_to_stderr, visible
from newsfeed.marking import N_, NN_

if TYPE_CHECKING:
    from newsfeed.cli.output.voice import Voice
    from newsfeed.editorial.exchange import ImportResult

_REASONS = {
    "unknown": N_("there is no such text, or it is written in this language"),
    "damaged": N_("“{detail}” must stand in it as often as in the original"),
    "late": N_("the original has changed since; export it again"),
    "unmatched": N_("nobody knows to which paragraphs the translation belongs; export it whole"),
}
_MOST = 50


def print_exported(file: str, count: int, voice: Voice) -> None:
    """Print how many pieces a file has."""
    one, several = NN_("{path}: {number} piece of text", "{path}: {number} pieces of text")
    print_lines([voice.count(one, several, count, path=visible(file))])


def print_imported(result: ImportResult, voice: Voice) -> None:
    """Print which files were written, and beside it what was refused."""
    print_lines(visible(path) for path in result.paths)
    one, several = NN_("{number} piece of text was taken over", "{number} pieces of text were taken over")
    print_lines([voice.count(one, several, result.used)])
    for refusal in result.refused[:_MOST]:
        reason = voice.say(_REASONS[refusal.reason], detail=visible(refusal.detail))
        place = visible(f"{refusal.unit.path} ¶\N{NO-BREAK SPACE}{refusal.unit.place}")
        print_to_stderr(voice.say(N_("{name}: {reason}"), name=place, reason=reason))
    more = len(result.refused) - _MOST
    if more > 0:
        print_to_stderr(voice.count(*NN_("and {number} more", "and {number} more"), more))
