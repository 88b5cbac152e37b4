"""The context of all handlers: the readers' verbs, the pages, the limits, and the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import anyio
from starlette.responses import HTMLResponse

from newsfeed.core.content.accept_language import choose_edition
from newsfeed.core.http.origins import is_sent_from_elsewhere
from newsfeed.core.people.client_address import find_forwarded_client
from newsfeed.render.pages import render_service_page
from newsfeed.web.threads import run_writing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from ipaddress import IPv4Network, IPv6Network

    from starlette.requests import Request

    from newsfeed.core.people.held_pages import HeldPages
    from newsfeed.core.people.service_pages import ServicePages
    from newsfeed.settings import Settings
    from newsfeed.subscribers.signup import SignupContext
    from newsfeed.views import ServiceView
    from newsfeed.web.hooks import HookContext
    from newsfeed.web.rates import Rates
    from newsfeed.websub.hub import HubContext

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebContext:
    """All that handlers share."""

    signup: SignupContext
    pages: ServicePages
    held_pages: HeldPages
    rates: Rates
    clock: Callable[[], datetime]
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    report: Callable[[str], None]
    """Takes one word about what failed; never anything about a visitor."""
    warn: Callable[[str], None]
    """Takes one word about what a visitor tried, and is no failure."""
    volumes: Callable[[datetime], Mapping[str, float]]
    """Digest → stories a week it has brought lately; those of which too little is known are left out."""
    hooks: HookContext | None = None
    """The webhooks of forges; ``None``: none are answered."""
    hub: HubContext | None = None
    """Our own WebSub hub; ``None``: there is none."""
    pause: float = 0.25
    """Seconds of which every answer to the form takes a whole number: time tells nobody who is known."""

    @property
    def settings(self) -> Settings:
        """Return the configuration."""
        return self.signup.settings

    def language(self, request: Request, known: str = "") -> str:
        """Return the edition for a visitor: by the address, else that of the ``known`` reader, else the
        browser's wish.
        """
        asked = request.query_params.get("lang", "")
        if asked in self.settings.languages:
            return asked
        if known:
            return known
        path = request.scope["path"].removeprefix("/").partition("/")[0]
        by_path = {code.lower(): code for code in self.settings.languages}
        return by_path.get(path) or self.negotiate(request)

    def edition_of(self, request: Request) -> str:
        """Return the edition that an address names as its first part, or asks for instead, as links on what
        answers a form do; empty when there is none.
        """
        code, asked = request.path_params["lang"], request.query_params.get("lang", "")
        named = next((one for one in self.settings.languages if one.lower() == code), "")
        return asked if named and asked in self.settings.languages else named

    def negotiate(self, request: Request) -> str:
        """Return the edition that the browser likes best."""
        site = self.settings.site
        header = ",".join(request.headers.getlist("accept-language"))
        return choose_edition(header, site.languages, site.default_language)

    def client(self, request: Request) -> str:
        """Return the address of the visitor, of whom nothing else is known; it is never kept."""
        peer = request.client.host if request.client else ""
        headers = request.headers
        return find_forwarded_client(
            peer, headers.getlist("forwarded"), headers.getlist("x-forwarded-for"), self.trusted_proxies
        )

    def is_from_elsewhere(self, request: Request) -> bool:
        """Tell whether a page that is not ours made a visitor's browser send a form."""
        base, host = urlsplit(self.settings.web.base_url), request.headers.get("host", "").lower()
        return is_sent_from_elsewhere(
            request.headers.get("sec-fetch-site", ""),
            request.headers.get("origin", ""),
            (f"{base.scheme}://{base.netloc}".lower(), f"https://{host}", f"http://{host}"),
        )

    def render(self, view: ServiceView) -> str:
        """Return a page as HTML."""
        return render_service_page(self.signup.templates, view)

    def show(
        self, view: ServiceView, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> HTMLResponse:
        """Return the answer with a page."""
        return HTMLResponse(
            self.render(view), status, {"Content-Language": view.frame.lang, **(headers or {})}
        )


async def in_whole_pauses(pause: float, work: Callable[[], Result]) -> Result:
    """Do work in a thread, and return when a whole number of pauses has passed."""
    began = anyio.current_time()
    try:
        return await run_writing(work)
    finally:
        if pause > 0:
            passed = anyio.current_time() - began
            await anyio.sleep(pause - passed % pause)
