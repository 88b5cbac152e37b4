"""The catalogues: current, complete, well-formed and well set; and what is said when one is not."""

import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po, write_po

from newsfeed.config import bundled
from newsfeed.i18n.catalogues import (
    NAMES_DOMAIN,
    PROBLEMS_DOMAIN,
    PROGRAM_DOMAIN,
    catalogue_path,
    load_texts,
    read_catalogue,
)
from newsfeed.problems import PROBLEM_KINDS, Problem
from newsfeed.settings import Settings
from newsfeed.testing import CONFIG, settings_from, write_tree
from tests.peers.need import need_command
from tests.peers.process import attempt, run

ROOT = Path(__file__).parents[2]
LOCALES = bundled.locales()
NOWHERE = Path("/nowhere")
LANGUAGES = ("de", "fr", "nl")
DOMAINS = (PROGRAM_DOMAIN, PROBLEMS_DOMAIN)
FILES = [(lang, domain) for lang in LANGUAGES for domain in DOMAINS]
ALL_FILES = [(lang, domain) for lang in LANGUAGES for domain in (*DOMAINS, NAMES_DOMAIN)]
PLURALS = {"de": (2, "(n != 1)"), "fr": (2, "(n > 1)"), "nl": (2, "(n != 1)")}

PUNCTUATION = {
    "{heading}:",
    "{name}: {moment}",
    "{name}: {number}",
    "{name}: {reason}",
    "{outcome}: {number}",
    "{path}: {reason}",
}
"""Messages that only the French set otherwise."""
JOINED = {"{rhythm}, {volume}", "{title}, {date}", "{title}, {moment}", "{top} – {title}"}
"""Messages that join others, alike in all these languages."""
EVERYWHERE = {"COMMIT", "Digests", "ID", "URL"}
"""Words that all these languages have."""
SAME_AS_ENGLISH = {
    ("de", PROGRAM_DOMAIN): {
        "Downloads",
        "Name",
        "Newsletter",
        "Organisation",
        "{role}: {names}",
        *JOINED,
    },
    ("fr", PROGRAM_DOMAIN): {"Organisation", "Page", "Programme", "Programmes", *JOINED},
    ("nl", PROGRAM_DOMAIN): {"Downloads", "Partners", "{role}: {names}", *JOINED},
    ("de", PROBLEMS_DOMAIN): {
        "SERVER",
        "CODE=NAME",
        "FEED",
        "NAME",
        "Name",
        "Organisation",
        "TEXT",
        "Text",
        *EVERYWHERE,
        *PUNCTUATION,
    },
    ("fr", PROBLEMS_DOMAIN): {
        "CODE",
        "Date",
        "MOMENT",
        "OPTIONS",
        "Organisation",
        "Pages",
        "Programme",
        "Programmes",
        "SOURCE",
        *EVERYWHERE,
    },
    ("nl", PROBLEMS_DOMAIN): {"SERVER", "CODE", "FEED", "Partners", "tags", *EVERYWHERE, *PUNCTUATION},
}
"""Words that are the same in both languages; anything else that is the same was forgotten."""


def catalogue(lang: str, domain: str) -> Path:
    """The file of a language."""
    return LOCALES / catalogue_path(lang, domain)


@cache
def parsed(path: Path) -> Catalog:
    """A file as Babel reads it."""
    with path.open("rb") as file:
        return read_po(file)


def messages(path: Path) -> Iterator[Message]:
    """Every message but the header."""
    return (message for message in parsed(path) if message.id)


def key(message: Message) -> tuple[str, tuple[str, ...]]:
    """Context, and message with its plural."""
    return message.context or "", as_tuple(message.id)


def as_tuple(text: object) -> tuple[str, ...]:
    """One text or several, as several."""
    return tuple(text) if isinstance(text, list | tuple) else (str(text),)


def strings(lang: str, domain: str) -> list[str]:
    """Every translation of a file, all plural forms."""
    return [form for message in messages(catalogue(lang, domain)) for form in as_tuple(message.string)]


