"""Keep the addresses that people want to have from now on, until both ends have agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from newsfeed.errors import StaleError
from newsfeed.marking import N_
from newsfeed.records import AddressChange
from newsfeed.stores.sql.tables import address_changes, subscribers

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from newsfeed.stores.sql.engine import Database


class SqlAddressChanges:
    """Implements `newsfeed.service_ports.AddressChanges`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, change: AddressChange) -> None:
        """Keep a change in place of the one before."""
        row = {
            "subscriber_id": change.subscriber_id,
            "address": change.address,
            "expires": change.expires,
        }
        somebody = select(subscribers.c.id).where(subscribers.c.id == change.subscriber_id)
        with self._database.write() as connection:
            if connection.execute(somebody.with_for_update(read=True)).first() is None:
                raise StaleError(N_("somebody erased the person a mail was to go to"), N_("run it again"))
            connection.execute(delete(address_changes).where(_of(change.subscriber_id)))
            connection.execute(self._database.insert(address_changes), row)

    def find(self, subscriber_id: int) -> AddressChange | None:
        """Return the change of a person that waits."""
        with self._database.read() as connection:
            row = connection.execute(select(address_changes).where(_of(subscriber_id))).first()
        return AddressChange(row.subscriber_id, row.address, row.expires) if row else None

    def forget(self, subscriber_id: int, address: str = "") -> bool:
        """Forget the change of a person, or only one to this address; tell whether there was one."""
        which = _of(subscriber_id)
        if address:
            which &= address_changes.c.address == address
        with self._database.write() as connection:
            return connection.execute(delete(address_changes).where(which)).rowcount > 0

    def forget_expired(self, now: datetime) -> int:
        """Forget the changes that nobody has agreed to in time."""
        with self._database.write() as connection:
            return connection.execute(
                delete(address_changes).where(address_changes.c.expires <= now)
            ).rowcount


def _of(subscriber_id: int) -> ColumnElement[bool]:
    return address_changes.c.subscriber_id == subscriber_id
