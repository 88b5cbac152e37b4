"""``newsfeed move-in``: arrive with the archive, and the readers, of another program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsfeed.cli.help import TranslatedGroup
from newsfeed.cli.options import json_option, now_option
from newsfeed.cli.output.voice import user_voice
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
