"""Fetching from the web: only from the open internet, only so much."""

import gzip
import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from newsfeed.errors import OutsideError
from newsfeed.sources.archives import web as web_module
from newsfeed.sources.archives.opening import read_archive_file
from newsfeed.sources.archives.web import fetch, fetch_picture

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


class Pages(BaseHTTPRequestHandler):
    """A small web of traps."""

    def do_GET(self):
        """Answer by the path."""
        status, headers, body = {
            "/ok": (200, {"Content-Type": "text/plain; charset=x"}, b"ok"),
            "/hop": (302, {"Location": "/ok"}, b""),
            "/round": (302, {"Location": "/round"}, b""),
            "/inside": (302, {"Location": "http://169.254.169.254/latest/meta-data/"}, b""),
            "/file": (302, {"Location": "file:///etc/passwd"}, b""),
            "/bomb": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"0" * 1_000_000)),
            "/large": (200, {}, b"0" * 3_000),
            "/a.png": (200, {"Content-Type": "image/png"}, PNG),
            "/page.png": (200, {"Content-Type": "image/png"}, b"<!DOCTYPE html><script>"),
            "/svg": (200, {"Content-Type": "image/svg+xml"}, b"<svg onload='x'/>"),
        }.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def web():
    """Its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def here(address: str) -> bool:
    """Allow this machine, as a test must."""
    return address == "127.0.0.1"


def test_redirects_are_followed(web):
    """And the last address is told, and the type without its rest."""
    answer = fetch(f"{web}/hop", 100, may_ask=here)
    assert (answer.url, answer.media_type, answer.data) == (f"{web}/ok", "text/plain", b"ok")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/inside", "not on the open internet"),
        ("/file", "no web address"),
        ("/round", "leads on and on"),
        ("/bomb", "comes packed"),
        ("/large", "more than 2,000 bytes|more than 2000 bytes"),
        ("/none", "404"),
    ],
)
def test_traps_are_refused(web, path, said):
    """Each redirect is checked like the first address."""
    with pytest.raises(OutsideError, match=said):
        fetch(web + path, 2_000, may_ask=here)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.0.0.1/", "http://0x7f.1/", "http://2130706433/",
        "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://169.254.169.254/", "http://0.0.0.0/", "ftp://x.example/",
        "http://user:secret@127.0.0.1/", "http://", "http://[", "http://x.example:99999/",
    ],
)  # fmt: skip
def test_addresses_of_this_network_are_never_asked(url):
    """However they are written."""
    with pytest.raises(OutsideError):
        fetch(url, 100)


def test_one_that_drips_is_left(monkeypatch):
    """Headers, a body, a handshake, or one redirect after another: all of it has one deadline."""
    monkeypatch.setattr(web_module, "_WHOLE_SECONDS", 0.6)
    for scheme, begin in (
        ("http", b"HTTP/1.1 200 OK\r\nX-Slow: "),
        ("http", b"HTTP/1.1 200 OK\r\n\r\n"),
        ("http", b"HTTP/1.1 200"),
        ("https", b"\x16\x03\x03\x40\x00"),
    ):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            threading.Thread(target=drip, args=(listening, begin), daemon=True).start()
            began = time.monotonic()
            with pytest.raises(OutsideError, match="takes too long"):
                fetch(f"{scheme}://127.0.0.1:{listening.getsockname()[1]}/", 10_000, may_ask=here)
            assert time.monotonic() - began < 3


def drip(listening, begin):
    """Answer one client byte by byte."""
    client, _ = listening.accept()
    with client, suppress(OSError):
        client.sendall(begin)
        for _ in range(100):
            client.sendall(b"\x02")
            time.sleep(0.1)


def test_a_picture_is_one_by_its_bytes(web):
    """A page with its name is none, and a drawing may do things."""
    assert fetch_picture(f"{web}/a.png", may_ask=here) == (PNG, ".png")
    for path in ("/page.png", "/svg", "/ok"):
        with pytest.raises(OutsideError, match="it is no picture"):
            fetch_picture(web + path, may_ask=here)


def test_a_packed_file_unpacks_into_so_much_and_no_more(tmp_path):
    """A decompression bomb ends with an error, not with the memory."""
    (tmp_path / "f.xml.gz").write_bytes(gzip.compress(b"0" * 5_000_000))
    assert len(read_archive_file(tmp_path / "f.xml.gz", 5_000_000)) == 5_000_000
    with pytest.raises(OutsideError, match="unpacks into too much"):
        read_archive_file(tmp_path / "f.xml.gz", 1_000_000)
