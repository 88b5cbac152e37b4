"""How much a digest brings, as the pages are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from newsfeed.app.volumes import RememberedVolumes
from newsfeed.records import Issue

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass
class Sent:
    """A ledger with some issues of each digest: weeks ago → stories."""

    weeks: Sequence[int]
    asked: int = 0

    def slots(self, digest: str, since: datetime) -> dict[str, int]:
        """Every digest has the same."""
        self.asked += 1
        return {f"slot-{number}": number for number in range(len(self.weeks)) if digest == "staff"}

    def find(self, issue: str) -> Issue:
        """An issue of as many stories as its number says."""
        instant = NOW - timedelta(weeks=self.weeks[int(issue)])
        stories = {f"2026-{number}": "f" for number in range(int(issue))}
        return Issue(digest="staff", slot=issue, instant=instant, created=instant, revisions=stories)


def test_the_ledger_is_asked_once_a_day() -> None:
    """Digests with too few issues are left out."""
    ledger = Sent(weeks=(3, 2, 1, 0))
    volumes = RememberedVolumes(ledger, ["staff", "board"])  # type: ignore[arg-type] # as much as is asked
    assert volumes(NOW) == {"staff": pytest.approx(2.0)}
    assert volumes(NOW + timedelta(hours=9)) == {"staff": pytest.approx(2.0)}
    assert ledger.asked == 2
    volumes(NOW + timedelta(days=1))
    assert ledger.asked == 4
