"""What is made once for all pages and feeds of a site, kept for other processes by somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from jinja2 import BytecodeCache

if TYPE_CHECKING:
    from jinja2.bccache import Bucket


class Shelf(Protocol):
    """Values by their names, for as long as nothing they depend on changes."""

    def get(self, name: object) -> Any:
        """What was put there under a name; ``None`` when nothing was."""

    def put(self, name: object, value: object) -> None:
        """Keep a value."""


class Compiled(BytecodeCache):
    """Where Jinja2 looks for the compiled templates of a language, and puts them."""

    def __init__(self, shelf: Shelf, said: str) -> None:
        """``said``: a name of all sentences of the language, for they are compiled with the templates."""
        self._shelf = shelf
        self._said = said

    def load_bytecode(self, bucket: Bucket) -> None:
        """Jinja2 checks that it was made by the same Python from the same text."""
        found = self._shelf.get(self._name(bucket))
        if isinstance(found, bytes):
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._shelf.put(self._name(bucket), bucket.bytecode_to_string())

    def _name(self, bucket: Bucket) -> object:
        return "template", self._said, bucket.key
