"""Compose what a forge is told about a commit: the request of its status API.

GitHub, Forgejo and Gitea: ``POST /repos/{owner}/{repo}/statuses/{sha}``; GitLab:
``POST /projects/{id}/statuses/{sha}``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsfeed.core.publishing.repository_address import RepositoryAddress

CONTEXT = "newsfeed"
"""The name under which the forge shows the status."""
_LONGEST = 140
"""Characters of a description: GitHub takes no more."""
_GITHUB = "https://github.com"


class StatusRequest(NamedTuple):
    """A request to a forge; always a POST."""

    url: str
    headers: Mapping[str, str]
    body: bytes


def make_status_request(
    forge: str, address: RepositoryAddress, commit: str, description: str, token: str, *, good: bool
) -> StatusRequest:
    """Return the request that says of a commit whether it is published."""
    text = description if len(description) <= _LONGEST else f"{description[: _LONGEST - 1]}…"
    kind = "application/json"
    headers = {"Content-Type": kind, "Accept": kind, "User-Agent": CONTEXT}
    values = {"description": text, "state": "success" if good else "failure", "context": CONTEXT}
    name = quote(address.name)
    if forge == "gitlab":
        values = {"description": text, "state": "success" if good else "failed", "name": CONTEXT}
        url = f"{address.web}/api/v4/projects/{quote(address.name, safe='')}/statuses/{commit}"
        headers["PRIVATE-TOKEN"] = token
    elif forge == "github":
        api = "https://api.github.com" if address.web == _GITHUB else f"{address.web}/api/v3"
        url = f"{api}/repos/{name}/statuses/{commit}"
        headers |= {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}
    else:
        url = f"{address.web}/api/v1/repos/{name}/statuses/{commit}"
        headers["Authorization"] = f"token {token}"
    return StatusRequest(url, headers, json.dumps(values, ensure_ascii=False).encode())
