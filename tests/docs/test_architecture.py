"""docs/architecture.md against the modules there are; names of modules in every other page too."""

import ast
import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, REPOSITORY, read

PACKAGE = REPOSITORY / "newsfeed"
_NAMED = re.compile(r"(?<![\w./-])((?:[a-z0-9_]+/)*(?:[a-z0-9_]+\.py|[a-z0-9_]+/))(?![\w.])")
EXAMPLES = ("locales/es/LC_MESSAGES/site.po",)
"""Paths in a site of somebody else."""
_LIMIT = 1400
"""Words on two printed pages, tables included."""


def test_every_module_named_exists() -> None:
    """Paths are relative to the package, or to the repository."""
    named = set(_NAMED.findall(read("docs/architecture.md")))
    assert len(named) > 50
    assert [name for name in named if not any((root / name).exists() for root in (PACKAGE, REPOSITORY))] == []


def test_every_module_of_the_first_floor_is_named() -> None:
    """A module or package that is added to newsfeed gets a place in the picture."""
    named = set(_NAMED.findall(read("docs/architecture.md")))
    there = {path.name for path in PACKAGE.glob("*.py")} - {"__init__.py"}
    there |= {f"{path.parent.name}/" for path in PACKAGE.glob("*/__init__.py")}
    assert there - named == set()


def test_every_room_of_the_core_is_named() -> None:
    """Decisions are looked for by their subject."""
    named = set(_NAMED.findall(read("docs/architecture.md")))
    assert {f"core/{path.parent.name}/" for path in (PACKAGE / "core").glob("*/__init__.py")} - named == set()


@pytest.mark.parametrize("room", sorted(PACKAGE.rglob("__init__.py")), ids=lambda room: room.parent.name)
def test_every_room_says_what_belongs_there(room: Path) -> None:
    """Whoever opens a folder reads it first."""
    assert (ast.get_docstring(ast.parse(room.read_text(encoding="utf-8"))) or "").strip()


def test_the_floors_are_those_that_are_enforced() -> None:
    """From top to bottom, as the layers in pyproject.toml."""
    contract = re.search(r"layers = \[\n(.*?)\n\]", read("pyproject.toml"), re.DOTALL)
    assert contract is not None
    layers = [set(re.findall(r"newsfeed\.(\w+)", line)) for line in contract[1].splitlines()]
    picture = read("docs/architecture.md").split("```text\n")[2].split("```")[0]
    floors = [
        {name.strip("/").removesuffix(".py") for name in _NAMED.findall(line)}
        for line in picture.splitlines()
    ]
    order = {name: number for number, names in enumerate(layers) for name in names}
    drawn = {name: number for number, names in enumerate(floors) for name in names if name in order}
    assert set(drawn) == set(order)
    by_drawing = sorted(order, key=lambda name: (drawn[name], order[name]))
    assert [order[name] for name in by_drawing] == sorted(order.values())


def test_it_stays_under_two_pages() -> None:
    """A picture that nobody reads to the end is no picture."""
    assert len(read("docs/architecture.md").split()) < _LIMIT


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_files_named_in_a_page_exist(page: Path) -> None:
    """Paths in code marks that begin with a folder of the repository; those of examples aside."""
    named = re.findall(r"`((?:newsfeed|tests|templates|docs|locales)/[\w./-]+)`", page.read_text("utf-8"))
    assert [name for name in named if not (REPOSITORY / name).exists() and name not in EXAMPLES] == []
