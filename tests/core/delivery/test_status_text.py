"""`newsfeed.core.delivery.status_text`: every state has its words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from newsfeed.core.delivery import status_text
from newsfeed.records import DELIVERY_STATES, SUBSCRIBER_STATES, Delivery, Issue, Subscriber

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
ISSUE = Issue(id=3, digest="staff", slot="2026-01-05T08:00", instant=NOW, created=NOW)


def _person(state="active"):
    return Subscriber(id=1, key="k", address="a@test.example", languages=("en",), state=state)


@pytest.mark.parametrize("state", DELIVERY_STATES)
def test_every_state_of_a_delivery_is_explained(state):
    """With all its placeholders filled."""
    row = Delivery(issue_id=3, subscriber_id=1, group="g", state=state)
    for asked in (None, ISSUE):
        [answer] = status_text.describe_deliveries(_person(), [(ISSUE, row)], asked, UTC)
        assert str(answer).startswith("staff/2026-01-05T08:00: ")


@pytest.mark.parametrize("state", SUBSCRIBER_STATES)
def test_every_state_of_a_person_is_explained(state):
    """And a suppression beside it; somebody suppressed is never said to get mails."""
    (state_of_it,) = status_text.describe_person(_person(state), "")
    assert state_of_it.message == status_text.OF_PERSON[state]
    told = [one.message for one in status_text.describe_person(_person(state), "complaint")]
    assert told[-1] == status_text.SUPPRESSED
    assert (status_text.OF_PERSON[state] in told) == (state != "active")


def test_nobody_and_nothing_are_answers_too():
    """Unknown, erased, not planned, not subscribed."""
    assert status_text.describe_person(None, "")[0].message == status_text.UNKNOWN_PERSON
    assert status_text.describe_person(None, "erased")[0].message == status_text.SUPPRESSED
    assert status_text.describe_deliveries(_person(), [], None, UTC)[0].message == status_text.NO_ISSUES
    assert status_text.describe_deliveries(_person(), [], ISSUE, UTC)[0].message == status_text.NOT_SUBSCRIBED
    assert status_text.audience_size({"en": {"accepted": 2}, "de": {"refused": 1}}) == 3


def test_moments_are_told_in_the_site_s_zone():
    """Whatever zone the store keeps them in."""
    row = Delivery(issue_id=3, subscriber_id=1, group="g", state="planned", next_try=NOW)
    [answer] = status_text.describe_deliveries(_person(), [(ISSUE, row)], None, ZoneInfo("Europe/Berlin"))
    assert str(dict(answer.params)["next"]) == "2026-01-05 09:00:00+01:00"
