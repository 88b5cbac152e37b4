"""Put the application together: which address is answered by which handler."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Match, Route

from newsfeed.errors import NewsfeedError
from newsfeed.render.accent import accent_rules
from newsfeed.web import accounts, reader_pages, subscribing, websub, well_known
from newsfeed.web.errors import show_error
from newsfeed.web.guard import Guard
from newsfeed.web.hooks import receive
from newsfeed.web.openapi import describe_service
from newsfeed.web.site_files import Elsewhere

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from typing import Any

    from starlette.requests import Request

    from newsfeed.web.context import WebContext

    Handler = Callable[[WebContext, Request], Awaitable[Response]]

READ, WRITE = ("GET", "HEAD"), ("GET", "HEAD", "POST")
OPTIONS = "OPTIONS"
"""Every address answers it with the methods that it takes, whatever the link in it is worth."""


def make_routes(context: WebContext) -> list[Route]:
    """Return all addresses there are."""

    def route(path: str, handler: Handler, methods: tuple[str, ...]) -> Route:
        return Route(path, partial(_answer, context, handler, methods), methods=(*methods, OPTIONS))

    hooks = [route("/hooks/{forge}", receive, ("POST",))] if context.hooks is not None else []
    hub = [route("/websub", websub.subscribe, ("POST",))] if context.hub is not None else []
    return [
        *hooks,
        *hub,
        route("/.well-known/webfinger", well_known.webfinger, READ),
        route("/.well-known/host-meta", well_known.host_meta, READ),
        route("/subscribe", subscribing.choose_language, READ),
        route("/{lang}/subscribe", subscribing.subscribe, WRITE),
        route("/confirm/{token}", reader_pages.confirm, WRITE),
        route("/preferences/{token}", reader_pages.preferences, WRITE),
        route("/leave/{token}", reader_pages.leave, WRITE),
        route("/undo/{token}", reader_pages.undo, WRITE),
        route("/one-click/{token}", reader_pages.one_click, WRITE),
        route("/{lang}/link", accounts.send_links, WRITE),
        route("/data/{token}", accounts.show_data, READ),
        route("/data/{token}/download", accounts.download_data, READ),
        route("/address/{token}", accounts.change_address, WRITE),
        route("/move/{token}", accounts.move, WRITE),
        route("/keep/{token}", accounts.keep, WRITE),
        route("/erase/{token}", accounts.erase, WRITE),
        route("/style.css", _style, READ),
        route("/openapi.json", _openapi, READ),
        route("/healthz", _healthz, READ),
        route("/readyz", _readyz, READ),
    ]


def make_application(context: WebContext) -> Guard:
    """Return the ASGI application."""

    async def show(request: Request, error: Exception) -> Response:
        return show_error(context, request, error)

    handlers = dict.fromkeys((HTTPException, NewsfeedError, Exception), show)
    return Guard(Starlette(routes=make_routes(context), exception_handlers=handlers), context)


def make_elsewhere(context: WebContext) -> Elsewhere:
    """Return the application, and which requests it has answers for: it stands behind the site's files."""
    routes, below = make_routes(context), urlsplit(context.settings.web.base_url).path.rstrip("/")

    def has_page(scope: Mapping[str, Any]) -> bool:
        path = str(scope["path"])
        if not path.startswith(f"{below}/"):
            return False
        inside = {**scope, "path": path.removeprefix(below), "root_path": ""}
        return any(route.matches(inside)[0] is not Match.NONE for route in routes)

    return Elsewhere(make_application(context), has_page)


async def _answer(
    context: WebContext, handler: Handler, methods: tuple[str, ...], request: Request
) -> Response:
    if request.method == OPTIONS:
        return Response(status_code=204, headers={"Allow": ", ".join(sorted((*methods, OPTIONS)))})
    return await handler(context, request)


async def _style(context: WebContext, request: Request) -> Response:
    colour = context.settings.brand.colour
    style = context.signup.templates.text_of("style.css") + (accent_rules(colour) if colour else "")
    return Response(style, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


async def _openapi(context: WebContext, request: Request) -> Response:
    """Describe the service for programs."""
    return JSONResponse(describe_service(context.settings))


async def _healthz(context: WebContext, request: Request) -> Response:
    """Say that the process answers."""
    return PlainTextResponse("ok\n")


async def _readyz(context: WebContext, request: Request) -> Response:
    """Say that the store can be read, too; else the answer is 503."""
    await run_in_threadpool(context.signup.people.get, 0)
    return PlainTextResponse("ok\n")
