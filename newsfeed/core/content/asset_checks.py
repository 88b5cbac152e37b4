"""Faults of the pictures and enclosures that a text publishes: readers could not open them."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from newsfeed.core.content.facts import guess_ending
from newsfeed.core.content.sniffing import LFS_POINTER, UNKNOWN_TYPE, UNREADABLE, WEB_PAGE
from newsfeed.marking import FileSize
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from newsfeed.model import Asset
    from newsfeed.settings import Limits

MEASURED = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/svg+xml"})
"""Types of pictures whose size in pixels is read; of drawings it may be missing."""
DRAWING = "image/svg+xml"
_KB = 1000


_CODES = {LFS_POINTER: "git-lfs", WEB_PAGE: "asset-web-page", UNKNOWN_TYPE: "asset-damaged"}
"""What a file's first bytes show → what is said of it; all else is only mislabelled."""
_DAMAGES = {"cut-off": "picture-cut-off"}


def check_asset(asset: Asset, where: Location, limits: Limits) -> Problem | None:
    """Return the most serious problem of a file. ``where``: the text that shows it."""
    name = posixpath.basename(asset.path)
    if asset.size > limits.attachment_size:
        size, limit = FileSize(asset.size), FileSize(limits.attachment_size)
        return problem("attachment-too-large", where, name=name, size=size, limit=limit)
    if asset.content_type == UNREADABLE:
        return problem("unreadable", where, reason=name)
    if asset.size == 0:
        return problem("asset-empty", where, name=name)
    if asset.content_type:
        return _check_content(asset, name, where)
    if asset.active:
        what, line = asset.active
        return problem("drawing-active", where, name=name, value=what, line=line)
    if asset.media_type.startswith("image/"):
        return _check_picture(asset, name, where, limits)
    return None


def _check_content(asset: Asset, name: str, where: Location) -> Problem:
    found = asset.content_type
    stem, ending = posixpath.splitext(name)
    example = stem + (guess_ending(found) or ending)
    code = _CODES.get(found, "asset-mislabelled")
    return problem(code, where, name=name, type=asset.media_type, found=found, example=example)


def _check_picture(asset: Asset, name: str, where: Location, limits: Limits) -> Problem | None:
    width, height, size = asset.width, asset.height, asset.size
    if asset.media_type == DRAWING:  # it has as many pixels as the screen gives it
        width = height = 0
    elif width * height > limits.picture_pixels:
        limit = limits.picture_pixels
        return problem("picture-too-many-pixels", where, name=name, width=width, height=height, limit=limit)
    elif asset.damage or (not width and asset.media_type in MEASURED):
        return problem(_DAMAGES.get(asset.damage, "picture-unreadable"), where, name=name)
    if size > limits.picture_size:
        return problem("picture-large", where, name=name, width=width, height=height, size=size // _KB)
    return None
