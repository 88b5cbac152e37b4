"""Colours that can be read on light and dark pages."""

import re
from pathlib import Path

import pytest

from newsfeed.core.site import colours

STYLE = Path(__file__).parents[3] / "templates" / "style.css"


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#777777", "#ffffff", 4.48)],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    """In both directions."""
    assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert colours.contrast(other, one) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("text", ["#0b5d57", "#0B5D57", "#ABC"])
def test_hexadecimal_colours_are_read(text):
    """Short or long, in capitals or not."""
    assert re.fullmatch("#[0-9a-f]{6}", colours.parse_colour(text))


@pytest.mark.parametrize("text", ["", "green", "0b5d57", "#0b5d5", "#0b5d57;}", "#0b5d57ff", "rgb(0,0,0)"])
def test_nothing_else_is_a_colour(text):
    """Above all nothing that could end a rule of the style sheet."""
    assert colours.parse_colour(text) == ""


@pytest.mark.parametrize("colour", ["#ffcc00", "#ff0000", "#00aaff", "#ffffff", "#000000", "#7a1f5c"])
def test_a_shade_can_be_read_where_it_is_used(colour):
    """And one that can be read already stays."""
    dark, light = colours.darken(colour), colours.lighten(colour)
    assert colours.contrast(dark, colours.LIGHT_SOFT) >= colours.ENOUGH
    assert colours.contrast(light, colours.DARK_SOFT) >= colours.ENOUGH
    assert colours.darken(dark) == dark


def test_the_grounds_are_those_of_the_style_sheet():
    """Light ones first, dark ones behind."""
    style = STYLE.read_text()
    assert re.findall(r"--paper: (#\w{6})", style)[:2] == [colours.LIGHT_PAPER, colours.DARK_PAPER]
    assert re.findall(r"--soft: (#\w{6})", style)[:2] == [colours.LIGHT_SOFT, colours.DARK_SOFT]
