"""``newsfeed check``: everything that is wrong with a site, or why some of its files are not published."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.app import site as app
from newsfeed.app.changed_check import check_changed, list_changed_files
from newsfeed.app.missing_ids import write_missing_ids
from newsfeed.cli.arguments import path_in_site
from newsfeed.cli.output.problems import print_problems
from newsfeed.cli.output.progress import Progress
from newsfeed.cli.output.site import print_written_ids
from newsfeed.cli.output.terminal import print_lines
from newsfeed.cli.output.unpublished import unpublished_sentences, whereabouts_sentences
from newsfeed.cli.output.voice import user_voice
from newsfeed.marking import N_
from newsfeed.problems import select_errors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsfeed.cli.context import CommandContext

DONE, PROBLEMS = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """The options of ``newsfeed check``."""

    files: Sequence[str]
    """As they were typed; none: the whole site."""
    form: str
    now: datetime | None
    output: str | None
    fix_ids: bool = False
    """First write the ids that are missing."""
    changed: str = ""
    """Check only what differs from this commit."""


def check_site(context: CommandContext, options: CheckOptions) -> int:
    """Check the site and print what was found; return the exit status."""
    voice, now = user_voice(), context.now(options.now)
    paths = [path_in_site(context.root, name) for name in options.files]
    if options.changed:
        changed = list_changed_files(context.root, options.changed)
        found = check_changed(context.root, context.output(options.output), changed, os.environ)
        if found is not None:
            print_problems(found, options.form, voice)
            return PROBLEMS if select_errors(found) else DONE
        paths = sorted(changed)
    if options.fix_ids:
        print_written_ids(write_missing_ids(context.root, now, os.environ, paths), voice)
    with Progress(voice.say(N_("reading"))) as progress:
        checked = app.check_whole(
            context.root, now, progress, output=context.output(options.output), environment=os.environ
        )
    is_whole = not paths and not options.changed
    problems = checked.problems if is_whole or not checked.site else checked.problems_of(paths)
    print_problems(problems, options.form, voice)
    if options.form == "text" and not options.changed:
        sentences = [] if paths else unpublished_sentences(checked.unpublished, voice)
        for path in paths:
            sentences += whereabouts_sentences(path, checked.whereabouts(path, now), voice)
        print_lines(sentences)
    return PROBLEMS if select_errors(problems) else DONE
