"""Read ``[brand]``: logo, favicon, colour, and the picture that social networks show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from newsfeed.core.site import colours
from newsfeed.marking import N_
from newsfeed.model import BrandColour, BrandPicture, BrandSettings, CardFont
from newsfeed.problems import Location, Problem

if TYPE_CHECKING:
    from newsfeed.config.table import Table

PictureFinder = Callable[[str, Location, bool], "BrandPicture | Problem"]
"""(path in the site, where it is said, whether a drawing will do) → the picture, or what is wrong with it."""
FontFinder = Callable[[str, Location], "CardFont | Problem"]
"""(path in the site, where it is said) → the font, or what is wrong with it; the usual one without a path."""
_MODES = ("light", "dark")


def no_pictures(path: str, where: Location, may_be_drawing: bool) -> BrandPicture | Problem:
    """Take a picture as it is named, where nobody can look at its file."""
    return BrandPicture(path)


def no_fonts(path: str, where: Location) -> CardFont | Problem:
    """Take a font as it is named, where nobody can look at its file."""
    return CardFont(path)


def read_brand(table: Table, find: PictureFinder, find_font: FontFinder) -> BrandSettings:
    """Read what the publication is known by."""
    by_mode = table.localised("logo", _MODES)
    logo = _picture(table, "logo", by_mode.get("light"), find)
    other = by_mode.by_language.get("dark", "")
    brand = BrandSettings(
        logo=logo,
        dark_logo=_picture(table, "logo", other, find) if other else None,
        favicon=_picture(table, "favicon", table.text("favicon"), find),
        colour=_colour(table),
        social_image=_picture(table, "social_image", table.text("social_image"), find, may_be_drawing=False),
        card_font=_card_font(table, find_font),
    )
    table.close()
    return brand


def _picture(
    table: Table, key: str, path: str, find: PictureFinder, *, may_be_drawing: bool = True
) -> BrandPicture | None:
    if not path:
        return None
    found = find(path, table.where_value(key, path), may_be_drawing)
    if isinstance(found, Problem):
        table.problems.append(found)
        return None
    return found


def _card_font(table: Table, find: FontFinder) -> CardFont | None:
    path = table.text("card_font")
    if not table.flag("cards", default=False):
        return None
    found = find(path, table.where_value("card_font", path) if path else table.where("cards"))
    if isinstance(found, Problem):
        table.problems.append(found)
        return None
    return replace(found, line=table.where("cards").line)


def _colour(table: Table) -> BrandColour | None:
    """Read the colour of links. One that cannot be read on light or dark pages is told, and a shade of it
    that can be takes its place.
    """
    by_mode = table.localised("colour", _MODES)
    said = {mode: by_mode.by_language.get(mode, "") for mode in _MODES}
    light = _shade(table, said["light"] or by_mode.default, colours.LIGHT_SOFT, colours.darken)
    if not light:
        return None
    dark = _shade(table, said["dark"], colours.DARK_SOFT, colours.lighten)
    return BrandColour(light, dark or colours.lighten(light))


def _shade(table: Table, text: str, ground: str, better: Callable[[str], str]) -> str:
    colour = colours.parse_colour(text)
    if not colour:
        if text:
            expected = N_("a colour such as #0b5d57")
            table.report("config-value", "colour", value=text, expected=expected)
        return ""
    found = colours.contrast(colour, ground)
    if found >= colours.ENOUGH:
        return colour
    example = better(colour)
    table.report(
        "colour-faint", "colour", value=text, found=f"{found:.1f}", least=colours.ENOUGH, example=example
    )
    return example
