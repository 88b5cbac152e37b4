"""Puts elements of old HTML where HTML allows them: the sanitiser closes each where it stands.

A block within words of a kind is given that kind itself, ``<b><p>x</p></b>`` → ``<p><b>x</b></p>``; what
lacks its list, table of terms or first line gets one, or becomes a plain block. No word is lost.
"""

from __future__ import annotations

import re
from html import unescape
from itertools import groupby
from operator import itemgetter

from newsfeed.render.containers import order_children, wrap_stray_children
from newsfeed.render.elements import VOID, Element, Nodes, holds, is_named, read_tree, without_id, write_tree

_WORDS = frozenset(
    """
    a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup time u var
    """.split()  # noqa: SIM905 - words read better than a list
)
"""Elements that say of what kind words are; blocks stand in none of them."""
_LINES = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "summary", "rt", "rp"})
"""Elements that hold words and no blocks."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_WITHIN_WORDS = _WORDS | {"br", "img", "ruby", "rp", "rt", "wbr"}
_WITHOUT_HEADINGS = frozenset({"caption", "dt", "th"})
_TABLE_PARTS = frozenset({"caption", "colgroup", "tbody", "tfoot", "thead"})
_MAY_BE_EMPTY = frozenset({"col", "colgroup", "dd", "li", "td", "th"})
_NEEDED = {"bdo": " dir=", "time": " datetime="}
"""Elements that mean nothing without an attribute."""
_ALONE = frozenset({"dfn", "q"})


def mend_nesting(html: str) -> str:
    """Return HTML in which every element stands where it may stand; the text stays as it is.

    ``html``: what the sanitiser wrote, with every element closed.
    """
    root = read_tree(html)
    return "".join(write_tree(_mended(root.children, ())))


def _mended(nodes: Nodes, around: tuple[str, ...]) -> Nodes:
    """Return what may stand in place of some nodes. ``around``: names of the elements they stand in."""
    found: Nodes = []
    for node in nodes:
        found += [node] if isinstance(node, str) else _mended_element(node, around)
    return wrap_stray_children(found, around[-1] if around else "")


def _mended_element(element: Element, around: tuple[str, ...]) -> Nodes:
    name = element.name
    if name in VOID:
        return _mended_void(element)
    children = _mended(element.children, (*around, name))
    if (name in _ALONE and name in around) or (name in _NEEDED and _NEEDED[name] not in element.attributes):
        return children
    if name in _WORDS:
        return _words(element, children)
    if name in _HEADINGS and not _WITHOUT_HEADINGS.isdisjoint(around):
        element, name = Element("div"), "div"
    if name == "section" and not _WITHOUT_HEADINGS.isdisjoint(around):
        element = Element("div")
    if name in _LINES:
        return _line(element, children)
    return [one for one in order_children(element.with_children(children)) if not _is_empty(one)]


def _mended_void(element: Element) -> Nodes:
    if element.name == "img" and " src=" not in element.attributes:
        return []
    if element.name == "img" and " alt=" not in element.attributes:
        return [Element("img", f'{element.attributes} alt=""')]
    return [element]


def _words(element: Element, children: Nodes) -> Nodes:
    """Return words of one kind; of blocks among them, the words get that kind."""
    # Links do not nest.
    keeps_out = [_is_block(child) or (element.name == "a" and holds(child, "a")) for child in children]
    if not any(keeps_out):
        whole = element.with_children(children)
        return [] if _is_empty(whole) else [whole]
    found: Nodes = []
    for keeps, run in groupby(zip(keeps_out, children, strict=True), itemgetter(0)):
        part = [child for _, child in run]
        if not keeps:
            found += [element.with_children(part)] if _has_words(part) else part
            element = without_id(element) if _has_words(part) else element
        for one in part if keeps else ():
            found.append(_pushed(element, one) if isinstance(one, Element) else one)
            element = without_id(element) if _has_words([one]) else element
    return found


def _pushed(kind: Element, block: Element) -> Element:
    """Return a block whose words are of a kind, unless they are already."""
    if block.name == kind.name or block.name in VOID:
        return block
    if block.name in {"ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "tr", "colgroup", "ruby"}:
        return block.with_children(
            [child if isinstance(child, str) else _pushed(kind, child) for child in block.children]
        )
    return block.with_children(_words(kind, block.children))


def _line(element: Element, children: Nodes) -> Nodes:
    """Return a line of words; blocks in a heading are lines of it, others end it and begin it again."""
    name = element.name
    if name in _HEADINGS and not _says_anything(children):
        return children
    headed = name == "summary" and len(children) == 1 and is_named(children[0], _HEADINGS)
    if headed or not any(_is_block(child) for child in children):
        return [] if _is_empty(element.with_children(children)) else [element.with_children(children)]
    if name != "p" and not any(_is_block(child) and not is_named(child, {"div", "p"}) for child in children):
        return [element.with_children(_as_lines(children, "\n" if name == "pre" else Element("br")))]
    if name in {"summary", "rt", "rp"}:
        return [element.with_children([_plain_words(element.with_children(children))])]
    found: Nodes = []
    for is_block, run in groupby(children, _is_block):
        part = list(run)
        found += part if is_block or not _has_words(part) else [element.with_children(part)]
        element = without_id(element) if _has_words(part) else element
    return found


def _as_lines(children: Nodes, end: Element | str) -> Nodes:
    """Return words of blocks without the blocks, parted by ``end``."""
    found: Nodes = []
    after_block = False
    for child in children:
        block = _is_block(child)
        if _has_words([child]):
            if found and (block or after_block) and _has_words(found):
                found.append(end)
            found += _as_lines(child.children, end) if block and isinstance(child, Element) else [child]
            after_block = block
        elif not block:
            found.append(child)
    return found


def _plain_words(element: Element) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^<>]*>", " ", "".join(write_tree(element.children)))).strip()


def _says_anything(nodes: Nodes) -> bool:
    return any(
        unescape(node).strip()
        if isinstance(node, str)
        else node.name == "img" or _says_anything(node.children)
        for node in nodes
    )


def _is_empty(node: Element | str) -> bool:
    if (
        isinstance(node, str)
        or node.name in VOID | _MAY_BE_EMPTY
        or node.name in _TABLE_PARTS | {"table", "tr"}
    ):
        return False
    return " id=" not in node.attributes and not node.children


def _is_block(node: Element | str) -> bool:
    return isinstance(node, Element) and node.name not in _WITHIN_WORDS


def _has_words(nodes: Nodes) -> bool:
    return any(
        node.strip()
        if isinstance(node, str)
        else node.name in {"img", "hr", "br"} or _has_words(node.children)
        for node in nodes
    )
