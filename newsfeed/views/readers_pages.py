"""Views of readers' own pages: forms to subscribe and to choose, questions and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsfeed.views.frames import Frame
    from newsfeed.views.parts import Anchor, SharedTuple


class Choice(NamedTuple):
    """One thing that can be chosen in a form."""

    value: str
    text: str
    lang: str = ""
    chosen: bool = False
    note: str = ""
    """A word about it, such as how often a digest comes."""


class Invitation(NamedTuple):
    """The short form that invites to subscribe by email: alike on all pages of an edition."""

    action: str
    """Absolute: the form may stand on another host."""
    lang: str
    digests: SharedTuple[Choice]
    has_choices: bool
    """Languages or topics are chosen on the page that follows."""


class SubscribeView(NamedTuple):
    """The form with which a visitor subscribes."""

    frame: Frame
    action: str
    token: str
    """Says that the form was made here, and when."""
    is_begun: bool
    """It was begun on a page of the site."""
    heading: str
    lead: str
    """Empty when there is nothing to say above the form."""
    trap: str
    """What stood in the field that people do not see, when the form was begun on another page."""
    email: str
    name: str
    digests: tuple[Choice, ...]
    languages: tuple[tuple[Choice, ...], ...]
    """The first language, then those that stand in for it: one list for each."""
    topics: tuple[Choice, ...]
    frequencies: tuple[Choice, ...]
    links: Anchor
    """For whom it is no news: the page that sends a reader's links."""
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
    data: Anchor
    """Where a reader's own data, and another address, can be asked for."""


class QuestionView(NamedTuple):
    """A page with one button, which says what it does."""

    frame: Frame
    heading: str
    lead: str
    action: str
    button: str


class AddressFormView(NamedTuple):
    """A form that asks for nothing but a mail address."""

    frame: Frame
    heading: str
    lead: str
    action: str
    token: str
    """Says that the form was made here, and when; empty where a reader's link says enough."""
    label: str
    email: str
    button: str
    alert: str
    error: str


class HeldFact(NamedTuple):
    """Something that is kept, under its name."""

    label: str
    entries: tuple[str, ...]


class HeldText(NamedTuple):
    """A page or mail that somebody was shown when they agreed."""

    label: str
    text: str
    """Plain text; empty when it is not there as it was."""
    hash: str


class HeldEvent(NamedTuple):
    """Something that somebody did, with the proof of it."""

    at: str
    what: str
    facts: tuple[HeldFact, ...]
    texts: tuple[HeldText, ...]


class HeldDataView(NamedTuple):
    """Everything that is kept about somebody, for themselves; to be printed, too."""

    frame: Frame
    heading: str
    lead: str
    facts: tuple[HeldFact, ...]
    events: tuple[HeldEvent, ...]
    mails: tuple[HeldFact, ...]
    """Moment and digest → what became of the mail."""
    returned: tuple[HeldFact, ...]
    ways: tuple[Anchor, ...]
    """What can be done with it: download, another address, erase."""


class CertificateView(NamedTuple):
    """The proof of what one person agreed to, for whoever may ask for it."""

    lang: str
    direction: str
    heading: str
    verdict: str
    is_whole: bool
    """Whether all records are as they were made."""
    issued: str
    facts: tuple[HeldFact, ...]
    events: tuple[HeldEvent, ...]
    style: str
    """The style sheet, for a file that stands alone."""


class MessageView(NamedTuple):
    """A page that says what was done, or why not, and where to go on."""

    frame: Frame
    heading: str
    paragraphs: tuple[str, ...]
    action: str
    """What the button does, such as taking it back; empty: there is none."""
    button: str
    onward: tuple[Anchor, ...]


ServiceView = SubscribeView | PreferencesView | QuestionView | AddressFormView | HeldDataView | MessageView
