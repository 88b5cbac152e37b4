"""A backup as a file: a ZIP archive of JSON lines that any program can read, for its owner's eyes only.

``manifest.json`` says what is in it; ``store/TABLE.jsonl`` has a row a line, bytes as ``{"base64": …}``;
``secret`` and ``keys/NAME`` are files as they were. Each part has a checksum, so damage is seen.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import zipfile
import zlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from newsfeed.errors import OutsideError, UsageError, reason_of
from newsfeed.files import open_descriptor
from newsfeed.instance_records import StoredTable
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

FORMAT = 1
"""Grows when older programs cannot read what newer ones write."""
_MANIFEST, _SECRET, _KEYS, _STORE = "manifest.json", "secret", "keys/", "store/"
_LONGEST_PART = 1 << 20
"""Bytes of a manifest, a secret or a key: more is none."""


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """All that a backup says about itself."""

    at: datetime
    program: str
    revision: str
    """The schema of its tables."""
    rows: Mapping[str, int]
    """Table → number of rows."""
    numbers: Mapping[str, int]
    """Table → highest number it has ever given to a row."""


@dataclass(frozen=True, slots=True)
class BackupSecrets:
    """The files beside the store without which it is of little use."""

    secret: bytes = field(repr=False)
    keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Selector of a signing key → its PEM file."""


@contextmanager
def new_backup(path: Path) -> Iterator[zipfile.ZipFile]:
    """Write a backup beside its place; it gets its name when it is whole and on the disk.

    Raises `UsageError` when there is such a file already, `OutsideError` when it cannot be written.
    """
    if os.path.lexists(path):
        raise UsageError(
            N_("{path} is there already"), N_("backups are never overwritten: give another name"), path=path
        )
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "w+b") as file:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                    yield archive
                file.flush()
                os.fsync(file.fileno())
            os.link(temporary, path)
        finally:
            with suppress(FileNotFoundError):
                temporary.unlink()
    except OSError as error:
        raise OutsideError(
            N_("{path} cannot be written: {reason}"), path=path, reason=reason_of(error)
        ) from error


def write_tables(
    archive: zipfile.ZipFile, tables: Iterable[StoredTable], observe: Callable[[int], None]
) -> dict[str, int]:
    """Write the rows of tables; return table → number of rows. ``observe``: is told the number so far."""
    counts: dict[str, int] = {}
    so_far = itertools.count(1)
    for one in tables:
        counts[one.name] = 0
        with archive.open(f"{_STORE}{one.name}.jsonl", "w", force_zip64=True) as part:
            part.write(_line(one.columns))
            for row in one.rows:
                part.write(_line([_as_json(value) for value in row]))
                counts[one.name] += 1
                observe(next(so_far))
    return counts


def write_rest(archive: zipfile.ZipFile, manifest: BackupManifest, secrets: BackupSecrets) -> None:
    """Write the secret, the keys and, last, the manifest: without it a backup is none."""
    archive.writestr(_SECRET, secrets.secret)
    for name, pem in secrets.keys.items():
        archive.writestr(_KEYS + name, pem)
    data = {
        "format": FORMAT,
        "at": manifest.at.isoformat(),
        "program": manifest.program,
        "revision": manifest.revision,
        "rows": dict(manifest.rows),
        "numbers": dict(manifest.numbers),
    }
    archive.writestr(_MANIFEST, json.dumps(data, indent=1) + "\n")


class Backup:
    """A backup that can be read. Its own names are never used as paths."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive = archive
        self._path = path
        self.manifest = self._read_manifest()

    def secrets(self) -> BackupSecrets:
        """Read the secret and the keys."""
        names = [name for name in self._archive.namelist() if name.startswith(_KEYS)]
        return BackupSecrets(
            self._part(_SECRET), {name.removeprefix(_KEYS): self._part(name) for name in names}
        )

    def tables(self, observe: Callable[[int], None]) -> Iterator[StoredTable]:
        """Yield the tables, in the order in which they were written; ``observe`` as in `write_tables`."""
        so_far = itertools.count(1)
        for name in self.manifest.rows:
            with self._archive.open(f"{_STORE}{name}.jsonl") as part:
                lines = iter(part)
                columns = tuple(json.loads(next(lines, b"")))
                yield StoredTable(name, columns, _rows(lines, so_far, observe))

    def _read_manifest(self) -> BackupManifest:
        data = json.loads(self._part(_MANIFEST))
        if int(data["format"]) > FORMAT:
            raise OutsideError(
                N_("{path} was made by a newer newsfeed ({program})"),
                N_("install the newer program"),
                path=self._path,
                program=str(data["program"]),
            )
        return BackupManifest(
            datetime.fromisoformat(data["at"]),
            str(data["program"]),
            str(data["revision"]),
            {str(name): int(number) for name, number in data["rows"].items()},
            {str(name): int(number) for name, number in data["numbers"].items()},
        )

    def _part(self, name: str) -> bytes:
        if self._archive.getinfo(name).file_size > _LONGEST_PART:
            raise ValueError(name)
        return self._archive.read(name)


@contextmanager
def open_backup(path: Path) -> Iterator[Backup]:
    """Open a backup. Raises `OutsideError` when it cannot be read, is none or is damaged, also while it is
    being read.
    """
    try:
        with os.fdopen(open_descriptor(path), "rb") as file, zipfile.ZipFile(file) as archive:
            yield Backup(archive, path)
    except OSError as error:
        raise OutsideError(
            N_("{path} cannot be read: {reason}"), path=path, reason=reason_of(error)
        ) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError) as error:
        raise OutsideError(
            N_("{path} is no backup of newsfeed, or it is damaged"), N_("take another one"), path=path
        ) from error


def _line(values: Sequence[object]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _rows(
    lines: Iterator[bytes], so_far: Iterator[int], observe: Callable[[int], None]
) -> Iterator[Sequence[object]]:
    for line in lines:
        observe(next(so_far))
        yield [_from_json(value) for value in json.loads(line)]


def _as_json(value: object) -> object:
    if isinstance(value, (bytes, memoryview)):
        return {"base64": base64.b64encode(bytes(value)).decode("ascii")}
    return value


def _from_json(value: Any) -> object:
    return base64.b64decode(value["base64"], validate=True) if isinstance(value, dict) else value
