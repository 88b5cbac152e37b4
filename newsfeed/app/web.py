"""Wire what answers over HTTP: the published site, and the pages where readers subscribe and choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network
from typing import TYPE_CHECKING

from newsfeed.app.delivery import open_signup_context
from newsfeed.app.editor import find_form_policy
from newsfeed.app.volumes import RememberedVolumes
from newsfeed.app.websub import open_hub_context
from newsfeed.core.site import urls
from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from newsfeed.app.delivery import DeliveryContext
    from newsfeed.settings import Settings
    from newsfeed.web.context import WebContext
    from newsfeed.web.hooks import HookContext
    from newsfeed.web.published_folder import PublishedFolder
    from newsfeed.web.request_counts import RequestCounts
    from newsfeed.web.server import WebServer
    from newsfeed.web.site_files import Elsewhere

_SHORTEST_SECRET = 16


@dataclass(frozen=True, slots=True)
class WebService:
    """The server, the site that it shows, and what it counts."""

    server: WebServer
    published: PublishedFolder
    counts: RequestCounts

    def start(self) -> None:
        """Begin to answer, and to look for builds of other processes."""
        self.published.watch()
        self.server.start()

    def reload(self) -> None:
        """Show what is published now: a build of this process has landed."""
        self.published.reload()

    def stop(self) -> None:
        """Finish the answers that are under way, and end."""
        self.server.stop()
        self.published.stop()


def open_published(
    settings: Settings,
    root: Path,
    output: Path,
    environment: Mapping[str, str],
    report: Callable[[str], None],
) -> PublishedFolder:
    """Read the published site in ``output`` into memory."""
    from newsfeed.app.builds import read_next_turn
    from newsfeed.app.published_state import read_published_state
    from newsfeed.web.file_headers import FileHeaders, origin_of
    from newsfeed.web.published_folder import PublishedFolder

    def find_next_turn() -> float | None:
        if settings.publish.enabled:
            word = read_published_state(root).next_turn
            return datetime.fromisoformat(word).timestamp() if word else None
        turn = read_next_turn(root, output, environment)
        return None if turn is None else turn.timestamp()

    forms = (origin_of(settings.mail.subscribe_url),) if settings.mail.subscribe_url else ()
    headers = FileHeaders(
        base_url=settings.site.base_url,
        forms=forms,
        hubs=settings.hubs,
        form_policy=find_form_policy(root, settings),
    )
    base_path = urls.base_url_path(settings.site.base_url)
    return PublishedFolder(output, base_path, headers, find_next_turn, report)


def open_preview(root: Path, output: Path, port: int, report: Callable[[str], None]) -> WebService:
    """Return the server of a published site for this machine only, of which browsers keep nothing. A site
    whose configuration cannot be read is shown, too.
    """
    from newsfeed.config import loader
    from newsfeed.web.file_headers import FileHeaders
    from newsfeed.web.published_folder import PublishedFolder

    settings, _ = loader.load_settings(root)
    base_url = settings.site.base_url if settings is not None else "/"
    policy = find_form_policy(root, settings) if settings is not None else ""
    headers = FileHeaders(base_url=base_url, is_preview=True, form_policy=policy)
    published = PublishedFolder(output, urls.base_url_path(base_url), headers, report=report)
    return serve_published(published, settings, ("127.0.0.1", port))


def open_web_context(
    context: DeliveryContext,
    output: Path,
    clock: Callable[[], datetime],
    report: Callable[[str], None],
    warn: Callable[[str], None],
    environment: Mapping[str, str],
) -> WebContext:
    """Return all that the pages work with. Raises `UsageError` where the configuration has none.

    ``output``: the published site.
    """
    from newsfeed.core.people.held_pages import HeldPages
    from newsfeed.core.people.service_pages import ServicePages
    from newsfeed.render.plain_text import main_text
    from newsfeed.web.context import WebContext
    from newsfeed.web.rates import Rates

    settings = context.settings
    can_subscribe = bool(settings.mail.sender and settings.digests)
    if not settings.web.base_url or not (can_subscribe or settings.publish.hooks or settings.own_hub):
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
        warn=warn,
        volumes=RememberedVolumes(context.store.issues, settings.digests),
        hooks=_open_hooks(context, environment),
        hub=open_hub_context(context, output) if settings.own_hub else None,
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


def open_web_service(
    context: DeliveryContext,
    output: Path,
    clock: Callable[[], datetime],
    report: Callable[[str], None],
    warn: Callable[[str], None],
    environment: Mapping[str, str],
) -> WebService:
    """Return the server of the site, and of readers' pages where they have an address; it listens already.
    Raises `UsageError` when it is not installed.
    """
    try:
        from newsfeed.web.application import make_elsewhere
        from newsfeed.web.health import make_health
    except ModuleNotFoundError as error:
        raise UsageError(
            N_("the package {name} is not installed"), N_("install newsfeed[web]"), name=error.name
        ) from error
    web = context.settings.web
    elsewhere = make_health()
    if web.base_url:
        elsewhere = make_elsewhere(open_web_context(context, output, clock, report, warn, environment))
    published = open_published(context.settings, context.root, output, environment, report)
    return serve_published(published, context.settings, (web.host, web.port), elsewhere)


def serve_published(
    published: PublishedFolder,
    settings: Settings | None,
    address: tuple[str, int],
    elsewhere: Elsewhere | None = None,
) -> WebService:
    """Return the server of a published site.

    settings: of the site, where they can be read; address: host and port; elsewhere: what answers where there
    is no file.
    """
    from newsfeed.web.request_counts import RequestCounts
    from newsfeed.web.server import WebServer
    from newsfeed.web.site_files import SiteFiles

    counts = RequestCounts()
    editions, default = (settings.site.languages, settings.site.default_language) if settings else ((), "")
    files = SiteFiles(published, editions, default, counts, elsewhere)
    return WebService(WebServer(files, *address, files.answer_at_once), published, counts)
