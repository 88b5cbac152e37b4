"""Begin a text: the name, id and head of a story that is to be written."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.content.value_guesses import guess_slug

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

_PLAIN = re.compile(r"[^\W\d_](?:[^\W_]|[ .,()’'/-])*")
"""Words that YAML reads as they stand: no sign that opens anything, no colon, no ``#``."""
_WORDS_OF_YAML = frozenset({"null", "true", "false", "yes", "no", "on", "off"})
_LIKE_OTHERS = re.compile(rf"[0-9][0-9e-]*|{'|'.join(sorted(_WORDS_OF_YAML))}")
"""Ids that other programs would read as a number, a day or a truth value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStory:
    """A story before it is written: the facts that are known of it."""

    title: str
    lang: str
    day: date
    """In the site's zone."""
    authors: Sequence[str] = ()
    topics: Sequence[str] = ()
    countries: Sequence[str] = ()
    projects: Sequence[str] = ()


def tidy_title(text: str) -> str:
    """Return a title on one line, without signs that nobody sees."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def choose_id(story: NewStory, taken: Collection[str]) -> str:
    """Return an id that nobody has, made from the title; a title without letters gives its date."""
    wanted = guess_slug(story.title, story.lang) or f"news-{story.day.isoformat()}"
    number, chosen = 1, wanted
    while chosen in taken:
        number += 1
        chosen = f"{wanted}-{number}"
    return chosen


def story_path(story: NewStory, identifier: str) -> str:
    """Return the path in the site at which a new story lies."""
    return f"news/{story.day.year}/{identifier}.{story.lang}.md"


def write_story(story: NewStory, identifier: str) -> str:
    """Return the file of a new story: its head, and an empty text below it."""
    return "---\n" + "\n".join(_head(story, identifier)) + "\n---\n\n"


def _head(story: NewStory, identifier: str) -> Iterator[str]:
    yield f"id: {quote_value(identifier) if _LIKE_OTHERS.fullmatch(identifier) else identifier}"
    yield f"date: {story.day.isoformat()}"
    lists = (("authors", story.authors), ("topics", story.topics), ("countries", story.countries))
    for key, values in (*lists, ("projects", story.projects)):
        if values:
            yield f"{key}: [{', '.join(map(quote_value, values))}]"
    yield f"title: {quote_value(story.title)}"
    yield "# summary:"


def quote_value(text: str) -> str:
    """Write a text as a value of YAML: as it stands, or in quotes where it could be read as anything else."""
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML and "," not in text
    return text if is_plain and text == text.strip() else json.dumps(text, ensure_ascii=False)
