"""Look at a site's content files: which changed since the last build, and which while they were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from newsfeed.build.cache.content_files import ContentFiles
    from newsfeed.build.cache.file_stats import FileStats
    from newsfeed.sources.git_changes import WorkTreeLook

_MANY = 100
"""Files: to ask git what is in more of them is quicker than to read them."""


def compare_inputs(
    root: Path, before: ContentFiles | None, stats: FileStats
) -> tuple[set[str], ContentFiles]:
    """Return the files that changed, came or went since a build, and all files as they are now, hashed.

    ``before``: as that build left them, if it is known; ``stats``: of all files now. They are hashed before
    they are read for a build: what changes in between is at worst read again by the next one.
    """
    from newsfeed.build.cache import content_files, file_stats

    before = before or content_files.ContentFiles.of(file_stats.FileStats(), {})
    return before.compared(stats, hash_contents(root, before.to_be_hashed(stats)))


def find_changed_inputs(root: Path, before: ContentFiles, look: WorkTreeLook | None) -> set[str] | None:
    """Return the content files that changed, came or went since a build: as git sees them, else by looking at
    all of them. ``None`` when they cannot tell, because there are links.

    look: of `newsfeed.sources.git_changes.look_at_work_tree`.
    """
    from newsfeed.build.cache.content_hash import hash_files
    from newsfeed.build.cache.state import list_content_stats

    if look is None:
        stats = list_content_stats(root)
        return None if stats is None else compare_inputs(root, before, stats)[0]
    known = before.by_path()
    doubtful = [path for path, found in known.items() if look.blobs.get(path) != found]
    hashes = hash_files(root, [path for path in doubtful if path not in look.blobs])
    changed = {path for path in doubtful if hashes.get(path) != known[path]}
    return changed | (look.blobs.keys() - known.keys()) | set(look.unknown) - known.keys()


def hash_contents(root: Path, paths: Collection[str]) -> dict[str, bytes]:
    """Return path → hash of content files as they are now; of those that can be read."""
    from newsfeed.build.cache.content_hash import hash_files
    from newsfeed.config.site_layout import CONTENT_KINDS

    known: Mapping[str, bytes] = {}
    if len(paths) > _MANY:
        from newsfeed.sources.git_blobs import blob_hashes

        known = blob_hashes(root, sorted(CONTENT_KINDS))
    hashes = {path: known[path] for path in paths if path in known}
    return hashes | hash_files(root, [path for path in paths if path not in hashes])


def forget_files_changed_meanwhile(
    root: Path, inputs: ContentFiles, stats: FileStats, paths: Collection[str] | None = None
) -> ContentFiles | None:
    """Return content files after a build: those that changed while it read them count as changed.

    ``stats``: as they were before; ``paths``: the files that the build read, if not all. ``None`` when files
    cannot tell any more, because there are links.
    """
    from newsfeed.build.cache.file_stats import FileStats, file_stat
    from newsfeed.build.cache.state import list_content_stats

    if paths is None:
        now = list_content_stats(root)
        if now is None:
            return None
    else:
        now = FileStats.of({path: stat for path in paths if (stat := file_stat(root / path)) is not None})
        stats = FileStats.of(stats.select(paths))
    moved = stats.differing(now)
    return inputs.without(moved, now.select(moved).__contains__)
