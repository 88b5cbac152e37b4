"""Help and usage in every shipped language."""

import re
from functools import cache
from pathlib import Path
from string import Formatter

import click
import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.output.voice import user_voice
from newsfeed.cli.root import newsfeed
from newsfeed.config import bundled
from tests.cli.command import newsfeed as run
from tests.docs.test_cli import walk

LANGUAGES = ("de", "fr", "nl")
COMMANDS = dict(walk("", newsfeed))
NOT_SAID = {
    # to programmers
    ("Arguments take exactly one parameter declaration, got {length}: {decls}.",),
    ("Boolean option {decl!r} cannot use the same flag for true/false.",),
    ("Choice({choices})",),
    ("Could not determine name for option with declarations {decls!r}",),
    ("Invalid start character for option ({option})",),
    ("Name '{name}' defined twice",),
    (
        (
            "No options defined but a name was passed ({name}). "
            "Did you mean to declare an argument instead? Did you mean to pass '--{name}'?"
        ),
    ),
    ("Value must be an iterable.",),
    # about what is deprecated
    ("DeprecationWarning: The command {name!r} is deprecated.{extra_message}",),
    ("DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}",),
    ("deprecated",),
    # by questions, and by types of values that newsfeed has not
    ("(dynamic)",),
    ("Aborted!",),
    ("Argument {name!r} takes {nargs} values.",),
    ("Confirm the action without prompting.",),
    ("Could not open file {filename!r}: {message}",),
    ("Do you want to continue?",),
    ("directory",),
    ("file",),
    ("path",),
    ("unknown error",),
    (
        "{len_type} values are required, but {len_value} was given.",
        "{len_type} values are required, but {len_value} were given.",
    ),
    ("{name} {filename!r} does not exist.",),
    ("{name} {filename!r} is a directory.",),
    ("{name} {filename!r} is a file.",),
    ("{name} {filename!r} is not executable.",),
    ("{name} {filename!r} is not readable.",),
    ("{name} {filename!r} is not writable.",),
    ("{value!r} does not match the format {format}.", "{value!r} does not match the formats {formats}."),
    ("{value!r} is not a valid UUID.",),
    ("{value!r} is not a valid boolean. Recognized values: {states}",),
    # what newsfeed says itself
    ("%(prog)s, version %(version)s",),
    ("Show the version and exit.",),
    ("Show this message and exit.",),
    ("{value!r} is not a valid {number_type}.",),
}
"""What click can say and does not say here."""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_text_of_help_is_translated(name):
    """The command, its options and the names of their values: mark them with N_, and translate them."""
    command = COMMANDS[name]
    assert isinstance(command, TranslatedCommand), "make it with cls=TranslatedCommand"
    context = click.Context(command)
    texts = [command.help, command.epilog]
    for param in command.params:
        texts += [getattr(param, "help", None)]
    paragraphs = {" ".join(part.split()) for text in texts if text for part in text.split("\n\n")}
    assert command.help
    assert all(param.help for param in command.get_params(context) if isinstance(param, click.Option))
    for language in LANGUAGES:
        voice = user_voice({"LANG": language})
        assert [text for text in paragraphs if voice.say(text) == text] == [], language


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_no_english_left(name):
    """As it is printed: no line is as it is in English, but for those that hold nothing to translate."""
    english = _printed(name, "en_GB.UTF-8")
    for language in LANGUAGES:
        assert english & _printed(name, f"{language}_XX.UTF-8") == set(), language


def _printed(name: str, locale: str) -> set[str]:
    """The lines of a help page that have a sentence, or a heading, in them."""
    done = run(*name.split(), "--help", LC_ALL=locale, COLUMNS="400")
    assert done.returncode == 0
    lines = (line.strip() for line in done.stdout.splitlines())
    sentences = {line for line in lines if " " in line or line.endswith(":")} - {"Options:"}
    return {line for line in sentences if not re.fullmatch(r"--[a-z-]+ \[[a-z|]+\]", line)}


