"""JSON feeds put together from items are what the standard library writes of the whole feed, item by item."""

import json

from hypothesis import given
from hypothesis import strategies as st

from newsfeed.render.feeds.jsonfeed import VERSION, read_entries, write_document, write_entries
from newsfeed.views import EnclosureLink, FeedEntry, FeedView
from tests.render.feeds.test_rss_and_atom import PLAIN, on_a_busy_machine, some_entries, texts, views


@on_a_busy_machine
@given(views, st.lists(st.tuples(some_entries, texts), max_size=2))
def test_a_feed_put_together_is_written_as_the_standard_library_does(
    view: FeedView, pairs: list[tuple[FeedEntry, str]]
) -> None:
    """Whatever stands in titles, texts and addresses; items come back as they went in."""
    items = write_entries(pairs, view.lang)
    document = b"".join(write_document(view, items))
    feed = json.loads(document)
    whole = json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode()
    assert b"".join(document.split(b"\n")) == whole
    assert document.count(b"\n") == (len(items) + 2 if items else 1)
    assert feed["items"] == [json.loads(item) for item in items]
    assert read_entries(document) == items


@on_a_busy_machine
@given(views, some_entries, texts)
def test_a_key_without_a_value_is_left_out(view: FeedView, entry: FeedEntry, html: str) -> None:
    """All others are there, in a fixed order, and say what the entry says."""
    feed = json.loads(b"".join(write_document(view, write_entries([(entry, html)], view.lang))))
    wanted = {
        "version": VERSION,
        "title": view.title,
        "home_page_url": view.home,
        "feed_url": view.address,
        "next_url": view.older,
        "description": view.description,
        "language": view.lang,
        "authors": [{"name": view.author, "url": view.home}],
    }
    (item,) = feed.pop("items")
    assert [*feed.items()] == [(key, value) for key, value in wanted.items() if value]
    texts_of_item = {
        "id": entry.id,
        "url": entry.link,
        "title": entry.title,
        "language": entry.lang,
        "summary": entry.summary,
        "content_html": html,
        "authors": [{"name": name} for name in entry.authors],
        "tags": [category.label for category in entry.categories],
        "attachments": [
            {"url": file.href, "mime_type": file.media_type, "size_in_bytes": file.size, "title": file.title}
            for file in entry.enclosures
        ],
    }
    dates = {key: item.pop(key) for key in ("date_published", "date_modified")}
    assert item == {key: value for key, value in texts_of_item.items() if value}
    assert all(date.endswith("Z") for date in dates.values())


def test_a_text_without_html_and_a_file_without_bytes_are_values() -> None:
    """Readers require some content, and a size of 0 is a size."""
    empty = PLAIN._replace(enclosures=(EnclosureLink("https://a.example/x", "", "text/plain", 0),))
    (item,) = map(json.loads, write_entries([(empty, "")], "de"))
    assert "content_html" not in item
    assert item["content_text"] == "t"
    assert item["attachments"] == [
        {"url": "https://a.example/x", "mime_type": "text/plain", "size_in_bytes": 0}
    ]
