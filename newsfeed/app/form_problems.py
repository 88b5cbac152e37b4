"""The problems that the form shows: of texts that are public, for whoever knows its address can read them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newsfeed.config.site_layout import CONTENT_KINDS
from newsfeed.core.editor.policy import FOLDER
from newsfeed.files import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsfeed.problems import Problem

    ProblemReport = Callable[[Sequence[Problem], Sequence[str]], Mapping[str, Any]]
    """Makes a report of problems in these languages: language → words and problems."""

PROBLEMS_FILE = "problems.json"
_LANGUAGE = re.compile(r"\.[A-Za-z0-9-]+\.md$")
_DRAFT = re.compile(rb"^[ \t]*draft[ \t]*[:=][ \t]*[\"']?(?:yes|true|on)\b", re.MULTILINE | re.IGNORECASE)
_DATE = re.compile(rb"^[ \t]*date[ \t]*[:=][ \t]*[\"']?(\d{4}-\d\d-\d\d)", re.MULTILINE)
_HEAD_BYTES = 10_000


def select_shown(
    problems: Sequence[Problem], root: Path, languages: Sequence[str], now: datetime
) -> list[Problem]:
    """Return the problems of texts, but none of drafts, of stories to come, and of files unread.

    The files are looked at as they are: one with a problem may be no story yet.
    """
    known: dict[str, bool] = {}

    def is_shown(path: str) -> bool:
        stem = _LANGUAGE.sub("", path)
        if stem not in known:
            known[stem] = _is_public(root, [path, *(f"{stem}.{lang}.md" for lang in languages)], now)
        return known[stem]

    folders = tuple(f"{kind}/" for kind in CONTENT_KINDS)
    return [one for one in problems if one.where.path.startswith(folders) and is_shown(one.where.path)]


def _is_public(root: Path, paths: Sequence[str], now: datetime) -> bool:
    heads = [head for path in paths if (head := _read_head(root, path))]
    days = [found[1].decode() for head in heads if (found := _DATE.search(head))]
    today = now.date().isoformat()
    return bool(heads) and not any(map(_DRAFT.search, heads)) and all(day <= today for day in days)


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
    languages = settings.site.languages
    data = as_json(report(select_shown(problems, root, languages, now), languages))
    with open_output(output / FOLDER) as folder:
        staging = folder.stage_some()
        for one in staging.write(RenderedFile(PROBLEMS_FILE, (data,))):
            staging.add(one)
        folder.commit_some(staging, (), 0)
