"""Views of the site's pages, the search's records and texts as Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.views.issues import IssueListView, IssueView

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.views.frames import Frame
    from newsfeed.views.parts import (
        Anchor,
        Credit,
        EnclosureLink,
        Fallback,
        FeedLink,
        Picture,
        StoryCard,
        StoryLine,
        TextReference,
    )
    from newsfeed.views.readers_pages import Invitation


class AnchorGroup(NamedTuple):
    """Links under a heading, such as all topics; ``heading`` is a message id."""

    heading: str
    anchors: tuple[Anchor, ...]


class ListView(NamedTuple):
    """Home, topic, country, author, month: a heading and cards, newest first."""

    frame: Frame
    kind: str
    """``home``, ``topics``, ``countries``, ``authors`` or ``month``."""
    heading: str
    heading_lang: str
    cards: tuple[StoryCard, ...]
    groups: tuple[AnchorGroup, ...]
    about: Anchor | None
    """The line about a person or desk; it leads nowhere."""
    own: str
    """The address of the topic that the page is about, which cards need not name; else empty."""
    newer: Anchor | None
    older: Anchor | None
    number: int
    """0 for the live page, else the number of an older page, counted from the oldest (1)."""
    about_feed: str
    """Address of the page that explains this list's feeds; empty when it has none."""
    invitation: Invitation | None = None
    """To subscribe by email; ``None`` where nobody can."""


class IndexEntry(NamedTuple):
    """A topic, country, project, programme or author among others."""

    anchor: Anchor
    about: Anchor | None
    """A line about it, which leads nowhere."""
    stories: int
    """How many there are."""


class IndexView(NamedTuple):
    """All topics, countries, projects, programmes or authors."""

    frame: Frame
    kind: str
    """``topics``, ``countries``, ``projects``, ``programmes`` or ``authors``."""
    heading: str
    heading_lang: str
    entries: tuple[IndexEntry, ...]


class FactRow(NamedTuple):
    """One line of a fact sheet; ``label`` is a message id."""

    label: str
    anchors: tuple[Anchor, ...]
    """Values without a page of their own have no ``href``."""


class StoryView(NamedTuple):
    """One story in full."""

    frame: Frame
    card: StoryCard
    lead: str
    """The summary, when its author wrote it: a first paragraph would only be said twice."""
    body: TextReference
    picture: Picture | None
    facts: tuple[FactRow, ...]
    enclosures: tuple[EnclosureLink, ...]
    kicker: tuple[Anchor, ...]
    """The topic and the country that it names first."""
    related: tuple[StoryLine, ...]
    newer: StoryLine | None
    older: StoryLine | None
    follow: tuple[Anchor, ...]
    """Ways to hear of what comes next: feeds, and mails where one can subscribe."""
    structured: str
    """The story as machines read it, as JSON (schema.org)."""
    text_file: str = ""
    """Address of the text as Markdown, in the language it is in; empty where there is none."""
    credits: tuple[Credit, ...] = ()
    video: Anchor | None = None
    """A film elsewhere, which the picture leads to; never a part of the page."""
    invitation: Invitation | None = None
    """To subscribe by email; ``None`` where nobody can."""
    outdated: str = ""
    """The notice that it is behind its original; empty for none."""


class TextFileView(NamedTuple):
    """A story's text as Markdown, for whoever reads it with a program."""

    title: str
    lang: str
    published: datetime
    updated: datetime | None
    authors: tuple[str, ...]
    url: str
    """Absolute address of the page."""
    body: TextReference


class DossierView(NamedTuple):
    """A project or programme: its text, its facts, what belongs to it, and its related news."""

    frame: Frame
    kind: str
    """``projects`` or ``programmes``."""
    heading: str
    lead: str
    """The summary, when its author wrote it; empty on older pages."""
    fallback: Fallback | None
    heading_lang: str
    body: TextReference | None
    """``None`` for a programme that has a name, but no page text."""
    picture: Picture | None
    facts: tuple[FactRow, ...]
    groups: tuple[AnchorGroup, ...]
    cards: tuple[StoryCard, ...]
    newer: Anchor | None
    older: Anchor | None
    number: int
    about_feed: str
    outdated: str = ""
    """The notice that it is behind its original; empty for none."""


@dataclass(frozen=True, slots=True)
class ArchivePeriod:
    """A year or month of the archive and how many stories it has. No tuple: those have a method ``count``."""

    anchor: Anchor
    count: int
    months: tuple[ArchivePeriod, ...] = ()
    stories: tuple[StoryLine, ...] = ()
    """Of a month, where they are not too many."""


class ArchiveView(NamedTuple):
    """The archive: all years, or the months of one year."""

    frame: Frame
    heading: str
    periods: tuple[ArchivePeriod, ...]
    year: str
    """The year it is about; empty: all."""


class StaticView(NamedTuple):
    """A static page, such as the imprint: a text."""

    frame: Frame
    heading: str
    heading_lang: str
    fallback: Fallback | None
    body: TextReference
    outdated: str = ""
    """The notice that it is behind its original; empty for none."""


class AboutFeedView(NamedTuple):
    """The page that explains a section's feeds, with their addresses in every format."""

    frame: Frame
    subject: str
    subject_lang: str
    subject_href: str
    feeds: tuple[FeedLink, ...]
    """Addresses are absolute: they are to be copied."""
    all_feeds: str
    opml: str
    invitation: Invitation | None = None
    """To subscribe by email; ``None`` where nobody can."""


class FeedListView(NamedTuple):
    """All feeds of an edition, grouped."""

    frame: Frame
    heading: str
    groups: tuple[AnchorGroup, ...]
    """Links to the pages that explain each feed."""
    opml: str


class SearchView(NamedTuple):
    """The search page: a form, and a place for what is found."""

    frame: Frame
    action: str
    """Its own address."""
    script: str
    base: str
    """Address of the site's root."""
    parts: tuple[str, ...]
    """Folders of the index."""
    archive: str


class SearchRecord(NamedTuple):
    """A story as it is searched for and found in an edition."""

    path: str
    """Of its page, in the output folder."""
    title: str
    lead: str
    """The summary, when its author wrote it."""
    names: tuple[str, ...]
    """Of its topics, countries, projects, programmes and authors."""
    date: str
    fallback: Fallback | None
    body: TextReference


class NotFoundView(NamedTuple):
    """The page for addresses where nothing is: it says so, and where to go on."""

    frame: Frame


class WithdrawnView(NamedTuple):
    """The page of a story that was withdrawn: it says so, and where to go on."""

    frame: Frame
    sentence: str
    """That it was withdrawn, and when."""


class EntranceView(NamedTuple):
    """The site's root: choose an edition."""

    frame: Frame


class RedirectView(NamedTuple):
    """The page at an address that a text has left: it says where the text is now. It has no frame."""

    lang: str
    direction: str
    site_title: str
    title: str
    """Of the text."""
    title_lang: str
    href: str
    """The page of the text in this edition; where it has none, in the text's own."""
    canonical: str
    """The absolute address of that page."""
    feed_type: str = ""
    """Media type of the feed that it leads to; empty: to a page."""


PageView = (
    ListView
    | StoryView
    | DossierView
    | IndexView
    | ArchiveView
    | StaticView
    | AboutFeedView
    | FeedListView
    | IssueView
    | IssueListView
    | SearchView
    | NotFoundView
    | WithdrawnView
    | EntranceView
    | RedirectView
)
