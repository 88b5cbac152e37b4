"""One story as the page that Pagefind indexes: never published, and only what readers search for."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsfeed.views import SearchRecord

NOT_SEARCHED = (".footnote-ref", ".footnote-backref")
"""Marks of footnotes, and their ways back: no words of the text."""


def searched_page(record: SearchRecord, html: str) -> bytes:
    """Return a story as a page for Pagefind; ``html``: its text.

    What is in the words of the edition is found, too, but stands apart from the text, which may be in another
    language.
    """
    shown = {"title": record.title, "date": record.date, "about": " · ".join(record.names)}
    names = ", ".join(f"{name}[data-{name}]" for name in shown)
    values = " ".join(f'data-{name}="{escape(value)}"' for name, value in shown.items())
    lang = f' data-pagefind-filter="lang:{record.fallback.lang}"' if record.fallback is not None else ""
    lead = f"<p>{escape(record.lead)}</p>\n" if record.lead else ""
    return (
        f'<!DOCTYPE html>\n<html>\n<main data-pagefind-body data-pagefind-meta="{names}" {values}{lang}>\n'
        f"{lead}{html}\n</main>\n</html>\n"
    ).encode()
