"""``newsfeed check``: everything that is wrong with a site, or why some of its files are not published."""

from __future__ import annotations

import gc
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.app.changed_check import check_changed
from newsfeed.cli.output.problems import FORGE_FORMATS, print_problems
from newsfeed.cli.output.terminal import is_quiet, print_detail, print_lines, print_to_stderr, visible
from newsfeed.cli.output.voice import user_voice
from newsfeed.marking import N_
from newsfeed.problems import select_errors, sort_problems

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from newsfeed.cli.context import CommandContext
    from newsfeed.problems import Problem

DONE, PROBLEMS = 0, 1
_NO_BUILD = N_(
    "all texts are read, for no build of this site is known; newsfeed build makes the next check quick"
)


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
    ids: str = ""
    """Hold the ids of stories against this commit."""


def check_site(context: CommandContext, options: CheckOptions) -> int:
    """Check the site and print what was found; return the exit status."""
    if not options.changed:
        return _check_whole(context, options, options.files)
    gc.disable()  # it would look again and again through what the last build remembers
    checked = check_changed(context.root, context.output(options.output), options.changed, os.environ)
    for path in sorted(checked.paths):
        print_detail(visible(path))
    if checked.problems is None:
        if not checked.knows_build:
            print_to_stderr(user_voice().say(_NO_BUILD))
        return _check_whole(context, options, sorted(checked.paths))
    problems = sort_problems([*checked.problems, *_guard_ids(context, options, checked.paths)])
    _print(context, problems, options.form)
    return PROBLEMS if select_errors(problems) else DONE


def _guard_ids(
    context: CommandContext, options: CheckOptions, paths: Collection[str] | None = None
) -> Sequence[Problem]:
    """Return what is done to ids that were published with the commit that is compared with. ``paths``: of the
    files that differ from it, when they are known.
    """
    base = options.changed or options.ids
    if not base:
        return ()
    from newsfeed.app.id_guard import guard_against_commit

    return guard_against_commit(context.root, base, paths, context.now(options.now))


def _print(context: CommandContext, problems: Sequence[Problem], form: str) -> None:
    """Print problems; for forges as they know the files, also of a site in a folder of its repository."""
    if form in FORGE_FORMATS:
        from newsfeed.app.git_hooks import move_to_top

        problems = move_to_top(context.root, problems)
    print_problems(problems, form, user_voice())


def _check_whole(context: CommandContext, options: CheckOptions, files: Sequence[str]) -> int:
    """Read everything. ``files``: whose problems are printed, if not all."""
    from newsfeed.app import site as app
    from newsfeed.app.missing_ids import write_missing_ids
    from newsfeed.cli.arguments import path_in_site
    from newsfeed.cli.output.progress import Progress
    from newsfeed.cli.output.site import print_written_ids
    from newsfeed.cli.output.unpublished import unpublished_sentences, whereabouts_sentences

    voice, now = user_voice(), context.now(options.now)
    paths = [*files] if options.changed else [path_in_site(context.root, name) for name in files]
    if options.fix_ids:
        print_written_ids(write_missing_ids(context.root, now, os.environ, paths), voice)
    with Progress(voice.say(N_("reading"))) as progress:
        checked = app.check_whole(
            context.root, now, progress, output=context.output(options.output), environment=os.environ
        )
    problems = checked.problems_of(paths) if paths and checked.site else checked.problems
    problems = sort_problems([*problems, *_guard_ids(context, options, paths or None)])
    _print(context, problems, options.form)
    if options.form == "text" and not (options.changed or (is_quiet() and not paths)):
        sentences = [] if paths else unpublished_sentences(checked.unpublished, voice)
        for path in paths:
            sentences += whereabouts_sentences(path, checked.whereabouts(path, now), voice)
        print_lines(sentences)
    return PROBLEMS if select_errors(problems) else DONE
