"""Edges that carry messages. `CHANNELS` lists them: adding one is one module and one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.channels.folder import FolderChannel

if TYPE_CHECKING:
    from newsfeed.ports import Channel

Make = Callable[[Path, Mapping[str, object]], "Channel"]
"""(the site's folder, the channel's own table of the configuration) → the channel."""

CHANNELS: tuple[tuple[str, Make], ...] = (("folder", FolderChannel.from_table),)


def channel(name: str, root: Path, table: Mapping[str, object]) -> Channel:
    """The channel of a name that the configuration has checked."""
    return dict(CHANNELS)[name](root, table)
