"""Real feed readers of the served site: they are told that nothing changed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser
import pytest
import reader

from newsfeed.web.file_headers import FileHeaders
from newsfeed.web.published_folder import PublishedFolder
from newsfeed.web.request_counts import RequestCounts
from newsfeed.web.server import WebServer
from newsfeed.web.site_files import SiteFiles
from tests.peers.need import need_command
from tests.peers.process import run
from tests.peers.samples import ATOM, RSS
from tests.web.test_site_files import write_files

pytestmark = pytest.mark.slow


class RunningSite:
    """A site that is served, and what was asked of it."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[tuple[str, int]] = []
        self._files = SiteFiles(
            PublishedFolder(folder, "/", FileHeaders(base_url="https://www.test.example/")),
            ("en",),
            "en",
            RequestCounts(),
        )
        self.server = WebServer(self._answer, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self.server.port}"

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        async def noted(message: Any) -> None:
            if message["type"] == "http.response.start":
                self.asked.append((scope["path"], message["status"]))
            await send(message)

        await self._files(scope, receive, noted)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[RunningSite]:
    """A site with two feeds."""
    write_files(tmp_path / "public", {"en/feed.atom": ATOM, "en/feed.rss": RSS})
    found = RunningSite(tmp_path / "public")
    found.server.start()
    yield found
    found.server.stop()


@pytest.mark.parametrize("path", ["/en/feed.atom", "/en/feed.rss"])
def test_feedparser_is_told_that_nothing_changed(site: RunningSite, path: str) -> None:
    """By its tag as by its date."""
    first = feedparser.parse(site.url + path)
    assert (first.status, bool(first.entries)) == (200, True)
    again = feedparser.parse(site.url + path, etag=first.etag, modified=first.modified)
    assert (again.status, again.entries) == (304, [])
    assert feedparser.parse(site.url + path, modified=first.modified).status == 304


def test_reader_is_told_that_nothing_changed(site: RunningSite) -> None:
    """It keeps both, too."""
    with reader.make_reader(":memory:") as client:
        client.add_feed(f"{site.url}/en/feed.atom")
        client.update_feeds(scheduled=False)
        assert client.get_entry_counts().total > 0
        client.update_feeds(scheduled=False)
    assert site.asked == [("/en/feed.atom", 200), ("/en/feed.atom", 304)]


def test_newsboat_is_told_that_nothing_changed(site: RunningSite, tmp_path: Path) -> None:
    """From the third time on that it reloads: it keeps the tags only of a feed that it has already."""
    newsboat = need_command("newsboat")
    (tmp_path / "urls").write_text(f"{site.url}/en/feed.atom\n{site.url}/en/feed.rss\n")
    paths = ["-u", tmp_path / "urls", "-c", tmp_path / "cache.db", "-C", tmp_path / "config"]
    (tmp_path / "config").touch()
    for status in (200, 200, 304):
        site.asked.clear()
        run([newsboat, *paths, "-x", "reload"], HOME=str(tmp_path))
        assert sorted(site.asked) == [("/en/feed.atom", status), ("/en/feed.rss", status)]
