"""Look at what somebody at the desk asks: the last commit and build, what is not public yet, what waits."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsfeed.config.site_layout import CONTENT_KINDS, PUBLISH_FOLDER
from newsfeed.core.site.unpublished import ALL_PUBLISHED, NONE_EXPIRES, Expiring, Unpublished
from newsfeed.errors import NewsfeedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from newsfeed.core.content.coverage import Share
    from newsfeed.core.digests.slots import Slot
    from newsfeed.core.site.index import StoryRow
    from newsfeed.ports import Issues
    from newsfeed.settings import Settings
    from newsfeed.sources.git_changes import LastCommit


@dataclass(frozen=True, slots=True)
class TextStatus:
    """The texts of a site, as they are now."""

    rows: Sequence[StoryRow] = ()
    unpublished: Unpublished = ALL_PUBLISHED
    expiring: Expiring = NONE_EXPIRES
    translations: Mapping[str, Share] = field(default_factory=dict)
    """Language → counts of its texts."""
    errors: int = 0
    """By which texts are kept out of the next build."""


@dataclass(frozen=True, slots=True)
class DeskStatus:
    """A site as those who write for it ask for it."""

    commit: LastCommit | None = None
    uncommitted: int = 0
    """Files of texts that differ from it."""
    output: str = ""
    built: datetime | None = None
    """When something in the output folder changed last; ``None``: nothing is built there."""
    texts: TextStatus | None = None
    """``None`` on a machine that only publishes, when its last build cannot be asked."""


def read_desk_status(
    root: Path, output: Path, settings: Settings, now: datetime, environment: Mapping[str, str]
) -> DeskStatus:
    """Return how texts and builds stand; nothing is changed. ``output``: the folder that is built into."""
    found = _find_texts(root, settings, environment)
    texts = None
    if found is not None:
        folder, environment = found
        texts = _read_texts(folder, output, now, environment, only_known=settings.publish.enabled)
    commit, uncommitted = (None, 0) if settings.publish.repository else _look_at_commits(root)
    return DeskStatus(commit, uncommitted, _shown(output, root), _find_moment(output), texts)


def count_upcoming_stories(
    texts: TextStatus, settings: Settings, slots: Mapping[str, Slot], issues: Issues | None
) -> dict[str, int]:
    """Return digest → how many stories its next issue has by now. ``issues``: those of the store, if any."""
    from newsfeed.core.digests.upcoming import count_upcoming

    numbers = {}
    for name, slot in slots.items():
        sent = issues.of_digest(name) if issues is not None else []
        had = {story for issue in sent for story in issue.revisions}
        planned = {issue.slot for issue in sent}
        numbers[name] = count_upcoming(texts.rows, settings.digests[name], slot, planned, had)
    return numbers


def _find_texts(
    root: Path, settings: Settings, environment: Mapping[str, str]
) -> tuple[Path, Mapping[str, str]] | None:
    """Return the folder of the texts, and the environment that names the cache of its builds."""
    if not settings.publish.repository:
        return root, environment
    from newsfeed.build.cache.store import FOLDER_VARIABLE
    from newsfeed.sources.checkout import Checkouts

    folder = root / PUBLISH_FOLDER
    current = Checkouts(folder / "trees").current
    if current is None:
        return None
    return current, {**environment, FOLDER_VARIABLE: os.fspath(folder / "cache")}


def _read_texts(
    root: Path, output: Path, now: datetime, environment: Mapping[str, str], *, only_known: bool
) -> TextStatus | None:
    """Return how texts stand. ``only_known``: a whole site is not read for it."""
    from newsfeed.app.current_texts import ask_last_build, read_current_texts
    from newsfeed.core.content import coverage
    from newsfeed.core.site.unpublished import count_expiring, count_unpublished

    if only_known:
        texts = ask_last_build(root, output, environment)
    else:
        texts = read_current_texts(root, output, now, environment)
    if texts is None or texts.rows is None:
        return None
    rows, languages = texts.rows, texts.context.settings.site.languages
    stories, _ = coverage.pick_stories(rows, languages, coverage.CoverageFilter(), {})
    others = coverage.count_states(coverage.list_other_coverage(texts.library, languages))
    counts = coverage.add_shares(stories, others)
    shares = {lang: counts[lang] for lang in languages if lang in counts}
    unpublished, expiring = count_unpublished(rows, now), count_expiring(rows, now)
    return TextStatus(rows, unpublished, expiring, shares, texts.errors)


def _look_at_commits(root: Path) -> tuple[LastCommit | None, int]:
    from newsfeed.sources.git_changes import list_changed, read_last_commit

    commit = read_last_commit(root)
    if commit is None:
        return None, 0
    try:
        return commit, len(list_changed(root, "HEAD", CONTENT_KINDS))
    except NewsfeedError:
        return commit, 0


def _find_moment(output: Path) -> datetime | None:
    from newsfeed.build.manifest import MANIFEST

    try:
        return datetime.fromtimestamp((output / MANIFEST).stat().st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        return None


def _shown(output: Path, root: Path) -> str:
    """Return a folder as it is named from the site's, if it lies in it."""
    try:
        return os.fspath(output.absolute().relative_to(root.absolute()))
    except ValueError:
        return os.fspath(output)
