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

from newsfeed.app import builds as cached
from newsfeed.build.cache.file_stats import file_stat
from newsfeed.cli.building import (
    adopt_if_asked,
    read_and_build,
    refuse,
    report_build,
    report_remaining_problems,
    show_beside_form,
)
from newsfeed.cli.output.terminal import print_error, print_to_stderr
from newsfeed.cli.output.voice import user_voice
from newsfeed.config.site_layout import CONFIG, CONTENT_KINDS
from newsfeed.errors import NewsfeedError, OutsideError, ProblemsFound, reason_of
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from newsfeed.app.builds import BuildMemory, CachedBuild
    from newsfeed.app.built import Built
    from newsfeed.cli.building import BuildOptions
    from newsfeed.cli.context import CommandContext

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


def watch_site(context: CommandContext, options: BuildOptions) -> None:
    """Build the site, and build again after every change, until Ctrl-C or SIGTERM."""
    adopt_if_asked(context, options)
    build = cached.open_build(
        context.root, context.output(options.output), os.environ, options.jobs, is_fresh=options.fresh
    )
    stop = _Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    builder = _Builder(build, lambda: context.now(options.now), options)
    builder.begin()
    try:
        for changed in changes(build.root):
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
        """Put a stop off until the block has ended."""
        self._busy = True
        yield
        self._busy = False
        if self._asked:
            raise KeyboardInterrupt


class _Builder:
    """Builds a site again and again; what a build knew stays in memory for the next one."""

    def __init__(self, build: CachedBuild, clock: Callable[[], datetime], options: BuildOptions) -> None:
        self._build = build
        self._clock = clock
        self._options = options
        self._voice = user_voice()
        self._memory: BuildMemory | None = None
        self._changed: Changed | None = None
        """Since the last build that published; ``None``: nobody knows."""
        self._resumes = not options.fresh
        self._kept = False
        self._trouble = ""
        self._due: datetime | None = None

    def begin(self) -> None:
        """Say that the watch begins; the first build starts from what is in the cache."""
        print_to_stderr(self._voice.say(N_("watching for changes; stop with Ctrl-C")))

    def build(self, changed: Changed | None) -> None:
        """Build once. What goes wrong is said, once, and does not end the watch."""
        since = self._changed
        self._changed = None if changed is None or since is None else since | changed
        self._due = None
        try:
            now = self._clock()
            if self._resume(now) or self._build_changed(now) or self._build_all(now):
                self._changed = frozenset()
        except ProblemsFound as found:
            refuse(found.problems, self._voice)
            show_beside_form(self._build, found.problems, self._clock())
        except NewsfeedError as error:
            if error.message != self._trouble:
                print_error(error, self._voice)
            self._trouble = error.message
            self._due = self._clock() + timedelta(seconds=_AGAIN)
            return
        self._trouble = ""

    def _resume(self, now: datetime) -> bool:
        """Begin where the last process left things, when little has changed since."""
        resumes, self._resumes = self._resumes, False
        started = time.monotonic()
        done = cached.quick_build(self._build, now) if resumes else None
        if done is None:
            return False
        built, memory = done
        if memory.snapshot is None:
            known = cached.read_memory(self._build)
            memory = replace(known, state=memory.state or known.state) if known else memory
        self._take(built, memory, started)
        return True

    def _build_changed(self, now: datetime) -> bool:
        """Take the quick way, when a few stories changed, came due or expired, and the rest is at hand."""
        started = time.monotonic()
        if self._changed is None or self._memory is None:
            return False
        build = replace(self._build, stats=None)
        done = cached.incremental_build(build, now, self._memory, self._changed)
        if done is None:
            return False
        self._take(*done, started)
        return True

    def _take(self, built: Built, memory: BuildMemory, started: float) -> None:
        """Keep what a build knows, and say what it did."""
        self._memory = memory
        self._due = memory.state.until if memory.state else None
        report_remaining_problems(built, self._voice)
        report_build(built, started, self._options, self._voice)
        show_beside_form(self._build, built.remaining, self._clock())

    def _build_all(self, now: datetime) -> bool:
        last = self._memory.state if self._memory else self._build.last
        self._build = cached.prepare_rebuild(self._build, last)
        _, site, learnt = read_and_build(self._build, now, self._options)
        self._due = cached.next_turn(site, now)
        if learnt is None:
            return False
        self._memory = learnt
        if not self._kept:  # a first build may have taken long: it is kept although the watch is killed later
            self.end()
        self._kept = True
        return True

    def is_due(self) -> bool:
        """Tell whether a story has come due or expired, or something that failed is to be tried again."""
        return self._due is not None and self._clock() >= self._due

    def end(self) -> None:
        """Keep what is known for a build in another process."""
        cached.remember(self._build, self._memory)


def changes(root: Path) -> Iterator[Changed | None]:
    """Yield what has changed, several times a second; ``None``: anything may have. So is the first answer,
    and it comes when no change can be missed any more.

    The folders of the site are watched; the root is only looked at, for the output, git's files and
    a virtual environment may lie in it.
    """
    before: object = None
    while True:
        folders, first = _there(root), True
        for found in _told(folders):
            looks = file_stat(root / CONFIG)
            yield None if first or looks != before else _content(root, found)
            first, before = False, looks
            if _there(root) != folders:
                break


def _content(root: Path, found: Iterable[str]) -> Changed | None:
    """Return the content files among changed paths; ``None`` for anything else, or a whole folder."""
    # what is watched by a relative path is told by an absolute one
    paths = [Path(os.path.relpath(path, root)).as_posix() for path in found]
    if any(path.partition("/")[0] not in CONTENT_KINDS for path in paths):
        return None
    return None if any((root / path).is_dir() for path in paths) else frozenset(paths)


def _there(root: Path) -> list[Path]:
    return [root / name for name in _FOLDERS if (root / name).is_dir()]


def _told(folders: Sequence[Path]) -> Iterator[Sequence[str]]:
    """Yield the paths in these folders that changed since the last answer; of a deleted folder, its own."""
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
        raise OutsideError(
            N_("cannot watch the site: {reason}"),
            reason=reason_of(error) if isinstance(error, OSError) else error,
        ) from error
