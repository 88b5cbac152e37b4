"""What is said of the preview of a digest."""

from datetime import UTC, date, datetime, time

import pytest

from newsfeed.cli.output import previews
from newsfeed.cli.output.voice import Voice
from newsfeed.core.digests.slots import Slot
from newsfeed.delivery.preview import PreviewReport

ENGLISH = Voice()


@pytest.mark.parametrize(
    ("dry_run", "skipped", "places", "lines"),
    [
        (False, 0, (), 1),
        (True, 0, (), 2),
        (False, 2, ("out/a.eml",), 3),
        (True, 2, tuple(f"out/{number}.eml" for number in range(20)), 11),
    ],
)
def test_a_digest_is_summed_up(dry_run, skipped, places, lines):
    """With what became of it, and the first places where the mails lie."""
    slot = Slot(datetime(2026, 1, 5, 7, tzinfo=UTC), date(2026, 1, 5), time(8))
    report = PreviewReport(
        digest="staff", slot=slot, stories=3, messages={"en": 2, "de": 1}, skipped=skipped,
        largest_html=900, left_out=0, dry_run=dry_run, places=places, problems=(),
    )  # fmt: skip
    data, sentences = previews.preview_summary(report, ENGLISH)
    assert data["slot"] == "2026-01-05T08:00"
    assert data["messages"] == {"en": 2, "de": 1}
    assert data["places"] == list(places)
    assert len(sentences) == lines
    assert sentences[0] == "digest “staff”, slot 2026-01-05T08:00; stories: 3, messages: 3 (en 2, de 1)"
    assert ("dry run: nothing was handed over" in sentences) is dry_run
    assert ("readers with nothing to get, not written to: 2" in sentences) is bool(skipped)


def test_a_digest_to_nobody_is_summed_up_too():
    """A dash stands for no languages."""
    slot = Slot(datetime(2026, 1, 5, 7, tzinfo=UTC), date(2026, 1, 5), time(8))
    report = PreviewReport(
        digest="staff", slot=slot, stories=0, messages={}, skipped=0, largest_html=0, left_out=0, dry_run=False,
        places=(), problems=(),
    )  # fmt: skip
    assert previews.preview_summary(report, ENGLISH)[1] == [
        "digest “staff”, slot 2026-01-05T08:00; stories: 0, messages: 0 (–)"
    ]
