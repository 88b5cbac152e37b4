"""The readers' verbs: ask for a digest, confirm, change, leave. Web pages only call these.

They return message ids; pages show them in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from newsfeed.core.content.languages import canonicalise_tag
from newsfeed.core.digests.planning import FREQUENCIES
from newsfeed.core.people import subscription, tokens, wishes
from newsfeed.core.people.import_columns import replace_control_characters
from newsfeed.core.people.mail_address import normalise_address
from newsfeed.errors import UsageError
from newsfeed.mail.confirmation import (
    ConfirmationRequest,
    compose_confirmation,
    render_confirmation_text,
)
from newsfeed.marking import N_, msgid
from newsfeed.records import ServiceMail, Subscriber, Subscription
from newsfeed.service_ports import MailLimit
from newsfeed.subscribers.proofs import make_evidence
from newsfeed.subscribers.roster import retry_when_stale

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from newsfeed.i18n.texts import CatalogueTexts
    from newsfeed.mail.dkim import DkimSigner
    from newsfeed.ports import People
    from newsfeed.records import Consent
    from newsfeed.render.templates import Templates
    from newsfeed.service_ports import AddressChanges, Outbox, ShownPages
    from newsfeed.settings import Settings
    from newsfeed.subscribers.held_data import HeldDataContext
    from newsfeed.subscribers.proofs import ShownPage

WORDING = "confirm-1"
"""Version of what people are shown when they confirm; a change of its meaning is a new number."""
CONFIRMED = msgid("Thank you – you are subscribed. You will get the next issue.")
CHANGED = msgid("Your choices have been saved.")
LEFT = msgid("You have been unsubscribed and will get no more of these emails.")
NOT_VALID = msgid("This link is invalid or has expired. You can ask for a new one.")
NOT_POSSIBLE = msgid("This choice is not possible.")
TOO_OFTEN = msgid("You have changed your choices too often today. Please come back tomorrow.")
LEAVE = ("leave", "one-click")
"""Purposes of the links with which a person leaves: a mail has the second in its text, too."""
_ASKED, _CONFIRMED, _CHANGED = "asked", "confirmed", "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignupContext:
    """The store, secret, texts and templates that a reader's verbs share."""

    settings: Settings
    people: People
    outbox: Outbox
    shown_pages: ShownPages
    address_changes: AddressChanges
    held: HeldDataContext
    """All ports behind which something about a person is kept."""
    secret: bytes
    texts: Mapping[str, CatalogueTexts]
    templates: Templates
    new_key: Callable[[], str]
    signer: DkimSigner | None = None
    """Signs confirmation mails, where the site has DKIM keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRequest:
    """The request of a visitor, as they sent it: nothing of it is believed yet."""

    address: str
    digest: str
    languages: Sequence[str]
    """Codes of editions, best first; the mail is in the first that there is."""
    name: str = ""
    topics: Sequence[str] = ()
    frequency: str = wishes.USUAL_FREQUENCY
    shown: ShownPage | None = None
    """The page with the form; ``None``: nobody noted it."""


@dataclass(frozen=True, slots=True)
class SignupResult:
    """The result of a reader's verb, and the message id to say on the page."""

    done: bool
    message: str
    """A message id."""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceChanges:
    """The preferences a reader wants changed; ``None`` leaves one as it is."""

    languages: Sequence[str] | None = None
    topics: Sequence[str] | None = None
    frequency: str | None = None


def request_digest(context: SignupContext, request: DigestRequest, now: datetime) -> None:
    """Send a confirmation mail to somebody who asks for a digest, unless there is a reason not to. The
    visitor learns nothing of that: not who reads what, nor who must not be written to.

    Raises `UsageError` when the site cannot take requests, or has no such digest.
    """
    settings = context.settings
    if not settings.mail.confirm_url or not settings.mail.sender:
        raise UsageError(N_("nobody can subscribe: config.toml has no [mail] confirm_url, or no from"))
    if request.digest not in settings.digests:
        raise UsageError(N_("there is no digest “{name}” in config.toml"), name=request.digest)
    normal = normalise_address(request.address)
    if normal is None:
        return
    wanted = dict.fromkeys(canonicalise_tag(one) for one in request.languages)
    editions = tuple(one for one in wanted if one in settings.languages)
    fresh = Subscriber(
        key=context.new_key(),
        address=normal,
        name=" ".join(replace_control_characters(request.name).split())[:200],
        languages=editions or (settings.site.default_language,),
        state="pending",
    )
    chosen = [topic for topic in dict.fromkeys(request.topics) if topic in settings.topics]
    often = request.frequency if request.frequency in FREQUENCIES else wishes.USUAL_FREQUENCY
    wished = wishes.write_wishes(chosen, often, fresh.languages)
    retry_when_stale(lambda: _asked(context, fresh, request, wished, now))


