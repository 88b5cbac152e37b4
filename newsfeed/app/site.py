"""Wire a site: read it as a whole, plan it, check it, build it. Heavy imports happen inside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsfeed.app.built import Built, check_plan_limits
from newsfeed.app.context import context_of, report_of, source_of
from newsfeed.core.site.unpublished import ALL_PUBLISHED, Unpublished, count_unpublished
from newsfeed.errors import ProblemsFound, UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsfeed.build.cache.snapshot import LibrarySnapshot
    from newsfeed.build.cache.state import BuildState
    from newsfeed.build.context import BuildContext
    from newsfeed.build.load import Loaded
    from newsfeed.build.publish_result import PublishResult
    from newsfeed.build.removed_urls import RemovedUrls
    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import SiteIndex
    from newsfeed.marking import Sentence
    from newsfeed.model import CardFont
    from newsfeed.problems import Problem
    from newsfeed.settings import Settings


@dataclass(frozen=True, slots=True)
class SitePlan:
    """A site at a moment: its index, and the artifacts it has then."""

    moment: datetime
    index: SiteIndex
    artifacts: Sequence[PlannedArtifact]
    clashes: Sequence[Problem]
    """Addresses that two artifacts would share."""
    dead_links: Sequence[Problem]
    """Absolute links to the site at which nothing would be."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site read as a whole: settings, words, templates, library and problems."""

    root: Path
    context: BuildContext
    loaded: Loaded
    snapshot: LibrarySnapshot
    """The library as the next build is to know it."""
    plan: SitePlan
    """At the moment it was read for."""
    problems: tuple[Problem, ...]
    """All of them, in the order of a report."""

    @property
    def settings(self) -> Settings:
        """Return the configuration."""
        return self.context.settings


