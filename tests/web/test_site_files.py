"""The site's files over HTTP, as clients and caches ask for them."""

import asyncio
import gzip
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import brotli
import pytest

from newsfeed.web import large_files, served_site
from newsfeed.web.application import make_elsewhere
from newsfeed.web.file_headers import FileHeaders
from newsfeed.web.published_folder import PublishedFolder
from newsfeed.web.request_counts import RequestCounts
from newsfeed.web.site_files import SiteFiles
from tests.web.client import Visitor
from tests.web.conftest import Service

PAGE = "<html lang=en>" + "Water for the village. " * 40
FEED = "<feed>" + "An entry. " * 60 + "</feed>"
FILES = {
    "index.html": "<html>Choose a language " + "." * 300,
    "404.html": "<html lang=en>not here " + "." * 300,
    "de/404.html": "<html lang=de>nicht hier " + "." * 300,
    "en/index.html": PAGE,
    "de/index.html": "<html lang=de>",
    "pt-BR/index.html": "<html lang=pt-BR>",
    "en/feed.atom": FEED,
    "en/search/index.html": "<html>search",
    "style.css": "body { color: black }",
    "files/news/a/photo.png": "\x89PNG" + "x" * 996,
    "files/news/a/old.csv": b"caf\xe9;1\n",
    "files/brand/logo.0123abcd.svg": "<svg/>",
    "en/caf\u00e9/index.html": "<html>caf\u00e9",
    "empty.txt": "",
    ".well-known/security.txt": "Contact: mailto:security@test.example",
    "_redirects": "/old%20page/ /en/ 301!\n/en/old/feed.rss /en/feed.atom 301!\n/x //evil.example/ 301!\n",
}


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write a site."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A published site."""
    write_files(tmp_path / "public", FILES)
    return tmp_path / "public"


def open_site(
    folder: Path, base: str = "https://www.test.example/", **given: Any
) -> tuple[Visitor, RequestCounts]:
    """A visitor of a site, and what is counted there."""
    headers = FileHeaders(
        base_url=base, forms=("https://mail.test.example",), hubs=("https://hub.test.example/",)
    )
    path = "/" + base.split("/", 3)[3]
    published = PublishedFolder(folder, path, headers, given.get("turn", lambda: None))
    counts = RequestCounts()
    files = SiteFiles(published, ("en", "de", "pt-BR"), "en", counts, given.get("elsewhere"))
    return Visitor(files), counts


@pytest.fixture
def visitor(folder: Path) -> Visitor:
    """A visitor of that site."""
    return open_site(folder)[0]


DECODE: Mapping[str, Callable[[bytes], bytes]] = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}


