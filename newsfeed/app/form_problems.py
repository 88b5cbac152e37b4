"""The problems that the form shows: of texts that are public, for whoever knows its address can read them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newsfeed.config.site_layout import CONTENT_KINDS
from newsfeed.core.content.fields import parse_moment
from newsfeed.core.editor.policy import FOLDER
from newsfeed.files import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from newsfeed.problems import Problem
    from newsfeed.settings import SiteSettings

    ProblemReport = Callable[[Sequence[Problem], Sequence[str]], Mapping[str, Any]]
    """Makes a report of problems in these languages: language → words and problems."""

PROBLEMS_FILE = "problems.json"
_LANGUAGE = re.compile(r"\.[A-Za-z0-9-]+\.md$")
_DRAFT = re.compile(
    rb"^[ \t]*[\"']?draft[\"']?[ \t]*[:=][ \t]*[\"']?(?:yes|true|on)\b", re.MULTILINE | re.IGNORECASE
)
_DATE = re.compile(rb"^[ \t]*[\"']?date[\"']?[ \t]*[:=][ \t]*[\"']?([^\"'#\r\n]*)", re.MULTILINE)
_HEAD_BYTES = 10_000


def select_shown(problems: Sequence[Problem], root: Path, site: SiteSettings, now: datetime) -> list[Problem]:
    """Return the problems of texts, but none of drafts, of stories to come, and of files unread; where a date
    cannot be read, nobody knows that it has come.

    The files are looked at as they are: one with a problem may be no story yet.
    """
    known: dict[str, bool] = {}

    def is_shown(path: str) -> bool:
        stem = _LANGUAGE.sub("", path)
        if stem not in known:
            paths = [path, *(f"{stem}.{lang}.md" for lang in site.languages)]
            known[stem] = _is_public(root, paths, now, site.timezone)
        return known[stem]

    folders = tuple(f"{kind}/" for kind in CONTENT_KINDS)
    return [one for one in problems if one.where.path.startswith(folders) and is_shown(one.where.path)]


def _is_public(root: Path, paths: Sequence[str], now: datetime, zone: ZoneInfo) -> bool:
    heads = [head for path in paths if (head := _read_head(root, path))]
    dates = [found[1].decode(errors="replace").strip() for head in heads if (found := _DATE.search(head))]
    moments = [parse_moment(text, zone) for text in dates]
    have_come = all(moment is not None and moment <= now for moment in moments)
    return bool(heads) and not any(map(_DRAFT.search, heads)) and have_come


def _read_head(root: Path, path: str) -> bytes:
    file = root / path
    try:
        if not file.resolve().is_relative_to(root.resolve()):
            return b""
        return read_file(file)[:_HEAD_BYTES]
    except (OSError, ValueError):
        return b""


def refresh_problems(
    root: Path, output: Path, problems: Sequence[Problem], now: datetime, report: ProblemReport
) -> None:
    """Show these problems beside the form of a published site; do nothing where there is none, or when it
    shows them already.

    root: the folder with the texts.
    """
    file = output / FOLDER / PROBLEMS_FILE
    if not file.is_file():
        return
    from newsfeed.build.output import open_output
    from newsfeed.build.staging import RenderedFile
    from newsfeed.config import loader
    from newsfeed.editorial.form_files import as_json

    settings, _ = loader.load_settings(root)
    if settings is None:
        return
    shown = select_shown(problems, root, settings.site, now)
    data = as_json(report(shown, settings.site.languages))
    with open_output(output / FOLDER) as folder:
        staging = folder.stage_some()
        for one in staging.write(RenderedFile(PROBLEMS_FILE, (data,))):
            staging.add(one)
        folder.commit_some(staging, (), 0)
