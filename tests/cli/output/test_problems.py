"""What people and programs see of problems."""

import json
import re

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.cli.output import problems
from newsfeed.cli.output.problems import as_data, github_line, text_block
from newsfeed.cli.output.voice import Voice, user_voice
from newsfeed.problems import PROBLEM_KINDS, Location, Problem, Severity, problem
from tests.cli.output.voices import a_voice
from tests.examples import examples

ENGLISH = Voice()


def shown(found: Problem, voice: Voice = ENGLISH) -> list[str]:
    """The lines of a problem in a terminal, without colours."""
    return click.unstyle(text_block(found, voice)).split("\n")


def unknown_key(text: str, column: int, value: str = "titel", path: str = "news/a.en.md") -> Problem:
    """A problem in line 2 with this text."""
    return problem(
        "key-unknown", Location(path, 2, column, text), ["title"], value=value, known="date, title"
    )


def test_only_the_changes_there_are_are_told():
    """Of an outdated translation: nothing was removed, so nothing is said of that."""
    found = problem("translation-stale", Location("a.de.md"), edited="title, ¶ 3", added="¶ 5", removed="",
                    other="a.en.md", path="a.de.md", language="de")  # fmt: skip
    assert problems.message(found, ENGLISH) == (
        "the original has changed since this translation was made; edited: title, ¶ 3 · added: ¶ 5"
    )


# -- people -----------------------------------------------------------------------------------------


def test_a_problem_says_where_what_and_what_to_do():
    """Place, sentence and code; the line with a caret; the suggestion before the hint."""
    assert shown(unknown_key("titel: A", 1)) == [
        "news/a.en.md:2:1: error: unknown key “titel” [key-unknown]",
        "    titel: A",
        "    ^",
        "    did you mean “title”? keys here are: date, title",
    ]


def test_a_problem_without_a_line_has_no_excerpt():
    """Also when the line is only white."""
    for text in ("", "  \t "):
        found = problem("text-missing", Location("news/a.en.md", 9, 1, text))
        assert shown(found) == [
            "news/a.en.md:9:1: warning: there is no text below the front matter [text-missing]",
            "    write at least one paragraph",
        ]


@pytest.mark.parametrize(
    ("line", "column", "pad"),
    [
        pytest.param("title: x", 8, "       ", id="plain"),
        pytest.param("\ttitle: x", 9, "        ", id="a tab is a blank"),
        pytest.param("a\tb\tx", 5, "    ", id="tabs inside"),
        pytest.param("日本 x", 4, "     ", id="wide characters take two columns"),
        pytest.param("ＡＢx", 3, "    ", id="full width too"),
        pytest.param("e\u0301e\u0301x", 5, "  ", id="combining marks take none"),
        pytest.param("a\ufe0f\u200dbx", 5, "  ", id="variation selectors and joiners take none"),
        pytest.param("กำ\u0e34x", 4, "  ", id="Thai vowels above take none"),
        pytest.param("🦀x", 2, "  ", id="emoji take two"),
        pytest.param("a\x1bbx", 4, "   ", id="what is replaced takes one"),
        pytest.param("abc", 4, "   ", id="behind the end"),
        pytest.param("abc", 40, "   ", id="far behind the end"),
        pytest.param("abc", 1, "", id="the first column"),
    ],
)
def test_the_caret_stands_below_its_character(line, column, pad):
    """Whatever stands before it."""
    assert shown(unknown_key(line, column))[2] == f"    {pad}^"


def test_a_long_line_is_shown_around_its_place():
    """A hundred and sixty columns are enough."""
    line = "".join(str(number % 10) for number in range(1, 1001))
    lines = shown(unknown_key(line, 500))
    assert lines[1] == f"    {line[419:579]}"
    assert lines[2] == "    " + " " * 80 + "^"
    assert lines[1][lines[2].index("^")] == line[499]


@pytest.mark.parametrize(
    "code",
    ["\x1b[31m", "\x1b]0;title\x07", "\x9b31m", "\r", "\n", "\b", "\u202e", "\u2066", "\u2028", "\x00", "\ud800", "\ufeff", "\u00ad"],
)  # fmt: skip
def test_no_text_from_a_file_can_move_the_cursor_or_lie(code):
    """Escape sequences, line ends and marks of direction show as replacement characters, everywhere."""
    found = Problem(
        "key-unknown",
        Location(f"news/{code}.md", 1, 1, f"x{code}y"),
        (("value", f"a{code}b"), ("known", f"c{code}d")),
        f"e{code}f",
    )
    for text in ("\n".join(shown(found)), github_line(found, ENGLISH), json.dumps(as_data(found, ENGLISH))):
        assert code not in text.replace("\n", "") or code == "\n"
    assert len(shown(found)) == 4
    assert shown(found)[0].startswith("news/�")
    assert "a�" in as_data(found, ENGLISH)["message"]


@given(st.text(alphabet=st.characters(), max_size=60), st.integers(1, 80))
@settings(max_examples=examples(150), deadline=None)
def test_any_line_can_be_shown(line, column):
    """One line of excerpt, one of caret, and nothing that a terminal would obey."""
    lines = shown(unknown_key(line, column, value=line, path=line))
    assert len(lines) == (4 if line.strip() else 2)
    assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "".join(lines))


@pytest.mark.parametrize("severity", Severity)
def test_severities_have_colours_and_labels(severity):
    """Red, yellow and blue, where there are colours."""
    code = {"error": "key-missing", "warning": "text-missing", "advice": "id-missing"}[severity.value]
    block = text_block(problem(code, Location("a"), key="k", value="v"), ENGLISH)
    colour = {"error": "\x1b[31m", "warning": "\x1b[33m", "advice": "\x1b[34m"}[severity.value]
    assert f"{colour}\x1b[1m{severity.value}\x1b[0m" in block


