"""Classify a mail of the bounce mailbox: a failure, news of a delay, a complaint, or none of these.

Machines are read, not people: delivery reports (RFC 3464 in RFC 6522), complaints (RFC 5965), the
marks of automatic answers (RFC 3834). What a report says to humans, in whatever language, counts
for nothing; only where a server sends no report at all, a second opinion looks at its text.
Nothing here is believed: the tokens found say whom it is about, and `newsfeed.bounces.process` checks them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from newsfeed.core.bounces.dsn import (
    REPORT_TYPES,
    RecipientReport,
    find_status,
    read_recipients,
    strip_address_type,
)
from newsfeed.core.bounces.mime import (
    HeaderFields,
    MimePart,
    ParsedMail,
    decode_header_value,
    parse_mail,
    read_field_groups,
    read_header_fields,
)
from newsfeed.core.delivery.verp import find_tokens
from newsfeed.core.people import subscription

KINDS = ("failed", "delayed", "complaint", "auto-reply", "unrelated")
DETAIL = 200
"""Characters of what a server said that are worth keeping."""
_ORIGINAL_TYPES = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
)
_ENVELOPE = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "resent-to",
    "to",
    "cc",
)
_NO_COMPLAINTS = ("not-spam", "auth-failure", "virus", "dkim", "dmarc")
"""Feedback types that are no wish of the reader's (RFC 5965 7.3, RFC 6591, RFC 6430)."""
_DAEMONS = ("mailer-daemon", "postmaster", "mail-daemon", "mdaemon", "maildelivery", "mail.delivery")
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]{1,200}@[^\s<>\"'(),;:]{1,200}")
_ONE_CLICK = re.compile(r"<https?://[^<>\s]{1,900}?([A-Za-z0-9_-]{22})>", re.ASCII)
_TEXT = 20_000
"""Characters of a text in which a token or a status is looked for."""
_AWAY = (
    *("automatic reply", "auto reply", "autoreply", "auto-reply", "auto response", "automatic response"),
    *("out of office", "out of the office", "on vacation", "on leave", "ooo"),
    *("automatische antwort", "abwesenheit", "abwesend"),
    *("réponse automatique", "absence", "absent", "message d'absence", "message d’absence"),
    *("automatisch antwoord", "automatische reactie", "afwezig", "niet aanwezig"),
)
"""How subjects of absence notices begin; they count only with an empty return path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedMail:
    """One message of the bounce mailbox, understood but not believed."""

    kind: str
    """One of `KINDS`."""
    recipients: tuple[RecipientReport, ...] = ()
    tokens: tuple[str, ...] = ()
    """What return paths in it carried; the envelope's first."""
    one_click: tuple[str, ...] = ()
    """Tokens of the original's List-Unsubscribe: who can show one could leave with it as well."""
    message_id: str = ""
    """Of the original."""
    feedback: str = ""
    """What a complaint calls itself."""
    sent: datetime | None = None
    """When the message says it was written."""


FailureGuesser = Callable[[ParsedMail], tuple[Collection[str], Collection[str]]]
"""A mail without a report → (addresses that wait, addresses that failed)."""


def guess_nothing(mail: ParsedMail) -> tuple[Collection[str], Collection[str]]:
    """Guess no failures: for those who have no heuristics."""
    return (), ()


def read_returned_mail(data: bytes, guess_failures: FailureGuesser = guess_nothing) -> ReturnedMail:
    """Return what the bytes of one message report. Never raises; work is bounded by
    `newsfeed.core.bounces.mime`.
    """
    mail = parse_mail(data)
    attached = mail.first(*_ORIGINAL_TYPES)
    original = read_header_fields(attached.data) if attached else HeaderFields()
    kind, recipients, feedback = _understood(mail, original, guess_failures)
    return ReturnedMail(
        kind=kind,
        recipients=recipients,
        tokens=find_tokens(_places(mail, attached)),
        one_click=tuple(_ONE_CLICK.findall(original.get("list-unsubscribe"))[:3]),
        message_id=original.get("message-id"),
        feedback=feedback,
        sent=_moment(mail.fields.get("date")),
    )


def find_recipient(found: ReturnedMail, address: str) -> RecipientReport:
    """Return what a report means for the one address its message went to.

    An address may be forwarded to several others. Then one that failed does not prove that nothing
    arrives: unless all that are named fail for good, it counts as a soft failure.
    """
    folded = address.casefold()
    named = [one for one in found.recipients if folded in (one.final.casefold(), one.original.casefold())]
    known = named or list(found.recipients)
    failed = [one for one in known if one.action == "failed"]
    if not failed:
        return known[0] if known else RecipientReport()
    kinds = [subscription.classify_bounce(one.status, one.action) for one in known]
    if len(set(kinds)) == 1 or named:
        return failed[0]
    return replace(failed[0], status="5.0.0")


def redact(text: str, address: str) -> str:
    """Return what a server said, on one line and without addresses: a ledger is no place for them."""
    shown = "".join(char if char.isprintable() else " " for char in text[: 4 * DETAIL])
    shown = _ADDRESS.sub("…", " ".join(shown.split()))
    local = address.partition("@")[0]
    if len(local) > 2:
        shown = re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", "…", shown, flags=re.IGNORECASE)
    return shown[:DETAIL]


