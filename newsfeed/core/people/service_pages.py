"""Build the views of the pages where readers subscribe, confirm, choose and leave."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsfeed.core.digests.planning import FREQUENCIES
from newsfeed.core.digests.rhythm import describe_rhythm
from newsfeed.core.digests.volume import describe_volume
from newsfeed.core.people.service_frames import ServiceFrames
from newsfeed.core.people.wishes import USUAL_FREQUENCY
from newsfeed.marking import msgid
from newsfeed.views import (
    AddressFormView,
    Anchor,
    Choice,
    MessageView,
    PreferencesView,
    QuestionView,
    SubscribeView,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from newsfeed.ports import Texts
    from newsfeed.records import Subscription
    from newsfeed.settings import Settings

SUBSCRIBE = msgid("Subscribe by email")
ONE_MORE_STEP = msgid("One more step")
CHECK_AND_SEND = msgid("Is everything right? Then send the form.")
COMES_BY_MAIL = msgid("“%(title)s” comes by email, %(rhythm)s.")
AGAIN = msgid("Subscribe again")
CHANGE_CHOICES = msgid("Change your choices")
LOST_LINK = msgid("Already subscribed? Have your links sent")
FREQUENCY_NAMES = {"every": msgid("every issue"), "monthly": msgid("once a month, all in one")}
QUESTIONS = {
    "confirm": (
        msgid("One more click"),
        msgid("You asked for “{title}” by email, {rhythm}. Do you want to get it?"),
        msgid("Yes, send me “{title}”"),
    ),
    "leave": (
        msgid("Unsubscribe"),
        msgid("Do you no longer want to get “{title}” by email?"),
        msgid("Unsubscribe from “{title}”"),
    ),
    "undo": (
        msgid("Subscribe again"),
        msgid("Do you want to get “{title}” again, with the choices you had?"),
        msgid("Yes, send me “{title}” again"),
    ),
    "move": (
        msgid("A new address"),
        msgid("Do you want to get the emails of “{title}” at this address from now on?"),
        msgid("Yes, use this address"),
    ),
    "keep": (
        msgid("Keep your address"),
        msgid("The emails of “{title}” are to go to another address. Do you want to stop that?"),
        msgid("Stop it, and keep this address"),
    ),
    "erase": (
        msgid("Erase everything"),
        msgid(
            "Do you want us to erase everything that we keep about you? You will get no more emails, and"
            " nobody can take it back. Only a code made from your address stays, so that nobody can sign you"
            " up again."
        ),
        msgid("Erase everything about me"),
    ),
}
"""Kind of link → heading, question and button of its page."""
OWN_DATA = msgid("Another address, your data, or erasing it")
ADDRESS_FORMS = {
    "link": (
        msgid("Your links"),
        msgid(
            "Enter the address at which you get “{title}”. We will send it links to your choices, to"
            " everything we keep about you, and to a change of address."
        ),
        msgid("Email address"),
        msgid("Send me my links"),
    ),
    "move": (
        msgid("A new address"),
        msgid("Where shall the emails of “{title}” go from now on?"),
        msgid("New email address"),
        msgid("Use this address"),
    ),
}
"""Kind of form → its heading, what it is for, the name of its field, and its button."""
_LANGUAGES = 3
"""Languages of a reader that can be put in order: more make a long form that nobody needs."""


@dataclass(frozen=True, slots=True)
class SubscribeForm:
    """A form as a visitor sent it, or as it begins."""

    email: str = ""
    name: str = ""
    languages: tuple[str, ...] = ()
    """Best first; none: the page's own."""
    digest: str = ""
    topics: tuple[str, ...] = ()
    frequency: str = USUAL_FREQUENCY
    seconds: int | None = None
    """From its showing to its sending; ``None`` when that cannot be known."""
    trap: str = ""
    """What stands in the field that people do not see."""
    is_begun: bool = False
    """It was begun on a page of the site."""
    alert: str = ""
    """A message id: why the whole of it is shown again."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """Field → message id."""


class ServicePages:
    """Builds the views of all pages, in every language of the site."""

    def __init__(self, settings: Settings, texts: Mapping[str, Texts]) -> None:
        self._settings = settings
        self._texts = texts
        self._frames = ServiceFrames(settings, texts)

    @property
    def frames(self) -> ServiceFrames:
        """Return the frames of the pages, which know their addresses."""
        return self._frames

    def subscribe(
        self, lang: str, form: SubscribeForm, token: str, volumes: Mapping[str, float]
    ) -> SubscribeView:
        """Return the page with the form; what was sent stays in it. ``volumes``: digest → stories a week."""
        words = self._texts[lang]
        first = form.digest or next(iter(self._settings.digests), "")
        return SubscribeView(
            frame=self._frames.subscribe(lang, words.gettext(ONE_MORE_STEP if form.is_begun else SUBSCRIBE)),
            action=self._frames.address(f"{lang.lower()}/subscribe"),
            token=token,
            is_begun=form.is_begun,
            heading=words.gettext(ONE_MORE_STEP if form.is_begun else SUBSCRIBE),
            lead=self._lead(words, volumes, begun=form.is_begun),
            trap=form.trap,
            email=form.email,
            name=form.name,
            digests=tuple(
                Choice(name, self.title(lang, name), "", name == first, self._describe(name, words, volumes))
                for name in self._settings.digests
            ),
            languages=self._ranks(form.languages or (lang,)),
            topics=self._topics(words, form.topics),
            frequencies=self._frequencies(words, form.frequency),
            links=Anchor(self._frames.address(f"{lang.lower()}/link"), words.gettext(LOST_LINK)),
            alert=words.gettext(form.alert) if form.alert else "",
            errors={name: words.gettext(error) for name, error in form.errors.items()},
        )

    def preferences(
        self, lang: str, digest: str, languages: Sequence[str], chosen: Subscription, leave: str
    ) -> PreferencesView:
        """Return the page with a reader's choices. ``leave``: address of the page that ends them."""
        words, title = self._texts[lang], self.title(lang, digest)
        heading = words.gettext(msgid("Your choices"))
        lead = words.gettext(msgid("Choose what you get of “{title}”.")).format(title=title)
        return PreferencesView(
            frame=self._frames.reader(lang, heading),
            heading=heading,
            lead=lead,
            alert="",
            saved="",
            languages=self._ranks(languages),
            topics=self._topics(words, chosen.topics),
            frequencies=self._frequencies(words, chosen.frequency),
            data=Anchor(self._frames.address(f"{lang.lower()}/link"), words.gettext(OWN_DATA)),
            leave=Anchor(leave, words.gettext(msgid("Unsubscribe from “{title}”")).format(title=title)),
        )

    def question(self, lang: str, kind: str, digest: str, action: str) -> QuestionView:
        """Return a page that asks before it does what its link is for: programs open links, too. ``digest``:
        empty for a link that is about the person.
        """
        words = self._texts[lang]
        heading, lead, button = (words.gettext(one) for one in QUESTIONS[kind])
        named = {"title": self._frames.site_title(lang), "rhythm": ""}
        if digest:
            schedule = self._settings.digests[digest].schedule
            named = {"title": self.title(lang, digest), "rhythm": describe_rhythm(schedule, words)}
        return QuestionView(
            frame=self._frames.reader(lang, heading),
            heading=heading,
            lead=lead.format_map(named),
            action=action,
            button=button.format_map(named),
        )

    def address_form(
        self, lang: str, kind: str, action: str, token: str, email: str = "", alert: str = "", error: str = ""
    ) -> AddressFormView:
        """Return a form for a mail address. ``alert``, ``error``: message ids."""
        words, named = self._texts[lang], {"title": self._frames.site_title(lang)}
        heading, lead, label, button = (words.gettext(one).format_map(named) for one in ADDRESS_FORMS[kind])
        frame = self._frames.link if kind == "link" else self._frames.reader
        return AddressFormView(
            frame=frame(lang, heading),
            heading=heading,
            lead=lead,
            action=action,
            token=token,
            label=label,
            email=email,
            button=button,
            alert=words.gettext(alert) if alert else "",
            error=words.gettext(error) if error else "",
        )

    def message(
        self,
        lang: str,
        heading: str,
        paragraphs: Sequence[str],
        *,
        digest: str = "",
        undo: str = "",
        choices: str = "",
        again: bool = False,
    ) -> MessageView:
        """Return a page that says something; heading and paragraphs are message ids.

        digest: the one whose title paragraphs name, if they name any;
        undo: address that takes it back; choices: that of the reader's choices; again: lead to the form, too.
        """
        words, title = self._texts[lang], self.title(lang, digest) if digest else ""
        return MessageView(
            frame=self._frames.reader(lang, words.gettext(heading)),
            heading=words.gettext(heading),
            paragraphs=tuple(words.gettext(one).replace("{title}", title) for one in paragraphs),
            action=undo,
            button=words.gettext(AGAIN) if undo else "",
            onward=self._onward(lang, choices, again=again),
        )

    def title(self, lang: str, digest: str) -> str:
        """Return the title of a digest: its own, else the site's."""
        return self._settings.digests[digest].title.get(lang) or self._frames.site_title(lang)

    def _lead(self, words: Texts, volumes: Mapping[str, float], *, begun: bool) -> str:
        if begun:
            return words.gettext(CHECK_AND_SEND)
        if len(self._settings.digests) > 1:
            return ""
        [name] = self._settings.digests
        rhythm = self._describe(name, words, volumes)
        return words.gettext(COMES_BY_MAIL) % {"title": self.title(words.code, name), "rhythm": rhythm}

    def _describe(self, digest: str, words: Texts, volumes: Mapping[str, float]) -> str:
        """Return how often a digest comes, and how much it brings when that is known."""
        rhythm = describe_rhythm(self._settings.digests[digest].schedule, words)
        if digest not in volumes:
            return rhythm
        volume = describe_volume(volumes[digest], words)
        return words.gettext("{rhythm}, {volume}").format(rhythm=rhythm, volume=volume)

    def _onward(self, lang: str, choices: str, *, again: bool) -> tuple[Anchor, ...]:
        form = Anchor(self._frames.address(f"{lang.lower()}/subscribe"), self._texts[lang].gettext(SUBSCRIBE))
        home = Anchor(self._frames.home(lang), self._texts[lang].gettext(msgid("News")))
        links = Anchor(self._frames.address(f"{lang.lower()}/link"), self._texts[lang].gettext(LOST_LINK))
        own = (Anchor(choices, self._texts[lang].gettext(CHANGE_CHOICES)),) if choices else ()
        return (*own, form, links, home) if again else (*own, home)

    def _languages(self, chosen: str) -> tuple[Choice, ...]:
        return tuple(
            Choice(code, self._texts[code].autonym(code), code, code == chosen)
            for code in self._settings.site.languages
        )

    def _ranks(self, languages: Sequence[str]) -> tuple[tuple[Choice, ...], ...]:
        ranks = min(len(self._settings.languages), _LANGUAGES)
        return tuple(self._rank(languages, number) for number in range(ranks))

    def _rank(self, languages: Sequence[str], number: int) -> tuple[Choice, ...]:
        chosen = languages[number] if number < len(languages) else ""
        none = (Choice("", "–", "", not chosen),) if number else ()
        return (*none, *self._languages(chosen))

    def _topics(self, words: Texts, chosen: Collection[str]) -> tuple[Choice, ...]:
        names = {key: words.name("topic", key) for key in self._settings.topics}
        found = (
            Choice(key, name, "" if lang == words.code else lang, key in chosen)
            for key, (name, lang) in names.items()
        )
        return tuple(sorted(found, key=lambda choice: words.sort_key(choice.text)))

    def _frequencies(self, words: Texts, chosen: str) -> tuple[Choice, ...]:
        return tuple(
            Choice(name, words.gettext(FREQUENCY_NAMES[name]), "", name == chosen) for name in FREQUENCIES
        )
