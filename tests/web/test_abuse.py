"""Requests that nobody sends by accident, over real sockets: each is answered, and holds nobody else up."""

import asyncio
import contextlib
import resource
import selectors
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsfeed.web import connections, quick_connections, server
from newsfeed.web.file_headers import FileHeaders
from newsfeed.web.published_folder import PublishedFolder
from newsfeed.web.request_counts import RequestCounts
from newsfeed.web.server import WebServer
from newsfeed.web.site_files import SiteFiles
from tests.delivery.sites import wait_until
from tests.web.test_site_files import write_files

PAGE = b"<html lang=en>the page</html>"
PATIENCE = 20.0
LARGE = 20_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site with a page, and a file that is larger than what systems keep for a connection."""
    write_files(tmp_path / "public", {"en/index.html": PAGE, "files/large.bin": bytes(LARGE)})
    return tmp_path / "public"


@pytest.fixture
def asked() -> list[str]:
    """The addresses of all requests that the server has understood."""
    return []


@pytest.fixture(params=["at once", "by the application"])
def running(folder: Path, asked: list[str], request: pytest.FixtureRequest) -> Iterator[WebServer]:
    """That site, on a port of this machine: as it is served, and without what answers before uvicorn."""
    published = PublishedFolder(folder, "/", FileHeaders(base_url="https://www.test.example/"))
    files = SiteFiles(published, ("en",), "en", RequestCounts())

    async def application(scope: Any, receive: Any, send: Any) -> None:
        asked.append(scope["path"])
        await files(scope, receive, send)

    def answer_at_once(method: str, path: str, headers: Any) -> tuple[bytes, bytes] | None:
        asked.append(path)
        return files.answer_at_once(method, path, headers)

    found = WebServer(application, "127.0.0.1", 0, answer_at_once if request.param == "at once" else None)
    found.start()
    yield found
    found.stop()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that waits for a second or two only."""
    for module in (connections, quick_connections):
        monkeypatch.setattr(module, "LOOK", 0.25)
    monkeypatch.setattr(quick_connections, "PATIENCE", 2.0)
    monkeypatch.setattr(connections, "SECONDS", {"head": 1.0, "body": 1.0, "rest": 2.0})


def connect(running: WebServer) -> socket.socket:
    """Open a connection."""
    return socket.create_connection(("127.0.0.1", running.port), PATIENCE)


def exchange(running: WebServer, *pieces: bytes) -> bytes:
    """Send pieces; return everything that comes until the server ends the connection, or is silent."""
    with connect(running) as connection:
        with contextlib.suppress(OSError):
            for piece in pieces:
                connection.sendall(piece)
        connection.settimeout(0.5)
        answer = b""
        with contextlib.suppress(OSError):
            while piece := connection.recv(65_536):
                answer += piece
    return answer


def statuses(answer: bytes) -> list[int]:
    """The statuses of all answers on one connection."""
    return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]


