"""The readers' verbs about themselves: have their links sent, take another address, be erased.

What these do is for the person alone, and mails are forwarded. So no link of a digest leads here: a link is
sent when it is asked for, to the address that is known, and is good for a short while.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from newsfeed.core.people import subscription, tokens
from newsfeed.core.people.mail_address import fold_address, normalise_address
from newsfeed.errors import OutsideError, StaleError
from newsfeed.mail.notice import Notice, compose_notice
from newsfeed.marking import msgid
from newsfeed.records import AddressChange, ServiceMail, Subscriber
from newsfeed.service_ports import MailLimit
from newsfeed.subscribers.reader_links import make_change_token
from newsfeed.subscribers.roster import RosterContext, erase_person, retry_when_stale
from newsfeed.subscribers.signup import NOT_VALID, SignupContext, SignupResult, write_nothing
from newsfeed.views import Anchor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsfeed.model import Message

LINK_DAYS = 2
"""A link to one's own data is good for so long."""
MOVE_DAYS = 7
"""A new address is to be confirmed within so many days."""
LINK_LIMIT, MOVE_LIMIT = 1, 3
"""Mails with links that one person gets within a day; changes of address that they can ask for."""
_DAY = timedelta(days=1)
LINK_SUBJECT = msgid("Your links – {title}")
LINK_ASKED = msgid(
    "Somebody, probably you, asked for the links to this address’s subscriptions of “{title}”."
)
LINK_CHOICES = msgid("Change what you get of “{title}”, or unsubscribe:")
LINK_DATA = msgid("See everything we keep about you, use another address, or erase it all:")
LINK_IGNORE = msgid("If it was not you, ignore this email: nothing will change.")
LINK_GOOD = msgid("Do not pass these links on. The last one is good for two days.")
MOVE_SUBJECT = msgid("Please confirm your new address – {title}")
MOVE_ASKED = msgid("A reader of “{title}” wants to get our emails at this address.")
MOVE_LINK = msgid("If it was you, please open this page to confirm it:")
IGNORE = msgid(
    "If it was not you, ignore this email: nothing will change, and you will not hear from us again."
)
KEEP_SUBJECT = msgid("Your address is to be changed – {title}")
KEEP_ASKED = msgid("Somebody, probably you, wants to get the emails of “{title}” at another address.")
KEEP_LINK = msgid("If it was not you, please open this page and stop it:")
KEEP_ELSE = msgid("If it was you, open the link in the message that we have sent to the new address.")
MOVED = msgid("From now on our emails come to your new address.")
MOVE_ASKED_DONE = msgid(
    "We have sent a message to the new address, with a link to confirm it, and told the old one. Until you"
    " confirm, everything stays as it is."
)
KEPT = msgid("Your address stays as it is.")
ERASED = msgid("Everything that we kept about you has been erased. You will get no more emails.")
NO_ADDRESS = msgid("Please enter an email address, such as name@example.org.")


def find_account(context: SignupContext, token: str, purpose: str, now: datetime) -> Subscriber | None:
    """Return the person whose own link this is; ``None`` when it is not genuine, too old, or for something
    else.
    """
    claims = tokens.read_token(token)
    person = context.people.get(claims.id) if claims is not None else None
    if claims is None or person is None:
        return None
    address = person.address
    if purpose in ("move", "keep"):
        change = context.address_changes.find(person.id)
        if change is None:
            return None
        address = change.address
    holder = _holder(person, address)
    genuine = tokens.check_token(context.secret, claims, purpose=purpose, digest="", holder=holder, now=now)
    return person if genuine else None


def make_account_token(
    context: SignupContext, person: Subscriber, purpose: str, now: datetime, *, address: str = ""
) -> str:
    """Return the token of a person's own link. ``address``: the new one that it is about, if any; else it is
    theirs of today, to which it is sent: whoever still reads the mailbox that they gave up has no use for it.
    """
    days = MOVE_DAYS if address else LINK_DAYS
    return tokens.make_token(
        context.secret,
        purpose=purpose,
        digest="",
        id=person.id,
        holder=_holder(person, address or person.address),
        expires=tokens.compute_expiry(now, days),
    )


