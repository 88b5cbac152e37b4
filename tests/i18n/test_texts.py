"""One language as readers meet it: words, names, dates and lists, whatever else was asked before."""

import json
import sys
from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.config import bundled
from newsfeed.core.digests.slots import find_last_slot
from newsfeed.i18n.catalogues import PROGRAM_DOMAIN, load_texts, read_catalogue
from newsfeed.i18n.texts import Catalogue, CatalogueTexts, list_countries
from newsfeed.model import Month
from newsfeed.ports import Texts
from newsfeed.settings import Settings
from newsfeed.testing import CONFIG, settings_from
from tests.mail.issues import NOW, digest, issue, read_message, reader, stories
from tests.peers.process import run

LANGUAGES = ("en", "de", "fr", "nl")
NARROW, NO_BREAK, THIN = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}", "\N{THIN SPACE}"
SETTINGS = settings_from(CONFIG + '\n[countries]\nNL = "The Netherlands"\n')


def texts_with(settings: Settings, **names: Catalogue) -> dict[str, CatalogueTexts]:
    """The editions of a site with the shipped catalogues and these names."""
    made = {}
    for language in settings.editions:
        program, _ = read_catalogue(bundled.locales(), language.code, PROGRAM_DOMAIN)
        made[language.code] = CatalogueTexts(
            language, program or Catalogue(), names.get(language.code, Catalogue()), settings
        )
    return made


NAMES = Catalogue({("topic", "Water"): ("Wasser",), ("country", "The Netherlands"): ("Holland",)})
TEXTS = texts_with(SETTINGS, de=NAMES)


def in_all(method: str, *arguments: object) -> dict[str, str]:
    """What a method says in each language."""
    return {code: getattr(words, method)(*arguments) for code, words in TEXTS.items()}


# -- dates, periods, numbers, lists --------------------------------------------------------------


def test_a_date_is_written_the_reader_s_way() -> None:
    """English is British unless the configuration says otherwise."""
    assert in_all("long_date", date(2010, 2, 4)) == {
        "en": "4 February 2010",
        "de": "4. Februar 2010",
        "fr": "4 février 2010",
        "nl": "4 februari 2010",
    }
    weekdays = in_all("weekday_date", date(2010, 2, 4))
    assert weekdays.pop("en").replace(",", "") == "Thursday 4 February 2010"
    assert weekdays == {
        "de": "Donnerstag, 4. Februar 2010",
        "fr": "jeudi 4 février 2010",
        "nl": "donderdag 4 februari 2010",
    }


def test_a_moment_is_shown_on_its_day_in_the_site_s_zone() -> None:
    """Half past eleven in the evening of London is the next day in Berlin."""
    late = datetime(2010, 2, 4, 23, 30, tzinfo=UTC)
    assert in_all("long_date", late)["de"] == "5. Februar 2010"
    assert in_all("weekday_date", late)["fr"] == "vendredi 5 février 2010"
    assert set(in_all("time", late).values()) == {"00:30"}


def test_american_english_is_to_be_had() -> None:
    """One line of the configuration."""
    american = texts_with(settings_from(CONFIG + '\n[languages.en]\nlocale = "en_US"\n'))["en"]
    assert american.long_date(date(2010, 2, 4)) == "February 4, 2010"


def test_months_stand_alone_and_with_their_year() -> None:
    """French and Dutch months are not capitalised."""
    assert in_all("month", Month(2010, 3)) == {
        "en": "March 2010",
        "de": "März 2010",
        "fr": "mars 2010",
        "nl": "maart 2010",
    }
    assert in_all("month", date(2010, 3, 17)) == in_all("month", Month(2010, 3))
    assert in_all("month_name", 8) == {"en": "August", "de": "August", "fr": "août", "nl": "augustus"}


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        (Month(2008, 1), Month(2010, 12), ("Januar 2008 – Dezember 2010", "janvier 2008 – décembre 2010")),
        (Month(2010, 1), Month(2010, 5), ("Januar–Mai 2010", "janvier – mai 2010")),
        (Month(2010, 1), Month(2010, 1), ("Januar 2010", "janvier 2010")),
        (Month(2010, 1), None, ("Januar 2010", "janvier 2010")),
        (None, Month(2010, 5), ("Mai 2010", "mai 2010")),
        (date(2010, 1, 3), None, ("3. Januar 2010", "3 janvier 2010")),
        (date(2010, 1, 3), date(2010, 1, 3), ("3. Januar 2010", "3 janvier 2010")),
        (date(2009, 3, 3), Month(2010, 2), ("März 2009 – Februar 2010", "mars 2009 – février 2010")),
        (None, None, ("", "")),
    ],
)
def test_a_period_is_written_the_reader_s_way(
    start: Month | date | None, end: Month | date | None, shown: tuple[str, str]
) -> None:
    """Months or days, what both ends share said once; an open end shows the other."""
    found = [TEXTS[code].period(start, end).replace(THIN, " ") for code in ("de", "fr")]
    assert tuple(found) == shown


