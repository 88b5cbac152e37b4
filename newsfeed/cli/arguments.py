"""Arguments that name something: a digest, an address, a reader, an issue. Each raises `UsageError` for
what there is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.people.mail_address import normalise_address
from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from newsfeed.app.delivery import DeliveryContext
    from newsfeed.records import Issue, Subscriber


def check_digest(delivery: DeliveryContext, name: str) -> None:
    """Raise `UsageError` unless the configuration has a digest of this name."""
    if name not in delivery.settings.digests:
        known = ", ".join(delivery.settings.digests) or "–"
        raise UsageError(
            N_("there is no digest “{name}” in config.toml"),
            N_("digests are: {known}"),
            name=name,
            known=known,
        )


def parse_address(text: str) -> str:
    """Return a mail address as the store spells it."""
    address = normalise_address(text)
    if address is None:
        raise UsageError(
            N_("this is no address that can be written to"), N_("it looks like name@example.org")
        )
    return address


def find_subscriber(delivery: DeliveryContext, address: str) -> Subscriber:
    """Return the person with this address."""
    subscriber = delivery.store.people.find(parse_address(address))
    if subscriber is None:
        raise UsageError(N_("nobody with this address is known"))
    return subscriber


def find_issue(delivery: DeliveryContext, name: str) -> Issue:
    """Return the issue of this name, or the newest of the digest of this name."""
    issue = delivery.store.issues.find(name)
    if issue is None:
        raise UsageError(
            N_("there is no issue “{name}”"),
            N_("name it like staff/2010-02-08T08:00, or by its digest"),
            name=name,
        )
    return issue
