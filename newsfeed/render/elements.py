"""Elements of a text as a tree, while its HTML is mended; read from HTML and written as HTML again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsfeed.core.site.places import IDS_OF_PAGE
from newsfeed.render.attributes import mend_attributes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOKEN = re.compile(r"""<(/?)([a-z][a-z0-9]*)((?:[^<>"]|"[^"]*")*)>|[^<]+|<""")
_ID = re.compile(r' id="[^"]*"')
VOID = frozenset({"br", "col", "hr", "img", "wbr"})


@dataclass(slots=True)
class Element:
    """One element: its name, its attributes as they are written, and what is in it."""

    name: str
    attributes: str = ""
    children: list[Element | str] = field(default_factory=list)

    def with_children(self, children: Sequence[Element | str]) -> Element:
        """Return this element around something else."""
        return Element(self.name, self.attributes, list(children))


Nodes = list[Element | str]


def read_tree(html: str) -> Element:
    """Return an element without a name around all of a text; ids that stand there twice only stay once.

    ``html``: what the sanitiser wrote, with every element closed.
    """
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
            if name not in VOID:
                open_ones.append(element)
        elif open_ones[-1].name == name:
            open_ones.pop()
    return root


def write_tree(nodes: Nodes) -> Iterator[str]:
    """Yield some nodes as HTML, piece by piece."""
    for node in nodes:
        if isinstance(node, str):
            yield node
            continue
        yield f"<{node.name}{node.attributes}>"
        if node.name not in VOID:
            yield from write_tree(node.children)
            yield f"</{node.name}>"


def is_named(node: Element | str, names: frozenset[str] | set[str]) -> bool:
    """Return whether a node is an element of one of these names."""
    return isinstance(node, Element) and node.name in names


def holds(node: Element | str, name: str) -> bool:
    """Return whether a node is an element of this name, or has one within."""
    return isinstance(node, Element) and (
        node.name == name or any(holds(child, name) for child in node.children)
    )


def without_id(element: Element) -> Element:
    """Return an element like this one, but for its id: of several that it becomes, the first keeps it."""
    return Element(element.name, _ID.sub("", element.attributes), element.children)
