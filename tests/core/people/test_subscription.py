"""`newsfeed.core.people.subscription`: what becomes of a subscriber."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newsfeed.core.people import subscription as decide
from newsfeed.records import SUBSCRIBER_STATES, Bounce, Subscriber, Subscription

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
STAFF = Subscription(digest="staff")
PRESS = Subscription(digest="press")


def _person(state="active", *places):
    return Subscriber(
        id=7,
        key="k",
        address="a@test.example",
        languages=("de",),
        state=state,
        subscriptions={one.digest: one for one in places},
    )


def _bounces(kind, *ages):
    return [
        Bounce(subscriber_id=7, delivery_id=n, at=NOW - timedelta(days=age), kind=kind)
        for n, age in enumerate(ages)
    ]


@pytest.mark.parametrize(
    ("known", "sent", "mailed"),
    [
        (None, 0, True),
        (None, decide.ASK_LIMIT, False),
        (_person("active", STAFF), 0, False),
        (_person("active", PRESS), 0, True),
        (_person("pending"), 0, True),
        (_person("pending"), decide.ASK_LIMIT, False),
        (_person("left"), 0, True),
        (_person("bounced", STAFF), 0, True),
        (_person("complained"), 0, True),
    ],
)
def test_who_asks_is_mailed_unless_they_have_it_or_were_mailed_enough(known, sent, mailed):
    """And nothing about them changes before they confirm."""
    found = decide.after_request(known, _person("active", STAFF), "staff", sent)
    assert (found is not None) == mailed
    if found is not None:
        assert found == known or (found.state, dict(found.subscriptions)) == ("pending", {})


def test_mails_that_were_answered_count_no_more():
    """Who has confirmed may ask for the next digest on the same day."""
    now, day = NOW, timedelta(days=1)
    asked = decide.make_consent(_person("active"), "staff", now - timedelta(hours=3), how="asked", wording="")
    confirmed = replace(asked, how="confirmed", at=now - timedelta(hours=2))
    assert decide.begin_asking([asked], now) == now - day
    assert decide.begin_asking([asked, confirmed], now) == confirmed.at + timedelta.resolution
    assert decide.begin_asking([replace(confirmed, at=now - 9 * day)], now) == now - day


@pytest.mark.parametrize("state", SUBSCRIBER_STATES)
def test_confirming_makes_active_whatever_was_before(state):
    """Other digests stay."""
    found = decide.after_confirmation(_person(state, PRESS), STAFF)
    assert (found.state, set(found.subscriptions)) == ("active", {"staff", "press"})


@pytest.mark.parametrize(
    ("person", "digest", "state", "kept"),
    [
        (_person("active", STAFF, PRESS), "staff", "active", {"press"}),
        (_person("active", STAFF), "staff", "left", set()),
        (_person("active", STAFF, PRESS), "", "left", set()),
        (_person("active", STAFF), "press", "active", {"staff"}),
        (_person("left"), "staff", "left", set()),
        (_person("pending"), "staff", "left", set()),
        (_person("bounced", STAFF), "staff", "bounced", set()),
        (_person("complained"), "", "complained", set()),
    ],
)
def test_leaving_one_or_all(person, digest, state, kept):
    """Repeating it changes nothing."""
    found = decide.after_leaving(person, digest)
    assert (found.state, set(found.subscriptions)) == (state, kept)
    assert decide.after_leaving(found, digest) == found


@pytest.mark.parametrize(
    ("known", "suppressed", "outcome", "saved"),
    [
        (None, "", "added", True),
        (None, "erased", "suppressed", False),
        (_person("active", STAFF), "", "known", False),
        (_person("active", PRESS), "", "updated", True),
        (_person("active", STAFF), "complaint", "suppressed", False),
        (_person("pending"), "", "updated", True),
        (_person("left"), "", "left", False),
        (_person("bounced", STAFF), "", "bounced", False),
        (_person("complained"), "", "complained", False),
    ],
)
def test_an_import_never_resurrects(known, suppressed, outcome, saved):
    """And never takes away what somebody chose."""
    word, found = decide.after_import(known, _person("active", STAFF), suppressed)
    assert (word, found is not None) == (outcome, saved)
    if found is not None and known is not None:
        assert set(found.subscriptions) == {*known.subscriptions, "staff"}


def test_an_import_keeps_the_wishes_of_those_it_finds():
    """Their own choice of topics counts more than a file's."""
    own = Subscription(digest="press", topics=("water",), frequency="monthly")
    _, found = decide.after_import(_person("active", own), _person("active", STAFF, PRESS), "")
    assert found.subscriptions["press"] == own


