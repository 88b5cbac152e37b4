"""Guess whether a text is in another language than its file name says: a hint, never more.

A library would know more languages, and none that is small is kept: here the most frequent words of each
language are counted, which no text of some length can do without. Languages that share many of them, such as
Danish and Norwegian, are not told apart.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOOKED_AT = 1_000
"""Characters at the beginning of a text."""
_FEWEST = 40
"""Words: a shorter text may be a list of names, or a quotation."""
_ENOUGH, _TIMES = 6, 3
"""Different frequent words that show a language; how many times as many as of its own show another."""
_WORD = re.compile(r"[^\W\d_]+")
_FREQUENT: Mapping[str, frozenset[str]] = {
    lang: frozenset(words.split())
    for lang, words in {
        "en": "the of and to in is that for it with as was on are by be this at from have has not or which",
        "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch werden",
        "fr": "le la les de des du et à en un une que qui dans pour est au par sur plus ne pas avec ce",
        "nl": "de het een van en in is dat op te voor met zijn die niet aan er om ook als bij door wordt",
        "es": "el la los las de del y en que un una por con para se es no al lo su como más fue",
        "it": "il la le lo gli di del della che e un una in per con è non si sono da al nel come",
        "pt": "o a os as de do da dos das e que em um uma para com não por se no na mais ao foi",
        "ca": "el la els les de del i que en un una per amb és no al dels es més ha seva com",
        "ro": "de și în la cu care pe un o din nu este pentru că al mai sunt ce a lui prin",
        "pl": "i w na z się do nie to jest że o jak przez dla po od za oraz są który",
        "cs": "a v na se je že s z do o to by pro jako ve které jsou jeho za při od",
        "sk": "a v na sa je že s z do o to by pre ako vo ktoré sú jeho za pri od",
        "sl": "in je v na se za da so z s ki po ne ali bi kot tudi pri iz",
        "hr": "i je u na se da za su s od koji o ne to kao a će po iz što",
        "hu": "a az és hogy nem is egy ez meg csak volt de ki mint már van vagy el aki",
        "sv": "och i att det som en på är av för med till den har inte ett om var de från",
        "da": "og i at det som en på er af for med til den har ikke et om var de fra der",
        "nb": "og i at det som en på er av for med til den har ikke et om var de fra",
        "fi": "ja on ei se että oli hän ovat myös kun joka mutta tai mukaan sekä kuin niin",
        "et": "ja on ei et ta oli see kui ka oma mis aga või ning siis selle",
        "lv": "un ir no ar par uz kas ka arī to bet kā tika gan pēc vai",
        "lt": "ir yra kad iš su tai į buvo bet kaip apie už nuo po jo prie",
        "tr": "ve bir bu da de için ile olarak çok en olan daha gibi kadar ise sonra ama",
        "id": "dan yang di dengan untuk pada dari ini itu dalam adalah tidak akan oleh sebagai juga ke",
        "sq": "të e në dhe për një me që nga ka është i si më nuk por kjo janë",
        "ru": "и в на не что с по из как к для это от а его о за но у был были или",
        "uk": "і в на не що з до та у за про як для це від його а був або але",
        "bg": "и на в да се за от е с че по не са като до му при но към",
    }.items()
}
_ALIKE = {"no": "nb", "nn": "nb", "bs": "hr", "ms": "id"}
"""Languages that share their frequent words with another."""


def guess_other_language(text: str, lang: str) -> str:
    """Return the language that a text seems to be in, if that is plainly not ``lang``; else nothing.

    ``text``: Markdown; ``lang``: BCP 47.
    """
    base = lang.partition("-")[0]
    own = _FREQUENT.get(_ALIKE.get(base, base))
    if own is None:
        return ""
    looked_at = text[:_LOOKED_AT].lower()
    if len(own.intersection(looked_at.split())) >= _ENOUGH:  # most texts: seen without looking for words
        return ""
    words = _WORD.findall(looked_at)
    if len(words) < _FEWEST:
        return ""
    different = set(words)
    count = len(different & own)
    return "" if count >= _ENOUGH else _most_alike(different, max(_ENOUGH, _TIMES * count))


def guess_language(text: str) -> str:
    """Return the language that a text seems to be in; nothing when it says too little."""
    return _most_alike(set(_WORD.findall(text[:_LOOKED_AT].lower())), _ENOUGH)


def _most_alike(words: set[str], fewest: int) -> str:
    best, most = "", fewest - 1
    for lang, frequent in _FREQUENT.items():
        number = len(words & frequent)
        if number > most:
            best, most = lang, number
    return best
