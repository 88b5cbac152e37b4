"""Serve a preview on this machine: its pages with a bar on them, and word of every change.

For one person and one machine, so the standard library's server does, and answers only to names of this
machine: a page elsewhere must not read drafts through somebody's browser (DNS rebinding).
"""

from __future__ import annotations

import json
import os
import threading
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from newsfeed.core.editor.policy import FOLDER as FORM

if TYPE_CHECKING:
    from collections.abc import Mapping

OWN = "/_preview/"
"""Where the bar and what it asks for are; no site has such a path."""
CLOCK = "as-of"
"""The parameter of any page that sets the clock of the preview."""
_BAR = f'<link rel="stylesheet" href="{OWN}bar.css">\n<script src="{OWN}bar.js" defer></script>\n'.encode()
_END = b"</head>"
_BEAT = 20
"""Seconds after which a silent stream says that it is still there."""
_HERE = frozenset({"127.0.0.1", "localhost", "[::1]"})
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
}


class OwnPages(Protocol):
    """The bar, and what it leads to."""

    def file(self, name: str, page: str) -> str | None:
        """Return a file such as ``bar.js``; ``None`` when there is none. ``page``: the one it is about."""

    def set_clock(self, moment: str) -> None:
        """Show everything as of a moment, as a form writes it; an empty one is now."""


class PreviewFeed:
    """The state that the bar shows, numbered; those who wait for the next one wait here."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._state: Mapping[str, Any] = {}
        self._number = 0

    def publish(self, state: Mapping[str, Any]) -> None:
        """Say that something is different now."""
        with self._changed:
            self._number += 1
            self._state = {**state, "number": self._number}
            self._changed.notify_all()

    def next_state(self, after: int, seconds: float = _BEAT) -> Mapping[str, Any] | None:
        """Return what is shown once it is another than number ``after``; ``None`` when that takes longer."""
        with self._changed:
            known = self._changed.wait_for(lambda: self._number > after, seconds)
            return self._state if known else None


class _PreviewHandler(SimpleHTTPRequestHandler):
    """Pages of the preview, below the path that the site's own links begin with."""

    protocol_version = "HTTP/1.1"
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".md": "text/plain; charset=utf-8"}  # noqa: RUF012

    def __init__(self, *args: Any, server_of: PreviewServer, **kwargs: Any) -> None:
        self._preview = server_of
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        """Answer with a page, a file, or what the bar asks for."""
        host = (self.headers.get("Host") or "").rpartition(":")[0] or self.headers.get("Host")
        address = urlsplit(self.path)
        path, query = unquote(address.path), parse_qs(address.query, keep_blank_values=True)
        if host not in _HERE or self.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            self._answer(HTTPStatus.FORBIDDEN, b"", "text/plain")
        elif path == f"{OWN}events":
            self._tell_changes()
        elif CLOCK in query and self.command == "GET":
            self._preview.own.set_clock(query.pop(CLOCK)[0])
            self._redirect(path, urlencode(query, doseq=True))
        elif path.startswith(OWN):
            self._answer_own(path.removeprefix(OWN), query.get("path", [""])[0])
        else:
            self._answer_file(path)

    def _answer_own(self, name: str, page: str) -> None:
        text = self._preview.own.file(name, page)
        if text is None:
            self._answer(HTTPStatus.NOT_FOUND, b"", "text/plain")
            return
        kind = _TYPES.get(os.path.splitext(name)[1], "text/html; charset=utf-8")  # noqa: PTH122
        data = text.encode()
        self._answer(HTTPStatus.OK, data.replace(_END, _BAR + _END, 1) if name.endswith("/") else data, kind)

    def _answer_file(self, path: str) -> None:
        file = self._preview.file_of(path)
        is_form = path.startswith(f"{self._preview.base_path}{FORM}/")
        if file is None and is_form and not self._preview.has_form:
            self._redirect(f"{OWN}{FORM}/")
            return
        if file is None and not path.startswith("//") and self._preview.file_of(path + "/") is not None:
            self._redirect(path + "/")
            return
        status = HTTPStatus.OK
        if file is None:
            file, status = self._preview.file_of(self._preview.base_path + "404.html"), HTTPStatus.NOT_FOUND
        data = file.read_bytes() if file is not None else b"<!DOCTYPE html><head></head>"
        kind = self.guess_type(str(file)) if file is not None else "text/html"
        if kind.startswith("text/html") and not (
            is_form and status is HTTPStatus.OK
        ):  # it holds what one types
            data, kind = data.replace(_END, _BAR + _END, 1), "text/html; charset=utf-8"
        self._answer(status, data, kind)

    def _redirect(self, path: str, query: str = "") -> None:
        self.send_response(HTTPStatus.FOUND)
        # "//en" would lead to a host of that name
        self.send_header("Location", quote("/" + path.lstrip("/")) + (f"?{query}" if query else ""))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, status: HTTPStatus, data: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def do_HEAD(self) -> None:
        """Answer as to GET, without the content."""
        self.do_GET()

    def _tell_changes(self) -> None:
        """Send what is shown, and again after every change, until the browser goes (server-sent events)."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        number = 0
        try:
            while not self._preview.is_closed:
                state = self._preview.feed.next_state(number)
                number = state["number"] if state else number
                text = f"data: {json.dumps(state, ensure_ascii=False)}\n\n" if state else ": still here\n\n"
                self.wfile.write(text.encode())
        except OSError:  # the browser went away
            return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing: what is looked at is nobody's business."""


class PreviewServer:
    """A preview's folder, served at this machine only."""

    def __init__(
        self,
        folder: Path,
        port: int,
        base_path: str,
        feed: PreviewFeed,
        own: OwnPages,
        published: Path | None = None,
    ) -> None:
        """Raises `OSError` for a port in use. ``published``: the folder in which the form of the site is."""
        self._folder = folder.resolve()
        self._form = published.resolve() if published is not None else None
        self.base_path = base_path
        self.feed = feed
        self.own = own
        self.is_closed = False
        self._server = ThreadingHTTPServer(("127.0.0.1", port), partial(_PreviewHandler, server_of=self))
        self._server.daemon_threads = True

    @property
    def address(self) -> str:
        """Return the address of the home page."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{self.base_path}"

    def start(self) -> None:
        """Answer from now on, in threads of its own."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Answer no more."""
        self.is_closed = True
        self._server.shutdown()
        self._server.server_close()

    def file_of(self, path: str) -> Path | None:
        """Return the file of an address; ``None`` when there is none: nothing hidden, nothing elsewhere."""
        if not path.startswith(self.base_path) or "\0" in path:
            return None
        names = [name for name in path.removeprefix(self.base_path).split("/") if name]
        if any(name.startswith(".") for name in names):
            return None
        folder = self._form / FORM if self._form is not None and names[:1] == [FORM] else self._folder
        file = folder.joinpath(*names[1:] if folder is not self._folder else names)
        page = file / "index.html" if path.endswith("/") else file
        real = Path(os.path.realpath(page))
        return real if real.is_relative_to(folder) and real.is_file() else None

    @property
    def has_form(self) -> bool:
        """Return whether ``newsfeed editor`` has written the form of this site."""
        return self._form is not None and (self._form / FORM / "index.html").is_file()
