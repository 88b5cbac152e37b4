"""``newsfeed serve``: the site's own files, and nothing that a link or a hidden name would lead to."""

import os
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from newsfeed.app.web import open_preview
from newsfeed.testing import CONFIG

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
    config = CONFIG.replace('base_url = "https://test.example/"', 'base_url = "https://test.example/news/"')
    (folder.parent / "config.toml").write_text(config)
    service = open_preview(folder.parent, folder, 0, print)
    service.server.start()
    connection = HTTPConnection("127.0.0.1", service.server.port, timeout=60)
    yield connection
    connection.close()
    service.server.stop()


@pytest.mark.parametrize("path", ["", "en/", "en/feed.json", ".well-known/security.txt", "index.html?a=b"])
def test_files_of_the_site_are_served(visitor: HTTPConnection, path: str) -> None:
    """And browsers keep none of them, so that what is built again is seen at once."""
    visitor.request("GET", f"/news/{path}")
    response = visitor.getresponse()
    assert (response.status, response.read()) == (200, b"shown")
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/news/file",
        "/news/folder/secret",
        "/news/folder/",
        "/news/page/",
        "/news/page/index.html",
        "/news/inside/",
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
        "/news/%c0%ae%c0%ae/outside/secret",
        "/news/%uff0e%uff0e/outside/secret",
        "/news/..%5coutside%5csecret",
        "/outside/secret",
        "/",
    ],
)
def test_nothing_else_is_served(visitor: HTTPConnection, path: str) -> None:
    """No link, no hidden file, no list of a folder, no pipe that would never end."""
    for method in ("GET", "HEAD"):
        visitor.request(method, path)
        response = visitor.getresponse()
        assert response.status == 404
        assert SECRET not in response.read()


def test_a_site_without_a_readable_configuration_is_shown_all_the_same(folder: Path) -> None:
    """At the root: there is nobody who says where else."""
    service = open_preview(folder.parent, folder, 0, print)
    service.server.start()
    connection = HTTPConnection("127.0.0.1", service.server.port, timeout=60)
    connection.request("GET", "/en/")
    assert connection.getresponse().read() == b"shown"
    connection.close()
    service.server.stop()
