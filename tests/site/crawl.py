"""Every address that a site's output gives away, and whether something is there."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin
from xml.etree import ElementTree as ET

from tests.peers.lint.markup import read_page


def page_addresses(html: bytes, url: str) -> Iterator[str]:
    """Every absolute address in a page's attributes, with its fragment."""
    for element in read_page(html).elements:
        for address in element.addresses():
            yield urljoin(url, address)


def feed_addresses(data: bytes, base_url: str) -> Iterator[str]:
    """Every address of the site in any text or attribute of a feed, OPML file or sitemap."""
    if data.startswith(b"{"):
        texts: Iterable[str] = _strings(json.loads(data))
    else:
        texts = _values(ET.fromstring(data))
    for text in texts:
        yield from own_addresses(text, base_url)


def own_addresses(text: str, base_url: str) -> Iterator[str]:
    """Every address of the site in a text."""
    for found in re.finditer(re.escape(base_url) + r"[^\s\"'<>)\]]*", text):
        yield unescape(found[0]).rstrip(".,;")


def path_of(url: str, base_url: str) -> str:
    """The output path at an address of the site."""
    path = unquote(urldefrag(url).url.removeprefix(base_url))
    return f"{path}index.html" if path.endswith("/") or not path else path


def dead_ends(addresses: Iterable[tuple[str, str]], files: Mapping[str, bytes], base_url: str) -> list[str]:
    """Of (where it stands, address), those of the site that lead to no file or to no such anchor."""
    anchors: dict[str, frozenset[str]] = {}
    found = []
    for source, address in addresses:
        if not (address + "/").startswith(base_url):
            if address.startswith("/") or _host(address) == _host(base_url):
                found.append(f"{source} leads out of the site: {address}")
            continue
        path, fragment = path_of(address, base_url), unquote(urldefrag(address).fragment)
        if path not in files:
            found.append(f"{source} leads nowhere: {address}")
        elif fragment:
            if path not in anchors:
                anchors[path] = _anchors(files[path])
            if fragment not in anchors[path]:
                found.append(f"{source} leads to a missing anchor: {address}")
    return sorted(set(found))


def _host(address: str) -> str:
    return "/".join(address.split("/", 3)[:3])


def _anchors(html: bytes) -> frozenset[str]:
    return frozenset(element.attributes.get("id", "") for element in read_page(html).elements)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def _values(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        yield element.text or ""
        yield from element.attrib.values()
