"""Answer the webhooks of forges: who knows the secret makes the service look at the repository."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse

from newsfeed.core.publishing.webhooks import FORGED, PUSHED, check_webhook
from newsfeed.web.errors import NoPageError, TooManyError
from newsfeed.web.forms import read_body
from newsfeed.web.rates import GUESSING

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from newsfeed.web.context import WebContext

SIZE = 5_000_000
"""Bytes of the largest webhook."""
_REMEMBERED = 10_000
"""Webhooks that are known again; the oldest are forgotten, and then make somebody look once more at most."""


@dataclass(frozen=True, slots=True)
class HookContext:
    """The webhooks that are answered."""

    forges: tuple[str, ...]
    secret: str
    branch: str
    """The one that is published."""
    look: Callable[[], None]
    """Makes the service look at the repository."""
    seen: OrderedDict[str, None] = field(default_factory=OrderedDict)
    """Webhooks that were answered, by the forges' names for them."""

    def is_new(self, delivery: str) -> bool:
        """Remember a webhook; tell whether it had not come before. One without a name always is."""
        if not delivery:
            return True
        if delivery in self.seen:
            return False
        self.seen[delivery] = None
        if len(self.seen) > _REMEMBERED:
            self.seen.popitem(last=False)
        return True


async def receive(context: WebContext, request: Request) -> Response:
    """Take a webhook: 202 when it is genuine, whatever comes of it; 403 when it is not."""
    hooks, forge = context.hooks, request.path_params["forge"]
    if hooks is None or forge not in hooks.forges:
        raise NoPageError
    client = context.client(request)
    if wait := context.rates.wait(GUESSING, client):
        raise TooManyError(wait)
    body = await read_body(request, SIZE)
    headers = {name.lower(): value for name, value in request.headers.items()}
    verdict = check_webhook(forge, headers, body, hooks.secret, hooks.branch)
    if verdict.kind == FORGED:
        context.rates.count(GUESSING, client)
        context.report(f"forged webhook of {forge}")
        return PlainTextResponse("the signature is wrong\n", 403)
    if verdict.kind == PUSHED and hooks.is_new(f"{forge} {verdict.delivery}" if verdict.delivery else ""):
        await run_in_threadpool(hooks.look)
        return PlainTextResponse("looking\n", 202)
    return PlainTextResponse("nothing to do\n", 202)
