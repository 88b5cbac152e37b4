"""Edges that carry messages. `CHANNELS` lists them; `newsfeed.config.channels` reads their settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsfeed.channels.folder import FolderChannel
from newsfeed.channels.maildir import MaildirChannel
from newsfeed.channels.mx import MxChannel
from newsfeed.channels.smtp import SmtpChannel
from newsfeed.channels.stdout import StdoutChannel

if TYPE_CHECKING:
    from newsfeed.ports import Channel
    from newsfeed.service_ports import MailLookups
    from newsfeed.settings import ChannelSettings

ChannelFactory = Callable[[Path, Any, Mapping[str, str], Callable[[], "MailLookups"]], "Channel"]
"""(the site's folder, the settings of this kind of channel, environment, opens look-ups) → the channel."""

CHANNELS: tuple[tuple[str, ChannelFactory], ...] = (
    ("folder", FolderChannel.from_settings),
    ("maildir", MaildirChannel.from_settings),
    ("mx", MxChannel.from_settings),
    ("smtp", SmtpChannel.from_settings),
    ("stdout", StdoutChannel.from_settings),
)


def open_channel(
    name: str,
    root: Path,
    settings: ChannelSettings,
    environment: Mapping[str, str],
    open_lookups: Callable[[], MailLookups],
) -> Channel:
    """Return the channel of a name. ``environment``: where passwords are. ``open_lookups``: called by a
    channel that needs them.
    """
    return dict(CHANNELS)[name](root, settings, environment, open_lookups)