def check(
    root: Path,
    now: datetime,
    progress: Callable[[int], None] = lambda _: None,
    *,
    output: Path | None = None,
) -> tuple[list[Problem], int]:
    """Return every problem of a site, in the order of a report, and how many texts were read; also what would
    vanish from the site that was published in ``output``.
    """
    checked = check_whole(root, now, progress, output=output)
    return checked.problems, checked.site.loaded.texts if checked.site else 0


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of checking a site."""

    problems: list[Problem]
    """In the order of a report."""
    site: Site | None = None
    """``None`` when its configuration cannot be used."""
    unpublished: Unpublished = ALL_PUBLISHED

    def problems_of(self, paths: Collection[str]) -> list[Problem]:
        """Return the problems of some files, and of the texts that they are translations of."""
        from newsfeed.core.content.links import derive_stem

        stems = {derive_stem(path) for path in paths if path.endswith(".md")}
        return [
            one
            for one in self.problems
            if one.where.path in paths
            or (one.where.path.endswith(".md") and derive_stem(one.where.path) in stems)
        ]

    def whereabouts(self, path: str, now: datetime) -> list[Sentence]:
        """Return where a file is published, or why it is not."""
        from newsfeed.core.site.whereabouts import find_whereabouts

        if self.site is None:
            return []
        return find_whereabouts(self.site.plan.index, self.problems_of([path]), path, now)


def check_whole(
    root: Path,
    now: datetime,
    progress: Callable[[int], None] = lambda _: None,
    *,
    output: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Checked:
    """Check a site, also for texts outside of its content folders; the arguments are those of `check`.

    ``environment``: given when the site's store is to be asked too.
    """
    try:
        site = read(root, now, progress=progress)
    except ProblemsFound as found:
        return Checked(list(found.problems))
    from newsfeed.app.digest_sources import open_digest_source
    from newsfeed.app.missing_programs import find_missing_programs
    from newsfeed.app.permissions import find_readable
    from newsfeed.app.store_problems import find_store_problems
    from newsfeed.app.unknown_desks import find_unknown_desks

    problems = [*site.problems, *_stray_texts(site, output), *find_readable(root, site.settings)]
    problems += [*open_digest_source(site, now)[1], *find_missing_programs(root, site.settings)]
    problems += find_unknown_desks(site)
    if output is not None:
        problems += compare_with_published(site, output, site.plan).problems()
        problems += check_plan_limits(site.settings, site.plan.artifacts, output)
    if environment is not None:
        problems += find_store_problems(site, environment)
    return Checked(report_of(root, problems), site, count_unpublished(site.snapshot.rows, now))


def _stray_texts(site: Site, output: Path | None) -> list[Problem]:
    """Report texts that lie in none of the content folders."""
    from newsfeed.config.site_layout import CONTENT_KINDS
    from newsfeed.core.content.misnamed import report_outside
    from newsfeed.sources.stray_texts import find_stray_texts

    settings = site.settings.site
    return [
        report_outside(path, head, CONTENT_KINDS, settings.languages, settings.default_language)
        for path, head in find_stray_texts(site.root, [output] if output else [])
    ]


def read(
    root: Path,
    now: datetime,
    *,
    keep_going: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Site:
    """Read a site whole, to know it. Raises `ProblemsFound` only when the configuration cannot be used."""
    context, problems = context_of(root)
    return read_with(context, problems, root, now, keep_going=keep_going, progress=progress)


def read_with(
    context: BuildContext,
    problems: Sequence[Problem],
    root: Path,
    now: datetime,
    *,
    keep_going: bool = False,
    progress: Callable[[int], None] = lambda _: None,
    jobs: int = 0,
) -> Site:
    """Read a site whole of which the configuration is read, and its problems known.

    jobs: number of processes, of a build, which shows the texts soon; 0: they are not kept.
    """
    from newsfeed.build.cache.snapshot import LibrarySnapshot
    from newsfeed.build.load import attribute_problems, load, without

    settings = context.settings
    problems = [*problems, *context.templates.problems()]
    loaded = load(
        context.source,
        context.settings,
        context.vocabulary,
        keep_going=keep_going,
        progress=progress,
        jobs=jobs or 1,
        words=context.texts if jobs else None,
    )
    problems += loaded.problems
    snapshot = LibrarySnapshot.of(loaded.library, loaded.rows)
    plan = planned(settings, snapshot, now)
    problems += plan.dead_links
    attributed = attribute_problems([*problems, *plan.clashes], context.source) if plan.clashes else problems
    if keep_going and plan.clashes:
        loaded = without(loaded, [one.where.path for one in attributed if one not in problems])
        snapshot = LibrarySnapshot.of(loaded.library, loaded.rows)
        plan = planned(settings, snapshot, now)
    return Site(root, context, loaded, snapshot, plan, tuple(report_of(root, attributed)))


def planned(settings: Settings, snapshot: LibrarySnapshot, now: datetime) -> SitePlan:
    """Return the plan of the whole site."""
    from newsfeed.core.site import redirects
    from newsfeed.core.site.cards import find_lacking_letters
    from newsfeed.core.site.configured_redirects import find_configured_redirect_problems
    from newsfeed.core.site.index import SiteIndex, StoryLists, select_public
    from newsfeed.core.site.own_links import find_dead_own_links
    from newsfeed.core.site.places import find_dead_places
    from newsfeed.core.site.plan import find_path_clashes, plan_site

    library = snapshot.library()
    index = SiteIndex(
        library, settings, now, StoryLists(select_public(snapshot.rows, now), library, settings)
    )
    artifacts = plan_site(index)
    found = [
        *find_path_clashes(index, artifacts),
        *redirects.find_alias_clashes(index, library, artifacts),
        *find_configured_redirect_problems(index, artifacts),
    ]
    paths = {artifact.path for artifact in artifacts} if library.own_links else set[str]()
    found += find_lacking_letters(index)
    dead = [*find_dead_own_links(library.own_links, paths, settings.site), *find_dead_places(index)]
    return SitePlan(now, index, artifacts, found, dead)


def build(
    site: Site,
    output: Path,
    now: datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    jobs: int = 1,
    last: BuildState | None = None,
) -> Built:
    """Bring the output folder to hold exactly the site, rendering in so many processes. ``last``: how the
    last build left it.
    """
    from newsfeed.build.cache.file_stats import FileStats
    from newsfeed.build.cache.state import manifest_stat
    from newsfeed.build.full import publish_plan
    from newsfeed.build.render_order import order_of_work
    from newsfeed.build.renderer import Renderer

    if site.settings.search.enabled:
        _require_pagefind()
    if site.settings.brand.card_font is not None:
        _require_card_font(site.settings.brand.card_font)
    plan = site.plan if site.plan.moment == now else planned(site.settings, site.snapshot, now)
    context = site.context
    renderer = Renderer(
        plan.index,
        context.texts,
        context.templates,
        context.source,
        plan.artifacts,
        site.loaded.store,
        context.picture_cache,
    )
    plan.index.links.sort_out()
    work = [plan.artifacts[number] for number in order_of_work(plan.index, plan.artifacts)]
    removed = compare_with_published(site, output, plan)
    stats = last.outputs.unpack() if last and manifest_stat(output) == last.manifest else {}
    published = publish_plan(
        output, work, renderer, jobs=jobs, progress=progress, notes=removed.notes, stats=stats
    )
    site.loaded.store.drop_texts()
    now_there = FileStats.of(published.stats)
    built = replace(
        _built(output, plan.artifacts, published), problems=tuple(removed.problems()), stats=now_there
    )
    built = built.with_size(now_there).with_limit_warnings(site.settings)
    return replace(built, problems=tuple(report_of(site.root, built.problems)))


def _require_pagefind() -> None:
    """Raise `UsageError` when the search cannot be made: sooner than after a minute's work."""
    from newsfeed.build.search_index import find_pagefind

    find_pagefind()


def _require_card_font(font: CardFont) -> None:
    """Raise `UsageError` when social cards cannot be made."""
    if not font.digest:
        raise UsageError(
            N_("the social cards of this site need a font, and fontTools to look into it"),
            N_("install them: pip install newsfeed[cards]"),
        )


def rewrite(site: Site, path: str, before: bytes, after: bytes) -> None:
    """Give a text of the site other bytes. Raises `OutsideError` when somebody changed it meanwhile."""
    source_of(site.root, site.settings).rewrite(path, before, after)


def compare_with_published(site: Site, output: Path, plan: SitePlan) -> RemovedUrls:
    """Compare the site that was published in a folder with a plan of what it would be now."""
    from newsfeed.build.removed_urls import find_removed_urls, read_published_site
    from newsfeed.problems import select_errors

    old, library, read = read_published_site(output), site.loaded.library, site.context.source.read
    whole = not select_errors(site.problems)
    return find_removed_urls(old, plan.index, library, plan.artifacts, plan.moment, whole=whole, read=read)


def _built(output: Path, plan: Sequence[PlannedArtifact], published: PublishResult) -> Built:
    feeds = sum(1 for one in plan if one.kind == "feed" and not one.number)
    pages = sum(1 for one in plan if one.path.endswith(".html"))
    return Built(output, published, pages, feeds)
