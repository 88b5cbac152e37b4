"""Our own WebSub hub over HTTP: 202 when somebody who wants a feed will be asked back, else why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse

from newsfeed.web.errors import NoPageError, TooManyError
from newsfeed.web.forms import read_form
from newsfeed.web.rates import FOLLOWING
from newsfeed.websub.hub import request_subscription

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from newsfeed.web.context import WebContext

_FIELDS = ("hub.mode", "hub.topic", "hub.callback", "hub.secret", "hub.lease_seconds")


async def subscribe(context: WebContext, request: Request) -> Response:
    """Take a subscription, or the end of one (WebSub 5)."""
    hub = context.hub
    if hub is None:
        raise NoPageError
    if wait := context.rates.count(FOLLOWING, context.client(request)):
        raise TooManyError(wait)
    form = await read_form(context, request)
    fields = {name: form.first(name) for name in _FIELDS}
    bad = await run_in_threadpool(request_subscription, hub, fields, context.clock())
    if bad is not None:
        return PlainTextResponse(f"{bad.reason}\n", 400)
    return PlainTextResponse("we ask back\n", 202)
