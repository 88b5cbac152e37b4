"""Shows a published site on this machine. For looking, not for the public: see docs/deploy.md."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from newsfeed.cli.output.terminal import print_to_stderr
from newsfeed.config import loader
from newsfeed.core.site import urls
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

    def __init__(self, *args: Any, base_path: str, **kwargs: Any) -> None:
        self._base_path = base_path  # the base class answers the request while it is being made
        super().__init__(*args, **kwargs)

    def translate_path(self, path: str) -> str:
        """A file of the folder; nothing lies beside the base path."""
        if not path.startswith(self._base_path):
            return super().translate_path("/.nothing-is-here")
        return super().translate_path("/" + path.removeprefix(self._base_path))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing: visitors' requests are nobody's business."""


def serve_folder(folder: Path, port: int, base_path: str) -> None:
    """Serve until interrupted, below the path that the site's own links begin with."""
    if not (folder / "index.html").is_file():
        raise UsageError(f"there is no site in {folder}", "run newsfeed build first")
    try:
        handler = partial(_Handler, directory=str(folder), base_path=base_path)
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise OutsideError(f"port {port}: {error.strerror}", "choose another with --port") from error
    print_to_stderr(f"http://127.0.0.1:{server.server_address[1]}{base_path}   (stop with Ctrl-C)")
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print_to_stderr("")


def base_path_of(root: Path) -> str:
    """The path below which a site's pages expect to live; ``/`` without a readable configuration."""
    settings, _ = loader.load_settings(root)
    return urls.base_url_path(settings.site.base_url) if settings is not None else "/"
