"""``newsfeed translations``: which texts wait for a translation, and which translations are behind."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsfeed.cli.context import DEFAULT_OUTPUT
from newsfeed.cli.help import TranslatedCommand, TranslatedGroup
from newsfeed.cli.options import json_option, now_option, output_option
from newsfeed.cli.output.voice import user_voice
from newsfeed.marking import N_

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.app.translations import TranslationReport
    from newsfeed.cli.context import CommandContext
    from newsfeed.cli.output.voice import Voice


class DayParam(click.ParamType[date]):
    """A day on the command line: ISO 8601."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read ``2026-02-08``; fail as click does otherwise."""
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(
                user_voice().say(N_("“{value}” is no day; write it like 2026-02-08"), value=value), param, ctx
            )


@click.group(
    cls=TranslatedGroup,
    invoke_without_command=True,
    help=N_("Show which texts wait for a translation, and which translations are behind their originals."),
)
@click.option(
    "--lang", "languages", multiple=True, metavar="CODE", help=N_("Only this language; may be repeated.")
)
@click.option(
    "--person",
    "people",
    multiple=True,
    metavar="NAME",
    help=N_("Only texts that NAME wrote or translated; may be repeated."),
)
@click.option(
    "--topic", "topics", multiple=True, metavar="KEY", help=N_("Only stories of this topic; may be repeated.")
)
@click.option("--since", type=DayParam(), metavar="DAY", help=N_("Only stories of this day and later."))
@json_option(N_("Print everything as JSON."))
@click.option(
    "--html",
    "page",
    metavar="FILE",
    help=N_("Write a page with what waits, what has changed and a plot of the coverage over time."),
)
@click.option(
    "--url",
    metavar="URL",
    help=N_("Where the page will lie; then a feed for each language is written beside it."),
)
@output_option(N_("The published site, whose build makes this quick."), default=DEFAULT_OUTPUT)
@now_option(N_("Count days as of this moment (ISO 8601) instead of the clock's."))
@click.pass_context
def translations(
    click_context: click.Context,
    /,
    since: date | None,
    as_json: bool,
    page: str | None,
    url: str | None,
    output: str | None,
    now: datetime | None,
    **asked: tuple[str, ...],
) -> None:
    """Run ``newsfeed translations``."""
    if click_context.invoked_subcommand is not None:
        return
    from newsfeed.app.translations import report_translations, write_result
    from newsfeed.cli.output import translations as printing
    from newsfeed.core.content.coverage import CoverageFilter

    context: CommandContext = click_context.obj
    moment, voice = context.now(now), user_voice()
    wanted = CoverageFilter(asked["languages"], asked["people"], asked["topics"], since)
    folder = context.output(output)
    is_brief = page is None and not as_json
    report = report_translations(
        context.root,
        folder,
        moment,
        os.environ,
        wanted,
        over_time=page is not None,
        most=printing.MOST if is_brief else None,
    )
    if page is not None:
        for path, data in _page_and_feeds(report, Path(page), url, moment, voice).items():
            write_result(path, data)
    if as_json:
        printing.print_translations_json(report)
    else:
        printing.print_translations(report, moment, voice)


def _page_and_feeds(
    report: TranslationReport, page: Path, url: str | None, now: datetime, voice: Voice
) -> dict[Path, bytes]:
    """Return the files to be written; ``url``: where the page will lie, if it has feeds."""
    from newsfeed.cli.output.translation_feeds import make_feeds, name_feeds
    from newsfeed.cli.output.translations_page import make_page

    if not url:
        return {page: make_page(report, now, voice).encode()}
    feeds = make_feeds(report, page.stem, url, now, voice)
    names = name_feeds(report, page.stem, voice)
    return {
        page: make_page(report, now, voice, names).encode(),
        **{page.with_name(file): data for file, data in feeds.items()},
    }


@translations.command(
    "accept",
    cls=TranslatedCommand,
    help=N_("Note that the translation of ITEM into LANGUAGE says what the original says now.")
    + "\n\n"
    + N_("ITEM is the id of a text, or one of its files."),
)
@click.argument("item", metavar=N_("ITEM"))
@click.argument("lang", metavar=N_("LANGUAGE"))
@click.pass_obj
def accept(context: CommandContext, item: str, lang: str) -> None:
    """Run ``newsfeed translations accept``."""
    from newsfeed.app.writing import open_writing
    from newsfeed.cli.arguments import text_in_site
    from newsfeed.cli.output.writing import print_accepted

    writing, text = open_writing(context.root), text_in_site(context.root, item)
    print_accepted(writing.accept_translation(text, writing.check_language(lang)), user_voice())
