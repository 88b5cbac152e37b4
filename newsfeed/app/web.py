"""Wire the pages where readers subscribe and choose."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from newsfeed.app.delivery import open_signup_context
from newsfeed.app.volumes import RememberedVolumes
from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from newsfeed.app.delivery import DeliveryContext
    from newsfeed.web.context import WebContext
    from newsfeed.web.hooks import HookContext
    from newsfeed.web.server import WebServer

_SHORTEST_SECRET = 16


def open_web_context(
    context: DeliveryContext,
    clock: Callable[[], datetime],
    report: Callable[[str], None],
    environment: Mapping[str, str],
) -> WebContext:
    """Return all that the pages work with. Raises `UsageError` where the configuration has none."""
    from newsfeed.core.people.held_pages import HeldPages
    from newsfeed.core.people.service_pages import ServicePages
    from newsfeed.render.plain_text import main_text
    from newsfeed.web.context import WebContext
    from newsfeed.web.rates import Rates

    settings = context.settings
    can_subscribe = bool(settings.mail.sender and settings.digests)
    if not settings.web.base_url or not (can_subscribe or settings.publish.hooks):
        raise UsageError(
            N_("nobody can subscribe: config.toml has no [web] base_url, no [mail] from, or no digest"),
            N_("add to config.toml: {line}"),
            line='[web] base_url = "https://mail.example.org/"',
        )
    signup = open_signup_context(context, environment)
    return WebContext(
        signup=signup,
        pages=ServicePages(settings, signup.texts),
        held_pages=HeldPages(settings, signup.texts, main_text),
        rates=Rates(),
        clock=clock,
        trusted_proxies=tuple(ip_network(one) for one in settings.web.trusted_proxies),
        report=report,
        volumes=RememberedVolumes(context.store.issues, settings.digests),
        hooks=_open_hooks(context, environment),
    )


def _open_hooks(context: DeliveryContext, environment: Mapping[str, str]) -> HookContext | None:
    """Return the webhooks that are answered. Raises `UsageError` without a secret that is hard to guess."""
    from newsfeed.app.publish_service import leave_sign
    from newsfeed.config.credentials import read_secret
    from newsfeed.web.hooks import HookContext

    publish, root = context.settings.publish, context.root
    if not publish.hooks:
        return None
    secret = read_secret(publish.hook_secret_env, publish.hook_secret_file, root, environment)
    if len(secret) < _SHORTEST_SECRET:
        raise UsageError(
            N_("the secret of the webhooks has fewer than {number} characters"), number=_SHORTEST_SECRET
        )
    return HookContext(publish.hooks, secret, publish.branch, lambda: leave_sign(root))


def open_web_server(
    context: DeliveryContext,
    clock: Callable[[], datetime],
    report: Callable[[str], None],
    environment: Mapping[str, str],
) -> WebServer:
    """Return the server of the pages, which listens already. Raises `UsageError` when it is not installed."""
    try:
        from newsfeed.web.application import make_application
        from newsfeed.web.server import WebServer
    except ModuleNotFoundError as error:
        raise UsageError(
            N_("the package {name} is not installed"), N_("install newsfeed[web]"), name=error.name
        ) from error
    web = context.settings.web
    application = make_application(open_web_context(context, clock, report, environment))
    return WebServer(application, web.host, web.port)
