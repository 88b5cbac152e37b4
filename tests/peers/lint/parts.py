"""Whether the two parts of a mail say the same: the same links, the same titles."""

import re
from collections.abc import Iterator

from .markup import HEADINGS, Markup
from .message import read_mail

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def parts_agree(data: bytes) -> list[str]:
    """Where the text part and the HTML part of one mail differ."""
    mail = read_mail(data)
    text, html = mail.text_of("text/plain"), mail.text_of("text/html")
    in_text, in_html = _text_links(text), _html_links(html)
    return [
        *(f"only the HTML part links {link}" for link in in_html if link not in in_text),
        *(f"only the text part links {link}" for link in in_text if link not in in_html),
        *_item_faults(item_titles(data), in_text, " ".join(text.split())),
    ]


def item_titles(data: bytes) -> list[tuple[str, str]]:
    """Title and link of each item of the HTML part: its linked headings, in order."""
    markup = Markup(read_mail(data).text_of("text/html"))
    titles = []
    for element in markup.named("a", *HEADINGS):
        around = [element, *element.inside]
        links = [each.attributes.get("href", "") for each in around if each.tag == "a"]
        if links and any(each.tag in HEADINGS for each in around):
            titles.append((element.text, links[0]))
    return titles


def _item_faults(titles: list[tuple[str, str]], links: list[str], text: str) -> Iterator[str]:
    items = [link for _, link in titles]
    if [link for link in links if link in items] != list(dict.fromkeys(items)):
        yield "the text part links the items in another order"
    position = 0
    for title, _ in titles:
        found = text.find(title, position)
        if found < 0:
            yield f"the text part does not have the title {title!r} at its place"
        position = max(position, found)


def _text_links(text: str) -> list[str]:
    return list(dict.fromkeys(link.rstrip(".,;:!?)»“") for link in _ADDRESS.findall(text)))


def _html_links(html: str) -> list[str]:
    hrefs = (link.attributes.get("href", "") for link in Markup(html).named("a"))
    return list(dict.fromkeys(href for href in hrefs if href.startswith("http")))
