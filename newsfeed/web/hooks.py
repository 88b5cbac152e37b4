"""Answer the webhooks of forges: who knows the secret makes the service look at the repository."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse

from newsfeed.core.publishing.webhooks import FORGED, PUSHED, check_webhook, open_body
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
_REPEATED = 60.0
"""Seconds between two looks because of what had come before."""


class SeenWebhooks:
    """Webhooks that were answered, by the forges' names for them, and by what was signed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._latest = ""
        self._repeated = -_REPEATED

    def is_new(self, names: Sequence[str]) -> bool:
        """Tell whether a webhook had not come before. Its body, which is named last, may have: when a branch
        goes to a commit, back, and there again, a forge says the same twice. So it counts once more when
        another push came meanwhile; of such only one a minute does, for they may be overheard ones, too.
        """
        *own, body = names
        if any(name in self._seen for name in own):
            return False
        if body not in self._seen:
            return True
        return body != self._latest and self._clock() - self._repeated >= _REPEATED

    def remember(self, names: Sequence[str]) -> None:
        """Note that somebody has looked because of a webhook."""
        if names[-1] in self._seen:
            self._repeated = self._clock()
        self._latest = names[-1]
        self._seen.update(dict.fromkeys(names))
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)


@dataclass(frozen=True, slots=True)
class HookContext:
    """The webhooks that are answered."""

    forges: tuple[str, ...]
    secret: str
    branch: str
    """The one that is published."""
    look: Callable[[], None]
    """Makes the service look at the repository."""
    seen: SeenWebhooks = field(default_factory=SeenWebhooks)


async def receive(context: WebContext, request: Request) -> Response:
    """Take a webhook: 202 when it is genuine, whatever comes of it; 403 when it is not. The forged ones of a
    network never keep out a genuine one.
    """
    hooks, forge = context.hooks, request.path_params["forge"]
    if hooks is None or forge not in hooks.forges:
        raise NoPageError
    headers = {name.lower(): value for name, value in request.headers.items()}
    body = open_body(forge, headers, hooks.secret)
    await read_body(request, SIZE, body.take)
    verdict = check_webhook(forge, headers, body, hooks.secret, hooks.branch, context.clock())
    if verdict.kind == FORGED:
        return _refuse(context, request, forge)
    names = [f"{forge} {name}" for name in verdict.names]
    if verdict.kind == PUSHED and hooks.seen.is_new(names):
        await run_in_threadpool(hooks.look)
        hooks.seen.remember(names)  # not before: a forge calls again when the look has failed
        return PlainTextResponse("looking\n", 202)
    return PlainTextResponse("nothing to do\n", 202)


def _refuse(context: WebContext, request: Request, forge: str) -> Response:
    client = context.client(request)
    if not context.rates.count(NOTING, client):
        context.warn(f"forged webhook of {forge}")
    if wait := context.rates.count(FORGING, client):
        raise TooManyError(wait)
    return PlainTextResponse("the signature is wrong\n", 403)
