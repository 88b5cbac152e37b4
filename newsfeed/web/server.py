"""Serve the application with uvicorn, in a thread of its own or until somebody stops it."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import TYPE_CHECKING

import uvicorn

from newsfeed.errors import OutsideError, reason_of
from newsfeed.marking import N_
from newsfeed.web.guard import HEADER_BYTES

if TYPE_CHECKING:
    from starlette.types import ASGIApp

CONNECTIONS = 1_000
"""More at the same time are told to come back later."""
_LAST_WAIT = 8.0
"""Seconds for the answers that are under way when the service ends."""


class WebServer:
    """One listening socket, and the thread that answers there."""

    def __init__(self, application: ASGIApp, host: str, port: int) -> None:
        """Listen at once: raises `OutsideError` when the address cannot be had."""
        self._socket = _listen(host, port)
        self._server = uvicorn.Server(
            uvicorn.Config(
                application,
                http="h11",
                ws="none",
                lifespan="off",
                loop="asyncio",
                log_config=None,
                log_level="critical",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                limit_concurrency=CONNECTIONS,
                timeout_keep_alive=5,
                timeout_graceful_shutdown=int(_LAST_WAIT) - 1,
                h11_max_incomplete_event_size=2 * HEADER_BYTES,
            )
        )
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)

    @property
    def port(self) -> int:
        """Return the port it listens on."""
        return int(self._socket.getsockname()[1])

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the answers that are under way, and end."""
        self._server.should_exit = True
        self._thread.join(_LAST_WAIT)
        self._socket.close()

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        found = socket.create_server((host, port), family=family, backlog=512)
        # asyncio does this for sockets it makes itself; without it each answer waits 40 ms for a delayed ACK.
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        raise OutsideError(
            N_("{host}:{port} cannot be listened on: {reason}"),
            N_("choose another port in config.toml, [web] port"),
            host=host,
            port=str(port),
            reason=reason_of(error),
        ) from error
    return found
