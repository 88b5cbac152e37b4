"""Output about stories that are there and are not published, and about where a file is published.

Imported by every build, so it imports little itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.marking import N_, NN_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsfeed.cli.output.voice import Voice
    from newsfeed.core.site.unpublished import Unpublished
    from newsfeed.marking import Sentence

_DRAFTS = NN_("{number} draft", "{number} drafts")
_SCHEDULED = NN_("{number} scheduled for {day}", "{number} scheduled, the first for {day}")
_EXPIRED = NN_("{number} expired", "{number} expired")
_WITHDRAWN = NN_("{number} withdrawn", "{number} withdrawn")


def unpublished_sentences(unpublished: Unpublished, voice: Voice) -> list[str]:
    """Return a sentence that says how many stories are not published, and why; none when all are."""
    parts = []
    if unpublished.drafts:
        parts.append(voice.count(*_DRAFTS, unpublished.drafts))
    if unpublished.scheduled:
        parts.append(voice.count(*_SCHEDULED, unpublished.scheduled, day=unpublished.next_due))
    if unpublished.expired:
        parts.append(voice.count(*_EXPIRED, unpublished.expired))
    if unpublished.withdrawn:
        parts.append(voice.count(*_WITHDRAWN, unpublished.withdrawn))
    return [voice.say(N_("not published: {stories}"), stories=", ".join(parts))] if parts else []


def whereabouts_sentences(path: str, whereabouts: Iterable[Sentence], voice: Voice) -> list[str]:
    """Return where a file is published, or why it is not; each sentence behind its path."""
    from newsfeed.cli.output.terminal import visible

    return [f"{visible(path)}: {visible(voice.say(sentence))}" for sentence in whereabouts]
