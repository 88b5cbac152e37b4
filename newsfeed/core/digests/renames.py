"""Find stories that were mailed under another id: a derived id changes when the file is renamed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from newsfeed.model import Story
    from newsfeed.records import Issue


def find_renamed_stories(
    stories: Mapping[str, Story], without_id: Collection[str], issues: Iterable[Issue]
) -> dict[str, str]:
    """Return id → former id of the stories whose texts were mailed under an id that no story has any more.

    ``without_id``: ids of stories that are derived from their file's name; whoever wrote one meant it.
    """
    sent: dict[str, str] = {}
    for issue in issues:
        sent |= {text_hash: story for story, text_hash in issue.revisions.items()}
    mailed = set(sent.values())
    found = {}
    for story_id in sorted(set(without_id) & stories.keys() - mailed):
        former = sent.get(hash_story_texts(stories[story_id]))
        if former is not None and former not in stories:
            found[story_id] = former
    return found


def hash_story_texts(story: Story) -> str:
    """Return one hash of all texts of a story, so that a receipt can say what went out."""
    joined = "\0".join(f"{lang}:{story.items[lang].text_fingerprint}" for lang in sorted(story.items))
    return hashlib.blake2b(joined.encode(), digest_size=12).hexdigest()