@pytest.mark.parametrize(
    ("bounces", "state"),
    [
        ([], "active"),
        (_bounces("hard", 0), "bounced"),
        (_bounces("hard", 400), "bounced"),
        (_bounces("soft", 0, 0), "active"),
        (_bounces("soft", 0, 0, 0), "bounced"),
        (_bounces("soft", 0, 7, 14), "active"),
        (_bounces("soft", 0, 7, 14, 21), "bounced"),
        (_bounces("soft", *range(0, 3000, 60)), "active"),
        (_bounces("policy", *range(100)), "active"),
        (_bounces("complaint", 0), "active"),
    ],
)
def test_when_bounces_end_it(bounces, state):
    """One hard one, or three soft ones in a short time; never policy. A complaint ends a digest, elsewhere."""
    assert decide.after_bounces(_person("active", STAFF), bounces, NOW).state == state


@pytest.mark.parametrize(
    ("state", "digests", "after", "kept"),
    [
        ("active", {"staff"}, "active", {"press"}),
        ("active", {"staff", "press"}, "complained", set()),
        ("bounced", {"staff", "press"}, "complained", set()),
        ("bounced", {"staff"}, "bounced", {"press"}),
        ("active", {"other"}, "active", {"staff", "press"}),
        ("active", set(), "active", {"staff", "press"}),
    ],
)
def test_a_complaint_ends_the_digest_it_is_about(state, digests, after, kept):
    """Who has nothing else has complained; who reads another digest goes on reading it."""
    found = decide.after_complaint(_person(state, STAFF, PRESS), digests)
    assert (found.state, set(found.subscriptions)) == (after, kept)


def test_a_complaint_of_somebody_who_left_changes_nothing():
    """There is nothing left to end."""
    assert decide.after_complaint(_person("left"), {"staff"}) == _person("left")


def test_the_last_return_is_a_confirmation_or_the_way_back():
    """What an import says proves nothing of who reads the mailbox."""
    kinds = ("confirmed", "import", "unsuppressed", "left", "import")
    records = [
        decide.make_consent(_person(), "staff", NOW + timedelta(days=day), how=how, wording="")
        for day, how in enumerate(kinds)
    ]
    assert decide.last_rejoining(records) == NOW + timedelta(days=2)
    assert decide.last_rejoining(records[:2]) == NOW
    assert decide.last_rejoining(records[1:2]) < NOW


@pytest.mark.parametrize(
    ("state", "after"),
    [("complained", "left"), ("left", "left"), ("active", "active"), ("bounced", "bounced")],
)
def test_an_address_that_may_be_written_to_again_subscribes_nobody(state, after):
    """Who complained has left: they may ask again."""
    assert decide.after_unsuppression(_person(state), _person("active", STAFF)).state == after
    fresh = decide.after_unsuppression(None, _person("active", STAFF))
    assert (fresh.state, fresh.subscriptions) == ("left", {})


def test_who_left_does_not_become_bounced():
    """What they said counts more than what a server said."""
    for state in ("pending", "left", "complained"):
        assert decide.after_bounces(_person(state), _bounces("hard", 0), NOW).state == state


@pytest.mark.parametrize(("age", "points"), [(0, 1), (30, 0.5), (60, 0.25), (300, 1 / 1024), (-5, 1)])
def test_a_soft_bounce_halves_every_30_days(age, points):
    """One from the future (a clock set back) counts one, not more."""
    assert decide.bounce_score(_bounces("soft", age), NOW) == pytest.approx(points)


@pytest.mark.parametrize(
    ("own", "chain"),
    [
        (("nl",), ("nl", "en", "de")),
        (("nl", "fr"), ("nl", "fr", "en", "de")),
        (("de", "nl"), ("de", "nl")),
        (("xx", "de"), ("de",)),
        (("xx",), ()),
        ((), ()),
    ],
)
def test_a_chain_is_a_readers_languages_and_what_stands_in(own, chain):
    """Editions the site no longer has are passed over."""
    editions = {"nl": ("nl", "en", "de"), "de": ("de",), "fr": ("fr", "en")}
    assert decide.language_chain(own, editions) == chain


def test_a_record_says_who_what_when_and_how():
    """In the language they read."""
    found = decide.make_consent(_person(), "staff", NOW, how="import", wording="at the fair", source="a.csv")
    assert (found.subscriber_key, found.digest, found.at, found.language) == ("k", "staff", NOW, "de")
    assert (found.how, found.wording, found.source) == ("import", "at the fair", "a.csv")


@pytest.mark.parametrize(
    ("state", "suppressed", "digests"),
    [("bounced", False, {"staff", "press"}), ("active", True, {"staff"}), ("bounced", True, {"staff"})],
)
def test_a_wish_for_one_digest_brings_no_other_back_that_a_suppression_ended(state, suppressed, digests):
    """What mails that came back had interrupted goes on with it."""
    known = _person(state, STAFF, PRESS)
    outcome, found = decide.after_rejoining(known, _person("active", STAFF), "staff", suppressed=suppressed)
    assert (outcome, found.state, set(found.subscriptions)) == ("returned", "active", digests)
