"""Hash everything a build depends on that is no content: when the fingerprint changes, all is made anew.

It is made of what is in files and not of where they lie or when they came there, so that it is the same in
every checkout of a site, and wherever the program was installed.
"""

from __future__ import annotations

import hashlib
import os
import sys
import zlib
from functools import cache
from pathlib import Path

from newsfeed.config import bundled
from newsfeed.config.brand_files import list_brand_files
from newsfeed.config.site_layout import CONFIG, ISSUES
from newsfeed.files import read_file

_LIBRARIES = (
    "babel",
    "comrak",
    "feedgen",
    "imagesize",
    "jinja2",
    "lxml",
    "markupsafe",
    "nh3",
    "pillow",
    "python-slugify",
    "pyyaml",
    "tzdata",
)
"""Libraries whose next version may make other bytes."""
_OPTIONAL = ("font-source-serif-pro", "fonttools", "pagefind-bin", "pagefind-bin-extended")
"""Those that need not be there."""


def environment_fingerprint(root: Path) -> str:
    """Return a hash of the program, its libraries, the configuration, records of issues, templates and
    catalogues.
    """
    found = hashlib.blake2b(_loaded(), digest_size=16)
    for number, folder in enumerate(
        (root / "templates", root / "locales", root / ISSUES, bundled.templates(), bundled.locales())
    ):
        _add_folder(found, str(number), folder, "")
    _add(found, CONFIG, root / CONFIG)
    for path in list_brand_files(root):
        _add(found, path, root / path)
    return found.hexdigest()


def program_fingerprint() -> str:
    """Return a hash of the program and its libraries."""
    return _loaded().hex()


def is_current() -> bool:
    """Tell whether the program on the disk is the one that runs here, and that others will run."""
    return _program() == _loaded()


@cache
def _loaded() -> bytes:
    """Return the program that runs here: as it was at the first look, for it may be replaced meanwhile."""
    return _program()


def _program() -> bytes:
    found = hashlib.blake2b(repr((sys.version, zlib.ZLIB_RUNTIME_VERSION, *_installed())).encode())
    _add_folder(found, "newsfeed", Path(__file__).parents[2], ".py")
    return found.digest()


def _installed() -> list[str]:
    """Return our libraries with their versions, as the folders that describe them are called: to ask each
    for its version takes longer than a build in which nothing changed.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = [entry.name for entry in os.scandir(folder or os.curdir)]
        except OSError:  # an archive, or nothing
            continue
        for name in names:
            library = name.partition("-")[0].lower().replace("_", "-")
            if library in (*_LIBRARIES, *_OPTIONAL) and name.endswith((".dist-info", ".egg-info")):
                found.setdefault(library, name)
    for library in _LIBRARIES:
        if library not in found:
            from importlib.metadata import version

            found[library] = version(library)
    return sorted(found.values())


def _add_folder(found: hashlib.blake2b, name: str, folder: Path, ending: str) -> None:
    """Add all files of a folder that have an ending, by their paths below it."""
    start = len(f"{folder}{os.sep}")
    for path in _files(folder, ending):
        _add(found, f"{name}/{path[start:]}", path)


def _files(folder: Path, ending: str) -> list[str]:
    return sorted(
        f"{above}{os.sep}{name}"
        for above, _, names in os.walk(folder, followlinks=True)
        for name in names
        if name.endswith(ending)
    )


def _add(found: hashlib.blake2b, name: str, path: str | Path) -> None:
    try:
        data = read_file(path)
    except OSError as error:
        data = str(error.strerror).encode()
    found.update(f"{name}\0{len(data)}\0".encode("utf-8", "surrogateescape"))
    found.update(data)
