"""``newsfeed serve``: the site's own files, and nothing that a link or a hidden name would lead to."""

import os
import threading
from collections.abc import Iterator
from functools import partial
from http.client import HTTPConnection
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from newsfeed.cli.static_server import _Handler

SECRET = b"nobody's business"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A published site with links out of it, and hidden files."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "index.html").write_bytes(SECRET)
    (outside / "secret").write_bytes(SECRET)
    site = tmp_path / "public"
    for path in ("index.html", "en/index.html", "en/feed.json", ".well-known/security.txt"):
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text("shown")
    (site / ".newsfeed-lock").write_bytes(SECRET)
    (site / ".git").mkdir()
    (site / ".git" / "config").write_bytes(SECRET)
    (site / "empty").mkdir()
    (site / "file").symlink_to(outside / "secret")
    (site / "folder").symlink_to(outside)
    (site / "page").mkdir()
    (site / "page" / "index.html").symlink_to(outside / "index.html")
    (site / "hidden").symlink_to(site / ".git")
    (site / "inside").symlink_to(site / "en")
    (site / "circle").symlink_to(site / "circle")
    os.mkfifo(site / "pipe")
    return site


@pytest.fixture
def visitor(folder: Path) -> Iterator[HTTPConnection]:
    """Somebody who asks for addresses below ``/news/``."""
    handler = partial(_Handler, folder=folder, base_path="/news/")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        connection = HTTPConnection(*server.server_address[:2], timeout=60)
        yield connection
        connection.close()
        server.shutdown()


@pytest.mark.parametrize(
    "path", ["", "en/", "en/feed.json", ".well-known/security.txt", "inside/", "index.html?a=b"]
)
def test_files_of_the_site_are_served(visitor: HTTPConnection, path: str) -> None:
    """Also by a link that stays inside."""
    visitor.request("GET", f"/news/{path}")
    response = visitor.getresponse()
    assert (response.status, response.read()) == (200, b"shown")


@pytest.mark.parametrize(
    "path",
    [
        "/news/file",
        "/news/folder/secret",
        "/news/folder/",
        "/news/page/",
        "/news/page/index.html",
        "/news/.newsfeed-lock",
        "/news/%2Enewsfeed-lock",
        "/news/.git/config",
        "/news/hidden/config",
        "/news/en/../.git/config",
        "/news/../outside/secret",
        "/news/%2e%2e/outside/secret",
        "/news//../../outside/secret",
        "/news/empty/",
        "/news/pipe",
        "/news/circle",
        "/news/en/feed.json/x",
        "/news/%00",
        "/outside/secret",
        "/",
    ],
)
def test_nothing_else_is_served(visitor: HTTPConnection, path: str) -> None:
    """No link out, no hidden file, no list of a folder, no pipe that would never end."""
    for method in ("GET", "HEAD"):
        visitor.request(method, path)
        response = visitor.getresponse()
        assert response.status == 404
        assert SECRET not in response.read()