# -- current and complete ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both templates made anew by the commands of ``make messages``, into another folder."""
    folder = tmp_path_factory.mktemp("templates")
    recipe = run([need_command("make"), "-C", ROOT, "-n", "messages"], MAKEFLAGS="", MAKELEVEL="")
    commands = [
        shlex.split(line) for line in recipe.replace("\\\n", " ").splitlines() if "pybabel -q extract" in line
    ]
    made = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        for command in commands:
            at = command.index("-o") + 1
            path = folder / Path(command[at]).name
            CommandLineInterface().run(["pybabel", *command[1:at], str(path), *command[at + 1 :]])
            made[path.stem] = path
    assert set(made) == set(DOMAINS)
    return made


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_template_has_the_messages_of_the_program(domain: str, extracted: dict[str, Path]) -> None:
    """``make messages`` would change no message: none is missing, none is left over."""
    current = {key(message) for message in messages(extracted[domain])}
    kept = {key(message) for message in messages(LOCALES / f"{domain}.pot")}
    assert kept == current
    assert len(current) > 50


@pytest.mark.parametrize(("lang", "domain"), FILES)
def test_a_catalogue_has_exactly_the_messages_of_its_template(lang: str, domain: str) -> None:
    """Every message translated, every form of it; nothing fuzzy, nothing obsolete, nothing else."""
    path = catalogue(lang, domain)
    found = {key(message): message for message in messages(path)}
    wanted = {key(message) for message in messages(LOCALES / f"{domain}.pot")}
    assert set(found) == wanted
    assert [message.id for message in found.values() if not all(as_tuple(message.string))] == []
    assert [message.id for message in found.values() if message.fuzzy] == []
    assert not parsed(path).obsolete
    assert "#~" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("lang", "domain"), FILES)
def test_a_catalogue_says_what_it_is(lang: str, domain: str) -> None:
    """Language, plural forms and encoding of the header are those of the file."""
    found = parsed(catalogue(lang, domain))
    assert str(found.locale) == lang
    assert found.charset == "utf-8"
    assert (found.num_plurals, found.plural_expr) == PLURALS[lang]
    for message in messages(catalogue(lang, domain)):
        assert len(as_tuple(message.string)) == (found.num_plurals if message.pluralizable else 1)


@pytest.mark.parametrize(("lang", "domain"), ALL_FILES)
def test_newsfeed_finds_nothing_wrong_with_its_catalogues(lang: str, domain: str) -> None:
    """Placeholders, plurals and syntax by the program's own check."""
    found, problems = read_catalogue(LOCALES, lang, domain)
    assert problems == []
    assert found is not None


@pytest.mark.parametrize(("lang", "domain"), ALL_FILES)
def test_gettext_s_own_tools_find_nothing_wrong(lang: str, domain: str) -> None:
    """``msgfmt -c`` passes; i18nspector knows no error."""
    path = catalogue(lang, domain)
    run([need_command("msgfmt"), "-c", "-o", "/dev/null", path])
    report = attempt([need_command("i18nspector"), path]).stdout
    assert [line for line in report.splitlines() if line.startswith("E:")] == []


@pytest.mark.parametrize(("lang", "domain"), FILES)
def test_pofilter_finds_nothing_wrong(lang: str, domain: str, tmp_path: Path) -> None:
    """Placeholders, tags, web and mail addresses are those of the English sentence."""
    pofilter = Path(sys.executable).with_name("pofilter")
    if not pofilter.exists():
        pofilter = need_command("pofilter")
    tests = ("pythonbraceformat", "printf", "xmltags", "urls", "emails")
    options = [part for name in tests for part in ("-t", name)]
    faulty = tmp_path / "faulty.po"
    report = run([pofilter, *options, "--progress=none", catalogue(lang, domain), faulty])
    assert report.strip() == ""
    assert not faulty.exists() or not list(messages(faulty))


