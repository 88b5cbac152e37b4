"""Output about a move: what the archive had, what the site has, and what is doubtful."""

from __future__ import annotations

import shlex
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsfeed.cli.output.progress import Progress
from newsfeed.cli.output.terminal import print_result, visible
from newsfeed.errors import OutsideError, reason_of
from newsfeed.marking import N_
from newsfeed.problems.kinds import PROBLEM_KINDS, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

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
_MOST_COMMANDS = 5
_MOST = 20
"""Doubts, categories and the like that a terminal shows."""


def move_progress(voice: Voice) -> Progress:
    """Return a count of texts that have moved."""
    return Progress(voice.say(N_("moving in")))


def print_move(request: MoveRequest, moved: MovedIn, voice: Voice, *, as_json: bool) -> int:
    """Print the report; return the exit status: 1 when the site has errors now."""
    found = [(name, f"{figure}{languages}") for name, figure, languages in _had(moved, voice)]
    had, have = _joined(found, voice), _joined(_have(request, moved, voice), voice)
    lines = [
        voice.say(N_("the archive has: {had}"), had=had or "–"),
        voice.say(N_("the site has: {have}"), have=have or "–"),
        *_remarks(request, moved, voice, _MOST),
    ]
    doubts = moved.report.doubts
    if doubts:
        lines.append(voice.say(N_("doubtful: {number}"), number=len(doubts)))
    lines += [f"  {visible(one.origin)}: {visible(voice.say(one.sentence))}" for one in doubts[:_MOST]]
    if len(doubts) > _MOST:
        more = voice.say(N_("and {number} more; --html FILE shows all"), number=len(doubts) - _MOST)
        lines.append(f"  {more}")
    print_result(_as_data(request, moved), [*lines, *_next(request, moved, voice)], as_json=as_json)
    return 1 if any(one.severity is Severity.ERROR for one in moved.problems) else 0


def _joined(figures: Iterable[tuple[str, str]], voice: Voice) -> str:
    return ", ".join(voice.say(N_("{name}: {number}"), name=name, number=number) for name, number in figures)


def _had(moved: MovedIn, voice: Voice) -> list[tuple[str, str, str]]:
    """Return (what is counted, how many, of texts also how many each language has) of the archive."""
    had = moved.report.had
    counts = ", ".join(f"{lang} {voice.number(number)}" for lang, number in _languages(moved))
    return [
        (voice.say(name), voice.number(had[key]), f" ({counts})" if key == "texts" and counts else "")
        for key, name in _HAD.items()
        if had[key]
    ]


def _have(request: MoveRequest, moved: MovedIn, voice: Voice) -> list[tuple[str, str]]:
    """Return (what is counted, how many) of the site."""
    names = STATES if request.write else _PLANNED
    counts = Counter(one.state for one in moved.report.files)
    figures = [(voice.say(names[state]), voice.number(counts[state])) for state in names if counts[state]]
    aliases = sum(one.aliases for one in moved.report.files)
    return [*figures, (voice.say(N_("old addresses that lead here")), voice.number(aliases))]


def _languages(moved: MovedIn) -> list[tuple[str, int]]:
    return sorted(moved.report.languages.items())


def _remarks(request: MoveRequest, moved: MovedIn, voice: Voice, most: int) -> list[str]:
    """Return what is to be said of the archive as a whole. ``most``: names in a list; 0: all."""
    report, lines = moved.report, []
    if moved.is_new_site:
        new, planned = (
            N_("config.toml is new: read it before you publish"),
            N_("there is no site yet: config.toml will be written"),
        )
        lines.append(voice.say(new if request.write else planned))
    lists = (
        (N_("categories that are no topics of the site, left out: {names}"), report.unknown_topics),
        (N_("shortcodes that stay as text: {names}"), report.shortcodes),
    )
    for sentence, counts in lists:
        names = [f"{name} ({number})" for name, number in counts.most_common(most or None)]
        if names:
            lines.append(voice.say(sentence, names=visible(", ".join(names))))
    return lines


def _next(request: MoveRequest, moved: MovedIn, voice: Voice) -> list[str]:
    lines = []
    if moved.mapping_written:
        lines.append(
            voice.say(
                N_("{path} is there: edit it, and run the command again"), path=visible(moved.mapping_written)
            )
        )
    names = {topic: category for category, topic in moved.report.topics.items()}
    unknown = [topic for topic, _ in moved.report.unknown_topics.most_common(_MOST_COMMANDS)]
    if unknown and not moved.is_new_site:
        lines.append(voice.say(N_("to have topics for categories:")))
        site = shlex.quote(str(request.into))
        lines += [
            f"  newsfeed -C {site} topics add {topic} --name {shlex.quote(names[topic])}" for topic in unknown
        ]
    if moved.report.lost_feeds:
        lines.append(
            voice.say(N_("feeds that readers have lead nowhere; write into [redirects] of config.toml:"))
        )
        lines += [f'  "{old}" = "{new}"' for old, new in [*moved.report.lost_feeds.items()][:_MOST]]
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
    from newsfeed.render.move_page import MoveRow, MoveSection, move_page

    names = STATES if request.write else _PLANNED
    rows = [
        MoveRow(one.origin, one.title, one.lang, one.path, voice.say(names[one.state]))
        for one in moved.report.files
    ]
    by_text: dict[str, list[str]] = {}
    for one in moved.report.doubts:
        by_text.setdefault(one.origin, []).append(_capital(voice.say(one.sentence)))
    remarks = [_capital(line) for line in _remarks(request, moved, voice, 0)]
    had = [(f"{name}{languages}", figure) for name, figure, languages in _had(moved, voice)]
    sections = [
        MoveSection(voice.say(N_("What you had")), had),
        MoveSection(voice.say(N_("What you have")), _have(request, moved, voice)),
        MoveSection(voice.say(N_("What is doubtful")), (), remarks, list(by_text.items())),
        MoveSection(
            voice.say(N_("What comes next")), (), [_capital(line) for line in _next(request, moved, voice)]
        ),
    ]
    columns = [
        voice.say(name) for name in (N_("Before"), N_("Title"), N_("Language"), N_("Here"), N_("Outcome"))
    ]
    title = voice.say(N_("Moving in from {source}"), source=Path(request.source).name or request.source)
    page = move_page(title, sections, voice.say(N_("All texts")), columns, rows, voice.lang)
    try:
        Path(path).write_text(page, encoding="utf-8")
    except OSError as error:
        raise OutsideError(N_("cannot write {path}: {reason}"), path=path, reason=reason_of(error)) from error


def _capital(sentence: str) -> str:
    """Return a sentence as it stands on a page of its own."""
    return sentence[:1].upper() + sentence[1:]


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
        "lost_feeds": report.lost_feeds,
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
    print_result(
        {"folder": folder, "files": files, "people": readers}, lines, as_json=as_json, is_only_success=True
    )
