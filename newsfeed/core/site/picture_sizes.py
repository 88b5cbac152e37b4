"""The sizes in which pages offer a picture: browsers take the smallest that is sharp enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsfeed.model import Asset

_WIDTHS = (320, 640, 960, 1280)
"""A column of text is 560 pixels wide, and twice that on a sharp screen; a phone is 360."""


def list_widths(asset: Asset) -> tuple[int, ...]:
    """Return the widths in which a picture is made: none wider than it is, and none of what is small."""
    if not asset.digest or asset.width <= _WIDTHS[0]:
        return ()
    return tuple(dict.fromkeys(min(width, asset.width) for width in _WIDTHS))


def make_size_path(path: str, asset: Asset, width: int) -> str:
    """Return the output path of a picture in another width: beside it, and named after what is in it."""
    return f"{path}.{asset.digest}.{width}.webp"


def make_srcset(path: str, asset: Asset, address: Callable[[str], str]) -> str:
    """Return the addresses of all widths of a picture, for ``srcset``; empty where it is in one size."""
    return ", ".join(
        f"{address(make_size_path(path, asset, width))} {width}w" for width in list_widths(asset)
    )
