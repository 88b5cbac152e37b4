"""The tree of commands, as click knows it: thin, over `newsfeed.app.site`."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import click

from newsfeed import __version__
from newsfeed.cli.context import MOST_JOBS, Context, moment_of


class Moment(click.ParamType[datetime]):
    """A moment on the command line: ISO 8601; without an offset it is UTC."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read ``2010-02-08T09:00+01:00``; fail as click does otherwise."""
        if isinstance(value, datetime):
            return value
        try:
            return moment_of(value)
        except ValueError:
            self.fail(f"“{value}” is no moment; write it like 2010-02-08T09:00+01:00", param, ctx)


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
@click.option("-o", "--output", metavar="DIR", help="The published site to compare with.  [default: public]")
@click.pass_obj
def check(context: Context, form: str, now: object, output: str | None) -> None:
    """Read everything and print every problem with file, line, column and hint."""
    from newsfeed.cli.commands import check_site

    sys.exit(check_site(context, form, context.now(now), context.output(output)))


@cli.command()
@click.option("-o", "--output", metavar="DIR", help="Write the site here.  [default: public]")
@click.option("--keep-going", is_flag=True, help="Publish what has no errors; still exit with 1.")
@click.option("--now", type=MOMENT, help="Build the site as of this moment (ISO 8601).")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option(
    "--jobs",
    type=click.IntRange(0, MOST_JOBS),
    default=0,
    help="Processes to work in; 0: one for each processor.",
)
@click.option("--fresh", is_flag=True, help="Believe nothing of what the last build remembered.")
@click.option("--watch", is_flag=True, help="Stay, and build again after every change; Ctrl-C ends it.")
@click.pass_obj
def build(
    context: Context,
    output: str | None,
    keep_going: bool,
    now: object,
    as_json: bool,
    jobs: int,
    fresh: bool,
    watch: bool,
) -> None:
    """Check the site and publish it: pages, feeds, sitemap, in all editions."""
    from newsfeed.cli.commands import Manner, build_site, watch_site

    manner = Manner(keep_going, as_json, fresh)
    sys.exit((watch_site if watch else build_site)(context, output, now, manner, jobs))


@cli.command()
@click.option("-o", "--output", metavar="DIR", help="The published site.  [default: public]")
@click.option("--now", type=MOMENT, help="Look at the site as of this moment (ISO 8601).")
@click.option("--dry-run", is_flag=True, help="Say what would be added; write nothing.")
@click.pass_obj
def redirects(context: Context, output: str | None, now: object, dry_run: bool) -> None:
    """Add the addresses that texts have left to their front matter, as aliases."""
    from newsfeed.cli.redirects import add_redirects

    sys.exit(add_redirects(context, context.output(output), context.now(now), dry_run=dry_run))


