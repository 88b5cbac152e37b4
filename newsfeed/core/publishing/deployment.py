"""Decide what is brought to a host, under which name, and with which commands.

>>> name_release("0.1.0", [b"a unit", b"a wheel"])
'0.1.0-d65b0ee57a54'
>>> is_host("editor@www.example.org"), is_host("-oProxyCommand=x")
(True, False)
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

REMOTE_FOLDER = ".newsfeed-deploy"
"""Folder in the home of whoever signs in, in which files arrive."""
EXTRAS = "cards,postgresql,search,web"
_HOST = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9._-]*@)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_WHEEL = re.compile(r"newsfeed-(?P<version>[0-9][0-9A-Za-z.!+]*)-[0-9A-Za-z._-]+\.whl")
_DIGITS = 12


def is_host(target: str) -> bool:
    """Tell whether a target is ``HOST`` or ``USER@HOST``, and nothing that ssh would take for an option."""
    return _HOST.fullmatch(target) is not None


def find_version(wheel: str) -> str:
    """Return the version in the name of a wheel of this program; empty when it is none.

    >>> find_version("newsfeed-0.2.0-py3-none-any.whl"), find_version("newsfeed-$(id)-py3-none-any.whl")
    ('0.2.0', '')
    """
    found = _WHEEL.fullmatch(wheel)
    return found["version"] if found else ""


def name_release(version: str, contents: Iterable[bytes]) -> str:
    """Return the name of a release: the same files always have the same one."""
    digest = hashlib.sha256()
    for content in contents:
        digest.update(hashlib.sha256(content).digest())
    return f"{version}-{digest.hexdigest()[:_DIGITS]}"


def write_requirements(version: str, wheel: str) -> str:
    """Return what pip installs on the host: a wheel that came along, or this version from PyPI."""
    if wheel:
        return f"./{wheel}[{EXTRAS}]\n"
    return f"newsfeed[{EXTRAS}]=={version}\n"


def list_commands(target: str, folder: str, release: str) -> Sequence[Sequence[str]]:
    """Return the commands that bring a folder to a host and put its release into use."""
    return (
        ("rsync", "--archive", "--delete", "--", f"{folder}/", f"{target}:{REMOTE_FOLDER}/"),
        ("ssh", "--", target, f"sh {REMOTE_FOLDER}/install.sh install {release}"),
    )


def list_rollback_commands(target: str) -> Sequence[Sequence[str]]:
    """Return the commands that put the release before into use again."""
    return (("ssh", "--", target, f"sh {REMOTE_FOLDER}/install.sh rollback"),)
