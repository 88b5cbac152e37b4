"""Help and usage in the user's language: our own sentences, and those of click.

Commands are `TranslatedCommand`, groups `TranslatedGroup`. Their texts and metavars are English and marked
with ``N_``; click is given copies with the words of the user's language whenever it looks at them.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

import click

from newsfeed.cli.output.voice import user_voice
from newsfeed.marking import N_

if TYPE_CHECKING:
    from newsfeed.cli.output.voice import Voice


_WHOLE = 1_000
"""Characters of a first sentence: none has so many."""


class TranslatedFormatter(click.HelpFormatter):
    """Writes headings with the colon of the user's language: the French set a blank before it."""

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        text = user_voice().say(N_("{heading}:"), heading=heading)
        self.write(f"{'':>{self.current_indent}}{text}\n")


class TranslatedContext(click.Context):
    """The context of a command whose help is in the user's language."""

    formatter_class = TranslatedFormatter


class TranslatedCommand(click.Command):
    """A command whose help is in the user's language."""

    context_class = TranslatedContext

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._translated: dict[str, list[click.Parameter]] = {}

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the parameters with the words of the user's language; the same ones every time it is asked:
        click compares them by identity.
        """
        voice, params = user_voice(), super().get_params(ctx)
        if voice.translations is None:
            return params
        if voice.locale not in self._translated:
            self._translated[voice.locale] = [_translate_parameter(param, ctx, voice) for param in params]
        return self._translated[voice.locale]

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what stands behind the command's name in its usage line."""
        voice = user_voice()
        return [_translate_metavar(piece, voice) for piece in super().collect_usage_pieces(ctx)]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help``, which click makes once, in the language of that moment."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = N_("Show this message and exit.")
        return option

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        super(TranslatedCommand, translate_command(self)).format_help_text(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what stands below everything."""
        super(TranslatedCommand, translate_command(self)).format_epilog(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of what the command does, for a list of commands."""
        return super(TranslatedCommand, translate_command(self)).get_short_help_str(limit)


class TranslatedGroup(TranslatedCommand, click.Group):
    """A group of commands whose help is in the user's language."""

    command_class = TranslatedCommand

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, subcommand_metavar=N_("COMMAND [ARGS]…"), **kwargs)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their whole first sentences, on more lines where one is full."""
        rows = [(name, self.commands[name].get_short_help_str(_WHOLE)) for name in self.list_commands(ctx)]
        with formatter.section(user_voice().say(N_("Commands"))):
            formatter.write_dl(rows)


def translate_command(command: TranslatedCommand) -> TranslatedCommand:
    """Return a copy of a command whose texts are in the user's language."""
    voice, translated = user_voice(), copy(command)
    translated.help = _translate_paragraphs(command.help, voice)
    translated.epilog = _translate_paragraphs(command.epilog, voice)
    return translated


def _translate_parameter(param: click.Parameter, ctx: click.Context, voice: Voice) -> click.Parameter:
    translated = copy(param)
    if isinstance(translated, click.Option):
        translated.help = _translate_paragraphs(translated.help, voice)
    translated.metavar = _translate_metavar(param.make_metavar(ctx), voice)
    return translated


def _translate_metavar(metavar: str, voice: Voice) -> str:
    """Return the name of a value in the user's language; one that may be left out stays in its brackets."""
    if metavar.startswith("[") and metavar.endswith("]"):
        return f"[{voice.say(metavar[1:-1])}]"
    return voice.say(metavar)


def _translate_paragraphs(text: str | None, voice: Voice) -> str | None:
    """Return a text in the user's language; each of its paragraphs is one message."""
    if text is None:
        return None
    paragraphs = (" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
    return "\n\n".join(voice.say(paragraph) for paragraph in paragraphs)


METAVARS = (
    N_("ADDRESS"),
    N_("CODE"),
    N_("CODE=NAME"),
    N_("COMMAND [ARGS]…"),
    N_("COMMIT"),
    N_("DAY"),
    N_("DIR"),
    N_("FEED"),
    N_("FILE"),
    N_("ID"),
    N_("ISSUE"),
    N_("ITEM"),
    N_("KEY"),
    N_("LANGUAGE"),
    N_("MOMENT"),
    N_("NAME"),
    N_("NEW"),
    N_("NUMBER"),
    N_("OLD"),
    N_("OPTIONS"),
    N_("REASON"),
    N_("SERVER"),
    N_("SOURCE"),
    N_("TEXT"),
    N_("TITLE"),
    N_("URL"),
)
"""Names of values in usage lines."""
