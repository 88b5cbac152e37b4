"""What every store keeps of the servers of domains."""

from dataclasses import replace

from newsfeed.receiver_ports import KnownHosts, MailHosts
from newsfeed.stores.sql import SqlStore
from tests.contracts.stores import DAY, NOW, person

HERE = KnownHosts(MailHosts(("mx1.example.net", "mx2.example.net")), NOW)
CLOSED = KnownHosts(MailHosts(refuses=True), NOW + DAY)


def test_nothing_is_known_of_a_domain_at_first(store: SqlStore) -> None:
    """And that is no error."""
    assert store.mail_domains.read() == {}


def test_what_was_found_out_is_kept_until_something_else_is(store: SqlStore) -> None:
    """Servers in their order, that there are none, and until when this is good."""
    store.mail_domains.keep({"a.example": HERE, "b.example": CLOSED})
    store.mail_domains.keep({})
    assert store.mail_domains.read() == {"a.example": HERE, "b.example": CLOSED}
    store.mail_domains.keep({"a.example": CLOSED})
    assert store.mail_domains.read() == {"a.example": CLOSED, "b.example": CLOSED}


def test_a_domain_is_forgotten_with_the_last_who_has_an_address_there(store: SqlStore) -> None:
    """It may be a person's own; what others have, and what is known of large groups, stays."""
    addresses = ("a@one.example", "b@one.example", "c@notone.example", "d@own_1.example", "e@ownx1.example")
    people = store.people.save([person(one[0], address=one) for one in addresses])
    domains = {address.partition("@")[2] for address in addresses}
    store.mail_domains.keep(dict.fromkeys(domains, HERE))
    store.receiver_book.change({name: lambda state: replace(state, sent=1) for name in {"gmail", *domains}})
    store.people.erase(people[0].id)
    assert set(store.mail_domains.read()) == domains
    store.people.erase(people[1].id)
    store.people.erase(people[3].id)
    assert set(store.mail_domains.read()) == {"notone.example", "ownx1.example"}
    assert set(store.receiver_book.read()) == {"gmail", "notone.example", "ownx1.example"}


def test_domains_of_most_readers_come_first(store: SqlStore) -> None:
    """Of those who are written to; each once."""
    people = {"a": "one.example", "b": "two.example", "c": "two.example", "d": "gone.example"}
    store.people.save(
        [
            person(name, address=f"{name}@{domain}", state="left" if name == "d" else "active")
            for name, domain in people.items()
        ]
    )
    assert store.mail_domains.of_readers() == ["two.example", "one.example"]
