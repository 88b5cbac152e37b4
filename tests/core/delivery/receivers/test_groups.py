"""Which group of receivers a domain belongs to, and what its servers take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.delivery.receivers.groups import ReceiverGroups, domain_of, find_owner
from newsfeed.core.delivery.receivers.shipped import SHIPPED_GROUPS
from newsfeed.core.people.hosts import is_domain
from newsfeed.service_settings import ReceiverGroup, ReceiverLimits

NAMES = st.from_regex(r"[a-z]{1,4}(\.[a-z]{1,4}){0,3}", fullmatch=True)


@pytest.mark.parametrize("address", ["ann@example.org", '"a@b"@example.org'])
def test_a_domain_is_what_stands_after_the_last_at_sign(address: str) -> None:
    """However its local part looks."""
    assert domain_of(address) == "example.org"


@pytest.mark.parametrize(
    ("domain", "hosts", "group"),
    [
        ("wanadoo.fr", (), "orange"),
        ("gmail.com", ("gmail-smtp-in.l.google.com",), "gmail"),
        ("club.example", ("ASPMX.L.GOOGLE.COM", "alt1.aspmx.l.google.com"), "gmail"),
        ("hotmail.fr", ("hotmail-fr.olc.protection.outlook.com",), "microsoft"),
        ("club.example", ("club-example.mail.protection.outlook.com",), "microsoft365"),
        ("club.example", ("mta5.am0.yahoodns.net",), "yahoo"),
        ("club.example", ("mx1.free.fr", "mx2.free.fr"), "free"),
        ("laposte.net", ("smtpz4.laposte.net",), "laposte"),
        ("gmx.li", ("mx00.emig.gmx.net",), "gmx"),
        ("web.de", ("mx-ha02.web.de",), "gmx"),
        ("t-online.de", ("mx00.t-online.de",), "t-online"),
        ("kpnmail.nl", ("mx.kpnmail.nl",), "kpn"),
        ("ziggo.nl", ("mxin5.ziggo.nl",), "ziggo"),
    ],
)
def test_large_receivers_are_known(domain: str, hosts: tuple[str, ...], group: str) -> None:
    """By the domains that everybody knows, and by their servers' names for all the others."""
    assert ReceiverGroups().group_of(domain, hosts) == group


def test_domains_behind_servers_of_one_owner_belong_together() -> None:
    """Whose servers are nobody's that is known is named by the owner; without servers, by the domain."""
    groups = ReceiverGroups()
    assert groups.group_of("a.example", ("mx1.mail.ovh.example",)) == "ovh.example"
    assert groups.group_of("b.example", ("mx9.mail.ovh.example", "mx.google.com")) == "ovh.example"
    assert groups.group_of("c.example") == "c.example"
    assert groups.group_of("notgoogle.example", ("mx.notgoogle.com",)) == "notgoogle.com"


def test_a_group_is_paused_by_its_own_servers_only() -> None:
    """Nobody stops Gmail by naming a server of theirs beside Gmail's, or one at Google that is not there."""
    groups = ReceiverGroups({"proximus": ReceiverGroup(name="proximus", domains=("skynet.example",))})
    assert groups.speaks_for("gmail", "club.example", "alt1.aspmx.l.google.com:25")
    assert not groups.speaks_for("gmail", "club.example", "mx.club.example:25")
    assert not groups.speaks_for("gmail", "club.example", "")
    assert groups.speaks_for("gmail", "gmail.com", "")
    assert groups.speaks_for("proximus", "skynet.example", "mx.belgacom.example:25")
    assert groups.speaks_for("ovh.example", "a.example", "mx2.mail.ovh.example:25")
    assert groups.speaks_for("alone.example", "alone.example", "")


def test_a_server_that_serves_itself_is_its_own_owner() -> None:
    """Also below a country where the owner is at the third place, and when its name is one word."""
    assert find_owner("example.org") == "example.org"
    assert find_owner("co.uk") == "co.uk"
    assert find_owner("mail.example.co.uk") == "example.co.uk"
    assert find_owner("localhost") == "localhost"


@given(st.lists(NAMES, max_size=3), NAMES)
def test_every_domain_has_exactly_one_group(hosts: list[str], domain: str) -> None:
    """Which has limits, and does not depend on servers after the best."""
    groups = ReceiverGroups()
    found = groups.group_of(domain, hosts)
    assert found
    assert groups.limits_of(found)
    assert found == groups.group_of(domain, hosts[:1])


def test_what_a_site_says_takes_the_place_of_what_is_shipped() -> None:
    """A group of its own takes domains and servers from others."""
    one, slow = ReceiverLimits(connections=1), ReceiverLimits(per_second=3.0)
    groups = ReceiverGroups(
        {
            "orange": ReceiverGroup(name="orange", domains=("orange.fr",), limits=one),
            "mine": ReceiverGroup(name="mine", mx=("aspmx.l.google.com",), domains=("web.de",)),
            "others": ReceiverGroup(name="others", limits=slow),
        }
    )
    assert groups.limits_of("orange") == one
    assert groups.group_of("wanadoo.fr") == "wanadoo.fr"
    assert groups.group_of("web.de") == "mine"
    assert groups.group_of("club.example", ("aspmx.l.google.com",)) == "mine"
    assert groups.group_of("club.example", ("alt1.aspmx.l.google.com",)) == "mine"
    assert groups.group_of("gmail.com") == "gmail"
    assert groups.limits_of("mine") == ReceiverLimits()
    assert groups.limits_of("ovh.example") == slow
    assert groups.limits_of("gmail").per_second == 0.0
    assert "others" not in {group.name for group in groups}


def test_shipped_groups_are_well_formed() -> None:
    """No server and no domain is claimed twice; names are none of DNS that could be a domain's."""
    ends = [end for group in SHIPPED_GROUPS for end in group.mx]
    domains = [domain for group in SHIPPED_GROUPS for domain in group.domains]
    assert len(ends) == len(set(ends))
    assert len(domains) == len(set(domains))
    assert all(is_domain(name) for name in [*ends, *domains])
    assert not any("." in group.name for group in SHIPPED_GROUPS)
    assert all(group.mx for group in SHIPPED_GROUPS)
