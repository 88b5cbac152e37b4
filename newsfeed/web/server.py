"""Serve an application with uvicorn, in a thread of its own or until somebody stops it."""

from __future__ import annotations

import asyncio
import resource
import socket
import threading
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import uvicorn

from newsfeed.errors import OutsideError, reason_of
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsfeed.web.quick_connections import AnswerAtOnce

CONNECTIONS = 8_000
"""More at the same time are told to come back later."""
_OTHER_FILES = 200
"""Files that a process has open besides its connections."""
_LAST_WAIT = 8.0
"""Seconds for the answers that are under way when the service ends."""


class WebServer:
    """One listening socket, and the thread that answers there."""

    def __init__(
        self,
        application: Callable[..., Any],
        host: str,
        port: int,
        answer_at_once: AnswerAtOnce | None = None,
    ) -> None:
        """Listen at once: raises `OutsideError` when the address cannot be had.

        answer_at_once: returns what can be answered before the application is called.
        """
        self._socket = _listen(host, port)
        self._server = _Server(
            uvicorn.Config(
                application,
                interface="asgi3",
                http=_find_protocol(answer_at_once),
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                limit_concurrency=_allow_connections(CONNECTIONS),
                timeout_keep_alive=30,
                timeout_graceful_shutdown=int(_LAST_WAIT) - 1,
            )
        )
        self._thread = threading.Thread(target=self.run, name="web", daemon=True)

    @property
    def port(self) -> int:
        """Return the port it listens on."""
        return int(self._socket.getsockname()[1])

    @property
    def connections(self) -> int:
        """Return how many connections are open."""
        return len(self._server.server_state.connections)

    def start(self) -> None:
        """Begin to answer, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the answers that are under way, and end."""
        self._server.should_exit = True
        self._thread.join(_LAST_WAIT)
        self._socket.close()

    def run(self) -> None:
        """Answer until stopped; in the main thread also by SIGINT and SIGTERM."""
        self._server.run(sockets=[self._socket])


class _Server(uvicorn.Server):
    """Leaves no connection open that is still there when the time to finish is over."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what is under way, and cut off who takes nothing of it."""
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0.01)


def _find_protocol(answer_at_once: AnswerAtOnce | None) -> Any:
    """Return what reads HTTP: the quick one, which also bounds slow clients, comes with newsfeed[web]."""
    if find_spec("httptools") is None:
        return "h11"
    from newsfeed.web.connections import ImpatientProtocol
    from newsfeed.web.quick_connections import QuickProtocol

    return ImpatientProtocol if answer_at_once is None else partial(QuickProtocol, answer_at_once)


def _allow_connections(wanted: int) -> int:
    """Return for how many connections this process may have files open, and let it have that many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == resource.RLIM_INFINITY else min(wanted, soft - _OTHER_FILES)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        found = socket.create_server((host, port), family=family, backlog=2048)
        # asyncio does this for sockets it makes itself; without it each answer waits 40 ms for a delayed ACK.
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        raise OutsideError(
            N_("{host}:{port} cannot be listened on: {reason}"),
            N_("choose another host or port in config.toml, [web]"),
            host=f"[{host}]" if ":" in host else host,
            port=str(port),
            reason=reason_of(error),
        ) from error
    return found
