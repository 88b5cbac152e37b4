"""Classify a mail of the bounce mailbox: a failure, news of a delay, a complaint, or none of these.

Machines are read, not people: delivery reports (RFC 3464 in RFC 6522), complaints (RFC 5965), the
marks of automatic answers (RFC 3834). What a report says to humans, in whatever language, counts
for nothing; only where a server sends no report at all, a second opinion looks at its text.
Nothing here is believed: the tokens found say whom it is about, and `newsfeed.bounces.process` checks them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from newsfeed.core.bounces import complaints
from newsfeed.core.bounces.dsn import REPORT_TYPES, RecipientReport, add_words, find_status, read_recipients
from newsfeed.core.bounces.mime import (
    HeaderFields,
    ParsedMail,
    decode_header_value,
    parse_mail,
    read_header_fields,
)
from newsfeed.core.bounces.notices import (
    ORIGINAL_TYPES,
    has_null_path,
    is_from_daemon,
    is_newsletter,
    is_report,
    read_notice,
    read_own_texts,
)
from newsfeed.core.bounces.reasons import classify_failure
from newsfeed.core.delivery.verp import find_tokens
from newsfeed.core.people.mail_address import fold_address

KINDS = ("failed", "delayed", "complaint", "auto-reply", "unrelated")
DETAIL = 200
"""Characters of what a server said that are worth keeping."""
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
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]{1,200}@[^\s<>\"'(),;:]{1,200}")
_TEXT = 20_000
"""Characters of a text in which a token is looked for."""
_FOOTER = 500
"""Bytes that a scanner may add below what it has wrapped."""
_AWAY = (
    *("automatic reply", "auto reply", "autoreply", "auto-reply", "auto response", "automatic response"),
    *("out of office", "out of the office", "on vacation", "on leave", "ooo"),
    *("automatische antwort", "abwesenheit", "abwesend"),
    *("réponse automatique", "absence", "absent", "message d'absence", "message d’absence"),
    *("automatisch antwoord", "automatische reactie", "afwezig", "niet aanwezig"),
)
"""First words of the subjects of absence notices; they count only with an empty return path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedMail:
    """One message of the bounce mailbox, understood but not believed."""

    kind: str
    """One of `KINDS`."""
    recipients: tuple[RecipientReport, ...] = ()
    tokens: tuple[str, ...] = ()
    """Tokens that return paths in it carried; the envelope's first. Of a complaint, only where no forwarded
    mail shows one.
    """
    one_click: tuple[str, ...] = ()
    """Tokens of the original's List-Unsubscribe; they prove something together with ``message_id`` only."""
    message_id: str = ""
    """Of the original."""
    feedback: str = ""
    """The name a complaint gives itself."""


FailureGuesser = Callable[[ParsedMail], tuple[Collection[str], Collection[str]]]
"""A mail without a report → (addresses that wait, addresses that failed)."""
_Verdict = tuple[str, tuple[RecipientReport, ...], str]
"""Kind, recipients, feedback type."""


def guess_nothing(mail: ParsedMail) -> tuple[Collection[str], Collection[str]]:
    """Guess no failures: for those who have no heuristics."""
    return (), ()


def read_returned_mail(data: bytes, guess_failures: FailureGuesser = guess_nothing) -> ReturnedMail:
    """Return what the bytes of one message report. Never raises; work is bounded by
    `newsfeed.core.bounces.mime`.
    """
    mail = parse_mail(data)
    original, envelope = _original_of(mail), mail.fields.all(*_ENVELOPE)
    if (inner := _unwrapped(mail)) is not None:
        both = [*envelope, *inner.fields.all(*_ENVELOPE)]
        kind, recipients, feedback = _understood(inner, _original_of(inner), both, guess_failures)
    if inner is None or kind not in ("failed", "delayed"):
        kind, recipients, feedback = _understood(mail, original, envelope, guess_failures)
    proofs = complaints.yield_proofs(mail, original) if kind == "complaint" else _places(mail, original)
    return ReturnedMail(
        kind=kind,
        recipients=recipients,
        tokens=find_tokens((*envelope, *proofs)),
        one_click=complaints.find_one_click(original) if kind == "complaint" else (),
        message_id=original.get("message-id"),
        feedback=feedback,
    )


