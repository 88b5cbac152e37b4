"""Voices made of a few sentences."""

import gettext
from io import BytesIO

from babel.messages import Catalog
from babel.messages.mofile import write_mo

from newsfeed.cli.output.voice import Voice

Forms = tuple[str, ...]


def a_voice(sentences: dict[str | Forms, str | Forms], locale: str = "de") -> Voice:
    """A voice with these translations; sentences that depend on a number are pairs."""
    catalog = Catalog(locale=locale)
    for message, string in sentences.items():
        catalog.add(message, string)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Voice(gettext.GNUTranslations(compiled), locale)
