"""What operators see of groups of receivers."""

from datetime import UTC, datetime, timedelta

from newsfeed.core.delivery.receivers.groups import ReceiverGroups
from newsfeed.core.delivery.receivers.overview import view_groups, view_states
from newsfeed.core.delivery.receivers.pacing import COMPLAINTS, UNKNOWN
from newsfeed.receiver_ports import KnownHosts, MailHosts, ReceiverState

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
GROUPS = ReceiverGroups()


def _states(*states: ReceiverState) -> dict[str, ReceiverState]:
    return {one.name: one for one in states}


def test_only_groups_that_get_less_are_told() -> None:
    """Those that want a person first, then those that wait, then those that begin anew."""
    found = view_states(
        GROUPS,
        _states(
            ReceiverState(name="gmail", sent=500, reason="421 slow down", paused_until=NOW - HOUR),
            ReceiverState(name="free", allowed=1),
            ReceiverState(name="orange", allowed=1, paused_until=NOW + HOUR, reason="421 slow down"),
            ReceiverState(name="ziggo", allowed=1, paused_until=NOW + HOUR, reason=UNKNOWN),
            ReceiverState(name="yahoo", allowed=1, paused_until=NOW + HOUR, reason=COMPLAINTS),
        ),
        NOW,
    )
    assert [(one.name, one.wants_a_person, one.is_slowed) for one in found] == [
        ("yahoo", True, False),
        ("ziggo", True, False),
        ("orange", False, False),
        ("free", False, True),
    ]
    assert [one.paused_until for one in found] == [NOW + HOUR] * 3 + [None]
    assert found[3].connections == 1
    assert found[3].limits.connections == 2


def test_groups_are_those_of_readers_and_those_that_were_sent_to() -> None:
    """With limits of their own first, in the order of their list; of the others, those with most domains."""
    known = {
        "a.example": KnownHosts(MailHosts(("mx.google.com",)), NOW),
        "b.example": KnownHosts(MailHosts(("mx1.ovh.example",)), NOW),
        "c.example": KnownHosts(MailHosts(("mx2.ovh.example",)), NOW),
    }
    domains = ["gmail.com", "a.example", "wanadoo.fr", "alone.example", "b.example", "c.example"]
    found = list(view_groups(GROUPS, domains, known, _states(ReceiverState(name="gone.example")), NOW))
    assert [(one.name, one.domains) for one in found] == [
        ("orange", 1),
        ("gmail", 2),
        ("ovh.example", 2),
        ("alone.example", 1),
        ("gone.example", 0),
    ]
    assert [one.connections for one in found] == [2, 5, 10, 10, 10]
