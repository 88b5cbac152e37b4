"""How much a digest brings."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsfeed.config import bundled
from newsfeed.core.digests.volume import count_stories_a_week, describe_volume
from newsfeed.i18n.catalogues import load_texts
from newsfeed.testing import settings_from

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def sent(*issues: tuple[int, int]) -> list[tuple[datetime, int]]:
    """Issues: days ago, stories."""
    return [(NOW - timedelta(days=days), stories) for days, stories in issues]


@pytest.mark.parametrize(
    ("issues", "expected"),
    [
        ((), None),
        (((0, 5), (7, 5)), None),
        (((0, 4), (7, 6), (14, 20)), 5.0),
        (((14, 20), (0, 4), (7, 6)), 5.0),
        (((1, 2), (2, 2), (3, 2)), 14.0),
        (((0, 6), (30, 6), (60, 6)), 1.4),
        (((100, 9), (107, 9), (114, 9)), None),
        (((-7, 9), (0, 9), (7, 9)), None),
        (((1, 2), (1, 2), (1, 2)), None),
    ],
)
def test_only_what_was_sent_counts(issues: tuple[tuple[int, int], ...], expected: float | None) -> None:
    """Between issues: of the first nobody knows how long it gathered; with few, or old ones, nothing is said."""
    assert count_stories_a_week(sent(*issues), NOW) == (expected and pytest.approx(expected))


@pytest.mark.parametrize(
    ("stories", "said"),
    [
        (0.4, "less than one story a week"),
        (1.2, "about one story a week"),
        (4.6, "about 5 stories a week"),
    ],
)
def test_it_is_said_roughly(stories: float, said: str, tmp_path: Path) -> None:
    """As it is."""
    texts, _ = load_texts(settings_from(), tmp_path, bundled.locales())
    assert describe_volume(stories, texts["en"]) == said
