"""One feed document, in any format → its entries, and where it goes on."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any

from lxml import etree

from newsfeed.core.arriving.addresses import day_of_url, join_url
from newsfeed.core.arriving.moved_text import MovedFile, MovedText
from newsfeed.sources.archives.dates import read_moment
from newsfeed.sources.archives.opening import decode_text, local_name, no_document, parse_xml, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_FOLLOWING = ("next", "prev-archive")
"""Relations of documents with further entries: RFC 5005 3 and 4."""
_OWN_ID = re.compile(r"(tag:[^:\s]+):([a-z0-9-]+):([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)")
"""Ids of our own feeds: authority, story, language."""


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """The contents of one document of a feed."""

    url: str
    home: str
    """The address of the site it is about."""
    texts: tuple[MovedText, ...]
    following: tuple[str, ...]
    """Addresses at which it goes on."""
    title: str
    """Of the feed, as HTML."""
    description: str
    form: str = "json"
    """``rss``, ``atom`` or ``json``."""


def read_feed(data: bytes, place: str) -> FeedDocument:
    """Read a document. ``place``: where it was found. Raises `UsageError` when it is no feed."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _read_json(data, place)
    root = parse_xml(data, place)
    name = local_name(root).lower()
    if name == "feed":
        return _read_atom(root, place)
    if name in ("rss", "rdf"):
        return _read_rss(root, place)
    raise no_document(place)


def _named(element: etree._Element, *names: str) -> list[etree._Element]:
    """Return the children of these names, in any namespace: feeds are careless about them."""
    return [one for one in element.iterchildren("*") if local_name(one) in names]


def _text(element: etree._Element, *names: str) -> str:
    """Return the words of the first child of one of these names that has some."""
    for name in names:
        for one in _named(element, name):
            if words := words_of(one):
                return words
    return ""


# -- Atom ----------------------------------------------------------------------------------------


def _read_atom(root: etree._Element, place: str) -> FeedDocument:
    lang = root.get(_LANG, "")
    base = join_url(place, root.get(_BASE, "")) if place.startswith("http") else root.get(_BASE, "")
    links = [
        (one.get("rel", "alternate"), join_url(base, one.get("href", ""))) for one in _named(root, "link")
    ]
    home = next((href for rel, href in links if rel == "alternate"), "")
    authors = tuple(_atom_names(root))
    texts = [_atom_entry(one, base, lang, authors) for one in _named(root, "entry")]
    following = tuple(href for rel, href in links if rel in _FOLLOWING and href)
    title, subtitle = (_atom_title(next(iter(_named(root, name)), None)) for name in ("title", "subtitle"))
    return FeedDocument(place, home, tuple(texts), following, title, subtitle, "atom")


def _atom_entry(entry: etree._Element, base: str, lang: str, authors: tuple[str, ...]) -> MovedText:
    base = join_url(base, entry.get(_BASE, ""))
    lang = entry.get(_LANG) or lang
    content = next(iter(_named(entry, "content")), None)
    if content is not None:
        lang = content.get(_LANG) or lang
    urls, other, enclosures = [], [], []
    for link in _named(entry, "link"):
        rel, href = link.get("rel", "alternate"), join_url(base, link.get("href", ""))
        hreflang = link.get("hreflang", "")
        if rel == "alternate" and hreflang and hreflang.lower() != lang.lower():
            other.append(href)
        elif rel == "alternate" and link.get("type", "text/html") == "text/html":
            urls.append(href)
        elif rel == "enclosure":
            enclosures.append(MovedFile(href, link.get("title", ""), link.get("type", "")))
    body = _atom_html(content) or _atom_html(next(iter(_named(entry, "summary")), None))
    published = read_moment(_text(entry, "published", "issued", "created"))
    updated = read_moment(_text(entry, "updated", "modified"))
    return _with_family(
        MovedText(
            origin=urls[0] if urls else _text(entry, "id"),
            title=_atom_title(next(iter(_named(entry, "title")), None)),
            body=body,
            is_html=True,
            guid=_text(entry, "id"),
            date=published or updated or (day_of_url(urls[0]) if urls else None),
            updated=updated,
            summary=_text(entry, "summary") if content is not None else "",
            authors=tuple(_atom_names(entry)) or authors,
            lang=lang,
            urls=tuple(dict.fromkeys(urls)),
            categories=tuple(
                dict.fromkeys(
                    name
                    for one in _named(entry, "category")
                    if (name := (one.get("label") or one.get("term") or "").strip())
                )
            ),
            enclosures=tuple(enclosures),
        ),
        other,
    )


def _atom_names(element: etree._Element) -> Iterator[str]:
    for author in _named(element, "author"):
        if name := _text(author, "name") or words_of(author):
            yield name


def _atom_html(content: etree._Element | None) -> str:
    """Return the HTML of a text construct (RFC 4287 3.1)."""
    if content is None:
        return ""
    kind = (content.get("type") or "text").lower()
    if kind == "xhtml" or (len(content) and kind != "html"):
        return "".join(etree.tostring(one, encoding="unicode", method="html") for one in content)
    words = words_of(content)
    return (
        words
        if kind in ("html", "text/html")
        else "".join(f"<p>{escape(part)}</p>" for part in re.split(r"\n\s*\n", words.strip()) if part)
    )


def _atom_title(title: etree._Element | None) -> str:
    if title is None:
        return ""
    words = words_of(title)
    return (
        words
        if (title.get("type") or "text").lower() in ("html", "text/html")
        else escape(words, quote=False)
    )


# -- RSS -----------------------------------------------------------------------------------------


