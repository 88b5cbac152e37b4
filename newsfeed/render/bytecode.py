"""Compiled templates, which Jinja2 takes from here instead of compiling them again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from jinja2 import BytecodeCache

if TYPE_CHECKING:
    from jinja2.bccache import Bucket


class BytecodeStore(Protocol):
    """Keeps compiled templates for other processes. It is to be trusted: what it returns is run."""

    def read(self, key: str) -> bytes | None:
        """Return what was written for a key; ``None`` when there is nothing."""

    def write(self, key: str, data: bytes) -> None:
        """Keep bytes for a key, instead of those that were kept before."""


class SharedBytecode(BytecodeCache):
    """Compiled templates of a site, the same for all its languages.

    Jinja2 itself checks that they were made from the same source by the same version of Python.
    """

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}
        self.store: BytecodeStore | None = None
        """Where templates are kept beyond this process, if anywhere."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, if it has been compiled."""
        data = self._compiled.get(bucket.key)
        if data is None and self.store is not None:
            data = self.store.read(bucket.key)
        if data is not None:
            bucket.bytecode_from_string(data)
            self._compiled[bucket.key] = data

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template that was just compiled."""
        data = self._compiled[bucket.key] = bucket.bytecode_to_string()
        if self.store is not None:
            self.store.write(bucket.key, data)
