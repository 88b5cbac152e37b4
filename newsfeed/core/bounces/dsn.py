"""Read delivery reports (RFC 3464 in a multipart/report of RFC 6522): what they say of each recipient."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsfeed.core.bounces.mime import read_field_groups
from newsfeed.core.bounces.reasons import classify_status

if TYPE_CHECKING:
    from newsfeed.core.bounces.mime import HeaderFields, ParsedMail

REPORT_TYPES = ("message/delivery-status", "message/global-delivery-status")
ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
"""The words of RFC 3464 2.3.3; any other one counts as none."""
_ENHANCED = r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])"
_STATUS = re.compile(_ENHANCED)
_BARE = r"(?<![\w.@/+-])([45])(?:21|3[0-2]|4[0-2]|5[0-6]|0[0-4]|1[0-5]|2[0-3]|71)(?=[ :-]+(?![\d\s]))"
"""An SMTP code without a status (RFC 5321 4.2.2), with words behind it."""
_SAID = re.compile(
    rf"(?:\b[45]\d\d[ :-]+['\"(<]*#?|#|^[ \t]*(?:\(|status[:=] ?)?|\((?:status )?|\bdsn[:= ]+){_ENHANCED}",
    re.IGNORECASE | re.MULTILINE,
)
"""A status in a text: behind an SMTP code, marked as qmail does, or where a line begins."""
_CODE = re.compile(_BARE, re.MULTILINE)
_LINE = 800
"""Characters of a server's words that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientReport:
    """The report about one recipient (RFC 3464 2.3)."""

    final: str = ""
    original: str = ""
    """The address the sender had written, when the address was forwarded."""
    action: str = ""
    """``failed``, ``delayed``, ``delivered``, ``relayed`` or ``expanded``."""
    status: str = ""
    """Such as ``5.1.1`` (RFC 3463)."""
    diagnostic: str = ""


def read_recipients(mail: ParsedMail) -> tuple[RecipientReport, ...]:
    """Return the recipients of a delivery report; a group without action and status is about the message."""
    report = mail.first(*REPORT_TYPES)
    return read_recipient_groups(report.data) if report is not None else ()


def read_recipient_groups(data: bytes) -> tuple[RecipientReport, ...]:
    """Return the recipients that groups of fields tell of (RFC 3464 2.1)."""
    reports = (_recipient(block) for block in read_field_groups(data))
    return tuple(report for report in reports if report is not None)


def _recipient(block: HeaderFields) -> RecipientReport | None:
    said = block.get("diagnostic-code") or block.get("x-supplementary-info")
    diagnostic = said.partition(";")[2].strip() or said
    status = _reconcile(block.get("status"), diagnostic)
    action = _action(block.get("action"), status)
    if not action:
        return None
    return RecipientReport(
        final=strip_address_type(block.get("final-recipient")),
        original=strip_address_type(block.get("original-recipient")),
        action=action,
        status=status or ("5.0.0" if action == "failed" else ""),
        diagnostic=diagnostic,
    )


def add_words(report: RecipientReport, words: str) -> RecipientReport:
    """Return a report with the words of the other server that stand in the text beside it, if it has none."""
    if report.diagnostic or report.action != "failed" or not words:
        return report
    return replace(report, status=_reconcile(report.status, words), diagnostic=words)


def _action(said: str, status: str) -> str:
    """Return the action, without the comments that some servers add. A word that is none of `ACTIONS`
    says nothing; then the class of the status decides (OpenSMTPD says ``error``, others ``failure``).
    """
    found = re.match(r"\s*([A-Za-z]+)", said)
    word = found[1].lower() if found else ""
    if word in ACTIONS:
        return word
    if word == "error":
        return "failed"
    return {"5": "failed", "4": "delayed"}.get(status[:1], "")


def _reconcile(said: str, diagnostic: str) -> str:
    """Return the status that counts, of the one a report names and the one the other server had named.

    Where the report says nothing (``5.0.0``, ``5.1.0``), the other server sharpens it. Where the two
    contradict each other, the one that is milder to the reader is believed: ``Status`` is what the
    reporting server made of the answer (RFC 3464 2.3.4, 2.3.6).
    """
    found = _STATUS.search(said)
    status, words = (found[1] if found else ""), diagnostic[:_LINE]
    # The order is kept otherwise: what says more goes first.
    named: list[str] = sorted(_SAID.findall(words), key=lambda exact: exact.endswith(".0"))
    remote = next((exact for exact in named if not exact.endswith(".0.0")), "")
    if not status:
        code = _CODE.search(words)
        return remote or (f"{code[1]}.0.0" if code else "")
    if status.endswith(".0"):
        known = status.removesuffix("0").removesuffix("0.")
        if sharper := [exact for exact in named if exact.startswith(known) and not exact.endswith(".0")]:
            return sharper[0]
    return remote if remote and _severity(remote) < _severity(status) else status


def _severity(status: str) -> int:
    """Return how much a status says against the reader: the more, the larger."""
    return ("policy", "soft", "hard").index(classify_status(status) or "policy")


def strip_address_type(value: str) -> str:
    """Return the address of ``rfc822; <somebody@example.org>``."""
    found = value.rpartition(";")[2].strip()
    inside = re.search(r"<([^<>]{1,320})>", found)
    return (inside[1] if inside else found.partition(" ")[0])[:320]


def find_status(text: str) -> tuple[str, str]:
    """Return the first status in a text for people, and the words around it up to an empty line.

    A reply code without a status is worth ``5.0.0`` (or ``4.0.0``), unless a status follows in the
    same paragraph. Both are empty when there is neither.
    """
    named, bare = _SAID.search(text), _CODE.search(text)
    first = min((one for one in (named, bare) if one), key=lambda one: one.start(1), default=None)
    if first is None:
        return "", ""
    start = text.rfind("\n", 0, first.start(1)) + 1
    words = text[start : start + _LINE].partition("\n\n")[0]
    if first is not named:
        named = _SAID.search(words)
    return (named[1] if named else f"{first[1][0]}.0.0"), words
