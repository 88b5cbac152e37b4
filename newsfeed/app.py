"""Wiring: the only module that knows which edges a site uses. Heavy imports happen inside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsfeed import bundled, config
from newsfeed.errors import ProblemsFound, UsageError
from newsfeed.problems import Problem, errors_in, in_order, with_excerpts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsfeed.core.index import Index
    from newsfeed.core.planned import Planned
    from newsfeed.deliver.preview import Outcome
    from newsfeed.i18n import Texts
    from newsfeed.load import Loaded
    from newsfeed.publish.idle import Listing
    from newsfeed.publish.memory import Memory
    from newsfeed.publish.output import Written
    from newsfeed.publish.vanishing import Seen
    from newsfeed.render.templates import Templates
    from newsfeed.settings import Settings
    from newsfeed.sources.folder import FolderSource


@dataclass(frozen=True, slots=True)
class Site:
    """A site read as a whole: settings, words, templates, library and problems."""

    root: Path
    settings: Settings
    texts: Mapping[str, Texts]
    templates: Templates
    source: FolderSource
    loaded: Loaded
    problems: tuple[Problem, ...]
    """All of them, in the order of a report."""
    memory: Memory
    """What the last build of it into the same folder knew."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made."""

    output: Path
    written: Written
    pages: int
    feeds: int
    problems: tuple[Problem, ...] = ()
    memory: Memory | None = None
    """What it knew at its end; ``None`` when that is not to be believed."""


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
    inputs: Listing | None


def check(
    root: Path,
    now: datetime,
    progress: Callable[[int], None] | None = None,
    *,
    output: Path | None = None,
) -> tuple[list[Problem], int]:
    """Every problem of a site, in the order of a report, and how many texts were read; also what would
    vanish from the site that was published in ``output``.
    """
    try:
        site = read(root, now, progress=progress)
    except ProblemsFound as found:
        return list(found.problems), 0
    if output is None:
        return list(site.problems), site.loaded.texts
    gone = look(site, output, planned(site.settings, site.loaded, now)[:2], now).problems()
    return _report(root, [*site.problems, *gone]), site.loaded.texts


def read(
    root: Path,
    now: datetime,
    *,
    keep_going: bool = False,
    progress: Callable[[int], None] | None = None,
    memory: Memory | None = None,
    jobs: int = 1,
) -> Site:
    """Read a site whole, in so many processes; ``memory`` spares what was read before. Raises
    `ProblemsFound` only when the configuration cannot be used.
    """
    from newsfeed.catalogues import load_texts
    from newsfeed.core.facts import Vocabulary
    from newsfeed.i18n import known_countries
    from newsfeed.load import load, without
    from newsfeed.publish import workers
    from newsfeed.publish.memory import Memory
    from newsfeed.render.templates import Templates
    from newsfeed.sources.folder import FolderSource

    settings, problems = config.load(root)
    if settings is None:
        raise ProblemsFound(_report(root, problems))
    texts, found = load_texts(settings, root / "locales", bundled.locales())
    problems += found
    templates = Templates(root / "templates", bundled.templates(), texts)
    problems += templates.problems()
    source = FolderSource(root, settings.limits.file_size)
    words = Vocabulary(settings.topics, settings.donors, settings.partners, known_countries())
    memory = memory or Memory()
    loaded = load(
        source,
        settings,
        words,
        keep_going=keep_going,
        progress=progress,
        known=memory.texts,
        spread=lambda paths, tell: workers.each(paths, tell, jobs),
    )
    problems += loaded.problems
    _, _, clashes = planned(settings, loaded, now)
    problems += [one for one in clashes if one not in problems]
    if keep_going:
        library = without(loaded.library, [one.where.path for one in clashes])
        loaded = replace(loaded, library=library)
    shown = tuple(_report(root, problems))
    return Site(root, settings, texts, templates, source, loaded, shown, memory)


def planned(settings: Settings, loaded: Loaded, now: datetime) -> tuple[Index, list[Planned], list[Problem]]:
    """The plan of the whole site, and the addresses that two artifacts would share."""
    from newsfeed.core import redirects
    from newsfeed.core.index import Index
    from newsfeed.core.site import clashes, plan

    index = Index(loaded.library, settings, now)
    artifacts = plan(index)
    found = [*clashes(index, artifacts), *redirects.clashes(index, loaded.library, artifacts)]
    return index, artifacts, found


def open_workshop(root: Path, output: Path, environment: Mapping[str, str], jobs: int) -> Workshop:
    """Look at a site and its output as they are before a build."""
    from newsfeed.publish import idle, kept
    from newsfeed.publish.surroundings import surroundings
    from newsfeed.publish.workers import usual_jobs

    place, inputs = kept.place(root, output, environment), idle.listing(root)
    return Workshop(root, output, jobs or usual_jobs(), place, surroundings(root), inputs)


def nothing_to_do(shop: Workshop, now: datetime) -> Built | None:
    """What a build would say, when it would do nothing at all."""
    from newsfeed.publish import idle, kept
    from newsfeed.publish.output import Written

    known = kept.load(shop.kept.with_suffix(".idle"), shop.surroundings)
    same = idle.nothing_to_do(known, shop.surroundings, shop.inputs, shop.output, now)
    if same is None:
        return None
    written = Written(0, len(same.outputs) - 1, 0)
    return Built(shop.output, written, same.pages, same.feeds, same.problems)


def recall(shop: Workshop, *, fresh: bool = False) -> Memory:
    """What the last build knew; nothing, when its program or configuration was another, or when
    nothing of it is to be believed (``fresh``).
    """
    from newsfeed.publish import kept
    from newsfeed.publish.memory import Memory

    found = None if fresh else kept.load(shop.kept.with_suffix(".memory"), shop.surroundings)
    return known(shop, found if isinstance(found, Memory) else None)


