"""The visitors of a service: what they ask for, in a mix, and what is told of them afterwards."""

# ruff: noqa: PLC0415 - loads the program where it is needed

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bench.open_loop import Asked
from bench.site import LANGUAGES, MONDAY
from bench.web import ask

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence
    from pathlib import Path

    from newsfeed.app.delivery import DeliveryContext
    from newsfeed.records import Subscriber

PAGE_304, PAGE, FEED_304, FEED, MISSING = "page, 304", "page, gzip", "feed, 304", "feed, gzip", "missing"
FORM, SIGN_UP, CHOICES, CHOOSE, LEAVE = "form", "sign-up", "choices", "choose", "one-click"
MIX = {
    PAGE_304: 28,
    PAGE: 18,
    FEED_304: 26,
    FEED: 6,
    MISSING: 5,
    FORM: 8,
    SIGN_UP: 1,
    CHOICES: 4,
    CHOOSE: 2,
    LEAVE: 2,
}
"""Kind of request → its share in a hundred."""
ALONE = 0.1
"""Share of requests that have a connection of their own."""
FEEDS = (".rss", ".atom", ".json")


@dataclass
class Visitors:
    """Readers and strangers, each from a network of their own; who does something does it once."""

    port: int
    delivery: DeliveryContext
    chance: random.Random
    readers: deque[Subscriber] = field(default_factory=deque)
    """Those who have done nothing yet."""
    etags: dict[str, str] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    strangers: int = 0

    def look_around(self, public: Path) -> None:
        """Find out which pages and feeds there are, and their tags; and who the readers are."""
        for file in sorted(public.rglob("*")):
            path = "/" + file.relative_to(public).as_posix()
            if path.endswith("/index.html"):
                self.pages.append(path.removesuffix("index.html"))
            elif file.suffix in FEEDS and "/feed" in path:
                self.feeds.append(path)
        self.pages.remove("/")  # leads to the visitor's language
        for path in self.pages + self.feeds:
            self.etags[path] = str(
                ask(f"http://127.0.0.1:{self.port}{path}", Accept_Encoding="gzip")[1]["ETag"]
            )
        found = list(self.delivery.store.people.all("staff"))
        self.chance.shuffle(found)
        self.readers.extend(found)

    def plan(self, rate: float, seconds: float) -> list[tuple[float, Asked]]:
        """Choose who asks for what, and when: as often as ``rate`` says on average, and independently."""
        moment, planned = 0.0, []
        while (moment := moment + self.chance.expovariate(rate)) < seconds:
            [kind] = self.chance.choices(list(MIX), list(MIX.values()))
            planned.append((moment, self.request(kind)))
        return planned

    def request(self, kind: str) -> Asked:
        """One request of a kind."""
        lang = self.chance.choice(LANGUAGES)
        if kind in (PAGE, PAGE_304, FEED, FEED_304):
            path = self.chance.choice(self.pages if kind in (PAGE, PAGE_304) else self.feeds)
            known = kind in (PAGE_304, FEED_304)
            more = [f"If-None-Match: {self.etags[path]}"] if known else []
            return self._asked(kind, 304 if known else 200, path, headers=more)
        if kind == MISSING:
            return self._asked(kind, 404, f"/{lang}/{self.chance.getrandbits(40)}/")
        if kind == FORM:
            return self._asked(kind, 200, f"/{lang}/subscribe")
        if kind == SIGN_UP:
            return self._sign_up(lang)
        person = self.readers.popleft()
        path = f"/{'one-click' if kind == LEAVE else 'preferences'}/"
        path += self._token(person, "one-click" if kind == LEAVE else "change")
        if kind == CHOICES:
            return self._asked(kind, 200, path, who=person.address)
        if kind == CHOOSE:
            fields = [("language", "nl"), ("language", "fr"), ("frequency", "monthly")]
            return self._asked(kind, 200, path, fields, person.address)
        return self._asked(kind, 200, path, [("List-Unsubscribe", "One-Click")], person.address)

    def _sign_up(self, lang: str) -> Asked:
        from newsfeed.core.people.form_tokens import make_form_token

        self.strangers += 1
        address = f"new{self.strangers}@strangers.example"
        shown = make_form_token(self.delivery.secret, MONDAY - timedelta(hours=3))
        fields = [("form", shown), ("step", "2"), ("email", address), ("digest", "staff"), ("language", lang)]
        return self._asked(SIGN_UP, 200, f"/{lang}/subscribe", [*fields, ("frequency", "every")], address)

    def _token(self, person: Subscriber, purpose: str) -> str:
        from newsfeed.core.people import tokens

        return tokens.make_token(
            self.delivery.secret, purpose=purpose, digest="staff", id=person.id, holder=person.key
        )

    def _asked(
        self,
        kind: str,
        status: int,
        path: str,
        fields: Sequence[tuple[str, str]] | None = None,
        who: str = "",
        headers: Sequence[str] = (),
    ) -> Asked:
        body = urlencode(fields or ()).encode()
        network = ".".join(str(self.chance.randrange(1, 255)) for _ in range(3))
        lines = [
            f"{'GET' if fields is None else 'POST'} {path} HTTP/1.1",
            f"Host: localhost:{self.port}",
            "Accept-Encoding: gzip",
            f"X-Forwarded-For: 10.{network}",
            *headers,
        ]
        if fields is not None:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        data = "\r\n".join([*lines, "", ""]).encode() + body
        return Asked(kind, data, status, who, is_alone=self.chance.random() < ALONE)