def request_links(context: SignupContext, address: str, now: datetime) -> None:
    """Send somebody who has lost them the links to their subscriptions, unless there is a reason not to. The
    visitor learns nothing of that.
    """
    normal = normalise_address(address)
    if normal is None:
        return
    known, limit = context.people.find(normal), MailLimit(LINK_LIMIT, now - _DAY)
    is_reader = known is not None and known.state in ("active", "left")
    is_wanted = is_reader and not _is_suppressed(context, normal)
    # Whoever gets none costs as much, or time would tell who is known.
    nobody = Subscriber(
        key="", address=normal, languages=(context.settings.site.default_language,), state="left"
    )
    person = known or nobody
    links = [
        Anchor(
            context.settings.web.base_url + f"preferences/{make_change_token(context, person, digest)}",
            _say(context, person, LINK_CHOICES, _title(context, person, digest)),
        )
        for digest in person.subscriptions
        if digest in context.settings.digests
    ]
    data = make_account_token(context, person, "data", now)
    links.append(Anchor(context.settings.web.base_url + f"data/{data}", _say(context, person, LINK_DATA)))
    paragraphs = (LINK_ASKED, LINK_SUBJECT, (LINK_GOOD, LINK_IGNORE))
    mail = _compose(context, person, person.address, "links", paragraphs, links, now, LINK_DAYS)
    if is_wanted:
        context.outbox.add(mail, limit)
    else:
        write_nothing(context)


def request_address_change(
    context: SignupContext, person: Subscriber, address: str, now: datetime, *, may_write: bool = True
) -> SignupResult:
    """Ask a new address whether it is right, and tell the old one, with a link that stops it.

    The answer is the same whoever has the new address, and whether it may be written to. ``may_write``: it
    has not been named too often.
    """
    normal = normalise_address(address)
    if normal is None or fold_address(normal) == fold_address(person.address):
        return SignupResult(False, NO_ADDRESS)
    base, texts = context.settings.web.base_url, (KEEP_ASKED, KEEP_SUBJECT, (KEEP_ELSE,))
    keep = make_account_token(context, person, "keep", now, address=normal)
    stop = Anchor(f"{base}keep/{keep}", _say(context, person, KEEP_LINK))
    told = _compose(context, person, person.address, "keep", texts, [stop], now, MOVE_DAYS)
    if not context.outbox.add(told, MailLimit(MOVE_LIMIT, now - _DAY)):
        return SignupResult(True, MOVE_ASKED_DONE)
    context.address_changes.keep(AddressChange(person.id, normal, tokens.compute_expiry(now, MOVE_DAYS)))
    if may_write and not _is_suppressed(context, normal) and context.people.find(normal) is None:
        move = make_account_token(context, person, "move", now, address=normal)
        link = Anchor(f"{base}move/{move}", _say(context, person, MOVE_LINK))
        asked = (MOVE_ASKED, MOVE_SUBJECT, (IGNORE,))
        context.outbox.add(_compose(context, person, normal, "move", asked, [link], now, MOVE_DAYS))
    return SignupResult(True, MOVE_ASKED_DONE)


def confirm_address(context: SignupContext, token: str, now: datetime) -> SignupResult:
    """Let a person have the new address, from whose mailbox the link comes."""
    return retry_when_stale(lambda: _confirm(context, token, now))


def keep_address(context: SignupContext, token: str, now: datetime) -> SignupResult:
    """Stop a change of address: the old one says so."""
    person = find_account(context, token, "keep", now)
    if person is None or not context.address_changes.forget(person.id):  # it was confirmed this very moment
        return SignupResult(False, NOT_VALID)
    return SignupResult(True, KEPT)


