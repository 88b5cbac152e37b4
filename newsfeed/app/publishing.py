"""Publish what was pushed: fetch, check the new commit out, build, and keep the old site when that fails."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsfeed.app import builds
from newsfeed.app.published_state import (
    PublishedState,
    begin_landing,
    end_landing,
    forget_refusal,
    note_refusal,
    one_at_a_time,
    read_published_state,
    write_published_state,
)
from newsfeed.config import loader
from newsfeed.config.credentials import read_secret
from newsfeed.config.site_layout import PUBLISH_FOLDER
from newsfeed.core.publishing import history
from newsfeed.core.publishing.changed_feeds import find_changed_feeds
from newsfeed.core.publishing.commit_files import check_commit_files, take_commit_files
from newsfeed.errors import OutsideError, ProblemsFound
from newsfeed.files import make_private_folder
from newsfeed.problems import Location, problem, select_errors
from newsfeed.sources.checkout import Checkouts
from newsfeed.sources.git_mirror import GitMirror
from newsfeed.sources.issue_records import add_issue_records
from newsfeed.sources.own_templates import replace_templates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from newsfeed.app.built import Built
    from newsfeed.problems import Problem
    from newsfeed.service_settings import PublishSettings
    from newsfeed.settings import Settings

PUBLISHED, UNCHANGED, REFUSED = "published", "unchanged", "refused"
"""A commit was published, or a story came due or expired; there was nothing to do; the newest commit has
errors, and the site stays as it was.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """The outcome of one look at the repository."""

    outcome: str
    state: PublishedState
    relation: str = history.SAME
    """The newest commit to the published one: one of `newsfeed.core.publishing.history`."""
    commit: str = ""
    """The newest one."""
    previous: str = ""
    """The one that was published before."""
    built: Built | None = None
    problems: tuple[Problem, ...] = ()
    """Why it is refused."""
    is_new: bool = False
    """Nobody has been told yet that it is refused."""
    changed_feeds: tuple[str, ...] = ()
    """Output paths of the feeds with other bytes than before."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """A site, where its commits come from, and the folder it is published in."""

    root: Path
    """The folder of the service: its configuration, and `var`."""
    output: Path
    settings: PublishSettings
    environment: Mapping[str, str]
    jobs: int = 0

    @property
    def folder(self) -> Path:
        """Return the folder of everything that publishing keeps."""
        return self.root / PUBLISH_FOLDER

    @property
    def checkouts(self) -> Checkouts:
        """Return the folders that commits are checked out into."""
        return Checkouts(self.folder / "trees")

    @property
    def mirror(self) -> GitMirror:
        """Return our own copy of the repository. Raises `UsageError` when a token cannot be read."""
        repository = self.settings.repository
        if "://" not in repository and ":" not in repository.partition("/")[0]:
            repository = os.fspath((self.root / repository).absolute())
        token = read_secret(
            self.settings.token_env, self.settings.token_file, self.root, self.environment, required=False
        )
        return GitMirror(self.folder / "repository.git", repository, self.settings.branch, token)

    def mark_told(self, commit: str) -> None:
        """Note that the editors have been told why a commit is refused."""
        with one_at_a_time(self.folder):
            write_published_state(self.folder, replace(self.read_state(), told=commit))

    def read_state(self) -> PublishedState:
        """Return how the last publishing left things."""
        return read_published_state(self.root)

    def publish(
        self, clock: Callable[[], datetime], *, fetch: bool = True, again: bool = False
    ) -> Publication:
        """Fetch, build and publish what is new. Raises `OutsideError` when the repository, the disk or a
        program fails: then no commit is published, but stories of the last one come due all the same.

        clock: asked when everything is at hand, for a fetch may take long; without a fetch it may wait for
        the moment of a story. fetch: without it only stories come due; again: try a commit once more that was
        refused before.
        """
        has_repository = bool(self.settings.repository)
        error = self._fetch() if fetch and has_repository else None
        with one_at_a_time(self.folder):
            state = self.read_state()
            if not has_repository:
                return self._publish_folder(clock, state, is_due=not fetch)
            if not fetch:
                return self._refresh(clock, _look_back(state), is_due=True)
            if error is not None:
                self._refresh(clock, _look_back(state))
                raise error
            now = clock()
            # not what this process has fetched: another may have fetched something newer meanwhile
            return self._publish_commit(self.mirror.newest(), now, state, again=again)

    def _publish_folder(
        self, clock: Callable[[], datetime], state: PublishedState, *, is_due: bool
    ) -> Publication:
        """Publish the site's own folder, where there is no repository."""
        look = Publication(outcome=REFUSED, state=forget_refusal(state))
        try:
            return self._publish_tree(self.root, clock, look, is_due=is_due)
        except ProblemsFound as found:
            moment = state.refused_at or clock().isoformat(timespec="seconds")
            state = note_refusal(state, "", moment, found.problems[0])
            write_published_state(self.folder, state)
            return replace(look, state=state, problems=tuple(found.problems))

    def _fetch(self) -> OutsideError | None:
        """Bring the branch here; return why that failed. Stories that come due do not wait for it."""
        mirror = self.mirror
        with one_at_a_time(self.folder, "fetch.lock"):
            try:
                mirror.fetch()
            except OutsideError as error:
                return error
        return None

    def _publish_commit(
        self, commit: str, now: datetime, state: PublishedState, *, again: bool
    ) -> Publication:
        mirror = self.mirror
        current = self.checkouts.current
        is_same_site = current is not None and state.folder == self.settings.folder
        published = state.commit if is_same_site else ""
        base = mirror.merge_base(published, commit) if published and published != commit else ""
        look = Publication(
            outcome=REFUSED,
            state=state,
            relation=history.relate(published, commit, base),
            commit=commit,
            previous=published,
        )
        if current is not None and commit == published:  # the branch may have gone back to it
            state = forget_refusal(state)
            return self._publish_tree(current, lambda: now, replace(look, state=state))
        if commit == state.refused == state.told and not again:
            return self._refresh(lambda: now, look)
        try:
            return self._publish_new(mirror, now, look)
        except ProblemsFound as found:
            is_new = state.told != commit
            state = note_refusal(state, commit, now.isoformat(timespec="seconds"), found.problems[0])
            write_published_state(self.folder, state)
            problems = tuple(found.problems)
            look = replace(look, state=state, problems=problems, is_new=is_new)
            return self._refresh(lambda: now, look)

    def _refresh(
        self, clock: Callable[[], datetime], look: Publication, *, is_due: bool = False
    ) -> Publication:
        """Bring the published commit up to date, also beside a newer one that is refused: its stories come
        due all the same.
        """
        current = self.checkouts.current
        if current is None:
            return look
        done = self._publish_tree(current, clock, look, is_due=is_due)
        return replace(done, outcome=REFUSED) if look.outcome == REFUSED else done

    def _publish_new(self, mirror: GitMirror, now: datetime, look: Publication) -> Publication:
        folder = self.settings.folder
        site = mirror.find_tree(look.commit, folder)
        if not site:
            raise ProblemsFound([problem("commit-folder", Location(folder))])
        with closing(mirror.entries(site)) as entries:
            files, problems = take_commit_files(entries)
        if problems := problems or check_commit_files(files, mirror.targets(files)):
            raise ProblemsFound(problems)
        tree = self.checkouts.check_out(mirror, look.commit, site)
        self._guard_ids(mirror, tree, now, look)
        state = replace(forget_refusal(look.state), commit=look.commit, folder=folder, relation=look.relation)
        return self._publish_tree(tree, lambda: now, replace(look, state=state), switch=True)

    def _guard_ids(self, mirror: GitMirror, tree: Path, now: datetime, look: Publication) -> None:
        """Raise `ProblemsFound` when a commit alters, drops or reuses an id that is published. Who rewrites a
        branch does it on purpose.
        """
        from newsfeed.app.id_guard import guard_against_folder

        current = self.checkouts.current
        if current is None or look.relation != history.FORWARD:
            return
        before, after = (mirror.find_tree(one, self.settings.folder) for one in (look.previous, look.commit))
        paths = [path for _, path in mirror.changes(before, after)]
        if problems := guard_against_folder(tree, current, paths, now):
            raise ProblemsFound(problems)

    def _publish_tree(
        self,
        tree: Path,
        clock: Callable[[], datetime],
        look: Publication,
        *,
        switch: bool = False,
        is_due: bool = False,
    ) -> Publication:
        """Build a folder into the output.

        switch: it is that of a new commit; is_due: a story comes due, so what the build starts from is read
        before the clock is asked, which waits for its moment.
        """
        if self.settings.repository:
            add_issue_records(self.root, tree)
            if not self.settings.templates:
                replace_templates(self.root, tree)
        before = _digests(self.output)
        build = builds.open_build(tree, self.output, self._cache(), self.jobs)
        known = builds.read_memory(build) if is_due else None
        now = clock()
        if switch:
            begin_landing(self.folder)
        built, memory, until = _build(build, now, known)
        if switch:
            self.checkouts.publish(tree)
        builds.remember(build, memory)
        feeds = find_changed_feeds(before, _digests(self.output))
        did = bool(built.published.written or built.published.removed)
        state = replace(
            look.state,
            at=now.isoformat(timespec="seconds") if did or switch else look.state.at,
            next_turn=until.isoformat(timespec="seconds") if until and until.year < _NEVER else "",
            pages=built.pages,
            feeds=built.feeds,
        )
        write_published_state(self.folder, state)
        end_landing(self.folder)
        outcome = PUBLISHED if did or switch else UNCHANGED
        return replace(look, outcome=outcome, state=state, built=built, changed_feeds=feeds)

    def _cache(self) -> Mapping[str, str]:
        """Return the environment in which builds remember each other: beside both folders of commits."""
        if not self.settings.repository:
            return self.environment
        from newsfeed.build.cache.store import FOLDER_VARIABLE

        cache = self.folder / "cache"
        make_private_folder(cache)
        return {**self.environment, FOLDER_VARIABLE: os.fspath(cache)}


