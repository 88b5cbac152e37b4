"""Keep the mail servers of domains, as DNS said last."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from newsfeed.core.delivery.receivers.groups import domain_of
from newsfeed.receiver_ports import KnownHosts, MailHosts
from newsfeed.stores.sql.tables import mail_domains, receiver_connections, receiver_groups, subscribers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from newsfeed.stores.sql.engine import Database

_AT_A_TIME = 10_000


class SqlMailDomains:
    """Implements `newsfeed.receiver_ports.MailDomains`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_readers(self) -> Sequence[str]:
        """Return the domains of active people, those of most of them first."""
        query = select(subscribers.c.address).where(subscribers.c.state == "active")
        with self._database.read() as connection:
            rows = connection.execution_options(yield_per=_AT_A_TIME).scalars(query)
            counts = Counter(domain_of(address) for address in rows)
        return sorted(counts, key=lambda domain: (-counts[domain], domain))

    def read(self) -> Mapping[str, KnownHosts]:
        """Return what is known of all domains."""
        with self._database.read() as connection:
            rows = connection.execute(select(mail_domains))
            return {
                row.domain: KnownHosts(MailHosts(row.hosts, refuses=bool(row.refuses)), row.good_until)
                for row in rows
            }

    def keep(self, found: Mapping[str, KnownHosts]) -> None:
        """Keep what was found out, in place of what was known of these domains."""
        rows = [
            {
                "domain": domain,
                "hosts": known.found.hosts,
                "refuses": int(known.found.refuses),
                "good_until": known.good_until,
            }
            for domain, known in sorted(found.items())  # two that keep the same never wait for each other
        ]
        if not rows:
            return
        statement = self._database.insert(mail_domains)
        new = {name: statement.excluded[name] for name in ("hosts", "refuses", "good_until")}
        with self._database.write(lasting=False) as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["domain"], set_=new), rows)


def forget_domain(connection: Connection, address: str) -> None:
    """Forget what is known of a domain that nobody has an address in any more: it may be a person's own."""
    domain = domain_of(address)
    others = select(subscribers.c.id).where(subscribers.c.address.endswith(f"@{domain}", autoescape=True))
    if connection.execute(others.limit(1)).first() is not None:
        return
    connection.execute(delete(mail_domains).where(mail_domains.c.domain == domain))
    connection.execute(delete(receiver_groups).where(receiver_groups.c.name == domain))
    connection.execute(delete(receiver_connections).where(receiver_connections.c.receivers == domain))
