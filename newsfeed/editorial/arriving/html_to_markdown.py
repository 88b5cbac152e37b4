"""HTML of another program → Markdown: what is unsafe is taken out and told, the rest keeps its meaning."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lxml import etree, html

from newsfeed.core.arriving.addresses import join_url, split_url
from newsfeed.core.arriving.compose import clean_text
from newsfeed.core.content.links import OFFERED_SCHEMES, SAFE_SCHEMES
from newsfeed.editorial.arriving.notes import NOTE_MARK, take_notes
from newsfeed.render.allowed_html import REFUSED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bs4 import Tag

_DEEPEST = 90
"""Elements within each other; what converts them calls itself for each."""
_SCHEMES_OF_PROGRAMS = ("link",)
"""Nikola's, for links to its own texts: they lead to their files when all is moved."""
_PLAYERS = frozenset({"iframe", "video", "audio", "embed", "object"})
_WITH_WORDS = frozenset({"form", "button", "label", "svg", "math", "template"})
"""Refused elements whose words may be part of the text."""
_GONE = REFUSED - _PLAYERS - _WITH_WORDS
_BLOCK = re.compile(
    r"\s*<(?:/?(?:address|article|aside|blockquote|center|dd|details|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header"
    r"|hr|iframe|li|main|nav|ol|p|pre|script|section|style|table|tbody|td|tfoot|th|thead|tr|ul)\b|!--)",
    re.IGNORECASE,
)
_HAS_PARAGRAPHS = re.compile(r"<(?:p|br|div)\b[^<>]{0,2000}>", re.IGNORECASE)
_NOTE_MARK = re.compile(NOTE_MARK.format(r"(\d+)"))
_NEEDLESS = re.compile(
    r"(?P<code>^(?P<fence>`{3,})[^\n]*\n.*?^(?P=fence)[ \t]*$|`[^`\n]{1,2000}`)|\\&(?![#\w])|(?<=\S)\\[=+>]",
    re.MULTILINE | re.DOTALL,
)
"""Backslashes before what means nothing there: an ampersand that begins no entity, signs within a line."""
_ANY_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,5000}>")


@dataclass(frozen=True, slots=True)
class ConvertedBody:
    """A text in Markdown, and what was lost on the way."""

    markdown: str
    removed: Mapping[str, int] = field(default_factory=dict)
    """Name of an element, or attribute, that is not published → how often."""
    nameless: tuple[str, ...] = ()
    """Pictures that nobody described: their file's name stands in for it."""
    is_flat: bool = False
    """Elements lay within each other too deeply: only the words are left."""


def convert_html(source: str, base_url: str = "") -> ConvertedBody:
    """Return HTML as Markdown. ``base_url``: what relative addresses are relative to."""
    text = clean_text(source)
    if not _ANY_TAG.search(text) and "&" not in text and "\n" not in text.strip():
        return ConvertedBody(_escaped(text))
    root = _parse(text if _HAS_PARAGRAPHS.search(text) else add_paragraphs(text))
    if root is None:
        return ConvertedBody("")
    if _depth(root) > _DEEPEST:
        return ConvertedBody(_escaped(unescape(_ANY_TAG.sub(" ", text))), is_flat=True)
    removed = _remove_unsafe(root)
    nameless = _describe_pictures(root)
    _make_paragraphs(root)
    if base_url:
        _make_absolute(root, base_url)
    notes = [f"[^{number}]: {_indented(_markdown(note))}" for number, note in enumerate(take_notes(root), 1)]
    markdown = _NOTE_MARK.sub(r"[^\1]", "\n\n".join([_markdown(root), *notes]))
    return ConvertedBody(markdown.strip(), removed, nameless)


def _markdown(root: html.HtmlElement) -> str:
    from markdownify import markdownify

    markdown = markdownify(
        html.tostring(root, encoding="unicode"),
        heading_style="ATX",
        bullets="-",
        newline_style="BACKSLASH",
        sup_symbol="<sup>",
        sub_symbol="<sub>",
        escape_misc=True,
        code_language_callback=_language_of_code,
    )
    return _NEEDLESS.sub(_needed, re.sub(r"\n{3,}", "\n\n", str(markdown))).strip()


def _needed(found: re.Match[str]) -> str:
    return found["code"] or found[0][-1]


def _indented(note: str) -> str:
    return re.sub(r"\n(?=[^\n])", "\n    ", note)


def add_paragraphs(text: str) -> str:
    """Return HTML whose paragraphs are blank lines, as WordPress keeps it, with elements for them."""
    pieces = re.split(r"\n[ \t]*\n\s*", text.replace("\r\n", "\n").strip())
    if len(pieces) == 1 and "\n" not in text.strip():
        return text
    done, in_pre = [], False
    for piece in pieces:
        opens = piece.lower().count("<pre") - piece.lower().count("</pre")
        if in_pre or opens > 0 or _BLOCK.match(piece):
            done.append(piece)
        else:
            lines = piece.strip().split("\n")
            done.append(f"<p>{'<br>'.join(lines)}</p>")
        in_pre = (in_pre and opens >= 0) or opens > 0
    return "\n\n".join(done)


