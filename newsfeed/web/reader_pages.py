"""Answer at readers' links: GET shows a page, and only POST does something."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse

from newsfeed.core.checkup.web_findings import PROBE_ANSWER
from newsfeed.core.people import tokens
from newsfeed.marking import msgid
from newsfeed.subscribers import reader_links, signup
from newsfeed.subscribers.proofs import ShownPage
from newsfeed.web.errors import BadLinkError, TooManyError
from newsfeed.web.forms import read_form
from newsfeed.web.rates import GUESSING
from newsfeed.web.threads import run_writing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from newsfeed.subscribers.reader_links import ReaderLink
    from newsfeed.subscribers.signup import SignupContext, SignupResult
    from newsfeed.web.context import WebContext

    Verb = Callable[[SignupContext, str, datetime], SignupResult]

WELCOME = msgid("Welcome")
SORRY = msgid("You have been unsubscribed")
GONE = msgid("You will get no more emails of “{title}”.")
UNDO_HINT = msgid("Was it a mistake? You can take it back within 30 days.")
WELCOME_BACK = msgid("Welcome back")


async def confirm(context: WebContext, request: Request) -> Response:
    """Ask whether the digest is wanted; with POST it is."""
    link = await _link(context, request, ("confirm",))
    if request.method != "POST":
        return _question(context, request, "confirm", link)
    lang = context.language(request, link.language)
    page = context.render(context.pages.question(lang, "confirm", link.digest, ""))
    shown = ShownPage(address="/confirm", text=page)
    return await _done(context, request, link, partial(signup.confirm_digest, shown=shown), WELCOME)


async def undo(context: WebContext, request: Request) -> Response:
    """Ask whether the digest is wanted after all; with POST it is."""
    link = await _link(context, request, ("undo",))
    if request.method != "POST":
        return _question(context, request, "undo", link)
    return await _done(context, request, link, reader_links.undo_leaving, WELCOME_BACK)


async def leave(context: WebContext, request: Request) -> Response:
    """Ask whether the digest is no longer wanted; with POST it ends, and can be taken back."""
    link = await _link(context, request, signup.LEAVE)
    if request.method != "POST":
        return _question(context, request, "leave", link)
    token, now = request.path_params["token"], context.clock()
    await run_writing(signup.leave_digest, context.signup, token, now)
    frames, lang = context.pages.frames, context.language(request, link.language)
    undo_token = await run_in_threadpool(reader_links.make_undo_token, context.signup, link, now)
    if not undo_token:
        return context.show(context.pages.message(lang, SORRY, (GONE,), digest=link.digest))
    back = frames.address(f"undo/{undo_token}?lang={lang}")
    view = context.pages.message(lang, SORRY, (GONE, UNDO_HINT), digest=link.digest, undo=back)
    return context.show(view)


async def one_click(context: WebContext, request: Request) -> Response:
    """Take a mail program's word for its user's (RFC 8058): at once, without redirect, cookie or question."""
    token = request.path_params["token"]
    is_probe = tokens.is_probe_token(context.signup.secret, token, context.clock())
    if request.method == "POST":
        fields = await read_form(context, request)
        if fields.first("List-Unsubscribe") != "One-Click":
            raise HTTPException(400)
    if is_probe:  # `newsfeed doctor` asks what of a request arrives here
        return PlainTextResponse(f"{PROBE_ANSWER}{request.method}\n")
    if request.method != "POST":
        link = await _link(context, request, ("one-click",))
        return _question(context, request, "leave", link)
    link = await _link(context, request, ("one-click",))
    result = await run_writing(signup.leave_by_one_click, context.signup, token, context.clock())
    return PlainTextResponse(context.signup.texts[link.language].gettext(result.message) + "\n")


async def preferences(context: WebContext, request: Request) -> Response:
    """Show what a reader gets, or change it."""
    link = await _link(context, request, ("change",))
    if link.subscription is None:
        raise BadLinkError(context.language(request, link.language))
    if request.method != "POST":
        return _preferences(context, request, link)
    fields = await read_form(context, request)
    changes = signup.PreferenceChanges(
        languages=fields.all("language") or None,
        topics=fields.all("topics"),
        frequency=fields.first("frequency") or None,
    )
    token = request.path_params["token"]
    result = await run_writing(signup.change_preferences, context.signup, token, changes, context.clock())
    link = await _link(context, request, ("change",))
    return _preferences(context, request, link, result)


def _preferences(
    context: WebContext, request: Request, link: ReaderLink, result: SignupResult | None = None
) -> Response:
    if link.subscription is None:
        raise BadLinkError(context.language(request, link.language))
    lang = context.language(request, link.language)
    away = context.pages.frames.address(
        f"leave/{reader_links.make_leave_token(context.signup, link)}?lang={lang}"
    )
    view = context.pages.preferences(lang, link.digest, link.subscriber.languages, link.subscription, away)
    if result is None:
        return context.show(view)
    told = context.signup.texts[lang].gettext(result.message)
    view = view._replace(saved=told) if result.done else view._replace(alert=told)
    return context.show(view, 200 if result.done else 422)


async def _link(context: WebContext, request: Request, purposes: Collection[str]) -> ReaderLink:
    """Return what stands behind the link of a request. Raises `BadLinkError`, or `TooManyError` for who tries
    many.
    """
    client, token = context.client(request), request.path_params["token"]
    link = await run_in_threadpool(reader_links.read_link, context.signup, token, purposes, context.clock())
    if link is None:
        wait = context.rates.count(GUESSING, client)
        raise TooManyError(wait) if wait else BadLinkError(context.language(request))
    return link


def _question(context: WebContext, request: Request, kind: str, link: ReaderLink) -> Response:
    lang = context.language(request, link.language)
    action = context.pages.frames.address(f"{kind}/{request.path_params['token']}?lang={lang}")
    return context.show(context.pages.question(lang, kind, link.digest, action))


async def _done(
    context: WebContext, request: Request, link: ReaderLink, verb: Verb, heading: str
) -> Response:
    result = await run_writing(verb, context.signup, request.path_params["token"], context.clock())
    lang = context.language(request, link.language)
    if not result.done:
        raise BadLinkError(lang)
    token = reader_links.make_change_token(context.signup, link.subscriber, link.digest)
    choices = context.pages.frames.address(f"preferences/{token}?lang={lang}")
    return context.show(context.pages.message(lang, heading, (result.message,), choices=choices))
