"""The name of everything a build depends on that is no content: when it changes, all is made anew."""

from __future__ import annotations

import hashlib
import os
import sys
from importlib.metadata import version
from pathlib import Path

from newsfeed import bundled
from newsfeed.config import NAME

_LIBRARIES = ("babel", "comrak", "feedgen", "imagesize", "jinja2", "lxml", "markupsafe", "nh3", "pyyaml")
"""Libraries whose next version may make other bytes."""


def surroundings(root: Path) -> str:
    """A hash of the program, its libraries, the configuration, templates and catalogues."""
    found = hashlib.blake2b(digest_size=16)
    found.update(repr((sys.version, *(version(name) for name in _LIBRARIES))).encode())
    for path in _files(Path(__file__).parent.parent, ".py"):
        looks = os.stat(path)
        found.update(f"{path}\0{looks.st_size}\0{looks.st_mtime_ns}\0".encode("utf-8", "surrogateescape"))
    for folder in (root / "templates", root / "locales", bundled.templates(), bundled.locales()):
        for path in _files(folder, ""):
            _add(found, path)
    _add(found, str(root / NAME))
    return found.hexdigest()


def _files(folder: Path, ending: str) -> list[str]:
    return sorted(
        f"{above}{os.sep}{name}"
        for above, _, names in os.walk(folder, followlinks=True)
        for name in names
        if name.endswith(ending)
    )


def _add(found: hashlib.blake2b, path: str) -> None:
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        data = str(error.strerror).encode()
    found.update(f"{path}\0{len(data)}\0".encode("utf-8", "surrogateescape"))
    found.update(data)
