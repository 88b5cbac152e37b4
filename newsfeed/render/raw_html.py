"""Modernise HTML that editors wrote into a text before it passes the allow-list, and find what is no HTML.

What HTML does not know was meant as text, as in ``List<String>`` or ``Press <Enter>``: it stays visible.
Old elements get the name of what they mean.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsfeed.render.allowed_html import KNOWN, REFUSED, RENAMED
from newsfeed.render.unfinished_tags import show_unfinished_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

# All of this reads text that anybody may have written: no pattern may look far ahead for its end.
ATTRIBUTE_TEXT = r"""(?:[^<>"']|"[^"]*"|'[^']*')*"""
_TAG = re.compile(rf"<(/?)([A-Za-z][A-Za-z0-9-]*)(?=[\s/>])({ATTRIBUTE_TEXT})>")
_FOREIGN = frozenset({"svg", "math"})
_REFUSED = re.compile(
    rf"<(?:({'|'.join(sorted(REFUSED))})(?![\w-])"
    rf"|(?!\w+ data-sourcepos)[a-z]{ATTRIBUTE_TEXT}?\s(on[a-z]+|style)\s*=)[^<>]*",
    re.IGNORECASE,
)
_NAME = re.compile(r"""(?<=\s)name(?=\s*=\s*(?:"[^"\s]+"|'[^'\s]+'|[^\s"'>]+))""", re.IGNORECASE)
_ALT = re.compile(r"\balt\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\"'\s<>]+))", re.IGNORECASE)
_AFTER_BREAK = re.compile(r"<br\b[^<>]*>\s*$", re.IGNORECASE)
_OF_TABLES = frozenset({"td", "th", "tr"})
"""Parts of tables; where there is none, browsers would drop them and let their words run together."""
_ID = re.compile(r"\sid\s*=", re.IGNORECASE)
_REMARK = re.compile(r"<(?:!--|!\[CDATA\[|\?|!(?=[a-z])|(?:script|style)(?=[\s>]))", re.IGNORECASE)
REMARK_ENDS = {
    "<!--": "-->",
    "<![cdata[": "]]>",
    "<?": "?>",
    "<!": ">",
    "<script": "</script>",
    "<style": "</style>",
}
"""What is not shown → the end of it; Markdown looks for it to the end of the text."""
WORD_ELEMENT = re.compile(r"</?(?:o|w|v|st1):\w+[^<>]*>", re.IGNORECASE)
"""An element of Microsoft Word's; within a paragraph Markdown takes it for words, and shows it."""
_WORD = re.compile(
    WORD_ELEMENT.pattern + r"""|class\s*=\s*["']?Mso|style\s*=\s*["'][^"'<>]*\bmso-""", re.IGNORECASE
)


def modernise_elements(html: str) -> str:
    """Return HTML with unknown elements as text, and old elements replaced by today's.

    ``html``: what the Markdown parser wrote; raw HTML of the editor's stands in it as it was written.
    """
    html = show_unfinished_tags(html)
    pieces: list[str] = []
    end = 0
    tables = 0
    for tag in tags_of_text(html):
        if tag[2].lower() == "table":
            tables = max(tables + (-1 if tag[1] else 1), 0)
        lost = not tables and tag[2].lower() in _OF_TABLES
        pieces += (html[end : tag.start()], f"<{tag[1]}div>" if lost else _meant(tag))
        end = tag.end()
    return "".join((*pieces, html[end:]))


def find_unknown_elements(html: str) -> Iterator[re.Match[str]]:
    """Yield the opening tags of elements that HTML does not know; the name is the second group."""
    return (tag for tag in tags_of_text(html) if not tag[1] and tag[2].lower() not in KNOWN)


def tags_of_text(html: str) -> Iterator[re.Match[str]]:
    """Yield every tag but those within drawings and formulas, whose elements are not HTML's."""
    inside = ""
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        if inside:
            if tag[1] and name == inside:
                inside = ""
        elif name in _FOREIGN and not tag[1] and not tag[3].endswith("/"):
            inside = name
        else:
            yield tag


def _meant(tag: re.Match[str]) -> str:
    name, attributes = tag[2].lower(), tag[3]
    if name not in KNOWN:
        return tag[0].replace("<", "&lt;").replace(">", "&gt;")
    if name == "br" and tag[1]:
        return "" if _AFTER_BREAK.search(tag.string, max(tag.start() - 40, 0), tag.start()) else "<br>"
    if name == "area":
        return _as_link(attributes)
    if name in RENAMED:
        return f"<{tag[1]}{RENAMED[name]}{attributes}>"
    if name == "a" and not _ID.search(attributes):
        return f"<{tag[1]}a{_NAME.sub('id', attributes, count=1)}>"
    return tag[0]


def _as_link(attributes: str) -> str:
    """Return a part of a picture's map, which only leads somewhere, as a link with its words."""
    found = _ALT.search(attributes)
    words = (found[1] or found[2] or found[3] or "") if found else ""
    return f" <a{attributes}>{words}</a> ".replace("/>", ">") if words.strip() else ""


def find_refused_markup(html: str) -> Iterator[re.Match[str]]:
    """Yield what is not published and should be reported: an element, or an attribute that runs or styles."""
    return _REFUSED.finditer(html)


def find_unclosed_remark(html: str) -> re.Match[str] | None:
    """Return the beginning of a remark, or of something that is read like one, that hides all below it."""
    start = 0
    while found := _REMARK.search(html, start):
        end = re.compile(re.escape(REMARK_ENDS[found[0].lower()]), re.IGNORECASE)
        closed = end.search(html, found.start() + 2)  # <!--> is a whole one
        if closed is None:
            return found
        start = closed.end()
    return None


def pasted_from_word(html: str) -> Iterator[re.Match[str]]:
    """Yield the traces that Microsoft Word leaves in what is pasted from it."""
    return _WORD.finditer(html)
