"""What people write, and what the front matter wants."""

import pytest

from newsfeed.core.content.value_guesses import (
    guess_address,
    guess_date,
    guess_key,
    guess_month,
    guess_slug,
    guess_target,
    guess_words,
    guess_yes,
)
from newsfeed.i18n.key_lookup import LocalisedKeyLookup
from newsfeed.testing import settings_from


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("6.1.2026", "2026-01-06"),
        ("06.01.26", "2026-01-06"),
        ("6. Januar 2026", "2026-01-06"),
        ("Dienstag, 6. Januar 2026", "2026-01-06"),
        ("6 janvier 2026", "2026-01-06"),
        ("1er mars 2026", "2026-03-01"),
        ("January 6, 2026", "2026-01-06"),
        ("2026/01/06", "2026-01-06"),
        ("2026-1-6", "2026-01-06"),
        ("20260106", "2026-01-06"),
        ("2026-30-11", "2026-11-30"),
        ("13/06/2026", "2026-06-13"),
        ("06/13/2026", "2026-06-13"),
        ("2026-01-06 9:30", "2026-01-06 09:30"),
        ("2026-01-06 16h30", "2026-01-06 16:30"),
        ("6.1.2026 um 9 Uhr", "2026-01-06 09:00"),
        ("2026-01-06 4:30 pm", "2026-01-06 16:30"),
        ("Tue, 06 Jan 2026 16:30:00 +0100", "2026-01-06 16:30+0100"),
        ("01/06/2026", ""),
        ("2026-02-31", ""),
        ("0206-01-05", ""),
        ("soon", ""),
        ("", ""),
    ],
)
def test_a_date_is_proposed_when_it_can_be_only_one(written, meant):
    """Day and month that could be either are left to their author."""
    assert guess_date(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("01/2008", "2008-01"),
        ("2008/1", "2008-01"),
        ("Januar 2008", "2008-01"),
        ("13.2008", ""),
        ("2008", ""),
    ],
)
def test_a_month_is_proposed(written, meant):
    """For the start and end of projects."""
    assert guess_month(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"), [("ja", "yes"), ("Nein", "no"), ("oui", "yes"), ("1", "yes"), ("so", "")]
)
def test_yes_and_no_are_understood_in_other_languages(written, meant):
    """As a proposal only."""
    assert guess_yes(written) == meant


@pytest.mark.parametrize(
    ("written", "lang", "meant"),
    [
        ("für-alle", "de", "fuer-alle"),
        ("Größe", "de-AT", "groesse"),
        ("für-alle", "fr", "fur-alle"),
        ("blåbær", "da", "blaabaer"),
        ("Big News", "en", "big-news"),
    ],
)
def test_a_slug_is_proposed_as_its_language_writes_it(written, lang, meant):
    """German ü is ue; elsewhere it is u."""
    assert guess_slug(written, lang) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [("tags", "topics"), ("Autor", "authors"), ("sumary", "summary"), ("Titel", "title"), ("xyzzy", "")],
)
def test_a_key_of_another_program_or_language_is_understood(written, meant):
    """Or one that is nearly right."""
    assert guess_key(written, {"topics", "authors", "summary", "title"}) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("energy, water", "[energy, water]"),
        ("energy; wtaer", "[energy, water]"),
        ("energy water", "[energy, water]"),
        ("Energy & Climate", "energy"),
        ("Energy and climate, Water", "[energy, water]"),
        ("-energy -water", "[energy, water]"),
        ("energy, xyzzy", ""),
    ],
)
def test_words_are_proposed_by_name_and_with_their_brackets(written, meant):
    """Only when all of them are known."""
    site = settings_from(
        '[site]\ntitle = "S"\nbase_url = "https://s.example/"\nlanguages = ["en"]\nauthority = "s.example,2020"\n'
        '[topics]\nenergy = "Energy & Climate"\nwater = "Water"\n'
    )
    key_lookup = LocalisedKeyLookup(site, {})
    assert guess_words(written, site.topics, lambda name: key_lookup.find("topic", name)) == meant


@pytest.mark.parametrize(
    ("written", "code"),
    [("Kazakhstan", "KZ"), ("kasachstan", "KZ"), ("UK", "GB"), ("USA", "US"), ("KAZ", "KZ"), ("Mordor", "")],
)
def test_a_country_is_found_by_its_names(written, code):
    """In the languages of the program, by three letters, and by what people say."""
    assert LocalisedKeyLookup(settings_from(), {}).find("country", written) == code


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("www.example.org/a", "https://www.example.org/a"),
        ("example.org", "https://example.org"),
        ("me@example.org", "mailto:me@example.org"),
        ("/sponsors/", "https://s.example/sponsors/"),
        ("report.pdf", ""),
        ("/etc/passwd", ""),
        ("//", ""),
        ("", ""),
    ],
)
def test_an_address_without_its_beginning_is_completed(written, meant):
    """Of mails, of other sites, and of folders of this one."""
    assert guess_address(written, "https://s.example/") == meant


def test_a_link_to_somebodys_own_computer_is_proposed_by_its_name():
    """The file belongs beside the text; of other schemes the nearest is proposed."""
    assert guess_target("file", "file:///C:/Users/me/plan.pdf") == "plan.pdf"
    assert guess_target("file", "file:///C:%5CUsers%5Cme%5Cmy%20plan.pdf") == "my plan.pdf"
    assert guess_target("C", "C:\\Users\\me\\plan.pdf") == "plan.pdf"
    assert guess_target("htps", "htps://example.org/") == "https"
    assert guess_target("javascript", "javascript:alert(1)") == ""
