"""Errors of every family, in the user's language."""

import ast
from pathlib import Path

import pytest

from newsfeed import errors
from newsfeed.cli.output.terminal import print_error
from newsfeed.cli.output.voice import user_voice
from newsfeed.errors import (
    ForeignOutputError,
    NewsfeedError,
    OutsideError,
    SiteChangedError,
    StaleError,
    UsageError,
    reason_of,
)
from newsfeed.marking import Sentence
from newsfeed.testing import CONFIG, write_tree
from tests.cli.command import newsfeed

PACKAGE = Path(errors.__file__).parent
FAMILY = ("UsageError", "OutsideError", "SiteChangedError", "ForeignOutputError", "StaleError")
AT = ("--now", "2026-01-12T12:00+01:00")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A site with a digest, and a folder that is not newsfeed's."""
    return write_tree(tmp_path / "site", {"config.toml": CONFIG, "full/mine.txt": "mine"})


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (
            ("digest", "nix"),
            2,
            ["Fehler: In config.toml gibt es keinen Digest „nix“", "    Digests sind: staff"],
        ),
        (
            ("subscribers", "show", "nobody"),
            2,
            ["Fehler: An diese Adresse lässt sich nicht schreiben", "    Sie sieht aus wie name@example.org"],
        ),
        (
            ("subscribers", "import", "nix.csv", "--digest", "staff", "--consent", "x"),
            3,
            ["Fehler: nix.csv lässt sich nicht lesen: so eine Datei oder so einen Ordner gibt es nicht"],
        ),
        (
            ("build", "-o", "{root}/full"),
            3,
            [
                "Fehler: {root}/full ist nicht leer und nicht von newsfeed angelegt (darin liegt mine.txt)",
                "    Nennen Sie mit --output einen anderen Ordner, oder leeren Sie diesen",
            ],
        ),
        (
            ("serve", "-o", "{root}/full"),
            2,
            ["Fehler: In {root}/full liegt keine Website", "    Rufen Sie zuerst newsfeed build auf"],
        ),
    ],
)
def test_errors_of_commands_are_told_in_german(root: Path, arguments, status, said) -> None:
    """What is wrong, and what to do: no word of it in English."""
    words = [word.format(root=root) for word in arguments]
    done = newsfeed("-C", root, *words, LC_ALL="de_DE.UTF-8")
    assert done.returncode == status
    assert done.stderr.splitlines() == [line.format(root=root) for line in said]


@pytest.mark.parametrize("kind", [UsageError, OutsideError, SiteChangedError, ForeignOutputError, StaleError])
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "error: cannot read a{b}: the disk is full\n    run it again\n"),
        (
            "de",
            "Fehler: a{b} lässt sich nicht lesen: der Datenträger ist voll\n    Rufen Sie den Befehl erneut auf\n",
        ),
        (
            "fr",
            "erreur\u00a0: Impossible de lire a{b}\u00a0: le disque est plein\n    Relancez la commande\n",
        ),
        ("nl", "fout: a{b} kan niet worden gelezen: de schijf is vol\n    Voer de opdracht opnieuw uit\n"),
    ],
)
def test_every_family_keeps_its_parameters_until_it_is_printed(kind, language, said, capsys) -> None:
    """The reason of the system is translated too; logs have all of it in English."""
    reason = reason_of(OSError(28, "No space left on device"))
    error = kind("cannot read {path}: {reason}", "run it again", path="a{b}", reason=reason)
    print_error(error, user_voice({"LANG": language}))
    assert capsys.readouterr().err == said
    assert str(error) == error.message == "cannot read a{b}: the disk is full"
    assert error.hint == "run it again"


def test_rare_reasons_are_told_in_the_system_s_own_words() -> None:
    """And those of libraries, whose numbers mean something else."""
    assert str(reason_of(OSError(9999, "something rare"))) == "something rare"
    assert str(reason_of(OSError("no number"))) == "no number"
    assert str(reason_of(type("SSLError", (OSError,), {})(1, "bad certificate"))) == "bad certificate"


def test_no_error_is_raised_with_a_sentence_that_cannot_be_translated() -> None:
    """Mark it with N_, and give its values by name: see CONTRIBUTING.md, Messages."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name == "testing.py":  # for programmers
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in FAMILY:
                found += [
                    f"{path.relative_to(PACKAGE)}:{node.lineno}"
                    for part in node.args[:2]
                    if isinstance(part, ast.Constant | ast.JoinedStr) and not _is_of_strangers(part)
                ]
    assert found == []


def test_no_marked_sentence_stands_within_an_f_string() -> None:
    """There Babel does not see it, so that it would never be translated."""
    found = [
        f"{path.relative_to(PACKAGE)}:{call.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("N_", "NN_")
    ]
    assert found == []


def _is_of_strangers(part: ast.expr) -> bool:
    """Tell whether a text has no words of ours: nothing but values."""
    pieces = part.values if isinstance(part, ast.JoinedStr) else [part]
    return not any(isinstance(one, ast.Constant) and any(map(str.isalpha, str(one.value))) for one in pieces)


def test_an_error_is_the_same_after_a_journey_between_processes() -> None:
    """Workers send theirs to the process that prints."""
    error = OutsideError("cannot read {path}: {reason}", path="a", reason=Sentence("the disk is full"))
    kind, arguments = error.__reduce__()
    again = kind(*arguments)
    assert isinstance(again, NewsfeedError)
    assert (again.sentence, again.advice, str(again)) == (error.sentence, error.advice, str(error))
