"""Lead who asks for a site by name to the bridge that answers for it (RFC 7033, RFC 6415)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from newsfeed.web.errors import NoPageError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from newsfeed.web.context import WebContext

_HEADERS = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=3600"}


async def webfinger(context: WebContext, request: Request) -> Response:
    """Lead to the bridge's WebFinger, with the name that is asked for."""
    return _lead(context.settings.fediverse.webfinger, request)


async def host_meta(context: WebContext, request: Request) -> Response:
    """Lead to the bridge's host-meta."""
    return _lead(context.settings.fediverse.host_meta, request)


def _lead(address: str, request: Request) -> Response:
    if not address:
        raise NoPageError
    query = request.scope["query_string"].decode("ascii", "replace")
    separator = "&" if "?" in address else "?"
    return RedirectResponse(f"{address}{separator}{query}" if query else address, 302, _HEADERS)
