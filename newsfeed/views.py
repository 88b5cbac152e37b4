"""Values that templates and feed formats are given: complete, frozen, and no services among them.

A view holds everything its page, feed or mail shows, already in the right language. Addresses in
pages begin with a slash (the site may live in a folder of its domain); in feeds and mails they
are absolute. ``lang`` fields are empty when the text is in the page's own language.

Views of pages and feeds are named tuples: they are made by the hundred thousand, in a fraction of the time
that frozen dataclasses take.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

T = TypeVar("T")


class SharedTuple(tuple[T, ...]):  # noqa: SLOT001 - a tuple can have no slots of its own
    """A tuple that stands in many views and keys caches; its hash is computed once."""

    _hash: int

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            self._hash = tuple.__hash__(self)
            return self._hash


class Anchor(NamedTuple):
    """A named link; ``lang`` is set when its text is in another language than the page."""

    href: str
    text: str
    lang: str = ""


class Picture(NamedTuple):
    """An image with its description; width and height are 0 when unknown."""

    src: str
    alt: str
    width: int = 0
    height: int = 0
    srcset: str = ""
    """The picture in other widths, as HTML names them; empty where there is one size."""


class Fallback(NamedTuple):
    """The notice that a text is not in the reader's language, with the language it is in."""

    lang: str
    direction: str
    language: str
    """The text's language, named in the page's language."""


class Credit(NamedTuple):
    """A sentence that says who did what for a text: translated it, or took its photos."""

    text: str
    lang: str = ""


class TextReference(NamedTuple):
    """The text that a page shows in full; its HTML is rendered from the file when the page is."""

    path: str
    fingerprint: str
    lang: str


class StoryCard(NamedTuple):
    """A story as it stands in a list."""

    id: str
    href: str
    title: str
    summary: str
    published: datetime
    updated: datetime | None
    """Only when there was a significant change."""
    authors: tuple[Anchor, ...]
    topics: tuple[Anchor, ...]
    picture: Picture | None
    fallback: Fallback | None

    def __hash__(self) -> int:
        """Hash by the address alone: no two cards of a site have one address and differ."""
        return hash(self.href)


class StoryLine(NamedTuple):
    """A story as a link with its date: all that pages of other stories and the archive show of it."""

    href: str
    title: str
    published: datetime
    fallback: Fallback | None

    def __hash__(self) -> int:
        """Hash by the address alone, as cards do."""
        return hash(self.href)


class FeedLink(NamedTuple):
    """One feed of a page: its address, media type, and what readers call it."""

    href: str
    media_type: str
    title: str
    format: str
    """``RSS``, ``Atom`` or ``JSON Feed``."""


class EditionLink(NamedTuple):
    """One entry of the language switcher: the same thing in another language."""

    code: str
    name: str
    """The language's own name."""
    href: str
    current: bool
    fallback: bool
    """The other edition shows this text in yet another language."""


class AlternateLink(NamedTuple):
    """One ``hreflang`` link; the address is absolute."""

    hreflang: str
    href: str


class Brand(NamedTuple):
    """The brand of a publication, as every page of an edition shows it."""

    logo: Picture | None = None
    dark_logo: Picture | None = None
    """For dark pages, when it is another one."""
    needs_plate: bool = False
    """On dark pages the logo stands on a light ground: nobody knows whether it can be seen without."""
    icon: str = ""
    """Address of the picture in tabs and bookmarks; empty without one."""
    icon_type: str = ""


class Frame(NamedTuple):
    """Everything that a page has around its content."""

    lang: str
    direction: str
    title: str
    """Of the page, without the site's."""
    title_lang: str
    description: str
    site_title: str
    site_description: str
    notice: str
    imprint: str
    canonical: str
    """Absolute; empty for pages that are nobody's address."""
    indexed: bool
    """Whether search engines should list this page."""
    home: str
    stylesheet: str
    editions: tuple[EditionLink, ...]
    alternates: tuple[AlternateLink, ...]
    feeds: tuple[FeedLink, ...]
    navigation: tuple[Anchor, ...]
    feed_list: Anchor
    """The page that lists all feeds of the edition."""
    footer: tuple[Anchor, ...]
    here: str
    """The link of the navigation that leads to this page; empty when none does."""
    brand: Brand
    sharing: Sharing
    trail: tuple[Anchor, ...] = ()
    """The way to this page from the front page, which begins it; empty where there is none."""