HEAD = b"GET /en/ HTTP/1.1\r\nHost: www.test.example\r\n"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: www.test.example\r\n\r\n"
POST = b"POST /en/ HTTP/1.1\r\nHost: www.test.example\r\n"
REFUSED = {
    "length and coding": POST
    + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    + SMUGGLED,
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: 54\r\n\r\n" + SMUGGLED,
    "two lengths in one": POST + b"Content-Length: 0, 54\r\n\r\n" + SMUGGLED,
    "a signed length": POST + b"Content-Length: +0\r\n\r\n" + SMUGGLED,
    "a length in hexadecimal": POST + b"Content-Length: 0x0\r\n\r\n" + SMUGGLED,
    "an endless length": POST + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n" + SMUGGLED,
    "a blank before the colon": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a coding that is none": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunked is not the last": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a chunk without end": POST + b"Transfer-Encoding: chunked\r\n\r\n0;\n\r\n" + SMUGGLED,
    "a chunk with a huge size": POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 20 + b"\r\n" + SMUGGLED,
    "a folded header": HEAD + b"X: a\r\n b\r\n\r\n" + SMUGGLED,
    "a null in a header": HEAD + b"X: a\0b\r\n\r\n" + SMUGGLED,
    "a bare return in a header": HEAD + b"X: a\rb\r\n\r\n" + SMUGGLED,
    "a header without a name": HEAD + b": a\r\n\r\n" + SMUGGLED,
    "a blank in the address": b"GET /en/ x HTTP/1.1\r\nHost: a\r\n\r\n" + SMUGGLED,
    "two hosts": HEAD + b"Host: other.example\r\n\r\n" + SMUGGLED,
    "the same host twice": HEAD + b"host: www.test.example\r\n\r\n" + SMUGGLED,
    "two hosts in one": b"GET /en/ HTTP/1.1\r\nHost: www.test.example, other.example\r\n\r\n" + SMUGGLED,
    "no host": b"GET /en/ HTTP/1.1\r\n\r\n" + SMUGGLED,
    "no host for a form": b"POST /en/ HTTP/1.1\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
    "two hosts in an old version": HEAD.replace(b"1.1", b"1.0") + b"Host: a\r\n\r\n" + SMUGGLED,
    "no version": b"GET /en/\r\n\r\n" + SMUGGLED,
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + SMUGGLED,
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "letters that are none": "GET /\u00e9 HTTP/1.1\r\n\r\n".encode() + SMUGGLED,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_two_servers_could_read_differently_is_refused(
    running: WebServer, asked: list[str], name: str
) -> None:
    """And nothing behind it on that connection counts as a request."""
    answer = exchange(running, REFUSED[name])
    assert set(statuses(answer)) <= ({200} if name == "no version" else {400, 405})
    assert "/smuggled" not in asked
    assert exchange(running, HEAD + b"Connection: close\r\n\r\n").endswith(PAGE)


def test_a_body_is_no_request(running: WebServer) -> None:
    """Whatever is in it: its length says where the next request begins."""
    answer = exchange(
        running, HEAD + b"Content-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED + HEAD + b"\r\n"
    )
    assert statuses(answer) == [200, 200]


def test_requests_that_follow_each_other_are_answered_in_order(running: WebServer) -> None:
    """Also when they come at once, and piece by piece."""
    many = HEAD + b"\r\n" + SMUGGLED + b"HEAD /en/ HTTP/1.1\r\nHost: a\r\n\r\n"
    assert statuses(exchange(running, many)) == [200, 404, 200]
    assert statuses(exchange(running, *(many[place : place + 1] for place in range(len(many))))) == [
        200,
        404,
        200,
    ]


@pytest.mark.parametrize(
    ("request_line", "header"),
    [
        (b"GET /en/ HTTP/1.1", b"Connection: close"),
        (b"GET /en/ HTTP/1.0", b"X: 1"),
        (b"GET /en/ HTTP/1.0", b"Connection: keep-alive"),
    ],
)
def test_a_connection_ends_when_the_client_wants_it(
    running: WebServer, request_line: bytes, header: bytes
) -> None:
    """The answer says so, and the end comes with it."""
    with connect(running) as connection:
        connection.sendall(request_line + b"\r\nHost: a\r\n" + header + b"\r\n\r\n")
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    assert answer.endswith(PAGE)
    assert b"\r\nconnection: close\r\n" in answer


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (b"http://www.test.example/en/", 200),
        (b"HTTP://www.test.example:80/en/?a=b", 200),
        (b"http://www.test.example", 404),
        (b"http://www.test.example?a=b", 404),
        (b"http://", 400),
        (b"*", 404),
    ],
)
def test_an_address_may_be_whole(running: WebServer, asked: list[str], target: bytes, status: int) -> None:
    """As a client sends it to a proxy; without a path it is the root. It may come piece by piece."""
    head = b"GET " + target + b" HTTP/1.1\r\nHost: www.test.example\r\n\r\n"
    assert statuses(exchange(running, head)) == [status]
    assert statuses(exchange(running, *(head[place : place + 7] for place in range(0, len(head), 7)))) == [
        status
    ]
    assert set(asked) <= {"/en/", "/", "*"}


def test_the_whole_server_says_what_it_takes(running: WebServer) -> None:
    """`OPTIONS *` is about no address."""
    answer = exchange(running, b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
    assert statuses(answer) == [204]
    assert b"\r\nallow: GET, HEAD, OPTIONS, POST\r\n" in answer


def test_headers_have_an_end(running: WebServer) -> None:
    """One that is huge, many that are small; those that are within reason are just read."""
    huge = [HEAD + b"X: ", *[b"x" * 10_000] * 200]
    assert statuses(exchange(running, *huge))[:1] in ([431], [])
    many = [HEAD, *[b"X: 1\r\n" * 1_000] * 200]
    assert statuses(exchange(running, *many))[:1] in ([431], [])
    whole = HEAD + b"X: " + b"x" * 100_000 + b"\r\n\r\n"
    assert statuses(exchange(running, whole))[:1] == [431]
    assert statuses(exchange(running, HEAD + b"X: 1\r\n" * 20_000 + b"\r\n"))[:1] == [431]
    address = b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"
    assert statuses(exchange(running, address))[:1] == [431]
    twice = HEAD + b"Accept-Encoding: x\r\n" + b"Accept-Encoding: gzip\r\n" * 50 + b"\r\n"
    assert statuses(exchange(running, twice)) == [200]


def is_ended(connection: socket.socket, seconds: float = PATIENCE) -> bool:
    """Tell whether the server ends a connection in time."""
    connection.settimeout(seconds)
    try:
        while connection.recv(65_536):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"\r\n",
        HEAD + b"X: ",
        POST + b"Content-Length: 1000\r\n\r\n12345",
        HEAD + b"Content-Length: 1000\r\n\r\n12345",
        HEAD + b"\r\n",
    ],
    ids=["nothing", "an empty line", "half a head", "half a body", "a body nobody reads", "a whole request"],
)
def test_clients_that_do_not_get_on_are_shown_the_door(running: WebServer, begun: bytes) -> None:
    """However far they have come."""
    with connect(running) as connection:
        connection.sendall(begun)
        assert is_ended(connection)


