"""Editions found by tags and names, as tables have them."""

import pytest

from newsfeed.i18n.language_names import find_edition

EDITIONS = ("en", "de", "pt-BR")


@pytest.mark.parametrize(
    ("text", "edition"),
    [
        ("de", "de"),
        ("de-DE", "de"),
        ("en_US", "en"),
        ("de_AT.UTF-8@euro", "de"),
        ("DE-CH-1996", "de"),
        ("pt-br", "pt-BR"),
        ("ger", "de"),
        ("deu", "de"),
        ("Deutsch", "de"),
        ("GERMAN", "de"),
        ("allemand", "de"),
        ("Duits", "de"),
        ("English (United States)", "en"),
        ("Deutsch (Schweiz)", "de"),
        ("fr", ""),
        ("Klingonisch", ""),
        ("", ""),
    ],
)
def test_a_language_is_found_by_tag_or_name(text, edition):
    """RFC 4647 lookup, then names in the languages of the site and the program."""
    assert find_edition(text, EDITIONS) == edition
