"""Views of issues that were sent, as the site shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from newsfeed.views.frames import Frame
    from newsfeed.views.parts import Anchor, FeedLink


class IssueEntry(NamedTuple):
    """One story of an issue that was sent; ``lang`` and ``direction`` are empty in the issue's language."""

    href: str
    title: str
    summary: str
    lang: str
    direction: str
    notice: str
    """That the text is in another language; empty when it is not."""


class IssueGroup(NamedTuple):
    """Stories of one topic in an issue that was sent; without a heading the one that leads."""

    heading: str
    heading_lang: str
    entries: tuple[IssueEntry, ...]


class IssueBody(NamedTuple):
    """Everything that an issue says; ``note`` is HTML as it stands in the record."""

    intro: str
    note: str
    note_lang: str
    note_direction: str
    note_notice: str
    """That the note is in another language; empty when it is not."""
    groups: tuple[IssueGroup, ...]


class IssueView(NamedTuple):
    """An issue of a digest that was sent, for nobody in particular."""

    frame: Frame
    heading: str
    day: date
    newer: Anchor | None
    older: Anchor | None
    issue: IssueBody


class IssueListView(NamedTuple):
    """All issues of a digest that were sent, the newest first."""

    frame: Frame
    heading: str
    issues: tuple[tuple[date, Anchor], ...]
    feeds: tuple[FeedLink, ...]