def click_catalogue(language: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """What click says, and how that is said in a language; sentences that depend on a number have two."""
    with (bundled.locales() / language / "LC_MESSAGES/click.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    return {as_tuple(message.id): as_tuple(message.string) for message in messages}


def as_tuple(text: str | tuple[str, ...]) -> tuple[str, ...]:
    """One text or several, as several."""
    return tuple(text) if isinstance(text, list | tuple) else (text,)


@cache
def said_by_click() -> set[tuple[str, ...]]:
    """Every message in the modules of click that a command line goes through."""
    folder, keywords = Path(click.__file__).parent, {"_": None, "ngettext": (1, 2)}
    modules = ("core", "decorators", "exceptions", "formatting", "parser", "types")
    found = {
        as_tuple(message)
        for name in modules
        for _, message, _, _ in extract_from_file("python", folder / f"{name}.py", keywords=keywords)
    }
    return found | {("required",)}  # translated through a variable


@pytest.mark.parametrize("language", LANGUAGES)
def test_click_speaks_the_language_too(language):
    """All that it can say to users, with the same placeholders; and nothing that it does not say any more."""
    catalogue = click_catalogue(language)
    assert set(catalogue) == said_by_click() - NOT_SAID
    for message, forms in catalogue.items():
        assert all(forms), message
        assert [names(form) for form in forms] == [names(form) for form in message], message


def names(text: str) -> set[str]:
    """The placeholders of a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


MISTAKES = {
    ("--no-such",): "Fehler: Die Option „--no-such“ gibt es nicht.",
    ("chek",): "Fehler: Den Befehl „chek“ gibt es nicht. (Meinten Sie eines davon: 'check', 'schema'?)",
    ("why",): "Fehler: Es fehlt das Argument 'ADRESSE'.",
    ("why", "a", "b", "c"): "Fehler: Überzähliges Argument (c)",
    ("subscribers", "add", "a@b.example"): "Fehler: Es fehlt die Option '--language'.",
    ("check", "--format"): "Fehler: Die Option „--format“ braucht einen Wert.",
    ("check", "--format", "xml"): (
        "Fehler: Ungültiger Wert für '--format': „xml“ ist nicht möglich; "
        "zur Wahl stehen 'text', 'json', 'github', 'gitlab', 'sarif'."
    ),
    ("check", "--now", "gestern"): (
        "Fehler: Ungültiger Wert für '--now': "
        "„gestern“ ist kein Zeitpunkt; schreiben Sie ihn wie 2010-02-08T09:00+01:00"
    ),
    (
        "serve",
        "--port",
        "x",
    ): "Fehler: Ungültiger Wert für '--port': „x“ ist keine ganze Zahl von 0 bis 65535",
    ("serve", "--port", "70000"): (
        "Fehler: Ungültiger Wert für '--port': „70000“ ist keine ganze Zahl von 0 bis 65535"
    ),
    ("build", "--fresh=1"): "Fehler: Die Option „--fresh“ nimmt keinen Wert an.",
}


@pytest.mark.parametrize("arguments", MISTAKES, ids=" ".join)
def test_mistakes_on_the_command_line_are_told_in_german(arguments):
    """What is wrong, how it is called, and where help is."""
    done = run(*arguments, LC_ALL="de_DE.UTF-8")
    assert done.returncode == 2
    *usage, error = done.stderr.splitlines()
    assert error == MISTAKES[arguments]
    if usage:  # click says nothing of it where an option lacks its value
        assert usage[0].startswith("Aufruf: newsfeed ")
        assert usage[1].startswith("Hilfe gibt „newsfeed ")


def test_a_process_can_speak_one_language_after_the_other():
    """What was said in German before is said in English now."""
    for _ in range(2):
        assert "Diese Hilfe anzeigen" in run("check", "--help", LC_ALL="de_DE.UTF-8").stdout
        assert "Show this message and exit." in run("check", "--help").stdout
        assert "No such option" in run("check", "--x").stderr
        assert "Options\u00a0:" in run("check", "--help", LC_ALL="fr_FR.UTF-8").stdout
