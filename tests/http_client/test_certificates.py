"""Looking at the certificates of web servers."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from newsfeed.errors import OutsideError
from newsfeed.http_client.certificates import read_certificate
from tests.channels.smtp.certificates import server
from tests.delivery.ports import free_port


@pytest.fixture
def port() -> Iterator[int]:
    """Of a server that greets with TLS, and hangs up."""
    context, _ = server()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            with suppress(OSError), context.wrap_socket(sock, server_side=True) as encrypted:
                encrypted.recv(1)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def test_the_time_of_a_certificate_is_read(port: int) -> None:
    """In UTC."""
    _, chain = server()
    found = read_certificate(f"https://127.0.0.1:{port}/", ssl.create_default_context(cafile=chain))
    assert found is not None
    assert found.begins < datetime.now(UTC) < found.ends
    assert timedelta(days=1) < found.ends - found.begins < timedelta(days=3)


def test_one_that_cannot_be_believed_has_none(port: int) -> None:
    """Anybody can write anything into one."""
    with pytest.raises(OutsideError, match="signed by nobody but itself"):
        read_certificate(f"https://127.0.0.1:{port}/")


def test_a_server_that_is_not_there_has_none() -> None:
    """And it is said why."""
    with pytest.raises(OutsideError, match="the connection was refused"):
        read_certificate(f"https://127.0.0.1:{free_port()}/")
