"""Read ``[receivers.*]``: how much the servers of which receivers take."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from newsfeed.core.delivery.receivers.groups import OTHERS
from newsfeed.core.delivery.receivers.shipped import SHIPPED_GROUPS
from newsfeed.core.people.hosts import is_domain
from newsfeed.marking import N_
from newsfeed.service_settings import ReceiverGroup, ReceiverLimits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsfeed.config.table import Table


def read_receivers(tables: Iterable[tuple[str, Table]]) -> Mapping[str, ReceiverGroup]:
    """Read the tables of all groups, each under its name. What a table does not say is as it is shipped."""
    shipped = {group.name: group for group in SHIPPED_GROUPS}
    taken: set[tuple[str, str]] = set()
    found = {}
    for name, table in tables:
        usual = shipped.get(name, ReceiverGroup(name=name))
        group = ReceiverGroup(
            name=name,
            mx=() if name == OTHERS else _read_names(table, "mx", usual.mx, taken),
            domains=() if name == OTHERS else _read_names(table, "domains", usual.domains, taken),
            limits=_read_limits(table, usual.limits),
        )
        if name != OTHERS and not group.mx and not group.domains:
            table.report("config-key-missing", "mx", example='mx = ["mail.example.org"]')
        found[name] = group
        table.close()
    return found


def _read_limits(table: Table, usual: ReceiverLimits) -> ReceiverLimits:
    pause = timedelta(seconds=table.number("pause", int(usual.pause.total_seconds()), 1, 86_400))
    return ReceiverLimits(
        connections=table.number("connections", usual.connections, 1, 100),
        messages=table.number("messages", usual.messages, 1, 10_000),
        per_second=table.quantity("per_second", usual.per_second, 0.0, 10_000.0),
        pause=pause,
        longest_pause=max(pause, usual.longest_pause),
        most_unknown=table.quantity("most_unknown", usual.most_unknown, 0.0, 1.0),
        most_complaints=table.quantity("most_complaints", usual.most_complaints, 0.0, 1.0),
    )


def _read_names(
    table: Table, key: str, usual: tuple[str, ...], taken: set[tuple[str, str]]
) -> tuple[str, ...]:
    """Return names of DNS; report what is none, and what two groups claim."""
    given = table.list_of_texts(key, default=usual, example='["example.org"]')
    names = tuple(name.strip().lower().removesuffix(".") for name in given)
    for name in names if key in table else ():
        if not is_domain(name):
            expected = N_("a name of DNS: letters a–z, digits, hyphens and full stops")
            table.report("config-value", key, value=name, expected=expected)
        elif (key, name) in taken:
            expected = N_("a name that no other group of receivers has")
            table.report("config-value", key, value=name, expected=expected)
        taken.add((key, name))
    return names
