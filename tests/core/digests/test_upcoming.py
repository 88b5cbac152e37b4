"""How many stories the next issue has by now: as many as a reader of every issue would be owed."""

from datetime import timedelta

import pytest

from newsfeed.core.digests.planning import find_horizon
from newsfeed.core.digests.upcoming import count_upcoming
from newsfeed.core.site.index import StoryRow
from newsfeed.core.site.sections import Section
from tests.mail.issues import digest, slot

SLOT, DAY = slot(), timedelta(days=1)
OLDEST = find_horizon(digest(), SLOT)
ROW = StoryRow(
    id="a",
    date=SLOT.instant - DAY,
    updated=SLOT.instant - DAY,
    expires=None,
    draft=False,
    slugs={"en": "a"},
    authors=(),
    order=0,
    original="en",
    withdrawn=None,
    title="A",
    outdated=(),
    sections=(Section("topics", "water"),),
)


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({}, 1),
        ({"date": SLOT.instant}, 1),
        ({"date": SLOT.instant + DAY}, 0),
        ({"date": OLDEST}, 0),
        ({"date": OLDEST + timedelta(seconds=1)}, 1),
        ({"draft": True}, 0),
        ({"expires": SLOT.instant}, 0),
        ({"expires": SLOT.instant + DAY}, 1),
        ({"withdrawn": SLOT.instant - DAY}, 0),
        ({"id": "had"}, 0),
        ({"sections": (Section("topics", "energy"),)}, 0),
        ({"sections": (Section("authors", "water"),)}, 0),
    ],
)
def test_a_story_counts_when_it_will_be_public_new_and_of_the_topics(changed, number):
    """At the moment of the slot, not now."""
    rows = [ROW._replace(**changed)]
    assert count_upcoming(rows, digest(topics=("water",)), SLOT, (), {"had"}) == number
    if "sections" in changed:
        assert count_upcoming(rows, digest(), SLOT, (), {"had"}) == 1