def test_a_period_of_days_names_both_days() -> None:
    """Whatever way a language shortens it."""
    for code in LANGUAGES:
        found = TEXTS[code].period(date(2010, 1, 3), date(2010, 2, 15))
        assert {"3", "15", "2010"} <= set(found.replace(".", " ").replace(THIN, " ").split())


def test_numbers_have_the_reader_s_signs() -> None:
    """Thousands by comma, full stop or narrow blank; one digit after the point."""
    assert in_all("number", 1234567) == {
        "en": "1,234,567",
        "de": "1.234.567",
        "fr": f"1{NARROW}234{NARROW}567",
        "nl": "1.234.567",
    }
    assert in_all("decimal", 1234.56) == {
        "en": "1,234.6",
        "de": "1.234,6",
        "fr": f"1{NARROW}234,6",
        "nl": "1.234,6",
    }


def test_sizes_have_the_reader_s_units() -> None:
    """Also where CLDR has no long form for the number, as of bytes in Dutch."""
    nbsp = "\N{NO-BREAK SPACE}"
    assert in_all("file_size", 312) == {
        "en": f"312{nbsp}bytes",
        "de": f"312{nbsp}Byte",
        "fr": f"312{nbsp}octets",
        "nl": f"312{nbsp}byte",
    }


def test_lists_end_with_and() -> None:
    """``a, b and c``; one name stands alone, none is nothing."""
    assert in_all("together", ["a", "b", "c"]) == {
        "en": "a, b and c",
        "de": "a, b und c",
        "fr": "a, b et c",
        "nl": "a, b en c",
    }
    assert set(in_all("together", ["a"]).values()) == {"a"}
    assert set(in_all("together", []).values()) == {""}


def test_memory_does_not_mix_days_months_and_names() -> None:
    """What is remembered for one method is not told by another."""
    day = date(2010, 2, 1)
    for words in TEXTS.values():
        first = (words.long_date(day), words.weekday_date(day), words.month(day), words.month_name(2))
        again = (words.long_date(day), words.weekday_date(day), words.month(day), words.month_name(2))
        assert first == again
        assert len(set(first)) == 4
        assert words.month(Month(2000, 2)) != words.month_name(2) == words.month_name(2)


# -- words and plurals -----------------------------------------------------------------------------

STORIES = ("{number} story", "{number} stories")


def test_plurals_follow_each_language_s_rule() -> None:
    """French says zero in the singular, the others in the plural."""
    one = {code: words.ngettext(*STORIES, 1) for code, words in TEXTS.items()}
    many = {code: words.ngettext(*STORIES, 2) for code, words in TEXTS.items()}
    none = {code: words.ngettext(*STORIES, 0) for code, words in TEXTS.items()}
    for code in LANGUAGES:
        assert one[code] != many[code]
        assert none[code] == (one if code == "fr" else many)[code]


@given(st.integers(0, 10**9))
def test_every_number_has_a_sentence(number: int) -> None:
    """In every language, with the number in it."""
    for words in TEXTS.values():
        sentence = words.ngettext(*STORIES, number).format(number=number)
        assert str(number) in sentence or number == 1


