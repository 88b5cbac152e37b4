"""Stories that were mailed under another id."""

from datetime import UTC, datetime

import pytest

from newsfeed.core.digests.renames import find_renamed_stories, hash_story_texts
from newsfeed.model import Story
from newsfeed.records import Issue
from newsfeed.testing import an_item, load_files

NOW = datetime(2026, 3, 2, 7, tzinfo=UTC)


def stories(*names: str, title: str = "A") -> dict[str, Story]:
    """Stories of one text, in files of these names."""
    files = {f"news/2026/{name}.en.md": an_item(title=title) for name in names}
    return dict(load_files(files).library.stories)


def issue(**sent: str) -> Issue:
    """An issue that held these stories."""
    revisions = {f"2026-{name}": text_hash for name, text_hash in sent.items()}
    return Issue(digest="staff", slot="s", instant=NOW, created=NOW, revisions=revisions)


@pytest.mark.parametrize(
    ("there", "without_id", "title", "expected"),
    [
        (("b",), ("2026-b",), "A", {"2026-b": "2026-a"}),
        (("b",), (), "A", {}),
        (("a", "b"), ("2026-a", "2026-b"), "A", {}),
        (("b",), ("2026-b",), "Another text", {}),
        (("a",), ("2026-a",), "A", {}),
    ],
)
def test_a_text_that_was_mailed_under_an_id_that_is_gone_is_found(there, without_id, title, expected):
    """Not one with an id of its own, nor a copy, nor another text, nor one that never moved."""
    text_hash = hash_story_texts(stories("a")["2026-a"])
    found = find_renamed_stories(stories(*there, title=title), without_id, [issue(a=text_hash)])
    assert found == expected
