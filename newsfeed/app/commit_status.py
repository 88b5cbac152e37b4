"""Tell a forge what became of a commit, so that it shows it beside the commit."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsfeed.config.credentials import read_secret
from newsfeed.core.publishing.commit_status import make_status_request
from newsfeed.core.publishing.repository_address import find_repository
from newsfeed.errors import OutsideError, UsageError
from newsfeed.http_client.client import HttpClient
from newsfeed.marking import N_
from newsfeed.service_ports import HttpRequest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsfeed.service_settings import PublishSettings


def set_commit_status(
    root: Path,
    settings: PublishSettings,
    commit: str,
    description: str,
    environment: Mapping[str, str],
    *,
    good: bool,
) -> None:
    """Set the status of a commit. Raises `OutsideError` when the forge does not take it, `UsageError` when
    there is no token, or no forge.
    """
    address = find_repository(settings.repository)
    if address is None:
        raise UsageError(N_("config.toml names no repository on a forge, so no status can be set"))
    token = read_secret(settings.token_env, settings.token_file, root, environment)
    request = make_status_request(settings.status, address, commit, description, token, good=good)
    # the forge is named by the configuration, and may well stand in one's own network
    answer = HttpClient(allow_private=True).send(HttpRequest("POST", *request))
    if not 200 <= answer.status < 300:
        raise OutsideError(
            N_("{host} does not take the status of a commit: {status}"),
            host=urlsplit(request.url).hostname or "",
            status=answer.status,
        )
