"""Keep what groups of receivers are like, and who has how many connections to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, select, update

from newsfeed.receiver_ports import ReceiverState
from newsfeed.stores.sql.rows import plain_text
from newsfeed.stores.sql.tables import receiver_connections, receiver_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from sqlalchemy import Connection

    from newsfeed.stores.sql.engine import Database

_FRESH = {
    "allowed": 0,
    "carried": 0,
    "pauses": 0,
    "reason": "",
    "sent": 0,
    "complaints": 0,
    "latest": 0,
    "unknown": 0,
}
_LOCKED = (
    select(receiver_groups)
    .where(receiver_groups.c.name.in_(bindparam("names", expanding=True)))
    .order_by(receiver_groups.c.name)  # everybody locks them in one order, so nobody waits for ever
    .with_for_update()
)
_KEPT = update(receiver_groups).where(receiver_groups.c.name == bindparam("which"))
_THEIRS = receiver_connections.c.receivers == bindparam("group")
_OURS = _THEIRS & (receiver_connections.c.owner == bindparam("who"))
_COUNTED = select(func.coalesce(func.sum(receiver_connections.c.number), 0)).where(_THEIRS)
_HOLDERS = select(receiver_connections.c.owner).where(_THEIRS)
_CLOSED = update(receiver_connections).where(_OURS).values(number=receiver_connections.c.number - 1)
_GONE = delete(receiver_connections).where(_OURS, receiver_connections.c.number <= 0)


class SqlReceiverBook:
    """Implements `newsfeed.receiver_ports.ReceiverBook`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self) -> Mapping[str, ReceiverState]:
        """Return all groups of which something is known."""
        with self._database.read() as connection:
            rows = connection.execute(select(receiver_groups)).mappings().all()
        return {row["name"]: ReceiverState(**row) for row in rows}

    def change(
        self, changes: Mapping[str, Callable[[ReceiverState], ReceiverState]]
    ) -> Mapping[str, ReceiverState]:
        """Replace what is known of some groups."""
        if not changes:
            return {}
        with self._database.write(lasting=False) as connection:
            before = self._lock(connection, sorted(changes))
            after = {name: changes[name](state) for name, state in before.items()}
            changed = [_row(state) for name, state in after.items() if state != before[name]]
            if changed:
                connection.execute(_KEPT, changed)
        return after

    def take_connection(self, name: str, owner: str, most: int) -> bool:
        """Note one more connection. When there are too many, those of the dead are forgotten first."""
        taken, holders = self._take(name, owner, most)
        if taken:
            return True
        dead = [one for one in holders if one != owner and not self._database.owners.is_alive(one)]
        if not dead:
            return False
        self._forget(name, dead)
        return self._take(name, owner, most)[0]

    def leave_connection(self, name: str, owner: str) -> None:
        """Note that one of an owner's connections is closed."""
        which = {"group": name, "who": owner}
        with self._database.write(lasting=False) as connection:
            connection.execute(_CLOSED, which)
            connection.execute(_GONE, which)

    def _take(self, name: str, owner: str, most: int) -> tuple[bool, Sequence[str]]:
        """Take a connection if there is one; return whether there was, and who has any if not."""
        with self._database.write(lasting=False) as connection:
            self._lock(connection, [name])  # so that nobody else counts meanwhile
            if connection.execute(_COUNTED, {"group": name}).scalar_one() >= most:
                return False, connection.scalars(_HOLDERS, {"group": name}).all()
            ours = self._database.insert(receiver_connections).values(receivers=name, owner=owner, number=1)
            connection.execute(
                ours.on_conflict_do_update(
                    index_elements=["receivers", "owner"],
                    set_={"number": receiver_connections.c.number + 1},
                )
            )
            return True, ()

    def _forget(self, name: str, dead: Collection[str]) -> None:
        theirs = delete(receiver_connections).where(_THEIRS, receiver_connections.c.owner.in_(dead))
        with self._database.write(lasting=False) as connection:
            connection.execute(theirs, {"group": name})

    def _lock(self, connection: Connection, names: Sequence[str]) -> dict[str, ReceiverState]:
        """Return what is known of groups; nobody else changes them until this transaction ends."""
        fresh = self._database.insert(receiver_groups).on_conflict_do_nothing()
        connection.execute(fresh, [{"name": name, **_FRESH} for name in names])
        rows = connection.execute(_LOCKED, {"names": names}).mappings()
        return {row["name"]: ReceiverState(**row) for row in rows}


def _row(state: ReceiverState) -> dict[str, Any]:
    columns = {column.name for column in receiver_groups.columns} - {"name"}
    row = {name: getattr(state, name) for name in columns}
    return {**row, "reason": plain_text(state.reason), "which": state.name}
