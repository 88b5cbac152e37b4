"""Edges that carry messages. `CHANNELS` lists them: adding one is one module and one line, here and
in `newsfeed.config.channels`, which checks its table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.channels.folder import FolderChannel
from newsfeed.channels.maildir import MaildirChannel
from newsfeed.channels.smtp import SmtpChannel
from newsfeed.channels.stdout import StdoutChannel

if TYPE_CHECKING:
    from newsfeed.ports import Channel

ChannelFactory = Callable[[Path, Mapping[str, object], Mapping[str, str]], "Channel"]
"""(the site's folder, the channel's own table of the configuration, environment) → the channel."""

CHANNELS: tuple[tuple[str, ChannelFactory], ...] = (
    ("folder", FolderChannel.from_table),
    ("maildir", MaildirChannel.from_table),
    ("smtp", SmtpChannel.from_table),
    ("stdout", StdoutChannel.from_table),
)


def open_channel(
    name: str, root: Path, tables: Mapping[str, Mapping[str, object]], environment: Mapping[str, str]
) -> Channel:
    """The configured channel. ``tables``: ``[channels.*]``; ``environment``: where passwords are."""
    return dict(CHANNELS)[name](root, tables.get(name, {}), environment)
