"""The examples for nginx and Caddy in the documentation, run by Debian's."""

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
from tests.delivery.ports import listens
from tests.delivery.sites import wait_until
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
    (folder / "redirects.caddy").write_bytes(render("caddy", rows))
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


@contextmanager
def caddy(folder: Path, example: str, changes: Mapping[str, str]) -> Iterator[None]:
    """Debian's Caddy with an example, in which names of an example machine are replaced: no certificates, and
    nothing of it stays in anybody's home.
    """
    for old, new in changes.items():
        assert old in example
        example = example.replace(old, new)
    config = folder / "Caddyfile"
    config.write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\n{example}\n")
    command = [need_command("caddy"), "run", "--config", config, "--adapter", "caddyfile"]
    homes = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stderr=log, env={**os.environ, **homes})
    try:
        port = int(re.search(r"http://127\.0\.0\.1:(\d+)", example)[1])  # type: ignore[index]
        wait_until(lambda: process.poll() is not None or listens(port), 20)
        assert process.poll() is None, (folder / "log").read_text()
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


def example(page: str, section: str, server: str) -> str:
    """What the documentation says for a server."""
    blocks = {one.info: one.code for one in fences(sections(read(page))[section])}
    return blocks[server]


def test_caddy_serves_the_folder_as_deployment_says(site: Path, tmp_path: Path) -> None:
    """Types, the page for what is missing, redirects; nothing hidden. It says not modified, and compresses."""
    port = free_port()
    changes = {"www.example.org {": f"http://127.0.0.1:{port} {{", "/srv/www/public": str(site)}
    with caddy(tmp_path, example("docs/deploy.md", "Caddy", "caddy"), changes):
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
        assert (status, headers["Location"]) == (301, "/de/")
        status, _, said = ask(port, "/.newsfeed-manifest.json")
        assert (status, b"SECRET" in said) == (404, False)
        status, headers, _ = ask(port, "/de/", Accept_Encoding="gzip")
        assert (status, headers["Content-Encoding"]) == (200, "gzip")
        assert ask(port, "/de/", Accept_Encoding="gzip", If_None_Match=headers["ETag"])[0] == 304


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


@contextmanager
def service(site: Path, visitors: list[str]) -> Iterator[int]:
    """Our own server, with the site and an application behind it; its port. ``visitors``: whom it is told of."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        visitors.extend(value.decode() for name, value in scope["headers"] if name == b"x-forwarded-for")
        assert not any(name == b"forwarded" and value for name, value in scope["headers"])
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    headers = FileHeaders(base_url="https://www.example.org/")
    elsewhere = Elsewhere(application, lambda scope: scope["path"].startswith(("/hooks/", "/form")))
    files = SiteFiles(PublishedFolder(site, "/", headers), ("de",), "de", RequestCounts(), elsewhere)
    server = WebServer(files, "127.0.0.1", 0)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


def assert_handed_on(port: int, visitors: list[str], too_large: tuple[int, ...] = (413,)) -> None:
    """Tags, 304s and codings pass through a server, and the visitor's address comes along; large forms do not."""
    tags = set()
    for coding in ("identity", "gzip", "br"):
        status, found, _ = ask(port, "/de/", Accept_Encoding=coding)
        assert (status, found["Content-Encoding"] or "identity") == (200, coding)
        tags.add(tag := found["ETag"])
        status, again, _ = ask(port, "/de/", Accept_Encoding=coding, If_None_Match=tag)
        assert (status, again["ETag"], again["Vary"].lower()) == (304, tag, "accept-encoding")
    assert len(tags) == 3
    assert ask(port, "/de/nichts")[::2] == (404, b"nicht hier")
    assert ask(port, "/alt/%C3%BC")[1]["Location"] == "/de/"
    assert ask(port, "/de/", Range="bytes=0-8", Accept_Encoding="identity")[::2] == (206, b"die Seite")
    forged = {"X_Forwarded_For": "192.0.2.1", "Forwarded": "for=192.0.2.9"}
    assert ask(port, "/form", "POST", bytes(10_000), **forged)[0] == 200
    assert visitors[0].endswith("127.0.0.1")
    assert ask(port, "/form", "POST", bytes(20_000))[0] in too_large
    assert ask(port, "/hooks/github", "POST", bytes(1_000_000))[0] == 200


def test_nginx_hands_everything_on_as_the_page_says(site: Path, tmp_path: Path) -> None:
    """What it is told of a visitor stands before what it has seen itself."""
    visitors: list[str] = []
    port = free_port()
    with service(site, visitors) as ours:
        changes = {
            "listen 443 ssl": f"listen 127.0.0.1:{port}",
            "127.0.0.1:8080": f"127.0.0.1:{ours}",
            "    ssl_certificate /etc/ssl/example.org.pem;\n": "",
            "    ssl_certificate_key /etc/ssl/example.org.key;\n": "",
        }
        with nginx(tmp_path, example("docs/web.md", "A web server in front", "nginx"), changes):
            assert_handed_on(port, visitors)
    assert visitors[0] == "192.0.2.1, 127.0.0.1"


def test_caddy_hands_everything_on_as_the_page_says(site: Path, tmp_path: Path) -> None:
    """It believes nobody about a visitor, and says what it has seen itself."""
    visitors: list[str] = []
    port = free_port()
    with service(site, visitors) as ours:
        changes = {
            "www.example.org, mail.example.org {": f"http://127.0.0.1:{port} {{",
            "reverse_proxy 127.0.0.1:8080": f"reverse_proxy 127.0.0.1:{ours}",
        }
        with caddy(tmp_path, example("docs/web.md", "A web server in front", "caddy"), changes):
            assert_handed_on(port, visitors, too_large=(413, 502))  # Debian 12 has an old one
    assert visitors[0] == "127.0.0.1"
