"""Whose servers a delivery is for: found before an issue is planned, and written into the ledger."""

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from bench.site import MONDAY, Made
from newsfeed.app.delivery import open_round_context
from newsfeed.app.receivers import find_receivers
from newsfeed.core.delivery.receivers.groups import domain_of
from newsfeed.delivery.rounds import plan_round
from newsfeed.receiver_ports import KnownHosts, MailHosts
from newsfeed.service_ports import DnsStatus
from tests.core.checkup.names import Zone
from tests.delivery.sites import delivery, site
from tests.dns_client.name_server import serving

ZONE: Zone = {
    ("readers0.example", "MX"): ("alt1.aspmx.l.google.com",),
    ("readers1.example", "MX"): ("mx1.mail.ovh.example",),
    ("readers2.example", "MX"): ("mx2.mail.ovh.example",),
    ("readers3.example", "MX"): DnsStatus.ABSENT,
    ("readers4.example", "A"): ("192.0.2.1",),
    ("readers5.example", "MX"): DnsStatus.FAILED,
    ("readers6.example", "MX"): ("smtp-in.orange.fr",),
}
GROUPS = {
    "readers0.example": "gmail",
    "readers1.example": "ovh.example",
    "readers2.example": "ovh.example",
    "readers3.example": "readers3.example",
    "readers4.example": "readers4.example",
    "readers5.example": "readers5.example",
    "readers6.example": "orange",
}
DIRECT = '\n[channels.mx]\nhello = "news.example"\nname_server = "{server}"\n'


def _direct(tmp_path: Path, server: str) -> Made:
    """A site that sends straight to its readers' servers, with two readers in each domain."""
    return site(tmp_path, 14, port=25, channel="mx", smtp=DIRECT.format(server=server))


def _plan(made: Made, now: datetime = MONDAY) -> dict[str, str]:
    """Plan what is due; domain → group of the deliveries that wait."""
    with delivery(made) as opened:
        plan_round(open_round_context(opened, lambda: now, lambda *_: None, os.environ))
        claimed = opened.store.send_queue.claim("1-me", now, 100)
        opened.store.send_queue.release("1-me")
    return {domain_of(one.subscriber.address): one.receivers for one in claimed}


def _known(made: Made) -> Mapping[str, KnownHosts]:
    """Domain → what the store knows of it."""
    with delivery(made) as opened:
        return opened.store.mail_domains.read()


def test_deliveries_are_planned_for_the_owners_of_mail_servers(tmp_path: Path) -> None:
    """DNS is asked first; whose servers nobody can say is known by its domain."""
    with serving(ZONE) as server:
        made = _direct(tmp_path, server)
        assert _plan(made) == GROUPS
    known = _known(made)
    assert set(known) == set(GROUPS)
    assert known["readers6.example"].found == MailHosts(("smtp-in.orange.fr",))
    assert known["readers3.example"].found.refuses


def test_what_is_known_outlives_a_name_server(tmp_path: Path) -> None:
    """The next issue is planned for the same groups while DNS is away, and asks for no more than it must."""
    with serving(ZONE) as server:
        made = _direct(tmp_path, server)
        assert _plan(made) == GROUPS
    before = _known(made)
    with delivery(made) as opened:  # all is fresh, so nobody is asked; there is nobody to answer
        name = find_receivers(opened.settings, opened.store.mail_domains, MONDAY + timedelta(minutes=5))
        assert {domain: name(f"ann@{domain}") for domain in GROUPS} == GROUPS
    assert _known(made) == before


def test_behind_a_relay_nobody_is_asked(tmp_path: Path) -> None:
    """Where readers have their mail is no business of a name server's then."""
    made = site(tmp_path, 14, port=25)
    assert _plan(made) == {domain: domain for domain in GROUPS}
    assert _known(made) == {}


def test_a_sites_own_groups_count(tmp_path: Path) -> None:
    """By their domains; the relay makes no difference."""
    mine = '\n[receivers.mine]\ndomains = ["readers0.example", "readers1.example"]\n'
    groups = set(_plan(site(tmp_path, 14, port=25, smtp=mine)).values())
    assert groups == {"mine", *(f"readers{number}.example" for number in range(2, 7))}
