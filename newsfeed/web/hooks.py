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
from newsfeed.web.rates import FORGING, NOTING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from newsfeed.web.context import WebContext

SIZE = 5_000_000
"""Bytes of the largest webhook."""
_REMEMBERED = 10_000
"""Names of webhooks that are known again; the oldest are forgotten, and then make somebody look once more."""


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
    """Webhooks that were answered, by the forges' names for them, and by what was signed."""

    def is_new(self, names: Sequence[str]) -> bool:
        """Remember a webhook by its names; tell whether none of them had come before."""
        is_new = not any(name in self.seen for name in names)
        self.seen.update(dict.fromkeys(names))
        while len(self.seen) > _REMEMBERED:
            self.seen.popitem(last=False)
        return is_new


async def receive(context: WebContext, request: Request) -> Response:
    """Take a webhook: 202 when it is genuine, whatever comes of it; 403 when it is not. The forged ones of a
    network never keep out a genuine one.
    """
    hooks, forge = context.hooks, request.path_params["forge"]
    if hooks is None or forge not in hooks.forges:
        raise NoPageError
    body = await read_body(request, SIZE)
    headers = {name.lower(): value for name, value in request.headers.items()}
    verdict = await run_in_threadpool(check_webhook, forge, headers, body, hooks.secret, hooks.branch)
    if verdict.kind == FORGED:
        return _refuse(context, request, forge)
    if verdict.kind == PUSHED and hooks.is_new([f"{forge} {name}" for name in verdict.names]):
        await run_in_threadpool(hooks.look)
        return PlainTextResponse("looking\n", 202)
    return PlainTextResponse("nothing to do\n", 202)


def _refuse(context: WebContext, request: Request, forge: str) -> Response:
    client = context.client(request)
    if not context.rates.count(NOTING, client):
        context.warn(f"forged webhook of {forge}")
    if wait := context.rates.count(FORGING, client):
        raise TooManyError(wait)
    return PlainTextResponse("the signature is wrong\n", 403)
