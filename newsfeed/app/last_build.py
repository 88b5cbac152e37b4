"""Open what the last build of a site knew of its texts, without anything that a build has to know."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.app.background import ask_in_background
from newsfeed.config.site_layout import CONTENT_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsfeed.build.cache.content_files import ContentFiles
    from newsfeed.build.cache.store import BuildCache
    from newsfeed.build.context import TextContext
    from newsfeed.sources.git_changes import WorkTreeLook


ORIGIN_VARIABLE = "NEWSFEED_ORIGIN"
"""Names the folder of the site that a hook checks a copy of: its last build knows the copy, too."""


class LastBuild(NamedTuple):
    """The last build of a site by this program, with this configuration."""

    root: Path
    cache: BuildCache
    inputs: ContentFiles
    """The content files as it left them."""
    look: Callable[[], WorkTreeLook | None]
    """Returns what git sees of the work tree; it looks meanwhile."""

    def find_changed(self) -> set[str] | None:
        """Return the content files that changed, came or went since; ``None`` when they cannot tell."""
        from newsfeed.app.inputs import find_changed_inputs

        return find_changed_inputs(self.root, self.inputs, self.look())

    def context(self) -> TextContext | None:
        """Return what its texts were read with; ``None`` when that is not known any more."""
        from newsfeed.app.context import source_of
        from newsfeed.build.cache.store import EnvironmentCache
        from newsfeed.build.context import TextContext

        known = EnvironmentCache(self.cache).get("context")
        if known is None:
            return None
        settings, _, vocabulary = known
        return TextContext(source_of(self.root, settings), settings, vocabulary)


def open_last_build(root: Path, output: Path, environment: Mapping[str, str]) -> LastBuild | None:
    """Open what the last build left; ``None`` when there was none with this program and configuration."""
    from newsfeed.build.cache import row_codec, store
    from newsfeed.build.cache.fingerprint import environment_fingerprint
    from newsfeed.build.cache.state import BuildState
    from newsfeed.sources.git_changes import look_at_work_tree

    look = ask_in_background(partial(look_at_work_tree, root, CONTENT_KINDS))
    origin = environment.get(ORIGIN_VARIABLE, "")
    built = (Path(origin), Path(origin) / output.relative_to(root)) if origin else (root, output)
    path, fingerprint = store.cache_path(*built, environment), environment_fingerprint(root)
    cache = store.BuildCache(path, fingerprint, row_codec.CODECS)
    inputs = BuildState.read_inputs(cache)
    return None if inputs is None else LastBuild(root, cache, inputs, look)
