"""The sitemap and its index (sitemaps.org, with Google's ``xhtml:link`` for translations); robots.txt."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.views import AlternateLink, SharedTuple, SitemapIndexView, SitemapView

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)
_INDEX_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
)


def render(view: SitemapView) -> bytes:
    """Return the sitemap, or a part of it, as bytes."""
    links: dict[SharedTuple[AlternateLink], list[str]] = {}  # translations have the same
    parts = [_HEAD]
    for one in view.entries:
        if one.alternates not in links:
            links[one.alternates] = _links(one.alternates)
        lines = [*_place(one.address, one.changed), *links[one.alternates]]
        parts.append("<url>\n" + "\n".join(lines) + "\n</url>\n")
    return ("".join(parts) + "</urlset>\n").encode()


def index(view: SitemapIndexView) -> bytes:
    """Return the list of the sitemap's parts as bytes."""
    parts = (
        "\n".join(["<sitemap>", *_place(one.address, one.changed), "</sitemap>\n"]) for one in view.parts
    )
    return (_INDEX_HEAD + "".join(parts) + "</sitemapindex>\n").encode()


def robots(sitemap_address: str) -> bytes:
    """Return ``robots.txt``: everybody may read everything, and where the sitemap is."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {sitemap_address}\n".encode()


def robots_of_preview() -> bytes:
    """Return ``robots.txt`` of a site that is nobody's to read but its editors'."""
    return b"User-agent: *\nDisallow: /\n"


def _links(alternates: SharedTuple[AlternateLink]) -> list[str]:
    return [
        f'  <xhtml:link rel="alternate" hreflang="{escape(one.hreflang)}" href="{escape(one.href)}"/>'
        for one in alternates
    ]


def _place(address: str, changed: datetime | None) -> list[str]:
    lines = [f"  <loc>{escape(address, quote=False)}</loc>"]
    if changed is not None:
        lines.append(f"  <lastmod>{changed.isoformat(timespec='seconds')}</lastmod>")
    return lines
