"""Exceptions of handlers that become pages, and the pages of all errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from newsfeed.errors import NewsfeedError, ProblemsFound
from newsfeed.marking import msgid
from newsfeed.subscribers.signup import NOT_VALID

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from newsfeed.web.context import WebContext

NOT_FOUND = (
    msgid("Page not found"),
    msgid(
        "There is no page at this address. It may have been removed, or the address may have been mistyped."
    ),
)
OTHERS = (msgid("This did not work"), msgid("Your browser has sent something that we cannot understand."))
ERRORS = {
    404: NOT_FOUND,
    405: (msgid("This did not work"), msgid("This page can only be opened, or its form sent.")),
    408: (msgid("This did not work"), msgid("Your connection was too slow. Please try again.")),
    413: (msgid("This did not work"), msgid("What was sent is too long.")),
    429: (msgid("Too many requests"), msgid("Too much has come from your network. Please try again later.")),
    500: (msgid("Something went wrong"), msgid("It is our mistake, not yours. Please try again later.")),
    503: (msgid("Something went wrong"), msgid("It is our mistake, not yours. Please try again later.")),
}
"""Status → heading and text of its page."""
BAD_LINK = msgid("This link does not work")
_AGAIN = "60"
"""Seconds after which something that failed here may be tried again."""


class NoPageError(HTTPException):
    """There is no such page."""

    def __init__(self) -> None:
        super().__init__(404)


class TooManyError(HTTPException):
    """Too much has come from one network; ``seconds`` until more is taken."""

    def __init__(self, seconds: int) -> None:
        super().__init__(429, headers={"Retry-After": str(seconds)})


class BadLinkError(HTTPException):
    """A reader's link is none, is too old, or has no meaning any more: the three look alike."""

    def __init__(self, lang: str) -> None:
        super().__init__(404)
        self.lang = lang


def show_error(context: WebContext, request: Request, failure: Exception) -> Response:
    """Return the page of an error, in the visitor's language; report one that is nobody's but ours."""
    error = failure if isinstance(failure, HTTPException) else _reported(context, failure)
    headers = dict(error.headers or {})
    if "Allow" in headers:  # as Starlette writes it, their order is another one in each process
        headers["Allow"] = ", ".join(sorted(headers["Allow"].split(", ")))
    if isinstance(error, BadLinkError):
        view = context.pages.message(error.lang, BAD_LINK, (NOT_VALID,), again=True)
        return context.show(view, error.status_code, headers)
    heading, text = ERRORS.get(error.status_code, OTHERS)
    if error.status_code == 503:
        headers.setdefault("Retry-After", _AGAIN)
    view = context.pages.message(context.language(request), heading, (text,), again=True)
    return context.show(view, error.status_code, headers)


def _reported(context: WebContext, failure: Exception) -> HTTPException:
    """Report a failure; one that is not ours only by its name, since its words may hold an address."""
    if isinstance(failure, ProblemsFound):
        places = (f"{one.code} in {one.where.path}:{one.where.line}" for one in failure.problems)
        context.report(", ".join(places))
    else:
        context.report(failure.message if isinstance(failure, NewsfeedError) else type(failure).__name__)
    return HTTPException(503 if isinstance(failure, NewsfeedError) else 500)
