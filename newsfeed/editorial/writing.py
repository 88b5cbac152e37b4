"""Begin texts in a site: a new story, or a translation of a text that is there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Protocol

from newsfeed.core.content import frontmatter
from newsfeed.core.content.links import derive_stem
from newsfeed.core.content.new_texts import choose_id, story_path, write_story
from newsfeed.core.content.parse import note_unread, parse_file
from newsfeed.core.content.source_text import decode_source
from newsfeed.core.content.translation_draft import draft_translation
from newsfeed.core.content.withdrawal import is_withdrawn
from newsfeed.errors import ProblemsFound, UsageError
from newsfeed.marking import N_
from newsfeed.problems import find_nearest, select_errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsfeed.core.content.facts import Vocabulary
    from newsfeed.core.content.new_texts import NewStory
    from newsfeed.core.content.parse import ParsedFile
    from newsfeed.model import RawFile
    from newsfeed.settings import Settings


class Folder(Protocol):
    """The site's content folders, to read and to begin files in."""

    def paths(self) -> Iterator[str]:
        """Yield the path of every text."""
        ...

    def text(self, path: str) -> RawFile:
        """Return a text."""
        ...

    def create(self, path: str, data: bytes) -> None:
        """Write a new file. Raises `UsageError` when there is one."""
        ...

    def rewrite(self, path: str, before: bytes, after: bytes) -> None:
        """Give a text other bytes. Raises `OutsideError` when somebody changed it since it was read."""
        ...


@dataclass(frozen=True, slots=True)
class BegunText:
    """A file that was begun."""

    path: str
    id: str
    """Of the story or other content."""


def begin_story(story: NewStory, folder: Folder) -> BegunText:
    """Write the file of a new story, under an id and a name that are not taken."""
    names = {PurePosixPath(derive_stem(path)).name for path in folder.paths()}
    identifier = choose_id(story, names | _ids_in(folder))
    path = story_path(story, identifier)
    folder.create(path, write_story(story, identifier).encode())
    return BegunText(path, identifier)


def begin_translation(
    text: str, lang: str, settings: Settings, words: Vocabulary, folder: Folder
) -> BegunText:
    """Write a file for the translation of a text into an edition's language.

    text: an id, or the path of one of its files. Raises `UsageError` when there is no such text, or a
    file already, `ProblemsFound` when the original cannot be read.
    """
    original = read_original(find_files(text, folder), settings, words, folder)
    if original.lang == lang:
        raise UsageError(
            N_("“{text}” is written in “{lang}”"), N_("name another language"), text=text, lang=lang
        )
    if is_withdrawn(original):
        raise UsageError(
            N_("“{text}” was withdrawn: nobody would read its translation"),
            N_("to put it back, delete “withdrawn” in {path}"),
            text=text,
            path=original.path,
        )
    raw = folder.text(original.path)
    source, _ = decode_source(raw.path, raw.data or b"")
    head = frontmatter.parse_front_matter(source)[0] if source else None
    assert head is not None  # it has been parsed
    assert original.item is not None
    path = re.sub(r"\.[^./]+\.md\Z", f".{lang}.md", original.path)
    folder.create(path, draft_translation(original.lang, original.item.paragraphs, head).encode())
    return BegunText(path, note_unread(raw).id or PurePosixPath(original.stem).name)


def find_files(text: str, folder: Folder) -> list[str]:
    """Return the files of the text that is meant by a path, a name or an id."""
    by_stem: dict[str, list[str]] = {}
    for path in folder.paths():
        by_stem.setdefault(derive_stem(path), []).append(path)
    if text in (paths := [path for files in by_stem.values() for path in files]):
        return by_stem[derive_stem(text)]
    named = [stem for stem in by_stem if PurePosixPath(stem).name == text]
    having_id = [path for path in paths if note_unread(folder.text(path)).id == text]
    if having_id:
        return by_stem[derive_stem(having_id[0])]
    if len(named) == 1:
        return by_stem[named[0]]
    names = [PurePosixPath(stem).name for stem in by_stem]
    near = find_nearest(text, names)
    raise UsageError(
        N_("there is no text “{text}”"),
        N_("did you mean “{near}”?") if near else N_("name its id, or one of its files"),
        text=text,
        near=near,
    )


def read_original(paths: Sequence[str], settings: Settings, words: Vocabulary, folder: Folder) -> ParsedFile:
    """Return the file that holds the facts: the one with a date, else that in the default language."""
    parsed, problems = [], []
    for path in paths:
        one, found = parse_file(folder.text(path), settings, words)
        problems += select_errors(found)
        if one is not None and one.item is not None:
            parsed.append(one)
    if not parsed:
        raise ProblemsFound(problems)
    default = settings.site.default_language
    return min(parsed, key=lambda one: ("date" not in one.facts, one.lang != default, one.path))


def list_projects(folder: Folder) -> list[str]:
    """Return the ids of all projects."""
    ids = (
        note_unread(folder.text(path)).id or PurePosixPath(derive_stem(path)).name
        for path in folder.paths()
        if path.startswith("projects/")
    )
    return sorted(set(ids))


def _ids_in(folder: Folder) -> set[str]:
    """Return the ids that stand in the heads of all texts."""
    return {identifier for path in folder.paths() if (identifier := note_unread(folder.text(path)).id)}
