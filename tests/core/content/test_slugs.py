"""Names that become part of addresses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.core.content.slugs import is_slug, make_slug
from tests.examples import examples


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Solar Training", "solar-training"),
        ("Grüße aus Köln", "grusse-aus-koln"),
        ("L’été à Paris", "lete-a-paris"),
        ("Москва", "moskva"),
        ("北京", "bei-jing"),
        ("Ærø & Ørsted", "aero-orsted"),
        ("  --a__b--  ", "a-b"),
        ("100 %", "100"),
        ("🦀", ""),
        ("!?", ""),
        ("", ""),
    ],
)
def test_a_name_of_any_script_becomes_a_slug(name, slug):
    """Letters a–z, digits and single hyphens; empty when nothing is left."""
    assert make_slug(name) == slug


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("a", True),
        ("solar-training-2", True),
        ("2010", True),
        ("a" * 100, True),
        ("a" * 101, False),
        ("", False),
        ("A", False),
        ("a--b", False),
        ("-a", False),
        ("a-", False),
        ("a_b", False),
        ("a.b", False),
        ("a/b", False),
        ("ä", False),
        ("٣", False),
        ("a\n", False),
    ],
)
def test_a_slug_stands_in_an_address_as_it_is(text, fits):
    """At most a hundred characters of the smallest alphabet."""
    assert is_slug(text) is fits


@given(st.text(max_size=200))
@settings(max_examples=examples(100), deadline=None)
def test_what_becomes_of_a_name_is_a_slug_or_nothing(name):
    """And the slug of a slug is itself."""
    slug = make_slug(name)
    assert slug == "" or is_slug(slug)
    assert make_slug(slug) == slug
