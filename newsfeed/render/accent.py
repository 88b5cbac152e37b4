"""The colour of a brand as rules behind the style sheet, on light and dark pages; paper stays black."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site.colours import DARK_PAPER, LIGHT_PAPER, mix

if TYPE_CHECKING:
    from newsfeed.model import BrandColour

_FAINT = 0.6
"""Share of the ground in the colour of rules and underlines."""


def accent_rules(colour: BrandColour) -> str:
    """Return the rules that give links and marks a colour."""
    light = _root(colour.light, LIGHT_PAPER)
    dark = _root(colour.dark, DARK_PAPER)
    return (
        "\n/* -- The colour of [brand] --------------------------------------------------------------- */\n\n"
        f"@media screen {{\n  {light}\n}}\n\n"
        f"@media screen and (prefers-color-scheme: dark) {{\n  {dark}\n}}\n"
    )


def _root(accent: str, ground: str) -> str:
    return f":root {{ --accent: {accent}; --accent-rule: {mix(accent, ground, _FAINT)}; }}"
