"""Make the start of the answer with a file: whole, in part, or not at all because the client has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.http.conditions import CONDITIONS, NOT_MODIFIED, OK, evaluate_conditions
from newsfeed.core.http.ranges import UNSATISFIABLE, is_same_file, parse_range
from newsfeed.web.served_files import make_start

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from newsfeed.web.file_headers import Headers
    from newsfeed.web.served_files import Representation

ACCEPT_ENCODING, ACCEPT_LANGUAGE = b"accept-encoding", b"accept-language"
RANGE, IF_RANGE = b"range", b"if-range"
_HEARD = CONDITIONS | {ACCEPT_ENCODING, ACCEPT_LANGUAGE, RANGE, IF_RANGE}
"""Headers of a request that change the answer."""
_EMPTY = (b"content-length", b"0")

Answer = tuple["dict[str, Any]", "tuple[int, int] | None"]
"""The message that begins it; the bytes of the file that follow, ``None``: no body."""


def pick_headers(headers: Sequence[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Return the headers that change the answer; one that is there twice is a list (RFC 9110 5.3)."""
    heard: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in _HEARD:
            heard[name] = heard[name] + b", " + value if name in heard else value
    return heard


def make_answer(heard: Mapping[bytes, bytes], file: Representation, modified: int, extra: Headers) -> Answer:
    """Return the answer to a GET.

    heard: what `pick_headers` returned; modified: when the file was (seconds since 1970); extra: headers of
    this moment.
    """
    status = evaluate_conditions(heard, file.etag, modified)
    if status == NOT_MODIFIED:
        return (make_start(status, [*file.brief_headers, *extra]) if extra else file.not_modified), None
    if status != OK:
        return make_start(status, [_EMPTY]), None
    if RANGE in heard and (IF_RANGE not in heard or is_same_file(heard[IF_RANGE], file.etag, modified)):
        part = parse_range(heard[RANGE], file.size)
        if part == UNSATISFIABLE:
            return make_start(416, [(b"content-range", b"bytes */%d" % file.size), _EMPTY]), None
        if part is not None:
            return _make_partial(file, part, extra), part
    if not extra:
        return file.ok, (0, file.size)
    length = (b"content-length", b"%d" % file.size)
    return make_start(200, [*file.headers, *extra, length]), (0, file.size)


def _make_partial(file: Representation, part: tuple[int, int], extra: Headers) -> dict[str, Any]:
    first, end = part
    place = (b"content-range", b"bytes %d-%d/%d" % (first, end - 1, file.size))
    return make_start(206, [*file.headers, *extra, place, (b"content-length", b"%d" % (end - first))])
