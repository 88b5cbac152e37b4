"""Wire what texts are read and shown with: configuration, catalogues, templates, the site's folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.errors import ProblemsFound

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping, Sequence
    from pathlib import Path

    from newsfeed.build.context import BuildContext
    from newsfeed.core.content.facts import Vocabulary
    from newsfeed.i18n.texts import CatalogueTexts
    from newsfeed.model import Asset, AssetStat
    from newsfeed.problems import Problem
    from newsfeed.settings import Settings
    from newsfeed.sources.folder import FolderSource

_EXCERPTS = 1_000_000
"""Bytes at the start of a file from which lines are shown."""


def context_of(root: Path) -> tuple[BuildContext, list[Problem]]:
    """Read what texts are read and shown with, and what is wrong with it. Raises `ProblemsFound` when the
    configuration cannot be used.
    """
    from newsfeed.config import bundled, loader
    from newsfeed.core.content.facts import Vocabulary
    from newsfeed.i18n.catalogues import load_texts
    from newsfeed.i18n.key_lookup import LocalisedKeyLookup
    from newsfeed.i18n.texts import list_countries

    settings, problems = loader.load_settings(root)
    if settings is None:
        raise ProblemsFound(report_of(root, problems))
    texts, found = load_texts(settings, root / "locales", bundled.locales())
    key_lookup = LocalisedKeyLookup(settings, texts)
    words = Vocabulary(settings.topics, settings.donors, settings.partners, list_countries(), key_lookup)
    return context_with(root, settings, texts, words), [*problems, *found]


def context_with(
    root: Path, settings: Settings, texts: Mapping[str, CatalogueTexts], words: Vocabulary
) -> BuildContext:
    """Return the build context of a site whose configuration and catalogues have been read."""
    from newsfeed.build.context import BuildContext
    from newsfeed.config import bundled
    from newsfeed.render.templates import Templates

    templates = Templates(root / "templates", bundled.templates(), texts)
    return BuildContext(source_of(root, settings), settings, texts, templates, words)


def source_of(
    root: Path, settings: Settings, known: MutableMapping[AssetStat, Asset] | None = None
) -> FolderSource:
    """Return where a site's files come from. It knows which folders lie inside, so it is for one build.

    ``known``: assets that were looked into before.
    """
    from newsfeed.sources.folder import FolderSource

    return FolderSource(root, settings.limits.file_size, known=known)


def report_of(root: Path, problems: Sequence[Problem]) -> list[Problem]:
    """Return problems in the order of a report, with the lines they point at."""
    from newsfeed.files import open_file
    from newsfeed.problems import add_excerpts, shorten_report, sort_problems
    from newsfeed.sources.folder import FolderSource

    source = FolderSource(root, _EXCERPTS)

    def read_file(path: str) -> bytes | None:
        """Read a file of the site: never what a link out of it leads to, never a pipe that waits for us."""
        try:
            real = (root / path).resolve()
            if not real.is_file() or not source.may_show(path):
                return None
            with open_file(real) as file:
                return file.read(_EXCERPTS)
        except (OSError, RuntimeError):  # RuntimeError: links in a circle
            return None

    return add_excerpts(shorten_report(sort_problems(problems)), read_file)
