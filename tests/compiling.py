"""Shipped templates, catalogues and SQL statements, compiled once by each process that runs tests: hundreds of tests
build whole sites, or open a store.
"""

from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from types import CodeType
from typing import IO
from unittest.mock import patch

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import Environment
from sqlalchemy import Engine, create_engine

from newsfeed.i18n import catalogues
from newsfeed.stores.sql import postgresql, sqlite

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


@contextmanager
def parse_catalogues_once() -> Generator[None, None, None]:
    """Remember what Babel reads from the bytes of a catalogue, which nobody changes. Mistakes are found anew."""

    @lru_cache(maxsize=64)
    def parsed(data: bytes, options: tuple[tuple[str, object], ...]) -> Catalog:
        return read_po(BytesIO(data), **dict(options))  # type: ignore[arg-type]

    def parse_once(file: IO[bytes], **options: object) -> Catalog:
        return parsed(file.read(), tuple(sorted(options.items())))

    with patch.object(catalogues, "read_po", parse_once):
        yield


class _Statements(dict[tuple[object, ...], object]):
    """Compiled statements of all engines. Each has a dialect of its own, and SQLAlchemy would compile for each of
    them, though those of one class compile alike.
    """

    def get(self, key: tuple[object, ...], default: object = None) -> object:
        """What was compiled for any dialect of the same class."""
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: tuple[object, ...], value: object) -> None:
        super().__setitem__((type(key[0]), *key[1:]), value)


@contextmanager
def compile_statements_once() -> Generator[None, None, None]:
    """Remember the SQL of statements beyond the store that first used them."""
    compiled = _Statements()

    def make(*arguments: object, **options: object) -> Engine:
        engine = create_engine(*arguments, **options)  # type: ignore[call-overload]
        engine.update_execution_options(compiled_cache=compiled)
        return engine

    with patch.object(sqlite, "create_engine", make), patch.object(postgresql, "create_engine", make):
        yield
