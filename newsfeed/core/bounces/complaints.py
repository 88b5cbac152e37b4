"""Read complaints: feedback reports (ARF, RFC 5965), and what Microsoft's JMRP sends without one.

A reader who forwards a mail hands over what they see: its text, with the link at its foot. So a
complaint is proved by what no forwarded mail shows: the return path's token, or a Message-ID beside
the header of the one-click link.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsfeed.core.bounces.dsn import RecipientReport, strip_address_type
from newsfeed.core.bounces.mime import HeaderFields, read_field_groups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsfeed.core.bounces.mime import MimePart, ParsedMail

REPORT_TYPE = "message/feedback-report"
_NO_COMPLAINTS = ("not-spam", "auth-failure", "virus", "dkim", "dmarc")
"""Feedback types that are no wish of the reader's (RFC 5965 7.3, RFC 6591, RFC 6430)."""
_VISIBLE = ("from", "to", "cc", "subject", "date", "reply-to")
"""Fields that mail programs repeat in a forwarded mail."""
_ONE_CLICK = re.compile(r"<https?://[^<>\s]{1,900}?([A-Za-z0-9_-]{22})>", re.ASCII)
_TEXT = 20_000


def read_feedback(report: MimePart) -> tuple[str, tuple[RecipientReport, ...], str]:
    """Return kind, readers and feedback type of a feedback report."""
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


def is_junk_report(mail: ParsedMail, original: HeaderFields) -> bool:
    """Recognise Microsoft's JMRP, which sends the mail complained of without any report."""
    subject = mail.fields.get("subject").casefold()
    return "x-hmxmroriginalrecipient" in original and subject.startswith("complaint about message")


def read_junk_report(original: HeaderFields) -> tuple[str, tuple[RecipientReport, ...], str]:
    """Return kind, reader and feedback type of a mail that came by JMRP."""
    reader = strip_address_type(original.get("x-hmxmroriginalrecipient"))
    return "complaint", (RecipientReport(final=reader),), "abuse"


def yield_proofs(mail: ParsedMail, original: HeaderFields) -> Iterator[str]:
    """Yield the texts of a complaint, below its envelope, in which a return path proves something."""
    for part in mail.parts:
        if part.type == REPORT_TYPE:
            yield part.text[:_TEXT]
    yield "\n".join(value for name, value in original.pairs if name not in _VISIBLE)


def find_one_click(original: HeaderFields) -> tuple[str, ...]:
    """Return the tokens of the original's List-Unsubscribe, where its other header of RFC 8058 stands too."""
    post = original.get("list-unsubscribe-post").replace(" ", "").casefold()
    if post != "list-unsubscribe=one-click":
        return ()
    return tuple(_ONE_CLICK.findall(original.get("list-unsubscribe"))[:3])
