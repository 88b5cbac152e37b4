"""The ``newsfeed`` command: which commands there are, and what becomes of errors."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from newsfeed import __version__
from newsfeed.cli.lazy import LazyGroup
from newsfeed.cli.output.voice import translate_click, user_voice
from newsfeed.errors import NewsfeedError, ProblemsFound
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

_HERE = "newsfeed.cli.commands"
COMMANDS: Mapping[str, tuple[str, str]] = {
    "init": (f"{_HERE}.site:init", N_("Make a small new site in DIR that checks clean and builds.")),
    "new": (f"{_HERE}.writing:new", N_("Begin a story: write its file, and open it in your editor.")),
    "translate": (
        f"{_HERE}.translating:translate",
        N_("Begin the translation of ITEM into LANGUAGE, with the original beside it, and open your editor."),
    ),
    "translations": (
        f"{_HERE}.translations:translations",
        N_("Show which texts wait for a translation, and which translations are behind their originals."),
    ),
    "locales": (
        f"{_HERE}.locales:locales",
        N_("Keep the site's own catalogues: its names in every language."),
    ),
    "topics": (f"{_HERE}.writing:topics", N_("Manage the topics of the site.")),
    "format": (
        f"{_HERE}.writing:format_command",
        N_("Bring the front matter of all texts, or of FILES, into one form; no value changes."),
    ),
    "schema": (
        f"{_HERE}.writing:schema",
        N_("Print the JSON Schema of the front matter, for editors that help while one types."),
    ),
    "preview": (
        f"{_HERE}.preview:preview",
        N_("Show the site with drafts and stories to come in a browser, and again after every save."),
    ),
    "editor": (
        f"{_HERE}.editor:editor",
        N_("Write a form in which people write in a browser, without git: the folder admin/ of the site."),
    ),
    "move-in": (
        f"{_HERE}.move_in:move_in",
        N_("Move in with what another program kept: texts, readers, and what they have had."),
    ),
    "move-out": (
        f"{_HERE}.move_out:move_out",
        N_("Write the whole site into DIR as files for Hugo, an export for WordPress, and a table."),
    ),
    "check": (
        f"{_HERE}.site:check",
        N_("Read everything and print every problem with file, line, column and hint."),
    ),
    "build": (
        f"{_HERE}.build:build",
        N_("Check the site and publish it: pages, feeds, sitemap, in all editions."),
    ),
    "publish": (
        f"{_HERE}.publishing:publish",
        N_("Fetch the repository of config.toml, build its newest commit and publish it, once: for cron."),
    ),
    "completion": (
        f"{_HERE}.completion:completion",
        N_("Print what lets your shell complete commands and options with the Tab key: bash, zsh or fish."),
    ),
    "hook": (f"{_HERE}.hook:hook", N_("Let git check texts, and tell when somebody has pushed.")),
    "redirects": (
        f"{_HERE}.redirects:redirects",
        N_("Add the addresses that texts have left to their front matter, as aliases."),
    ),
    "serve": (
        f"{_HERE}.site:serve",
        N_("Show the published site at http://127.0.0.1:PORT/, for looking at it here."),
    ),
    "digest": (
        f"{_HERE}.sending:digest",
        N_("Compose the newest issue of digest NAME into a folder, to look at: it reaches nobody."),
    ),
    "send": (f"{_HERE}.sending:send", N_("Plan and send everything that is due now, once: for cron.")),
    "run": (
        f"{_HERE}.sending:run",
        N_("Stay, and send what is due when it is due; SIGTERM ends it cleanly."),
    ),
    "worker": (
        f"{_HERE}.worker:worker",
        N_("Run tasks from the store's queue, on as many machines as you like; SIGTERM ends it cleanly."),
    ),
    "status": (
        f"{_HERE}.status:status",
        N_("Say how texts, translations and builds stand, which mails wait and why, and what comes next."),
    ),
    "receivers": (
        f"{_HERE}.receivers:receivers",
        N_("Show the groups of receivers that readers belong to, how much each gets, and which are paused."),
    ),
    "deploy": (
        f"{_HERE}.deploying:deploy",
        N_("Bring this program to HOST over ssh, as a service of systemd; again, to bring a newer one."),
    ),
    "backup": (
        f"{_HERE}.backups:backup",
        N_("Write subscribers, what they got, and the secret into FILE, while mail goes out."),
    ),
    "restore": (
        f"{_HERE}.backups:restore",
        N_("Make the store out of the backup FILE, where there is none; it mails nobody until activated."),
    ),
    "activate": (
        f"{_HERE}.backups:activate",
        N_("Say what would happen if a restored or copied store sent mail, and let it do so."),
    ),
    "doctor": (
        f"{_HERE}.doctor:doctor",
        N_("Check what sending and publishing depend on: machine, DNS, relay, the site from outside."),
    ),
    "dkim": (
        f"{_HERE}.dkim:dkim",
        N_("Make the keys that sign mails, once, and print their records for DNS and the configuration."),
    ),
    "subscribers": (f"{_HERE}.subscribers:subscribers", N_("Manage the people who read digests.")),
    "form": (
        f"{_HERE}.form:form",
        N_("Print the form with which readers subscribe to digest NAME, as HTML to paste into a page."),
    ),
    "why": (
        f"{_HERE}.issues:why",
        N_("Say whether ADDRESS got ISSUE (or any), when, and if not, why not."),
    ),
    "receipt": (
        f"{_HERE}.issues:receipt",
        N_("Say what became of ISSUE: its audience by language and outcome, balanced."),
    ),
    "doubts": (
        f"{_HERE}.issues:doubts",
        N_("Show or decide the deliveries of ISSUE whose outcome is unknown."),
    ),
    "bounces": (
        f"{_HERE}.bounces:bounces",
        N_("Read what came back: bounces and complaints, from the mailboxes of config.toml."),
    ),
}
"""Name → where the command is, and the first sentence of its help."""


class RootGroup(LazyGroup):
    """Commands return their exit status, or nothing for 0; errors made for users are printed here."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the command line, speaking the user's language from the first mistake on."""
        translate_click()
        return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> None:
        """Run a command and exit with its status."""
        started = time.monotonic()
        try:
            status: int | None = super().invoke(ctx)
        except NewsfeedError as error:
            _print_error(error)
            status = error.exit_status
        _print_time(time.monotonic() - started)
        ctx.exit(status or 0)


