"""The published folder as it is served: read at the start, and again whenever a build has landed."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from newsfeed.build.cache.file_stats import file_stat
from newsfeed.build.manifest import MANIFEST
from newsfeed.errors import reason_of
from newsfeed.web.served_site import NO_SITE, look_at, read_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from newsfeed.build.cache.file_stats import FileStat
    from newsfeed.web.file_headers import FileHeaders
    from newsfeed.web.served_site import ServedSite

LOOK = 0.5
"""Seconds between two looks at the manifest."""
ASK_AGAIN = 20.0
"""Seconds between two questions when a story is due next."""
PATIENCE = 10.0
"""Seconds for which files must have stayed as they are before they are served although the manifest says
otherwise: a build was killed, or somebody else wrote them.
"""


class PublishedFolder:
    """The site in an output folder, in memory; exchanged as a whole, so that nobody sees half a build."""

    def __init__(
        self,
        folder: Path,
        base_path: str,
        headers: FileHeaders,
        find_next_turn: Callable[[], float | None] = lambda: None,
        report: Callable[[str], None] = lambda trouble: None,
    ) -> None:
        """Read what is there.

        base_path: of the site's addresses, with a slash at both ends; find_next_turn: tells when a story
        comes due or expires next (seconds since 1970), if known; report: takes why it could not be read.
        """
        self.folder = folder
        self.base_path = base_path
        self.is_preview = headers.is_preview
        self.site: ServedSite = NO_SITE
        self.next_turn: float | None = None
        self.reads = 0
        self._headers = headers
        self._find_next_turn = find_next_turn
        self._report = report
        self._reading = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="site", daemon=True)
        self._manifest = self._look()
        self._read = NO_SITE
        self._read_at = self._asked_at = 0.0
        self.reload()

    def reload(self) -> None:
        """Read the site again, and show it: a build has landed."""
        with self._reading:
            self._read_again()
            self._show()

    def refresh(self) -> None:
        """Read the site again when a build has changed it, and show it when all of that build is there."""
        with self._reading:
            if (
                self._look() != self._manifest
                or look_at(self.folder, self._read.unsettled) != self._read.unsettled
            ):
                self._read_again()
            is_whole = not self._read.unsettled or time.monotonic() - self._read_at > PATIENCE
            if self._read is not self.site and is_whole:
                self._show()
            elif time.monotonic() - self._asked_at > ASK_AGAIN:
                self._ask()

    def watch(self) -> None:
        """Begin to look for builds of other processes."""
        self._thread.start()

    def stop(self) -> None:
        """Look no longer."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _read_again(self) -> None:
        self._manifest = self._look()
        self._read = read_site(self.folder, self.base_path, self._headers, self._read)
        self._read_at = time.monotonic()

    def _show(self) -> None:
        """Exchange the site. Answers that are under way go on with the one they began with."""
        self._ask()
        self.site = self._read
        self.reads += 1

    def _ask(self) -> None:
        """Ask when a story is due next: a build leaves word of it only after its files are there."""
        self.next_turn = self._find_next_turn()
        self._asked_at = time.monotonic()

    def _look(self) -> FileStat | None:
        return file_stat(self.folder / MANIFEST)

    def _watch(self) -> None:
        while not self._stop.wait(LOOK):
            try:
                self.refresh()
            except OSError as error:
                self._report(str(reason_of(error)))