def test_a_language_of_three_forms_uses_all_of_them() -> None:
    """The rule is the header's, not one of ours."""
    rule = "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)"
    catalogue = Catalogue(
        {("", "{n} file"): ("файл", "файла", "файлов"), ("x", "{n} file"): ("a", "b", "c")}, rule
    )
    words = CatalogueTexts(SETTINGS.languages["de"], catalogue, Catalogue(), SETTINGS)
    assert [words.ngettext("{n} file", "{n} files", n) for n in (1, 2, 5, 11, 21, 22)] == [
        "файл",
        "файла",
        "файлов",
        "файлов",
        "файл",
        "файла",
    ]
    assert words.npgettext("x", "{n} file", "{n} files", 3) == "b"


def test_what_is_not_translated_is_said_in_english() -> None:
    """Each way to ask, in a language that knows none of it."""
    bare = CatalogueTexts(SETTINGS.languages["de"], Catalogue(), Catalogue(), SETTINGS)
    assert bare.gettext("Archive") == "Archive"
    assert bare.pgettext("menu", "Archive") == "Archive"
    assert bare.ngettext("one", "many", 1) == "one"
    assert bare.ngettext("one", "many", 2) == "many"
    assert bare.npgettext("menu", "one", "many", 2) == "many"
    half = CatalogueTexts(
        SETTINGS.languages["de"], Catalogue({("", "one"): ("eins", "")}), Catalogue(), SETTINGS
    )
    assert (half.ngettext("one", "many", 1), half.ngettext("one", "many", 2)) == ("eins", "many")


def test_a_context_makes_another_word() -> None:
    """The same English word, two meanings, two translations."""
    catalogue = Catalogue({("verb", "Feed"): ("Füttern",), ("noun", "Feed"): ("Futter",)})
    words = CatalogueTexts(SETTINGS.languages["de"], catalogue, Catalogue(), SETTINGS)
    assert (words.pgettext("verb", "Feed"), words.pgettext("noun", "Feed")) == ("Füttern", "Futter")
    assert words.gettext("Feed") == "Feed"


def test_languages_in_several_scripts_or_regions_have_names_that_differ() -> None:
    """In themselves and in others; a language that comes once keeps its short name."""
    codes = ("en", "zh-Hans", "zh-Hant", "pt", "pt-BR")
    settings = settings_from(
        CONFIG.replace('["en", "de", "fr", "nl"]', str([*codes]).replace("'", '"')).split("[languages.nl]")[0]
        + '[topics]\nwater = "W"\n'
    )
    texts = CatalogueTexts(settings.languages["en"], Catalogue(), Catalogue(), settings)
    assert [texts.autonym(code) for code in codes] == [
        "English",
        "简体中文",
        "繁體中文",
        "Português",
        "Português (Brasil)",
    ]
    assert [texts.language(code) for code in codes] == [
        "English",
        "Simplified Chinese",
        "Traditional Chinese",
        "Portuguese",
        "Brazilian Portuguese",
    ]


# -- names -----------------------------------------------------------------------------------------


def test_a_name_is_in_the_reader_s_language_or_says_which() -> None:
    """Untranslated names stand in the site's default language, marked as such."""
    assert TEXTS["de"].name("topic", "water") == ("Wasser", "de")
    assert TEXTS["de"].name("topic", "energy") == ("Energy", "en")
    assert TEXTS["fr"].name("topic", "water") == ("Water", "en")
    assert TEXTS["en"].name("donor", "ministry") == ("Ministry", "en")
    assert TEXTS["en"].name("partner", "unknown") == ("unknown", "en")


def test_a_country_is_named_by_cldr_unless_the_site_says_otherwise() -> None:
    """The site's own name is translated like its other names."""
    assert in_all("country", "KZ") == {
        "en": "Kazakhstan",
        "de": "Kasachstan",
        "fr": "Kazakhstan",
        "nl": "Kazachstan",
    }
    assert in_all("country", "NL") == {
        "en": "The Netherlands",
        "de": "Holland",
        "fr": "The Netherlands",
        "nl": "The Netherlands",
    }
    assert TEXTS["de"].country("QX") == "QX"


def test_languages_are_named_in_the_reader_s_language_and_in_their_own() -> None:
    """Inside a sentence in lower case where the language wants it, in lists with a capital."""
    assert in_all("language", "fr") == {"en": "French", "de": "Französisch", "fr": "français", "nl": "Frans"}
    assert {TEXTS["de"].autonym(code) for code in LANGUAGES} == {
        "English",
        "Deutsch",
        "Français",
        "Nederlands",
    }
    for code in LANGUAGES:
        assert in_all("autonym", code) == dict.fromkeys(LANGUAGES, TEXTS["en"].autonym(code))
    assert TEXTS["de"].autonym("pt-BR") == "Português"


