"""The bytes of a JSON feed: the standard library's, made in a quicker way."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from newsfeed.render.feeds._times import utc
from newsfeed.render.feeds.jsonfeed import VERSION, document, entries
from newsfeed.views import FeedEntry, FeedView
from tests.render.feeds.test_feedgen import some_entries, texts, views


def _without_empty(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if value}


def _item(entry: FeedEntry, html: str) -> dict[str, Any]:
    """What an item says."""
    return _without_empty(
        {
            "id": entry.id,
            "url": entry.link,
            "title": entry.title,
            "language": entry.lang,
            "summary": entry.summary,
            "content_html": html or "<p></p>",
            "date_published": utc(entry.published),
            "date_modified": utc(entry.updated),
            "authors": [_without_empty({"name": name}) for name in entry.authors],
            "tags": [category.label for category in entry.categories],
            "image": entry.picture.src if entry.picture else "",
            "attachments": [
                _without_empty(
                    {
                        "url": one.href,
                        "mime_type": one.media_type,
                        "size_in_bytes": one.size,
                        "title": one.title,
                    }
                )
                for one in entry.attachments
            ],
        }
    )


@given(views, st.lists(st.tuples(some_entries, texts), max_size=3))
def test_json_is_written_as_the_standard_library_does(
    view: FeedView, some: list[tuple[FeedEntry, str]]
) -> None:
    """Whatever stands in titles, texts and addresses, and whatever is empty."""
    feed = _without_empty(
        {
            "version": VERSION,
            "title": view.title,
            "home_page_url": view.home,
            "feed_url": view.address,
            "next_url": view.older,
            "description": view.description,
            "language": view.lang,
            "authors": [_without_empty({"name": view.author, "url": view.home})],
        }
    )
    wanted = {**feed, "items": [_item(entry, html) for entry, html in some]}
    made = b"".join(document(view, entries(some, view.lang)))
    assert made.decode() == json.dumps(wanted, ensure_ascii=False, indent=1) + "\n"
