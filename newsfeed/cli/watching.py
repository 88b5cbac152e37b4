"""``newsfeed build --watch``: stay, and build again whenever somebody saves."""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.app import builds as workshop
from newsfeed.build.cache.known import stamp_of
from newsfeed.build.cache.memory import Memory
from newsfeed.cli.commands import build_once, refuse, tell, warn
from newsfeed.cli.output import builds, problems
from newsfeed.config.site_layout import CONFIG, CONTENT_KINDS
from newsfeed.errors import NewsfeedError, OutsideError, ProblemsFound
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from newsfeed.app.builds import Workshop
    from newsfeed.build.context import BuildContext
    from newsfeed.cli.commands import Manner

_QUIET = 20
"""Milliseconds without a change, after which a save is over."""
_LONGEST = 500
"""Milliseconds after which a build begins even though changes go on."""
_LOOK = 200
"""Milliseconds between two looks at what is not told to us: the configuration, and the clock."""
_AGAIN = 5
"""Seconds after which something outside that failed is tried again."""
_FOLDERS = (*sorted(CONTENT_KINDS), "templates", "locales")


Changed = frozenset[str]
"""Content files that changed, came or went."""


def watch(shop: Workshop, clock: Callable[[], datetime], manner: Manner) -> None:
    """Build, and build again after every change, until Ctrl-C or SIGTERM."""
    stop = _Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    builder = _Builder(shop, clock, manner)
    builder.begin()
    try:
        for changed in changes(shop.root):
            if changed is None or changed or builder.is_due():
                with stop.later():
                    builder.build(changed)
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

    def __init__(self, shop: Workshop, clock: Callable[[], datetime], manner: Manner) -> None:
        self._shop = shop
        self._clock = clock
        self._manner = manner
        self._voice = builds.user_voice()
        self._memory: Memory | None = None
        self._desk: BuildContext | None = None
        self._changed: Changed | None = None
        """Since the last build that published; ``None``: nobody knows."""
        self._resumes = not manner.fresh
        self._kept = False
        self._trouble = ""
        self._due: datetime | None = None

    def begin(self) -> None:
        """The first build starts from what was kept on the disk."""
        problems.talk(self._voice.say(N_("watching for changes; stop with Ctrl-C")))
        self._memory = Memory(self._shop.surroundings, None if self._manner.fresh else self._shop.last)

    def build(self, changed: Changed | None) -> None:
        """One build. What goes wrong is said, once, and does not end the watch."""
        since = self._changed
        self._changed = None if changed is None or since is None else since | changed
        self._due = None
        try:
            now = self._clock()
            if self._resume(now) or self._amend(now) or self._build_all(now):
                self._changed = frozenset()
        except ProblemsFound as found:
            refuse(found.problems, self._voice)
        except NewsfeedError as error:
            if error.message != self._trouble:
                problems.print_error(error.message, error.hint, self._voice)
            self._trouble = error.message
            self._due = self._clock() + timedelta(seconds=_AGAIN)
            return
        self._trouble = ""

    def _resume(self, now: datetime) -> bool:
        """At the beginning: where the last process left things, when little has changed since."""
        resumes, self._resumes = self._resumes, False
        started = time.monotonic()
        same = workshop.nothing_to_do(self._shop, now) if resumes else None
        done = workshop.amend(self._shop, now) if resumes and same is None else None
        built = done[0] if done is not None else same
        if built is None or self._memory is None:
            return False
        found = done[1] if done is not None else workshop.with_held(self._shop)
        self._memory = replace(self._memory, idle=found.idle, held=found.held)
        self._desk = workshop.desk_at_hand(self._shop)
        self._due = found.idle.until if found.idle else None
        warn(built)
        tell(built, started, self._manner, self._voice)
        return True

    def _amend(self, now: datetime) -> bool:
        """Take the quick way, when a few stories changed, came due or expired, and the rest is at hand."""
        started = time.monotonic()
        if self._changed is None or self._desk is None or self._memory is None:
            return False
        shop = replace(self._shop, inputs=None)
        done = workshop.amend_with(shop, now, self._memory, self._changed, self._desk)
        if done is None:
            return False
        built, self._memory = done
        self._due = self._memory.idle.until if self._memory.idle else None
        warn(built)
        tell(built, started, self._manner, self._voice)
        return True

    def _build_all(self, now: datetime) -> bool:
        self._shop = workshop.look_again(self._shop)
        memory = self._memory
        last = memory.idle if memory and memory.surroundings == self._shop.surroundings else None
        _, site, learnt = build_once(self._shop, now, self._manner, last)
        self._due = workshop.next_turn(site, now)
        if learnt is None:
            return False
        self._memory, self._desk = learnt, site.desk
        if not self._kept:  # a first build may have taken long: it is kept although the watch is killed later
            self.end()
        self._kept = True
        return True

    def is_due(self) -> bool:
        """Whether a story has come due or expired, or something that failed is to be tried again."""
        return self._due is not None and self._clock() >= self._due

    def end(self) -> None:
        """Keep what is known for a build in another process."""
        workshop.remember(self._shop, self._memory)


def changes(root: Path) -> Iterator[Changed | None]:
    """What has changed, several times a second; ``None``: anything may have. So is the first answer, and
    it comes when no change can be missed any more.

    The folders of the site are watched; the root is only looked at, for the output, git's files and
    a virtual environment may lie in it.
    """
    before: object = None
    while True:
        folders, first = _there(root), True
        for found in _told(folders):
            looks = stamp_of(root / CONFIG)
            yield None if first or looks != before else _content(root, found)
            first, before = False, looks
            if _there(root) != folders:
                break


def _content(root: Path, found: Iterable[str]) -> Changed | None:
    """Content files among changed paths; ``None`` when there is something else, or a whole folder."""
    # what is watched by a relative path is told by an absolute one
    paths = [Path(os.path.relpath(path, root)).as_posix() for path in found]
    if any(path.partition("/")[0] not in CONTENT_KINDS for path in paths):
        return None
    return None if any((root / path).is_dir() for path in paths) else frozenset(paths)


def _there(root: Path) -> list[Path]:
    return [root / name for name in _FOLDERS if (root / name).is_dir()]


def _told(folders: Sequence[Path]) -> Iterator[Sequence[str]]:
    """Which paths in these folders have changed since the last answer; of a folder that went, its own."""
    from watchfiles import DefaultFilter, watch

    names = DefaultFilter(ignore_entity_patterns=(*DefaultFilter.ignore_entity_patterns, r"^\.", "^4913$"))
    if not folders:
        time.sleep(_LOOK / 1000)
        yield ()
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
            yield [path for _, path in found]
    except FileNotFoundError:  # a folder went this very moment
        yield [str(folder) for folder in folders]
    except (OSError, RuntimeError) as error:
        raise OutsideError(f"cannot watch the site: {error}") from error
