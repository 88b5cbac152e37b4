"""Read what a reader's link means, and lead back who left by mistake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from newsfeed.core.people import subscription, tokens, wishes
from newsfeed.marking import msgid
from newsfeed.subscribers.roster import retry_when_stale
from newsfeed.subscribers.signup import (
    NOT_VALID,
    WORDING,
    SignupContext,
    SignupResult,
    find_holder,
    find_last_word,
    make_record,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from newsfeed.records import Consent, Subscriber, Subscription

UNDO_DAYS = 30
"""Who left may come back with one click for so long."""
BACK = msgid("You are subscribed again, with the choices you had.")
_WITHDRAWN = ("left", "one-click")


@dataclass(frozen=True, slots=True)
class ReaderLink:
    """The person a link was made for, and the digest it is about."""

    subscriber: Subscriber
    digest: str
    language: str
    """The edition whose mail the link stood in."""

    @property
    def subscription(self) -> Subscription | None:
        """The person's choice of the digest; ``None`` when they do not get it."""
        active = self.subscriber.state == "active"
        return self.subscriber.subscriptions.get(self.digest) if active else None


def read_link(
    context: SignupContext, token: str, purposes: Collection[str], now: datetime
) -> ReaderLink | None:
    """Return what a link means, and change nothing; ``None`` when it is not genuine, or too old."""
    person, digest = find_holder(context, token, purposes, now)
    if person is None:
        return None
    last = find_last_word(context, person, digest)
    asked = last.language if last is not None and last.how == "asked" else ""
    return ReaderLink(person, digest, _edition(context, [asked, *person.languages]))


def make_undo_token(context: SignupContext, link: ReaderLink, now: datetime) -> str:
    """Return the token that brings back who has left; empty when they cannot come back this way any more:
    their link for leaving is good for ever, and in the mails that they passed on.
    """
    last = find_last_word(context, link.subscriber, link.digest)
    if last is None or not _can_be_undone(last, now):
        return ""
    return tokens.make_token(
        context.secret,
        purpose="undo",
        digest=link.digest,
        id=link.subscriber.id,
        holder=link.subscriber.key,
        expires=tokens.compute_expiry(last.at, UNDO_DAYS),
    )


def make_leave_token(context: SignupContext, link: ReaderLink) -> str:
    """Return the token with which the reader of a link can leave."""
    return tokens.make_token(
        context.secret,
        purpose="leave",
        digest=link.digest,
        id=link.subscriber.id,
        holder=link.subscriber.key,
    )


def make_change_token(context: SignupContext, person: Subscriber, digest: str) -> str:
    """Return the token with which a reader can change their choices of a digest."""
    return tokens.make_token(context.secret, purpose="change", digest=digest, id=person.id, holder=person.key)


def undo_leaving(context: SignupContext, token: str, now: datetime) -> SignupResult:
    """Give a reader who left on a page, or with one click, their digest back. Nobody else comes back this
    way: not who was erased, complained, or was taken off by the operator since.
    """
    return retry_when_stale(lambda: _undo(context, token, now))


def _undo(context: SignupContext, token: str, now: datetime) -> SignupResult:
    person, digest = find_holder(context, token, ("undo",), now)
    if person is None or context.people.suppressions([tokens.hash_address(context.secret, person.address)]):
        return SignupResult(False, NOT_VALID)
    if person.state == "active" and digest in person.subscriptions:
        return SignupResult(True, BACK, digest)
    history = context.people.consents(person.key)
    agreed = any(one.how in subscription.AGREEMENTS for one in history)  # else there is nothing to go back to
    if not agreed or subscription.changes_too_often(history, now):
        return SignupResult(False, NOT_VALID)
    last = find_last_word(context, person, digest)
    if last is None or not _can_be_undone(last, now) or person.state not in ("active", "left"):
        return SignupResult(False, NOT_VALID)
    had = wishes.read_wishes(last.source, digest, context.settings.topics)
    changed = subscription.after_confirmation(person, had)
    context.people.save([changed], [make_record(changed, digest, now, "undone")])
    return SignupResult(True, BACK, digest)


def _can_be_undone(last: Consent, now: datetime) -> bool:
    """Tell whether somebody's last word was that they left by themselves, lately."""
    left = last.how in _WITHDRAWN and last.wording == WORDING
    return left and now - last.at <= timedelta(days=UNDO_DAYS)


def _edition(context: SignupContext, languages: Collection[str]) -> str:
    known = context.settings.languages
    return next((one for one in languages if one in known), context.settings.site.default_language)
