"""What independent clients make of a feed, each as plain `Entry` values.

In-process clients read bytes; clients with a process of their own take many files at
once. Entries come in document order, except from `reader` and Newsboat, which sort
by their own taste: compare those as sets.
"""

from .commands import newsboat_entries, ruby_validates, sfeed_entries
from .entry import Entry
from .node import feedsmith_entries, rss_parser_entries
from .python import (
    fastfeedparser_entries,
    feedparser_entries,
    opml_feeds,
    reader_entries,
)

READERS_OF = {
    "rss": (feedparser_entries, fastfeedparser_entries, reader_entries, sfeed_entries),
    "atom": (feedparser_entries, fastfeedparser_entries, reader_entries, sfeed_entries),
    "json": (fastfeedparser_entries, reader_entries),
}
"""The clients that read bytes, by the format they understand."""

__all__ = [
    "READERS_OF",
    "Entry",
    "fastfeedparser_entries",
    "feedparser_entries",
    "feedsmith_entries",
    "newsboat_entries",
    "opml_feeds",
    "reader_entries",
    "rss_parser_entries",
    "ruby_validates",
    "sfeed_entries",
]
