"""Decide what becomes of a subscriber who asks, confirms, is imported, leaves, complains or bounces.

Leaving is final: nothing but a wish of the person brings anybody back, confirmed by a link or told to the
operator.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from newsfeed.records import Bounce, Consent, Subscriber, Subscription

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

CONFIRM_DAYS = 7
"""A confirmation link is good for so long; after it the request is forgotten."""
ASK_LIMIT = 1
"""Confirmation mails to one address within `ASK_WINDOW` that nobody has answered: more would let strangers
bomb it.
"""
_MOST_RECORDS = 50
"""Records of one person in a day after which only leaving is possible."""
ASK_WINDOW = timedelta(days=1)
SOFT_LIMIT = 3.0
HALF_LIFE = timedelta(days=30)
AGREEMENTS = ("import", "confirmed", "returned", "undone")
WITHDRAWALS = ("left", "one-click", "complained")
"""The record's words for a consent given, or taken back; for one digest, or for all (empty)."""
REJOININGS = ("confirmed", "unsuppressed", "returned")
"""The record's words for people who came back in person: no earlier bounce of theirs counts any more.
``returned``: they asked the operator, not a page."""


def after_request(
    known: Subscriber | None, fresh: Subscriber, digest: str, confirmations: int
) -> Subscriber | None:
    """Return who is to be sent a confirmation mail when somebody asks for a digest; ``None`` for nobody.

    The answer to the visitor is the same in every case, so that a form tells nobody who reads what.
    A person who left or bounced may come back this way: the confirmation proves that it is them.
    """
    if confirmations >= ASK_LIMIT:
        return None
    if known is None:
        return replace(fresh, state="pending", subscriptions={})
    if known.state == "active" and digest in known.subscriptions:
        return None
    if known.state == "pending":  # whoever asked before may have been a stranger: nothing of theirs stays
        return replace(known, name=fresh.name, languages=fresh.languages)
    return known


def begin_asking(consents: Iterable[Consent], now: datetime) -> datetime:
    """Return the moment since which confirmation mails count: those before it are long ago, or answered."""
    answered = (one.at + timedelta.resolution for one in consents if one.how == "confirmed")
    return max([now - ASK_WINDOW, *answered])


def changes_too_often(consents: Iterable[Consent], now: datetime) -> bool:
    """Tell whether a person, or a program with their link, has done so much today that the rest can wait:
    each change is a record for ever. Leaving never has to.
    """
    return sum(one.at > now - ASK_WINDOW for one in consents) >= _MOST_RECORDS


def after_confirmation(subscriber: Subscriber, subscription: Subscription) -> Subscriber:
    """Return the subscriber after proving to read this address and to want the digest."""
    subscriptions = {**subscriber.subscriptions, subscription.digest: subscription}
    return replace(subscriber, state="active", subscriptions=subscriptions)


def after_leaving(subscriber: Subscriber, digest: str) -> Subscriber:
    """Return the subscriber after leaving one digest, or all (``digest`` empty); repeating is a success."""
    kept = {name: entry for name, entry in subscriber.subscriptions.items() if digest and name != digest}
    state = subscriber.state if kept or subscriber.state in ("bounced", "complained") else "left"
    return replace(subscriber, state=state, subscriptions=kept)


def after_complaint(subscriber: Subscriber, digests: Collection[str]) -> Subscriber:
    """Return the subscriber after pressing "this is spam" in a mail of these digests: they leave these, at
    once. Who read nothing else has ``complained``.
    """
    kept = {name: entry for name, entry in subscriber.subscriptions.items() if name not in digests}
    if len(kept) == len(subscriber.subscriptions):
        return subscriber
    return replace(subscriber, state=subscriber.state if kept else "complained", subscriptions=kept)


def has_withdrawn(consents: Iterable[Consent], digest: str, former: Collection[str] = ()) -> bool:
    """Tell whether somebody has left a digest, or all, and not come back to it. ``consents``: the person's,
    oldest first; ``former``: names the digest had before.
    """
    names, gone = {digest, *former}, False
    for consent in consents:
        if consent.how in WITHDRAWALS and consent.digest in {*names, ""}:
            gone = True
        elif consent.how in AGREEMENTS and consent.digest in names:
            gone = False
    return gone


def after_move(subscriber: Subscriber, old: str, new: str, *, withdrawn: bool) -> Subscriber:
    """Return a reader of one digest as a reader of another, with the topics and the frequency they chose.

    Who has withdrawn from ``new`` only loses the old one; who reads both keeps what they chose for the new.
    """
    kept = {name: entry for name, entry in subscriber.subscriptions.items() if name != old}
    if not withdrawn and old in subscriber.subscriptions:
        kept.setdefault(new, replace(subscriber.subscriptions[old], digest=new))
    state = "left" if not kept and subscriber.state == "active" else subscriber.state
    return replace(subscriber, state=state, subscriptions=kept)


