"""Subjects: each week another one, in one language, of a sane length; the configuration is no template."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.digests.subjects import (
    LENGTH,
    PLACEHOLDERS,
    USUAL,
    cut_at_word,
    fill_placeholders,
    find_unknown_placeholder,
    needs_top,
    word_subject,
)
from tests.mail.issues import CONFIG, LANGUAGES, TITLES, issue, read_message, stories, texts_of

WORDS = st.text(alphabet="abcé’ {}:–", max_size=150)


def subject_of(lang: str, files: Mapping[str, str | bytes], config: str = CONFIG) -> str:
    """The subject of the mail to the reader of an edition."""
    return str(read_message(issue(files, config=config).of(lang))["Subject"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_subject_names_the_story_on_top(lang: str) -> None:
    """The first that the mail shows, which is the first of the first topic."""
    assert subject_of(lang, stories(3)).startswith(TITLES[lang].format(n=2))


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_story_in_another_language_is_no_subject(lang: str) -> None:
    """Then the subject is the digest's title and the day, in the reader's language."""
    subject = subject_of(lang, stories(2, languages=("de",)))
    assert "Bericht" not in subject
    assert "2026" in subject


def test_the_first_own_story_is_named_where_the_top_is_not_in_the_readers_language() -> None:
    """The line is in one language, and so is what stands beside it in the mailbox."""
    files = {**stories(3), **{path: text for path, text in stories(2).items() if ".fr." not in path}}
    for path in [path for path in files if "report-2/index.fr" in path]:
        del files[path]
    assert subject_of("fr", files).startswith(TITLES["fr"].format(n=1))


def test_a_digest_words_its_subject_and_its_introduction_itself() -> None:
    """With the names in braces filled in, in each language its own."""
    config = CONFIG.replace(
        'audience = "staff"\n',
        'audience = "staff"\nintro = "{number} stories, {date}; first: {top}"\nsubject.en = "{title}: {top}"\n',
    )
    files = stories(2, languages=("en",))
    assert subject_of("en", files, config).startswith("The weekly letter: Report 2")
    text, _ = texts_of(issue(files, config=config).of("en"))
    assert "2 stories, 12 January 2026; first: Report 2: what the wells" in " ".join(text.split())


def test_a_language_without_words_of_its_own_gets_none_of_another() -> None:
    """No English introduction in a French mail; the subject is the usual one."""
    config = CONFIG.replace(
        'audience = "staff"\n', 'audience = "staff"\nintro.en = "Hello"\nsubject.en = "News"\n'
    )
    made = issue(stories(1), config=config)
    assert "Hello" in texts_of(made.of("en"))[0]
    assert "Hello" not in texts_of(made.of("fr"))[0]
    assert str(read_message(made.of("fr"))["Subject"]).startswith("Rapport 1")


def test_what_stands_in_a_value_is_never_filled_in() -> None:
    """A title with braces stays what it is: values are data."""
    values = {"top": "{site} and {title.__class__}", "site": "SECRET", "title": "T"}
    assert fill_placeholders("{top} – {title}", values) == "{site} and {title.__class__} – T"


@pytest.mark.parametrize("text", ["{}", "{0}", "{tops}", "{title.x}", "{title!r}", "a {top} {nothing}"])
def test_other_names_are_told(text: str) -> None:
    """Whatever stands in braces is known, or refused."""
    assert find_unknown_placeholder(text)
    assert not find_unknown_placeholder("".join(f"{{{name}}}" for name in PLACEHOLDERS))


@given(st.text(max_size=60), WORDS, WORDS)
def test_a_subject_is_never_much_longer_than_it_should_be(title: str, top: str, pattern: str) -> None:
    """However long titles are; only what the digest itself says is never cut."""
    values = dict.fromkeys(PLACEHOLDERS, "") | {"title": title, "top": top}
    subject = word_subject(USUAL, values)
    assert len(subject) <= max(LENGTH, len(title) + 3 + 30)
    assert needs_top(USUAL)
    assert fill_placeholders(pattern, {}) == pattern


@given(st.text(max_size=120), st.integers(2, 80))
def test_a_cut_text_is_the_beginning_of_the_whole(text: str, length: int) -> None:
    """With an ellipsis where something is missing."""
    cut = cut_at_word(text, length)
    assert len(cut) <= length
    assert cut == text if len(text) <= length else text.startswith(cut.removesuffix("…"))
