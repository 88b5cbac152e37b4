"""Both parts of a digest: clean, complete, in one language, and equal in what they say."""

import re
from functools import cache

import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from newsfeed.mail.digest import HTML_LIMIT
from tests.mail.issues import (
    ALTS,
    LANGUAGES,
    LONG,
    PICTURE,
    SUMMARIES,
    TITLES,
    Issue,
    expected_titles,
    issue,
    read_message,
    stories,
    texts_of,
)
from tests.peers.lint import item_titles, lint_mail, parts_agree

CASES = {
    "no story": (0, {}),
    "one story": (1, {}),
    "one story with a picture": (1, {"picture": True}),
    "many stories": (20, {"picture": True}),
    "English only": (4, {"languages": ("en",), "picture": True}),
    "Dutch only": (4, {"languages": ("nl",), "picture": True}),
    "German and French": (4, {"languages": ("fr", "de")}),
    "more than the digest takes": (30, {}),
    "more than a mail holds": (90, {"repeat": LONG}),
}
MANY = {"more than a mail holds": 200}


@cache
def made(case: str) -> Issue:
    """The issue of a case, composed once."""
    number, how = CASES[case]
    return issue(
        stories(number, **how),
        when_empty="note",
        max_items=MANY.get(case, 20),
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_every_mail_is_clean_and_its_parts_agree(case: str, lang: str) -> None:
    """The rules of a mail hold; links, titles and order are the same in text and HTML."""
    data = made(case).of(lang)
    pictures = [PICTURE.format(id=f"report-{n}") for n in range(1, CASES[case][0] + 1)]
    assert lint_mail(data, pictures) == []
    assert parts_agree(data) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", [case for case in CASES if not case.startswith("more")])
def test_every_mail_has_the_stories_of_the_library(case: str, lang: str) -> None:
    """Titles and addresses in the mail are those of the library, by topic and newest first."""
    assert item_titles(made(case).of(lang)) == expected_titles(made(case).library, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_digest_takes_no_more_stories_than_it_may(lang: str) -> None:
    """``max_items`` keeps the newest; the others are counted in both parts."""
    issued = made("more than the digest takes")
    newest = {title for title, _ in expected_titles(issued.library, lang) if numbered(title) <= 20}
    assert {title for title, _ in item_titles(issued.of(lang))} == newest
    assert issued.outcome.left_out == 10
    for text in texts_of(issued.of(lang)):
        assert re.search(r"\b10\b", text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_mail_too_long_for_mailboxes_is_cut(lang: str) -> None:
    """Mailboxes cut long mails in the middle of the HTML; ours ends earlier, and says so."""
    issued = made("more than a mail holds")
    data = issued.of(lang)
    html = data.partition(b"text/html")[2]
    assert len(html) < HTML_LIMIT + 300
    kept = sorted(numbered(title) for title, _ in item_titles(data))
    assert 20 < len(kept) < 90
    assert kept == list(range(1, len(kept) + 1)), "the newest stay"
    for text in texts_of(data):
        assert re.search(rf"\b{90 - len(kept)}\b", text)
    assert issued.outcome.largest_html < HTML_LIMIT
    assert issued.outcome.left_out >= 90 - len(kept)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_a_language_stands_at_three_places_and_no_list_header_is_encoded(case: str, lang: str) -> None:
    """Content-Language on the mail and both parts; addresses of lists stay readable to programs."""
    message = read_message(made(case).of(lang))
    parts = list(message.iter_parts())
    assert [one["Content-Language"] for one in (message, *parts)] == [lang] * 3
    assert [part["Content-Transfer-Encoding"] for part in parts] == ["quoted-printable"] * 2
    raw = made(case).of(lang).partition(b"\r\n\r\n")[0].decode("ascii")
    for line in raw.replace("\r\n ", " ").split("\r\n"):
        if line.startswith("List-") and not line.startswith("List-Id: "):
            assert "=?" not in line


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_no_parser_finds_a_defect_and_no_line_is_wide(case: str, lang: str) -> None:
    """The standard library notes what it had to forgive: nothing, in headers and in parts."""
    data = made(case).of(lang)
    message = read_message(data)
    for part in message.walk():
        assert part.defects == []
        assert [(name, value.defects) for name, value in part.items() if value.defects] == []
    assert max(len(line) for line in data.split(b"\r\n")) <= 78


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_line_beside_the_subject_is_in_one_language(lang: str) -> None:
    """Titles in the reader's own language, but for the one of the subject; else how many stories there are."""
    counted = {"en": "4 stories", "de": "4 ", "fr": "4 ", "nl": "4 "}
    own = " · ".join(TITLES[lang].format(n=n) for n in (4, 1, 3))
    many = " · ".join(TITLES[lang].format(n=n) for n in (4, 6, 8))
    assert preheader(made("many stories").of(lang)) == many
    other = preheader(made("Dutch only").of(lang))
    if lang == "nl":
        assert other == own
    else:
        assert other.startswith(counted[lang])
        assert "put" not in other
    half = preheader(made("German and French").of(lang))
    assert (half == own) == (lang in ("de", "fr"))
    quiet = preheader(made("no story").of(lang))
    assert language(quiet) == lang


def preheader(data: bytes) -> str:
    """The hidden first line of the HTML part."""
    from html import unescape

    html = texts_of(data)[1]
    return unescape(re.findall(r'<div class="preheader"[^>]*>(.*?)</div>', html, re.DOTALL)[0])


# -- languages -----------------------------------------------------------------------------------


@cache
def identifier() -> LanguageIdentifier:
    """Who tells the four languages apart."""
    made = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    made.set_languages(list(LANGUAGES))
    return made


def language(sentence: str) -> str:
    """The language a sentence is in."""
    code, _ = identifier().classify(sentence)
    return str(code)


def own_words(text: str, foreign: list[str]) -> list[str]:
    """The paragraphs of a text part in which its language shows: no addresses, names or titles."""
    paragraphs = []
    for block in re.split(r"\n\s*\n|\n(?=https?:)", text.replace("\r\n", "\n")):
        words = " ".join(block.split())
        for other in foreign:
            words = words.replace(" ".join(other.split()), " ")
        words = re.sub(r"\S+@\S+|https?://\S+|Zoë Müller-Weiß|Jan de Wit|[-=·]{2,}|\d+", " ", words)
        paragraphs.append(" ".join(words.split()))
    return [words for words in paragraphs if len(words) >= 30]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", ["no story", "many stories", "English only", "Dutch only"])
def test_no_word_of_another_language_stands_unmarked_in_the_text(case: str, lang: str) -> None:
    """Every paragraph of the text part is in the reader's language but for texts that say so."""
    number, how = CASES[case]
    given = how.get("languages", LANGUAGES)
    shown = lang if lang in given else given[0]
    foreign = (
        [SUMMARIES[shown], *(TITLES[shown].format(n=n) for n in range(1, number + 1))]
        if shown != lang
        else []
    )
    paragraphs = own_words(texts_of(made(case).of(lang))[0], foreign)
    assert len(paragraphs) >= 3
    assert {words: language(words) for words in paragraphs if language(words) != lang} == {}


@pytest.mark.parametrize("lang", [code for code in LANGUAGES if code != "nl"])
def test_a_text_in_another_language_says_which(lang: str) -> None:
    """In the text by words of the reader's language, in the HTML by a ``lang`` of its own."""
    named = {"en": "Text in Dutch", "de": "Text auf Niederländisch", "fr": "Texte en néerlandais"}
    text, html = texts_of(made("Dutch only").of(lang))
    assert " ".join(text.split()).count(named[lang]) == 4
    for tag in ("h3", "p"):
        assert len(re.findall(rf'<{tag}[^>]* lang="nl"[^>]*>', html)) == 4
    assert len(re.findall(rf'<img[^>]*alt="{ALTS["nl"]}"[^>]* lang="nl"', html)) == 4
    assert 'lang="' not in html.replace(f'lang="{lang}"', "").replace('lang="nl"', "")


def numbered(title: str) -> int:
    """The number of a story of these tests, by its title."""
    return int(re.findall(r"\d+", title)[0])