@pytest.mark.parametrize(
    ("codes", "tally"),
    [
        ("", "no problems"),
        ("key-missing", "1 error"),
        ("key-missing key-missing", "2 errors"),
        ("text-missing", "1 warning"),
        ("id-missing", "1 piece of advice"),
        ("id-missing text-missing id-missing key-missing bom", "1 error, 2 warnings, 2 pieces of advice"),
    ],
)
def test_problems_are_counted_by_severity(codes, tally):
    """What there is none of is not named."""
    found = [problem(code, Location("a")) for code in codes.split()]
    assert problems.tally(found, ENGLISH) == tally


# -- programs ---------------------------------------------------------------------------------------


def test_github_gets_one_command_per_problem():
    """Its own signs are escaped in the text, and more of them in the path."""
    found = unknown_key("x", 3, value="100 %: a, b", path="news/a,b:c%.en.md")
    assert github_line(found, ENGLISH) == (
        "::error file=news/a%2Cb%3Ac%25.en.md,line=2,col=3,title=key-unknown"
        "::unknown key “100 %25: a, b” – keys here are: date, title"
    )


@pytest.mark.parametrize(
    ("code", "command"), [("key-missing", "error"), ("text-missing", "warning"), ("id-missing", "notice")]
)
def test_github_knows_three_severities(code, command):
    """Advice is a notice there."""
    line = github_line(problem(code, Location("a"), key="k", value="v"), ENGLISH)
    assert line.startswith(f"::{command} file=a,line=1,col=1,title={code}::")


def test_programs_get_everything_by_name():
    """Sentences too, so that nobody has to make them again."""
    assert as_data(unknown_key("titel: A", 1), ENGLISH) == {
        "path": "news/a.en.md",
        "line": 2,
        "column": 1,
        "severity": "error",
        "code": "key-unknown",
        "message": "unknown key “titel”",
        "hint": "did you mean “title”? keys here are: date, title",
        "params": {"value": "titel", "known": "date, title"},
    }


@pytest.mark.parametrize(
    ("form", "out"),
    [
        (
            "json",
            '[\n {\n  "path": "a",\n  "line": 1,\n  "column": 1,\n  "severity": "warning",\n  "code": "bom",\n',
        ),
        (
            "github",
            "::warning file=a,line=1,col=1,title=bom::the file starts with a byte order mark – save it",
        ),
        ("text", "a:1:1: warning: the file starts with a byte order mark [bom]\n"),
    ],
)
def test_problems_are_a_result(capsys, form, out):
    """They go to standard output in every form; only people get the tally."""
    problems.print_problems([problem("bom", Location("a"))], form, ENGLISH)
    printed = capsys.readouterr()
    assert printed.out.startswith(out)
    assert printed.err == ""
    assert printed.out.endswith("1 warning\n") is (form == "text")


def test_no_problems_are_an_empty_list_for_programs(capsys):
    """And nothing at all for GitHub."""
    for form, out in (("json", "[]\n"), ("github", ""), ("text", "no problems\n")):
        problems.print_problems([], form, ENGLISH)
        assert capsys.readouterr().out == out


# -- results and talk -------------------------------------------------------------------------------


GERMAN = a_voice(
    {
        "error": "Fehler",
        "unknown key “{value}”": "Unbekanntes Feld „{value}“",
        "did you mean “{word}”?": "Meinten Sie „{word}“?",
        "YAML {feature} are not read here": "{feature} aus YAML werden nicht gelesen",
        "tags": "Tags",
        ("{number} error", "{number} errors"): ("{number} Fehler", "{number} Fehler zusammen"),
    }
)


def test_another_voice_says_what_it_can_and_the_rest_in_english():
    """Also in the middle of a problem."""
    assert shown(unknown_key("titel: A", 1), GERMAN) == [
        "news/a.en.md:2:1: Fehler: Unbekanntes Feld „titel“ [key-unknown]",
        "    titel: A",
        "    ^",
        "    Meinten Sie „title“? keys here are: date, title",
    ]
    assert GERMAN.say("") == ""


def test_phrases_inside_a_sentence_are_translated_too():
    """Only those of the program, never values from files."""
    found = problem("yaml-feature", Location("a"), feature="tags")
    assert problems.message(found, GERMAN) == "Tags aus YAML werden nicht gelesen"
    value = problem("key-unknown", Location("a"), value="error", known="")
    assert problems.message(value, GERMAN) == "Unbekanntes Feld „error“"


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(1, "1 Fehler"), (2, "2 Fehler zusammen")],
)
def test_another_voice_counts_by_its_own_rule(number, sentence):
    """One form for one, another for many."""
    assert problems.tally([problem("key-missing", Location("a"))] * number, GERMAN) == sentence


def test_a_voice_without_a_form_counts_in_english():
    """A catalogue may be incomplete."""
    warnings = [problem("bom", Location("a"))] * 2
    assert problems.tally(warnings, GERMAN) == "2 warnings"
    assert problems.tally(warnings[:1], GERMAN) == "1 warning"


@pytest.mark.parametrize("code", PROBLEM_KINDS)
def test_every_kind_can_be_said_in_german(code):
    """Sentence and hint, with all their values."""
    voice = user_voice({"LANG": "de_DE.UTF-8"})
    kind = PROBLEM_KINDS[code]
    names = set(re.findall(r"\{(\w+)\}", kind.message + kind.hint))
    found = problem(code, Location("a"), **{name: f"<{name}>" for name in names})
    sentence = problems.message(found, voice) + problems.hint(found, voice)
    assert all(f"<{name}>" in sentence for name in names)
    assert "{" not in sentence
    assert problems.message(found, voice) != problems.message(found, ENGLISH)
