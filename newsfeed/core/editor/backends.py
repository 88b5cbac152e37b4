"""The place where a form keeps what is saved: a repository on a forge, reached by its API."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from newsfeed.core.publishing.repository_address import RepositoryAddress

GITHUB = "https://github.com"
_FORGES = {GITHUB: "github", "https://gitlab.com": "gitlab", "https://codeberg.org": "forgejo"}
_APIS = {"github": "/api/v3", "gitlab": "/api/v4", "forgejo": "/api/v1"}
_NAMES = {"github": "github", "gitlab": "gitlab", "forgejo": "gitea"}
"""Forge → what the form calls it; Forgejo speaks as Gitea does."""
_ORIGIN = re.compile(r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?", re.ASCII)
_REVIEWED = ("github", "gitlab")
"""Forges on which the form can make a request of each change, which somebody looks at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormBackend:
    """The repository that a form reads and writes."""

    forge: str = ""
    """Empty: there is none, only the folder on somebody's own machine."""
    web: str = GITHUB
    """The forge's web address, without a slash at the end."""
    name: str = "local/site"
    branch: str = "main"
    app_id: str = ""
    """The public name of an OAuth application on the forge, with which people sign in."""
    sign_in: str = ""
    """The origin of a service that signs people in with GitHub, which needs one."""

    @property
    def is_reviewed(self) -> bool:
        """Tell whether a change is a request first."""
        return self.forge in _REVIEWED

    @property
    def api(self) -> str:
        """Return the address of the forge's API; empty without a forge."""
        if not self.forge:
            return ""
        return "https://api.github.com" if self.web == GITHUB else self.web + _APIS[self.forge]

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return the origins that the form talks to."""
        return (_origin(self.api),) if self.api else ()

    @property
    def picture_hosts(self) -> tuple[str, ...]:
        """Return the origins that pictures of accounts come from."""
        if not self.forge:
            return ()
        return ("https://avatars.githubusercontent.com",) if self.web == GITHUB else (self.web,)

    @property
    def missing_sign_in(self) -> str:
        """Return the key of ``[editors]`` without which people need tokens; empty when it is there."""
        if self.forge == "github":
            return "" if self.sign_in else "sign_in"
        return "" if self.app_id else "app_id"

    def options(self) -> dict[str, Any]:
        """Return ``backend`` of the form's configuration. Without an application people sign in with a token
        of their own, which stays in their browser.
        """
        options = {"name": _NAMES.get(self.forge, "github"), "repo": self.name, "branch": self.branch}
        if self.api and self.web != GITHUB:
            options |= {"api_root": self.api, "base_url": self.web}
        if self.forge == "github" and self.sign_in:
            return {**options, "base_url": self.sign_in}
        if self.forge == "gitlab" and self.app_id:
            return {**options, "auth_type": "pkce", "app_id": self.app_id}
        if self.forge == "forgejo" and self.app_id:
            return {**options, "app_id": self.app_id}
        return {**options, "auth_methods": ["token"]}


def is_origin(url: str) -> bool:
    """Tell whether an address is scheme and host and nothing else: it becomes part of a policy."""
    return _ORIGIN.fullmatch(url) is not None


def guess_forge(address: RepositoryAddress | None) -> str:
    """Return the forge at an address; empty when its name does not tell."""
    if address is None:
        return ""
    host = urlsplit(address.web).hostname or ""
    named = next((one for one in ("github", "gitlab", "forgejo") if host.startswith(f"{one}.")), "")
    return _FORGES.get(address.web, named or ("forgejo" if host.startswith("gitea.") else ""))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
