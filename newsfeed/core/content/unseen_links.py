"""Links that Markdown does not see: where the file they mean is there, they are a mistake."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsfeed.problems import Location, Problem, problem
from newsfeed.problems.kinds import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsfeed.core.content.links import LinkMap
    from newsfeed.core.content.parse import ParsedFile


def check_unseen_links(parsed: ParsedFile, links: LinkMap) -> Iterator[Problem]:
    """Yield what to say of them: a warning where such a file is there, else advice where it is plain."""
    for one in parsed.unseen_links:
        found = links.find(parsed.path, parsed.lang, one.target) if one.target else None
        is_there = found is not None and bool(found.asset or found.text)
        if is_there or one.is_sure:
            where = Location(parsed.path, one.line, one.column)
            told = problem("link-unseen", where, value=one.written, example=one.corrected)
            yield replace(told, raised=Severity.WARNING) if is_there else told
