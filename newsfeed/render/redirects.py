"""Redirects for servers: Netlify's ``_redirects``, and lines for the configuration of nginx and Caddy.

Addresses come encoded: letters, digits and ``/-._~%`` are all they hold, so none of the three can take
a part of one for a command, a variable or a pattern. nginx compares decoded paths, so it gets those,
in quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Row = tuple[str, str]
"""An old address, the new one; both encoded, with the site's base path."""


def render(server: str, rows: Sequence[Row]) -> bytes:
    """Return all redirects in the form that a server reads."""
    return "".join(_LINES[server](old, new) + "\n" for old, new in rows).encode()


def _netlify(old: str, new: str) -> str:
    """Return one line of ``_redirects``; the exclamation mark: although there is a file."""
    return f"{old} {new} 301!"


def _nginx(old: str, new: str) -> str:
    """Return one location of nginx; ``return`` would replace a variable, but addresses have no ``$``."""
    path = unquote(old).replace("\\", "\\\\").replace('"', '\\"')
    return f'location = "{path}" {{ return 301 "{new}"; }}'


def _caddy(old: str, new: str) -> str:
    return f"redir {old} {new} 301"


_LINES: Mapping[str, Callable[[str, str], str]] = {"netlify": _netlify, "nginx": _nginx, "caddy": _caddy}
