"""Ask flufl.bounce about notices of old servers that say neither status nor whom they are about."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from email.message import Message

    from newsfeed.core.bounces.mime import ParsedMail


def guess_failures(mail: ParsedMail) -> tuple[Collection[str], Collection[str]]:
    """Return (addresses that wait, addresses that failed) as flufl.bounce (Apache-2.0) reads a mail without a
    report.

    It knows the texts of dozens of old servers. It gets a flat copy of short lines: some of its
    patterns need time that grows with the square of a line's length.
    """
    from flufl.bounce import all_failures

    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)  # it logs, then raises, too
    try:
        waiting, failed = all_failures(_flat(mail))
    except Exception:  # noqa: BLE001 - heuristics over a stranger's bytes: no opinion is an answer
        return (), ()
    return [one.decode("ascii", "replace") for one in waiting], [
        one.decode("ascii", "replace") for one in failed
    ]


_TEXTS, _LINES, _COLUMNS, _BRACKETS = 2, 150, 200, 6
_SEEN_HEADERS = ("from", "subject", "x-mailer", "x-failed-recipients")


def _flat(mail: ParsedMail) -> Message:
    """Return a copy of at most two levels, made of texts only."""
    from email.message import Message

    flat = Message()
    for name in _SEEN_HEADERS:
        if value := mail.fields.get(name):
            flat[name] = value[:1_000].encode("ascii", "replace").decode()
    texts = [part for part in mail.parts if part.type == "text/plain"][:_TEXTS]
    if not mail.type.startswith("multipart/"):
        flat["Content-Type"] = "text/plain"
        flat.set_payload(_shortened(texts[0].text) if texts else "")
        return flat
    flat["Content-Type"] = (
        mail.type if mail.type in ("multipart/mixed", "multipart/report") else "multipart/mixed"
    )
    for part in texts:
        leaf = Message()
        leaf["Content-Type"] = "text/plain"
        leaf["Content-Description"] = part.fields.get("content-description")[:100]
        leaf.set_payload(_shortened(part.text))
        flat.attach(leaf)
    return flat


def _shortened(text: str) -> str:
    lines = text[: _LINES * _COLUMNS].split("\n", _LINES)[:_LINES]
    plain = (re.sub(r"[ \t]{2,}", " ", line)[:_COLUMNS] for line in lines if line.count("<") < _BRACKETS)
    return "\n".join(line.encode("ascii", "replace").decode() for line in plain)
