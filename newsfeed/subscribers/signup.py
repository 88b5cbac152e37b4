"""The verbs of readers: ask, confirm, change, leave, one click. Web pages only call them.

What they return are message ids; pages say them in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from newsfeed.core.content.languages import canonicalise_tag
from newsfeed.core.digests.planning import FREQUENCIES
from newsfeed.core.people import subscription as decide
from newsfeed.core.people import tokens
from newsfeed.core.people.mail_address import normal_address
from newsfeed.core.site.pages.kit import msgid
from newsfeed.errors import UsageError
from newsfeed.mail.confirmation import Request, confirmation
from newsfeed.records import ServiceMail, Subscriber, Subscription
from newsfeed.subscribers.roster import again, char_free

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from newsfeed.i18n.texts import CatalogueTexts
    from newsfeed.mail.dkim import Signer
    from newsfeed.ports import Outbox, People
    from newsfeed.records import Consent
    from newsfeed.render.templates import Templates
    from newsfeed.settings import Settings

WORDING = "confirm-1"
"""Version of what people are shown when they confirm; a change of its meaning is a new number."""
CONFIRMED = msgid("Confirmed. The next issue comes to you.")
CHANGED = msgid("Your wishes are noted.")
LEFT = msgid("You are off this list and get no more of its mails.")
NOT_VALID = msgid("This link is not valid, or no longer. You can ask for a new one.")
NOT_POSSIBLE = msgid("This choice is not possible.")
_ASKED, _CONFIRMED, _CHANGED = "asked", "confirmed", "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """What these verbs work with."""

    settings: Settings
    people: People
    outbox: Outbox
    secret: bytes
    texts: Mapping[str, CatalogueTexts]
    templates: Templates
    new_key: Callable[[], str]
    signer: Signer | None = None
    """Signs confirmation mails, where the site has DKIM keys."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it."""

    done: bool
    message: str
    """A message id."""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a reader wants changed; ``None`` leaves it as it is."""

    languages: Sequence[str] | None = None
    topics: Sequence[str] | None = None
    frequency: str | None = None


def ask(
    office: Counter,
    address: str,
    name: str,
    language: str,
    digest: str,
    topics: Sequence[str],
    now: datetime,
) -> None:
    """Somebody asks for a digest: they are sent a mail to confirm it, unless there is a reason not
    to. The visitor learns nothing of that: not who reads what, nor who must not be written to.

    Raises `UsageError` when the site cannot take requests, or has no such digest.
    """
    settings = office.settings
    if not settings.mail.confirm_url or not settings.mail.sender:
        raise UsageError("nobody can subscribe: config.toml has no [mail] confirm_url, or no from")
    if digest not in settings.digests:
        raise UsageError(f"there is no digest “{digest}” in config.toml")
    normal = normal_address(address)
    hashed = tokens.address_hash(office.secret, normal or "")
    if normal is None or office.people.suppressions([hashed]):
        return
    lang = canonicalise_tag(language)
    fresh = Subscriber(
        key=office.new_key(),
        address=normal,
        name=" ".join(char_free(name).split())[:200],
        languages=(lang if lang in settings.languages else settings.site.default_language,),
        state="pending",
    )
    chosen = [topic for topic in dict.fromkeys(topics) if topic in settings.topics]
    again(lambda: _asked(office, fresh, digest, chosen, now))


def confirm(office: Counter, token: str, now: datetime) -> Outcome:
    """Somebody opened the link of a confirmation mail. Opening it twice is no error; opening an old
    one after leaving brings nobody back.
    """
    return again(lambda: _confirm(office, token, now))


def change(office: Counter, token: str, wishes: Wishes, now: datetime) -> Outcome:
    """A reader changes languages, topics or frequency of a digest."""
    return again(lambda: _change(office, token, wishes, now))


def leave(office: Counter, token: str, now: datetime) -> Outcome:
    """A reader leaves a digest through a page."""
    return again(lambda: _leave(office, token, "leave", "left", now))


def one_click(office: Counter, token: str, now: datetime) -> Outcome:
    """A reader's mail program unsubscribes them (RFC 8058)."""
    return again(lambda: _leave(office, token, "one-click", "one-click", now))


def forget_unconfirmed(people: People, now: datetime) -> int:
    """Delete everybody who asked, and did not confirm in time; returns how many they were."""
    oldest = now - timedelta(days=decide.CONFIRM_DAYS + 1)  # a token is good until its day ends
    pending = [one for one in people.all() if one.state == "pending"]
    forgotten = 0
    for person in pending:
        if all(one.at < oldest for one in people.consents(person.key)):
            people.erase(person.id)
            forgotten += 1
    return forgotten


