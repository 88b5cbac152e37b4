"""The configuration as frozen values; `newsfeed.config.loader` reads them from ``config.toml``.

Every key is documented in ``docs/config.md``; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsfeed.model import NO_BRAND, BrandSettings
from newsfeed.service_settings import (
    NO_EDITORS,
    NO_FEDIVERSE,
    NO_PUBLISHING,
    NO_WEB,
    NO_WEBSUB,
    USUAL_STORE,
    DkimKeySettings,
    DoctorSettings,
    EditorsSettings,
    FediverseSettings,
    ImapSettings,
    MxSettings,
    PublishSettings,
    ReceiverGroup,
    StoreSettings,
    WebSettings,
    WebSubSettings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import time
    from zoneinfo import ZoneInfo

    from newsfeed.records import PublishedIssue


@dataclass(frozen=True, slots=True)
class LocalisedText:
    """A text that may differ by language: one for all, or one per language code."""

    default: str = ""
    by_language: Mapping[str, str] = field(default_factory=dict)

    def get(self, language: str) -> str:
        """Return the text for a language, else the default one."""
        return self.by_language.get(language, self.default)


STORY_URL = "/{lang}/news/{year}/{slug}/"
"""The form of stories' addresses, unless the site chose another one."""


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """``[site]``: what the site is called and where it lives."""

    title: LocalisedText
    description: LocalisedText
    base_url: str
    """Absolute, ends with a slash."""
    languages: tuple[str, ...]
    """Edition codes (BCP 47), in the order of the language switcher."""
    default_language: str
    timezone: ZoneInfo
    """Zone of dates without one, and of dates on pages."""
    authority: str
    """``domain,date``: who names things, and since when (RFC 4151)."""
    notice: LocalisedText = LocalisedText()
    imprint: LocalisedText = LocalisedText()
    story_url: str = STORY_URL
    removed: frozenset[str] = frozenset()  # ids of stories that were deleted for good
    desks: tuple[str, ...] = ()  # authors that are no people, by what their pages' addresses end in


@dataclass(frozen=True, slots=True)
class Language:
    """One edition: its code, the CLDR locale that writes its dates, and its fallback chain."""

    code: str
    locale: str
    """A CLDR locale identifier such as ``en_GB``."""
    chain: tuple[str, ...]
    """Its own code first, then the languages that stand in for it."""
    title: str = ""
    description: str = ""
    story_url: str = STORY_URL
    """The form of the addresses of stories: the site's."""


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """``[feeds]``: how much each feed holds, and in which formats.

    A site's feed is that of a whole edition; the others are those of its sections.
    """

    items: int = 30
    formats: tuple[str, ...] = ("rss", "atom", "jsonfeed")
    """Of the site's feed."""
    section_formats: tuple[str, ...] = ("rss", "atom")
    archives: str = "site"
    """Feeds whose older entries stand in archives: that of the ``site``, ``all``, or ``none``."""
    content: str = "full"
    """Texts in the site's feed: in ``full``, or a ``summary``."""
    section_content: str = "summary"
    text_size: int = 64
    """Thousand bytes of HTML, at most, that an entry brings of its text."""


@dataclass(frozen=True, slots=True)
class ListSettings:
    """``[lists]``: how many items a page of a list holds at least."""

    items: int = 20


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """``[search]``: whether readers can search the site."""

    enabled: bool = False  # needs Pagefind; costs each build time, and a file for each story and edition


@dataclass(frozen=True, slots=True)
class OutputSettings:
    """``[output]``: what lies beside the published files, and how much the host takes."""

    compress: tuple[str, ...] = ()  # ``gz``: a compressed copy of every text, for web servers to send
    max_size: int = 0  # million bytes of all published files; 0: no limit
    max_files: int = 0  # published files; 0: no limit
    markdown: bool = False  # each story's text beside its page


