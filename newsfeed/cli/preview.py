"""Shows a published site on this machine. For looking, not for the public: see docs/deploy.md."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from newsfeed import report
from newsfeed.errors import OutsideError, UsageError

if TYPE_CHECKING:
    from pathlib import Path


class _Handler(SimpleHTTPRequestHandler):
    """Static files with the types that feeds have on a real server."""

    extensions_map = {  # noqa: RUF012 - as the base class has it
        **SimpleHTTPRequestHandler.extensions_map,
        ".rss": "application/rss+xml; charset=utf-8",
        ".atom": "application/atom+xml; charset=utf-8",
        ".json": "application/feed+json; charset=utf-8",
        ".opml": "text/x-opml; charset=utf-8",
        ".html": "text/html; charset=utf-8",
    }

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing: visitors' requests are nobody's business."""


def serve_folder(folder: Path, port: int) -> None:
    """Serve until interrupted."""
    if not (folder / "index.html").is_file():
        raise UsageError(f"there is no site in {folder}", "run newsfeed build first")
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, directory=str(folder)))
    except OSError as error:
        raise OutsideError(f"port {port}: {error.strerror}", "choose another with --port") from error
    report.talk(f"http://127.0.0.1:{server.server_address[1]}/   (stop with Ctrl-C)")
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            report.talk("")
