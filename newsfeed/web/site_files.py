"""Answer for a published site out of memory: a bare ASGI function, before any router.

What is no file of the site goes on to the readers' application, where that has a page. Nothing here depends
on the server or a framework, and nothing is made for a request that could be made before.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.content.accept_language import choose_edition
from newsfeed.core.http.codings import IDENTITY, choose_coding
from newsfeed.core.http.conditions import NOT_MODIFIED, PRECONDITION_FAILED, evaluate_conditions
from newsfeed.core.http.freshness import ASK, FEED, SOON, compute_feed_age
from newsfeed.core.site.urls import home_path
from newsfeed.errors import ForeignOutputError
from newsfeed.files import PIECE
from newsfeed.web.file_answers import ACCEPT_ENCODING, ACCEPT_LANGUAGE, RANGE, make_answer, pick_headers
from newsfeed.web.file_headers import NOSNIFF, VARY, VARY_BY_BOTH, cache_control
from newsfeed.web.large_files import OpenFile
from newsfeed.web.request_counts import MISSING, REDIRECT, SERVICE
from newsfeed.web.served_files import LargeFile, ServedFile, make_start

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from newsfeed.web.file_headers import Headers
    from newsfeed.web.published_folder import PublishedFolder
    from newsfeed.web.request_counts import RequestCounts
    from newsfeed.web.served_files import Representation
    from newsfeed.web.served_site import File

_READING = ("GET", "HEAD")
_ALLOW = (b"allow", b"GET, HEAD, OPTIONS")
_ALLOW_ALL = (b"allow", b"GET, HEAD, OPTIONS, POST")
_WHOLE_SERVER = "*"
"""What OPTIONS may ask about instead of an address."""
_NO_BODY: Mapping[str, Any] = {"type": "http.response.body", "body": b""}
_NOT_HERE = b"There is no page at this address.\n"
_NO_METHOD = b"This address can only be read.\n"
_VARY_BY_LANGUAGE = (b"vary", b"accept-language")
_OF_ONE_ANSWER = frozenset({b"etag", b"last-modified", b"accept-ranges", b"cache-control", b"vary"})
"""Headers of a page that it does not have when it says that another one is not there."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The application that answers what is no file."""

    application: Callable[[Any, Any, Any], Any]
    has_page: Callable[[Mapping[str, Any]], bool]
    """Tells whether it has a page, or an answer of its own, for a request."""