@cli.command()
@click.argument("name")
@click.option("--now", type=MOMENT, help="Compose the issue of the last slot before this moment (ISO 8601).")
@click.option("-o", "--output", metavar="DIR", help="Put the mails here instead of the outbox.")
@click.option("--dry-run", is_flag=True, help="Compose, print a summary, hand over nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.pass_obj
def digest(
    context: Context, name: str, now: object, output: str | None, dry_run: bool, as_json: bool
) -> None:
    """Compose the newest issue of digest NAME into a folder, to look at: it reaches nobody.

    One mail for each reader of the audience file, in their language.
    """
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


@cli.group()
def subscribers() -> None:
    """Keep the people who read digests."""


@subscribers.command("import")
@click.argument("file")
@click.option("--digest", required=True, metavar="NAME", help="Subscribe them to this digest.")
@click.option("--consent", required=True, metavar="TEXT", help="How they gave their consent; kept as proof.")
@click.option("--now", type=MOMENT, help="The moment to put on record (ISO 8601).")
@click.option("--json", "as_json", is_flag=True, help="Print the sums as JSON.")
@click.pass_obj
def import_(context: Context, file: str, digest: str, consent: str, now: object, as_json: bool) -> None:
    """Take up people from FILE, a CSV with email,name,language and perhaps topics.

    Nobody who left, bounced, complained or was erased comes back this way.
    """
    from newsfeed.cli.people import import_file

    sys.exit(import_file(context, file, digest, consent, context.now(now), as_json=as_json))


@subscribers.command("add")
@click.argument("address")
@click.option("--name", default="", help="The person's name.")
@click.option("--language", required=True, metavar="CODE", help="The edition they read.")
@click.option("--digest", required=True, metavar="NAME", help="Subscribe them to this digest.")
@click.option("--consent", required=True, metavar="TEXT", help="How they gave their consent; kept as proof.")
@click.option("--now", type=MOMENT, help="The moment to put on record (ISO 8601).")
@click.pass_obj
def add(
    context: Context, address: str, name: str, language: str, digest: str, consent: str, now: object
) -> None:
    """Take up one person."""
    from newsfeed.cli.people import add_person

    sys.exit(add_person(context, (address, name, language), digest, consent, context.now(now)))


@subscribers.command("export")
@click.option("--digest", default="", metavar="NAME", help="Only those who read this digest.")
@click.pass_obj
def export(context: Context, digest: str) -> None:
    """Print everybody as CSV, safe to open in a spreadsheet."""
    from newsfeed.cli.people import export_people

    sys.exit(export_people(context, digest))


@subscribers.command("list")
@click.option("--digest", default="", metavar="NAME", help="Only those who read this digest.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_(context: Context, digest: str, as_json: bool) -> None:
    """Print everybody, one a line."""
    from newsfeed.cli.people import list_people

    sys.exit(list_people(context, digest, as_json=as_json))


@subscribers.command("show")
@click.argument("address")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def show(context: Context, address: str, as_json: bool) -> None:
    """Print everything that is kept about ADDRESS, with every consent."""
    from newsfeed.cli.people import show_person

    sys.exit(show_person(context, address, as_json=as_json))


@subscribers.command("leave")
@click.argument("address")
@click.option("--digest", default="", metavar="NAME", help="Only this digest; else all of them.")
@click.option("--now", type=MOMENT, help="The moment to put on record (ISO 8601).")
@click.pass_obj
def leave(context: Context, address: str, digest: str, now: object) -> None:
    """Take ADDRESS off a digest, or off all: for people who write to you."""
    from newsfeed.cli.people import leave_digest

    sys.exit(leave_digest(context, address, digest, context.now(now)))


@subscribers.command("erase")
@click.argument("address")
@click.option("--now", type=MOMENT, help="The moment to put on record (ISO 8601).")
@click.pass_obj
def erase(context: Context, address: str, now: object) -> None:
    """Forget ADDRESS for good; only a keyed hash stays, so that no import brings it back."""
    from newsfeed.cli.people import erase_person

    sys.exit(erase_person(context, address, context.now(now)))


@subscribers.command("suppress")
@click.argument("address")
@click.option("--reason", default="asked", show_default=True, help="Why; kept with the hash.")
@click.option("--now", type=MOMENT, help="The moment to put on record (ISO 8601).")
@click.pass_obj
def suppress(context: Context, address: str, reason: str, now: object) -> None:
    """Never write to ADDRESS again, whoever imports it."""
    from newsfeed.cli.people import suppress_address

    sys.exit(suppress_address(context, address, reason, context.now(now)))


@cli.command()
@click.argument("address")
@click.argument("issue", default="")
@click.pass_obj
def why(context: Context, address: str, issue: str) -> None:
    """Say whether ADDRESS got ISSUE (or any), when, and if not, why not."""
    from newsfeed.cli.people import why as answer

    sys.exit(answer(context, address, issue))


@cli.command()
@click.argument("issue")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def receipt(context: Context, issue: str, as_json: bool) -> None:
    """Say what became of ISSUE: its audience by language and outcome, balanced."""
    from newsfeed.cli.people import receipt as answer

    sys.exit(answer(context, issue, as_json=as_json))


@cli.command()
@click.argument("issue")
@click.option("--resend", "decision", flag_value="resend", help="Send them again, with the same Message-ID.")
@click.option("--skip", "decision", flag_value="skip", help="Let them be.")
@click.option("--now", type=MOMENT, help="The moment from which they are due again (ISO 8601).")
@click.pass_obj
def doubts(context: Context, issue: str, decision: str | None, now: object) -> None:
    """Show or decide the deliveries of ISSUE that nobody can vouch for."""
    from newsfeed.cli.people import decide_doubts

    sys.exit(decide_doubts(context, issue, decision or "", context.now(now)))


@cli.command("bounces")
@click.argument("source", type=click.Choice(["-"]), default=None, required=False, metavar="[-]")
@click.option("--maildir", metavar="DIR", default="", help="Read this Maildir.")
@click.option("--imap", is_flag=True, help="Read the IMAP mailbox of config.toml and no other.")
@click.option("--now", type=MOMENT, help="The moment to put on record (ISO 8601).")
@click.option("--json", "as_json", is_flag=True, help="Print the sums as JSON.")
@click.pass_obj
def read_bounces(
    context: Context, source: str | None, maildir: str, imap: bool, now: object, as_json: bool
) -> None:
    """Read what came back: bounces and complaints, from the mailboxes of config.toml.

    With - it reads one message from standard input: for the pipe of a mail server.
    """
    from newsfeed.cli.bounces import bounces_command

    sys.exit(
        bounces_command(
            context, context.now(now), maildir=maildir, imap=imap, stdin=source == "-", as_json=as_json
        )
    )


@cli.command()
@click.option("--now", type=MOMENT, help="Set the clock to this moment (ISO 8601) while the command runs.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.pass_obj
def send(context: Context, now: object, as_json: bool) -> None:
    """Plan and send everything that is due now, once: for cron."""
    from newsfeed.cli.post import send_once

    sys.exit(send_once(context, now, as_json=as_json))


@cli.command()
@click.option("--now", type=MOMENT, help="Set the clock to this moment (ISO 8601) when the service starts.")
@click.pass_obj
def run(context: Context, now: object) -> None:
    """Stay, and send what is due when it is due; SIGTERM ends it cleanly."""
    from newsfeed.cli.post import run_service

    sys.exit(run_service(context, now))
