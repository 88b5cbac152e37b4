"""The signs of shipped translations, as printers of each language set them."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po

from newsfeed.config import bundled

DOMAINS = ("newsfeed", "problems")
LOOSE = re.compile(r"[\w»)}\]…](?: :|[ \u00a0][;!?])(?=\s|$)")
"""A sign that a line could begin with, as nothing holds it (Imprimerie nationale)."""


def sentences(lang: str, domain: str) -> Iterator[str]:
    """All translations, with their plurals."""
    with (bundled.locales() / lang / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        for message in read_po(file, locale=lang):
            if message.id:
                yield from [message.string] if isinstance(message.string, str) else message.string


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_french_line_begins_with_a_colon_or_question_mark(domain: str) -> None:
    """A no-break space stands before a colon, a narrow one before ``;``, ``!`` and ``?``."""
    assert [one for one in sentences("fr", domain) if LOOSE.search(one)] == []


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize(("lang", "foreign"), [("de", "«»"), ("fr", "„“"), ("nl", "«»„")])
def test_quotes_are_those_of_the_language(lang: str, foreign: str, domain: str) -> None:
    """None of another one came in with a translation."""
    assert [one for one in sentences(lang, domain) if set(foreign) & set(one)] == []
