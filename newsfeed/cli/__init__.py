"""The command line: thin commands over `newsfeed.app`; the only place that decides exit statuses.

0 done, 1 the site has problems, 2 wrong usage, 3 something outside failed.
Here: what all commands share. `commands/` has one module for each family of them, `output/` prints.
"""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the ``newsfeed`` command with the words of the command line, and exit with its status."""
    try:
        status = _run()
        gc.freeze()  # the process ends: the system takes all back, and nobody need look for what is unused
        sys.exit(status)
    except KeyboardInterrupt:
        sys.stderr.write("\n")  # the terminal has written ^C where the prompt is to come
        sys.exit(130)


def _run() -> int:
    import click

    from newsfeed.cli.root import newsfeed

    try:
        status: int = newsfeed.main(standalone_mode=False)
    except click.exceptions.Abort:
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return status
