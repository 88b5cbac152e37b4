"""The command line: thin commands over `newsfeed.app.site`; the only place that decides exit statuses.

0 done, 1 the site has problems, 2 wrong usage, 3 something outside failed.
"""

from __future__ import annotations

import gc
import sys

from newsfeed.errors import NewsfeedError, ProblemsFound


def main() -> None:
    """The ``newsfeed`` command."""
    try:
        _run(sys.argv[1:])
    except NewsfeedError as error:
        from newsfeed.cli.output.builds import user_voice
        from newsfeed.cli.output.problems import print_error, talk_problems

        voice = user_voice()
        if isinstance(error, ProblemsFound):
            talk_problems(error.problems, voice)
        else:
            print_error(error.message, error.hint, voice)
        sys.exit(error.exit_status)
    except BrokenPipeError:  # the reader of our output went away: nothing to report to anybody
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        _abort()


def _run(words: list[str]) -> None:
    """The everyday command is understood without click, all others by it."""
    from newsfeed.cli import everyday

    asked = everyday.understood(words)
    if asked is not None:
        status = everyday.run(asked)
        gc.freeze()  # the system takes it all back: nobody need look through it for what is no longer used
        sys.exit(status)
    import click

    from newsfeed.cli.tree import cli

    try:
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)


def _abort() -> None:
    """Ctrl-C, as click does it."""
    sys.stderr.write("\n")
    sys.exit(130)
