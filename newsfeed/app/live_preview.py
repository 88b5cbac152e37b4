"""Wire a preview that follows what is saved: pages with drafts, problems, the next issues of digests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.app import builds as cached
from newsfeed.app.drafts import DRAFTS, refuse_published, with_drafts
from newsfeed.build.cache.pictures import PictureCache
from newsfeed.core.content.staleness import list_files
from newsfeed.core.site.drafts import is_withheld, show_story
from newsfeed.errors import ProblemsFound
from newsfeed.problems import select_errors

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from newsfeed.app.builds import BuildMemory, CachedBuild
    from newsfeed.core.site.index import SiteIndex
    from newsfeed.delivery.next_issue import NextIssue
    from newsfeed.model import Story
    from newsfeed.ports import Texts
    from newsfeed.problems import Problem
    from newsfeed.settings import Language
    from newsfeed.views import FeedEntry

_ALL_IS_DUE = datetime(9000, 1, 1, tzinfo=UTC)
"""Whatever date a story has, at this moment it is public."""


class WithheldStory(NamedTuple):
    """A story that only the preview shows."""

    title: str
    path: str
    """Of its page, in the preview's folder."""
    draft: bool
    date: datetime


class PageState(NamedTuple):
    """The story that a page of a preview shows."""

    id: str
    lang: str
    """Of the edition."""
    is_draft: bool
    due: datetime | None
    """When it is public, if that is to come."""
    expires: datetime | None
    """When it is no longer."""
    is_outdated: bool
    """The page shows a translation that is behind its original."""


@dataclass(frozen=True, slots=True)
class PreviewState:
    """The state of a preview after a change."""

    problems: Sequence[Problem]
    withheld: Sequence[WithheldStory]
    """Drafts, and stories to come; newest first."""
    digests: Sequence[str]


class _Turn(NamedTuple):
    """The moments at which a story appears and goes."""

    date: datetime
    expires: datetime | None

    def differs(self, one: datetime, other: datetime) -> bool:
        """Tell whether a story is shown otherwise at two moments."""
        moments = [self.date] if self.expires is None else [self.date, self.expires]
        return any((moment <= one) != (moment <= other) for moment in moments)