def known(shop: Workshop, memory: Memory | None) -> Memory:
    """A memory, when it is of these surroundings; else one of nothing."""
    from newsfeed.publish.memory import Memory

    if memory is not None and memory.surroundings == shop.surroundings:
        return memory
    return Memory(shop.surroundings)


def look_again(shop: Workshop) -> Workshop:
    """The workshop of the next build in the same process, which asks no stamps."""
    from newsfeed.publish.surroundings import surroundings

    return replace(shop, surroundings=surroundings(shop.root), inputs=None)


def next_turn(site: Site, now: datetime) -> datetime:
    """When a story comes due or expires next."""
    from newsfeed.publish import idle

    return idle.steady(site.loaded.library.stories, now)[1]


def keep(shop: Workshop, memory: Memory) -> bool:
    """Keep a memory on the disk, for another process; not when that will be another program."""
    from newsfeed.publish import kept
    from newsfeed.publish.surroundings import is_current

    if is_current():
        kept.save(shop.kept.with_suffix(".memory"), memory.surroundings, memory)
        return True
    return False


def remember(shop: Workshop, site: Site, built: Built, now: datetime) -> None:
    """Keep what a build knew on the disk, for the next one."""
    from newsfeed.publish import idle, kept

    if built.memory is None:
        return
    if keep(shop, built.memory) and shop.inputs is not None:
        since, until = idle.steady(site.loaded.library.stories, now)
        outputs = idle.looks(shop.output, built.memory.known)
        same = idle.Idle(
            shop.surroundings, shop.inputs, since, until, outputs, built.pages, built.feeds, site.problems
        )
        kept.save(shop.kept.with_suffix(".idle"), shop.surroundings, same)


def build(
    site: Site,
    output: Path,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
    *,
    shop: Workshop | None = None,
    keep: bool = True,
) -> Built:
    """Bring the output folder to hold exactly the site, rendering what is not known to be the same.
    With a workshop it is done in several processes, and kept for the next one.
    """
    from newsfeed.publish import build as verb
    from newsfeed.publish.artifacts import Renderer
    from newsfeed.publish.entries import in_order_of_work
    from newsfeed.publish.surroundings import surroundings

    index, plan, _ = planned(site.settings, site.loaded, now)
    renderer = Renderer(index, site.texts, site.templates, site.source, site.memory, plan)
    work = in_order_of_work(index, plan)
    seen = look(site, output, (index, plan), now)
    gone = tuple(_report(site.root, seen.problems()))
    jobs = shop.jobs if shop else 1
    written, memory = verb.build(output, work, renderer, site.memory, jobs, progress, seen.notes)
    built = replace(_built(output, plan, written), problems=gone)
    if shop is not None and surroundings(shop.root) == shop.surroundings:  # else they changed meanwhile
        built = replace(built, memory=replace(memory, texts=site.loaded.read))
        if keep:
            remember(shop, site, built, now)
    return built


def look(site: Site, output: Path, plan: tuple[Index, Sequence[Planned]], now: datetime) -> Seen:
    """The site that was published in a folder beside a plan of what it would be now."""
    from newsfeed.publish import vanishing

    index, planned = plan
    old, library = vanishing.published(output), site.loaded.library
    whole = not errors_in(site.problems)
    return vanishing.look(old, index, library, planned, now, whole=whole, read=site.source.read)


def _built(output: Path, plan: Sequence[Planned], written: Written) -> Built:
    feeds = sum(1 for one in plan if one.kind == "feed" and not one.number)
    pages = sum(1 for one in plan if one.path.endswith(".html"))
    return Built(output, written, pages, feeds)


def send_digest(site: Site, name: str, now: datetime, output: Path | None, *, dry_run: bool) -> Outcome:
    """Compose the newest issue of a digest into a folder, to look at: a preview reaches nobody.

    Raises `UsageError` when there is no such digest, or nobody to send from.
    """
    from newsfeed.channels.folder import FolderChannel
    from newsfeed.deliver.preview import EmptyLedger, Office, deliver
    from newsfeed.stores.csv_audience import CsvAudience

    settings = site.settings
    if name not in settings.digests:
        known = ", ".join(settings.digests) or "–"
        raise UsageError(f"there is no digest “{name}” in config.toml", f"digests are: {known}")
    if not settings.mail.sender:
        raise UsageError(
            "config.toml does not say who writes", 'add: [mail] from = "Newsroom <news@example.org>"'
        )
    digest = settings.digests[name]
    folder = FolderChannel.from_table(site.root, settings.channels.get("folder", {}))
    office = Office(
        settings=settings,
        library=site.loaded.library,
        texts=site.texts,
        templates=site.templates,
        audience=CsvAudience(site.root, settings.audiences[digest.audience], settings.languages),
        ledger=EmptyLedger(),
        channel=folder if output is None else FolderChannel(output.absolute()),
    )
    outcome = deliver(office, digest, now, dry_run=dry_run)
    return replace(outcome, problems=tuple(_report(site.root, list(outcome.problems))))


_EXCERPTS = 1_000_000
"""Bytes at the start of a file from which lines are shown."""


def _report(root: Path, problems: list[Problem]) -> list[Problem]:
    real_root = root.resolve()

    def read_file(path: str) -> bytes | None:
        """A file of the site: never what a link out of it leads to, never a pipe that waits for us."""
        try:
            real = (root / path).resolve()
            if not real.is_file() or not real.is_relative_to(real_root):
                return None
            with real.open("rb") as file:
                return file.read(_EXCERPTS)
        except (OSError, RuntimeError):  # RuntimeError: links in a circle
            return None

    return with_excerpts(in_order(problems), read_file)