@dataclass(frozen=True, slots=True)
class DigestSchedule:
    """The times at which a digest is due, local: on weekdays (Monday is 0) or on days of the month."""

    at: time
    weekdays: tuple[int, ...] = ()
    monthdays: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """``[digests.<name>]``: a plan of mails, of which each slot makes an issue."""

    name: str
    title: LocalisedText
    schedule: DigestSchedule
    timezone: ZoneInfo
    audience: str
    topics: tuple[str, ...] = ()
    """Only items with one of these; empty means all."""
    max_items: int = 20
    when_empty: str = "skip"
    """``skip``: nothing is sent; ``note``: a short "quiet week" note is."""
    missed: str = "fold"
    """Slots that passed while nothing ran: ``fold`` them into one issue, or send ``each``."""
    unknown: str = "resend"
    """When nobody can say whether a message arrived: ``resend`` it as it was, ``skip`` it, or ``ask``."""
    horizon: int = 28
    """Days: older items are not news to anybody, not even to a new reader."""
    subject: LocalisedText = LocalisedText()
    intro: LocalisedText = LocalisedText()
    """The mails' subject, by default their top story, and a line below the title; both with placeholders."""
    public: bool = True
    """Whether issues that were sent have pages and a feed on the site."""
    sender_name: str = ""
    sender: str = ""
    reply_to: str = ""
    bounce_address: str = ""
    """As in `MailSettings`, for this digest; empty: what is there."""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """``[mail]``: who writes, who is answered, and how it leaves."""

    sender_name: str = ""
    sender: str = ""
    reply_to: str = ""
    channel: str = "folder"
    unsubscribe_url: str = ""
    """Address of the site's one-click pages; a reader's token is put behind it."""
    confirm_url: str = ""
    """Address of the page that takes confirmations, before a token; empty: nobody subscribes alone."""
    subscribe_url: str = ""
    """Address of the page where readers subscribe, with ``{lang}``; empty: pages invite to feeds alone."""
    preferences_url: str = ""
    """Address of the page where readers choose; a token is put behind it. Empty: mails do not offer it."""
    bounce_address: str = ""
    """Where mails come back to: ``bounces@example.org`` becomes ``bounces+<token>@example.org`` in
    the envelope. Empty: the sender's address is used as it is, and bounces are not read.
    """
    dkim: tuple[DkimKeySettings, ...] = ()
    """Keys that sign what leaves; a relay may sign as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaySettings:
    """``[channels.smtp]`` or one of ``[[channels.smtp.relays]]``: a server that takes our mail."""

    host: str
    port: int = 587
    security: str = "starttls"
    """``none``, ``opportunistic`` (tried, not verified), ``starttls`` (required) or ``tls`` at once."""
    username: str = ""
    password_env: str = ""
    """Environment variable with the password."""
    password_file: str = ""
    """File with the password; counts more than the variable."""
    ca_file: str = ""
    """Certificates to trust instead of the system's."""
    connections: int = 4
    """At the same time, at most."""
    per_second: float = 0.0
    """Messages a second over all connections, at most; 0: as fast as the relay takes them."""
    timeout: int = 60
    """Seconds to wait for the answer to a command; to connect a quarter of it, for a message to be
    transferred twice, for the verdict on it ten times as long (RFC 5321 4.5.3.2).
    """


@dataclass(frozen=True, slots=True)
class NoSettings:
    """The settings of a channel or mailbox that has none: standard output, standard input."""


