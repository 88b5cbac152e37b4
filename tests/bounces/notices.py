"""Returned mails of many servers, in `notices/*.txt`: each with what it is to count as.

Written for these tests, in the shapes that the servers named in them use, with reserved domains.
"""

from pathlib import Path

from tests.mailboxes.letters import READER

FOLDER = Path(__file__).parent / "notices"
COPY = """\
Return-Path: <{PATH}>
Received: from news.example.org (news.example.org [198.51.100.7]) by mail.example.org (Postfix)
From: Example newsroom <news@example.org>
To: Jane Doe <{READER}>
Subject: 550 5.1.1 wells
Message-ID: <staff.7@test.example>
List-Id: Network news <staff.example.org>
List-Unsubscribe: <https://www.example.org/leave/leaveleaveleaveleavele>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
Auto-Submitted: auto-generated
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Two wells were opened this week: 550 5.1.1 and 552 5.2.2, permanently.
"""
"""Our own mail, as servers bring it back: what it says must not be taken for theirs."""


def read_notices() -> dict[str, tuple[str, str]]:
    """File and name → the mail, and what a genuine one counts as."""
    found = {}
    for path in sorted(FOLDER.glob("*.txt")):
        for block in path.read_text("utf-8").split("=== ")[1:]:
            head, _, mail = block.partition("\n")
            name, _, outcome = head.partition(": ")
            found[f"{path.stem}-{name}"] = (mail, outcome)
    return found


def fill_in(mail: str, token: str, line_end: str = "\n") -> bytes:
    """Return the bytes of a notice about the delivery of a token."""
    path = f"bounces+{token}@example.org"
    whole = mail.replace("{COPY}", COPY).replace("{PATH}", path).replace("{READER}", READER)
    return whole.replace("\n", line_end).encode()
