"""Compose the file of a text that arrives: its head in our keys, and its body below."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsfeed.core.arriving.arrange import moment_of
from newsfeed.core.content.head_format import place_of_key
from newsfeed.core.content.new_texts import quote_value
from newsfeed.core.content.source_text import FORBIDDEN_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from newsfeed.core.arriving.moved_text import Destination, MovedText

_SPACE = re.compile(r"[^\S\u00a0\u2007\u202f]+")
"""Blanks at which a line may break: the others were meant."""
_BLANK_LINES = re.compile(r"\A(?:[ \t]*\n)+|\A[ \t]+\Z")
_CUT = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivingText:
    """A text in our own words: all that its file says."""

    text: MovedText
    """With title and summary as they are to stand."""
    destination: Destination
    body: str
    """Markdown."""
    topics: Sequence[str] = ()
    authors: Sequence[str] = ()
    image: str = ""
    """Name of the file beside it."""
    image_alt: str = ""
    enclosures: Sequence[Mapping[str, str]] = ()
    """Each a file beside it, with ``type`` and ``title`` where they are known."""


def compose_file(arriving: ArrivingText, zone: ZoneInfo) -> str:
    """Return the file of a text, in the form that ``newsfeed format`` gives it. ``zone``: the site's."""
    lines = sorted(_head(arriving, zone), key=lambda line: place_of_key(line.partition(":")[0]))
    head = "\n".join(lines)
    body = clean_text(arriving.body).replace("\r\n", "\n").replace("\r", "\n")
    body = _BLANK_LINES.sub("", body).rstrip("\n")
    return f"---\n{head}\n---\n\n" + (f"{body}\n" if body else "")


def clean_text(text: str) -> str:
    """Return a text without the characters that feeds cannot hold."""
    return FORBIDDEN_CHARACTERS.sub("", text).replace("\ufeff", "")


def one_line(text: str, most: int = 0) -> str:
    """Return a text on one line; of a longer one the words that fit. ``most``: characters; 0: any number."""
    line = _SPACE.sub(" ", clean_text(text)).strip()
    if not most or len(line) <= most:
        return line
    cut = line[: most - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:–-") + _CUT


def write_date(when: datetime | date) -> str:
    """Return a date as the front matter has it: a day, a time in the site's zone, or that moment."""
    if not isinstance(when, datetime):
        return when.isoformat()
    offset = when.utcoffset()
    if offset is not None and offset.seconds % 60:  # as zones had them long ago: no offset of ISO 8601
        when = when.astimezone(UTC)
    if offset is not None:
        return when.isoformat(" ", "seconds")
    return when.strftime("%Y-%m-%d %H:%M:%S" if when.second else "%Y-%m-%d %H:%M")


def _head(arriving: ArrivingText, zone: ZoneInfo) -> Iterator[str]:
    text, destination = arriving.text, arriving.destination
    own = {key: value for key, value in text.facts.items() if _is_writable(value)}
    if destination.is_original:
        yield f"id: {destination.story}"
        if text.kind == "news":
            yield from _facts(arriving, zone, own)
    yield f"title: {quote_value(text.title)}"
    if destination.slug:
        yield f"slug: {destination.slug}"
    if text.summary:
        yield f"summary: {quote_value(text.summary)}"
    if text.kind == "news" and text.guid:
        yield f"guid: {quote_value(text.guid)}"
    if destination.aliases:
        yield f"aliases: [{', '.join(map(quote_value, destination.aliases))}]"
    if arriving.image_alt:
        yield f"image_alt: {quote_value(arriving.image_alt)}"
    for key in TEXT_KEYS:
        if key in own:
            yield f"{key}: {_value(own[key])}"


def _facts(arriving: ArrivingText, zone: ZoneInfo, own: Mapping[str, object]) -> Iterator[str]:
    text = arriving.text
    assert text.date is not None  # a story without one is left out
    yield f"date: {write_date(text.date)}"
    if text.updated and moment_of(text.updated, zone) > moment_of(text.date, zone):
        yield f"updated: {write_date(text.updated)}"
    if text.is_draft:
        yield "draft: yes"
    if authors := own.get("authors") or arriving.authors:
        yield f"authors: {_value(authors)}"
    if arriving.topics:
        yield f"topics: [{', '.join(arriving.topics)}]"
    if arriving.image:
        yield f"image: {quote_value(arriving.image)}"
    yield from (f"{key}: {_value(own[key])}" for key in FACT_KEYS if key in own)
    if arriving.enclosures:
        yield f"enclosures: {_value(arriving.enclosures)}"


FACT_KEYS = (
    "countries",
    "projects",
    "programmes",
    "expires",
    "withdrawn",
    "order",
    "image_credit",
    "image_focus",
)
"""Facts of news that only a site of ours has, and gets back as they were."""
TEXT_KEYS = ("source", "translators", "video", "image_caption")
"""Keys of each text that only a site of ours has."""


def _is_writable(value: object) -> bool:
    if isinstance(value, list):
        return all(
            isinstance(one, str)
            or (isinstance(one, dict) and all(isinstance(part, str) for part in one.values()))
            for one in value
        )
    return isinstance(value, str)


def _value(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {quote_value(str(one))}" for key, one in value.items()) + "}"
    return quote_value(one_line(str(value)))
