"""Sentences in compiled templates. To compile a template takes long, and languages differ in nothing but
sentences: so it is compiled once, with marks in their places, and each language puts its own there.
"""

from __future__ import annotations

import re
from types import CodeType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Speech = Mapping[str, Callable[..., str]]
    """Functions of a language by the names templates know them by."""

_FIRST, _LAST = "\ue000", "\ue001"
"""Around the number of a sentence: characters for private use, which filters and escaping leave alone."""
_MARK = re.compile(f"{_FIRST}([0-9]+){_LAST}")


class Sentences:
    """The sentences of all templates of a site, in every language."""

    def __init__(self, languages: Sequence[Speech]) -> None:
        self._languages = languages
        self._numbers: dict[tuple[object, ...], int] = {}
        self._compiled: dict[tuple[object, ...], CodeType] = {}

    def mark(self, name: str, words: Sequence[object]) -> str | None:
        """What stands for a sentence without values; ``None`` when some language fails to say it."""
        sentence = (name, *words)
        try:
            if sentence not in self._numbers:
                for speech in self._languages:
                    _say(speech, sentence)
            return f"{_FIRST}{self._numbers.setdefault(sentence, len(self._numbers))}{_LAST}"
        except (TypeError, ValueError, KeyError):  # shown with its place when the page is rendered
            return None

    def compiled(
        self, key: tuple[object, ...], compile_it: Callable[[], CodeType], speech: Speech
    ) -> CodeType:
        """A template in a language; ``compile_it`` makes it, with marks, when no language has asked yet."""
        if key not in self._compiled:
            self._compiled[key] = compile_it()
        sentences = list(self._numbers)
        return _spoken(self._compiled[key], lambda number: _say(speech, sentences[number]))


def takes_marks(source: str) -> bool:
    """Whether a template has no marks of its author's."""
    return _FIRST not in source


def _say(speech: Speech, sentence: tuple[object, ...]) -> str:
    name, *words = sentence
    return speech[str(name)](*words) % {}


def _spoken(code: CodeType, say: Callable[[int], str]) -> CodeType:
    return code.replace(co_consts=tuple([_said(one, say) for one in code.co_consts]))


def _said(value: Any, say: Callable[[int], str]) -> Any:
    """A constant, whatever is in it."""
    if isinstance(value, str):
        return _MARK.sub(lambda found: say(int(found[1])), value) if _FIRST in value else value
    if isinstance(value, CodeType):
        return _spoken(value, say)
    if isinstance(value, tuple | frozenset):
        return type(value)([_said(one, say) for one in value])
    return value
