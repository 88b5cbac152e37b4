"""``newsfeed move-in``: arrive with the archive, and the readers, of another program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsfeed.cli.help import TranslatedGroup
from newsfeed.cli.options import json_option, now_option
from newsfeed.cli.output.voice import user_voice
from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from datetime import datetime


_TEXTS = "archive"
_HELP_FLAGS = ("-h", "--help")


class MoveInGroup(TranslatedGroup):
    """The commands that move in; ``archive`` need not be typed."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read ``newsfeed move-in SOURCE …`` as ``newsfeed move-in archive SOURCE …``."""
        if args and args[0] not in self.commands and args[0] not in _HELP_FLAGS:
            args = [_TEXTS, *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=MoveInGroup,
    help=N_("Move in with what another program kept: texts, readers, and what they have had."),
)
def move_in() -> None:
    """Run ``newsfeed move-in``."""


@move_in.command(
    _TEXTS,
    help=N_("Move the texts of SOURCE into the site in DIR, with ids, dates, languages and old addresses.")
    + "\n\n"
    + N_("Without --write it only says what would be done. It can be run again: what is there stays."),
)
@click.argument("source")
@click.option(
    "--from",
    "kind",
    type=click.Choice(["hugo", "jekyll", "pelican", "nikola", "wordpress", "ghost", "feed"]),
    required=True,
    help=N_("The program that SOURCE comes from."),
)
@click.option("--into", required=True, metavar="DIR", help=N_("The site; it is begun where there is none."))
@click.option("--write", is_flag=True, help=N_("Write the files."))
@click.option(
    "--mapping",
    default="",
    metavar="FILE",
    help=N_("Which category is which topic; a file that is not there is begun, for you to edit."),
)
@click.option("--lang", default="", metavar="CODE", help=N_("The language of texts that name none."))
@click.option(
    "--base-url", default="", metavar="URL", help=N_("Where the site was, if SOURCE does not say it.")
)
@click.option(
    "--undated",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help=N_("The date of texts that have none; else they are left out."),
)
@click.option(
    "--fetch-images", is_flag=True, help=N_("Fetch pictures from the web; else they stay where they are.")
)
@click.option(
    "--ids-from",
    default="",
    metavar="FEED",
    help=N_("The feed that readers have now: texts that it names keep the ids they have there."),
)
@click.option("--html", "page", default="", metavar="FILE", help=N_("Write the report as a page, too."))
@now_option(N_("Look at the site as of this moment (ISO 8601)."))
@json_option(N_("Print the report as JSON."))
def archive(source: str, kind: str, into: str, **given: Any) -> int:
    """Run ``newsfeed move-in SOURCE``."""
    from datetime import UTC, datetime

    from newsfeed.app.moving import MoveRequest, move_texts
    from newsfeed.cli.output.moving import move_progress, print_move, write_move_page

    voice = user_voice()
    undated: datetime | None = given["undated"]
    request = MoveRequest(
        source=source,
        kind=kind,
        into=Path(into),
        mapping=given["mapping"],
        lang=given["lang"],
        base_url=given["base_url"],
        ids_from=given["ids_from"],
        undated=undated.date() if undated else None,
        fetches_images=given["fetch_images"],
        write=given["write"],
    )
    now = given["now"] or datetime.now(UTC)
    with move_progress(voice) as progress:
        moved = move_texts(request, now, progress)
    if given["page"]:
        write_move_page(given["page"], request, moved, voice)
    return print_move(request, moved, voice, as_json=given["as_json"])


@move_in.command(
    "people",
    help=N_("Move the people in FILE into a digest of the site in DIR, with the date of their consent.")
    + "\n\n"
    + N_("Who left, complained or bounced there is never written to; nobody is brought back."),
)
@click.argument("file")
@click.option(
    "--from",
    "program",
    type=click.Choice(["listmonk", "mailchimp", "brevo", "mailman", "sympa", "csv"]),
    required=True,
    help=N_("The program that FILE comes from."),
)
@click.option("--into", required=True, metavar="DIR", help=N_("The site."))
@click.option("--digest", required=True, metavar="NAME", help=N_("Subscribe them to this digest."))
@click.option(
    "--consent", required=True, metavar="TEXT", help=N_("How they gave their consent; kept as proof.")
)
@click.option("--write", is_flag=True, help=N_("Add them."))
@click.option(
    "--language", default="", metavar="CODE", help=N_("The edition of those whose line names none.")
)
@click.option("--mapping", default="", metavar="FILE", help=N_("Which tag is which topic."))
@click.option(
    "--list", "only_list", default="", metavar="NAME", help=N_("Of listmonk: the list that counts.")
)
@click.option(
    "--confirmed-only", is_flag=True, help=N_("Of listmonk's table: only people who confirmed are in it.")
)
@click.option("--encoding", default="", metavar="NAME", help=N_("The file's code page, such as cp1252."))
@click.option(
    "--sent-until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help=N_("They have had all stories up to this day: no digest repeats them."),
)
@now_option(N_("The moment to put on record (ISO 8601)."))
@json_option(N_("Print the sums as JSON."))
def people(file: str, program: str, into: str, **given: Any) -> int:
    """Run ``newsfeed move-in people``."""
    from newsfeed.app.moving_people import PeopleRequest, move_people_in, remember_sent
    from newsfeed.cli.commands.subscribers import import_plan
    from newsfeed.cli.context import CommandContext
    from newsfeed.cli.output.moving_people import print_memory, print_people_move
    from newsfeed.cli.output.people import print_readings

    context, voice, as_json = CommandContext(into), user_voice(), given["as_json"]
    now = context.now(given["now"])
    with context.open_delivery() as delivery:
        request = PeopleRequest(
            file=file,
            program=program,
            plan=import_plan(
                delivery,
                digest=given["digest"],
                consent=given["consent"],
                source=program,
                language=given["language"],
                is_dry_run=not given["write"],
            ),
            mapping=given["mapping"],
            only_list=given["only_list"],
            is_confirmed_only=given["confirmed_only"],
            encoding=given["encoding"],
        )
        result = move_people_in(delivery, request, now)
        if result.readings:
            print_readings(result.readings, voice, as_json=as_json)
            raise UsageError(
                N_("the letters beyond ASCII can be read in several ways; nobody was added"),
                N_("run the command again with the --encoding that is right, or save the file as UTF-8"),
            )
        status = print_people_move(result, voice, as_json=as_json, is_dry_run=not given["write"])
        if given["sent_until"] and given["write"]:
            print_memory(
                *remember_sent(delivery, given["digest"], given["sent_until"].date(), now),
                voice,
                as_json=as_json,
            )
        return status
