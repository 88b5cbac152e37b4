"""Open the channel that a site's mails leave by, with all that it asks others with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.channels import open_channel
from newsfeed.service_ports import MailLookups
from newsfeed.service_settings import MxSettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsfeed.ports import Channel
    from newsfeed.receiver_ports import MailHostFinder
    from newsfeed.settings import Settings


def open_site_channel(
    root: Path, settings: Settings, environment: Mapping[str, str], finder: MailHostFinder | None = None
) -> Channel:
    """Return the channel of ``[mail]``. Raises `UsageError` when a password is not where it should be.

    finder: what knows the servers of domains; without one, DNS is asked.
    """
    name = settings.mail.channel
    return open_channel(
        name, root, settings.channels[name], environment, lambda: open_lookups(settings, finder)
    )


def open_lookups(settings: Settings, finder: MailHostFinder | None = None) -> MailLookups:
    """Return what the direct channel asks others with. Raises `UsageError` for a wrong name server."""
    from newsfeed.dns_client.domain_hosts import DnsHostFinder
    from newsfeed.dns_client.resolver import SystemResolver
    from newsfeed.http_client.client import HttpClient

    found = settings.channels.get("mx")
    direct = found if isinstance(found, MxSettings) else MxSettings(hello="")
    resolver = SystemResolver(direct.name_server, remembers=False)
    return MailLookups(
        hosts=finder or DnsHostFinder(resolver),
        resolver=resolver,
        http=HttpClient(allow_private=direct.allow_private),
    )