def test_the_direction_of_writing_is_the_language_s() -> None:
    """Arabic and Hebrew go from right to left."""
    settings = settings_from(CONFIG.replace('"nl"]', '"nl", "ar", "he"]'))
    directions = {code: words.direction for code, words in texts_with(settings).items()}
    assert directions == {**dict.fromkeys(LANGUAGES, "ltr"), "ar": "rtl", "he": "rtl"}


@pytest.mark.parametrize("code", LANGUAGES)
def test_names_are_sorted_with_accents_and_capitals_folded(code: str) -> None:
    """É beside e, Ö beside o; equal letters in a fixed order; nothing is lost."""
    names = [
        "Zebra",
        "Éducation",
        "eau",
        "Öl",
        "Oase",
        "ozon",
        "Eau",
        "énergie",
        "École",
        "œuvre",
        "Straße",
        "strasse",
    ]
    found = sorted(names, key=TEXTS[code].sort_key)
    assert found[:6] == ["Eau", "eau", "École", "Éducation", "énergie", "Oase"]
    assert found.index("Öl") == found.index("ozon") - 1
    for start in range(len(names)):
        assert sorted(names[start:] + names[:start], key=TEXTS[code].sort_key) == found
    assert abs(found.index("Straße") - found.index("strasse")) == 1


@given(st.text(max_size=20), st.text(max_size=20))
def test_different_names_have_different_places(one: str, other: str) -> None:
    """Sorting never depends on who came first."""
    key = TEXTS["de"].sort_key
    assert (key(one) == key(other)) == (one == other)


def test_countries_are_those_of_iso_3166() -> None:
    """No unions, no tests, no parts of the world; everything has a name in every language."""
    found = list_countries()
    assert {"NL", "DE", "KZ", "XK", "GB"} <= found
    assert not {"EU", "UN", "ZZ", "XA", "EZ", "IC", "CQ", "en"} & found
    assert len(found) == 249 + len({"XK"})
    for code in LANGUAGES:
        assert all(TEXTS[code].country(country) != country for country in found)


def test_a_texts_is_what_views_ask_for() -> None:
    """Every method of the port is there."""
    for name in [name for name in vars(Texts) if not name.startswith("_")]:
        assert hasattr(TEXTS["en"], name)
    assert TEXTS["de"].code == "de"
    assert str(TEXTS["de"].zone) == "Europe/Berlin"


# -- machines --------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_machines_read_is_never_in_a_language(code: str) -> None:
    """Dates, ids and zones of headers are the same whatever the reader's language is."""
    message = read_message(issue(stories(1), [reader(code)]).of(code))
    assert message["Date"] == "Mon, 12 Jan 2026 08:00:00 +0100"
    assert str(message["Message-ID"]).startswith(f"<staff.20260112.{code}.")
    assert str(message["Feedback-ID"]).startswith("staff.20260112:staff.")
    plan = digest()
    assert find_last_slot(plan.schedule, plan.timezone, NOW).key == "2026-01-12T08:00"


# -- the order of asking ---------------------------------------------------------------------------

