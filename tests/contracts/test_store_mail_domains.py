"""What every store keeps of the servers of domains."""

from newsfeed.receiver_ports import KnownHosts, MailHosts
from newsfeed.stores.sql import SqlStore
from tests.contracts.stores import DAY, NOW, person

HERE = KnownHosts(MailHosts(("mx1.example.net", "mx2.example.net")), NOW)
CLOSED = KnownHosts(MailHosts(refuses=True), NOW + DAY)


def test_nothing_is_known_of_a_domain_at_first(store: SqlStore) -> None:
    """Neither of one nor of all."""
    assert store.mail_domains.find("example.org") is None
    assert store.mail_domains.read() == {}


def test_what_was_found_out_is_kept_until_something_else_is(store: SqlStore) -> None:
    """Servers in their order, that there are none, and until when this is good."""
    store.mail_domains.keep({"a.example": HERE, "b.example": CLOSED})
    store.mail_domains.keep({})
    assert store.mail_domains.find("a.example") == HERE
    assert store.mail_domains.read() == {"a.example": HERE, "b.example": CLOSED}
    store.mail_domains.keep({"a.example": CLOSED})
    assert store.mail_domains.read() == {"a.example": CLOSED, "b.example": CLOSED}


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
