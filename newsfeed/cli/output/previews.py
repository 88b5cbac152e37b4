"""Output about the preview of a digest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsfeed.marking import N_

if TYPE_CHECKING:
    from pathlib import Path

    from newsfeed.cli.output.voice import Voice
    from newsfeed.delivery.next_issue import NextIssue
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
        "readers_from": report.audience_file or "store",
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
    if report.audience_file:
        facts["path"] = report.audience_file
    sentences = [N_("digest “{digest}”, slot {slot}; stories: {stories}, messages: {total} ({by_language})")]
    if report.skipped:
        sentences.append(N_("readers with nothing to get, not written to: {skipped}"))
    if report.audience_file:
        sentences.append(N_("there is no store here; the readers are those of {path}"))
    if report.dry_run:
        sentences.append(N_("dry run: nothing was handed over"))
    return data, [voice.say(sentence, **facts) for sentence in sentences] + [
        f"  {place}" for place in report.places[:_MOST_FILES]
    ]


def describe_languages(issue: NextIssue, voice: Voice) -> list[str]:
    """Return a line about the issue in each language: its stories, its size, and how many read it."""
    lines = []
    for one in issue.mails:
        size = voice.number(round(one.mail.parts.html_size / 1000))
        facts = {"stories": one.mail.view.stories, "size": size, "readers": one.readers}
        sentence = N_("stories: {stories}, HTML: {size} kB, readers: {readers}")
        if one.readers is None:
            sentence = N_("stories: {stories}, HTML: {size} kB")
        lines.append(voice.say(sentence, **facts))
    return lines


def next_issue_summary(
    issue: NextIssue, page: Path | None, address: str, voice: Voice
) -> tuple[dict[str, Any], list[str]]:
    """Return what the next issue is: the data, and the lines for people. ``address``: where a test went."""
    data: dict[str, Any] = {
        "digest": issue.digest.name,
        "slot": issue.slot.key,
        "page": str(page) if page else "",
        "test_sent_to": address,
        "languages": {
            one.lang: {
                "subject": one.mail.view.subject,
                "titles": list(one.titles),
                "html_bytes": one.mail.parts.html_size,
                "readers": one.readers,
            }
            for one in issue.mails
        },
    }
    lines = [
        voice.say(N_("digest “{digest}”, next slot {slot}"), digest=issue.digest.name, slot=issue.slot.key)
    ]
    if not issue.mails:
        lines.append(voice.say(N_("there is nothing new for anybody so far")))
    for one, facts in zip(issue.mails, describe_languages(issue, voice), strict=True):
        lines += [
            f"{one.lang}: {one.mail.view.subject}",
            f"  {facts}",
            *(f"  - {title}" for title in one.titles),
        ]
    if page is not None:
        lines.append(str(page))
    if address:
        lines.append(voice.say(N_("a test was sent to {address}"), address=address))
    return data, lines
