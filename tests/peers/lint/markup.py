"""HTML as a flat list of elements, and the rules for HTML inside feeds and mails."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from urllib.parse import urlsplit

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
VOID = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    }
)
ACTIVE = frozenset(
    {
        "script",
        "iframe",
        "object",
        "embed",
        "form",
        "input",
        "button",
        "base",
        "frame",
        "meta",
        "link",
    }
)
ADDRESS_ATTRIBUTES = frozenset({"action", "background", "cite", "data", "href", "poster", "src", "srcset"})
FETCHING_RELATIONS = frozenset(
    {
        "stylesheet",
        "icon",
        "apple-touch-icon",
        "mask-icon",
        "manifest",
        "preload",
        "prefetch",
        "modulepreload",
        "preconnect",
        "dns-prefetch",
    }
)
ABSOLUTE_SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_CSS_ADDRESS = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""", re.IGNORECASE)


@dataclass
class Element:
    """One start tag, the text below it and the elements it stands in."""

    tag: str
    attributes: dict[str, str]
    inside: tuple["Element", ...]
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text below the element, white space collapsed."""
        return " ".join("".join(self.pieces).split())

    @property
    def relations(self) -> frozenset[str]:
        """The words of its `rel` attribute."""
        return frozenset(self.attributes.get("rel", "").lower().split())

    def addresses(self) -> Iterator[str]:
        """Every URL of its attributes, clickable or fetched."""
        for name, value in self.attributes.items():
            if name == "srcset":
                yield from (part.split()[0] for part in value.split(",") if part.strip())
            elif name in ADDRESS_ATTRIBUTES:
                yield value.strip()

    def fetched(self) -> Iterator[str]:
        """Every URL a browser fetches because of this element, CSS included."""
        if self.tag == "link":
            if self.relations & FETCHING_RELATIONS:
                yield self.attributes.get("href", "")
        elif self.tag not in {"a", "area", "base", "blockquote", "q", "form"}:
            yield from self.addresses()
        css = self.attributes.get("style", "")
        if self.tag == "style":
            css += "".join(self.pieces)
        for function, rule in _CSS_ADDRESS.findall(css):
            yield function or rule


class Markup(HTMLParser):
    """A read document: its elements in order and the tags that do not nest."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.unbalanced: list[str] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        self.unbalanced += [f"<{element.tag}>" for element in self._open]

    def named(self, *tags: str) -> list[Element]:
        """The elements of these tags, in document order."""
        return [element for element in self.elements if element.tag in tags]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element inside those that are open."""
        attributes = {name: value or "" for name, value in attrs}
        element = Element(tag, attributes, tuple(self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element; anything else does not nest."""
        if self._open and self._open[-1].tag == tag:
            self._open.pop()
        elif tag not in VOID:
            self.unbalanced.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Give text to all the elements around it."""
        for element in self._open:
            element.pieces.append(data)


@lru_cache(maxsize=1024)
def read_page(html: bytes) -> Markup:
    """A page, read once however many tests look at it: nobody changes what was read."""
    return Markup(html.decode("utf-8"))


def is_absolute(address: str) -> bool:
    """Whether a URL means the same wherever it is read."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme in {"http", "https"}:
        return bool(parts.netloc)
    return parts.scheme in ABSOLUTE_SCHEMES


def is_plain(text: str) -> bool:
    """Whether a text carries neither tags nor entities."""
    return not re.search(r"</?[A-Za-z][^<>@:]*>|&#?\w+;", text)


def scripted(markup: Markup) -> Iterator[str]:
    """Scripts in any of their disguises."""
    for element in markup.elements:
        if element.tag == "script" and element.attributes.get("type") != "application/ld+json":  # data
            yield "it has a script"
        for name, value in element.attributes.items():
            if name.startswith("on"):
                yield f"<{element.tag}> has the event attribute {name}"
            if value.strip().lower().startswith("javascript:"):
                yield f"<{element.tag}> has a javascript: address"


def fragment_faults(html: str) -> Iterator[str]:
    """What is wrong with the HTML of a feed entry, read far away from its page."""
    markup = Markup(html)
    yield from scripted(markup)
    if markup.unbalanced:
        yield f"its HTML is not balanced at {', '.join(markup.unbalanced)}"
    for element in markup.elements:
        if element.tag in ACTIVE | {"style"} and element.tag != "script":
            yield f"<{element.tag}> has no place in a feed"
        if "style" in element.attributes:
            yield f"<{element.tag}> has a style attribute"
        if element.tag == "img" and "alt" not in element.attributes:
            yield "an image has no alt text"
        for address in element.addresses():
            if not is_absolute(address):
                yield f"<{element.tag}> has the relative address {address!r}"
