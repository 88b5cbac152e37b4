"""Find out what the site has already: ids, addresses and slugs that are taken, and by whom."""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from newsfeed.core.arriving.arrange import Ground, KnownStory
from newsfeed.core.content.aliases import format_alias
from newsfeed.core.content.links import derive_stem
from newsfeed.core.content.parse import parse_file
from newsfeed.core.content.slugs import derive_id
from newsfeed.core.site.urls import static_page_path, story_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsfeed.core.content.facts import Vocabulary
    from newsfeed.core.content.parse import ParsedFile
    from newsfeed.ports import Source
    from newsfeed.settings import Settings


def survey_site(source: Source, settings: Settings, words: Vocabulary) -> Ground:
    """Read the texts of a site; return the ground that others arrive on."""
    stories: dict[str, list[ParsedFile]] = defaultdict(list)
    for path in source.paths():
        parsed, _ = parse_file(source.text(path), settings, words)
        if parsed is not None and parsed.item is not None:
            stories[derive_stem(path)].append(parsed)
    ids: set[str] = set()
    slugs: set[str] = set()
    known: dict[str, KnownStory] = {}
    for stem, files in stories.items():
        story = _known_story(stem, files)
        ids.add(story.id)
        slugs |= {one.item.slug for one in files if one.item is not None}
        for name in _names(files, settings):
            known.setdefault(name, story)
    site = settings.site
    return Ground(
        base_url=site.base_url,
        zone=site.timezone,
        languages=site.languages,
        default_language=site.default_language,
        story_url=site.story_url,
        ids=frozenset(ids),
        slugs=frozenset(slugs),
        known=known,
    )


def _known_story(stem: str, files: list[ParsedFile]) -> KnownStory:
    given = next((one.facts["id"].value for one in files if "id" in one.facts), "")
    return KnownStory(
        id=given or derive_id(stem),
        stem=stem,
        is_bundle=any(PurePosixPath(one.path).name.startswith("index.") for one in files),
        slugs={one.lang: one.item.slug for one in files if one.item is not None},
    )


def _names(files: list[ParsedFile], settings: Settings) -> Iterator[str]:
    """Yield all by which a story is found again: its ids in feeds, its old addresses, its own."""
    day = next((one.facts["date"].value for one in files if "date" in one.facts), None)
    for one in files:
        if one.item is None:
            continue
        if one.item.guid:
            yield one.item.guid
        for alias in one.item.aliases:
            yield format_alias(alias.path)
        if one.kind == "news" and day is not None:
            local = day.astimezone(settings.site.timezone)
            yield format_alias(story_path(settings.site.story_url, one.lang, local, one.item.slug))
        elif one.kind == "pages":
            yield format_alias(static_page_path(one.lang, one.item.slug))
