"""Values that templates and feed formats are given: complete, frozen, and no services among them.

A view holds everything its page, feed or mail shows, already in the right language. Addresses in
pages begin with a slash (the site may live in a folder of its domain); in feeds and mails they
are absolute. ``lang`` fields are empty when the text is in the page's own language.

Views of pages and feeds are named tuples: they are made by the hundred thousand, in a fraction of the time
that frozen dataclasses take.

Everybody imports them from here. No behaviour and no text for readers lives in this room.
"""

from newsfeed.views.feeds import (
    FeedCategory,
    FeedEntry,
    FeedView,
    OpmlView,
    OutlineFeed,
    OutlineGroup,
    SitemapEntry,
    SitemapIndexEntry,
    SitemapIndexView,
    SitemapView,
)
from newsfeed.views.frames import (
    AlternateLink,
    Brand,
    EditionLink,
    Frame,
    Sharing,
)
from newsfeed.views.issues import (
    IssueBody,
    IssueEntry,
    IssueGroup,
    IssueListView,
    IssueView,
)
from newsfeed.views.mails import (
    DigestEntry,
    DigestGroup,
    DigestNote,
    DigestView,
)
from newsfeed.views.pages import (
    AboutFeedView,
    AnchorGroup,
    ArchivePeriod,
    ArchiveView,
    DossierView,
    EntranceView,
    FactRow,
    FeedListView,
    IndexEntry,
    IndexView,
    ListView,
    NotFoundView,
    PageView,
    RedirectView,
    SearchRecord,
    SearchView,
    StaticView,
    StoryView,
    TextFileView,
)
from newsfeed.views.parts import (
    Anchor,
    Attachment,
    Credit,
    Fallback,
    FeedLink,
    Picture,
    SharedTuple,
    StoryCard,
    StoryLine,
    TextReference,
)
from newsfeed.views.readers_pages import (
    Choice,
    Invitation,
    MessageView,
    PreferencesView,
    QuestionView,
    ServiceView,
    SubscribeView,
)

__all__ = [
    "AboutFeedView",
    "AlternateLink",
    "Anchor",
    "AnchorGroup",
    "ArchivePeriod",
    "ArchiveView",
    "Attachment",
    "Brand",
    "Choice",
    "Credit",
    "DigestEntry",
    "DigestGroup",
    "DigestNote",
    "DigestView",
    "DossierView",
    "EditionLink",
    "EntranceView",
    "FactRow",
    "Fallback",
    "FeedCategory",
    "FeedEntry",
    "FeedLink",
    "FeedListView",
    "FeedView",
    "Frame",
    "IndexEntry",
    "IndexView",
    "Invitation",
    "IssueBody",
    "IssueEntry",
    "IssueGroup",
    "IssueListView",
    "IssueView",
    "ListView",
    "MessageView",
    "NotFoundView",
    "OpmlView",
    "OutlineFeed",
    "OutlineGroup",
    "PageView",
    "Picture",
    "PreferencesView",
    "QuestionView",
    "RedirectView",
    "SearchRecord",
    "SearchView",
    "ServiceView",
    "SharedTuple",
    "Sharing",
    "SitemapEntry",
    "SitemapIndexEntry",
    "SitemapIndexView",
    "SitemapView",
    "StaticView",
    "StoryCard",
    "StoryLine",
    "StoryView",
    "SubscribeView",
    "TextFileView",
    "TextReference",
]
