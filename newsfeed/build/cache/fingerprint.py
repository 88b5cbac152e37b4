"""The name of everything a build depends on that is no content: when it changes, all is made anew."""

from __future__ import annotations

import hashlib
import os
import sys
import zlib
from functools import cache
from pathlib import Path

from newsfeed.build.cache.known import stamp_of
from newsfeed.config import bundled
from newsfeed.config.site_layout import CONFIG

_LIBRARIES = (
    "babel",
    "comrak",
    "feedgen",
    "imagesize",
    "jinja2",
    "lxml",
    "markupsafe",
    "nh3",
    "python-slugify",
    "pyyaml",
    "tzdata",
)
"""Libraries whose next version may make other bytes."""


def surroundings(root: Path) -> str:
    """A hash of the program, its libraries, the configuration, templates and catalogues."""
    found = hashlib.blake2b(_loaded(), digest_size=16)
    for folder in (root / "templates", root / "locales", bundled.templates(), bundled.locales()):
        for path in _files(folder, ""):
            _add(found, path)
    _add(found, str(root / CONFIG))
    return found.hexdigest()


def is_current() -> bool:
    """Whether the program on the disk is the one that runs here, and that others will run."""
    return _program() == _loaded()


@cache
def _loaded() -> bytes:
    """The program that runs here: as it was at the first look, for it may be replaced meanwhile."""
    return _program()


def _program() -> bytes:
    found = hashlib.blake2b(repr((sys.version, zlib.ZLIB_RUNTIME_VERSION, *_installed())).encode())
    for path in _files(Path(__file__).parents[2], ".py"):
        found.update(f"{path}\0{stamp_of(path)}\0".encode("utf-8", "surrogateescape"))
    return found.digest()


def _installed() -> list[str]:
    """Our libraries with their versions, as the folders that describe them are called: to ask each for its
    version takes longer than a build in which nothing changed.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = [entry.name for entry in os.scandir(folder or os.curdir)]
        except OSError:  # an archive, or nothing
            continue
        for name in names:
            library = name.partition("-")[0].lower().replace("_", "-")
            if library in _LIBRARIES and name.endswith((".dist-info", ".egg-info")):
                found.setdefault(library, name)
    for library in _LIBRARIES:
        if library not in found:
            from importlib.metadata import version

            found[library] = version(library)
    return sorted(found.values())


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
