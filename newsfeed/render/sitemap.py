"""The sitemap (sitemaps.org, with Google's ``xhtml:link`` for translations) and robots.txt."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from newsfeed.views import SitemapEntry, SitemapView

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


def render(view: SitemapView) -> bytes:
    """The sitemap as bytes."""
    return (_HEAD + "".join(_url(entry) for entry in view.entries) + "</urlset>\n").encode()


def robots(sitemap_address: str) -> bytes:
    """Everybody may read everything; here is the list."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {sitemap_address}\n".encode()


def _url(entry: SitemapEntry) -> str:
    lines = [f"  <loc>{escape(entry.address)}</loc>"]
    if entry.changed is not None:
        lines.append(f"  <lastmod>{entry.changed.isoformat(timespec='seconds')}</lastmod>")
    lines += [
        f'  <xhtml:link rel="alternate" hreflang={quoteattr(one.hreflang)} href={quoteattr(one.href)}/>'
        for one in entry.alternates
    ]
    return "<url>\n" + "\n".join(lines) + "\n</url>\n"
