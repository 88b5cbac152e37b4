"""Which domains DNS is asked for, and how long its answers are good."""

from datetime import UTC, datetime, timedelta

from newsfeed.core.delivery.receivers.groups import ReceiverGroups
from newsfeed.core.delivery.receivers.lookups import (
    GOOD,
    NONE,
    TROUBLE,
    choose_domains,
    is_fresh,
    name_receivers,
    remember,
)
from newsfeed.receiver_ports import KnownHosts, MailHosts

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOSTS = MailHosts(("mx.example.net",))


def test_servers_are_believed_longer_than_their_absence() -> None:
    """And trouble is over soonest."""
    assert remember(HOSTS, None, NOW) == KnownHosts(HOSTS, NOW + GOOD)
    refusal = MailHosts(refuses=True)
    assert remember(refusal, None, NOW) == KnownHosts(refusal, NOW + NONE)
    assert remember(MailHosts(), None, NOW) == KnownHosts(MailHosts(), NOW + TROUBLE)
    assert GOOD > NONE > TROUBLE


def test_trouble_takes_no_server_away() -> None:
    """What was known before goes on, for a short while; that there was none is not said again."""
    assert remember(MailHosts(), KnownHosts(HOSTS, NOW), NOW) == KnownHosts(HOSTS, NOW + TROUBLE)
    refusing = KnownHosts(MailHosts(refuses=True), NOW)
    assert remember(MailHosts(), refusing, NOW) == KnownHosts(MailHosts(), NOW + TROUBLE)


def test_answers_grow_old() -> None:
    """And none is good for years because a clock was wrong."""
    known = KnownHosts(HOSTS, NOW + GOOD)
    assert is_fresh(known, NOW)
    assert is_fresh(known, NOW + GOOD - SECOND)
    assert not is_fresh(known, NOW + GOOD)
    assert not is_fresh(known, NOW - SECOND)
    assert not is_fresh(None, NOW)


def test_only_what_is_not_known_is_asked() -> None:
    """In the order given: those of most readers first."""
    known = {"b.example": KnownHosts(HOSTS, NOW + GOOD), "c.example": KnownHosts(HOSTS, NOW)}
    assert choose_domains(["c.example", "b.example", "a.example"], known, NOW) == ["c.example", "a.example"]


def test_an_address_has_the_group_of_its_domain() -> None:
    """By its servers when they are known, however old that is; else by the domain."""
    old = NOW - 900 * GOOD
    known = {
        "club.example": KnownHosts(MailHosts(("aspmx.l.google.com",)), old),
        "shut.example": KnownHosts(MailHosts(refuses=True), old),
    }
    name = name_receivers(ReceiverGroups(), known)
    assert name("ann@club.example") == "gmail"
    assert name("ann@shut.example") == "shut.example"
    assert name("ann@other.example") == "other.example"
