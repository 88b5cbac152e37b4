"""Write an export of WordPress (WXR 1.2): what WordPress imports, and what others that know it do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from newsfeed.core.arriving.compose import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

_NAMESPACES = (
    'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"'
)
_MOMENT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True, kw_only=True)
class WxrItem:
    """One post or page of an export."""

    title: str
    address: str
    guid: str
    author: str
    html: str
    summary: str
    date: datetime | None
    updated: datetime | None
    slug: str
    is_draft: bool
    is_over: bool
    is_page: bool
    lang: str
    group: str
    """What translations have in common."""
    topics: Sequence[str]


def write_wxr(items: Iterable[WxrItem], title: str, base_url: str, lang: str, generated: str) -> str:
    """Return an export; languages are told as Polylang does. ``generated``: by which program."""
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        f'<rss version="2.0" {_NAMESPACES}>\n<channel>\n',
        f"<title>{escape(title)}</title>\n<link>{escape(base_url)}</link>\n<language>{escape(lang)}</language>\n",
        f"<generator>{escape(generated)}</generator>\n<wp:wxr_version>1.2</wp:wxr_version>\n",
        f"<wp:base_site_url>{escape(base_url)}</wp:base_site_url>\n",
        f"<wp:base_blog_url>{escape(base_url)}</wp:base_blog_url>\n",
    ]
    for number, item in enumerate(items, 1):
        parts += ["<item>\n", *(f"{line}\n" for line in _lines(number, item)), "</item>\n"]
    return "".join([*parts, "</channel>\n</rss>\n"])


def _lines(number: int, item: WxrItem) -> Iterator[str]:
    yield f"<title>{_cdata(item.title)}</title>"
    yield f"<link>{escape(item.address)}</link>"
    if item.date is not None:
        yield f"<pubDate>{format_datetime(item.date.astimezone(UTC))}</pubDate>"
    yield f"<dc:creator>{_cdata(item.author)}</dc:creator>"
    yield f'<guid isPermaLink="false">{escape(item.guid)}</guid>'
    yield f"<content:encoded>{_cdata(item.html)}</content:encoded>"
    yield f"<excerpt:encoded>{_cdata(item.summary)}</excerpt:encoded>"
    yield f"<wp:post_id>{number}</wp:post_id>"
    for name, moment in (("post_date", item.date), ("post_modified", item.updated or item.date)):
        if moment is not None:
            yield f"<wp:{name}>{moment.strftime(_MOMENT)}</wp:{name}>"
            yield f"<wp:{name}_gmt>{moment.astimezone(UTC).strftime(_MOMENT)}</wp:{name}_gmt>"
    yield f"<wp:post_name>{escape(item.slug)}</wp:post_name>"
    status = "draft" if item.is_draft else "private" if item.is_over else "publish"
    yield f"<wp:status>{status}</wp:status>"
    yield f"<wp:post_type>{'page' if item.is_page else 'post'}</wp:post_type>"
    for topic in item.topics:
        yield f'<category domain="category" nicename={quoteattr(topic)}>{_cdata(topic)}</category>'
    yield f'<category domain="language" nicename={quoteattr(item.lang)}>{_cdata(item.lang)}</category>'
    group = quoteattr(f"pll_{item.group}")
    yield f'<category domain="post_translations" nicename={group}>{_cdata(item.group)}</category>'


def _cdata(text: str) -> str:
    """Return any text as character data; what would end it is cut in two."""
    return f"<![CDATA[{clean_text(text).replace(']]>', ']]]]><![CDATA[>')}]]>"