def test_each_coding_has_a_tag_of_its_own(visitor: Visitor) -> None:
    """A strong tag names bytes, so three forms have three; each is echoed exactly with its 304."""
    tags = set()
    for coding, decode in DECODE.items():
        asked = {"accept_encoding": coding} if coding else {}
        answer = visitor.get("/en/", **asked)
        assert answer.status == 200
        assert answer.headers.get("content-encoding", "") == coding
        assert decode(answer.data).decode() == PAGE
        assert int(answer.headers["content-length"]) == len(answer.data)
        assert answer.headers["vary"] == "accept-encoding"
        tags.add(tag := answer.headers["etag"])
        again = visitor.get("/en/", if_none_match=tag, **asked)
        assert (again.status, again.data, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == answer.headers["cache-control"]
        assert again.headers["vary"] == answer.headers["vary"]
        assert "content-type" not in again.headers
    assert len(tags) == 3
    assert all(re.fullmatch(r'"[0-9a-f]{32}(-br|-gz)?"', tag) for tag in tags)


def test_conditions_are_heard(visitor: Visitor) -> None:
    """Lists, weak tags, the asterisk, dates; a header that comes twice is a list."""
    answer = visitor.get("/style.css")
    tag, date = answer.headers["etag"], answer.headers["last-modified"]
    assert visitor.get("/style.css", if_none_match=f'"x", W/{tag}').status == 304
    assert visitor.get("/style.css", if_none_match="*").status == 304
    assert visitor.get("/style.css", if_none_match='"x"').status == 200
    assert visitor.get("/style.css", if_modified_since=date).status == 304
    assert visitor.get("/style.css", if_modified_since="Thu, 01 Jan 1970 00:00:00 GMT").status == 200
    refused = visitor.get("/style.css", if_match='"x"')
    assert (refused.status, refused.data) == (412, b"")
    scope = [(b"if-none-match", b'"x"'), (b"if-none-match", tag.encode())]
    assert ask_raw(visitor, "/style.css", scope)["status"] == 304


ASKED: list[dict[str, str]] = [
    {},
    {"accept_encoding": "gzip"},
    {"accept_encoding": "br;q=0.1, gzip;q=0"},
    {"if_none_match": "*"},
    {"if_none_match": '"x"', "accept_encoding": "gzip"},
    {"if_modified_since": "Fri, 31 Dec 2100 23:59:59 GMT"},
    {"if_match": '"x"'},
    {"range": "bytes=0-3"},
    {"accept_language": "de"},
]


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize(
    "path", ["/", "/en/", "/en/feed.atom", "/style.css", "/empty.txt", "/en", "/nothing"]
)
def test_what_is_answered_at_once_is_what_the_application_answers(
    visitor: Visitor, path: str, asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same head and the same bytes, or it is left to the application."""
    monkeypatch.setattr("newsfeed.web.site_files.time.time", lambda: 1_000.0)
    headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in asked.items()]
    for method in ("GET", "HEAD"):
        expected = visitor.get(path, method, **asked)
        found = visitor._application.answer_at_once(method, path, headers)
        if found is None:
            assert expected.status not in {200, 304} or "range" in asked or "accept_language" in asked
            continue
        status, *lines = found[0].decode().removesuffix("\r\n").split("\r\n")
        assert status.split(" ")[:2] == ["HTTP/1.1", str(expected.status)]
        assert dict(line.split(": ", 1) for line in lines) == expected.headers
        assert found[1] == expected.data


def ask_raw(visitor: Visitor, path: str, headers: list[tuple[bytes, bytes]]) -> Any:
    """The start of the answer to a request with these very headers."""
    said: list[Any] = []

    async def send(message: Any) -> None:
        said.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": headers}
    asyncio.run(visitor._application(scope, None, send))
    return said[0]


@pytest.mark.parametrize(
    ("path", "kind", "caching"),
    [
        ("/en/", "text/html; charset=utf-8", "no-cache"),
        ("/en/index.html", "text/html; charset=utf-8", "no-cache"),
        ("/en/feed.atom", "application/atom+xml", "max-age=300"),
        ("/style.css", "text/css; charset=utf-8", "max-age=300"),
        ("/files/news/a/photo.png", "image/png", "max-age=300"),
        ("/files/news/a/old.csv", "text/csv", "max-age=300"),
        ("/files/brand/logo.0123abcd.svg", "image/svg+xml", "max-age=31536000, immutable"),
        ("/en/caf\u00e9/", "text/html; charset=utf-8", "no-cache"),
        ("/empty.txt", "text/plain; charset=utf-8", "max-age=300"),
        ("/.well-known/security.txt", "text/plain; charset=utf-8", "max-age=300"),
    ],
)
def test_files_say_what_they_are_and_how_long_they_stay(
    visitor: Visitor, path: str, kind: str, caching: str
) -> None:
    """HEAD says the same as GET, without the bytes."""
    answer, head = visitor.get(path), visitor.get(path, "HEAD")
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["cache-control"] == caching
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (head.status, head.headers, head.data) == (200, answer.headers, b"")


def test_what_a_browser_may_run_has_a_policy(visitor: Visitor) -> None:
    """Forms go to the readers' pages, and only the search page has a script."""
    page = visitor.get("/en/").headers["content-security-policy"]
    assert "script-src" not in page
    assert "form-action 'self' https://mail.test.example;" in page
    assert "'wasm-unsafe-eval'" in visitor.get("/en/search/").headers["content-security-policy"]
    for path in ("/files/brand/logo.0123abcd.svg", "/en/feed.atom"):
        assert visitor.get(path).headers["content-security-policy"] == page
    assert "content-security-policy" not in visitor.get("/style.css").headers


def test_feeds_are_fresh_until_a_story_comes_due(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each answer counts from its own moment; a 304 says it, too."""
    visitor, _ = open_site(folder, turn=lambda: 10_000.0)
    for now, age in ((1_000.0, 9_000), (9_000.0, 1_000), (9_999.0, 300), (-90_000.0, 21_600)):
        monkeypatch.setattr("newsfeed.web.site_files.time.time", lambda now=now: now)
        answer = visitor.get("/en/feed.atom", accept_encoding="gzip")
        assert answer.headers["cache-control"] == f"max-age={age}"
        tag = answer.headers["etag"]
        again = visitor.get("/en/feed.atom", accept_encoding="gzip", if_none_match=tag)
        assert (again.status, again.headers["cache-control"]) == (304, f"max-age={age}")


def test_feeds_name_themselves_and_their_hub(visitor: Visitor) -> None:
    """WebSub looks at these headers first."""
    expected = '<https://hub.test.example/>; rel="hub", <https://www.test.example/en/feed.atom>; rel="self"'
    assert visitor.get("/en/feed.atom").headers["link"] == expected
    assert "link" not in visitor.get("/en/").headers


def test_parts_of_a_file_can_be_had(visitor: Visitor) -> None:
    """As players ask for them, and downloads that go on: not compressed, and of the same file only."""
    whole = visitor.get("/files/news/a/photo.png")
    assert whole.headers["accept-ranges"] == "bytes"
    part = visitor.get("/files/news/a/photo.png", range="bytes=10-19")
    assert (part.status, part.data) == (206, whole.data[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole.data)}"
    assert (part.headers["content-length"], part.headers["etag"]) == ("10", whole.headers["etag"])
    assert visitor.get("/files/news/a/photo.png", range="bytes=0-").data == whole.data
    assert visitor.get("/files/news/a/photo.png", range="bytes=0-1, 5-6").status == 200
    beyond = visitor.get("/files/news/a/photo.png", range="bytes=5000-")
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{len(whole.data)}")
    for if_range, status in (
        (whole.headers["etag"], 206),
        ('"x"', 200),
        (whole.headers["last-modified"], 206),
    ):
        answer = visitor.get("/files/news/a/photo.png", range="bytes=0-1", if_range=if_range)
        assert answer.status == status
    text = visitor.get("/en/", range="bytes=0-4", accept_encoding="gzip")
    assert (text.status, text.text) == (206, PAGE[:5])
    assert "content-encoding" not in text.headers
    assert visitor.get("/en/", "HEAD", range="bytes=0-4").status == 200


@pytest.mark.parametrize(
    ("path", "status", "target"),
    [
        ("/en", 301, "/en/"),
        ("/en/caf\u00e9", 301, "/en/caf%C3%A9/"),
        ("/old page/", 301, "/en/"),
        ("/en/old/feed.rss", 301, "/en/feed.atom"),
    ],
)
def test_old_addresses_lead_on(visitor: Visitor, path: str, status: int, target: str) -> None:
    """As the build says, and never to another host."""
    answer = visitor.get(path)
    assert (answer.status, answer.headers["location"]) == (status, target)
    assert visitor.get("/x").status == 404


def test_the_entrance_leads_to_the_visitors_edition(visitor: Visitor) -> None:
    """Who wants no language of ours, or names none, gets the page that lists all."""
    for wanted, target in (("de-AT, en;q=0.5", "/de/"), ("pt-BR", "/pt-BR/"), ("fr, en;q=0.1", "/en/")):
        answer = visitor.get("/", accept_language=wanted)
        assert (answer.status, answer.headers["location"]) == (302, target)
        assert answer.headers["vary"] == "accept-language"
    for asked in ({}, {"accept_language": "fr"}, {"accept_language": "*"}):
        answer = visitor.get("/", **asked)
        assert (answer.status, answer.text) == (200, FILES["index.html"])
        assert "accept-language" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("path", "wanted", "shown", "vary"),
    [
        ("/de/x/", "en", "nicht hier", "accept-encoding"),
        ("/DE/x/", "en", "nicht hier", "accept-encoding"),
        ("/pt-br/x/", "de", "not here", "accept-encoding"),
        ("/x", "de", "nicht hier", "accept-encoding, accept-language"),
        ("/x", "", "not here", "accept-encoding, accept-language"),
    ],
)
def test_what_is_missing_is_told_in_the_visitors_language(
    visitor: Visitor, path: str, wanted: str, shown: str, vary: str
) -> None:
    """With the site's own page: that of the edition, else of the browser's wish. Nobody keeps it."""
    answer = visitor.get(path, accept_language=wanted)
    assert answer.status == 404
    assert shown in answer.text
    assert (answer.headers["vary"], answer.headers["cache-control"]) == (vary, "no-cache")
    assert "etag" not in answer.headers
    assert visitor.get(path, "HEAD", accept_language=wanted).headers == answer.headers
    packed = visitor.get(path, accept_language=wanted, accept_encoding="gzip")
    assert shown in gzip.decompress(packed.data).decode()


def test_files_can_only_be_read(visitor: Visitor) -> None:
    """Other methods are told which there are, at old addresses, too."""
    for path in ("/en/", "/en"):
        for method in ("POST", "PUT", "DELETE", "BREW"):
            answer = visitor.get(path, method)
            assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        options = visitor.get(path, "OPTIONS")
        assert (options.status, options.headers["allow"], options.data) == (204, "GET, HEAD, OPTIONS", b"")
    assert visitor.get("/nothing", "POST").status == 404


def test_a_site_below_a_path_is_there_only(folder: Path) -> None:
    """Its own links begin with that path."""
    visitor, _ = open_site(folder, "https://www.test.example/news/")
    assert visitor.get("/news/en/").status == 200
    assert visitor.get("/news").headers["location"] == "/news/"
    assert visitor.get("/en/").status == 404
    assert visitor.get("/news/", accept_language="de").headers["location"] == "/news/de/"
    assert "nicht hier" in visitor.get("/news/de/x").text


HIDDEN = [
    "/.newsfeed-manifest.json",
    "/.git/config",
    "/en/.hidden",
    "/en/../.git/config",
    "/../secret",
    "//../secret",
    "/en/..\\..\\secret",
    "/en/\u2025/secret",
    "/en/\uff0e\uff0e/secret",
    "/en/%2e%2e/secret",
    "/en//",
    "/en/\0",
    "/link",
    "/folder/secret",
    "/pipe",
    "/_redirects",
    "/en/cafe\u0301/",
    "/en/index.html/",
    "",
    "*",
    "/" + "a/" * 5000,
]


@pytest.mark.parametrize("path", HIDDEN)
def test_nothing_but_the_sites_own_files_is_served(folder: Path, path: str) -> None:
    """No link, no hidden name, no way out, no look-alike: a path is looked up, and never followed."""
    secret = folder.parent / "secret"
    secret.write_text("SECRET")
    (folder / "link").symlink_to(secret)
    (folder / "folder").symlink_to(folder.parent)
    (folder / "en" / ".hidden").write_text("SECRET")
    write_files(folder, {".git/config": "SECRET", ".newsfeed-manifest.json": "{}"})
    os.mkfifo(folder / "pipe")
    visitor, _ = open_site(folder)
    for method in ("GET", "HEAD", "POST"):
        answer = visitor.get(path, method)
        assert answer.status == 404
        assert "SECRET" not in answer.text


def test_large_files_come_from_the_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In pieces, with parts and conditions as any other; one that has gone, or become a link, is missing."""
    monkeypatch.setattr(served_site, "LARGE", 1_000_000)
    data = os.urandom(1_500_000)
    path = folder / "files/news/a/talk.mp3"
    path.write_bytes(data)
    visitor, _ = open_site(folder)
    answer = visitor.get("/files/news/a/talk.mp3")
    assert (answer.status, answer.data) == (200, data)
    assert (answer.headers["content-length"], answer.headers["content-type"]) == ("1500000", "audio/mpeg")
    assert visitor.get("/files/news/a/talk.mp3", if_none_match=answer.headers["etag"]).status == 304
    part = visitor.get("/files/news/a/talk.mp3", range="bytes=1000000-1400000")
    assert (part.status, part.data) == (206, data[1_000_000:1_400_001])
    head = visitor.get("/files/news/a/talk.mp3", "HEAD")
    assert (head.headers, head.data) == (answer.headers, b"")
    path.unlink()
    path.symlink_to(folder / "style.css")
    assert visitor.get("/files/news/a/talk.mp3").status == 404
    path.unlink()
    assert visitor.get("/files/news/a/talk.mp3").status == 404


def test_a_large_file_is_read_no_further_when_the_client_has_gone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody would take it."""
    monkeypatch.setattr(served_site, "LARGE", 1_000)
    monkeypatch.setattr(large_files, "PIECE", 100)
    (folder / "files/talk.mp3").write_bytes(bytes(100_000))
    visitor, _ = open_site(folder)
    pieces: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        pieces.append(message)

    scope = {"type": "http", "method": "GET", "path": "/files/talk.mp3", "headers": []}
    asyncio.run(visitor._application(scope, receive, send))
    assert len(pieces) < 5


def test_more_than_memory_takes_is_left_on_the_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is served all the same."""
    monkeypatch.setattr(served_site, "MEMORY", 500)
    visitor, _ = open_site(folder)
    assert visitor.get("/en/", accept_encoding="gzip").text == PAGE
    assert visitor.get("/en/feed.atom").text == FEED


def test_readers_pages_are_behind_the_files(folder: Path, service: Service) -> None:
    """Whatever the application has a page for goes there; all else that is missing is the site's."""
    visitor, counts = open_site(folder, elsewhere=make_elsewhere(service.context))
    assert "<form" in visitor.get("/de/subscribe").text
    assert visitor.get("/healthz").text == "ok\n"
    assert visitor.get("/confirm/x").status == 404
    assert "nicht hier" in visitor.get("/de/nothing").text
    assert visitor.get("/de/subscribe", "DELETE").status == 405
    numbers = counts.by_class()
    assert (numbers["service", "2xx"], numbers["service", "4xx"], numbers["missing", "4xx"]) == (2, 2, 1)


def test_answers_are_counted_by_kind_and_class(folder: Path) -> None:
    """Of nobody in particular."""
    visitor, counts = open_site(folder)
    tag = visitor.get("/en/").headers["etag"]
    visitor.get("/en/", if_none_match=tag)
    visitor.get("/en/feed.atom")
    visitor.get("/en")
    visitor.get("/nowhere")
    assert dict(counts.by_class()) == {
        ("page", "2xx"): 1,
        ("page", "3xx"): 1,
        ("feed", "2xx"): 1,
        ("redirect", "3xx"): 1,
        ("missing", "4xx"): 1,
    }


def test_without_a_site_everything_is_missing(tmp_path: Path) -> None:
    """Until the first build has landed."""
    visitor, _ = open_site(tmp_path / "public")
    answer = visitor.get("/en/")
    assert (answer.status, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")
