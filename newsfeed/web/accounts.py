"""Answer readers about themselves: send their links, show and erase what is kept, take another address."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from newsfeed.core.people.form_tokens import make_form_token, read_form_age
from newsfeed.core.people.held_data import held_as_data
from newsfeed.core.people.mail_address import MOST_ADDRESS, mailbox_of, normalise_address
from newsfeed.core.people.tokens import hash_address
from newsfeed.marking import msgid
from newsfeed.subscribers import accounts
from newsfeed.subscribers.held_data import gather_held_data
from newsfeed.views import Anchor
from newsfeed.web.context import in_whole_pauses
from newsfeed.web.errors import BadLinkError, NoPageError, TooManyError
from newsfeed.web.forms import read_form
from newsfeed.web.rates import ASKING, GUESSING
from newsfeed.web.subscribing import FORM_TOO_OLD, TRAP
from newsfeed.web.threads import run_writing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.requests import Request

    from newsfeed.records import Subscriber
    from newsfeed.subscribers.signup import SignupContext, SignupResult
    from newsfeed.web.context import WebContext

    Verb = Callable[[SignupContext, str, datetime], SignupResult]

SENT = (
    msgid("Check your mail"),
    msgid(
        "If this address gets our emails, we have just sent it a message with its links; one a day at most."
    ),
    msgid("Nothing there? Look into the spam folder, or wait a few minutes."),
)
CHECK_BOTH, NEW, KEPT, ERASED = (
    msgid("Check your mail"),
    msgid("A new address"),
    msgid("Nothing has changed"),
    msgid("Goodbye"),
)
WAYS = {
    "address": msgid("Use another address"),
    "download": msgid("Download everything (JSON)"),
    "erase": msgid("Erase everything about me"),
}


async def send_links(context: WebContext, request: Request) -> Response:
    """Show the form of who has lost their links, or take it: the answer is the same whoever asks."""
    lang = context.edition_of(request)
    if not lang:
        raise NoPageError
    if request.method != "POST":
        return _link_form(context, lang)
    fields = await read_form(context, request)
    address, now = fields.first("email"), context.clock()
    alert = "" if read_form_age(context.signup.secret, fields.first("form"), now) else FORM_TOO_OLD
    error = "" if normalise_address(address) else accounts.NO_ADDRESS
    if alert or error or context.is_from_elsewhere(request):
        return _link_form(context, lang, address[:MOST_ADDRESS], alert, error)
    wait = context.rates.count(ASKING, context.client(request))
    if wait:
        raise TooManyError(wait)
    caught = bool(fields.first(TRAP))
    await in_whole_pauses(
        context.pause, lambda: None if caught else accounts.request_links(context.signup, address, now)
    )
    return context.show(context.pages.message(lang, SENT[0], SENT[1:]))


async def show_data(context: WebContext, request: Request) -> Response:
    """Show everything that is kept about a reader."""
    person, lang = await _account(context, request, "data")
    held = await run_in_threadpool(gather_held_data, context.signup.held, person)
    token, erase = request.path_params["token"], _token(context, person, "erase")
    paths = {"address": f"address/{token}", "download": f"data/{token}/download", "erase": f"erase/{erase}"}
    words = context.signup.texts[lang]
    ways = tuple(
        Anchor(context.pages.frames.address(f"{path}?lang={lang}"), words.gettext(WAYS[name]))
        for name, path in paths.items()
    )
    return context.show(context.held_pages.data(lang, held, ways))


async def download_data(context: WebContext, request: Request) -> Response:
    """Return everything that is kept about a reader as JSON, for other programs (GDPR 20)."""
    person, _ = await _account(context, request, "data")
    held = await run_in_threadpool(gather_held_data, context.signup.held, person)
    text = json.dumps(held_as_data(held), ensure_ascii=False, indent=1) + "\n"
    name = {"Content-Disposition": 'attachment; filename="newsfeed-data.json"'}
    return Response(text, media_type="application/json", headers=name)


async def change_address(context: WebContext, request: Request) -> Response:
    """Ask for the new address, or ask that address whether it is right."""
    person, lang = await _account(context, request, "data")
    action = context.pages.frames.address(f"address/{request.path_params['token']}?lang={lang}")
    if request.method != "POST":
        return context.show(context.pages.address_form(lang, "move", action, ""))
    address = (await read_form(context, request)).first("email")
    wait = context.rates.count(ASKING, context.client(request))
    if wait:
        raise TooManyError(wait)
    result = await in_whole_pauses(context.pause, lambda: _ask_new_address(context, person, address))
    if not result.done:
        view = context.pages.address_form(
            lang, "move", action, "", address[:MOST_ADDRESS], error=result.message
        )
        return context.show(view, 422)
    return context.show(context.pages.message(lang, CHECK_BOTH, (result.message,)))


def _ask_new_address(context: WebContext, person: Subscriber, address: str) -> SignupResult:
    mailbox = mailbox_of(normalise_address(address) or "")
    may_write = bool(mailbox) and context.rates.may_name(
        hash_address(context.signup.secret, mailbox), person.key
    )
    return accounts.request_address_change(
        context.signup, person, address, context.clock(), may_write=may_write
    )


async def move(context: WebContext, request: Request) -> Response:
    """Ask whether the new address is right; with POST it is."""
    return await _asked(context, request, "move", accounts.confirm_address, NEW)


async def keep(context: WebContext, request: Request) -> Response:
    """Ask whether the old address is to stay; with POST it does."""
    return await _asked(context, request, "keep", accounts.keep_address, KEPT)


async def erase(context: WebContext, request: Request) -> Response:
    """Ask whether everything is to be erased; with POST it is."""
    return await _asked(context, request, "erase", accounts.erase_account, ERASED)


async def _asked(context: WebContext, request: Request, kind: str, verb: Verb, heading: str) -> Response:
    _, lang = await _account(context, request, kind)
    token = request.path_params["token"]
    if request.method != "POST":
        action = context.pages.frames.address(f"{kind}/{token}?lang={lang}")
        return context.show(context.pages.question(lang, kind, "", action))
    result = await run_writing(verb, context.signup, token, context.clock())
    if not result.done:
        raise BadLinkError(lang)
    return context.show(context.pages.message(lang, heading, (result.message,)))


async def _account(context: WebContext, request: Request, purpose: str) -> tuple[Subscriber, str]:
    """Return the person behind a link, and the language of the page. Raises `BadLinkError`, or `TooManyError`
    for who tries many.
    """
    token, now = request.path_params["token"], context.clock()
    person = await run_in_threadpool(accounts.find_account, context.signup, token, purpose, now)
    if person is None:
        wait = context.rates.count(GUESSING, context.client(request))
        raise TooManyError(wait) if wait else BadLinkError(context.language(request))
    known = next((one for one in person.languages if one in context.settings.languages), "")
    return person, context.language(request, known)


def _token(context: WebContext, person: Subscriber, purpose: str) -> str:
    return accounts.make_account_token(context.signup, person, purpose, context.clock())


def _link_form(context: WebContext, lang: str, email: str = "", alert: str = "", error: str = "") -> Response:
    token = make_form_token(context.signup.secret, context.clock())
    action = context.pages.frames.address(f"{lang.lower()}/link")
    view = context.pages.address_form(lang, "link", action, token, email, alert, error)
    return context.show(view, 422 if alert or error else 200)