def find_recipient(found: ReturnedMail, address: str) -> RecipientReport:
    """Return what a report means for the one address its message went to: a notice without an address is
    about whom its envelope names.

    An address may be forwarded to several others. Then one that failed does not prove that nothing
    arrives: unless all that are named fail for good, it counts as a soft failure.
    """
    folded = fold_address(address)
    named = [
        report
        for report in found.recipients
        if folded in (fold_address(report.final), fold_address(report.original))
    ]
    known = named or [replace(report, final=report.final or address) for report in found.recipients]
    failed = [report for report in known if report.action == "failed"]
    if not failed:
        return known[0] if known else RecipientReport()
    kinds = [classify_failure(report.status, report.action, report.diagnostic) for report in known]
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
    mail: ParsedMail, original: HeaderFields, envelope: Sequence[str], guess_failures: FailureGuesser
) -> _Verdict:
    """Return the verdict on a mail. Reports go first: servers mark them as automatic, too. ``envelope``: whom
    the mail came to.
    """
    feedback = mail.first(complaints.REPORT_TYPE)
    if feedback is not None:
        return complaints.read_feedback(feedback)
    recipients = read_recipients(mail)
    if len(recipients) == 1:
        recipients = (add_words(recipients[0], find_status(_own_text(mail))[1]),)
    if recipients:
        return _kind_of(recipients), recipients, ""
    if complaints.is_junk_report(mail, original):
        return complaints.read_junk_report(original)
    if _answers_by_itself(mail):
        return "auto-reply", (), ""
    if not is_newsletter(mail.fields):
        if find_tokens((*envelope, *original.all("return-path"))):
            recipients = read_notice(mail)
        if not recipients and is_from_daemon(mail.fields):
            recipients = _second_opinion(mail, guess_failures)
    if recipients:
        return _kind_of(recipients), recipients, ""
    return ("auto-reply" if _is_automatic(mail.fields) else "unrelated"), (), ""


def _kind_of(recipients: tuple[RecipientReport, ...]) -> str:
    actions = {report.action for report in recipients}
    return next((kind for kind in ("failed", "delayed") if kind in actions), "unrelated")


def _original_of(mail: ParsedMail) -> HeaderFields:
    """Return the header of the mail that another one brings back; empty when it brings none."""
    attached = mail.first(*ORIGINAL_TYPES)
    return read_header_fields(attached.data) if attached else HeaderFields()


def _unwrapped(mail: ParsedMail) -> ParsedMail | None:
    """Return the report that a scanner has put, whole, into a mail of its own: one level, and only when a
    program sent it and says nothing but a few words below.
    """
    parts = [part for part in mail.parts if part.data.strip()]
    if not parts or parts[0].type != "message/rfc822" or not (is_from_daemon(mail.fields) or is_report(mail)):
        return None
    if any(not part.type.startswith("text/") or len(part.data) > _FOOTER for part in parts[1:]):
        return None
    return parse_mail(parts[0].data)


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
        or (has_null_path(fields) and decode_header_value(fields.get("subject")).casefold().startswith(_AWAY))
    )


def _is_automatic(fields: HeaderFields) -> bool:
    """Tell whether it is automatic in some way (RFC 3834 5): any mark but ``no``."""
    said = fields.get("auto-submitted").casefold().partition(";")[0].strip()
    return said not in ("", "no") or "x-auto-response-suppress" in fields


# -- reports without a form ----------------------------------------------------------------------


def _second_opinion(mail: ParsedMail, guess_failures: FailureGuesser) -> tuple[RecipientReport, ...]:
    waiting, failed = guess_failures(mail)
    status, words = find_status(_own_text(mail))
    return (
        *(
            RecipientReport(final=address, action="failed", status=status or "5.0.0", diagnostic=words)
            for address in sorted(failed)
        ),
        *(RecipientReport(final=address, action="delayed", status="4.0.0") for address in sorted(waiting)),
    )


def _own_text(mail: ParsedMail) -> str:
    """Return what the writer of a mail says: no copy of another mail."""
    return "\n\n".join(read_own_texts(mail))


def _places(mail: ParsedMail, original: HeaderFields) -> Iterator[str]:
    """Yield the texts in which a return path may stand, below the envelope: the report, the original, the
    text.
    """
    for part in mail.parts:
        if part.type in REPORT_TYPES:
            yield part.text[:_TEXT]
    yield "\n".join(value for _, value in original.pairs)
    for part in mail.parts:
        if part.type == "text/plain":
            yield part.text[:_TEXT]
