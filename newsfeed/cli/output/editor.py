"""Output about the form, and the report of problems that is shown beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsfeed.cli.output.problems import LABELS, as_data, tally
from newsfeed.cli.output.terminal import print_error, visible
from newsfeed.cli.output.voice import user_voice, voice_of
from newsfeed.errors import OutsideError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsfeed.app.editor import WrittenForm
    from newsfeed.app.form_problems import ProblemReport
    from newsfeed.cli.output.voice import Voice
    from newsfeed.problems import Problem

_SHOWN = ("path", "line", "severity", "message", "hint")


def report_problems(now: datetime) -> ProblemReport:
    """Return the function that makes a report of problems, as of a moment."""

    def report(problems: Sequence[Problem], languages: Sequence[str]) -> Mapping[str, Any]:
        return {lang: _report(problems, now, voice_of(lang)) for lang in languages}

    return report


def show_problems(root: Path, output: Path, problems: Sequence[Problem], now: datetime) -> None:
    """Show problems beside the form of a published site, if it has one; the site is published all the same
    when that fails. ``root``: the folder of its texts.
    """
    from newsfeed.app.form_problems import refresh_problems

    try:
        refresh_problems(root, output, problems, now, report_problems(now))
    except OutsideError as error:
        print_error(error, user_voice())


def _report(problems: Sequence[Problem], now: datetime, voice: Voice) -> Mapping[str, Any]:
    words = {
        "count": tally(problems, voice),
        "looked": voice.say(N_("As of {moment}; drafts and stories to come are left out."), moment=now),
        "back": voice.say(N_("Back to the form")),
    }
    return {"words": words, "problems": [_problem(one, voice) for one in problems]}


def _problem(problem: Problem, voice: Voice) -> Mapping[str, Any]:
    data = as_data(problem, voice)
    return {**{name: data[name] for name in _SHOWN}, "label": voice.say(LABELS[problem.severity])}


def describe_form(form: WrittenForm, voice: Voice, *, is_served: bool) -> list[str]:
    """Return where a form is, what it reads and writes, and what to do next."""
    lines = [voice.say(N_("the form is in {folder}"), folder=visible(str(form.folder)))]
    backend = form.backend
    if backend.forge:
        sentence = N_("it reads and writes {name} on {web}, branch {branch}; people sign in there")
        lines.append(voice.say(sentence, name=backend.name, web=backend.web, branch=backend.branch))
    else:
        lines.append(
            voice.say(
                N_("no forge is known, so it works with the folder on your own machine, in Chrome or Edge")
            )
        )
    if not form.is_repository:
        lines.append(voice.say(N_("this folder is no repository yet, and the form asks for one: git init")))
    if is_served:
        lines.append(
            voice.say(N_("to try it: newsfeed preview, then open the address with admin/ behind it"))
        )
    return lines