@pytest.mark.slow
@pytest.mark.usefixtures("impatient")
def test_a_drop_now_and_then_does_not_keep_a_connection(running: WebServer) -> None:
    """It is the head, or the body, that must be there in time."""
    for begun in (HEAD + b"X: ", POST + b"Content-Length: 1000\r\n\r\n", HEAD + b"\r\n\r\n"):
        with connect(running) as connection:
            connection.sendall(begun)
            until = time.monotonic() + PATIENCE
            with contextlib.suppress(OSError):
                while time.monotonic() < until:
                    connection.sendall(b"\r\n" if begun.endswith(b"\r\n\r\n\r\n") else b"x")
                    time.sleep(0.1)
            assert time.monotonic() < until


@pytest.mark.slow
@pytest.mark.usefixtures("impatient")
def test_who_takes_nothing_of_a_large_answer_is_shown_the_door(running: WebServer) -> None:
    """Who takes it slowly gets all of it."""
    ask = b"GET /files/large.bin HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    with connect(running) as stuck, connect(running) as slow:
        for connection in (stuck, slow):
            connection.sendall(ask)
        taken, until = 0, time.monotonic() + 60
        while (piece := slow.recv(65_536)) and time.monotonic() < until:
            taken += len(piece)
            time.sleep(0.01)
        assert taken > LARGE
        time.sleep(4)
        left = 0
        with contextlib.suppress(OSError):
            while piece := stuck.recv(1 << 20):
                left += len(piece)
        assert left < LARGE


@pytest.mark.slow
def test_readers_are_served_beside_two_thousand_slow_connections(
    running: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each sends half a head, and a byte more now and then; a page still comes at once."""
    number = 2_000
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 2 * number + 500:
        pytest.skip("this machine does not let one process open so many files")
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(connect(running)) for _ in range(number)]
        for connection in slow:
            connection.sendall(HEAD + b"X: ")
        waits = []
        for round_number in range(100):
            for connection in slow[round_number::100]:
                with contextlib.suppress(OSError):
                    connection.sendall(b"x")
            began = time.monotonic()
            assert exchange_one(running).endswith(PAGE)
            waits.append(time.monotonic() - began)
        assert running.connections > number / 2
        assert sorted(waits)[98] < 1.0
        stopped = time.monotonic()
        with selectors.DefaultSelector() as selector:
            for connection in slow:
                selector.register(connection, selectors.EVENT_READ)
            while len(selector.get_map()) > 0 and time.monotonic() - stopped < 40:
                for key, _ in selector.select(1):
                    selector.unregister(key.fileobj)
            assert len(selector.get_map()) == 0
    assert exchange_one(running).endswith(PAGE)


def exchange_one(running: WebServer) -> bytes:
    """Ask for the page, and read the answer to its end."""
    with connect(running) as connection:
        connection.sendall(HEAD + b"Connection: close\r\n\r\n")
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    return answer


@pytest.mark.slow
def test_who_leaves_before_all_is_answered_is_no_failure() -> None:
    """Of several requests in one packet, the one that is just answered learns that nobody listens any more."""
    failures: list[Exception] = []
    answered: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/slow":
            await asyncio.sleep(0.5)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"x"})
        except RuntimeError as error:
            failures.append(error)
        answered.append(scope["path"])

    server = WebServer(application, "127.0.0.1", 0)
    server.start()
    try:
        with connect(server) as connection:
            asked = [b"GET /%b HTTP/1.1\r\nHost: a\r\n\r\n" % one for one in (b"a", b"slow", b"b")]
            connection.sendall(b"".join(asked))
            assert connection.recv(65_536)
        wait_until(lambda: "/slow" in answered)
    finally:
        server.stop()
    assert failures == []


def test_who_takes_nothing_is_cut_off_when_the_service_ends(running: WebServer) -> None:
    """It ends in its time all the same, and leaves no connection open."""
    with connect(running) as connection:
        connection.sendall(b"GET /files/large.bin HTTP/1.1\r\nHost: a\r\n\r\n")
        assert connection.recv(100)
        running.stop()
        assert running.connections == 0
        assert is_ended(connection)


def test_a_process_may_have_fewer_files_open_than_we_like(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then fewer connections are taken, and some files are left for everything else."""
    limits = {"now": (1_024, 4_096)}
    monkeypatch.setattr(server.resource, "getrlimit", lambda _: limits["now"])
    monkeypatch.setattr(server.resource, "setrlimit", lambda _, wanted: limits.update(now=wanted))
    assert server._allow_connections(8_000) == 4_096 - 200
    assert limits["now"] == (4_096, 4_096)
    limits["now"] = (1_048_576, 1_048_576)
    assert server._allow_connections(8_000) == 8_000
