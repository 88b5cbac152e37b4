"""The sizes in which pages offer a picture: browsers take the smallest that is sharp enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsfeed.model import Asset

_WIDTHS = (320, 640, 960, 1280)
"""A column of text is 560 pixels wide, and twice that on a sharp screen; a phone is 360."""
PLAIN_WIDTH = 1200
"""Of what feeds and social networks show."""
MAIL_WIDTH = 400
"""A mail shows pictures 176 pixels wide at most."""
_PLAIN_TYPES = frozenset({"image/jpeg", "image/png", "image/gif"})
"""What every mail program and feed reader shows; Outlook shows no others."""


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


def find_plain_form(path: str, asset: Asset, most: int) -> tuple[str, int, int]:
    """Return the form of a picture that every program shows, as output path, width and height: the picture
    itself, or a JPEG or PNG that is made of it. A sent mail shows it for years, so its path says nothing of
    what is in it.

    path: where the picture is published.
    most: pixels, which it is hardly wider than.
    """
    if not asset.digest or (asset.media_type in _PLAIN_TYPES and asset.width <= most):
        return path, asset.width, asset.height
    width = min(most, asset.width)
    height = max(1, round(asset.height * width / asset.width))
    return f"{path}.{most}.{asset.plain_ending}", width, height
