"""The programs whose archives can be read, by the names that users give them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from newsfeed.sources.archives.heads import HeadUnreadableError
from newsfeed.sources.archives.opening import no_document

if TYPE_CHECKING:
    from newsfeed.editorial.arriving.move_in import Archive

PROGRAMS = {
    "hugo": "hugo:HugoArchive",
    "jekyll": "jekyll:JekyllArchive",
    "pelican": "pelican:PelicanArchive",
    "nikola": "nikola:NikolaArchive",
    "wordpress": "wordpress:WordPressArchive",
    "ghost": "ghost:GhostArchive",
    "feed": "feed:FeedArchive",
}
"""Program → module here and class; imported only when it is asked for."""


def open_archive_of(program: str, source: str, base_url: str) -> Archive:
    """Open an archive. ``base_url``: where the site was; empty: the archive says it.

    Raises `OutsideError` and `UsageError`.
    """
    module, _, name = PROGRAMS[program].partition(":")
    try:
        archive: Archive = getattr(import_module(f"newsfeed.sources.archives.{module}"), name)(
            source, base_url=base_url
        )
    except HeadUnreadableError as error:  # its configuration is one only by its name
        raise no_document(source) from error
    return archive