def erase_account(context: SignupContext, token: str, now: datetime) -> SignupResult:
    """Erase a person who asks for it; only the keyed hash of the address stays."""
    person = find_account(context, token, "erase", now)
    if person is None:
        return SignupResult(False, NOT_VALID)
    roster = RosterContext(
        context.people, lambda one: tokens.hash_address(context.secret, one), context.new_key
    )
    erase_person(roster, person, now)
    return SignupResult(True, ERASED)


def _confirm(context: SignupContext, token: str, now: datetime) -> SignupResult:
    person = find_account(context, token, "move", now)
    change = context.address_changes.find(person.id) if person is not None else None
    if person is None or change is None or person.state not in ("active", "left"):
        return SignupResult(False, NOT_VALID)
    other = context.people.find(change.address)
    suppressed = any(_is_suppressed(context, one) for one in (change.address, person.address))
    if suppressed or (other is not None and other.state != "pending"):
        return SignupResult(False, NOT_VALID)
    # Whoever takes the change decides: it cannot be stopped any more, or was stopped this very moment.
    if not context.address_changes.forget(person.id, change.address):
        return SignupResult(False, NOT_VALID)
    try:
        _take_address(context, person, change.address, other, now)
    except (StaleError, OutsideError):
        with suppress(OutsideError):  # a store that cannot be written to: they are told, and may ask again
            context.address_changes.keep(change)
        raise
    return SignupResult(True, MOVED)


def _take_address(
    context: SignupContext, person: Subscriber, address: str, other: Subscriber | None, now: datetime
) -> None:
    """Give a person a new address. ``other``: who has asked for a digest there, and not confirmed."""
    if other is not None:  # somebody asked for a digest at this address, and nobody confirmed it
        context.people.erase(other.id)
    changed = replace(person, address=address)
    record = subscription.make_consent(changed, "", now, how="changed", wording="address")
    context.people.save([changed], [replace(record, evidence={"page": "/move"})])


def _compose(
    context: SignupContext,
    person: Subscriber,
    address: str,
    kind: str,
    words: tuple[str, str, Sequence[str]],
    links: Sequence[Anchor],
    now: datetime,
    days: int,
) -> ServiceMail:
    """Return a mail about an account. ``words``: ids of its first paragraph, its subject, its ending."""
    first, subject, ending = words
    notice = Notice(
        address=address,
        subject=_say(context, person, subject),
        paragraphs=(_say(context, person, first),),
        links=links,
        ending=tuple(_say(context, person, one) for one in ending),
        at=now,
    )
    texts = context.texts[_language(context, person)]
    message: Message = compose_notice(context.settings, context.templates, texts, notice)
    if context.signer is not None:
        message = replace(message, data=context.signer.sign_message(message.data))
    return ServiceMail(
        kind=kind,
        subscriber_id=person.id,
        message=message,
        created=now,
        next_try=now,
        expires=tokens.compute_expiry(now, days),
    )


def _say(context: SignupContext, person: Subscriber, message: str, title: str = "") -> str:
    """Return a sentence in a person's language, with a title in it: a digest's, else the site's."""
    lang = _language(context, person)
    site = context.settings.languages[lang].title or context.settings.site.title.get(lang)
    return context.texts[lang].gettext(message).format(title=title or site)


def _title(context: SignupContext, person: Subscriber, digest: str) -> str:
    return context.settings.digests[digest].title.get(_language(context, person))


def _language(context: SignupContext, person: Subscriber) -> str:
    known = context.settings.languages
    return next((one for one in person.languages if one in known), context.settings.site.default_language)


def _holder(person: Subscriber, address: str) -> str:
    """Return whom a link is bound to: it dies with the person, and with the address it is about."""
    return f"{person.key}\0{fold_address(address)}"


def _is_suppressed(context: SignupContext, address: str) -> bool:
    return bool(context.people.suppressions([tokens.hash_address(context.secret, address)]))
