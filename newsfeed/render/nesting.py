"""Puts elements of old HTML where HTML allows them: the sanitiser closes each where it stands.

A block within words of a kind is given that kind itself, ``<b><p>x</p></b>`` → ``<p><b>x</b></p>``; what
lacks its list, table of terms or first line gets one, or becomes a plain block. No word is lost.
"""

from __future__ import annotations

import re
from html import unescape
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from newsfeed.render.attributes import mend_attributes
from newsfeed.render.elements import Element, Nodes
from newsfeed.render.table_spans import mend_spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TOKEN = re.compile(r"""<(/?)([a-z][a-z0-9]*)((?:[^<>"]|"[^"]*")*)>|[^<]+|<""")
_ID = re.compile(r' id="[^"]*"')
IDS_OF_PAGE = frozenset({"content"})
"""Those of the page around a text."""
_VOID = frozenset({"br", "col", "hr", "img", "wbr"})
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
_ROW_GROUPS = frozenset({"tbody", "thead", "tfoot"})
_TABLE_PARTS = frozenset({"caption", "colgroup", "tbody", "tfoot", "thead"})
_MAY_BE_EMPTY = frozenset({"col", "colgroup", "dd", "li", "td", "th"})
_NEEDED = {"bdo": " dir=", "time": " datetime="}
"""Elements that mean nothing without an attribute."""
_ALONE = frozenset({"dfn", "q"})


def mend_nesting(html: str) -> str:
    """Return HTML in which every element stands where it may stand; the text stays as it is.

    ``html``: what the sanitiser wrote, with every element closed.
    """
    root = _tree(html)
    return "".join(_written(_mended(root.children, ())))


def _tree(html: str) -> Element:
    root = Element("")
    open_ones = [root]
    ids = set(IDS_OF_PAGE)
    for token in _TOKEN.finditer(html):
        closing, name, attributes = token.groups()
        if not name:
            open_ones[-1].children.append(token[0])
        elif not closing:
            element = Element(name, mend_attributes(name, attributes, ids))
            open_ones[-1].children.append(element)
            if name not in _VOID:
                open_ones.append(element)
        elif open_ones[-1].name == name:
            open_ones.pop()
    return root


def _written(nodes: Nodes) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
            continue
        yield f"<{node.name}{node.attributes}>"
        if node.name not in _VOID:
            yield from _written(node.children)
            yield f"</{node.name}>"


def _mended(nodes: Nodes, around: tuple[str, ...]) -> Nodes:
    """Return what may stand in place of some nodes. ``around``: names of the elements they stand in."""
    found: Nodes = []
    for node in nodes:
        found += [node] if isinstance(node, str) else _mended_element(node, around)
    return _in_lists(found, around[-1] if around else "")


def _mended_element(element: Element, around: tuple[str, ...]) -> Nodes:
    name = element.name
    if name in _VOID:
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
    arrange = _ARRANGED.get(name)
    found = arrange(element.with_children(children)) if arrange else [element.with_children(children)]
    return [one for one in found if not _is_empty(one)]


def _mended_void(element: Element) -> Nodes:
    if element.name == "img" and " src=" not in element.attributes:
        return []
    if element.name == "img" and " alt=" not in element.attributes:
        return [Element("img", f'{element.attributes} alt=""')]
    return [element]


def _words(element: Element, children: Nodes) -> Nodes:
    """Return words of one kind; of blocks among them, the words get that kind."""
    # Links do not nest.
    keeps_out = [_is_block(child) or (element.name == "a" and _holds(child, "a")) for child in children]
    if not any(keeps_out):
        whole = element.with_children(children)
        return [] if _is_empty(whole) else [whole]
    found: Nodes = []
    for keeps, run in groupby(zip(keeps_out, children, strict=True), itemgetter(0)):
        part = [child for _, child in run]
        if not keeps:
            found += [element.with_children(part)] if _has_words(part) else part
            element = _without_id(element) if _has_words(part) else element
        for one in part if keeps else ():
            found.append(_pushed(element, one) if isinstance(one, Element) else one)
            element = _without_id(element) if _has_words([one]) else element
    return found


