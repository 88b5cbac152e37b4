"""OPML 2.0 (opml.org): all feeds of an edition in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from newsfeed.views import OpmlView


def render(view: OpmlView) -> bytes:
    """Write the subscription list, without dates, so that it changes only when its feeds do."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = view.title
    body = etree.SubElement(root, "body")
    for group in view.groups:
        parent = etree.SubElement(body, "outline", text=group.text)
        for feed in group.feeds:
            etree.SubElement(
                parent,
                "outline",
                type="rss",
                text=feed.text,
                title=feed.text,
                xmlUrl=feed.feed,
                htmlUrl=feed.page,
                language=view.lang,
            )
    return etree.tostring(root, pretty_print=True, encoding="UTF-8", xml_declaration=True)
