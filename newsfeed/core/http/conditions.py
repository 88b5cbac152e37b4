"""Decide whether an answer is needed: what the client has already may be as good (RFC 9110 13)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

IF_MATCH, IF_NONE_MATCH = b"if-match", b"if-none-match"
IF_MODIFIED_SINCE, IF_UNMODIFIED_SINCE = b"if-modified-since", b"if-unmodified-since"
CONDITIONS = frozenset({IF_MATCH, IF_NONE_MATCH, IF_MODIFIED_SINCE, IF_UNMODIFIED_SINCE})
OK, NOT_MODIFIED, PRECONDITION_FAILED = 200, 304, 412
_ETAGS = re.compile(rb'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def evaluate_conditions(headers: Mapping[bytes, bytes], etag: bytes, modified: int) -> int:
    """Return the status that the conditions of a GET or HEAD lead to, in the order of RFC 9110 13.2.2.

    headers: by their lower-case names; etag: strong, in its quotes; modified: seconds since 1970.
    """
    if IF_MATCH in headers:
        if not names_etag(headers[IF_MATCH], etag, weak=False):
            return PRECONDITION_FAILED
    elif IF_UNMODIFIED_SINCE in headers:
        since = parse_http_date(headers[IF_UNMODIFIED_SINCE])
        if since is not None and modified > since:
            return PRECONDITION_FAILED
    if IF_NONE_MATCH in headers:
        return NOT_MODIFIED if names_etag(headers[IF_NONE_MATCH], etag, weak=True) else OK
    if IF_MODIFIED_SINCE in headers:
        since = parse_http_date(headers[IF_MODIFIED_SINCE])
        return NOT_MODIFIED if since is not None and modified <= since else OK
    return OK


def names_etag(header: bytes, etag: bytes, *, weak: bool) -> bool:
    """Tell whether a list of entity tags names a strong one; ``*`` names any. ``weak``: one that was weakened
    on its way counts too, as some proxies do that.
    """
    if header.strip() == b"*":
        return True
    return any(found == etag and (weak or not weakened) for weakened, found in _ETAGS.findall(header))


def parse_http_date(header: bytes) -> int | None:
    """Return the seconds since 1970 of a date in one of the three forms of RFC 9110 5.6.7; ``None`` of
    anything else.
    """
    try:
        moment = parsedate_to_datetime(header.decode("ascii"))
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def format_http_date(seconds: int) -> bytes:
    """Return a moment as HTTP writes it; ``seconds``: since 1970."""
    moment = datetime.fromtimestamp(seconds, UTC)
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day}, {moment.day:02} {month} {moment.year:04} {moment:%H:%M:%S} GMT".encode()


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
