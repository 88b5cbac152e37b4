"""Keep the mark of a store in a file outside it, and say where this is."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.errors import OutsideError, reason_of
from newsfeed.files import make_private_folder, read_file, write_private
from newsfeed.instance_records import Place, PlaceMark, StoreMark
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

_MACHINE = Path("/etc/machine-id")


def find_place(root: Path, store_file: Path | None) -> Place:
    """Return where a site is: this machine, its folder, and the file of its store, if it is one."""
    return Place(_read_machine_id(), str(root.resolve()), _number_of(store_file))


def read_place_mark(path: Path) -> PlaceMark | None:
    """Read the mark; ``None`` when there is no file. Raises `OutsideError` when it cannot be read or used."""
    try:
        data = json.loads(read_file(path))
        return PlaceMark(
            StoreMark(str(data["fence"]), int(data["generation"])),
            Place(str(data["machine"]), str(data["path"]), int(data["file_number"])),
        )
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutsideError(
            N_("{path} cannot be read: {reason}"), path=path, reason=reason_of(error)
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise OutsideError(
            N_("{path} does not say which store is sent from here"),
            N_("remove it and run newsfeed activate"),
            path=path,
        ) from error


def write_place_mark(path: Path, kept: PlaceMark) -> None:
    """Write the mark in place of the one before. Raises `OutsideError`."""
    data: Mapping[str, object] = {
        "fence": kept.mark.fence,
        "generation": kept.mark.generation,
        "machine": kept.place.machine,
        "path": kept.place.path,
        "file_number": kept.place.file_number,
    }
    try:
        make_private_folder(path.parent)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        write_private(temporary, json.dumps(data).encode() + b"\n")
        os.replace(temporary, path)
    except OSError as error:
        raise OutsideError(
            N_("{path} cannot be written: {reason}"), path=path, reason=reason_of(error)
        ) from error


def _read_machine_id() -> str:
    try:
        return _MACHINE.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def _number_of(file: Path | None) -> int:
    try:
        return file.stat().st_ino if file is not None else 0
    except OSError:
        return 0
