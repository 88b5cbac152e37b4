"""Read the body of a POST: a small form, urlencoded or multipart (RFC 8058 allows both)."""

from __future__ import annotations

from collections import defaultdict
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import anyio
from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

SIZE = 16_384
"""Bytes of the largest form."""
FIELDS = 200
"""Fields of a form, at most; each topic is one."""
SECONDS = 10
"""A form that has not come by then is not waited for."""


class FormFields:
    """The fields of a form; one may be there several times."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = defaultdict(list)
        for name, value in pairs:
            self._values[name].append(value)

    def first(self, name: str, default: str = "") -> str:
        """Return the first value of a field, without blanks around it."""
        return self._values[name][0].strip() if self._values.get(name) else default

    def all(self, name: str) -> tuple[str, ...]:
        """Return all values of a field, without the empty ones."""
        return tuple(value for value in self._values.get(name, ()) if value)


async def read_form(request: Request) -> FormFields:
    """Read a form. Raises `HTTPException` when it is too large, too slow, or no form."""
    kind, boundary = _media_type(request.headers.get("content-type", ""))
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise HTTPException(415)
    body = await read_body(request, SIZE)
    try:
        pairs = _parse_multipart(body, boundary) if kind.startswith("multipart") else _parse_urlencoded(body)
    except ValueError as error:  # UnicodeDecodeError is one
        raise HTTPException(400) from error
    if len(pairs) > FIELDS:
        raise HTTPException(400)
    return FormFields(pairs)


async def read_body(request: Request, size: int) -> bytes:
    """Read what was sent. Raises `HTTPException` when it has more bytes than ``size``, or is too slow."""
    body = bytearray()
    try:
        with anyio.fail_after(SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > size:
                    raise HTTPException(413)
    except TimeoutError as error:
        raise HTTPException(408) from error
    return bytes(body)


def _parse_urlencoded(body: bytes) -> list[tuple[str, str]]:
    return parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=FIELDS)


def _parse_multipart(body: bytes, boundary: str) -> list[tuple[str, str]]:
    """Read the parts that are fields; a file among them has no name here, and is left out."""
    if not boundary:
        raise ValueError("no boundary")
    head = f'Content-Type: multipart/form-data; boundary="{boundary}"\r\n\r\n'.encode("ascii")
    whole = BytesParser(policy=HTTP).parsebytes(head + body)
    if not whole.is_multipart() or whole.defects:
        raise ValueError("not in parts")
    return [_read_part(part) for part in whole.iter_parts() if not part.get_filename()]


def _read_part(part: Message) -> tuple[str, str]:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        raise ValueError("parts within parts")  # noqa: TRY004 - what was sent has the wrong value
    return str(part.get_param("name", "", "content-disposition")), content.decode("utf-8")


def _media_type(header: str) -> tuple[str, str]:
    message = Message()
    message["Content-Type"] = header.replace("\r", " ").replace("\n", " ")
    return message.get_content_type(), str(message.get_param("boundary") or "")
