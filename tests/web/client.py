"""A visitor without a network: speaks ASGI to the application, and reads the answer."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlencode

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """One answer."""

    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def text(self) -> str:
        """The page as text."""
        return self.data.decode()

    def field(self, name: str) -> str:
        """The value of a field of the page's form."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        assert found, name
        return unescape(found[1])

    def action(self) -> str:
        """Where the page's form goes."""
        found = re.search(r'<form[^>]* action="([^"]*)"', self.text)
        assert found, self.text
        return unescape(found[1])


class Visitor:
    """Asks one application, from one address."""

    def __init__(
        self, application: Any, host: str = "192.0.2.7", headers: Mapping[str, str] | None = None
    ) -> None:
        self._application = application
        self._host = host
        self._headers = dict(headers or {})

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for a page."""
        return self.ask(method, path, b"", headers)

    def post(self, path: str, fields: Any = (), **headers: str) -> Answer:
        """Send a form."""
        body = urlencode(fields, doseq=True).encode()
        return self.ask("POST", path, body, {"content-type": FORM, **headers})

    async def send(self, path: str, fields: Any) -> Answer:
        """Send a form, in a loop that others share."""
        return await self._ask("POST", path, [urlencode(fields).encode()], {"content-type": FORM})

    async def open(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for a page, in a loop that others share."""
        return await self._ask(method, path, [b""], {**self._headers, **headers})

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send any request; underlines in the names of headers stand for hyphens."""
        return asyncio.run(self._ask(method, path, [body], {**self._headers, **headers}))

    async def _ask(
        self,
        method: str,
        path: str,
        pieces: Sequence[bytes],
        headers: Mapping[str, str],
    ) -> Answer:
        address, _, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": address,
            "raw_path": address.encode(),
            "query_string": query.encode(),
            "headers": [
                (name.replace("_", "-").lower().encode(), value.encode("latin-1"))
                for name, value in headers.items()
            ],
            "client": (self._host, 50000),
            "server": ("test.example", 80),
        }
        waiting, said = list(pieces), []

        async def receive() -> Mapping[str, Any]:
            if not waiting:  # all has been sent, and the visitor stays
                await asyncio.Event().wait()
            piece = waiting.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

        async def send(message: Mapping[str, Any]) -> None:
            said.append(message)

        await self._application(scope, receive, send)
        names = [name.decode().lower() for name, _ in said[0]["headers"]]
        assert len(set(names)) == len(names), names
        return Answer(
            said[0]["status"],
            {name.decode().lower(): value.decode() for name, value in said[0]["headers"]},
            b"".join(one.get("body", b"") for one in said[1:]),
        )
