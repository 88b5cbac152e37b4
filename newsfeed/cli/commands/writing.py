"""Commands of those who write: begin a story or a translation, add a topic, give heads one form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsfeed.cli.help import TranslatedCommand, TranslatedGroup
from newsfeed.cli.options import now_option
from newsfeed.cli.output.voice import user_voice
from newsfeed.config.site_layout import CONTENT_KINDS
from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.cli.context import CommandContext

DONE, PROBLEMS = 0, 1
_no_edit = click.option("--no-edit", is_flag=True, help=N_("Only write the file; open no editor."))


@click.command(cls=TranslatedCommand, help=N_("Begin a story: write its file, and open it in your editor."))
@click.argument("title", required=False, metavar="[TITLE]")
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
    # what was typed is checked before anything is asked
    title = writing.check_title(title) if title is not None else ""
    lang = writing.check_language(lang) if lang else ""
    topics = writing.check_topics(facts["topics"])
    countries = writing.check_countries(facts["countries"])
    projects = writing.check_projects(facts["projects"])
    story = NewStory(
        title=title or asking.title(writing.check_title),
        lang=lang or asking.language(writing.languages, writing.check_language),
        day=context.now(now).astimezone(settings.site.timezone).date(),
        authors=facts["authors"] or asking.authors(writing.usual_author()),
        topics=topics or asking.topics(list(settings.topics), writing.check_topics),
        countries=countries,
        projects=projects,
    )
    begun = writing.begin_story(story)
    if not no_edit:
        open_editor(context.root / begun.path, voice)
    others = [code for code in writing.languages if code != story.lang]
    print_begun_story(begun, others, voice)


@click.group(cls=TranslatedGroup, help=N_("Manage the topics of the site."))
def topics() -> None:
    """Run ``newsfeed topics``."""


@topics.command("add", help=N_("Add topic KEY to config.toml, and its names to the catalogues."))
@click.argument("key", metavar=N_("KEY"))
@click.option("--name", default="", metavar="NAME", help=N_("Its name in the site's default language."))
@click.option(
    "--in",
    "translations",
    multiple=True,
    metavar="CODE=NAME",
    help=N_("Its name in another language; may be repeated."),
)
@click.pass_obj
def add_topic(context: CommandContext, key: str, name: str, translations: tuple[str, ...]) -> None:
    """Run ``newsfeed topics add``."""
    from newsfeed.app.writing import open_writing
    from newsfeed.cli.output.writing import print_added_topic

    names = dict(_split_name(one) for one in translations)
    writing = open_writing(context.root)
    paths = writing.add_topic(key, name or key.replace("-", " ").capitalize(), names)
    untranslated = [lang for lang in writing.languages[1:] if lang not in names]
    print_added_topic(paths, untranslated, user_voice())


def _split_name(text: str) -> tuple[str, str]:
    """Return language and name of ``de=Wasser``."""
    lang, sign, name = text.partition("=")
    if not sign or not name.strip():
        raise UsageError(N_("“{value}” names no language"), N_("write it like de=Wasser"), value=text)
    return lang.strip(), name.strip()


@click.command(
    "format",
    cls=TranslatedCommand,
    help=N_("Bring the front matter of all texts, or of FILES, into one form; no value changes."),
)
@click.argument("files", metavar=N_("[FILE …]"), nargs=-1)
@click.option(
    "--check", "check_only", is_flag=True, help=N_("Write nothing; exit with 1 if a file would change.")
)
@click.pass_obj
def format_command(context: CommandContext, files: tuple[str, ...], check_only: bool) -> int:
    """Run ``newsfeed format``."""
    from newsfeed.app.writing import open_writing
    from newsfeed.cli.arguments import path_in_site
    from newsfeed.cli.output.writing import print_formatted

    paths = [path_in_site(context.root, name) for name in files]
    changed = open_writing(context.root).format_texts(paths, write=not check_only)
    print_formatted(changed, user_voice(), check_only=check_only)
    return PROBLEMS if check_only and changed else DONE


@click.command(
    cls=TranslatedCommand,
    help=N_("Print the JSON Schema of the front matter, for editors that help while one types."),
)
@click.argument("kind", type=click.Choice(CONTENT_KINDS), default="news")
@click.pass_obj
def schema(context: CommandContext, kind: str) -> None:
    """Run ``newsfeed schema``."""
    from newsfeed.app.writing import open_writing
    from newsfeed.cli.output.terminal import print_result

    print_result(open_writing(context.root).schema_of(kind), [], as_json=True)
