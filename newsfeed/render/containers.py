"""Mend elements that hold only certain others, in order: lists, terms, figures, details, ruby, tables."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from newsfeed.render.elements import Element, Nodes, holds, is_named
from newsfeed.render.table_spans import mend_spans

if TYPE_CHECKING:
    from collections.abc import Callable

_ROW_GROUPS = frozenset({"tbody", "thead", "tfoot"})


def wrap_stray_children(nodes: Nodes, parent: str) -> Nodes:
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
    return [element] if any(is_named(one, {"rt"}) for one in element.children) else element.children


def _row_group(element: Element) -> Nodes:
    rows = [one for one in element.children if not is_named(one, {"tr"}) or _has_cells(one)]
    return [element.with_children(rows)] if any(isinstance(one, Element) for one in rows) else []


def _has_cells(row: Element | str) -> bool:
    return isinstance(row, Element) and any(isinstance(one, Element) for one in row.children)


def _table(element: Element) -> Nodes:
    """Return a table with rows, and a caption of no tables; columns say nothing once they have no looks."""
    has_rows = any(is_named(one, _ROW_GROUPS) for one in element.children)
    before: Nodes = []
    parts: Nodes = []
    for part in element.children:
        if (
            isinstance(part, Element)
            and part.name == "caption"
            and not (has_rows and not holds(part, "table"))
        ):
            before.append(Element("div", "", part.children))
        elif not is_named(part, {"col", "colgroup"}):
            parts.append(part)
    if not has_rows:
        return before
    mend_spans([_cells(group) for group in parts if isinstance(group, Element) and group.name in _ROW_GROUPS])
    return [*before, element.with_children(parts)]


def _cells(group: Element) -> list[list[Element]]:
    rows = [row for row in group.children if isinstance(row, Element)]
    return [[cell for cell in row.children if isinstance(cell, Element)] for row in rows]


def order_children(element: Element) -> Nodes:
    """Return what an element becomes whose children must be certain others, in a certain order."""
    arrangement = _ARRANGED.get(element.name)
    return arrangement(element) if arrangement else [element]


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
