"""``newsfeed translate``: begin a translation here, or let texts travel to translators and back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsfeed.cli.context import DEFAULT_OUTPUT
from newsfeed.cli.help import TranslatedCommand, TranslatedGroup
from newsfeed.cli.options import now_option, output_option
from newsfeed.cli.output.voice import user_voice
from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.cli.context import CommandContext

DONE, PROBLEMS = 0, 1
FORMATS = ("po", "xliff", "md")


class CommandWithWords(TranslatedGroup):
    """A command with arguments of its own, some first words of which are commands themselves."""

    allow_extra_args = False
    allow_interspersed_args = True

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Return the context of what is meant: the word's, or its own."""
        if args and args[0] in self.commands:
            word = self.commands[args[0]]
            return word.make_context(f"{info_name} {args[0]}", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read its own arguments, as a plain command does."""
        return click.Command.parse_args(self, ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run it, as a plain command is run."""
        return click.Command.invoke(self, ctx)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return its own arguments; the words stand below."""
        words = user_voice().say(self.subcommand_metavar)
        return [piece for piece in super().collect_usage_pieces(ctx) if piece != words]


@click.group(
    cls=CommandWithWords,
    help=N_("Begin the translation of ITEM into LANGUAGE, with the original beside it, and open your editor.")
    + "\n\n"
    + N_("ITEM is the id of a text, or one of its files."),
)
@click.argument("item", metavar=N_("ITEM"))
@click.argument("lang", metavar=N_("LANGUAGE"))
@click.option("--no-edit", is_flag=True, help=N_("Only write the file; open no editor."))
@click.pass_obj
def translate(context: CommandContext, item: str, lang: str, no_edit: bool) -> None:
    """Run ``newsfeed translate``."""
    from newsfeed.app.writing import open_writing
    from newsfeed.cli.arguments import text_in_site
    from newsfeed.cli.output.writing import open_editor, print_begun_translation

    writing = open_writing(context.root)
    begun = writing.begin_translation(text_in_site(context.root, item), writing.check_language(lang))
    if not no_edit:
        open_editor(context.root / begun.path, user_voice())
    print_begun_translation(begun, user_voice())


@translate.command(
    "export",
    cls=TranslatedCommand,
    help=N_("Write texts into FILE for translators: a PO or XLIFF file, or Markdown.")
    + "\n\n"
    + N_("What is translated already comes along; what is behind its original is marked."),
)
@click.argument("file", metavar=N_("FILE"))
@click.option("--to", "lang", metavar="CODE", required=True, help=N_("The language to translate into."))
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help=N_("The format; without it the ending of FILE says.")
)
@click.option("--changed", is_flag=True, help=N_("Only what waits, or has changed in the original."))
@click.option(
    "--topic", "topics", multiple=True, metavar="KEY", help=N_("Only stories of this topic; may be repeated.")
)
@output_option(N_("The published site, whose build makes this quick."), default=DEFAULT_OUTPUT)
@now_option(N_("Look at the site as of this moment (ISO 8601)."))
@click.pass_obj
def export(
    context: CommandContext,
    file: str,
    lang: str,
    form: str | None,
    topics: tuple[str, ...],
    output: str | None,
    now: datetime | None,
    *,
    changed: bool,
) -> None:
    """Run ``newsfeed translate export``."""
    from newsfeed.app.translations import export_texts, write_result
    from newsfeed.cli.output.exchange import print_exported
    from newsfeed.core.content.coverage import CoverageFilter

    data, count = export_texts(
        context.root,
        context.output(output),
        context.now(now),
        os.environ,
        CoverageFilter(languages=[lang], topics=topics),
        _format_of(file, form),
        only_changed=changed,
    )
    write_result(Path(file), data)
    print_exported(file, count, user_voice())


@translate.command(
    "import",
    cls=TranslatedCommand,
    help=N_("Put the translations in FILE, which export wrote, into the texts.")
    + "\n\n"
    + N_("What has lost a link, code or placeholder is refused, and so is what translates an older text."),
)
@click.argument("file", metavar=N_("FILE"))
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help=N_("The format; without it the ending of FILE says.")
)
@output_option(N_("The published site, whose build makes this quick."), default=DEFAULT_OUTPUT)
@now_option(N_("Look at the site as of this moment (ISO 8601)."))
@click.pass_obj
def import_command(
    context: CommandContext, file: str, form: str | None, output: str | None, now: datetime | None
) -> int:
    """Run ``newsfeed translate import``."""
    from newsfeed.app.translations import import_texts, read_exchange_file
    from newsfeed.cli.output.exchange import print_imported

    data = read_exchange_file(Path(file))
    folder, moment = context.output(output), context.now(now)
    result = import_texts(context.root, folder, moment, os.environ, data, _format_of(file, form))
    print_imported(result, user_voice())
    return PROBLEMS if result.refused else DONE


def _format_of(file: str, form: str | None) -> str:
    """Return the format that was asked for, or that the ending of a file's name says."""
    ending = form or Path(file).suffix.removeprefix(".").lower()
    name = {"xlf": "xliff", "markdown": "md"}.get(ending, ending)
    if name not in FORMATS:
        raise UsageError(
            N_("the ending of {file} says no format"),
            N_("name one with --format: {known}"),
            file=file,
            known=", ".join(FORMATS),
        )
    return name
