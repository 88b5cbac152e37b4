"""The server of a preview: pages with a bar, word of changes, and nothing for anybody elsewhere."""

import http.client
import json
import threading

import pytest

from newsfeed.testing import write_tree
from newsfeed.web.preview_server import PreviewFeed, PreviewServer

FILES = {
    "en/index.html": "<!DOCTYPE html><head><title>Home</title></head><body>Home",
    "404.html": "<head></head>Nothing here",
    "style.css": "body {}",
    ".secret": "secret",
}


class Own:
    """The bar, and what it leads to."""

    clock = None

    def file(self, name, page):
        """Two files, and one that tells which page it is about."""
        files = {"bar.js": "bar()", "digests/weekly/": "<head></head>Weekly", "page.json": page}
        return files.get(name)

    def set_clock(self, moment):
        """Keep what was asked for."""
        self.clock = moment


@pytest.fixture
def served(tmp_path):
    """A preview below /news/, and its feed."""
    folder = write_tree(tmp_path / "drafts", FILES)
    (tmp_path / "outside.txt").write_text("outside")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    feed = PreviewFeed()
    server = PreviewServer(folder, 0, "/news/", feed, Own(), tmp_path / "public")
    server.start()
    yield server, feed
    server.close()


def get(server, path, method="GET", **headers):
    """The answer to one request: its status, its headers and its text."""
    host = server.address.split("/")[2]
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.headers, text


def test_pages_have_the_bar_and_files_stay_as_they_are(served):
    """Browsers keep nothing of them."""
    server, _ = served
    status, headers, page = get(server, "/news/en/")
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    assert '<script src="/_preview/bar.js" defer></script>\n</head>' in page
    assert get(server, "/news/style.css")[2] == "body {}"
    assert get(server, "/_preview/bar.js")[2] == "bar()"
    assert "bar.js" in get(server, "/_preview/digests/weekly/")[2]
    assert get(server, "/news/en")[1]["Location"] == "/news/en/"


def test_the_form_of_the_site_is_served_as_it_is(served, tmp_path):
    """Without the bar, which loads pages again: it would take away what somebody is typing."""
    server, _ = served
    assert get(server, "/news/admin/")[1]["Location"] == "/_preview/admin/"
    write_tree(
        tmp_path / "public", {"admin/index.html": "<head></head>Form", "admin/a.js": "1", "index.html": "Out"}
    )
    (tmp_path / "public/admin/link.html").symlink_to(tmp_path / "public/index.html")
    assert get(server, "/news/admin/")[2] == "<head></head>Form"
    assert get(server, "/news/admin")[1]["Location"] == "/news/admin/"
    assert get(server, "/news/admin/a.js")[2] == "1"
    for path in ("/news/admin/link.html", "/news/admin/../index.html", "/news/admin/none/"):
        assert get(server, path)[0] == 404


def test_any_page_sets_the_clock_and_is_shown_then(served):
    """Nowhere else: the address that a browser keeps has no moment in it."""
    server, _ = served
    status, headers, _ = get(server, "/news/en/?as-of=2026-03-02T08%3A00")
    assert (status, headers["Location"]) == (302, "/news/en/")
    assert server.own.clock == "2026-03-02T08:00"
    assert get(server, "/news/en/?as-of=")[0] == 302
    assert server.own.clock == ""
    entry = get(server, "/_preview/entry/?path=/news/en/%26&as-of=2026-03-02")[1]["Location"]
    assert entry == "/_preview/entry/?path=%2Fnews%2Fen%2F%26"
    assert server.own.clock == "2026-03-02"
    assert get(server, "/news/en/?as-of=")[0] == 302
    assert get(server, "/%5Cevil.example/?as-of=")[1]["Location"] == "/%5Cevil.example/"
    assert get(server, "//evil.example/?as-of=")[1]["Location"] == "/evil.example/"
    assert get(server, "/news/en/?as-of=x", **{"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert server.own.clock == ""


def test_the_bar_asks_about_the_page_it_is_on(served):
    """By its address."""
    server, _ = served
    assert get(server, "/_preview/page.json?path=/news/en/%C3%A4/")[2] == "/news/en/ä/"


@pytest.mark.parametrize(
    "path",
    [
        "/news/.secret",
        "/news/../outside.txt",
        "/news/%2e%2e/outside.txt",
        "/news/link.txt",
        "/%2Fnews/en",
        "/en/",
        "/news/%00",
        "/_preview/x",
    ],
)
def test_nothing_hidden_or_elsewhere_is_shown(served, path):
    """Links out of the folder are not followed."""
    server, _ = served
    status, _, text = get(server, path)
    assert status == 404
    assert "secret" not in text
    assert "outside" not in text


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_pages_elsewhere_cannot_read_drafts(served, headers):
    """Neither by a name that leads here, nor through somebody's browser."""
    server, _ = served
    assert get(server, "/news/en/", **headers)[0] == 403
    assert get(server, "/_preview/events", **headers)[0] == 403


def test_a_head_request_has_no_content(served):
    """And the length of what there would be."""
    server, _ = served
    status, headers, text = get(server, "/news/style.css", method="HEAD")
    assert (status, headers["Content-Length"], text) == (200, "7", "")


def test_every_change_is_told(served):
    """What is shown now comes first."""
    server, feed = served
    feed.publish({"pages": 1})
    connection = http.client.HTTPConnection(server.address.split("/")[2], timeout=10)
    connection.request("GET", "/_preview/events")
    answer = connection.getresponse()
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert json.loads(answer.readline().removeprefix(b"data: ")) == {"pages": 1, "number": 1}
    answer.readline()
    threading.Timer(0.1, feed.publish, ({"pages": 2},)).start()
    assert json.loads(answer.readline().removeprefix(b"data: ")) == {"pages": 2, "number": 2}
    answer.close()
    connection.close()


def test_a_silent_stream_says_so():
    """After a while nothing has changed."""
    assert PreviewFeed().next_state(0, 0.01) is None
