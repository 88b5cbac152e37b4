"""Stand before all handlers: headers of every answer, limits of every request, and errors nobody expected."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request

from newsfeed.web.errors import show_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from newsfeed.settings import Settings
    from newsfeed.web.context import WebContext

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data: {site}; form-action 'self'; "
    "frame-ancestors {frames}; base-uri 'none'"
)
"""Pages hold no script, no frame, and nothing of another host but the pictures of the site's brand."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
"""Of every answer."""
FORM = "/subscribe"
"""End of the addresses that other sites may show in a frame: on all others one click does something."""
MOST_HEADERS = 100
HEADER_BYTES = 16_384
ADDRESS_BYTES = 2_048


class Guard:
    """The application as a server sees it."""

    def __init__(self, application: ASGIApp, context: WebContext) -> None:
        self._application = application
        self._context = context
        self._path = urlsplit(context.settings.web.base_url).path.rstrip("/")
        self._headers = _make_headers(context.settings)
        self._form_headers = _make_headers(context.settings, context.settings.web.frame_ancestors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        begun = ended = False

        async def send_guarded(message: Message) -> None:
            nonlocal begun, ended
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(raw=message["headers"])
                is_form = str(scope["path"]).endswith(FORM)
                headers.update(self._form_headers if is_form else self._headers)
                headers.setdefault("Cache-Control", "no-store")
                message["headers"] = headers.raw
            await send(message)
            ended = message["type"] == "http.response.body" and not message.get("more_body", False)

        try:
            await self._application(self._below(scope), receive, send_guarded)
        except HTTPException as error:
            await show_error(self._context, Request(scope), error)(scope, receive, send_guarded)
        except Exception as error:  # noqa: BLE001 - its own words may hold an address; `show_error` reports it
            if ended:  # Starlette has told it with a page, and raises it once more
                return
            page = show_error(self._context, Request(scope), error)
            if not begun:  # else the server ends the connection, and nobody takes half a page for a whole one
                await page(scope, receive, send_guarded)

    def _below(self, scope: Scope) -> Scope:
        """Return a request as it looks below the path of ``base_url``. Raises `HTTPException` for one that
        lies elsewhere, or is larger than any reader's.
        """
        headers, path = scope["headers"], str(scope["path"])
        size = sum(len(name) + len(value) for name, value in headers)
        if len(headers) > MOST_HEADERS or size > HEADER_BYTES:
            raise HTTPException(431)
        if len(path) + len(scope["query_string"]) > ADDRESS_BYTES:
            raise HTTPException(414)
        if not path.startswith(f"{self._path}/"):
            raise HTTPException(404)
        return {**scope, "path": path.removeprefix(self._path), "root_path": ""}


def _make_headers(settings: Settings, frame_ancestors: Sequence[str] = ()) -> dict[str, str]:
    """Return the headers of answers that pages of some origins may show in a frame."""
    site = urlsplit(settings.site.base_url)
    policy = POLICY.format(
        site=f"{site.scheme}://{site.netloc}", frames=" ".join(frame_ancestors) or "'none'"
    )
    headers = {"Content-Security-Policy": policy, **HEADERS}
    if frame_ancestors:
        del headers["X-Frame-Options"]  # it can name nobody
    return headers
