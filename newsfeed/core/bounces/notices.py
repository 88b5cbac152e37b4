"""Read failure notices without a report: texts for people, by whatever server, plain or in HTML.

The envelope of such a notice carries a token of ours, so nobody has to find an address in it. That a
server wrote it, and the first status or reply code above the copy of our mail, is enough.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from newsfeed.core.bounces import phrases
from newsfeed.core.bounces.dsn import RecipientReport, find_status, read_recipient_groups
from newsfeed.core.bounces.mime import decode_header_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsfeed.core.bounces.mime import HeaderFields, ParsedMail

ORIGINAL_TYPES = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
)
TEXT = 20_000
"""Characters of a text that are looked at."""
_TEXTS, _HTML = 3, 200_000
"""Texts of a mail, and characters of one in HTML: style sheets come first."""
_DAEMONS = (
    *("mailer-daemon", "mailer_daemon", "mailerdaemon", "postmaster", "mail-daemon", "mdaemon"),
    *("maildelivery", "mail.delivery", "mail-delivery", "mailsystem", "mail-system", "smtp-daemon"),
    *("microsoftexchange", "mail_delivery", "mail-router"),
)
_DAEMON_NAME = re.compile(
    r"mail delivery|mailer.?daemon|delivery (?:sub)?system|mail (?:system|server|administrator)|postmaster"
    r"|message delivery|system ?administrator|administrateur syst|microsoft exchange",
    re.IGNORECASE,
)
_COPY_LINE = re.compile(
    r"^[ \t>|]{0,20}(?:[-_=*+]{2}(?!.{0,80}(?:transcript|session|error))"
    r".{0,100}?(?:\bcop(?:y|ie)\b|original|kopie|returned|unsent|follows|below this|kopfzeilen|header)"
    r"|(?:below|this|here|following) is a copy of"
    r"|.{0,60}(?:original message(?: headers?)?|message (?:headers?|source)) ?:[ \t]*$"
    r"|.{0,40}(?:en-têtes|kopfzeilen).{0,60}:[ \t]*$"
    r"|(?:Return-Path|Received|DKIM-Signature|Feedback-ID|List-Unsubscribe|List-Id|MIME-Version):[ \t]?\S)",
    re.IGNORECASE | re.MULTILINE,
)
"""The beginning of the copy of our mail: an announcement, or a header that only mails have."""
_GROUP = re.compile(r"^Final-Recipient:", re.IGNORECASE | re.MULTILINE)


def is_from_daemon(fields: HeaderFields) -> bool:
    """Tell whether a server wrote it: a person may quote a report in an answer."""
    return has_null_path(fields) or "x-failed-recipients" in fields or _is_named_daemon(fields)


def has_null_path(fields: HeaderFields) -> bool:
    """Recognise an empty return path, which Postfix hands to programs as ``MAILER-DAEMON``."""
    path = fields.get("return-path").strip("<> ").casefold()
    return "return-path" in fields and path.partition("@")[0] in ("", "mailer-daemon")


def is_report(mail: ParsedMail) -> bool:
    """Tell whether a mail calls itself a delivery report, whatever is left of it."""
    return (
        mail.parameter("report-type").casefold() == "delivery-status"
        or "x-ms-exchange-message-is-ndr" in mail.fields
    )


def is_newsletter(fields: HeaderFields) -> bool:
    """Recognise mails of lists, perhaps our own: whatever stands in them, they are no reports."""
    return "list-unsubscribe" in fields or "list-id" in fields


def read_notice(mail: ParsedMail) -> tuple[RecipientReport, ...]:
    """Return what a server's notice says of the one recipient that its envelope is about; empty when it is
    none. The recipient has no address.
    """
    subject = decode_header_value(mail.fields.get("subject")).strip()
    named = is_report(mail) or "x-failed-recipients" in mail.fields or _is_named_daemon(mail.fields)
    named = named or bool(phrases.SUBJECTS.search(subject))
    if not named and (not has_null_path(mail.fields) or _is_marked(mail.fields)):
        return ()
    text = "\n\n".join(read_own_texts(mail))
    group = _GROUP.search(text)  # a report that a gateway has made a text of
    if group and (recipients := read_recipient_groups(text[group.start() :].encode())):
        return recipients
    status, words = find_status(text)
    said = " ".join(text.split())
    failed = phrases.FAILED.search(f"{subject}\n{said}")
    if status.endswith(".0.0") and not (named or failed):  # three digits in a letter of somebody
        return ()
    if not status:
        if not (named and failed) or phrases.QUESTION.search(said):
            return ()
        status = "5.0.0"
    return (RecipientReport(action=_action(status, subject, said), status=status, diagnostic=words),)


def read_own_texts(mail: ParsedMail) -> Iterator[str]:
    """Yield the texts of a mail as far as its sender wrote them: up to a copy of another mail."""
    texts = 0
    plain = any(part.type == "text/plain" and part.data.strip() for part in mail.parts)
    for part in mail.parts:
        if part.type in ORIGINAL_TYPES or texts == _TEXTS:
            return
        if part.type == "text/plain" or (part.type == "text/html" and not plain):
            texts += 1
            text = part.text[:TEXT] if part.type == "text/plain" else html_to_text(part.text[:_HTML])
            copy = _COPY_LINE.search(text)
            yield text[: copy.start()] if copy else text
            if copy:
                return


def html_to_text(html: str) -> str:
    """Return the words of a text in HTML, a line for each block; work grows with its length only."""
    shown = _without(_without(_without(html, "<!--", "--"), "<style", "</style"), "<script", "</script")
    lines = re.sub(
        r"<(?:/?p|br|/?div|/?tr|/?li|/?h[1-6]|/?pre|hr)\b[^<>]{0,2000}>", "\n", shown, flags=re.IGNORECASE
    )
    words = unescape(re.sub(r"<[a-zA-Z/!?][^<>]{0,2000}>", "", lines))
    return re.sub(r"[ \t\r\xa0]+", " ", words).strip()[:TEXT]


def _without(text: str, begin: str, end: str) -> str:
    """Cut what stands between two marks and the bracket behind, in one pass; without an end up to the end of
    the text.
    """
    folded, kept, place = text.lower(), [], 0
    if len(folded) != len(text):  # a letter has grown: then marks are found in the wrong place
        folded = text
    while (start := folded.find(begin, place)) >= 0:
        kept.append(text[place:start])
        stop = folded.find(end, start + len(begin))
        place = folded.find(">", stop) + 1
        if stop < 0 or not place:
            return "".join(kept)
    return "".join([*kept, text[place:]])


def _is_named_daemon(fields: HeaderFields) -> bool:
    sender = fields.get("from")[:1_000]
    mailbox = re.search(r"([^\s<>@\"]{1,64})@", sender)
    local = mailbox[1].casefold() if mailbox else sender.strip("<> ").casefold()
    return local.startswith(_DAEMONS) or bool(
        _DAEMON_NAME.search(decode_header_value(sender).partition("<")[0])
    )


def _is_marked(fields: HeaderFields) -> bool:
    """Recognise the marks of answers that mailboxes of people give by themselves."""
    return "auto-submitted" in fields or "x-auto-response-suppress" in fields


def _action(status: str, subject: str, text: str) -> str:
    """Return ``failed`` or ``delayed``: news of the way promise another try, and say nothing of an end."""
    final = phrases.FINAL.search(text) or phrases.FAILED.search(
        subject
    )  # a subject may repeat ours, whatever that says
    if (phrases.DELAYED.search(subject) or phrases.RETRIES.search(text)) and not final:
        return "delayed"
    if status[0] == "4" and not final and (phrases.DELAYED.search(text) or not phrases.FAILED.search(text)):
        return "delayed"
    return "failed"
