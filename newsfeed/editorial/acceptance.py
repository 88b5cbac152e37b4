"""Accept translations: note in their files which state of the original they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.content.parse import parse_content_path, parse_file
from newsfeed.core.content.source_edits import set_source
from newsfeed.editorial.writing import find_files, read_original
from newsfeed.errors import ProblemsFound, UsageError
from newsfeed.marking import N_
from newsfeed.problems import select_errors

if TYPE_CHECKING:
    from newsfeed.core.content.facts import Vocabulary
    from newsfeed.editorial.writing import Folder
    from newsfeed.settings import Settings


def accept_translation(text: str, lang: str, settings: Settings, words: Vocabulary, folder: Folder) -> str:
    """Note in a translation the original as it is now; returns the path of its file.

    text: an id, or a path of one of its files. Raises `UsageError` when there is no such translation, or its
    head cannot be written, `ProblemsFound` when it or the original cannot be published.
    """
    paths = find_files(text, folder)
    original = read_original(paths, settings, words, folder)
    if original.lang == lang:
        raise UsageError(
            N_("“{text}” is written in “{lang}”"), N_("name another language"), text=text, lang=lang
        )
    path = next((path for path in paths if _language_of(path, settings) == lang), "")
    if not path:
        raise UsageError(
            N_("“{text}” has no translation into “{lang}”"),
            N_("begin one with newsfeed translate {text} {lang}"),
            text=text,
            lang=lang,
        )
    assert original.item is not None
    raw = folder.text(path)
    errors = select_errors(parse_file(raw, settings, words)[1])
    if errors:  # what cannot be published says nothing of the original
        raise ProblemsFound(errors)
    before = raw.data or b""
    after = set_source(before, original.item.paragraphs)
    if after is None:
        raise UsageError(
            N_("{path}: its head cannot be written"),
            N_("write this line into it: source: {value}"),
            path=path,
            value=original.item.paragraphs,
        )
    if after != before:
        folder.rewrite(path, before, after)
    return path


def _language_of(path: str, settings: Settings) -> str:
    parts, _ = parse_content_path(path, settings.site.languages, settings.site.default_language)
    return parts.lang if parts else ""
