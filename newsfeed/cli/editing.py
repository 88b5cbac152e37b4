"""``newsfeed editor``: where the form lies, the languages it speaks, and what is said of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.app.editor import FormOptions, write_form
from newsfeed.cli.output.editor import describe_form, report_problems
from newsfeed.cli.output.terminal import print_result
from newsfeed.cli.output.voice import user_voice, voice_of
from newsfeed.core.editor.policy import FOLDER
from newsfeed.core.site.urls import INDEX
from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from newsfeed.cli.context import CommandContext


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorOptions:
    """The options of ``newsfeed editor``."""

    folder: str | None
    cms: str
    given: Sequence[str]
    now: datetime | None
    as_json: bool


def write_editor(context: CommandContext, options: EditorOptions) -> None:
    """Write the form, and say where it is and how it is reached."""
    output = context.output(None)
    if options.folder is None and not (output / INDEX).is_file():
        raise UsageError(
            N_("there is no site in {folder}"),
            N_("run newsfeed build first, or name a folder for the form"),
            folder=output,
        )
    now = context.now(options.now)
    wishes = FormOptions(
        folder=Path(options.folder) if options.folder else output / FOLDER,
        cms=options.cms,
        given=[Path(name) for name in options.given],
        environment=os.environ,
    )
    done = write_form(context.root, now, wishes, say_in, report_problems(now))
    data = {"folder": str(done.folder), "files": len(done.published.stats), "policy": done.policy}
    is_served = options.folder is None
    print_result(
        data,
        describe_form(done, user_voice(), is_served=is_served),
        as_json=options.as_json,
        is_only_success=True,
    )


def say_in(lang: str) -> Callable[[str], str]:
    """Return what says a sentence in a language."""
    return voice_of(lang).say