def _asked(office: Counter, fresh: Subscriber, digest: str, topics: Sequence[str], now: datetime) -> None:
    known = office.people.find(fresh.address)
    since = now - decide.ASK_WINDOW
    sent = office.outbox.count(known.id, "confirm", since) if known is not None else 0
    person = decide.asked(known, fresh, digest, sent)
    if person is None:
        return
    lang = fresh.languages[0]
    # What was asked for is on record, not in force: a stranger may have asked.
    record = replace(
        decide.consent(person, digest, now, how=_ASKED, wording=WORDING, source=" ".join(topics)),
        language=lang,
    )
    person = office.people.save([person], [record])[0]
    expires = tokens.expiry(now, decide.CONFIRM_DAYS)
    token = tokens.issue(
        office.secret, purpose="confirm", digest=digest, id=person.id, holder=person.key, expires=expires
    )
    request = Request(
        address=person.address,
        digest=digest,
        link=office.settings.mail.confirm_url + token,
        days=decide.CONFIRM_DAYS,
        at=now,
    )
    message = confirmation(office.settings, office.templates, office.texts[lang], request)
    if office.signer is not None:
        message = replace(message, data=office.signer.signed(message.data))
    office.outbox.add(
        ServiceMail(
            kind="confirm",
            subscriber_id=person.id,
            message=message,
            created=now,
            next_try=now,
            expires=expires,
        )
    )


def _confirm(office: Counter, token: str, now: datetime) -> Outcome:
    person, digest = _holder(office, token, "confirm", now)
    if person is None or office.people.suppressions([tokens.address_hash(office.secret, person.address)]):
        return Outcome(False, NOT_VALID)
    history = [one for one in office.people.consents(person.key) if one.digest in (digest, "")]
    last = history[-1] if history else None
    if person.state == "active" and digest in person.subscriptions:
        return Outcome(True, CONFIRMED, digest)
    if last is None or last.how != _ASKED:  # they have left since
        return Outcome(False, NOT_VALID)
    changed = decide.confirmed(person, Subscription(digest=digest, topics=tuple(last.source.split())))
    if person.state != "active":
        changed = replace(changed, languages=_first(last.language, person.languages))
    office.people.save([changed], [_record(changed, digest, now, _CONFIRMED)])
    return Outcome(True, CONFIRMED, digest)


def _change(office: Counter, token: str, wishes: Wishes, now: datetime) -> Outcome:
    person, digest = _holder(office, token, "change", now)
    if person is None or person.state != "active" or digest not in person.subscriptions:
        return Outcome(False, NOT_VALID)
    place, settings = person.subscriptions[digest], office.settings
    topics = place.topics if wishes.topics is None else tuple(dict.fromkeys(wishes.topics))
    frequency = place.frequency if wishes.frequency is None else wishes.frequency
    languages = person.languages
    if wishes.languages is not None:
        languages = tuple(dict.fromkeys(canonicalise_tag(one) for one in wishes.languages))
    possible = set(topics) <= set(settings.topics) and frequency in FREQUENCIES
    if not possible or not languages or not set(languages) <= set(settings.languages):
        return Outcome(False, NOT_POSSIBLE, digest)
    new = Subscription(digest=digest, topics=topics, frequency=frequency)
    if (new, languages) != (place, person.languages):
        subscriptions = {**person.subscriptions, digest: new}
        changed = replace(person, languages=languages, subscriptions=subscriptions)
        office.people.save([changed], [_record(changed, digest, now, _CHANGED)])
    return Outcome(True, CHANGED, digest)


def _leave(office: Counter, token: str, purpose: str, how: str, now: datetime) -> Outcome:
    person, digest = _holder(office, token, purpose, now)
    if person is None:
        return Outcome(False, NOT_VALID)
    if digest in person.subscriptions or person.state == "pending":
        changed = decide.left(person, digest)
        office.people.save([changed], [_record(person, digest, now, how)])
    return Outcome(True, LEFT, digest)


def _holder(office: Counter, token: str, purpose: str, now: datetime) -> tuple[Subscriber | None, str]:
    """Whose token it is, and for which digest; nobody when it is not genuine or too old."""
    claims = tokens.read(token)
    person = office.people.get(claims.id) if claims is not None else None
    if claims is None or person is None:
        return None, ""
    for digest in office.settings.digests:
        if tokens.check(office.secret, claims, purpose=purpose, digest=digest, holder=person.key, now=now):
            return person, digest
    return None, ""


def _record(person: Subscriber, digest: str, now: datetime, how: str) -> Consent:
    return decide.consent(person, digest, now, how=how, wording=WORDING)


def _first(language: str, languages: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((language, *languages)))
