"""One story as the page that Pagefind indexes: never published, and only what readers search for."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsfeed.views import SearchRecord

NOT_SEARCHED = (".footnote-ref", ".footnote-backref")
"""Marks of footnotes, and their ways back: no words of the text."""


def searched_page(record: SearchRecord, html: str) -> bytes:
    """Return a story as a page for Pagefind; ``html``: its text."""
    lang = f' data-pagefind-filter="lang:{record.fallback.lang}"' if record.fallback is not None else ""
    named = f'data-title="{escape(record.title)}" data-date="{escape(record.date)}"'
    lead = f"<p>{escape(record.lead)}</p>\n" if record.lead else ""
    return (
        "<!DOCTYPE html>\n<html>\n<main data-pagefind-body"
        f' data-pagefind-meta="title[data-title], date[data-date]" {named}{lang}>\n'
        f"{lead}{html}\n"
        f'<p data-pagefind-weight="0.5">{escape(" · ".join(record.names))}</p>\n</main>\n</html>\n'
    ).encode()