@pytest.mark.parametrize(("lang", "domain"), FILES)
def test_only_words_that_are_the_same_stand_as_in_english(lang: str, domain: str) -> None:
    """Every other message that is like its English was never translated."""
    same = {
        form
        for message in messages(catalogue(lang, domain))
        for form in as_tuple(message.string)
        if form in as_tuple(message.id)
    }
    assert same == SAME_AS_ENGLISH[lang, domain]


# -- typography ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "domain"), ALL_FILES)
def test_no_straight_quotes_and_no_loose_blanks(lang: str, domain: str) -> None:
    """Quotes and apostrophes are set, three dots are one sign, blanks stand alone and inside."""
    for text in strings(lang, domain):
        assert not re.search("[\"'`´]", text), text
        assert "..." not in text, text
        assert text == text.strip(), text
        assert "  " not in text, text
        assert not re.search("[\t\n\r]", text), text


@pytest.mark.parametrize("domain", DOMAINS)
def test_french_signs_have_their_own_blanks(domain: str) -> None:
    """Before ; : ! ? » and after « stands a blank that does not break: U+202F or U+00A0."""
    code = re.compile(r"<?!\[|<!ENTITY|https?://|\b\d\d:\d\d\b")
    for text in strings("fr", domain):
        plain = re.sub(r"%\(\w+\)[sd]", "x", code.sub("", text))
        assert not re.search("[ \t][;:!?»€%]|«[ \t]", plain), text
        assert not re.search("[^\u00a0\u202f][;!?»]|«[^\u00a0\u202f]", plain), text
        if domain == PROGRAM_DOMAIN:
            assert not re.search("[^\u00a0\u202f]:", plain), text
        assert text.count("«") == text.count("»"), text
        assert not re.search("[“”„‘]", text), text


@pytest.mark.parametrize("domain", DOMAINS)
def test_german_quotes_open_low_and_close_high(domain: str) -> None:
    """„So“, and no other quotes."""
    for text in strings("de", domain):
        assert re.sub("„[^„“]*“", "", text).count("„") == 0, text
        assert not re.search("[”«»‘‚]", re.sub("„[^„“]*“", "", text)), text
        assert "“" not in re.sub("„[^„“]*“", "", text), text


@pytest.mark.parametrize("domain", DOMAINS)
def test_dutch_quotes_are_of_one_kind(domain: str) -> None:
    """‘Zo’, as apostrophes are; none of them are English, German or French."""
    for text in strings("nl", domain):
        assert text.count("‘") <= text.count("’"), text
        assert not re.search("[“”„«»‚]", text), text


@pytest.mark.parametrize(("lang", "domain"), FILES)
def test_an_ellipsis_or_full_stop_ends_where_the_english_one_does(lang: str, domain: str) -> None:
    """A heading stays a heading, a sentence a sentence."""
    for message in messages(catalogue(lang, domain)):
        for english, form in zip(as_tuple(message.id), as_tuple(message.string), strict=False):
            assert form.endswith(".") == english.endswith("."), form
            assert form.endswith("…") == english.endswith("…"), form


# -- planted faults --------------------------------------------------------------------------------

SETTINGS = settings_from()
FILE = f"locales/{catalogue_path('de', PROGRAM_DOMAIN)}"
ENTRY = re.compile(r'(msgid "Archive"\n)msgstr "([^"]*)"')
PLURAL = re.compile(
    r'(msgid "%\(num\)s story"\nmsgid_plural "[^"]*"\nmsgstr\[0\] "[^"]*"\n)msgstr\[1\] "[^"]*"\n'
)