class SiteFiles:
    """The application of a published site, as a server sees it."""

    def __init__(
        self,
        published: PublishedFolder,
        editions: Sequence[str],
        default: str,
        counts: RequestCounts,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        """``default``: the edition for visitors who want none of them."""
        self._published = published
        self._editions = {code.lower(): code for code in editions}
        self._default = default
        self._counts = counts
        self._elsewhere = elsewhere
        self._root = published.base_path

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        file = self._published.site.files.get(scope["path"])
        if file is None or scope["method"] not in _READING:
            await self._answer_without_file(file, scope, receive, send)
            return
        heard = pick_headers(scope["headers"])
        if scope["method"] == "HEAD":
            heard.pop(RANGE, None)  # which is about GET only (RFC 9110 14.2)
        if scope["path"] == self._root and ACCEPT_LANGUAGE in heard:
            edition = self._choose(heard, "")
            if edition:
                await self._lead(302, self._root + home_path(edition).removesuffix("index.html"), send)
                return
        if isinstance(file, LargeFile):
            await self._send_large(file, scope, heard, receive, send)
        else:
            await self._send_file(file, scope["method"], heard, send)

    def answer_at_once(
        self, method: str, path: str, headers: Sequence[tuple[bytes, bytes]]
    ) -> tuple[bytes, bytes] | None:
        """Return head and body of the answer to a GET or HEAD that needs nothing but memory: a file as it is,
        or that it has not changed. ``None``: call the application.
        """
        file = self._published.site.files.get(path)
        if not isinstance(file, ServedFile):
            return None
        heard = pick_headers(headers)
        if RANGE in heard or (path == self._root and ACCEPT_LANGUAGE in heard):
            return None
        coding = choose_coding(heard.get(ACCEPT_ENCODING, b""), file.codings) if file.codings else IDENTITY
        shown = file.ready(coding)
        if shown is None or shown.size > PIECE:
            return None
        status = evaluate_conditions(heard, shown.etag, file.modified)
        if status == PRECONDITION_FAILED:
            return None
        self._counts.add(file.kind, status)
        more = b"".join(b"%b: %b\r\n" % header for header in self._headers_of_now(file))
        if status == NOT_MODIFIED:
            return shown.not_modified_head + more, b""
        return shown.ok_head + more, b"" if method == "HEAD" else shown.body["body"]

    async def _send_file(
        self, file: ServedFile, method: str, heard: Mapping[bytes, bytes], send: Any
    ) -> None:
        shown = await _choose_variant(file, heard)
        start, part = make_answer(heard, shown, file.modified, self._headers_of_now(file))
        self._counts.add(file.kind, start["status"])
        await send(start)
        if part is None or method == "HEAD":
            await send(_NO_BODY)
        elif shown.size <= PIECE and part[1] - part[0] == shown.size:
            await send(shown.body)
        else:
            await _send_pieces(shown.body["body"], part, send)

    async def _send_large(
        self, file: LargeFile, scope: Any, heard: Mapping[bytes, bytes], receive: Any, send: Any
    ) -> None:
        try:
            opened = await asyncio.to_thread(OpenFile, self._published.folder, file)
        except (OSError, ForeignOutputError):  # a build has just removed it
            await self._say_missing(scope, send)
            return
        try:
            start, part = opened.answer(heard, self._headers_of_now(file))
            self._counts.add(file.kind, start["status"])
            await send(start)
            if part is None or scope["method"] == "HEAD":
                await send(_NO_BODY)
            else:
                await opened.send(part, receive, send)
        finally:
            opened.close()

    def _headers_of_now(self, file: File) -> Headers:
        """Return how long a feed is fresh from now on; the headers of other files do not change."""
        if file.kind != FEED or self._published.is_preview:
            return []
        age = compute_feed_age(time.time(), self._published.next_turn)
        return [cache_control(b"max-age=%d" % age)]

    async def _answer_without_file(self, file: File | None, scope: Any, receive: Any, send: Any) -> None:
        target = self._published.site.redirects.get(scope["path"])
        if scope["path"] == _WHOLE_SERVER and scope["method"] == "OPTIONS":
            await self._say(204, [_ALLOW_ALL], b"", scope, send)
        elif file is None and target is None:
            if self._elsewhere is not None and self._elsewhere.has_page(scope):
                await self._elsewhere.application(scope, receive, self._counted(send))
            else:
                await self._say_missing(scope, send)
        elif scope["method"] == "OPTIONS":
            await self._say(204, [_ALLOW], b"", scope, send)
        elif scope["method"] not in _READING:
            await self._say(405, [_ALLOW], _NO_METHOD, scope, send)
        else:
            assert target is not None
            await self._lead(301, target, send)

    async def _lead(self, status: int, target: str, send: Any) -> None:
        """Lead to another address: of an alias for good (301), of the entrance by language (302)."""
        caching = [cache_control(SOON)] if status == 301 else [cache_control(ASK), _VARY_BY_LANGUAGE]
        headers = [(b"location", target.encode()), *caching, NOSNIFF, (b"content-length", b"0")]
        self._counts.add(REDIRECT, status)
        await send(make_start(status, headers))
        await send(_NO_BODY)

    async def _say(self, status: int, headers: Headers, text: bytes, scope: Any, send: Any) -> None:
        """Answer with a line of text."""
        self._counts.add(MISSING, status)
        kind = [(b"content-type", b"text/plain; charset=utf-8")] if text else []
        length = [(b"content-length", b"%d" % len(text))] if status != 204 else []
        await send(make_start(status, [*headers, *kind, NOSNIFF, *length]))
        await send(_NO_BODY if scope["method"] == "HEAD" else {"type": "http.response.body", "body": text})

    async def _say_missing(self, scope: Any, send: Any) -> None:
        """Answer with the site's own page that says so, in the edition of the address, else the visitor's."""
        heard, by_path = pick_headers(scope["headers"]), self._published.site.by_path
        named = self._editions.get(scope["path"].removeprefix(self._root).partition("/")[0].lower())
        lang = named or self._choose(heard, self._default)
        page = by_path.get(f"{lang}/404.html") or by_path.get("404.html")
        if not isinstance(page, ServedFile):
            await self._say(404, [cache_control(ASK)], _NOT_HERE, scope, send)
            return
        shown = await _choose_variant(page, heard)
        own = [header for header in shown.full_headers if header[0] not in _OF_ONE_ANSWER]
        self._counts.add(MISSING, 404)
        await send(make_start(404, [*own, cache_control(ASK), VARY if named else VARY_BY_BOTH]))
        await send(_NO_BODY if scope["method"] == "HEAD" else shown.body)

    def _choose(self, heard: Mapping[bytes, bytes], default: str) -> str:
        """Return the edition that the browser likes best."""
        wanted = heard.get(ACCEPT_LANGUAGE, b"").decode("latin-1")
        return choose_edition(wanted, [*self._editions.values()], default)

    def _counted(self, send: Any) -> Any:
        async def send_counted(message: Mapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                self._counts.add(SERVICE, message["status"])
            await send(message)

        return send_counted


async def _send_pieces(data: bytes, part: tuple[int, int], send: Any) -> None:
    """Send bytes piece by piece: the server waits until one is taken, and so sees who takes none."""
    for place in range(*part, PIECE):
        end = min(place + PIECE, part[1])
        await send({"type": "http.response.body", "body": data[place:end], "more_body": end < part[1]})


async def _choose_variant(file: ServedFile, heard: Mapping[bytes, bytes]) -> Representation:
    """Return the form of a file that a client likes best; parts are cut from the file as it is."""
    if not file.codings or ACCEPT_ENCODING not in heard or RANGE in heard:
        return file.compress(IDENTITY)
    coding = choose_coding(heard[ACCEPT_ENCODING], file.codings)
    found = file.ready(coding)
    return found if found is not None else await asyncio.to_thread(file.compress, coding)
