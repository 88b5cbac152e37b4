"""Shipped templates, compiled once by each process that runs tests: hundreds of tests build whole sites."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from unittest.mock import patch

from jinja2 import Environment

SHIPPED = Path(__file__).resolve().parents[1] / "templates"


@contextmanager
def compile_shipped_once() -> Generator[None, None, None]:
    """Remember what Jinja2 makes of the shipped templates. Where it is kept, what is taken from the cache of a
    site and what a site's own templates become is left to the program.
    """
    compiled: dict[object, CodeType] = {}
    compile_anew = Environment.compile

    def compile_once(self: Environment, source: str, name: str, filename: str | None = None) -> CodeType:
        if filename is None or not Path(filename).is_relative_to(SHIPPED):
            return compile_anew(self, source, name, filename)
        key = source, name, filename, frozenset(self.filters), frozenset(self.extensions)
        if key not in compiled:
            compiled[key] = compile_anew(self, source, name, filename)
        return compiled[key]

    with patch.object(Environment, "compile", compile_once):
        yield
