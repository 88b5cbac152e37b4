"""A serialised mail taken apart just far enough for the rules to look at it."""

import email
import re
from dataclasses import dataclass
from email import policy
from email.message import Message


@dataclass(frozen=True)
class Part:
    """One text part: what it says of itself, what was sent, what it means."""

    type: str
    charset: str
    encoding: str
    language: str
    flowed: bool
    encoded: str
    text: str


@dataclass(frozen=True)
class Mail:
    """Raw unfolded headers in order, the top-level type, and the text parts."""

    headers: list[tuple[str, str]]
    type: str
    parts: list[Part]

    def values(self, name: str) -> list[str]:
        """Every value of one header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def value(self, name: str) -> str:
        """The first value of one header, empty if there is none."""
        return next(iter(self.values(name)), "")

    def text_of(self, media_type: str) -> str:
        """The decoded text of the first part of this type, empty if there is none."""
        return next((part.text for part in self.parts if part.type == media_type), "")


def read_mail(data: bytes) -> Mail:
    """Take a mail apart, headers undecoded."""
    message = email.message_from_bytes(data, policy=policy.compat32)
    headers = [(name, _unfold(value)) for name, value in message.items()]
    texts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    return Mail(headers, message.get_content_type(), [_part(text) for text in texts])


def _part(message: Message) -> Part:
    charset = message.get_content_charset("us-ascii")
    decoded = message.get_payload(decode=True)
    assert isinstance(decoded, bytes), "a text part has one payload"
    return Part(
        type=message.get_content_type(),
        charset=charset,
        encoding=_unfold(message.get("Content-Transfer-Encoding", "7bit")).lower(),
        language=_unfold(message.get("Content-Language", "")),
        flowed=message.get_param("format") == "flowed",
        encoded=str(message.get_payload()),
        text=decoded.decode(charset, errors="replace"),
    )


def _unfold(value: object) -> str:
    return re.sub(r"\r?\n(?=[ \t])", "", str(value)).strip()
