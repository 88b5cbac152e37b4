"""The command line: thin commands over `newsfeed.app`; the only place that decides exit statuses.

0 done, 1 the site has problems, 2 wrong usage, 3 something outside failed.
"""

from __future__ import annotations

import sys

import click

from newsfeed import __version__
from newsfeed.cli.context import Context, Moment
from newsfeed.errors import NewsfeedError, ProblemsFound

MOMENT = Moment()


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 done, 1 the site has problems, 2 wrong usage, 3 something outside failed.",
)
@click.option("-C", "folder", metavar="DIR", default=".", help="Work on the site in DIR instead of here.")
@click.version_option(__version__, prog_name="newsfeed")
@click.pass_context
def cli(context: click.Context, folder: str) -> None:
    """Files in git become feeds, pages and e-mail digests in every reader's language."""
    context.obj = Context(folder)


@cli.command()
@click.argument("folder", metavar="DIR")
def init(folder: str) -> None:
    """Make a small new site in DIR that checks clean and builds."""
    from newsfeed.cli.commands import init_site

    init_site(folder)


@cli.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How problems are shown: for people, programs, or pull requests.",
)
@click.option(
    "--now", type=MOMENT, help="Look at the site as of this moment (ISO 8601) instead of the clock's."
)
@click.pass_obj
def check(context: Context, form: str, now: object) -> None:
    """Read everything and print every problem with file, line, column and hint."""
    from newsfeed.cli.commands import check_site

    sys.exit(check_site(context, form, context.now(now)))


@cli.command()
@click.option("-o", "--output", metavar="DIR", help="Write the site here.  [default: public]")
@click.option("--keep-going", is_flag=True, help="Publish what has no errors; still exit with 1.")
@click.option("--now", type=MOMENT, help="Build the site as of this moment (ISO 8601).")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.pass_obj
def build(context: Context, output: str | None, keep_going: bool, now: object, as_json: bool) -> None:
    """Check the site and publish it: pages, feeds, sitemap, in all editions."""
    from newsfeed.cli.commands import build_site

    sys.exit(build_site(context, output, context.now(now), keep_going=keep_going, as_json=as_json))


@cli.command()
@click.argument("name")
@click.option("--now", type=MOMENT, help="Compose the issue of the last slot before this moment (ISO 8601).")
@click.option("-o", "--output", metavar="DIR", help="Folder for the mails of the folder channel.")
@click.option("--dry-run", is_flag=True, help="Compose, print a summary, hand over nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.pass_obj
def digest(
    context: Context, name: str, now: object, output: str | None, dry_run: bool, as_json: bool
) -> None:
    """Compose the newest issue of digest NAME, one mail for each reader in their language."""
    from newsfeed.cli.commands import send_digest

    sys.exit(send_digest(context, name, context.now(now), output, dry_run=dry_run, as_json=as_json))


@cli.command()
@click.option("-o", "--output", metavar="DIR", help="The published site.  [default: public]")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Listen on this port; 0 takes a free one.",
)
@click.pass_obj
def serve(context: Context, output: str | None, port: int) -> None:
    """Show the published site at http://127.0.0.1:PORT/, for looking at it here."""
    from newsfeed.cli.preview import base_path_of, serve_folder

    serve_folder(context.output(output), port, base_path_of(context.root))


def main() -> None:
    """The ``newsfeed`` command."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except NewsfeedError as error:
        from newsfeed.report import print_error, talk_problems, user_voice

        voice = user_voice()
        if isinstance(error, ProblemsFound):
            talk_problems(error.problems, voice)
        else:
            print_error(error.message, error.hint, voice)
        sys.exit(error.exit_status)
    except BrokenPipeError:  # the reader of our output went away: nothing to report to anybody
        sys.stderr.close()
        sys.exit(0)
