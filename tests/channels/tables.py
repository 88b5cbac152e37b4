"""Channels opened from tables of a configuration, as a site opens them."""

from collections.abc import Callable, Mapping
from pathlib import Path

from newsfeed.channels import open_channel
from newsfeed.config.channels import CHANNEL_READERS
from newsfeed.config.table import Table
from newsfeed.ports import Channel
from newsfeed.service_ports import MailLookups


def open_from_table(
    name: str,
    root: Path,
    values: Mapping[str, object],
    environment: Mapping[str, str] | None = None,
    open_lookups: Callable[[], MailLookups] | None = None,
) -> Channel:
    """The channel with these keys in its table, which must be right."""
    table = Table.of(values)
    settings = dict(CHANNEL_READERS)[name](table)
    assert table.problems == []
    return open_channel(name, root, settings, environment or {}, open_lookups or _refuse)


def _refuse() -> MailLookups:
    raise AssertionError("this channel asks nobody")
