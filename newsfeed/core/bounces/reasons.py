"""Tell what a failure means for the reader: ``hard``, ``soft`` or ``policy``, by its status code, and by the
server's own words where the code says something else.

Relays sum up every refusal of a recipient as ``5.1.1``. What the reader's server said is nearer to the
truth (RFC 3464 2.3.4, 2.3.6): a block list, a limit or a full mailbox never makes a mailbox vanish.
Words only ever make a verdict milder: none of them ends a subscription.
"""

from __future__ import annotations

import re

from newsfeed.core.bounces import phrases

WORDS = 800
"""Characters of a server's words that are looked at."""
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]{1,200}@[^\s<>\"'(),;:]{1,200}")
_REPLY_CODE = re.compile(r"(?<![\w.@/+-])([45]\d\d)(?=[ :-])")
_HARD = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")
"""RFC 3463: the mailbox or its domain does not exist, or has moved, or is disabled."""
_OUR_ADDRESS = ("5.1.7", "5.1.8", "4.1.7", "4.1.8")
"""RFC 3463: the sender's address is wrong, or its domain: that is ours."""
_STORAGE_CODES = ("452", "552")
"""RFC 5321 4.2.3: too little storage, for the system or for the mailbox."""


def classify_status(status: str, action: str = "failed") -> str:
    """Return what a failure report means: ``hard``, ``soft``, ``policy``, or empty for no bounce at all.

    status: enhanced status code (RFC 3463). action: as in RFC 3464; ``delayed`` and ``relayed`` are news of
    the way, not failures (2.3.3). 5.7.x says that a server did not like us, which is not the reader's fault.
    """
    if action.casefold() not in ("failed", ""):
        return ""
    if status.startswith(("5.7", "4.7")):
        return "policy"
    if status in _HARD:
        return "hard"
    return "soft" if status.startswith(("4.", "5.")) else ""


def classify_failure(status: str, action: str = "failed", words: str = "") -> str:
    """Return what a failure means, as `classify_status` does, unless the server's own ``words`` say that the
    reader's mailbox is not the reason.
    """
    kind = classify_status(status, action)
    if kind not in ("hard", "soft"):
        return kind
    if status in _OUR_ADDRESS:
        return "policy"
    said, code = _own_words(words)
    if phrases.FULL.search(said):
        return "soft"
    if any(pattern.search(said) for pattern in (phrases.LISTED, phrases.BUSY, phrases.SENDER)):
        return "policy"
    if phrases.UNKNOWN.search(said) and not code.startswith("4"):
        return kind
    if phrases.DISLIKED.search(said):
        return "policy"
    passing = code.startswith("4") or code in _STORAGE_CODES or phrases.PASSING.search(said)
    return "soft" if passing else kind


def _own_words(words: str) -> tuple[str, str]:
    """Return what stands behind the first reply code, and that code: before it stand names of hosts, and
    addresses may be called anything.
    """
    found = _REPLY_CODE.search(words[:WORDS])
    said = words[found.end() : WORDS] if found else words[:WORDS]
    return " ".join(_ADDRESS.sub(" ", said).split()), found[1] if found else ""
