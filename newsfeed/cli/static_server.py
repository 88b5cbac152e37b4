"""Show a published site on this machine. For looking, not for the public: see docs/deploy.md."""

from __future__ import annotations

import os
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from newsfeed.cli.output.terminal import print_to_stderr
from newsfeed.cli.output.voice import user_voice
from newsfeed.config import loader
from newsfeed.core.site import urls
from newsfeed.errors import OutsideError, UsageError, reason_of
from newsfeed.marking import N_


class _Handler(SimpleHTTPRequestHandler):
    """Static files with the types that feeds have on a real server."""

    extensions_map = {  # noqa: RUF012 - as the base class has it
        **SimpleHTTPRequestHandler.extensions_map,
        ".rss": "application/rss+xml; charset=utf-8",
        ".atom": "application/atom+xml; charset=utf-8",
        ".json": "application/feed+json; charset=utf-8",
        ".opml": "text/x-opml; charset=utf-8",
        ".md": "text/markdown; charset=utf-8",
        ".html": "text/html; charset=utf-8",
    }

    def __init__(self, *args: Any, base_path: str, folder: Path, **kwargs: Any) -> None:
        self._base_path = base_path  # the base class answers the request while it is being made
        self._folder = folder.resolve()
        super().__init__(*args, directory=str(self._folder), **kwargs)

    def translate_path(self, path: str) -> str:
        """Return the file of an address; nothing lies beside the base path, or is reached by a link out."""
        if path.startswith(self._base_path):
            file = super().translate_path("/" + path.removeprefix(self._base_path))
            if self._is_shown(Path(file)):
                return file
        return str(self._folder / ".nothing-is-here")

    def _is_shown(self, file: Path) -> bool:
        """Tell whether a file, or a folder's page, is one of the site's: inside, ordinary, and not hidden."""
        if "\0" in str(file):
            return False
        page = file / "index.html" if os.path.isdir(file) else file  # noqa: PTH112 - links in a circle raise nothing
        real = Path(os.path.realpath(page))
        if not real.is_relative_to(self._folder) or not real.is_file():
            return False
        names = {*real.relative_to(self._folder).parts, *page.relative_to(self._folder).parts}
        return not any(name.startswith(".") for name in names - {".well-known"})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing: visitors' requests are nobody's business."""


def serve_folder(folder: Path, port: int, base_path: str) -> None:
    """Serve until interrupted, below the path that the site's own links begin with."""
    if not (folder / "index.html").is_file():
        raise UsageError(N_("there is no site in {folder}"), N_("run newsfeed build first"), folder=folder)
    try:
        handler = partial(_Handler, folder=folder, base_path=base_path)
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise OutsideError(
            N_("port {port}: {reason}"),
            N_("choose another with --port"),
            port=str(port),
            reason=reason_of(error),
        ) from error
    address = f"http://127.0.0.1:{server.server_address[1]}{base_path}"
    how_to_stop = user_voice().say(N_("stop with Ctrl-C"))
    print_to_stderr(f"{address}   ({how_to_stop})")
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print_to_stderr("")


def base_path_of(root: Path) -> str:
    """Return the path below which a site's pages expect to live; ``/`` without a readable configuration."""
    settings, _ = loader.load_settings(root)
    return urls.base_url_path(settings.site.base_url) if settings is not None else "/"