class Sharing(NamedTuple):
    """A page as others show it who link to it: social networks, messengers."""

    type: str = "website"
    """``article`` or ``website`` (ogp.me)."""
    picture: Picture | None = None
    """Its address is absolute."""
    locale: str = ""
    """Language and territory, as ``en_GB``; empty when no territory is said."""


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


class Attachment(NamedTuple):
    """A file to download."""

    href: str
    title: str
    media_type: str
    size: int
    """Bytes."""


class StoryView(NamedTuple):
    """One story in full."""

    frame: Frame
    card: StoryCard
    lead: str
    """The summary, when its author wrote it: a first paragraph would only be said twice."""
    body: TextReference
    picture: Picture | None
    facts: tuple[FactRow, ...]
    attachments: tuple[Attachment, ...]
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


class IssueEntry(NamedTuple):
    """One story of an issue that was sent; ``lang`` and ``direction`` are empty in the issue's language."""

    href: str
    title: str
    summary: str
    lang: str
    direction: str


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
    title: str
    """Of the digest."""
    day: date
    issues: str
    """Address of the list of issues."""
    newer: Anchor | None
    older: Anchor | None
    issue: IssueBody


class IssueListView(NamedTuple):
    """All issues of a digest that were sent, the newest first."""

    frame: Frame
    heading: str
    issues: tuple[tuple[date, Anchor], ...]
    feeds: tuple[FeedLink, ...]


class NotFoundView(NamedTuple):
    """The page for addresses where nothing is: it says so, and where to go on."""

    frame: Frame


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


class Choice(NamedTuple):
    """One thing that can be chosen in a form."""

    value: str
    text: str
    lang: str = ""
    chosen: bool = False
    note: str = ""
    """A word about it, such as how often a digest comes."""


class SubscribeView(NamedTuple):
    """The form with which a visitor subscribes."""

    frame: Frame
    action: str
    token: str
    """Says that the form was made here, and when."""
    email: str
    name: str
    digests: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    topics: tuple[Choice, ...]
    frequencies: tuple[Choice, ...]
    alert: str
    """Why the form is shown again, as a whole; empty when nothing is wrong, or the fields say it."""
    errors: Mapping[str, str]
    """Field → what is wrong with it."""


class PreferencesView(NamedTuple):
    """The form in which a reader chooses languages, topics and frequency of a digest."""

    frame: Frame
    heading: str
    lead: str
    alert: str
    """Why the choice was not saved; empty when nothing is wrong."""
    saved: str
    """Says that it was; empty before."""
    languages: tuple[tuple[Choice, ...], ...]
    """The first language, then those that stand in for it: one list for each."""
    topics: tuple[Choice, ...]
    frequencies: tuple[Choice, ...]
    leave: Anchor


class QuestionView(NamedTuple):
    """A page with one button, which says what it does."""

    frame: Frame
    heading: str
    lead: str
    action: str
    button: str


class MessageView(NamedTuple):
    """A page that says what was done, or why not, and where to go on."""

    frame: Frame
    heading: str
    paragraphs: tuple[str, ...]
    action: str
    """What the button does, such as taking it back; empty: there is none."""
    button: str
    onward: tuple[Anchor, ...]


ServiceView = SubscribeView | PreferencesView | QuestionView | MessageView
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
    | EntranceView
    | RedirectView
)


class FeedCategory(NamedTuple):
    """A subject of a feed entry; the label is in the feed's language."""

    term: str
    label: str
    scheme: str
    """Address of the list of such terms."""


