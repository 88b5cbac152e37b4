"""Build the views of everything that is kept about somebody: for themselves, and as a certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.people.service_frames import ServiceFrames
from newsfeed.core.people.service_pages import FREQUENCY_NAMES
from newsfeed.marking import msgid
from newsfeed.views import Anchor, CertificateView, HeldDataView, HeldEvent, HeldFact, HeldText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from newsfeed.core.people.held_data import HeldData
    from newsfeed.ports import Texts
    from newsfeed.records import Consent
    from newsfeed.settings import Settings

STATES = {
    "pending": msgid("not confirmed yet"),
    "active": msgid("subscribed"),
    "left": msgid("unsubscribed"),
    "bounced": msgid("emails came back"),
    "complained": msgid("reported an email as spam"),
}
EVENTS = {
    "import": msgid("Added by the editors"),
    "asked": msgid("Asked for on a page"),
    "confirmed": msgid("Confirmed with the link from an email"),
    "changed": msgid("Changed"),
    "left": msgid("Unsubscribed"),
    "one-click": msgid("Unsubscribed with one click"),
    "undone": msgid("Subscribed again"),
    "complained": msgid("Reported an email as spam"),
    "bounced": msgid("Emails came back"),
    "unsuppressed": msgid("May be written to again"),
    "returned": msgid("Asked in person to get it again"),
    "moved": msgid("Moved to another newsletter"),
}
"""What a record is about → its name."""
OUTCOMES = {
    "accepted": msgid("delivered"),
    "planned": msgid("on its way"),
    "intent": msgid("on its way"),
    "deferred": msgid("on its way"),
    "unknown": msgid("perhaps delivered"),
}
"""State of a delivery → what became of the mail; all others did not arrive."""
NOT_DELIVERED = msgid("not delivered")
WHOLE = msgid("The chain of records was checked: every record is as it was made, and none is missing.")
BROKEN = msgid("The chain of records is broken: this certificate proves nothing.")
_TEXTS = {"form": msgid("The page"), "mail": msgid("The email that asked for confirmation")}


class HeldPages:
    """Builds these views in every language of the site."""

    def __init__(self, settings: Settings, texts: Mapping[str, Texts], plain: Callable[[str], str]) -> None:
        """``plain`` turns what a page says into plain text."""
        self._settings = settings
        self._texts = texts
        self._frames = ServiceFrames(settings, texts)
        self._plain = plain

    def data(self, lang: str, held: HeldData, ways: tuple[Anchor, ...]) -> HeldDataView:
        """Return the page with everything, for the person."""
        words = self._texts[lang]
        heading = words.gettext(msgid("Everything we keep about you"))
        return HeldDataView(
            frame=self._frames.reader(lang, heading),
            heading=heading,
            lead=words.gettext(msgid("There is nothing else. You can print this page.")),
            facts=tuple(self._facts(words, held)),
            events=tuple(self._event(words, one, held.pages) for one in held.consents),
            mails=tuple(
                HeldFact(
                    f"{self._moment(words, issue.instant)}, {self._title(words, issue.digest)}",
                    (words.gettext(OUTCOMES.get(delivery.state, NOT_DELIVERED)),),
                )
                for issue, delivery in held.deliveries
            ),
            returned=tuple(
                HeldFact(self._moment(words, one.at), tuple(filter(None, (one.kind, one.status, one.detail))))
                for one in held.bounces
            ),
            ways=ways,
        )

    def certificate(
        self, lang: str, held: HeldData, now: datetime, *, is_whole: bool, style: str
    ) -> CertificateView:
        """Return the certificate of what somebody agreed to. ``is_whole``: the chain of records closes."""
        words = self._texts[lang]
        return CertificateView(
            lang=lang,
            direction=words.direction,
            heading=words.gettext(msgid("Certificate of consent")),
            verdict=words.gettext(WHOLE if is_whole else BROKEN),
            is_whole=is_whole,
            issued=words.gettext(msgid("{title}, {moment}")).format(
                title=self._frames.site_title(lang), moment=self._moment(words, now)
            ),
            facts=tuple(self._facts(words, held)),
            events=tuple(self._event(words, one, held.pages) for one in held.consents),
            style=style,
        )

    def _facts(self, words: Texts, held: HeldData) -> Iterator[HeldFact]:
        person, say = held.person, words.gettext
        yield HeldFact(say(msgid("Email address")), (person.address,))
        if held.wanted_address:
            yield HeldFact(say(msgid("New email address")), (held.wanted_address,))
        if person.name:
            yield HeldFact(say(msgid("Name")), (person.name,))
        yield HeldFact(say(msgid("Languages")), tuple(words.language(one) for one in person.languages))
        yield HeldFact(say(msgid("State")), (say(STATES[person.state]),))
        for name, entry in sorted(person.subscriptions.items()):
            topics = [words.name("topic", key)[0] for key in entry.topics if key in self._settings.topics]
            chosen = words.together(topics) if topics else say(msgid("all topics"))
            yield HeldFact(self._title(words, name), (say(FREQUENCY_NAMES[entry.frequency]), chosen))

    def _event(self, words: Texts, consent: Consent, pages: Mapping[str, str]) -> HeldEvent:
        evidence, say = consent.evidence, words.gettext
        found = {
            msgid("Newsletter"): self._title(words, consent.digest) if consent.digest else "",
            msgid("Wording"): consent.wording,
            msgid("Language"): words.language(consent.language) if consent.language else "",
            msgid("Choices, or source"): self._source(words, consent.source),
            msgid("Page"): evidence.get("page", ""),
            msgid("Seconds from showing to sending"): evidence.get("filled", ""),
            msgid("Checksum in the chain"): consent.hash,
        }
        return HeldEvent(
            at=self._moment(words, consent.at),
            what=say(EVENTS.get(consent.how, consent.how)),
            facts=tuple(HeldFact(say(label), (value,)) for label, value in found.items() if value),
            texts=tuple(
                HeldText(say(label), self._plain(pages.get(evidence[key], "")), evidence[key])
                for key, label in _TEXTS.items()
                if key in evidence
            ),
        )

    def _source(self, words: Texts, source: str) -> str:
        """Return what somebody wished in words, or where they come from as it was noted."""
        named = [self._wish(words, one) for one in source.split()]
        return " · ".join(named) if all(named) else source

    def _wish(self, words: Texts, word: str) -> str:
        """Return the name of one wish, as `wishes.write_wishes` wrote it; empty for another word."""
        if word in self._settings.topics:
            return words.name("topic", word)[0]
        kind, _, value = word.partition(":")
        if kind == "frequency" and value in FREQUENCY_NAMES:
            return words.gettext(FREQUENCY_NAMES[value])
        return words.language(value) if kind == "language" and value in self._settings.languages else ""

    def _title(self, words: Texts, digest: str) -> str:
        """Return the title of a digest; of one that is no more its name."""
        if digest not in self._settings.digests:
            return digest
        return self._settings.digests[digest].title.get(words.code) or self._frames.site_title(words.code)

    def _moment(self, words: Texts, at: datetime) -> str:
        local = at.astimezone(self._settings.site.timezone)
        return f"{words.long_date(local)}, {local:%H:%M:%S} ({local:%Z})"