def _understood(
    mail: ParsedMail, original: HeaderFields, guess_failures: FailureGuesser
) -> tuple[str, tuple[RecipientReport, ...], str]:
    """Return kind, recipients and feedback type. Reports go first: servers mark them as automatic, too."""
    feedback = mail.first("message/feedback-report")
    if feedback is not None:
        return _complaint(feedback)
    recipients = read_recipients(mail)
    if recipients:
        return _kind_of(recipients), recipients, ""
    if _is_junk_report(mail, original):
        reader = original.get("x-hmxmroriginalrecipient")
        return "complaint", (RecipientReport(final=strip_address_type(reader)),), "abuse"
    if _answers_by_itself(mail):
        return "auto-reply", (), ""
    recipients = _second(mail, guess_failures) if _is_from_daemon(mail.fields) else ()
    if recipients:
        return _kind_of(recipients), recipients, ""
    return ("auto-reply" if _is_automatic(mail.fields) else "unrelated"), (), ""


def _moment(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value[:100])
        # RFC 5322 3.3: -0000, which becomes no zone, means UTC
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _kind_of(recipients: tuple[RecipientReport, ...]) -> str:
    actions = {one.action for one in recipients}
    return next((kind for kind in ("failed", "delayed") if kind in actions), "unrelated")


# -- complaints ----------------------------------------------------------------------------------


def _complaint(report: MimePart) -> tuple[str, tuple[RecipientReport, ...], str]:
    blocks = read_field_groups(report.data)
    fields = blocks[0] if blocks else HeaderFields()
    feedback = fields.get("feedback-type").casefold()[:40] or "abuse"
    if feedback in _NO_COMPLAINTS:
        return "unrelated", (), feedback
    readers = fields.all("original-rcpt-to", "redacted-address")
    return (
        "complaint",
        tuple(RecipientReport(final=strip_address_type(one)) for one in readers[:10]),
        feedback,
    )


def _is_junk_report(mail: ParsedMail, original: HeaderFields) -> bool:
    """Recognise Microsoft's JMRP, which sends the mail complained of without any report."""
    subject = mail.fields.get("subject").casefold()
    return "x-hmxmroriginalrecipient" in original and subject.startswith("complaint about message")


# -- answers of machines -------------------------------------------------------------------------


def _answers_by_itself(mail: ParsedMail) -> bool:
    """Tell whether it certainly is an automatic answer of a person's mailbox (or a receipt)."""
    fields = mail.fields
    marks = fields.all("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-mail-autoreply")
    receipt = mail.parameter("report-type").casefold() == "disposition-notification"
    answered = re.search(r"vacation|auto-notified", fields.get("auto-submitted"), re.IGNORECASE)
    return bool(
        receipt
        or answered
        or any(value.casefold() not in ("", "no") for value in marks)
        or fields.get("precedence").casefold() == "auto_reply"
        or "x-ms-exchange-inbox-rules-loop" in fields
        or (
            _has_null_path(fields) and decode_header_value(fields.get("subject")).casefold().startswith(_AWAY)
        )
    )


def _is_automatic(fields: HeaderFields) -> bool:
    """Tell whether it is automatic in some way (RFC 3834 5): any mark but ``no``."""
    said = fields.get("auto-submitted").casefold().partition(";")[0].strip()
    return said not in ("", "no") or "x-auto-response-suppress" in fields


def _has_null_path(fields: HeaderFields) -> bool:
    """Recognise an empty return path, which Postfix hands to programs as ``MAILER-DAEMON``."""
    return fields.get("return-path").strip("<> ").casefold() in ("", "mailer-daemon") and (
        "return-path" in fields
    )


# -- reports without a form ----------------------------------------------------------------------


def _is_from_daemon(fields: HeaderFields) -> bool:
    """Tell whether a server wrote it: a person may quote a report in an answer."""
    sender = re.search(r"([^\s<>@\"]{1,64})@", fields.get("from"))
    local = sender[1].casefold() if sender else ""
    return _has_null_path(fields) or "x-failed-recipients" in fields or local.startswith(_DAEMONS)


def _second(mail: ParsedMail, guess_failures: FailureGuesser) -> tuple[RecipientReport, ...]:
    waiting, failed = guess_failures(mail)
    texts = [part.text[:_TEXT] for part in mail.parts if part.type == "text/plain"][:2]
    own = (text.partition("\n---")[0] for text in texts)  # below it stands a copy of our own mail
    status, line = find_status("\n".join(own))
    return (
        *(
            RecipientReport(final=one, action="failed", status=status, diagnostic=line)
            for one in sorted(failed)
        ),
        *(RecipientReport(final=one, action="delayed", status="4.0.0") for one in sorted(waiting)),
    )


# -- whom it is about ----------------------------------------------------------------------------


def _places(mail: ParsedMail, attached: MimePart | None) -> Iterator[str]:
    """Yield the texts in which a return path may stand: the envelope, the report, the original, the text."""
    yield from mail.fields.all(*_ENVELOPE)
    for part in mail.parts:
        if part.type in (*REPORT_TYPES, "message/feedback-report"):
            yield part.text[:_TEXT]
    if attached is not None:
        yield "\n".join(value for _, value in read_header_fields(attached.data).pairs)
    for part in mail.parts:
        if part.type == "text/plain":
            yield part.text[:_TEXT]
