"""Output about a move: what the archive had, what the site has, and what is doubtful."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsfeed.cli.output.progress import Progress
from newsfeed.cli.output.terminal import print_result, visible
from newsfeed.errors import OutsideError, reason_of
from newsfeed.marking import N_, Sentence
from newsfeed.problems.kinds import PROBLEM_KINDS, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsfeed.app.moving import MovedIn, MoveRequest
    from newsfeed.cli.output.voice import Voice

STATES = {
    "written": N_("written"),
    "updated": N_("written anew"),
    "unchanged": N_("here already, unchanged"),
    "kept": N_("changed here, left as they are"),
    "left-out": N_("left out"),
}
"""Outcome for a text → its name for people."""
_PLANNED = {**STATES, "written": N_("would be written"), "updated": N_("would be written anew")}
_HAD = {
    "texts": N_("texts"),
    "stories": N_("stories"),
    "addresses": N_("addresses"),
    "ids": N_("ids in feeds"),
    "remote-pictures": N_("pictures on the web, left there"),
}
_MOST = 20
"""Doubts, categories and the like that a terminal shows."""


def move_progress(voice: Voice) -> Progress:
    """Return a count of texts that have moved."""
    return Progress(voice.say(N_("moving in")))


def print_move(request: MoveRequest, moved: MovedIn, voice: Voice, *, as_json: bool) -> int:
    """Print the report; return the exit status: 1 when the site has errors now."""
    lines = [line for _, block in blocks_of(request, moved, voice, most=_MOST) for line in block]
    print_result(_as_data(request, moved), lines, as_json=as_json)
    return 1 if any(one.severity is Severity.ERROR for one in moved.problems) else 0


def blocks_of(
    request: MoveRequest, moved: MovedIn, voice: Voice, most: int
) -> Iterator[tuple[str, list[str]]]:
    """Yield the report in parts, each with its name and lines. ``most``: entries of each list; 0: all."""
    report = moved.report
    names = STATES if request.write else _PLANNED
    had = ", ".join(
        voice.say(N_("{name}: {number}"), name=Sentence(_HAD[key]), number=report.had[key])
        for key in _HAD
        if report.had[key]
    )
    languages = ", ".join(
        f"{lang} {voice.number(number)}" for lang, number in sorted(report.languages.items())
    )
    yield (
        "had",
        [voice.say(N_("the archive has: {had} ({languages})"), had=had or "–", languages=languages or "–")],
    )
    counts = Counter(one.state for one in report.files)
    have = ", ".join(
        voice.say(N_("{name}: {number}"), name=Sentence(names[state]), number=counts[state])
        for state in names
        if counts[state]
    )
    aliases = sum(one.aliases for one in report.files)
    have_lines = [
        voice.say(
            N_("the site has: {have}; old addresses that lead here: {aliases}"),
            have=have or "–",
            aliases=aliases,
        )
    ]
    if moved.is_new_site:
        have_lines.append(
            voice.say(
                N_("config.toml is new: read it before you publish")
                if request.write
                else N_("there is no site yet: config.toml will be written")
            )
        )
    yield "have", have_lines
    yield "doubts", _doubts(moved, voice, most)
    yield "next", _next(request, moved, voice)


def _doubts(moved: MovedIn, voice: Voice, most: int) -> list[str]:
    report, lines = moved.report, []
    if report.unknown_topics:
        names = [f"{name} ({number})" for name, number in report.unknown_topics.most_common(most or None)]
        lines.append(
            voice.say(
                N_("categories that are no topics of the site, left out: {names}"),
                names=visible(", ".join(names)),
            )
        )
    if report.shortcodes:
        names = [f"{name} ({number})" for name, number in report.shortcodes.most_common(most or None)]
        lines.append(voice.say(N_("shortcodes that stay as text: {names}"), names=visible(", ".join(names))))
    shown = report.doubts[: most or None]
    if report.doubts:
        lines.append(voice.say(N_("doubtful: {number}"), number=len(report.doubts)))
        lines += [f"  {visible(one.origin)}: {visible(voice.say(one.sentence))}" for one in shown]
        if len(report.doubts) > len(shown):
            lines.append(
                voice.say(
                    N_("  and {number} more; --html FILE shows all"), number=len(report.doubts) - len(shown)
                )
            )
    return lines


def _next(request: MoveRequest, moved: MovedIn, voice: Voice) -> list[str]:
    lines = []
    if moved.mapping_written:
        lines.append(
            voice.say(
                N_("{path} is there: edit it, and run the command again"), path=visible(moved.mapping_written)
            )
        )
    if not request.write:
        lines.append(voice.say(N_("this was a dry run: nothing was written; --write writes")))
        return lines
    counts = Counter(one.severity for one in moved.problems)
    lines.append(
        voice.say(
            N_("newsfeed check says: {errors} errors, {warnings} warnings"),
            errors=counts[Severity.ERROR],
            warnings=counts[Severity.WARNING],
        )
    )
    kinds = Counter(one.code for one in moved.problems if one.severity is not Severity.ADVICE)
    lines += [
        f"  {code} ({number}): {_example(code, moved, voice)}" for code, number in kinds.most_common(_MOST)
    ]
    return lines


def _example(code: str, moved: MovedIn, voice: Voice) -> str:
    """Return the sentence and the place of the first problem of a kind."""
    first = next(one for one in moved.problems if one.code == code)
    sentence = voice.say(PROBLEM_KINDS[code].message, **dict(first.params))
    return visible(f"{first.where.path}:{first.where.line}: {sentence}")


def write_move_page(path: str, request: MoveRequest, moved: MovedIn, voice: Voice) -> None:
    """Write the report as a page. Raises `OutsideError`."""
    from newsfeed.render.move_page import MoveRow, move_page

    names = STATES if request.write else _PLANNED
    rows = [
        MoveRow(one.origin, one.title, one.lang, one.path, voice.say(names[one.state]))
        for one in moved.report.files
    ]
    headings = {
        "had": voice.say(N_("What you had")),
        "have": voice.say(N_("What you have")),
        "doubts": voice.say(N_("What is doubtful")),
        "next": voice.say(N_("What comes next")),
    }
    columns = [
        voice.say(name) for name in (N_("Before"), N_("Title"), N_("Language"), N_("Here"), N_("Outcome"))
    ]
    blocks = [(headings[name], lines) for name, lines in blocks_of(request, moved, voice, most=0) if lines]
    title = voice.say(N_("Moving in from {source}"), source=request.source)
    page = move_page(title, blocks, voice.say(N_("All texts")), columns, rows, voice.lang)
    try:
        Path(path).write_text(page, encoding="utf-8")
    except OSError as error:
        raise OutsideError(N_("cannot write {path}: {reason}"), path=path, reason=reason_of(error)) from error


def _as_data(request: MoveRequest, moved: MovedIn) -> dict[str, Any]:
    report = moved.report
    return {
        "source": request.source,
        "from": request.kind,
        "dry_run": not request.write,
        "new_site": moved.is_new_site,
        "had": {
            **{key: report.had[key] for key in _HAD},
            "languages": dict(sorted(report.languages.items())),
        },
        "have": {state: report.count(state) for state in STATES},
        "aliases": sum(one.aliases for one in report.files),
        "files": [
            {"origin": one.origin, "path": one.path, "lang": one.lang, "state": one.state}
            for one in report.files
        ],
        "doubts": [{"origin": one.origin, "reason": str(one.sentence)} for one in report.doubts],
        "topics": dict(sorted(report.topics.items())),
        "unknown_topics": dict(report.unknown_topics.most_common()),
        "shortcodes": dict(report.shortcodes.most_common()),
        "problems": dict(Counter(one.code for one in moved.problems).most_common()),
    }


def print_move_out(
    folder: str, files: int, people: str, readers: int, voice: Voice, *, as_json: bool
) -> None:
    """Print how much was moved out, and where to."""
    lines = [voice.say(N_("files in {folder}: {number}"), folder=visible(folder), number=files)]
    if people:
        lines.append(
            voice.say(
                N_("readers in {path}: {number}; only you can read it"), path=visible(people), number=readers
            )
        )
    print_result({"folder": folder, "files": files, "people": readers}, lines, as_json=as_json)