def _parse(text: str) -> html.HtmlElement | None:
    """Return HTML as a tree below one ``div``, however broken it is."""
    parser = html.HTMLParser(no_network=True, recover=True, remove_comments=True, remove_pis=True)
    try:
        document = html.document_fromstring(f"<html><body><div>{text}</div></body></html>", parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    body = document.find("body")
    if body is None:
        return None
    body.tag = "div"
    return body


def _depth(root: html.HtmlElement) -> int:
    deepest = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _remove_unsafe(root: html.HtmlElement) -> Counter[str]:
    """Take out what runs, asks or styles; players become links. Return what that was."""
    removed: Counter[str] = Counter()
    for element in list(root.iter()):
        name = element.tag if isinstance(element.tag, str) else ""
        if name in _PLAYERS:
            removed[name] += 1
            _become_link(element)
        elif name in _GONE and element.getparent() is not None:
            if name not in ("link", "meta", "title"):
                removed[name] += 1
            element.drop_tree()
        elif name in _WITH_WORDS:
            removed[name] += 1
            element.drop_tag()
        else:
            removed.update(_clean_attributes(element))
    return removed


def _become_link(element: html.HtmlElement) -> None:
    """Put a link to what a player plays in its place."""
    target = element.get("src") or element.get("data") or next(iter(element.xpath(".//source/@src")), "")
    if target.startswith("//"):
        target = f"https:{target}"
    tail = element.tail
    for child in list(element):
        element.remove(child)
    label = element.get("title") or target
    element.attrib.clear()
    if not target or not _is_safe(target, is_image=True):
        element.text = ""
        element.tag = "span"
        return
    element.tag, element.text, element.tail = "a", label, tail
    element.set("href", target)


def _clean_attributes(element: html.HtmlElement) -> Counter[str]:
    removed: Counter[str] = Counter()
    for name in list(element.attrib):
        value = element.attrib[name]
        is_address = name in ("href", "src")
        if is_address and not _is_safe(value, is_image=name == "src"):
            removed[split_url(value.strip()).scheme.lower() if ":" in value else name] += 1
            del element.attrib[name]
        elif name.startswith("on"):
            removed[name] += 1
            del element.attrib[name]
        elif name in ("style", "srcset", "sizes", "class") and element.tag not in ("pre", "code"):
            del element.attrib[name]
    return removed


def _is_safe(target: str, *, is_image: bool) -> bool:
    """Tell whether an address has a scheme that texts may have; browsers pass over what cannot be seen."""
    plain = re.sub(r"[\x00-\x20\u00ad\u200b-\u200f]", "", unquote(target))
    found = re.match(r"([a-z][a-z0-9+.-]*):", plain, re.IGNORECASE)
    if found is None:
        return True
    allowed = ("http", "https") if is_image else (*SAFE_SCHEMES, *OFFERED_SCHEMES, *_SCHEMES_OF_PROGRAMS)
    return found[1].lower() in allowed


def _describe_pictures(root: html.HtmlElement) -> tuple[str, ...]:
    """Give each picture without words some: its title, what stands below it, or its file's name."""
    nameless = []
    for picture in list(root.iter("img")):
        target = (picture.get("src") or picture.get("data-src") or "").strip()
        if not target or picture.get("width") == picture.get("height") == "1":
            picture.drop_tree()  # a picture of one pixel counts readers
            continue
        picture.set("src", target.replace(" ", "%20"))
        if not (picture.get("alt") or "").strip():
            caption = "".join(picture.xpath("ancestor::figure[1]//figcaption//text()")).strip()
            words = (picture.get("title") or caption).strip()
            if not words:
                words = words_of_file_name(target)
                nameless.append(target)
            picture.set("alt", " ".join(words.split()))
    return tuple(nameless)


def words_of_file_name(target: str) -> str:
    """Return the name of a file as words: ``/a/solar-roof_2.jpg`` → ``solar roof 2``."""
    name = unquote(split_url(target).path).rpartition("/")[2].rpartition(".")[0]
    return " ".join(re.sub(r"[-_+]+", " ", name).split()) or "–"


def _make_paragraphs(root: html.HtmlElement) -> None:
    """Make paragraphs of what Markdown has no sign for: lists of terms, figures and their captions."""
    for element in list(root.iter("figure", "figcaption")):
        element.tag = "div"
    for element in list(root.iter("dl", "dt", "dd")):
        if element.tag == "dt":
            strong = etree.SubElement(element, "strong")
            strong.text, element.text = element.text, None
            for child in list(element)[:-1]:
                strong.append(child)
        element.tag = "div" if element.tag == "dl" else "p"


def _make_absolute(root: html.HtmlElement, base_url: str) -> None:
    for element in root.iter("a", "img"):
        name = "src" if element.tag == "img" else "href"
        target = (element.get(name) or "").strip()
        if target and not target.startswith("#"):
            element.set(name, join_url(base_url, target))


def _language_of_code(element: Tag) -> str:
    """Return the language that a block of code says it is in."""
    code = element.find("code") or element
    names = [*(element.get("class") or ()), *(code.get("class") or ())]
    found = next((name for name in names if name.startswith(("language-", "lang-"))), "")
    return re.sub(r"[^\w+#-]", "", found.partition("-")[2])


def _escaped(text: str) -> str:
    """Return plain words as Markdown that shows them as they are."""
    return re.sub(r"([\\`*_\[\]<>#])", r"\\\1", text.strip())
