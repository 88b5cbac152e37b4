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
    from newsfeed.settings import Settings


def open_site_channel(root: Path, settings: Settings, environment: Mapping[str, str]) -> Channel:
    """Return the channel of ``[mail]``. Raises `UsageError` when a password is not where it should be."""
    name = settings.mail.channel
    return open_channel(name, root, settings.channels[name], environment, lambda: open_lookups(settings))


def open_lookups(settings: Settings) -> MailLookups:
    """Return what the direct channel asks others with. Raises `UsageError` for a wrong name server.

    Who sends asks DNS itself, and not the store: what a domain's servers were a day ago is good enough for
    its group, but those it has left may refuse its readers for good.
    """
    from newsfeed.dns_client.domain_hosts import DnsHostFinder
    from newsfeed.dns_client.resolver import SystemResolver
    from newsfeed.http_client.client import HttpClient

    found = settings.channels.get("mx")
    direct = found if isinstance(found, MxSettings) else MxSettings(hello="")
    resolver = SystemResolver(direct.name_server, remembers=False)
    return MailLookups(
        hosts=DnsHostFinder(resolver),
        resolver=resolver,
        http=HttpClient(allow_private=direct.allow_private),
    )
