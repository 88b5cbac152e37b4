"""``newsfeed new`` and ``newsfeed translate``: begin a text, and open it in the user's editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.options import now_option
from newsfeed.cli.output.voice import user_voice
from newsfeed.marking import N_

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.cli.context import CommandContext

_no_edit = click.option("--no-edit", is_flag=True, help=N_("Only write the file; open no editor."))


@click.command(cls=TranslatedCommand, help=N_("Begin a story: write its file, and open it in your editor."))
@click.argument("title", required=False)
@click.option("--lang", default="", metavar="CODE", help=N_("The language you write in."))
@click.option(
    "--topic", "topics", multiple=True, metavar="KEY", help=N_("One of its topics; may be repeated.")
)
@click.option(
    "--project", "projects", multiple=True, metavar="ID", help=N_("A project it is news of; may be repeated.")
)
@click.option(
    "--country",
    "countries",
    multiple=True,
    metavar="CODE",
    help=N_("A country it is about; may be repeated."),
)
@click.option(
    "--author", "authors", multiple=True, metavar="NAME", help=N_("Who wrote it; else git is asked.")
)
@_no_edit
@now_option(N_("Date the story as of this moment (ISO 8601) instead of today."))
@click.pass_obj
def new(
    context: CommandContext,
    /,
    title: str | None,
    lang: str,
    no_edit: bool,
    now: datetime | None,
    **facts: tuple[str, ...],
) -> None:
    """Run ``newsfeed new``."""
    from newsfeed.app.writing import open_writing
    from newsfeed.cli.output.writing import Asking, open_editor, print_begun_story
    from newsfeed.core.content.new_texts import NewStory

    writing, voice = open_writing(context.root), user_voice()
    asking = Asking(voice)
    settings = writing.context.settings
    story = NewStory(
        title=title or asking.title(),
        lang=writing.check_language(lang or asking.language(writing.languages)),
        day=context.now(now).astimezone(settings.site.timezone).date(),
        authors=facts["authors"] or asking.authors(writing.usual_author()),
        topics=writing.check_topics(facts["topics"] or asking.topics(list(settings.topics))),
        countries=tuple(code.upper() for code in facts["countries"]),
        projects=facts["projects"],
    )
    begun = writing.begin_story(story)
    if not no_edit:
        open_editor(context.root / begun.path)
    others = [code for code in writing.languages if code != story.lang]
    print_begun_story(begun, others, voice)


@click.command(
    cls=TranslatedCommand,
    help=N_("Begin the translation of ITEM into LANGUAGE, with the original beside it, and open your editor.")
    + "\n\n"
    + N_("ITEM is the id of a text, or one of its files."),
)
@click.argument("item", metavar=N_("ITEM"))
@click.argument("lang", metavar=N_("LANGUAGE"))
@_no_edit
@click.pass_obj
def translate(context: CommandContext, item: str, lang: str, no_edit: bool) -> None:
    """Run ``newsfeed translate``."""
    from newsfeed.app.writing import open_writing
    from newsfeed.cli.output.writing import open_editor, print_begun_translation

    writing = open_writing(context.root)
    begun = writing.begin_translation(item, writing.check_language(lang))
    if not no_edit:
        open_editor(context.root / begun.path)
    print_begun_translation(begun, user_voice())
