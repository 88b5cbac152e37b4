"""Mark sentences for translators, and carry them with their parameters until they are shown.

A marked sentence is a plain string; it is translated where it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def N_(message: str) -> str:
    """Mark a sentence for editors and operators for extraction into ``problems.pot``."""
    return message


def NN_(singular: str, plural: str) -> tuple[str, str]:
    """Mark a sentence that depends on a number for extraction into ``problems.pot``."""
    return singular, plural


def msgid(message: str) -> str:
    """Mark a sentence for readers for extraction into ``newsfeed.pot``."""
    return message


class FileSize(int):
    """A number of bytes, shown to people as ``1.2 MB``."""

    def scaled(self) -> tuple[float, str]:
        """Return a number and its unit: rounded up, so that what is above a limit is seen to be."""
        for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
            if self >= unit:
                return ceil(self * 10 / unit) / 10, name
        return int(self), "B"

    def __str__(self) -> str:
        number, unit = self.scaled()
        return f"{number:g} {unit}"


@dataclass(frozen=True, slots=True, init=False)
class Sentence:
    """A marked sentence, and what goes into its placeholders: said in the language of whoever reads it.

    A parameter may be a sentence itself or a tuple of them, a moment (shown in the zone it carries), a
    number, or a `FileSize`.
    """

    message: str
    params: tuple[tuple[str, object], ...]

    def __init__(self, message: str, /, **params: object) -> None:
        object.__setattr__(self, "message", message)
        object.__setattr__(self, "params", tuple(params.items()))

    def __bool__(self) -> bool:
        """Tell whether there is anything to say."""
        return bool(self.message)

    def __str__(self) -> str:
        """Return the English sentence: for logs and programs."""
        return fill(self.message, dict(self.params))


def fill(message: str, params: Mapping[str, object]) -> str:
    """Return a sentence with its placeholders filled; one without parameters as it is, braces and all."""
    if not params:
        return message
    return message.format_map({name: _text(value) for name, value in params.items()})


def _text(value: object) -> object:
    return SEVERAL.join(map(str, value)) if isinstance(value, tuple) else value


NOTHING = Sentence("")
"""No sentence at all."""
SEVERAL = "; "
"""Stands between sentences that fill one placeholder."""