def _pushed(kind: Element, block: Element) -> Element:
    """Return a block whose words are of a kind, unless they are already."""
    if block.name == kind.name or block.name in _VOID:
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
    headed = name == "summary" and len(children) == 1 and _is_named(children[0], _HEADINGS)
    if headed or not any(_is_block(child) for child in children):
        return [] if _is_empty(element.with_children(children)) else [element.with_children(children)]
    if name != "p" and not any(_is_block(child) and not _is_named(child, {"div", "p"}) for child in children):
        return [element.with_children(_as_lines(children, "\n" if name == "pre" else Element("br")))]
    if name in {"summary", "rt", "rp"}:
        return [element.with_children([_plain_words(element.with_children(children))])]
    found: Nodes = []
    for is_block, run in groupby(children, _is_block):
        part = list(run)
        found += part if is_block or not _has_words(part) else [element.with_children(part)]
        element = _without_id(element) if _has_words(part) else element
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
    return re.sub(r"\s+", " ", re.sub(r"<[^<>]*>", " ", "".join(_written(element.children)))).strip()


def _in_lists(nodes: Nodes, parent: str) -> Nodes:
    """Return nodes in which what belongs into a list, but stands in none, has one."""
    found: Nodes = []
    for key, run in groupby(_glued(nodes, parent), lambda node: _home_of(node, parent)):
        part = list(run)
        if not key:
            found += part
        elif key == "dl":
            found += _terms(Element("dl", "", part))
        elif key == "div":
            found += [Element("div", "", one.children) for one in part if isinstance(one, Element)]
        elif key == "span":
            found += [child for one in part if isinstance(one, Element) for child in one.children]
        else:
            found.append(Element(key, "", part))
    return found


_HOMES = {
    "li": ({"ul", "ol"}, "ul"),
    "dt": ({"dl"}, "dl"),
    "dd": ({"dl"}, "dl"),
    "figcaption": ({"figure"}, "div"),
    "summary": ({"details"}, "div"),
    "rt": ({"ruby"}, "span"),
    "rp": ({"ruby"}, "span"),
}
"""Elements that stand in few others → these, and what they get where they stand in none."""


def _home_of(node: Element | str, parent: str) -> str:
    if isinstance(node, str) or node.name not in _HOMES:
        return ""
    homes, substitute = _HOMES[node.name]
    return "" if parent in homes else substitute


def _glued(nodes: Nodes, parent: str) -> Nodes:
    """Return nodes without the blanks between two that will share a list."""
    homeless = [_home_of(node, parent) in {"ul", "dl"} for node in nodes]
    return [
        node
        for number, node in enumerate(nodes)
        if not (
            isinstance(node, str)
            and not node.strip()
            and 0 < number < len(nodes) - 1
            and homeless[number - 1]
            and homeless[number + 1]
        )
    ]


def _list(element: Element) -> Nodes:
    """Return a list of items only: what stands between them belongs to the one before."""
    items: Nodes = []
    last: Element | None = None
    for child in element.children:
        if isinstance(child, Element) and child.name == "li":
            last = child
            items.append(child)
        elif isinstance(child, str) and not child.strip():
            items.append(child)
        else:
            if last is None:
                last = Element("li")
                items.append(last)
            last.children.append(child)
    return [element.with_children(items)]


def _terms(element: Element) -> Nodes:
    """Return a list of terms and what is said of them; without any term it is only indented text."""
    groups: Nodes = []
    before: Nodes = []
    last: Element | None = None
    for child in element.children:
        if isinstance(child, str) and not child.strip():
            groups.append(child)
        elif isinstance(child, Element) and (child.name == "dt" or (child.name == "dd" and last)):
            last = child
            groups.append(child)
        elif last is None:
            inside = isinstance(child, Element) and child.name in {"dd", "div"}
            before.append(
                Element("div", "", child.children) if inside and isinstance(child, Element) else child
            )
        else:
            if last.name == "dt":
                last = Element("dd")
                groups.append(last)
            last.children.append(child)
    if last is None:
        return before
    if last.name == "dt":
        groups.append(Element("dd"))
    return [*before, element.with_children(groups)]


