"""Lint for published pages: head links, languages, and no request to anyone else."""

from collections.abc import Iterator, Mapping
from urllib.parse import urljoin, urlsplit

from .entries import LANGUAGE_TAG, repeated
from .markup import Element, Markup, is_absolute, read_page, scripted

TEXT_TYPE = "text/markdown"
"""The text of a page by itself."""
FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
X_DEFAULT = "x-default"


def lint_page(html: bytes, url: str) -> list[str]:
    """What is wrong with one page published at `url`, one sentence a fault."""
    markup = read_page(html)
    return [
        *_document_faults(markup),
        *_canonical_faults(markup),
        *_autodiscovery_faults(markup),
        *_foreign_requests(markup, url),
        *scripted(markup),
    ]


def lint_hreflang(pages: Mapping[str, bytes]) -> list[str]:
    """What is wrong between pages, by URL, that say they translate each other."""
    marked = {url: read_page(html) for url, html in pages.items()}
    languages = {url: _language(markup) for url, markup in marked.items()}
    translations = {url: _translations(markup) for url, markup in marked.items()}
    faults: list[str] = []
    for url, links in translations.items():
        if links:
            pair = [*_own_faults(url, languages[url], links)]
            pair += _mutual_faults(url, translations, languages)
            faults += [f"{url}: {fault}" for fault in pair]
    return faults


def _document_faults(markup: Markup) -> Iterator[str]:
    if not LANGUAGE_TAG.fullmatch(_language(markup)):
        yield f"html has the lang {_language(markup)!r}"
    for tag in ("title", "h1"):
        filled = [bool(element.text) for element in markup.named(tag)]
        if filled != [True]:
            yield f"it does not have exactly one <{tag}> with words"
    metas = markup.named("meta")
    if "utf-8" not in (meta.attributes.get("charset", "").lower() for meta in metas):
        yield "it does not declare UTF-8"
    if "viewport" not in (meta.attributes.get("name") for meta in metas):
        yield "it has no viewport"


def _canonical_faults(markup: Markup) -> Iterator[str]:
    canonical = [
        link.attributes.get("href", "") for link in markup.named("link") if "canonical" in link.relations
    ]
    indexed = not any(
        meta.attributes.get("name") == "robots" and "noindex" in meta.attributes.get("content", "")
        for meta in markup.named("meta")
    )
    if len(canonical) > 1 or (indexed and not canonical):
        yield f"it has {len(canonical)} canonical links instead of one"
    for address in canonical:
        if not is_absolute(address):
            yield f"its canonical link {address!r} is relative"


def _autodiscovery_faults(markup: Markup) -> Iterator[str]:
    links = [link for link in _alternates(markup) if not _is_translation(link)]
    feeds = [link for link in links if link.attributes.get("type") != TEXT_TYPE]
    if not any(link.attributes.get("type") in FEED_TYPES for link in feeds):
        yield "it leads to no feed"
    for link in feeds:
        if link.attributes.get("type") not in FEED_TYPES:
            yield "an alternate link has no feed type"
        if not link.attributes.get("title", "").strip():
            yield "a feed link has no title"
        if not link.attributes.get("href"):
            yield "a feed link has no address"


def _foreign_requests(markup: Markup, url: str) -> Iterator[str]:
    own = urlsplit(url).netloc
    for element in markup.elements:
        for address in element.fetched():
            target = urlsplit(urljoin(url, address))
            if target.scheme != "data" and target.netloc != own:
                yield f"<{element.tag}> fetches {address} from another host"


def _own_faults(url: str, language: str, links: list[tuple[str, str]]) -> Iterator[str]:
    yield from repeated((tag for tag, _ in links), "hreflang")
    if (language, url) not in links:
        yield f"it does not name itself as {language}"
    tags = {tag for tag, _ in links}
    if len(tags - {X_DEFAULT}) > 1 and X_DEFAULT not in tags:
        yield "it has several languages and no x-default"
    for tag, address in links:
        if tag != X_DEFAULT and not LANGUAGE_TAG.fullmatch(tag):
            yield f"{tag!r} is no canonical language tag"
        if not is_absolute(address):
            yield f"the {tag} page has the relative address {address!r}"


def _mutual_faults(
    url: str,
    translations: Mapping[str, list[tuple[str, str]]],
    languages: Mapping[str, str],
) -> Iterator[str]:
    for tag, address in translations[url]:
        if address not in translations:
            yield f"the {tag} page {address} is not there"
        elif tag == X_DEFAULT:
            continue
        elif sorted(translations[address]) != sorted(translations[url]):
            yield f"the {tag} page {address} names other translations"
        elif tag != languages[address]:
            yield f"the {tag} page {address} is in {languages[address]}"


def _translations(markup: Markup) -> list[tuple[str, str]]:
    return [
        (link.attributes["hreflang"], link.attributes.get("href", ""))
        for link in _alternates(markup)
        if _is_translation(link)
    ]


def _alternates(markup: Markup) -> list[Element]:
    return [
        link
        for link in markup.named("link")
        if "alternate" in link.relations and "stylesheet" not in link.relations
    ]


def _is_translation(link: Element) -> bool:
    attributes = link.attributes
    return "hreflang" in attributes and attributes.get("type") not in FEED_TYPES


def _language(markup: Markup) -> str:
    return next((html.attributes.get("lang", "") for html in markup.named("html")), "")
