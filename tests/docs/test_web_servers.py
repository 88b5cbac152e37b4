"""The examples for nginx in the documentation, run by Debian's nginx."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from newsfeed.render.redirects import render
from newsfeed.web.file_headers import FileHeaders
from newsfeed.web.published_folder import PublishedFolder
from newsfeed.web.request_counts import RequestCounts
from newsfeed.web.server import WebServer
from newsfeed.web.site_files import Elsewhere, SiteFiles
from tests.docs.pages import fences, read, sections
from tests.peers.need import need_command

pytestmark = pytest.mark.slow

FILES = {
    "index.html": "entrance",
    "404.html": "not here",
    "de/404.html": "nicht hier",
    "de/index.html": "die Seite " * 60,
    "de/feed.rss": "<rss/>",
    "de/feed.atom": "<feed/>",
    "de/feed.json": "{}",
    "de/feeds.opml": "<opml/>",
    "de/index.md": "# Seite",
    ".newsfeed-manifest.json": "SECRET",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A published site."""
    folder = tmp_path / "public"
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    rows = [("/alt/%C3%BC", "/de/")]
    (folder / "redirects.nginx.conf").write_bytes(render("nginx", rows))
    (folder / "_redirects").write_bytes(render("netlify", rows))
    return folder


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def nginx(folder: Path, example: str, changes: Mapping[str, str]) -> Iterator[None]:
    """Debian's nginx with an example, in which names of an example machine are replaced."""
    for old, new in changes.items():
        assert old in example
        example = example.replace(old, new)
    places = " ".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    config = folder / "nginx.conf"
    config.write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ {places} access_log off;\n{example}\n}}\n"
    )
    (folder / "mime.types").write_bytes(Path("/etc/nginx/mime.types").read_bytes())
    command = [need_command("nginx"), "-p", folder, "-c", config]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        port = int(re.search(r"listen 127\.0\.0\.1:(\d+)", example)[1])  # type: ignore[index]
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(20)


def ask(
    port: int, path: str, method: str = "GET", body: bytes = b"", **headers: str
) -> tuple[int, Any, bytes]:
    """Status, headers and body of an answer."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, named)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def test_nginx_serves_the_folder_as_deployment_says(site: Path, tmp_path: Path) -> None:
    """Types, the page for what is missing, redirects; nothing hidden."""
    blocks = {one.info: one.code for one in fences(sections(read("docs/deploy.md"))["nginx"])}
    port = free_port()
    changes = {"listen 8080": f"listen 127.0.0.1:{port}", "/srv/www/public": str(site)}
    with nginx(tmp_path, blocks["nginx"], changes):
        kinds = {
            path: ask(port, f"/de/{path}")[1]["Content-Type"]
            for path in ("feed.rss", "feed.atom", "feed.json")
        }
        assert kinds == {
            "feed.rss": "application/rss+xml",
            "feed.atom": "application/atom+xml",
            "feed.json": "application/feed+json",
        }
        for path, kind in (("", "text/html"), ("feeds.opml", "text/x-opml"), ("index.md", "text/markdown")):
            assert ask(port, f"/de/{path}")[1]["Content-Type"] == f"{kind}; charset=utf-8"
        assert ask(port, "/de/nichts")[::2] == (404, b"nicht hier")
        assert ask(port, "/nothing")[::2] == (404, b"not here")
        status, headers, _ = ask(port, "/alt/%C3%BC")
        assert (status, headers["Location"]) == (301, f"http://127.0.0.1:{port}/de/")
        status, _, said = ask(port, "/.newsfeed-manifest.json")
        assert status == 404
        assert b"SECRET" not in said


def test_nginx_hands_everything_on_as_the_page_says(site: Path, tmp_path: Path) -> None:
    """Tags, 304s and codings pass through it, and the visitor's address comes along; large forms do not."""
    visitors: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        visitors.extend(value.decode() for name, value in scope["headers"] if name == b"x-forwarded-for")
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    headers = FileHeaders(base_url="https://www.example.org/")
    elsewhere = Elsewhere(application, lambda scope: scope["path"].startswith(("/hooks/", "/form")))
    files = SiteFiles(PublishedFolder(site, "/", headers), ("de",), "de", RequestCounts(), elsewhere)
    server, port = WebServer(files, "127.0.0.1", 0), free_port()
    server.start()
    blocks = {one.info: one.code for one in fences(sections(read("docs/web.md"))["A web server in front"])}
    changes = {
        "listen 443 ssl": f"listen 127.0.0.1:{port}",
        "127.0.0.1:8080": f"127.0.0.1:{server.port}",
        "    ssl_certificate /etc/ssl/example.org.pem;\n": "",
        "    ssl_certificate_key /etc/ssl/example.org.key;\n": "",
    }
    try:
        with nginx(tmp_path, blocks["nginx"], changes):
            tags = set()
            for coding in ("", "gzip", "br"):
                status, found, _ = ask(port, "/de/", Accept_Encoding=coding)
                assert (status, found["Content-Encoding"] or "") == (200, coding)
                tags.add(tag := found["ETag"])
                status, again, _ = ask(port, "/de/", Accept_Encoding=coding, If_None_Match=tag)
                assert (status, again["ETag"], again["Vary"]) == (304, tag, "accept-encoding")
            assert len(tags) == 3
            assert ask(port, "/de/nichts")[::2] == (404, b"nicht hier")
            assert ask(port, "/alt/%C3%BC")[1]["Location"] == "/de/"
            assert ask(port, "/de/", Range="bytes=0-8")[::2] == (206, b"die Seite")
            assert ask(port, "/form", "POST", bytes(10_000), X_Forwarded_For="192.0.2.1")[0] == 200
            assert visitors == ["192.0.2.1, 127.0.0.1"]
            assert ask(port, "/form", "POST", bytes(20_000))[0] == 413
            assert ask(port, "/hooks/github", "POST", bytes(1_000_000))[0] == 200
    finally:
        server.stop()