def _read_rss(root: etree._Element, place: str) -> FeedDocument:
    channel = next(iter(_named(root, "channel")), root)
    lang = _text(channel, "language")
    following, home = [], ""
    for link in _named(channel, "link"):
        if link.get("href") is None:
            home = home or words_of(link)
        elif link.get("rel") in _FOLLOWING:
            following.append(
                join_url(place, link.get("href", "")) if place.startswith("http") else link.get("href", "")
            )
    items = [*_named(channel, "item"), *(_named(root, "item") if channel is not root else [])]
    return FeedDocument(
        url=place,
        home=home,
        texts=tuple(_rss_item(one, home, lang) for one in items),
        following=tuple(following),
        title=_text(channel, "title"),
        description=_text(channel, "description"),
        form="rss",
    )


def _rss_item(item: etree._Element, home: str, lang: str) -> MovedText:
    guid_element = next(iter(_named(item, "guid")), None)
    guid = words_of(guid_element) if guid_element is not None else ""
    about = item.get(_ABOUT, "")
    link = next((words_of(one) for one in _named(item, "link") if one.get("href") is None), "")
    is_permalink = guid_element is not None and guid_element.get("isPermaLink", "true") != "false"
    url = join_url(home, link) or (guid if is_permalink and guid.startswith(("http://", "https://")) else "")
    others = [
        join_url(home, one.get("href", ""))
        for one in _named(item, "link")
        if one.get("rel") == "alternate" and one.get("hreflang") and one.get("hreflang") != lang
    ]
    full = _text(item, "encoded")
    description = _text(item, "description", "summary")
    creators = [words_of(one) for one in _named(item, "creator")]
    authors = [name for one in creators or [_text(item, "author")] if (name := _name_in(one))]
    enclosures = [
        MovedFile(join_url(home, one.get("url", "")), "", one.get("type", ""))
        for one in _named(item, "enclosure")
        if one.get("url")
    ]
    return _with_family(
        MovedText(
            origin=url or guid or about,
            title=_text(item, "title"),
            body=full or description,
            is_html=True,
            guid=guid or about or url,
            date=read_moment(_text(item, "pubDate")) or read_moment(_text(item, "date")) or day_of_url(url),
            updated=read_moment(_text(item, "updated", "modified")),
            summary=description if full else "",
            authors=tuple(dict.fromkeys(authors)),
            lang=item.get(_LANG) or _text(item, "language") or lang,
            urls=(url,) if url else (),
            categories=tuple(
                dict.fromkeys(name for one in _named(item, "category", "subject") if (name := words_of(one)))
            ),
            enclosures=tuple(enclosures),
        ),
        others,
    )


def _name_in(written: str) -> str:
    """Return the name in ``ada@example.org (Ada Example)``; an address alone is nobody's name for readers."""
    found = re.fullmatch(r"\s*\S+@\S+\s*\((.*)\)\s*", written)
    if found:
        return found[1].strip()
    return "" if "@" in written and " " not in written.strip() else written.strip()


def _with_family(text: MovedText, others: list[str]) -> MovedText:
    """Return an entry with the group that its translations share: by hreflang, or by an id of our own."""
    if own := _OWN_ID.fullmatch(text.guid):
        return replace(text, group=f"{own[1]}:{own[2]}", id=own[2])
    return replace(text, group=min([*others, *text.urls])) if others and text.urls else text


# -- JSON Feed -----------------------------------------------------------------------------------


def _read_json(data: bytes, place: str) -> FeedDocument:
    try:
        feed = json.loads(decode_text(data))
    except (ValueError, RecursionError) as error:
        raise no_document(place) from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise no_document(place)
    lang, home = _string(feed, "language"), _string(feed, "home_page_url")
    following = _string(feed, "next_url")
    texts = tuple(_json_item(one, feed, home, lang) for one in items if isinstance(one, dict))
    title, description = (escape(_string(feed, key), quote=False) for key in ("title", "description"))
    links = (join_url(place, following),) if following else ()
    return FeedDocument(place, home, texts, links, title, description)


def _json_item(item: dict[str, Any], feed: dict[str, Any], home: str, lang: str) -> MovedText:
    url = join_url(home, _string(item, "url") or _string(item, "external_url"))
    guid = str(item.get("id") or "") or url
    authors = (
        item.get("authors") or [item.get("author")]
        if item.get("authors") or item.get("author")
        else feed.get("authors")
    )
    plain = _string(item, "content_text")
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in re.split(r"\n\s*\n", plain.strip()) if part)
    image = _string(item, "image")
    return _with_family(
        MovedText(
            origin=url or guid,
            title=escape(_string(item, "title"), quote=False),
            body=_string(item, "content_html") or paragraphs,
            is_html=True,
            guid=guid,
            date=read_moment(item.get("date_published"))
            or read_moment(item.get("date_modified"))
            or day_of_url(url),
            updated=read_moment(item.get("date_modified")),
            summary=escape(_string(item, "summary"), quote=False),
            authors=tuple(_string(one, "name") for one in _dicts(authors) if _string(one, "name")),
            lang=_string(item, "language") or lang,
            urls=(url,) if url != home else (),
            categories=tuple(
                dict.fromkeys(str(one).strip() for one in _list(item.get("tags")) if str(one).strip())
            ),
            image=MovedFile(image) if image else None,
            enclosures=tuple(
                MovedFile(_string(one, "url"), _string(one, "title"), _string(one, "mime_type"))
                for one in _dicts(item.get("attachments"))
                if _string(one, "url")
            ),
        ),
        [],
    )


def _string(data: dict[str, Any], key: str) -> str:
    value = data.get(key)
    return value.strip() if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in _list(value) if isinstance(one, dict)]
