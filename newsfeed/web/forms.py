"""Read the body of a POST: a small form, urlencoded or multipart (RFC 8058 allows both)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from newsfeed.core.http.form_data import FORM_DATA, parse_form_data, parse_parameters
from newsfeed.web.errors import TooManyError
from newsfeed.web.rates import GARBLING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

    from newsfeed.web.context import WebContext

URLENCODED = "application/x-www-form-urlencoded"
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


async def read_form(context: WebContext, request: Request) -> FormFields:
    """Read a form. Raises `HTTPException` when it is too large, too slow, or no form; who sends many that are
    none is told to wait.
    """
    client = context.client(request)
    if wait := context.rates.wait(GARBLING, client):
        raise TooManyError(wait)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (URLENCODED, FORM_DATA):
        raise HTTPException(415)
    body = bytearray()
    await read_body(request, SIZE, body.extend)
    try:
        return FormFields(_parse_form(request.headers["content-type"], bytes(body)))
    except ValueError as error:  # UnicodeDecodeError is one
        context.rates.count(GARBLING, client)
        raise HTTPException(400) from error


async def read_body(request: Request, size: int, take: Callable[[bytes], object]) -> None:
    """Read what was sent, piece by piece. Raises `HTTPException` when it has more bytes than ``size``, is too
    slow, or its sender goes away.
    """
    taken = 0
    try:
        with anyio.fail_after(SECONDS):
            async for piece in request.stream():
                taken += len(piece)
                if taken > size:
                    raise HTTPException(413)
                take(piece)
    except TimeoutError as error:
        raise HTTPException(408) from error
    except ClientDisconnect as error:  # nobody reads the answer; it is no mistake of ours
        raise HTTPException(400) from error


def _parse_form(content_type: str, body: bytes) -> list[tuple[str, str]]:
    kind, parameters = parse_parameters(content_type)
    if kind == FORM_DATA:
        return parse_form_data(body, parameters.get("boundary", ""), FIELDS)
    return parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=FIELDS)
