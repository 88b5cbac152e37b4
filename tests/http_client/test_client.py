"""Requests to others: what is reached, what is not, and that each comes to an end."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from newsfeed.errors import OutsideError
from newsfeed.http_client.client import HttpClient
from newsfeed.service_ports import HttpRequest


class Server(HTTPServer):
    """Answers as a test wants it, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answer: Callable[[BaseHTTPRequestHandler], None] = lambda handler: say(handler, 200, b"fine")
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """Hands everything to its server."""

    server: Server

    def answer(self) -> None:
        """Take down what was asked, and answer."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.command, self.path, headers, body))
        self.server.answer(self)

    do_GET = do_POST = answer  # noqa: N815 - the names that the library looks for

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def say(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    """One answer."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def server() -> Iterator[Server]:
    """One that listens on this machine."""
    found = Server()
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield found
    found.shutdown()
    found.server_close()


INSIDE = HttpClient(allow_private=True, seconds=2, most=1_000)


def test_an_answer_comes_back_with_its_status(server: Server) -> None:
    """Whatever it is; a redirect is an answer like any other."""
    server.answer = lambda handler: say(handler, 302, b"elsewhere", Location="http://127.0.0.1/secret")
    answer = INSIDE.send(HttpRequest("POST", f"{server.url}/a?b=c", {"X-One": "1"}, b"body"))
    assert (answer.status, answer.body, answer.headers["location"]) == (
        302,
        b"elsewhere",
        "http://127.0.0.1/secret",
    )
    ((method, path, headers, body),) = server.asked
    assert (method, path, headers["x-one"], body) == ("POST", "/a?b=c", "1", b"body")


def test_private_addresses_are_reached_only_where_that_is_allowed(server: Server) -> None:
    """By their number or by a name for them."""
    for url in (
        server.url,
        f"http://localhost:{server.server_port}/",
        f"http://2130706433:{server.server_port}/",
    ):
        with pytest.raises(OutsideError, match="private"):
            HttpClient().send(HttpRequest("GET", url))
    assert server.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/",
        "http:///x",
        "http://u:p@127.0.0.1/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1/a\r\nb",
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    """Nobody is asked."""
    with pytest.raises(OutsideError):
        INSIDE.send(HttpRequest("GET", url))


def test_a_long_answer_is_not_read_to_its_end(server: Server) -> None:
    """Memory has an end, too."""
    server.answer = lambda handler: say(handler, 200, b"x" * 5_000)
    with pytest.raises(OutsideError, match="too many bytes"):
        INSIDE.send(HttpRequest("GET", server.url))


def test_one_that_drips_is_left(server: Server) -> None:
    """Each byte is in time, all of them together are not."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            try:
                handler.wfile.write(b"x")
            except OSError:
                return
            time.sleep(0.1)

    server.answer = drip
    began = time.monotonic()
    with pytest.raises(OutsideError, match="in time"):
        HttpClient(allow_private=True, seconds=0.5).send(HttpRequest("GET", server.url))
    assert time.monotonic() - began < 3


def test_one_that_drips_headers_is_left(server: Server) -> None:
    """They have no end either."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        with suppress(OSError):
            for _ in range(100):
                handler.wfile.write(b"x")
                time.sleep(0.1)

    server.answer = drip
    began = time.monotonic()
    with pytest.raises(OutsideError, match="in time"):
        HttpClient(allow_private=True, seconds=0.5).send(HttpRequest("GET", server.url))
    assert time.monotonic() - began < 3


def test_nobody_there_is_told() -> None:
    """With the reason."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(OutsideError, match=r"127\.0\.0\.1 cannot be asked: the connection was refused"):
        INSIDE.send(HttpRequest("GET", f"http://127.0.0.1:{port}/"))