@dataclass(frozen=True, slots=True)
class FolderSettings:
    """``[channels.folder]``, ``[channels.maildir]`` or ``[mailboxes.maildir]``: a folder of this machine."""

    path: str
    """Relative to the site's folder."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """``[channels.smtp]``: relays in order of preference."""

    relays: tuple[RelaySettings, ...] = ()
    domain_per_second: float = 0.0  # messages to any one recipient domain, at most; 0: no limit
    receiver_limits: bool = False  # we keep to what receivers allow, because the relay does not


ChannelSettings = NoSettings | FolderSettings | MxSettings | SmtpSettings
MailboxSettings = NoSettings | FolderSettings | ImapSettings


@dataclass(frozen=True, slots=True)
class TranslationSettings:
    """``[translations]``: what becomes of translations whose original has changed since."""

    outdated: str = "publish"  # or ``mark``, ``fall-back``


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """``[links]``: where texts may link to."""

    allow: tuple[str, ...] = ()  # schemes beside http, https, mailto and tel


@dataclass(frozen=True, slots=True)
class OldAddress:
    """One line of ``[redirects]``: where a page or feed was, and where there is one now."""

    written: str
    target: str  # output path of a page or feed of this site
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """``[limits]``: sizes above which a mistake is more likely than a wish."""

    file_size: int = 1_000_000  # bytes of one text file
    title_length: int = 200  # characters
    summary_length: int = 600
    picture_size: int = 3_000_000  # bytes of one picture
    picture_pixels: int = 50_000_000
    """Pixels of one picture: a phone needs 200 MB of memory to show so many."""
    attachment_size: int = 100_000_000  # bytes of one picture, or of any other file beside a text


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything ``config.toml`` says, checked."""

    site: SiteSettings
    languages: Mapping[str, Language]
    topics: Mapping[str, str] = field(default_factory=dict)
    donors: Mapping[str, str] = field(default_factory=dict)
    partners: Mapping[str, str] = field(default_factory=dict)
    programmes: Mapping[str, str] = field(default_factory=dict)
    authors: Mapping[str, str] = field(default_factory=dict)
    """A line about each, by the part of their pages' addresses; msgids of ``site.po``."""
    countries: Mapping[str, str] = field(default_factory=dict)
    """Names that replace those of CLDR, by ISO 3166 code; msgids of ``site.po``."""
    brand: BrandSettings = NO_BRAND
    feeds: FeedSettings = FeedSettings()
    lists: ListSettings = ListSettings()
    search: SearchSettings = SearchSettings()
    output: OutputSettings = OutputSettings()
    digests: Mapping[str, Digest] = field(default_factory=dict)
    audiences: Mapping[str, str] = field(default_factory=dict)
    """Audience name → path of its CSV file."""
    mail: MailSettings = MailSettings()
    channels: Mapping[str, ChannelSettings] = field(default_factory=dict)
    """Name → settings of every channel that can be used: those with a table, and those that need none."""
    receivers: Mapping[str, ReceiverGroup] = field(default_factory=dict)
    mailboxes: Mapping[str, MailboxSettings] = field(default_factory=dict)
    """Name → settings of every mailbox that has a table."""
    doctor: DoctorSettings | None = None
    translations: TranslationSettings = TranslationSettings()
    links: LinkSettings = LinkSettings()
    redirects: tuple[OldAddress, ...] = ()
    limits: Limits = Limits()
    store: StoreSettings = USUAL_STORE
    web: WebSettings = NO_WEB
    publish: PublishSettings = NO_PUBLISHING
    websub: WebSubSettings = NO_WEBSUB
    fediverse: FediverseSettings = NO_FEDIVERSE
    editors: EditorsSettings = NO_EDITORS
    issues: tuple[PublishedIssue, ...] = ()
    """Records of issues that were sent, from ``issues/`` beside the configuration; oldest first."""
    preview: bool = False
    """Drafts are shown: for nobody but editors, and no search engine."""

    @property
    def own_hub(self) -> str:
        """Return the address of this service's own hub for its feeds; empty when it is none."""
        return f"{self.web.base_url}websub" if self.websub.hub and self.web.base_url else ""

    @property
    def hubs(self) -> tuple[str, ...]:
        """Return the addresses of all hubs that feeds name, our own first."""
        return (*filter(None, (self.own_hub,)), *self.websub.hubs)

    @property
    def editions(self) -> tuple[Language, ...]:
        """Return the editions in the order of the configuration."""
        return tuple(self.languages[code] for code in self.site.languages)
