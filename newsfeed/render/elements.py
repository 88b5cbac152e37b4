"""An element of a text while its HTML is mended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


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
