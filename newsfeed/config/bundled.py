"""Files that travel with the program, in a wheel or in a checkout: templates, catalogues, a host's script."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def folder(name: str) -> Path:
    """Return the folder ``templates``, ``locales`` or ``deploy`` shipped with this installation."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_bundled" / name
    return installed if installed.is_dir() else package.parent / name


def templates() -> Path:
    """Return the folder of the shipped Jinja2 templates."""
    return folder("templates")


def locales() -> Path:
    """Return the folder of the shipped gettext catalogues."""
    return folder("locales")


def deploy() -> Path:
    """Return the folder of what ``newsfeed deploy`` brings to a host."""
    return folder("deploy")