class FeedEntry(NamedTuple):
    """One text in a feed; all addresses are absolute."""

    id: str
    """The id that the text always had, also when another program gave it."""
    lang: str
    direction: str
    title: str
    link: str
    published: datetime
    updated: datetime
    authors: tuple[str, ...]
    summary: str
    notice: str
    """In the feed's language: that and why the text is in another; empty when it is not."""
    categories: tuple[FeedCategory, ...]
    attachments: tuple[Attachment, ...]
    picture: Picture | None
    body: TextReference
    rest: str = ""
    """In the feed's language: the words of the link to the page, below a text that was cut."""
    iri: str = ""
    """The id where only an IRI can be one (Atom); empty: ``id`` is one."""
    credits: tuple[Credit, ...] = ()
    translators: tuple[str, ...] = ()
    video: Anchor | None = None


class FeedView(NamedTuple):
    """One feed in one format, or one of its archives (RFC 5005): all but its entries."""

    id: str
    format: str
    lang: str
    title: str
    description: str
    home: str
    """The page of the same list."""
    address: str
    """The feed's own address."""
    updated: datetime
    author: str
    live: str = ""
    """In an archive: the address of the feed that brings what is new."""
    older: str = ""
    """The address of the archive before this document; empty when there is nothing older."""
    newer: str = ""
    """In an archive: the address of the one after it, when there is one."""
    moved: bool = False
    """At an old address, it only says where the feed is now."""
    complete: bool = False
    """True when this one document brings everything there is."""


class OutlineGroup(NamedTuple):
    """Feeds under a heading in an OPML file."""

    text: str
    feeds: tuple[OutlineFeed, ...]


class OutlineFeed(NamedTuple):
    """One feed in an OPML file."""

    text: str
    feed: str
    page: str


class OpmlView(NamedTuple):
    """All feeds of an edition, for feed readers to import."""

    title: str
    lang: str
    groups: tuple[OutlineGroup, ...]


class SitemapEntry(NamedTuple):
    """One page of the sitemap; ``changed`` is ``None`` for pages without a date of their own."""

    address: str
    changed: datetime | None
    alternates: SharedTuple[AlternateLink]


class SitemapView(NamedTuple):
    """The pages search engines should know, or some of them."""

    entries: tuple[SitemapEntry, ...]


class SitemapIndexEntry(NamedTuple):
    """One part of a sitemap that is too long for one file; ``changed``: when its newest page did."""

    address: str
    changed: datetime | None


class SitemapIndexView(NamedTuple):
    """The list of files that are the sitemap together."""

    parts: tuple[SitemapIndexEntry, ...]


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One story in a digest; addresses are absolute."""

    id: str
    story: str
    """The story's own id, which the ledger keeps."""
    href: str
    title: str
    summary: str
    published: datetime
    authors: tuple[str, ...]
    picture: Picture | None
    fallback: Fallback | None
    credits: tuple[Credit, ...] = ()
    video: Anchor | None = None


@dataclass(frozen=True, slots=True)
class DigestGroup:
    """Stories of one topic."""

    heading: str
    """Empty: of the story that leads the issue, above all topics."""
    heading_lang: str
    entries: tuple[DigestEntry, ...]


@dataclass(frozen=True, slots=True)
class DigestNote:
    """The editor's note at the top of an issue, as safe HTML with whole addresses."""

    html: str
    lang: str
    fallback: Fallback | None = None


@dataclass(frozen=True, slots=True)
class DigestView:
    """One issue in one language: everything the mail says to everybody who reads it."""

    lang: str
    direction: str
    digest: str
    """The digest's name in the configuration."""
    title: str
    subject: str
    preheader: str
    day: date
    """The slot's local day, as the subject says it."""
    site_title: str
    home: str
    imprint: str
    groups: tuple[DigestGroup, ...]
    more: int
    """How many stories were left out for size; they are on the site."""
    stories: int
    intro: str = ""
    note: DigestNote | None = None
    web: str = ""
    """Address of the page that shows this issue; empty when it has none."""

    @property
    def entries(self) -> tuple[DigestEntry, ...]:
        """Return all stories in the order of the mail."""
        return tuple(entry for group in self.groups for entry in group.entries)
