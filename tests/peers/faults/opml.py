"""Faults for the OPML sample."""

from .fault import Fault

_FEED = '<outline text="Nachrichten" type="rss" language="de"'

OPML_FAULTS = (
    Fault("not well-formed", "</outline>", "", "not well-formed"),
    Fault("version 1", 'version="2.0"', 'version="1.0"', "not OPML 2.0"),
    Fault("no title", "<title>Feeds</title>", "", "no title"),
    Fault("no feed", 'type="rss"', "", "lists no feed"),
    Fault("another type", 'type="rss"', 'type="link"', "type link"),
    Fault("group without name", 'text="Deutsch"', 'title="Deutsch"', "lacks text"),
    Fault("feed without address", "xmlUrl=", "url=", "lacks xmlUrl"),
    Fault("feed without page", "htmlUrl=", "url=", "lacks htmlUrl"),
    Fault("relative page", 'htmlUrl="https:', 'htmlUrl="', "no absolute address"),
    Fault("underscore", 'language="de"', 'language="de_DE"', "no canonical language tag"),
    Fault(
        "feed twice",
        _FEED,
        f'<outline type="rss" xmlUrl="https://news.example/de/feed.rss"/>{_FEED}',
        "the feed .* occurs 2 times",
    ),
)