@click.group(
    cls=RootGroup,
    lazy_commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=N_("Files in git become feeds, pages and e-mail digests in every reader's language."),
    epilog=N_("Exit status: 0 done, 1 the site has problems, 2 wrong usage, 3 something outside failed."),
)
@click.option("-q", "--quiet", is_flag=True, help=N_("Say only what is wrong, and what was asked for."))
@click.option(
    "-v", "--verbose", is_flag=True, help=N_("Say on standard error what is done, and how long it takes.")
)
@click.option("-C", "folder", metavar="DIR", default=".", help=N_("Work on the site in DIR instead of here."))
@click.version_option(
    __version__, prog_name="newsfeed", message="%(prog)s %(version)s", help=N_("Show the version and exit.")
)
@click.pass_context
def newsfeed(context: click.Context, folder: str, *, quiet: bool, verbose: bool) -> None:
    """Open the context of the command that follows."""
    from newsfeed.cli.output.terminal import set_verbosity

    set_verbosity(context, is_quiet=quiet, is_verbose=verbose)
    from newsfeed.cli.context import CommandContext

    context.obj = CommandContext(folder)


def _print_time(seconds: float) -> None:
    from newsfeed.cli.output.terminal import is_verbose, print_detail

    if is_verbose():
        print_detail(user_voice().say(N_("done in {seconds} s"), seconds=round(seconds, 2)))


def _print_error(error: NewsfeedError) -> None:
    from newsfeed.cli.output import problems, terminal

    if isinstance(error, ProblemsFound):
        problems.print_problems_to_stderr(error.problems, user_voice())
    else:
        terminal.print_error(error, user_voice())