_NEVER = 9999
"""The year of the moment that stands for no moment."""


def open_publisher(
    root: Path, output: Path, environment: Mapping[str, str], settings: Settings | None = None
) -> Publisher:
    """Return what publishes a site. Raises `ProblemsFound` when the configuration cannot be used."""
    settings = settings or load_service_settings(root)
    return Publisher(root, output, settings.publish, environment)


def load_service_settings(root: Path) -> Settings:
    """Return the configuration in the folder of a service. Raises `ProblemsFound` when it cannot be used."""
    settings, problems = loader.load_settings(root)
    if settings is None:
        raise ProblemsFound(problems)
    return settings


def _look_back(state: PublishedState) -> Publication:
    """Return what is known without asking the repository."""
    return Publication(
        outcome=REFUSED if state.refused else UNCHANGED,
        state=state,
        commit=state.refused or state.commit,
        previous=state.commit,
    )


def _build(
    build: builds.CachedBuild, now: datetime, known: builds.BuildMemory | None = None
) -> tuple[Built, builds.BuildMemory | None, datetime | None]:
    """Build as little as the changes ask for; return when a story turns next, too. Raises `ProblemsFound`
    when texts have errors.
    """
    quick = builds.quick_build(build, now, known)
    if quick is not None:
        state = quick[1].state or build.last
        return *quick, state.until if state else None
    inputs = builds.hash_inputs(build)
    site = builds.read_site(build, now)
    if errors := select_errors(site.problems):
        raise ProblemsFound(errors)
    built, memory = builds.full_build(build, site, now, inputs)
    return built, memory, builds.next_turn(site, now)


def _digests(output: Path) -> Mapping[str, str]:
    from newsfeed.build.manifest import read_manifest

    return read_manifest(output)[0]
