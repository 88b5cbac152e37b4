"""Fingerprints of paragraphs: silent about what no reader would call a change, and about nothing else."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.content.paragraphs import fingerprint_text, list_paragraphs, normalise

WORDS = [
    "the",
    "association",
    "built",
    "two",
    "wells",
    "in",
    "spring",
    "and",
    "nobody",
    "had",
    "to",
    "carry",
    "water",
    "from",
    "the",
    "river",
    "any",
    "more",
    "because",
    "people",
    "of",
    "Osh",
    "dug",
    "for",
    "14",
    "days",
    "3.5",
    "km",
    "away",
    "at",
    "40",
    "%",
    "cost",
    "we're",
    "asked",
    "o'clock",
    "well-known",
]
FORMS = (
    "{}",
    "## {}",
    "- {}",
    "1. {}",
    "> {}",
    "**{}**",
    "[{}](a.md)",
    "![{}](b.png)",
    "“{}” – so",
    "«\u00a0{}\u00a0»\u202f!",
)


def compute(body: str, **fields: str) -> list[str]:
    """The fingerprints of a text."""
    return fingerprint_text(fields, body).split()


BODIES = st.lists(
    st.tuples(st.sampled_from(FORMS), st.lists(st.sampled_from(WORDS), min_size=2, max_size=14)),
    min_size=1,
    max_size=6,
).map(lambda parts: [form.format(" ".join(words)) for form, words in parts])

HARMLESS = {
    "lines broken otherwise": lambda text: (
        text if text.startswith("#") else re.sub(r"(?<=[a-z]) (?=[a-z])", "\n", text, count=3)
    ),
    "double blanks": lambda text: re.sub(r"(?<=[a-z]) (?=[a-z])", "  ", text),
    "blanks at the end": lambda text: f"{text}   ",
    "no-break blanks": lambda text: text.replace(" %", "\u00a0%"),
    "a hidden hyphen": lambda text: text.replace("nobody", "no\u00adbody"),
    "typewriter quotes": lambda text: text.replace("“", '"').replace("”", '"'),
    "German quotes": lambda text: text.replace("“", "„").replace("”", "“"),
    "French quotes": lambda text: text.replace("«\u00a0", "“").replace("\u00a0»\u202f", "”"),
    "curly apostrophes": lambda text: text.replace("'", "’"),
    "long dashes": lambda text: text.replace(" – ", "—"),
    "hyphens that do not break": lambda text: text.replace("well-known", "well\u2011known"),
    "other targets": lambda text: text.replace("(a.md)", "(<../2030/a b.md>)"),
    "references": lambda text: text.replace("](a.md)", "][ref]"),
    "pictures elsewhere": lambda text: text.replace("(b.png)", "(c/d.jpg)"),
    "other stars": lambda text: text.replace("**", "__"),
    "other bullets": lambda text: re.sub(r"^- ", "* ", text),
    "entities": lambda text: text.replace("\u00a0", "&nbsp;"),
    "remarks": lambda text: f"{text} <!-- to do: shorten -->",
    "closed headings": lambda text: f"{text} ##" if text.startswith("#") else text,
}


@pytest.mark.parametrize("name", HARMLESS)
@given(body=BODIES)
def test_what_is_no_change_gives_no_alarm(name: str, body: list[str]) -> None:
    """Whatever a text is, and wherever that happens in it."""
    assert compute("\n\n".join(map(HARMLESS[name], body))) == compute("\n\n".join(body))


def another_word(words: list[str], place: int, chance: random.Random) -> list[str]:
    """Say something else."""
    others = [word for word in WORDS if normalise(word) != normalise(words[place])]
    return [*words[:place], chance.choice(others), *words[place + 1 :]]


SUBSTANTIVE = {
    "another word": another_word,
    "a word less": lambda words, place, _: [*words[:place], *words[place + 1 :]],
    "a word more": lambda words, place, _: [*words[:place], "not", *words[place:]],
    "another number": lambda words, place, _: [*words[:place], "15", *words[place:]],
    "two words in one": lambda words, place, _: [
        *words[:place],
        "".join(words[place : place + 2]),
        *words[place + 2 :],
        "x",
    ],
    "a capital": lambda words, place, _: [*words[:place], words[place].swapcase() + "A", *words[place + 1 :]],
    "a stop": lambda words, place, _: [*words[:place], words[place] + ".", *words[place + 1 :]],
    "a minus": lambda words, place, _: [*words[:place], "-7", *words[place + 1 :]],
}


@pytest.mark.parametrize("name", SUBSTANTIVE)
@given(
    form=st.sampled_from(FORMS),
    words=st.lists(st.sampled_from(WORDS), min_size=2, max_size=14),
    around=BODIES,
    data=st.data(),
)
def test_every_edit_is_found_in_its_paragraph_and_in_no_other(
    name: str, form: str, words: list[str], around: list[str], data: st.DataObject
) -> None:
    """One fingerprint is another one, and the rest is as it was."""
    place = data.draw(st.integers(0, len(words) - 1))
    edited = SUBSTANTIVE[name](words, place, data.draw(st.randoms(use_true_random=False)))
    both = [form.format(" ".join(one)) for one in (words, edited)]
    before, after = (compute("\n\n".join([*around, text, *around])) for text in both)
    assert len(before) == len(after) == 2 * len(around) + 1
    changed = [number for number, pair in enumerate(zip(before, after, strict=True)) if len({*pair}) == 2]
    assert changed == [len(around)]


@given(BODIES)
def test_paragraphs_lie_in_the_body_as_they_are(body: list[str]) -> None:
    """Their places are right, and nothing but blank lines is between them."""
    text = "\n\n\n".join(body)
    found = list_paragraphs(text)
    assert [text[one.start : one.end] for one in found] == [one.text for one in found] == body
    assert [one.line for one in found] == [3 * number for number in range(len(body))]


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("", []),
        ("A\nb\n\nC\n", ["A\nb", "C"]),
        ("Text\n- a\n- b\n  more\n\n  below\n", ["Text", "- a", "- b\n  more", "  below"]),
        ("Born in\n1986. Then\n", ["Born in\n1986. Then"]),  # no list, for it does not begin with 1
        ("1. a\n2. b\n", ["1. a", "2. b"]),
        ("# A\nText\n## B\n", ["# A", "Text", "## B"]),
        ("```\na\n\nb\n```\nText\n", ["```\na\n\nb\n```", "Text"]),
        ("~~~\nopen\n\n", ["~~~\nopen\n\n"]),
        ("`a` b\n", ["`a` b"]),
        ("```a``` b\nc\n", ["```a``` b\nc"]),
        ("<!-- en: A\n\nB -->\nText\n", ["Text"]),
        ("<!-- en: A -->\nText\n", ["Text"]),
        ("A\n\n[a]: https://a.example\n\nB\n", ["A", "B"]),
        ("| a | b |\n|---|---|\n| c | d |\n", ["| a | b |\n|---|---|\n| c | d |"]),
    ],
)
def test_what_a_paragraph_is(body: str, texts: list[str]) -> None:
    """Headings, entries of lists and blocks of code are some, too; remarks and targets are none."""
    assert [one.text for one in list_paragraphs(body)] == texts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Text:\n- a\n- b", "Text:\n\n- a\n\n- b"),  # a loose list says what a tight one says
        ("# A\nB", "# A\n\nB"),
        ("> a\n> b", "> a b"),
        ("a\\\nb", "a  \nb"),
        ("a<br>b", "a b"),
        ("see https://a.example/x.", "see https://b.example/y."),
        ("<https://a.example>", "<https://b.example>"),
        ('<img src="a.png" alt="x">', '<img src="b.png" alt="x">'),
        ("<a href='a'>x</a>", "<a href='b'>x</a>"),
        ("| A | B |\n| --- | --- |\n| 1 | 2 |", "| A   | B |\n|------|-----|\n| 1 | 2   |"),
        ("***", "- - -"),
        ("1) a", "1. a"),
        ("wait…", "wait ..."),
        ("e\u0301t\u00e9", "\u00e9te\u0301"),
        ("5 \u2212 3", "5-3"),
        ("a \\* b", "a * b"),
        ("‘so’", "“so”"),
        ("a &amp; b", "a & b"),
        ("[a]: x.md\n\nB", "B\n\n[a]: y.md"),
    ],
)
def test_two_ways_to_write_one_thing(one: str, other: str) -> None:
    """They have the same fingerprints."""
    assert compute(one) == compute(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("not able", "notable"),
        ("re-sign", "resign"),
        ("were", "we're"),
        ("m²", "m2"),
        ("a_b", "ab"),
        ("2 * 3", "2 3"),
        ("1. a", "2. a"),
        ("# a", "## a"),
        ("```\na\n```", "```\nb\n```"),
        ('[a](b "c")', '[a](b "d")'),
        ("![a](b)", "![c](b)"),
        ("| a | b |\n|---|---|", "| a | c |\n|---|---|"),
        ("a?", "a!"),
        ("5", "-5"),
    ],
)
def test_what_looks_alike_and_says_something_else(one: str, other: str) -> None:
    """They have different fingerprints."""
    assert compute(one) != compute(other)


def test_the_form_in_which_fingerprints_are_noted() -> None:
    """The parts of the head by their keys, those that are empty left out; then the paragraphs."""
    said = compute("One.\n\nTwo.\n", title="A", summary="", image_alt="B", image_caption="C")
    assert [re.sub("[0-9a-f]{6}$", "…", one) for one in said] == [
        "title=…", "image_alt=…", "image_caption=…", "…", "…",
    ]  # fmt: skip