class _Marking:
    """Shows stories as previews do, and notes which of them are not public."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.texts: Mapping[str, Texts] = {}
        self.withheld: dict[str, tuple[bool, datetime]] = {}
        self.turns: dict[str, _Turn] = {}
        """Of all stories."""

    def __call__(self, story: Story) -> Story:
        self.turns[story.id] = _Turn(story.date, story.expires)
        if is_withheld(story, self.now):
            self.withheld[story.id] = (story.draft, story.date)
        else:
            self.withheld.pop(story.id, None)
        return show_story(story, self.now, self.texts)


class LivePreview:
    """The site with its drafts, in a folder of its own; brought up to date after each change."""

    def __init__(self, root: Path, now: datetime, environment: Mapping[str, str], jobs: int = 0) -> None:
        """Raises `UsageError` when a published site lies where previews do."""
        self.folder = root / DRAFTS
        refuse_published(self.folder)
        self._root = root
        self._now = now
        build = cached.open_build(root, self.folder, environment, jobs, is_fresh=True)
        self._build: CachedBuild = replace(build, pictures=PictureCache.of(environment))
        self._memory: BuildMemory | None = None
        self._index: SiteIndex | None = None
        self._marking = _Marking(now)
        self._pending: frozenset[str] | None = None
        """Files that changed since the pages were brought up to date; ``None``: nobody knows."""

    def update(self, changed: Collection[str] | None) -> PreviewState:
        """Bring the folder up to date after these content files changed; ``None``: anything may have.

        Texts with errors keep the pages they had until they are mended. Raises `ProblemsFound` when the
        configuration cannot be used.
        """
        if changed is None or self._pending is None:
            self._pending = None
        else:
            self._pending = self._pending.union(changed)
        if self._pending is not None and not self._pending and self._memory is not None:
            return self._state(self._memory.state.problems if self._memory.state else ())
        if self._pending is not None:
            try:
                done = self._update_little(self._pending)
            except ProblemsFound as found:
                return self._state(found.problems)
            if done is not None:
                self._pending = frozenset()
                return done
        state = self._update_all()
        self._pending = frozenset()
        return state

    def set_moment(self, moment: datetime) -> PreviewState:
        """Show everything as of another moment: only stories that come due or expire in between are others.

        Raises `ProblemsFound` as `update` does.
        """
        then, self._now, self._marking.now = self._now, moment, moment
        if self._memory is None or self._memory.snapshot is None:
            return self.update(None)
        stories = self._memory.snapshot.stories
        turned = [key for key, turn in self._marking.turns.items() if turn.differs(then, moment)]
        return self.update({path for key in turned if key in stories for path in list_files(stories[key])})

    def find_page(self, path: str) -> PageState | None:
        """Return the story that a page shows; ``None`` when it shows none. ``path``: in the folder."""
        index = self._index
        for language in index.settings.editions if index else ():
            if not path.startswith(f"{language.code}/"):
                continue
            for row in index.rows.values() if index else ():
                page = row.page(language)
                if page is not None and page[0] == path:
                    return self._page_state(row.id, language)
        return None

    def _page_state(self, key: str, language: Language) -> PageState:
        assert self._index is not None
        shown = self._index.shown_text(language, self._index.library.stories[key])
        draft, date = self._marking.withheld.get(key, (False, None))
        turn = self._marking.turns.get(key)
        return PageState(
            key,
            language.code,
            draft,
            None if draft else date,
            turn.expires if turn else None,
            shown is not None and shown.item.is_outdated,
        )

    def feed_entry(self, page: PageState) -> tuple[FeedEntry, str]:
        """Return a story as the feed of an edition brings it, and its HTML."""
        from newsfeed.app.context import source_of
        from newsfeed.build.renderer import Renderer

        assert self._memory is not None
        assert self._memory.context is not None
        assert self._index is not None
        context = self._memory.context
        source = source_of(self._root, context.settings)
        renderer = Renderer(self._index, context.texts, context.templates, source, ())
        return renderer.feed_entry(page.lang, page.id)

    def _update_little(self, changed: Collection[str]) -> PreviewState | None:
        if self._memory is None:
            return None
        done = cached.incremental_build(replace(self._build, stats=None), _ALL_IS_DUE, self._memory, changed)
        if done is None:
            return None
        built, self._memory = done
        self._index = self._memory.index
        return self._state(built.remaining)

    def _update_all(self) -> PreviewState:
        last = self._memory.state if self._memory else None
        self._build = cached.prepare_rebuild(self._build, last)
        inputs = cached.hash_inputs(self._build)
        site = cached.read_site(self._build, self._now, keep_going=True)
        self._marking = _Marking(self._now)
        self._marking.texts = site.context.texts
        self._marking.turns = {row.id: _Turn(row.date, row.expires) for row in site.snapshot.rows}
        shown = with_drafts(site, self._now, _ALL_IS_DUE, self._marking)
        _, self._memory = cached.full_build(self._build, shown, _ALL_IS_DUE, inputs)
        self._index = shown.plan.index
        return self._state(site.problems)

    def _state(self, problems: Sequence[Problem]) -> PreviewState:
        index = self._index
        if index is None:
            return PreviewState(problems, (), ())
        withheld = sorted(self._marking.withheld.items(), key=lambda one: one[1][1], reverse=True)
        stories = [
            WithheldStory(
                story.origin.title, index.page_path(story.original, story, story.origin), draft, date
            )
            for key, (draft, date) in withheld
            if (story := index.library.stories.get(key)) is not None
        ]
        return PreviewState(problems, stories, tuple(index.settings.digests))

    def next_issue(self, name: str) -> NextIssue:
        """Render the next issue of a digest, with the drafts in it. Raises `UsageError` when there is none of
        this name.
        """
        from newsfeed.app.digest_sources import digest_source_of
        from newsfeed.app.previews import check_digest
        from newsfeed.delivery.next_issue import render_next_issue

        memory = self._memory
        assert memory is not None
        assert memory.snapshot is not None
        assert memory.context is not None
        settings = memory.context.settings
        check_digest(settings, name)
        source, found = digest_source_of(self._root, memory.context, memory.snapshot.library(), self._now)
        if errors := select_errors(found):
            raise ProblemsFound(errors)
        return render_next_issue(source, settings.digests[name], self._now, None)