def planted(
    tmp_path: Path, spoil: Callable[[str], str], settings: Settings = SETTINGS
) -> tuple[str, list[Problem]]:
    """The German catalogue after an edit, and what is found wrong with the catalogues."""
    locales = tmp_path / "locales"
    shutil.copytree(LOCALES, locales)
    path = locales / catalogue_path("de", PROGRAM_DOMAIN)
    spoilt = spoil(path.read_text(encoding="utf-8"))
    path.write_text(spoilt, encoding="utf-8")
    _, problems = load_texts(settings, NOWHERE, locales)
    return spoilt, [found for found in problems if found.code != "name-untranslated"]


def line_of(text: str, words: str) -> int:
    """The line, from 1, where these words stand first."""
    return text[: text.index(words)].count("\n") + 1


def needed() -> list[Message]:
    """The sentences that a language has to have."""
    with (LOCALES / f"{PROGRAM_DOMAIN}.pot").open("rb") as file:
        return [message for message in read_po(file) if message.id]


FAULTS = {
    "fuzzy": (
        "catalogue-fuzzy",
        lambda text: text.replace('msgid "Archive"', '#, fuzzy\nmsgid "Archive"'),
        'msgid "Archive"',
        {"value": "Archive"},
    ),
    "not translated": (
        "catalogue-incomplete",
        lambda text: ENTRY.sub(r'\1msgstr ""', text),
        'msgid "Archive"',
        {"value": "Archive", "count": "1", "total": str(len(needed()))},
    ),
    "a placeholder too many": (
        "catalogue-placeholder",
        lambda text: ENTRY.sub(r'\1msgstr "\2 {name}"', text),
        'msgid "Archive"',
        {"value": "Archive", "known": "–"},
    ),
    "a percent placeholder too many": (
        "catalogue-placeholder",
        lambda text: ENTRY.sub(r'\1msgstr "\2 %(name)s"', text),
        'msgid "Archive"',
        {"value": "Archive", "known": "–"},
    ),
    "a placeholder renamed": (
        "catalogue-placeholder",
        lambda text: re.sub(r'(msgid "News by \{name\}"\nmsgstr "[^"{]*)\{name\}', r"\1{nom}", text),
        'msgid "News by {name}"',
        {"value": "News by {name}", "known": "name"},
    ),
    "a plural form empty": (
        "catalogue-plural",
        lambda text: PLURAL.sub(r'\1msgstr[1] ""' + "\n", text),
        'msgid "%(num)s story"',
        {"value": "%(num)s story", "found": "1", "expected": "2"},
    ),
    "a plural form missing": (
        "catalogue-plural",
        lambda text: PLURAL.sub(r"\1", text),
        'msgid "%(num)s story"',
        {"value": "%(num)s story", "found": "1", "expected": "2"},
    ),
    "a misspelt keyword": (
        "catalogue-syntax",
        lambda text: text.replace('msgid "Archive"', 'mssgid "Archive"'),
        'mssgid "Archive"',
        {"reason": "Unknown or misformatted keyword"},
    ),
    "a plural rule that is none": (
        "catalogue-syntax",
        lambda text: text.replace("plural=(n != 1)", "plural=(n !! 1)"),
        "#",
        None,
    ),
    "an encoding that is none": (
        "catalogue-syntax",
        lambda text: text.replace("charset=utf-8", "charset=klingon"),
        "#",
        {"reason": "unknown encoding: klingon"},
    ),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_planted_fault_is_found_in_its_line(what: str, tmp_path: Path) -> None:
    """One fault, one problem: the right code, file, line and words."""
    code, spoil, words, params = FAULTS[what]
    text, problems = planted(tmp_path, spoil)
    assert [found.code for found in problems] == [code]
    assert problems[0].where.path == FILE
    assert problems[0].where.line == line_of(text, words)
    assert params is None or dict(problems[0].params) == params


def test_a_message_that_the_catalogue_does_not_have_is_missing_from_the_file(tmp_path: Path) -> None:
    """There is no line to point at but the first."""
    _, problems = planted(tmp_path, lambda text: ENTRY.sub("", text))
    assert [(found.code, found.where.line) for found in problems] == [("catalogue-incomplete", 1)]


def test_a_file_that_is_not_its_encoding_is_a_problem(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 where the header says so."""
    locales = tmp_path / "locales"
    shutil.copytree(LOCALES, locales)
    path = locales / catalogue_path("de", PROGRAM_DOMAIN)
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1", "replace"))
    _, problems = load_texts(SETTINGS, NOWHERE, locales)
    assert [found.code for found in problems if found.where.path == FILE] == ["catalogue-syntax"]


def test_a_language_without_a_catalogue_is_told_once(tmp_path: Path) -> None:
    """One problem with the path to make, not one for every sentence."""
    locales = tmp_path / "locales"
    shutil.copytree(LOCALES, locales)
    (locales / catalogue_path("de", PROGRAM_DOMAIN)).unlink()
    _, problems = load_texts(SETTINGS, NOWHERE, locales)
    told = [found for found in problems if found.code.startswith("catalogue")]
    assert [(found.code, found.where.path, found.where.line) for found in told] == [
        ("catalogue-missing", FILE, 1)
    ]
    assert dict(told[0].params) == {"value": "de", "path": FILE}


def test_a_new_edition_starts_with_no_sentence_at_all(tmp_path: Path) -> None:
    """However many are missing, that is one warning, at the first gap; nothing is published any less."""
    path = tmp_path / catalogue_path("it", PROGRAM_DOMAIN)
    path.parent.mkdir(parents=True)
    with (LOCALES / f"{PROGRAM_DOMAIN}.pot").open("rb") as template, path.open("wb") as file:
        write_po(file, read_po(template, locale="it"))
    _, problems = load_texts(settings_from(CONFIG.replace('"nl"]', '"nl", "it"]')), tmp_path, LOCALES)
    told = [found for found in problems if found.code != "name-untranslated"]
    assert [(found.code, found.severity.value) for found in told] == [("catalogue-incomplete", "warning")]
    assert dict(told[0].params)["count"] == dict(told[0].params)["total"] == str(len(needed()))
    assert path.read_text(encoding="utf-8").splitlines()[told[0].where.line - 1].startswith("msgid")


def test_what_nobody_has_translated_is_said_in_the_next_language_of_the_chain() -> None:
    """From no catalogue at all: Luxembourgish in German, and what German has not in English."""
    settings = settings_from(
        CONFIG.replace('"nl"]', '"nl", "lb", "pt"]') + '\n[languages.lb]\nfallback = ["de"]\n'
    )
    texts, problems = load_texts(settings, NOWHERE, LOCALES)
    assert texts["lb"].sentence("Archive") == ("Archiv", "de")
    assert texts["lb"].sentence("%(num)s story", "%(num)s stories", 2)[1] == "de"
    assert texts["lb"].labelled("of a template of our own") == ("of a template of our own", "en")
    assert texts["pt"].sentence("Archive") == ("Archive", "en")
    assert texts["de"].labelled("Archive") == ("Archiv", "")
    told = [found for found in problems if found.code.startswith("catalogue")]
    assert [(dict(found.params)["value"], found.severity.value) for found in told] == [
        ("lb", "warning"),
        ("pt", "warning"),
    ]


def test_a_name_without_a_translation_is_advice_for_its_catalogue(tmp_path: Path) -> None:
    """Topics, donors, partners, programmes and countries, each under its own context."""
    settings = settings_from(
        CONFIG + '\n[programmes]\nela = "Local Action"\n\n[countries]\nKZ = "The Steppe"\n'
    )
    entries = (
        'msgctxt "topic"\nmsgid "Water"\nmsgstr "Wasser"\n\nmsgctxt "donor"\nmsgid "Energy"\nmsgstr "E"\n'
    )
    write_tree(tmp_path, {"locales/de/LC_MESSAGES/site.po": f'msgid ""\nmsgstr ""\n\n{entries}'})
    _, problems = load_texts(settings, tmp_path / "locales", LOCALES)
    path = "locales/de/LC_MESSAGES/site.po"
    found = [
        (dict(one.params)["context"], dict(one.params)["value"], dict(one.params)["path"])
        for one in problems
        if one.where.path == path
    ]
    assert found == [
        ("topic", "Energy", path),
        ("donor", "Ministry", path),
        ("partner", "Club", path),
        ("programme", "Local Action", path),
        ("country", "The Steppe", path),
    ]
    assert {one.code for one in problems} == {"name-untranslated"}
    assert {one.where.path.split("/")[1] for one in problems} == {"de", "fr", "nl"}


def test_a_name_is_told_at_its_empty_entry(tmp_path: Path) -> None:
    """Where the words belong; without an entry, at the beginning of the file."""
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    entry = 'msgctxt "topic"\nmsgid "Water"\nmsgstr ""\n'
    write_tree(tmp_path, {"locales/de/LC_MESSAGES/site.po": head + entry})
    _, problems = load_texts(settings_from(), tmp_path / "locales", LOCALES)
    lines = {
        dict(one.params)["value"]: one.where.line
        for one in problems
        if one.where.path.startswith("locales/de/")
    }
    assert (lines["Water"], lines["Energy"]) == (5, 1)


def test_a_site_s_own_catalogue_wins_entry_by_entry(tmp_path: Path) -> None:
    """A site can rename one word and keep the rest; an empty entry does not empty the shipped one."""
    entries = 'msgid "Archive"\nmsgstr "Alle Meldungen"\n\nmsgid "RSS feeds"\nmsgstr ""\n'
    write_tree(
        tmp_path, {f"locales/{catalogue_path('de', PROGRAM_DOMAIN)}": f'msgid ""\nmsgstr ""\n\n{entries}'}
    )
    texts, problems = load_texts(SETTINGS, tmp_path / "locales", LOCALES)
    assert texts["de"].gettext("Archive") == "Alle Meldungen"
    assert texts["de"].gettext("Unsubscribe") != "Unsubscribe"
    assert [found.code for found in problems if found.code != "name-untranslated"] == []


def test_a_regional_edition_takes_the_catalogue_of_its_language(tmp_path: Path) -> None:
    """``de-CH`` without a file of its own reads the German one; with one, its own."""
    settings = settings_from(
        CONFIG.replace('languages = ["en", "de", "fr", "nl"]', 'languages = ["en", "de-CH"]').replace(
            '[languages.nl]\nfallback = ["en", "de"]\n', ""
        )
    )
    texts, problems = load_texts(settings, NOWHERE, LOCALES)
    assert [found.code for found in problems if found.code != "name-untranslated"] == []
    assert texts["de-CH"].gettext("Archive") == "Archiv"
    entry = 'msgid ""\nmsgstr ""\n\nmsgid "Archive"\nmsgstr "Ablage"\n'
    write_tree(tmp_path, {f"locales/{catalogue_path('de-CH', PROGRAM_DOMAIN)}": entry})
    texts, _ = load_texts(settings, tmp_path / "locales", LOCALES)
    assert texts["de-CH"].gettext("Archive") == "Ablage"
    shipped, _ = read_catalogue(LOCALES, "de", PROGRAM_DOMAIN)
    assert shipped is not None
    assert (texts["de-CH"].gettext("Topics"),) == shipped.messages["", "Topics"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_stands_on_a_line_of_its_own_begins_with_a_capital(lang: str) -> None:
    """Hints do, in every language; what is wrong, behind “Fehler:”, does in German."""
    catalogue, _ = read_catalogue(LOCALES, lang, PROBLEMS_DOMAIN)
    assert catalogue is not None
    own = {kind.hint for kind in PROBLEM_KINDS.values()}
    own |= {kind.message for kind in PROBLEM_KINDS.values()} if lang == "de" else set()
    said = [catalogue.messages["", one][0] for one in own]
    assert [text for text in said if text[:1].islower()] == []
