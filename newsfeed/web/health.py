"""Say that the service answers, where it serves the site alone; readers' pages say it themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.web.served_files import make_start
from newsfeed.web.site_files import Elsewhere

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

PATHS = frozenset({"/healthz", "/readyz"})
_OK = b"ok\n"


def make_health() -> Elsewhere:
    """Return what answers behind a site that has no readers' pages."""
    return Elsewhere(_answer, _is_asked)


def _is_asked(scope: Mapping[str, Any]) -> bool:
    return scope["path"] in PATHS and scope["method"] in {"GET", "HEAD"}


async def _answer(scope: Any, receive: Any, send: Any) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"content-length", b"%d" % len(_OK)),
    ]
    await send(make_start(200, headers))
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else _OK})
