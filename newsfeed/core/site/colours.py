"""Colours that can be read: contrast as WCAG counts it, and the nearest shade that has enough."""

from __future__ import annotations

import re

LIGHT_PAPER, LIGHT_SOFT = "#fcfcfa", "#eff4f1"
DARK_PAPER, DARK_SOFT = "#121817", "#1b2523"
"""Grounds of the shipped style sheet, on which links stand."""
ENOUGH = 4.5
"""Contrast of words and their ground (WCAG 2.2, 1.4.3)."""
_COMFORTABLE = 6.0
"""A shade that is made for dark pages is taken this far, so that it looks as calm as the rest."""
_STEPS = 50
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def parse_colour(text: str) -> str:
    """Return a colour as ``#rrggbb``; empty when it is none."""
    if not _HEX.fullmatch(text):
        return ""
    digits = text[1:].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def darken(colour: str, ground: str = LIGHT_SOFT) -> str:
    """Return the nearest darker shade of a colour that can be read on a light ground."""
    return _toward("#000000", colour, ground, ENOUGH)


def lighten(colour: str, ground: str = DARK_SOFT) -> str:
    """Return the nearest lighter shade of a colour that can be read at ease on a dark ground."""
    return _toward("#ffffff", colour, ground, _COMFORTABLE)


def mix(one: str, other: str, share: float) -> str:
    """Return a colour with so much of another one in it, 0 to 1."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _toward(end: str, colour: str, ground: str, wanted: float) -> str:
    shades = (mix(colour, end, step / _STEPS) for step in range(_STEPS + 1))
    return next((shade for shade in shades if contrast(shade, ground) >= wanted), end)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
