"""`newsfeed.core.delivery.retry_policy`: what replies mean, and when a delivery is tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.core.delivery import retry_policy as decide
from newsfeed.records import DELIVERY_STATES, Delivery, Reply

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)


def _delivery(attempts: int = 0, planned: datetime | None = NOW) -> Delivery:
    return Delivery(
        id=7, issue_id=1, subscriber_id=2, group="g", state="intent", attempts=attempts, planned_at=planned
    )


@pytest.mark.parametrize(
    ("reply", "meaning"),
    [
        # accepted
        (Reply(250, "2.0.0", "Ok: queued as 4F", "dot"), "accepted"),
        (Reply(250, "", "ok", "dot"), "accepted"),
        # the connection, or nonsense
        (Reply(0, stage="dot"), "unknown"),
        (Reply(0), "unknown"),
        (Reply(354, stage="dot"), "unknown"),
        (Reply(999, stage="dot"), "unknown"),
        (Reply(0, stage="connect"), "deferred"),
        (Reply(0, stage="mail"), "deferred"),
        (Reply(0, stage="rcpt"), "deferred"),
        (Reply(0, stage="data"), "deferred"),
        (Reply(199, stage="rcpt"), "deferred"),
        # not now
        (Reply(421, "4.7.0", stage="mail"), "deferred"),
        (Reply(450, "4.2.0", "greylisted", "rcpt"), "deferred"),
        (Reply(451, "4.7.1", stage="dot"), "deferred"),
        (Reply(452, "4.3.1", stage="mail"), "deferred"),
        (Reply(454, "4.7.0", stage="mail"), "deferred"),
        # code and status disagree: the kinder one counts
        (Reply(450, "5.1.1", stage="rcpt"), "deferred"),
        (Reply(550, "4.4.7", stage="rcpt"), "deferred"),
        (Reply(550, "2.1.5", stage="rcpt"), "refused"),
        # the address, the mailbox, the way to its domain
        (Reply(550, "5.1.1", "User unknown", "rcpt"), "refused"),
        (Reply(550, "5.1.1", "User unknown", "dot"), "refused"),
        (Reply(550, "5.1.2", stage="rcpt"), "refused"),
        (Reply(553, "5.1.3", stage="rcpt"), "refused"),
        (Reply(550, "5.1.6", stage="rcpt"), "refused"),
        (Reply(556, "5.1.10", stage="rcpt"), "refused"),
        (Reply(550, "5.2.1", stage="rcpt"), "refused"),
        (Reply(552, "5.2.2", "Mailbox full", "rcpt"), "deferred"),
        (Reply(550, "5.4.1", stage="rcpt"), "refused"),
        (Reply(550, "5.4.4", stage="rcpt"), "refused"),
        (Reply(553, "5.6.7", stage="rcpt"), "refused"),
        # between us and the relay
        (Reply(553, "5.1.7", stage="mail"), "policy"),
        (Reply(553, "5.1.8", stage="rcpt"), "policy"),
        (Reply(550, "5.1.0", "Sender rejected", "mail"), "policy"),
        (Reply(554, "5.3.0", stage="dot"), "policy"),
        (Reply(552, "5.3.4", stage="mail"), "policy"),
        (Reply(503, "5.5.1", stage="rcpt"), "policy"),
        (Reply(554, "5.6.0", stage="dot"), "policy"),
        (Reply(550, "5.7.1", "Relaying denied", "rcpt"), "policy"),
        (Reply(550, "5.7.26", "unauthenticated", "dot"), "policy"),
        (Reply(535, "5.7.8", stage="mail"), "policy"),
        # without a status: by code and by what it was said to
        (Reply(550, "", "no such user", "rcpt"), "refused"),
        (Reply(551, stage="rcpt"), "refused"),
        (Reply(553, stage="rcpt"), "refused"),
        (Reply(556, stage="rcpt"), "refused"),
        (Reply(521, stage="rcpt"), "refused"),
        (Reply(550), "refused"),
        (Reply(552, stage="rcpt"), "deferred"),
        (Reply(554, "", "Relay access denied", "rcpt"), "policy"),
        (Reply(530, "", "Authentication required", "rcpt"), "policy"),
        (Reply(500, stage="rcpt"), "policy"),
        (Reply(550, "", "spam", "dot"), "policy"),
        (Reply(554, stage="data"), "policy"),
        (Reply(550, stage="mail"), "policy"),
    ],
)
def test_replies_mean(reply, meaning):
    """The table of RFC 5321 4.2, RFC 3463 and practice."""
    assert decide.classify_reply(reply) == meaning


def test_a_lost_connection_before_the_dot_is_no_doubt():
    """Whatever stage a reply to an offer names, the message did not leave."""
    for stage in ("", "mail", "dot"):
        result = decide.decide_after_refusal(_delivery(), Reply(0, stage=stage), NOW)
        assert (result.state, result.next_try) == ("deferred", NOW + timedelta(minutes=5))


def test_a_lost_connection_after_the_dot_is_left_to_the_digests_policy():
    """Unknown: no try is planned, and nobody pretends to know."""
    result = decide.decide_after_dot(
        _delivery(), Reply(0, "", "it closed the connection", "dot", "r:25"), NOW
    )
    assert (result.state, result.next_try, result.relay) == ("unknown", None, "r:25")
    assert result.reply == "connection lost it closed the connection"


def test_outcomes_keep_what_the_relay_said():
    """One line, with code and status."""
    result = decide.decide_after_dot(_delivery(), Reply(250, "2.0.0", "Ok: queued as 4F", "dot", "r:25"), NOW)
    assert (result.delivery_id, result.state, result.next_try) == (7, "accepted", None)
    assert result.reply == "250 2.0.0 Ok: queued as 4F"


def test_the_pauses_grow_to_eight_hours():
    """5 m, 15 m, 30 m, 1 h, 2 h, 4 h, then every 8 h."""
    minutes = []
    for attempts in range(9):
        result = decide.decide_after_refusal(_delivery(attempts), Reply(450, "4.2.0", stage="rcpt"), NOW)
        minutes.append((result.next_try - NOW) / timedelta(minutes=1))
    assert minutes == [5, 15, 30, 60, 120, 240, 480, 480, 480]


def test_a_relay_that_refuses_by_policy_is_asked_less_often():
    """It changes its mind when a person does something."""
    result = decide.decide_after_dot(_delivery(), Reply(550, "5.7.1", stage="dot"), NOW)
    assert (result.state, result.next_try) == ("deferred", NOW + timedelta(hours=1))


def test_what_we_hold_back_ourselves_is_no_try():
    """It comes again in a minute, whatever the count says."""
    result = decide.decide_after_refusal(_delivery(5), Reply(450, "4.7.0", stage="held"), NOW)
    assert result.next_try == NOW + timedelta(minutes=1)


def test_deliveries_expire_after_three_days():
    """The last try is made when they end; what fails then is given up."""
    reply = Reply(450, "4.2.0", stage="rcpt")
    shortly_before = NOW + timedelta(days=3) - timedelta(hours=1)
    result = decide.decide_after_refusal(_delivery(12), reply, shortly_before)
    assert (result.state, result.next_try) == ("deferred", NOW + timedelta(days=3))
    result = decide.decide_after_refusal(_delivery(13), reply, NOW + timedelta(days=3))
    assert (result.state, result.next_try) == ("expired", None)


def test_a_sender_that_was_down_for_days_still_tries_a_few_times():
    """Greylisting must not end the first try after an outage."""
    late = NOW + timedelta(days=10)
    states = [
        decide.decide_after_refusal(_delivery(attempts), Reply(450, "4.2.0", stage="rcpt"), late).state
        for attempts in range(5)
    ]
    assert states == ["deferred", "deferred", "deferred", "expired", "expired"]


_replies = st.builds(
    Reply,
    st.integers(0, 999),
    st.sampled_from(["", "2.0.0", "4.7.1", "5.1.1", "5.2.2", "5.7.1", "5.99.999"]),
    st.just("text"),
    st.sampled_from(["", "connect", "mail", "rcpt", "data", "dot", "held"]),
)


@given(_replies, st.integers(0, 50), st.integers(-10_000, 100_000), st.booleans())
@settings(deadline=None)
def test_every_reply_leads_somewhere(reply, attempts, minutes, before):
    """Any reply at any time: a known state, and a next try in the future exactly when deferred."""
    now = NOW + timedelta(minutes=minutes)  # a clock set back included
    result = (decide.decide_after_refusal if before else decide.decide_after_dot)(
        _delivery(attempts), reply, now
    )
    assert result.state in DELIVERY_STATES
    assert (result.next_try is not None) == (result.state == "deferred")
    assert result.next_try is None or now < result.next_try <= now + timedelta(hours=8)
    if before:
        assert result.state not in ("accepted", "unknown")


def test_a_delivery_without_a_planning_moment_is_young():
    """Old rows may lack it."""
    assert decide.decide_after_refusal(_delivery(20, None), Reply(450, stage="rcpt"), NOW).state == "deferred"