def last_rejoining(consents: Iterable[Consent]) -> datetime:
    """Return when a person last proved, or told the operator, to read this address; else the first moment."""
    return max(
        (consent.at for consent in consents if consent.how in REJOININGS),
        default=datetime.min.replace(tzinfo=UTC),
    )


def after_import(
    known: Subscriber | None,
    fresh: Subscriber,
    suppressed: str,
    *,
    left_before: bool = False,
    is_former: bool = False,
) -> tuple[str, Subscriber | None]:
    """Decide what an import does to one address: return a word for the report, and whom to save.

    Never resurrects: who left, bounced, complained or was erased stays so, for the one digest they
    are to get (``left_before``) as for all. An address that somebody gave up for another one
    (``is_former``) makes no second person of them. Who is active gets what is new to them, and keeps what
    they chose themselves.
    """
    if suppressed:
        return "suppressed", None
    if is_former and (known is None or known.state == "pending"):
        return "former", None
    if known is None:
        return "added", replace(fresh, state="active")
    if known.state in ("left", "bounced", "complained"):
        return known.state, None
    new = {name: one for name, one in fresh.subscriptions.items() if name not in known.subscriptions}
    if new and left_before:
        return "left", None
    if not new and known.state == "active":
        return "known", None
    merged = {**known.subscriptions, **new}
    return "updated", replace(known, state="active", subscriptions=merged)


def after_rejoining(
    known: Subscriber | None, fresh: Subscriber, digest: str, *, suppressed: bool
) -> tuple[str, Subscriber]:
    """Decide what becomes of somebody who asks the operator in person for a digest: return a word for the
    report, and whom to save. Nothing that ended it before stands in the way.

    What they read besides goes on when mails to them had come back, and not when they were never to be
    written to: this wish is for one digest. Who reads it already and gets mails stays as they are
    (``known``).
    """
    if known is None:
        return "added", replace(fresh, state="active")
    if known.state == "active" and digest in known.subscriptions and not suppressed:
        return "known", known
    wanted = known.subscriptions.get(digest, fresh.subscriptions[digest])
    languages = known.languages
    if known.state != "active":
        languages = tuple(dict.fromkeys((*fresh.languages, *known.languages)))
    return "returned", replace(
        known,
        state="active",
        name=fresh.name or known.name,
        languages=languages,
        subscriptions={digest: wanted} if suppressed else {**known.subscriptions, digest: wanted},
    )


def after_unsuppression(known: Subscriber | None, fresh: Subscriber) -> Subscriber:
    """Return the person of an address that was never to be written to, and may be now: who has no digest gets
    none by this, and who complained has left.
    """
    if known is None:
        return replace(fresh, state="left", subscriptions={})
    return replace(known, state="left") if known.state == "complained" else known


def after_bounces(subscriber: Subscriber, bounces: Iterable[Bounce], now: datetime) -> Subscriber:
    """Return the subscriber after the failures that have come back: a hard one ends it at once, soft ones
    when their decaying sum reaches `SOFT_LIMIT`.
    """
    failures = list(bounces)
    hard = any(bounce.kind == "hard" for bounce in failures)
    if subscriber.state == "active" and (hard or bounce_score(failures, now) >= SOFT_LIMIT):
        return replace(subscriber, state="bounced")
    return subscriber


def bounce_score(bounces: Iterable[Bounce], now: datetime) -> float:
    """Return the sum of soft bounces, each halved for every 30 days that have passed."""
    ages = ((now - bounce.at) / HALF_LIFE for bounce in bounces if bounce.kind == "soft")
    return sum((math.pow(0.5, max(age, 0.0)) for age in ages), 0.0)


def make_consent(
    subscriber: Subscriber, digest: str, at: datetime, *, how: str, wording: str, source: str = ""
) -> Consent:
    """Return the record of a consent, or of its withdrawal, for the chain."""
    return Consent(
        subscriber_key=subscriber.key,
        digest=digest,
        at=at,
        how=how,
        wording=wording,
        language=subscriber.languages[0] if subscriber.languages else "",
        source=source,
    )


def language_chain(languages: Sequence[str], editions: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return a reader's whole chain: their own languages, then what stands in for the first of them."""
    known = [code for code in languages if code in editions]
    return tuple(dict.fromkeys([*known, *(editions[known[0]] if known else ())]))
