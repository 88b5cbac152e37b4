"""Take configuration, words and templates from the last build's cache, if its environment is this one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsfeed.app.context import context_of, context_with

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsfeed.app.builds import CachedBuild
    from newsfeed.build.context import BuildContext
    from newsfeed.model import Asset, AssetStat


def cached_context(build: CachedBuild) -> BuildContext:
    """Return what texts are read and shown with, as the last build found it: in the same environment it is
    the same. Raises `ProblemsFound` when the configuration cannot be used.
    """
    found = build.environment.get("context")
    context = context_with(build.root, *found) if found else context_of(build.root)[0]
    if not found:
        keep_context(build, context)
    context.templates.keep_compiled(build.environment)
    return replace(context, picture_cache=build.pictures)


def keep_context(build: CachedBuild, context: BuildContext) -> None:
    """Write the build context to the cache, unless it is of another environment; files are looked at by each
    of them.
    """
    from newsfeed.build.cache.fingerprint import environment_fingerprint

    if environment_fingerprint(build.root) == build.fingerprint:
        build.environment.put("context", (context.settings, context.texts, context.vocabulary))


def prepare(build: CachedBuild, context: BuildContext) -> None:
    """Load and compile what every full build needs: processes that are forked afterwards need not."""
    from newsfeed.build import renderer  # noqa: F401 - with it, what writes pages and feeds

    context.templates.keep_compiled(build.environment)
    context.templates.load_pages()


def read_known_assets(build: CachedBuild) -> dict[AssetStat, Asset]:
    """Return what the last full build saw in pictures and other files; nothing for a fresh one."""
    from newsfeed.build.cache.fingerprint import program_fingerprint
    from newsfeed.build.cache.known_assets import read_known

    return {} if build.pictures.is_fresh else read_known(_known_path(build), program_fingerprint())


def write_known_assets(build: CachedBuild, known: Mapping[AssetStat, Asset]) -> None:
    """Write what is in the site's files for the next full build."""
    from newsfeed.build.cache.fingerprint import program_fingerprint
    from newsfeed.build.cache.known_assets import write_known

    write_known(_known_path(build), program_fingerprint(), known, build.looked)


def _known_path(build: CachedBuild) -> Path:
    return build.cache.path.with_suffix(".assets.json")
