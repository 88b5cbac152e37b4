"""Output about a new site, and about addresses that were added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.cli.output.terminal import print_to_stderr, visible
from newsfeed.marking import N_, NN_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsfeed.app.missing_ids import WrittenIds
    from newsfeed.cli.output.voice import Voice


def redirects_summary(lines: Mapping[str, str], dry_run: bool, voice: Voice) -> list[str]:
    """Return what was added: one line for each file. ``lines``: path → the line added to it."""
    if not lines:
        return [voice.say(N_("nothing to add: every published address is there, or its text is not"))]
    sentences = [f"{visible(path)}: {visible(line)}" for path, line in lines.items()]
    if dry_run:
        sentences.append(voice.say(N_("dry run: nothing was written")))
    return sentences


def print_written_ids(ids: WrittenIds, voice: Voice) -> None:
    """Print which ids were written into which files, and which files were left alone."""
    for path, identifier in ids.written.items():
        print_to_stderr(f"{visible(path)}: id: {visible(identifier)}")
    for path, other in ids.shared.items():
        sentence = N_("{path} was left as it is: it is the same file as {other}, and both would get one id")
        print_to_stderr(voice.say(sentence, path=visible(path), other=visible(other)))
    if not ids.written and not ids.shared:
        print_to_stderr(voice.say(N_("no id was written: none is missing, or its file has no place for one")))


def init_summary(folder: str, files: Sequence[str], voice: Voice) -> list[str]:
    """Return what a new site holds, and what to type next."""
    forms = NN_("{number} file made in {folder}; next:", "{number} files made in {folder}; next:")
    created = voice.count(*forms, len(files), folder=folder)
    commands = ("check", "build", "serve")
    return [created, *(f"    newsfeed -C {folder} {command}" for command in commands)]


_FORGE_STEPS = {
    "github": N_(
        "on GitHub, choose “GitHub Actions” under Settings → Pages → Source; until then nothing is published"
    ),
    "gitlab": N_("on GitLab, add a schedule under CI/CD → Schedules, for stories that come due"),
}
"""Forge → what is to be done there once."""


def job_summary(path: str, forge: str, voice: Voice) -> list[str]:
    """Return where the job of a forge is that was added to a site, and what to do next."""
    told = [voice.say(N_("the job is in {path}; next: commit it and push"), path=path)]
    return [*told, voice.say(_FORGE_STEPS[forge])] if forge in _FORGE_STEPS else told
