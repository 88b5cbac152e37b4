"""Wiring of builds that know the last one: what is kept between two builds, and what it spares."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsfeed.app import site as app
from newsfeed.app.site import Built, report_of
from newsfeed.errors import ProblemsFound

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime
    from pathlib import Path

    from newsfeed.build.cache.file_stamps import Stamps
    from newsfeed.build.cache.memory import Memory
    from newsfeed.build.cache.state import Idle
    from newsfeed.build.cache.store import Shelf
    from newsfeed.build.context import BuildContext


@dataclass(frozen=True, slots=True)
class Workshop:
    """A site, the folder it is built into, and what earlier builds of the two left behind."""

    root: Path
    output: Path
    jobs: int
    kept: Path
    """Where memories are kept; endings tell which."""
    surroundings: str
    """Of the program and the site as this build begins."""
    looked: int
    """When that began (ns)."""
    inputs: Stamps | None
    last: Idle | None
    """How the last build left things."""
    is_untouched: Callable[[], bool]
    """Whether the output is as that build left it."""

    @property
    def shelf(self) -> Shelf:
        """What is made once for these surroundings."""
        from newsfeed.build.cache.store import Shelf

        return Shelf(self.kept.with_suffix(".made"), self.surroundings)


def open_workshop(root: Path, output: Path, environment: Mapping[str, str], jobs: int) -> Workshop:
    """Look at a site and its output as they are before a build."""
    from newsfeed.build import pool
    from newsfeed.build.cache import state as idle
    from newsfeed.build.cache import store as kept
    from newsfeed.build.cache.fingerprint import surroundings

    place, name = kept.place(root, output, environment), surroundings(root)
    last = kept.load(place.with_suffix(".idle"), name)
    if not isinstance(last, idle.Idle):
        last = None
    is_untouched = last.is_in(output) if last else bool
    looked = time.time_ns()
    inputs = idle.listing(root)
    return Workshop(root, output, jobs or pool.usual_jobs(), place, name, looked, inputs, last, is_untouched)


def nothing_to_do(shop: Workshop, now: datetime) -> Built | None:
    """What a build would say, when it would do nothing at all."""
    from newsfeed.build.written import Written

    last = shop.last
    if last is None or _has_errors(last) or shop.inputs is None or shop.inputs != last.inputs:
        return None
    if not last.is_of(now) or not shop.is_untouched():
        return None
    written = Written(0, len(last.outputs), 0)
    return Built(shop.output, written, last.pages, last.feeds)


def _has_errors(last: Idle) -> bool:
    if not last.problems:
        return False
    from newsfeed.problems import select_errors

    return bool(select_errors(last.problems))


def amend(shop: Workshop, now: datetime) -> tuple[Built, Memory] | None:
    """Bring the output up to date after a few stories changed, came due or expired; ``None``, and nothing is
    done, when that is not all, or when they have errors.
    """
    last = shop.last
    if last is None or last.inputs is None or shop.inputs is None:
        return None
    changed = last.inputs.differing(shop.inputs)
    try:
        memory, desk = with_held(shop), desk_at_hand(shop)
        return amend_with(shop, now, memory, changed, desk) if shop.is_untouched() else None
    except ProblemsFound:  # there may be more of them
        return None


def amend_with(
    shop: Workshop, now: datetime, memory: Memory, changed: Collection[str], desk: BuildContext
) -> tuple[Built, Memory] | None:
    """The same for somebody who has everything at hand. Raises `ProblemsFound` when what changed is wrong."""
    from newsfeed.build import incremental as verb
    from newsfeed.build.cache import state as idle

    last, held = memory.idle, memory.held
    if last is None or held is None or _has_errors(last) or last.inputs is None:
        return None
    if not changed and last.is_of(now):  # what differs is not in the files
        return None
    if memory.surroundings != shop.surroundings:
        return None
    inputs = (
        shop.inputs.settled(shop.looked) if shop.inputs else last.inputs.without(changed, desk.source.has)
    )
    desk = replace(desk, source=app.source_of(shop.root, desk.settings))
    try:
        done = verb.incremental_build(desk, last, held, changed, shop.output, now, memory.index)
    except ProblemsFound as found:
        raise ProblemsFound(report_of(shop.root, found.problems)) from found
    if done is None:
        return None
    state = replace(
        done.state,
        inputs=inputs,
        manifest=idle.manifest_stamp(shop.output),
        problems=tuple(report_of(shop.root, done.state.problems)),
        serial=idle.new_serial(),
    )
    removed = tuple(report_of(shop.root, done.problems))
    built = Built(shop.output, done.written, state.pages, state.feeds, removed)
    beside = memory.amendments and memory.amendments.followed(held, done.snapshot, done.stories)
    return built, replace(memory, idle=state, held=done.snapshot, index=done.index, amendments=beside)


def desk_at_hand(shop: Workshop) -> BuildContext:
    """What texts are read and shown with, as the last build found it: in the same surroundings it is the
    same. Raises `ProblemsFound` when the configuration cannot be used.
    """
    from newsfeed.build.cache.fingerprint import surroundings

    found = shop.shelf.get("desk")
    desk = app.desk_with(shop.root, *found) if found else app.desk_of(shop.root)[0]
    if not found and surroundings(shop.root) == shop.surroundings:
        keep_desk(shop, desk)
    share(shop, desk)
    return desk


def keep_desk(shop: Workshop, desk: BuildContext) -> None:
    """Keep it for other processes; files are looked at by each of them."""
    shop.shelf.put("desk", (desk.settings, desk.texts, desk.words))


def share(shop: Workshop, desk: BuildContext) -> None:
    """Let what is made once for the same surroundings be kept, too: compiled templates, moulds of feeds."""
    from newsfeed.build.cache.bytecode import BytecodeFolder
    from newsfeed.render.feeds import keep_moulds

    desk.templates.keep_compiled(BytecodeFolder(shop.kept.with_suffix(".templates"), shop.surroundings))
    keep_moulds(shop.shelf)


def prepare(shop: Workshop, desk: BuildContext) -> None:
    """Load and compile what every whole build needs: processes that are forked afterwards need not."""
    from newsfeed.render import feeds

    if shop.shelf.is_new:
        feeds.load()
    share(shop, desk)
    desk.templates.load_pages()


def look_again(shop: Workshop) -> Workshop:
    """The workshop of another build in the same process."""
    from newsfeed.build.cache import state as idle
    from newsfeed.build.cache.fingerprint import surroundings

    looked = time.time_ns()
    return replace(shop, looked=looked, surroundings=surroundings(shop.root), inputs=idle.listing(shop.root))


def next_turn(site: app.Site, now: datetime) -> datetime:
    """When a story comes due or expires next."""
    from newsfeed.build.cache import state as idle

    return idle.steady(site.held.rows, now)[1]


def with_held(shop: Workshop) -> Memory:
    """What a change of a few stories needs to know, as far as it is kept."""
    from newsfeed.build.cache import store as kept
    from newsfeed.build.cache.memory import Memory
    from newsfeed.build.cache.snapshot import Held
    from newsfeed.build.cache.snapshot_delta import Amendments

    last, name = shop.last, shop.surroundings
    base, packed = (last and kept.load(shop.kept.with_suffix(".held"), name)) or ("", None)
    if last is None or packed is None:
        return Memory(name, last)
    beside = Amendments(base)
    if base != last.serial:
        serial, beside = kept.load(shop.kept.with_suffix(".since"), name) or ("", beside)
        if serial != last.serial or beside.base != base:
            return Memory(name, last)
    return Memory(name, last, beside.applied(Held.unpacked(packed)), amendments=beside)


def remember(shop: Workshop, memory: Memory | None) -> bool:
    """Keep what a build knew on the disk, for another process; not when that will be another program."""
    from newsfeed.build.cache import store as kept
    from newsfeed.build.cache.fingerprint import is_current

    if memory is None or not is_current():
        return False
    idle, held, name = memory.idle, memory.held, memory.surroundings
    if idle is None or held is None:
        return False
    if memory.amendments is not None and memory.amendments.are_few():
        kept.save(shop.kept.with_suffix(".since"), name, (idle.serial, memory.amendments))
    else:
        kept.save(shop.kept.with_suffix(".held"), name, (idle.serial, held.packed()))
    kept.save(shop.kept.with_suffix(".idle"), name, idle)
    return True


def build(
    shop: Workshop,
    site: app.Site,
    now: datetime,
    last: Idle | None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Built, Memory | None]:
    """Build the whole site in several processes; also what to remember of it.

    That is nothing, when the program or the configuration changed meanwhile.
    """
    from newsfeed.build.cache import state as idle
    from newsfeed.build.cache.file_stamps import Stamps
    from newsfeed.build.cache.fingerprint import surroundings
    from newsfeed.build.cache.memory import Memory

    built = app.build(site, shop.output, now, progress, jobs=shop.jobs, last=last)
    if surroundings(shop.root) != shop.surroundings:
        return built, None
    state = idle.Idle(
        shop.surroundings,
        shop.inputs.settled(shop.looked) if shop.inputs else None,
        *idle.steady(site.held.rows, now),
        built.stamps or Stamps(),
        idle.manifest_stamp(built.output),
        built.pages,
        built.feeds,
        site.problems,
        idle.new_serial(),
    )
    return built, Memory(shop.surroundings, state, site.held)
