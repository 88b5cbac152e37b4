"""Read delivery reports (RFC 3464 in a multipart/report of RFC 6522): what they say of each recipient."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.bounces.mime import read_field_groups

if TYPE_CHECKING:
    from newsfeed.core.bounces.mime import HeaderFields, ParsedMail

REPORT_TYPES = ("message/delivery-status", "message/global-delivery-status")
_ENHANCED = r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])"
_STATUS = re.compile(_ENHANCED)
_SAID = re.compile(rf"(?:\b[45]\d\d[ -]|#){_ENHANCED}")
"""A status in a text: behind an SMTP code, or marked as qmail does."""
_LINE = 800
"""Characters of a line that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientReport:
    """The report about one recipient (RFC 3464 2.3)."""

    final: str = ""
    original: str = ""
    """What the sender had written, when the address was forwarded."""
    action: str = ""
    """``failed``, ``delayed``, ``delivered``, ``relayed`` or ``expanded``."""
    status: str = ""
    """Such as ``5.1.1`` (RFC 3463)."""
    diagnostic: str = ""


def read_recipients(mail: ParsedMail) -> tuple[RecipientReport, ...]:
    """Return the recipients of a delivery report; a group without action and status is about the message."""
    report = mail.first(*REPORT_TYPES)
    if report is None:
        return ()
    found = (_recipient(block) for block in read_field_groups(report.data))
    return tuple(one for one in found if one is not None)


def _recipient(block: HeaderFields) -> RecipientReport | None:
    diagnostic = block.get("diagnostic-code").partition(";")[2].strip() or block.get("diagnostic-code")
    status = _sharper(block.get("status"), diagnostic)
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


def _action(said: str, status: str) -> str:
    """Return the action, without the comments that some servers add; OpenSMTPD says ``error``."""
    found = re.match(r"\s*([A-Za-z]+)", said)
    if found:
        return "failed" if found[1].lower() == "error" else found[1].lower()
    return {"5": "failed", "4": "delayed"}.get(status[:1], "")


def _sharper(said: str, diagnostic: str) -> str:
    """Return the status; where it says nothing (``5.0.0``), the one that the other server had named."""
    found = _STATUS.search(said)
    status = found[1] if found else ""
    if status and not status.endswith(".0.0"):
        return status
    better = [one for one in _SAID.findall(diagnostic[:_LINE]) if one[0] == (status or one)[0]]
    return better[0] if better else status


def strip_address_type(value: str) -> str:
    """Return the address of ``rfc822; <somebody@example.org>``."""
    found = value.rpartition(";")[2].strip()
    inside = re.search(r"<([^<>]{1,320})>", found)
    return (inside[1] if inside else found.partition(" ")[0])[:320]


def find_status(text: str) -> tuple[str, str]:
    """Return the first permanent status in a text for people, and its line; ``5.0.0`` when there is none."""
    found = next((one for one in _SAID.finditer(text) if one[1][0] == "5"), None)
    if found is None:
        return "5.0.0", ""
    start = text.rfind("\n", 0, found.start()) + 1
    return found[1], text[start : start + _LINE].partition("\n")[0]
