"""Answer requests for digests: the form, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from newsfeed.core.digests.planning import FREQUENCIES
from newsfeed.core.people.form_tokens import make_form_token, read_form_age
from newsfeed.core.people.mail_address import MOST_ADDRESS, mailbox_of, normalise_address
from newsfeed.core.people.service_pages import SubscribeForm
from newsfeed.core.people.tokens import hash_address
from newsfeed.core.people.wishes import USUAL_FREQUENCY
from newsfeed.marking import msgid
from newsfeed.subscribers.proofs import ShownPage
from newsfeed.subscribers.signup import DigestRequest, request_digest
from newsfeed.web.context import in_whole_pauses
from newsfeed.web.errors import NoPageError, TooManyError
from newsfeed.web.forms import read_form
from newsfeed.web.rates import ASKING

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from newsfeed.web.context import WebContext
    from newsfeed.web.forms import FormFields

NO_ADDRESS = msgid("Please enter an email address, such as name@example.org.")
FORM_TOO_OLD = msgid("This form has expired. Please send it again.")
SENT = (
    msgid("Check your mail"),
    msgid("If this address can get our emails, we have just sent it a message with a link to confirm."),
    msgid("Nothing there? Look into the spam folder, or wait a few minutes."),
)
TRAP = "website"
"""A field that people do not see; programs fill it in."""


async def choose_language(context: WebContext, request: Request) -> Response:
    """Lead from ``/subscribe`` to the form in the visitor's language."""
    lang = context.negotiate(request)
    digest = _wanted_digest(context, request)
    address = context.pages.frames.address(f"{lang.lower()}/subscribe" + (digest and f"?digest={digest}"))
    return RedirectResponse(address, 303, {"Vary": "Accept-Language"})


async def subscribe(context: WebContext, request: Request) -> Response:
    """Show the form, or take it."""
    lang = context.edition_of(request)
    if not lang or not context.settings.digests:
        raise NoPageError
    if request.method != "POST":
        return await _form(context, lang, SubscribeForm(digest=_wanted_digest(context, request)))
    fields = await read_form(context, request)
    form = read_subscribe_form(context, fields, lang)
    if form.alert or form.errors:
        return await _form(context, lang, form, 422)
    if not fields.first("form") or context.is_from_elsewhere(request):
        # A static page cannot say when it was shown, nor by whom it is sent: nothing is done yet. Nor where
        # another site has fetched our form, and lets its visitors' browsers send it.
        return await _form(context, lang, replace(form, is_begun=True))
    wait = context.rates.count(ASKING, context.client(request))
    if wait:
        raise TooManyError(wait)
    if not form.trap:
        await in_whole_pauses(context.pause, lambda: _request(context, lang, form))
    else:
        await in_whole_pauses(context.pause, lambda: None)
    return context.show(context.pages.message(lang, SENT[0], SENT[1:]))


def _wanted_digest(context: WebContext, request: Request) -> str:
    wanted = request.query_params.get("digest", "")
    return wanted if wanted in context.settings.digests else ""


def read_subscribe_form(context: WebContext, fields: FormFields, lang: str) -> SubscribeForm:
    """Return what a visitor has sent, with what is wrong with it."""
    settings, address = context.settings, fields.first("email")
    digest = fields.first("digest")
    languages = dict.fromkeys(one for one in fields.all("language") if one in settings.languages)
    frequency = fields.first("frequency")
    token = fields.first("form")
    age = read_form_age(context.signup.secret, token, context.clock())
    return SubscribeForm(
        email=address[:MOST_ADDRESS],
        name=fields.first("name")[:200],
        languages=tuple(languages) or (lang,),
        digest=digest if digest in settings.digests else next(iter(settings.digests)),
        topics=tuple(topic for topic in fields.all("topics") if topic in settings.topics),
        frequency=frequency if frequency in FREQUENCIES else USUAL_FREQUENCY,
        trap=fields.first(TRAP)[:200],
        is_begun=not token or fields.first("step") == "2",
        seconds=None if age is None else int(age.total_seconds()),
        alert="" if age is not None or not token else FORM_TOO_OLD,
        errors={} if normalise_address(address) else {"email": NO_ADDRESS},
    )


def _request(context: WebContext, lang: str, form: SubscribeForm) -> None:
    blank = SubscribeForm(is_begun=form.is_begun)
    page = context.pages.subscribe(lang, blank, "", context.volumes(context.clock()))
    request = DigestRequest(
        address=form.email,
        name=form.name,
        languages=form.languages,
        digest=form.digest,
        topics=form.topics,
        frequency=form.frequency,
        shown=ShownPage(
            address=f"/{lang.lower()}/subscribe", text=context.render(page), seconds=form.seconds
        ),
    )
    if _may_write(context, form.email):
        request_digest(context.signup, request, context.clock())


def _may_write(context: WebContext, address: str) -> bool:
    """Tell whether a mailbox may get one more mail: strangers can think of many names for it."""
    normal, secret = normalise_address(address) or "", context.signup.secret
    hashed, mailbox = hash_address(secret, normal), hash_address(secret, mailbox_of(normal))
    return context.rates.may_write(hashed, mailbox)


async def _form(context: WebContext, lang: str, form: SubscribeForm, status: int = 200) -> Response:
    token = make_form_token(context.signup.secret, context.clock())
    volumes = await run_in_threadpool(context.volumes, context.clock())
    return context.show(context.pages.subscribe(lang, form, token, volumes), status)
