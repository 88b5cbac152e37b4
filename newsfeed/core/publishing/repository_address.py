"""Take the address of a repository apart: which host has it, and what it is called there."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

_SSH = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w.-]+):(?P<path>[^\s:]+)", re.ASCII)


class RepositoryAddress(NamedTuple):
    """A repository on a forge."""

    web: str
    """The forge's web address, without a slash at the end."""
    name: str
    """``owner/name``; with GitLab there may be more folders."""


def find_repository(address: str) -> RepositoryAddress | None:
    """Return the repository that git knows by an address; ``None`` when that is a path."""
    if "://" in address:
        parts = urlsplit(address)
        host, path, scheme = parts.hostname or "", parts.path, parts.scheme
        port = f":{parts.port}" if parts.port and scheme in ("http", "https") else ""
        web = f"{'http' if scheme == 'http' else 'https'}://{host}{port}"
    elif found := _SSH.fullmatch(address):
        web, path = f"https://{found['host']}", found["path"]
    else:
        return None
    name = path.strip("/").removesuffix(".git").strip("/")
    return RepositoryAddress(web, name) if "/" in name else None
