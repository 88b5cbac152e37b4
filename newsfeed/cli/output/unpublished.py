"""Output about stories that are there and are not published.

Imported by every build, so it imports little itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.marking import N_, NN_

if TYPE_CHECKING:
    from newsfeed.cli.output.voice import Voice
    from newsfeed.core.site.unpublished import Unpublished

_DRAFTS = NN_("{number} draft", "{number} drafts")
_SCHEDULED = NN_("{number} scheduled for {day}", "{number} scheduled, the first for {day}")
_EXPIRED = NN_("{number} expired", "{number} expired")


def unpublished_sentences(unpublished: Unpublished, voice: Voice) -> list[str]:
    """Return a sentence that says how many stories are not published, and why; none when all are."""
    parts = []
    if unpublished.drafts:
        parts.append(voice.count(*_DRAFTS, unpublished.drafts))
    if unpublished.scheduled:
        parts.append(voice.count(*_SCHEDULED, unpublished.scheduled, day=unpublished.next_due))
    if unpublished.expired:
        parts.append(voice.count(*_EXPIRED, unpublished.expired))
    return [voice.say(N_("not published: {stories}"), stories=", ".join(parts))] if parts else []