def confirm_digest(
    context: SignupContext, token: str, now: datetime, shown: ShownPage | None = None
) -> SignupResult:
    """Subscribe the person who opened the link of a confirmation mail. Opening it twice is no error; opening
    an old one after leaving brings nobody back. ``shown``: the page that asked.
    """
    return retry_when_stale(lambda: _confirm(context, token, now, shown))


def change_preferences(
    context: SignupContext, token: str, changes: PreferenceChanges, now: datetime
) -> SignupResult:
    """Change languages, topics or frequency of a reader's digest."""
    return retry_when_stale(lambda: _change(context, token, changes, now))


def leave_digest(context: SignupContext, token: str, now: datetime) -> SignupResult:
    """Unsubscribe a reader who asks for it on a page."""
    return retry_when_stale(lambda: _leave(context, token, LEAVE, "left", now))


def leave_by_one_click(context: SignupContext, token: str, now: datetime) -> SignupResult:
    """Unsubscribe a reader whose mail program posts to the one-click page (RFC 8058)."""
    return retry_when_stale(lambda: _leave(context, token, ("one-click",), "one-click", now))


def forget_unconfirmed(people: People, now: datetime) -> int:
    """Delete everybody who asked, and did not confirm in time; return how many."""
    oldest = now - timedelta(days=subscription.CONFIRM_DAYS + 1)  # a token is good until its day ends
    pending = [one for one in people.all() if one.state == "pending"]
    forgotten = 0
    for person in pending:
        if all(one.at < oldest for one in people.consents(person.key)):
            people.erase(person.id)
            forgotten += 1
    return forgotten


def _asked(
    context: SignupContext, fresh: Subscriber, request: DigestRequest, wished: str, now: datetime
) -> None:
    """Keep a request and its mail, or do as much for nothing: time must tell nobody who is known, not even
    where many ask and all wait for the store.
    """
    known, digest = context.people.find(fresh.address), request.digest
    since = subscription.begin_asking(context.people.consents(known.key) if known is not None else (), now)
    sent = context.outbox.count(known.id, "confirm", since) if known is not None else 0
    suppressed = context.people.suppressions([tokens.hash_address(context.secret, fresh.address)])
    wanted = None if suppressed else subscription.after_request(known, fresh, digest, sent)
    person, lang = wanted or fresh, fresh.languages[0]
    mail = render_confirmation_text(
        context.settings, context.templates, context.texts[lang], digest, subscription.CONFIRM_DAYS
    )
    # What was asked for is on record, not in force: a stranger may have asked.
    record = replace(
        subscription.make_consent(person, digest, now, how=_ASKED, wording=WORDING, source=wished),
        language=lang,
        evidence=make_evidence(context.shown_pages, request.shown, mail),
    )
    if wanted is not None:
        person = context.people.save([wanted], [record])[0]
    else:
        write_nothing(context)
    asking = _compose_question(context, person, digest, lang, now)
    if wanted is not None:
        context.outbox.add(asking, MailLimit(subscription.ASK_LIMIT, since))
    else:
        write_nothing(context)


def write_nothing(context: SignupContext) -> None:
    """Wait as long as whoever writes to the store."""
    context.outbox.reschedule(0, None)  # nobody's mail has this number


def _compose_question(
    context: SignupContext, person: Subscriber, digest: str, lang: str, now: datetime
) -> ServiceMail:
    expires = tokens.compute_expiry(now, subscription.CONFIRM_DAYS)
    token = tokens.make_token(
        context.secret, purpose="confirm", digest=digest, id=person.id, holder=person.key, expires=expires
    )
    about = ConfirmationRequest(
        address=person.address,
        digest=digest,
        link=context.settings.mail.confirm_url + token,
        days=subscription.CONFIRM_DAYS,
        at=now,
    )
    message = compose_confirmation(context.settings, context.templates, context.texts[lang], about)
    if context.signer is not None:
        message = replace(message, data=context.signer.sign_message(message.data))
    return ServiceMail(
        kind="confirm",
        subscriber_id=person.id,
        message=message,
        created=now,
        next_try=now,
        expires=expires,
    )


