"""``newsfeed digest --open``, ``--html`` and ``--to``: the next issue, to look at before it is sent."""

from __future__ import annotations

import os
import tempfile
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.app import previews
from newsfeed.app import site as app
from newsfeed.app.drafts import with_drafts
from newsfeed.cli.output.previews import describe_languages, next_issue_summary
from newsfeed.cli.output.problems import print_problems_to_stderr
from newsfeed.cli.output.terminal import print_result
from newsfeed.cli.output.voice import user_voice
from newsfeed.marking import N_
from newsfeed.problems import select_errors

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.cli.context import CommandContext

DONE, PROBLEMS = 0, 1


@dataclass(frozen=True, slots=True)
class NextIssueOptions:
    """The options of ``newsfeed digest`` that are about the next issue."""

    folder: str | None
    address: str
    is_shown: bool
    has_drafts: bool
    as_json: bool


def show_next_issue(context: CommandContext, name: str, now: datetime, options: NextIssueOptions) -> int:
    """Render the next issue; write it, show it, send a test of it; return the exit status."""
    voice = user_voice()
    site = app.read(context.root, now)
    if errors := select_errors(site.problems):
        print_problems_to_stderr(errors, voice)
        return PROBLEMS
    if options.has_drafts:
        site = with_drafts(site, now)
    page, sent = None, False
    with previews.open_memory(site, os.environ) as memory:
        issue = previews.next_issue(site, name, now, memory)
        if options.address:
            sent = previews.send_test(site, issue, options.address, memory, os.environ)
    if options.is_shown or options.folder:
        folder = Path(options.folder) if options.folder else Path(tempfile.mkdtemp(prefix="newsfeed-"))
        heading = f"{name} · {issue.slot.key.replace('T', ' ')}"
        facts = describe_languages(issue, voice)
        words = previews.PreviewWords(voice.lang, voice.say(N_("as plain text")), facts)
        page = previews.write_preview(folder, issue, heading, words)
    print_result(
        *next_issue_summary(issue, page, options.address if sent else "", voice), as_json=options.as_json
    )
    if options.is_shown and page is not None:
        webbrowser.open(page.absolute().as_uri())
    return DONE
