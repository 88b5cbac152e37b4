"""Lint for a digest mail as it is handed to the transport."""

import re
from collections.abc import Collection, Iterator
from email.utils import getaddresses

from .entries import mail_date, repeated, wrong_dates
from .markup import ACTIVE, Markup, is_absolute, is_plain, scripted
from .message import Mail, Part, read_mail

NEEDED = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version")
REPEATABLE = frozenset({"received", "dkim-signature", "authentication-results"})
UNENCODED = frozenset({"message-id", "date", "feedback-id", "auto-submitted", "content-language"})
LINE_LIMIT, COLUMN_LIMIT, WORD_LIMIT = 998, 78, 75
HTML_LIMIT = 102_400

_ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bqBQ]\?[^?\s]*\?=")
_MESSAGE_ID = re.compile(r"<[^<>\s@]+@[a-z0-9.-]+>")
_LIST_URI = re.compile(r"<(https|mailto):[^<>\s]+>")
_TINY = re.compile(r"(^|[;\s])(width|height)\s*:\s*[01](px)?\s*(;|$)|display\s*:\s*none")


def lint_mail(data: bytes, images: Collection[str] = ()) -> list[str]:
    """What is wrong with one mail; only `images` may be loaded from afar."""
    mail = read_mail(data)
    faults = [
        *_line_faults(data),
        *_header_faults(mail),
        *_encoded_word_faults(mail),
        *_list_faults(mail),
        *_structure_faults(mail),
    ]
    for part in mail.parts:
        found = _html_faults(part, images) if part.type == "text/html" else _text_faults(part)
        faults += [f"{part.type}: {fault}" for fault in (*_part_faults(part), *found)]
    return faults


def _line_faults(data: bytes) -> Iterator[str]:
    if re.search(rb"(?<!\r)\n|\r(?!\n)", data):
        yield "a line does not end with CRLF"
    if any(len(line) > LINE_LIMIT for line in data.split(b"\r\n")):
        yield f"a line is longer than {LINE_LIMIT} bytes"
    if not data.partition(b"\r\n\r\n")[0].isascii():
        yield "a header is not ASCII"


def _header_faults(mail: Mail) -> Iterator[str]:
    names = [name.lower() for name, _ in mail.headers]
    yield from repeated((name for name in names if name not in REPEATABLE), "header")
    yield from (f"it has no {name}" for name in NEEDED if not mail.value(name))
    yield from wrong_dates(mail_date, mail.values("Date"))
    if mail.value("Message-ID") and not _MESSAGE_ID.fullmatch(mail.value("Message-ID")):
        yield f"its Message-ID is {mail.value('Message-ID')}"
    for name in ("From", "To"):
        for _, address in getaddresses(mail.values(name)):
            if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", address):
                yield f"{name} has the address {address!r}"


def _encoded_word_faults(mail: Mail) -> Iterator[str]:
    for name, value in mail.headers:
        words = _ENCODED_WORD.findall(value)
        if any(len(word) > WORD_LIMIT for word in words):
            yield f"{name} has an encoded-word over {WORD_LIMIT} characters"
        if "=?" in _ENCODED_WORD.sub("", value) or "?==?" in value:
            yield f"{name} has a broken encoded-word"
        if words and name.lower() in UNENCODED:
            yield f"{name} is encoded"


def _list_faults(mail: Mail) -> Iterator[str]:
    for name, value in mail.headers:
        if name.lower() == "list-id":
            address = value.rpartition(" ")[2]
            if not re.fullmatch(r"<[a-z0-9._-]+>", address):
                yield f"List-Id has the identifier {address}"
        elif name.lower().startswith("list-") and "=?" in value:
            yield f"{name} is encoded"
    uris = [uri.strip() for uri in mail.value("List-Unsubscribe").split(",") if uri]
    if not all(_LIST_URI.fullmatch(uri) for uri in uris):
        yield "List-Unsubscribe has something other than <https:…> and <mailto:…>"
    post = mail.value("List-Unsubscribe-Post")
    if post and post != "List-Unsubscribe=One-Click":
        yield f"List-Unsubscribe-Post is {post}"
    if post and sum(uri.startswith("<https:") for uri in uris) != 1:
        yield "one-click unsubscription has not exactly one https address"


def _structure_faults(mail: Mail) -> Iterator[str]:
    if mail.type != "multipart/alternative":
        yield f"it is {mail.type}, not multipart/alternative"
    order = [part.type for part in mail.parts]
    if order != ["text/plain", "text/html"]:
        yield f"its parts are {', '.join(order)}, not text first and HTML last"
    languages = [
        mail.value("Content-Language"),
        *(part.language for part in mail.parts),
    ]
    if not all(languages):
        yield "Content-Language is missing on the mail or on a part"
    elif len(set(languages)) > 1:
        yield f"its languages differ: {', '.join(languages)}"


def _part_faults(part: Part) -> Iterator[str]:
    if part.charset != "utf-8":
        yield f"its charset is {part.charset}"
    if part.encoding != "quoted-printable":
        yield f"it is sent as {part.encoding}, not quoted-printable"
    if not part.text.strip():
        yield "it is empty"
    if "�" in part.text:
        yield "it has bytes that are not UTF-8"


def _text_faults(part: Part) -> Iterator[str]:
    if not is_plain(part.text):
        yield "it has markup"
    for line in part.text.splitlines():
        if len(line) > COLUMN_LIMIT and not part.flowed and " " in line.strip():
            yield f"a line is wider than {COLUMN_LIMIT} columns: {line}"
        if part.flowed and re.match(r">|From ", line):
            yield f"a flowed line is not space-stuffed: {line}"


def _html_faults(part: Part, images: Collection[str]) -> Iterator[str]:
    if len(part.encoded) >= HTML_LIMIT:
        yield f"it has {len(part.encoded)} bytes; from {HTML_LIMIT} on it is clipped"
    markup = Markup(part.text)
    yield from scripted(markup)
    languages = [html.attributes.get("lang", "") for html in markup.named("html")]
    if languages != [part.language]:
        yield f"its html lang is {', '.join(languages) or 'missing'}"
    for element in markup.elements:
        attributes = element.attributes
        if element.tag in ACTIVE - {"meta", "script"}:
            yield f"<{element.tag}> has no place in a mail"
        for address in element.fetched():
            if address not in images and not address.startswith(("cid:", "data:")):
                yield f"<{element.tag}> loads {address}"
        if element.tag == "img" and "alt" not in attributes:
            yield "an image has no alt text"
        sizes = {attributes.get("width"), attributes.get("height")}
        style = attributes.get("style", "")
        if element.tag == "img" and (sizes & {"0", "1"} or _TINY.search(style)):
            yield "an image is as small as a tracking pixel"
        href = attributes.get("href", "https://")
        if element.tag == "a" and not is_absolute(href):
            yield f"a link has the relative address {href!r}"