def _confirm(context: SignupContext, token: str, now: datetime, shown: ShownPage | None) -> SignupResult:
    person, digest = find_holder(context, token, ("confirm",), now)
    if person is None or context.people.suppressions([tokens.hash_address(context.secret, person.address)]):
        return SignupResult(False, NOT_VALID)
    last = find_last_word(context, person, digest)
    if person.state == "active" and digest in person.subscriptions:
        return SignupResult(True, CONFIRMED, digest)
    if last is None or last.how != _ASKED:  # they have left since
        return SignupResult(False, NOT_VALID)
    wished = wishes.read_wishes(last.source, digest, context.settings.topics)
    changed = subscription.after_confirmation(person, wished)
    if person.state != "active":
        asked = wishes.read_languages(last.source, context.settings.languages) or (last.language,)
        changed = replace(changed, languages=tuple(dict.fromkeys((*asked, *person.languages))))
    record = make_record(changed, digest, now, _CONFIRMED)
    context.people.save([changed], [replace(record, evidence=make_evidence(context.shown_pages, shown))])
    return SignupResult(True, CONFIRMED, digest)


def _change(context: SignupContext, token: str, changes: PreferenceChanges, now: datetime) -> SignupResult:
    person, digest = find_holder(context, token, ("change",), now)
    if person is None or person.state != "active" or digest not in person.subscriptions:
        return SignupResult(False, NOT_VALID)
    place, settings = person.subscriptions[digest], context.settings
    topics = place.topics if changes.topics is None else tuple(dict.fromkeys(changes.topics))
    frequency = place.frequency if changes.frequency is None else changes.frequency
    languages = person.languages
    if changes.languages is not None:
        languages = tuple(dict.fromkeys(canonicalise_tag(one) for one in changes.languages))
    possible = set(topics) <= set(settings.topics) and frequency in FREQUENCIES
    if not possible or not languages or not set(languages) <= set(settings.languages):
        return SignupResult(False, NOT_POSSIBLE, digest)
    new = Subscription(digest=digest, topics=topics, frequency=frequency)
    if (new, languages) != (place, person.languages):
        if subscription.changes_too_often(context.people.consents(person.key), now):
            return SignupResult(False, TOO_OFTEN, digest)
        subscriptions = {**person.subscriptions, digest: new}
        changed = replace(person, languages=languages, subscriptions=subscriptions)
        context.people.save([changed], [make_record(changed, digest, now, _CHANGED)])
    return SignupResult(True, CHANGED, digest)


def _leave(
    context: SignupContext, token: str, purposes: Collection[str], how: str, now: datetime
) -> SignupResult:
    person, digest = find_holder(context, token, purposes, now)
    if person is None:
        return SignupResult(False, NOT_VALID)
    if digest in person.subscriptions or person.state == "pending":
        changed, place = subscription.after_leaving(person, digest), person.subscriptions.get(digest)
        had = wishes.write_wishes(place.topics, place.frequency) if place else ""  # for who comes back
        context.people.save([changed], [replace(make_record(person, digest, now, how), source=had)])
    return SignupResult(True, LEFT, digest)


def find_last_word(context: SignupContext, person: Subscriber, digest: str) -> Consent | None:
    """Return the last that a person agreed to, or withdrew, about a digest; ``None``: nothing ever."""
    former = [old for old, name in context.people.digest_moves().items() if name == digest]
    history = [
        one
        for one in context.people.consents(person.key)
        if one.digest in (digest, *former, "") and one.how not in (_CHANGED, "moved")
    ]
    return history[-1] if history else None


def find_holder(
    context: SignupContext, token: str, purposes: Collection[str], now: datetime
) -> tuple[Subscriber | None, str]:
    """Return the person a token belongs to, and the digest; nobody when it is not genuine, for none of the
    purposes, or too old.
    """
    claims = tokens.read_token(token)
    person = context.people.get(claims.id) if claims is not None else None
    if claims is None or person is None:
        return None, ""
    names = {name: name for name in context.settings.digests}
    for signed, digest in {**context.people.digest_moves(), **names}.items():
        for purpose in purposes:
            if tokens.check_token(
                context.secret, claims, purpose=purpose, digest=signed, holder=person.key, now=now
            ):
                return person, digest
    return None, ""


def make_record(person: Subscriber, digest: str, now: datetime, how: str) -> Consent:
    """Return the record of what a reader did on a page."""
    return subscription.make_consent(person, digest, now, how=how, wording=WORDING)
