"""SMTP AUTH (RFC 4954) with PLAIN, LOGIN and CRAM-MD5.

The standard library tries every mechanism after a refusal, so that one wrong password counts as
three with servers that lock accounts, and it encodes as ASCII only. Here: one try, UTF-8.
"""

from __future__ import annotations

import base64
import hmac
from typing import Protocol

_NOT_THIS_ONE = (504, 534)
"""The mechanism is not to be had, or too weak: another one may be tried, no password was."""


class SmtpDialogue(Protocol):
    """The one method of a connection that authentication needs."""

    def docmd(self, cmd: str, args: str = "") -> tuple[int, bytes]:
        """Send a command; return code and text of the answer."""


def authenticate(
    dialogue: SmtpDialogue, offered: str, username: str, password: str, *, encrypted: bool
) -> tuple[int, bytes]:
    """Log in; return the server's last answer (235: accepted).

    ``offered`` is what the server announced after ``AUTH``. An open connection starts with
    CRAM-MD5, which does not show the password. Code 0: no mechanism in common.
    """
    announced = set(offered.upper().split())
    order = (_plain, _login, _cram_md5) if encrypted else (_cram_md5, _plain, _login)
    names = {_plain: "PLAIN", _login: "LOGIN", _cram_md5: "CRAM-MD5"}
    answer = 0, b""
    for mechanism in order:
        if names[mechanism] in announced:
            answer = mechanism(dialogue, username.encode(), password.encode())
            if answer[0] not in _NOT_THIS_ONE:
                break
    return answer


def _plain(dialogue: SmtpDialogue, username: bytes, password: bytes) -> tuple[int, bytes]:
    return dialogue.docmd("AUTH", "PLAIN " + _text(b"\0" + username + b"\0" + password))


def _login(dialogue: SmtpDialogue, username: bytes, password: bytes) -> tuple[int, bytes]:
    answer = dialogue.docmd("AUTH", "LOGIN")
    for secret in (username, password):
        if answer[0] != 334:
            break
        answer = dialogue.docmd(_text(secret))
    return answer


def _cram_md5(dialogue: SmtpDialogue, username: bytes, password: bytes) -> tuple[int, bytes]:
    code, challenge = dialogue.docmd("AUTH", "CRAM-MD5")
    if code != 334:
        return code, challenge
    try:
        digest = hmac.new(password, base64.b64decode(challenge, validate=True), "md5").hexdigest()
    except ValueError:  # no base64, or a system without MD5
        return dialogue.docmd("*")  # RFC 4954 section 4: takes back the attempt
    return dialogue.docmd(_text(username + b" " + digest.encode()))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
