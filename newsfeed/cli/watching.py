"""``newsfeed build --watch``: stay, and build again whenever somebody saves."""

from __future__ import annotations

import signal
import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from newsfeed import app, report
from newsfeed.config import NAME
from newsfeed.errors import NewsfeedError, OutsideError, ProblemsFound
from newsfeed.model import KINDS
from newsfeed.problems import N_
from newsfeed.publish.memory import stamp_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from newsfeed.cli.commands import Manner
    from newsfeed.publish.memory import Memory

_QUIET = 50
"""Milliseconds without a change, after which a save is over."""
_LONGEST = 500
"""Milliseconds after which a build begins even though changes go on."""
_LOOK = 200
"""Milliseconds between two looks at what is not told to us: the configuration, and the clock."""
_AGAIN = 5
"""Seconds after which something outside that failed is tried again."""
_FOLDERS = (*sorted(KINDS), "templates", "locales")


def watch(shop: app.Workshop, clock: Callable[[], datetime], manner: Manner) -> None:
    """Build, and build again after every change, until Ctrl-C or SIGTERM."""
    stop = _Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    builder = _Builder(shop, clock, manner)
    builder.begin()
    try:
        for changed in changes(shop.root):
            if changed or builder.is_due():
                with stop.later():
                    builder.build()
    except KeyboardInterrupt:
        pass
    builder.end()


class _Stop:
    """Ends the watch at once, or when the build under way is done; whoever cannot wait asks twice."""

    def __init__(self) -> None:
        self._busy = False
        self._asked = False

    def __call__(self, *_: object) -> None:
        if self._asked or not self._busy:
            raise KeyboardInterrupt
        self._asked = True

    @contextmanager
    def later(self) -> Iterator[None]:
        """What is done in here is done to its end."""
        self._busy = True
        yield
        self._busy = False
        if self._asked:
            raise KeyboardInterrupt


class _Builder:
    """Builds a site again and again; what a build knew stays in memory for the next one."""

    def __init__(self, shop: app.Workshop, clock: Callable[[], datetime], manner: Manner) -> None:
        self._shop = shop
        self._clock = clock
        self._manner = manner
        self._voice = report.user_voice()
        self._memory: Memory | None = None
        self._kept = False
        self._trouble = ""
        self._due: datetime | None = None

    def begin(self) -> None:
        """The first build starts from what was kept on the disk."""
        report.talk(self._voice.say(N_("watching for changes; stop with Ctrl-C")))
        self._memory = app.recall(self._shop, fresh=self._manner.fresh)

    def build(self) -> None:
        """One build. What goes wrong is said, once, and does not end the watch."""
        from newsfeed.cli.commands import build_once

        self._due = None
        try:
            self._shop = app.look_again(self._shop)
            now, memory = self._clock(), app.known(self._shop, self._memory)
            _, site, built = build_once(self._shop, now, self._manner, memory, keep=False)
        except ProblemsFound as found:
            report.talk_problems(found.problems, self._voice)
        except NewsfeedError as error:
            if error.message != self._trouble:
                report.print_error(error.message, error.hint, self._voice)
            self._trouble = error.message
            self._due = self._clock() + timedelta(seconds=_AGAIN)
            return
        else:
            self._due = app.next_turn(site, now)
            if built is not None and built.memory is not None:
                self._memory = built.memory
                self._keep_first()
        self._trouble = ""

    def is_due(self) -> bool:
        """Whether a story has come due or expired, or something that failed is to be tried again."""
        return self._due is not None and self._clock() >= self._due

    def end(self) -> None:
        """Keep what is known for a build in another process."""
        if self._memory is not None:
            app.keep(self._shop, self._memory)

    def _keep_first(self) -> None:
        """A first build may have taken long: it is kept although the watch is killed later."""
        if not self._kept:
            self.end()
        self._kept = True


def changes(root: Path) -> Iterator[bool]:
    """Whether something of the site has changed, several times a second. The first answer is yes, and
    comes when no change can be missed any more.

    The folders of the site are watched; the root is only looked at, for the output, git's files and
    a virtual environment may lie in it.
    """
    before: object = None
    while True:
        folders, first = _there(root), True
        for found in _told(folders):
            looks = stamp_of(root / NAME)
            yield first or found or looks != before
            first, before = False, looks
            if _there(root) != folders:
                break


def _there(root: Path) -> list[Path]:
    return [root / name for name in _FOLDERS if (root / name).is_dir()]


def _told(folders: Sequence[Path]) -> Iterator[bool]:
    """Whether something in these folders has changed since the last answer."""
    from watchfiles import DefaultFilter, watch

    names = DefaultFilter(ignore_entity_patterns=(*DefaultFilter.ignore_entity_patterns, r"^\.", "^4913$"))
    if not folders:
        time.sleep(_LOOK / 1000)
        yield False
        return
    try:
        for found in watch(
            *folders,
            watch_filter=names,
            debounce=_LONGEST,
            step=_QUIET,
            rust_timeout=_LOOK,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        ):
            yield bool(found)
    except FileNotFoundError:  # a folder went this very moment
        yield True
    except (OSError, RuntimeError) as error:
        raise OutsideError(f"cannot watch the site: {error}") from error