ASK = """
import json, os, sys
from datetime import UTC, date, datetime
from newsfeed.i18n.texts import Catalogue, CatalogueTexts, list_countries
from newsfeed.model import Month
from newsfeed.testing import CONFIG, settings_from

settings = settings_from()
words = {one.code: CatalogueTexts(one, Catalogue(), Catalogue(), settings) for one in settings.editions}
days = [date(2010, month, day) for month in (1, 2, 3, 5, 8, 12) for day in (1, 28)]
methods = {
    "long_date": lambda one: [one.long_date(day) for day in days],
    "weekday_date": lambda one: [one.weekday_date(date(2010, 2, day)) for day in range(1, 8)],
    "month": lambda one: [one.month(Month(2010, month)) for month in range(1, 13)],
    "month_name": lambda one: [one.month_name(month) for month in range(1, 13)],
    "months": lambda one: [one.period(Month(y, 1), Month(2010, 5)) for y in (2008, 2010)],
    "days": lambda one: [one.period(date(2010, 1, 3), day) for day in days],
    "time": lambda one: one.time(datetime(2010, 2, 4, 7, 5, tzinfo=UTC)),
    "number": lambda one: [one.number(n) for n in (0, 999, 1000, 1234567, -5)],
    "decimal": lambda one: [one.decimal(n) for n in (0.04, 1.25, 12345.6)],
    "together": lambda one: [one.together(list("abcde")[:n]) for n in range(6)],
    "country": lambda one: [one.country(code) for code in ("NL", "KZ", "GB", "XK")],
    "language": lambda one: [one.language(code) for code in ("en", "de", "fr", "nl", "pt-BR")],
    "autonym": lambda one: [one.autonym(code) for code in ("en", "de", "fr", "nl", "pt-BR")],
    "direction": lambda one: one.direction,
    "countries": lambda one: sorted(list_countries()),
}

def asked(calls):
    there, here = os.pipe()
    child = os.fork()
    if not child:
        os.close(there)
        answers = {f"{name} {code}": methods[name](words[code]) for code, name in calls}
        with os.fdopen(here, "w") as pipe:
            json.dump(answers, pipe)
        os._exit(0)
    os.close(here)
    with os.fdopen(there) as pipe:
        answers = json.load(pipe)
    os.waitpid(child, 0)
    return answers

print(json.dumps([asked(order) for order in json.load(sys.stdin)]))
"""
"""Answers the questions of each order in a process of its own that has loaded no language before."""
QUESTIONS = (
    *("long_date", "weekday_date", "month", "month_name", "months", "days", "time", "number"),
    *("decimal", "together", "country", "language", "autonym", "direction", "countries"),
)


def answers(orders: list[list[tuple[str, str]]], **environment: str) -> list[dict[str, object]]:
    """What each order of (language, question) got to hear."""
    command = [sys.executable, "-c", ASK]
    found: list[dict[str, object]] = json.loads(run(command, stdin=json.dumps(orders), **environment))
    return found


@pytest.mark.slow
def test_no_language_changes_what_another_says() -> None:
    """Every order of the four languages, and orders by question, give the same answers.

    Babel shares inherited data between locales; what one of them resolves must not show in another.
    """
    alone = [[(code, name) for name in QUESTIONS] for code in LANGUAGES]
    orders = [[(code, name) for code in order for name in QUESTIONS] for order in permutations(LANGUAGES)]
    for start in range(len(LANGUAGES)):
        turned = LANGUAGES[start:] + LANGUAGES[:start]
        orders.append([(code, name) for name in QUESTIONS for code in turned])
        orders.append([(code, name) for name in QUESTIONS[::-1] for code in turned[::-1]])
    found = answers([*alone, *orders])
    usual = {question: answer for part in found[: len(alone)] for question, answer in part.items()}
    assert len(usual) == len(LANGUAGES) * len(QUESTIONS)
    for got in found[len(alone) :]:
        assert got == usual


@pytest.mark.slow
def test_the_process_locale_is_not_asked() -> None:
    """A process in another locale says the same in every language."""
    everything = [[(code, name) for code in LANGUAGES for name in QUESTIONS]]
    usual, german = (
        answers(everything, LC_ALL=name, LANG=name, LANGUAGE=name[:2]) for name in ("C.UTF-8", "de_DE.UTF-8")
    )
    assert usual == german


@pytest.mark.slow
def test_no_question_changes_what_another_says() -> None:
    """Each question as the first one a process hears, in each language."""
    single = [[(code, name)] for code in LANGUAGES for name in QUESTIONS]
    together = [[(code, name) for code in LANGUAGES for name in QUESTIONS]]
    *alone, usual = answers([*single, *together])
    assert {question: answer for part in alone for question, answer in part.items()} == usual


def test_texts_of_the_shipped_catalogues_load() -> None:
    """All four editions, English without a catalogue."""
    texts, problems = load_texts(SETTINGS, bundled.locales() / "nowhere", bundled.locales())
    assert list(texts) == list(LANGUAGES)
    assert {found.code for found in problems} == {"name-untranslated"}
