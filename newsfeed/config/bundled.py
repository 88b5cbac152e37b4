"""Files that travel with the program: templates and catalogues, in a wheel or in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def folder(name: str) -> Path:
    """Return the folder ``templates`` or ``locales`` shipped with this installation."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_bundled" / name
    return installed if installed.is_dir() else package.parent / name


def templates() -> Path:
    """Return the folder of the shipped Jinja2 templates."""
    return folder("templates")


def locales() -> Path:
    """Return the folder of the shipped gettext catalogues."""
    return folder("locales")