def _details(element: Element) -> Nodes:
    """Return what can be opened, its first line first; without one nothing is hidden."""
    lines = [child for child in element.children if isinstance(child, Element) and child.name == "summary"]
    if not lines:
        return [Element("div", "", element.children)]
    rest: Nodes = [
        Element("div", "", child.children) if isinstance(child, Element) and child in lines[1:] else child
        for child in element.children
        if child is not lines[0]
    ]
    if element.children and isinstance(element.children[0], str) and not element.children[0].strip():
        return [element.with_children([rest[0], lines[0], *rest[1:]])]
    return [element.with_children([lines[0], *rest])]


def _figure(element: Element) -> Nodes:
    """Return a figure with one caption, above or below it."""
    places = [
        place
        for place, child in enumerate(element.children)
        if isinstance(child, Element) and child.name == "figcaption"
    ]
    solid = [
        place for place, child in enumerate(element.children) if isinstance(child, Element) or child.strip()
    ]
    children = list(element.children)
    for number, place in enumerate(places):
        caption = children[place]
        if (number or place not in (solid[0], solid[-1])) and isinstance(caption, Element):
            children[place] = Element("div", "", caption.children)
    return [element.with_children(children)]


def _ruby(element: Element) -> Nodes:
    return [element] if any(_is_named(one, {"rt"}) for one in element.children) else element.children


def _row_group(element: Element) -> Nodes:
    rows = [one for one in element.children if not _is_named(one, {"tr"}) or _has_cells(one)]
    return [element.with_children(rows)] if any(isinstance(one, Element) for one in rows) else []


def _has_cells(row: Element | str) -> bool:
    return isinstance(row, Element) and any(isinstance(one, Element) for one in row.children)


def _table(element: Element) -> Nodes:
    """Return a table with rows, and a caption of no tables; columns say nothing once they have no looks."""
    has_rows = any(_is_named(one, _ROW_GROUPS) for one in element.children)
    before: Nodes = []
    parts: Nodes = []
    for part in element.children:
        if (
            isinstance(part, Element)
            and part.name == "caption"
            and not (has_rows and not _holds(part, "table"))
        ):
            before.append(Element("div", "", part.children))
        elif not _is_named(part, {"col", "colgroup"}):
            parts.append(part)
    if not has_rows:
        return before
    mend_spans([_cells(group) for group in parts if isinstance(group, Element) and group.name in _ROW_GROUPS])
    return [*before, element.with_children(parts)]


def _cells(group: Element) -> list[list[Element]]:
    rows = [row for row in group.children if isinstance(row, Element)]
    return [[cell for cell in row.children if isinstance(cell, Element)] for row in rows]


_ARRANGED: dict[str, Callable[[Element], Nodes]] = {
    "details": _details,
    "dl": _terms,
    "figure": _figure,
    "ol": _list,
    "ruby": _ruby,
    "table": _table,
    "tbody": _row_group,
    "tfoot": _row_group,
    "thead": _row_group,
    "ul": _list,
}


def _is_named(node: Element | str, names: frozenset[str] | set[str]) -> bool:
    return isinstance(node, Element) and node.name in names


def _is_block(node: Element | str) -> bool:
    return isinstance(node, Element) and node.name not in _WITHIN_WORDS


def _holds(node: Element | str, name: str) -> bool:
    return isinstance(node, Element) and (
        node.name == name or any(_holds(child, name) for child in node.children)
    )


def _has_words(nodes: Nodes) -> bool:
    return any(
        node.strip()
        if isinstance(node, str)
        else node.name in {"img", "hr", "br"} or _has_words(node.children)
        for node in nodes
    )


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
        or node.name in _VOID | _MAY_BE_EMPTY
        or node.name in _TABLE_PARTS | {"table", "tr"}
    ):
        return False
    return " id=" not in node.attributes and not node.children


def _without_id(element: Element) -> Element:
    return Element(element.name, _ID.sub("", element.attributes), element.children)
