"""Output about the preview of a digest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsfeed.marking import N_

if TYPE_CHECKING:
    from newsfeed.cli.output.voice import Voice
    from newsfeed.delivery.preview import PreviewReport

_MOST_FILES = 8
"""Messages whose files are listed before the list would scroll everything away."""


def preview_summary(report: PreviewReport, voice: Voice) -> tuple[dict[str, Any], list[str]]:
    """Return what became of a preview: the data, and the lines for people."""
    data: dict[str, Any] = {
        "digest": report.digest,
        "slot": report.slot.key,
        "stories": report.stories,
        "messages": dict(report.messages),
        "skipped": report.skipped,
        "largest_html_bytes": report.largest_html,
        "left_out": report.left_out,
        "dry_run": report.dry_run,
        "places": list(report.places),
    }
    by_language = ", ".join(f"{lang} {voice.number(number)}" for lang, number in report.messages.items())
    facts = {
        "digest": report.digest,
        "slot": report.slot.key,
        "stories": report.stories,
        "total": sum(report.messages.values()),
        "by_language": by_language or "–",
        "skipped": report.skipped,
    }
    sentences = [N_("digest “{digest}”, slot {slot}; stories: {stories}, messages: {total} ({by_language})")]
    if report.skipped:
        sentences.append(N_("readers with nothing to get, not written to: {skipped}"))
    if report.dry_run:
        sentences.append(N_("dry run: nothing was handed over"))
    return data, [voice.say(sentence, **facts) for sentence in sentences] + [
        f"  {place}" for place in report.places[:_MOST_FILES]
    ]
