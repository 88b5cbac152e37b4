"""Results on standard output, what stands beside them on standard error, and text that does no harm."""

import json

import pytest

from newsfeed.cli.output import problems, terminal
from newsfeed.cli.output.terminal import visible
from newsfeed.cli.output.voice import Voice
from newsfeed.errors import OutsideError
from newsfeed.problems import Location, problem

ENGLISH = Voice()


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain äß 日本 🦀", "plain äß 日本 🦀"),
        ("a\tb", "a b"),
        ("👩\u200d🌾 نمی\u200cخواهم", "👩\u200d🌾 نمی\u200cخواهم"),
        ("a\nb\rc", "a�b�c"),
        ("\x7f\x85\u2029", "���"),
        ("10\u00a0%", "10\u00a0%"),
    ],
)
def test_letters_of_all_scripts_stay(text, safe):
    """With the joiners that Persian and emoji need."""
    assert visible(text) == safe


def test_a_result_is_sentences_or_one_object(capsys):
    """On standard output."""
    terminal.print_result({"a": "ü"}, ["one", "two"], as_json=True)
    assert json.loads(capsys.readouterr().out) == {"a": "ü"}
    terminal.print_result({"a": 1}, ["one", "two"], as_json=False)
    assert capsys.readouterr().out == "one\ntwo\n"


def test_talk_goes_beside_the_result(capsys):
    """Problems beside a result, remarks and errors: all on standard error."""
    problems.print_problems_to_stderr([problem("bom", Location("a"))], ENGLISH)
    terminal.print_to_stderr("by the way")
    terminal.print_error(OutsideError("the disk\x1b is full", "empty\x07 it"), ENGLISH)
    terminal.print_error(OutsideError("no hint"), ENGLISH)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.split("\n") == [
        "a:1:1: warning: the file starts with a byte order mark [bom]",
        "    save it as UTF-8 without BOM; it is ignored until then",
        "1 warning",
        "by the way",
        "error: the disk� is full",
        "    empty� it",
        "error: no hint",
        "",
    ]
