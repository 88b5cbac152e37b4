"""Language tags: their case, and who stands in for whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.content.languages import canonicalise_tag, find_first_available, match_language


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("en", "en"),
        ("EN", "en"),
        ("pt_br", "pt-BR"),
        ("PT-br", "pt-BR"),
        ("sr_latn", "sr-Latn"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("de-1996", "de-1996"),
        ("DE-CH-1996", "de-CH-1996"),
        ("es-419", "es-419"),
        ("sl-ROZAJ", "sl-rozaj"),
        (" fr ", "fr"),
        ("", ""),
        ("-", "-"),
    ],
)
def test_a_tag_has_the_case_of_the_standard(written, tag):
    """RFC 5646, section 2.1.1: language small, script as a name, region in capitals."""
    assert canonicalise_tag(written) == tag


@given(st.text(max_size=20))
def test_the_usual_case_is_final(text):
    """Asking again changes nothing, whatever the text."""
    once = canonicalise_tag(text)
    assert canonicalise_tag(once) == once


@pytest.mark.parametrize(
    ("chain", "found"),
    [
        (("de", "en"), ("de", "Text")),
        (("fr", "en"), ("en", "text")),
        (("nl", "fr", "de", "en"), ("de", "Text")),
        (("fr", "nl"), None),
        ((), None),
    ],
)
def test_the_first_language_of_a_chain_that_has_a_text_wins(chain, found):
    """In the order of the reader."""
    assert find_first_available(chain, {"en": "text", "de": "Text"}) == found


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("de-CH", "de"),
        ("de_CH", "de"),
        ("de-CH-1996", "de"),
        ("pt", "en"),
        ("pt-BR", "pt-BR"),
        ("pt-PT", "en"),
        ("xx", "en"),
        ("", "en"),
    ],
)
def test_a_wanted_tag_is_cut_until_it_is_there(wanted, found):
    """RFC 4647 lookup: de-CH means de where there is no Swiss edition."""
    assert match_language(wanted, ("en", "de", "pt-BR"), "en") == found
