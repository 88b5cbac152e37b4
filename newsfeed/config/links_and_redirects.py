"""``[links]`` and ``[redirects]`` → settings: where texts may link to, and what lies at old addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsfeed.core.content.aliases import resolve_alias, resolve_file_alias
from newsfeed.core.content.links import OFFERED_SCHEMES
from newsfeed.marking import N_
from newsfeed.problems import problem
from newsfeed.settings import STORY_URL, LinkSettings, OldAddress

if TYPE_CHECKING:
    from newsfeed.config.table import Table


_WORD = "[a-z0-9]+(?:-[a-z0-9]+)*"
_STORY_URL = re.compile(rf"/\{{lang\}}(?:/(?:{_WORD}|\{{(?:year|month|day|slug)\}}))+/")


def read_story_url(table: Table) -> str:
    """Read ``[site] story_url``: the form of the addresses of stories."""
    form = table.text("story_url", default=STORY_URL)
    fields = re.findall(r"\{\w+\}", form)
    if not _STORY_URL.fullmatch(form) or "{slug}" not in fields or len(fields) != len(set(fields)):
        expected = N_(
            "a path with lang first, then slug, and at most year, month and day, each once and in braces"
        )
        table.report("config-value", "story_url", value=form, expected=expected)
        return STORY_URL
    return form


def read_links(table: Table) -> LinkSettings:
    """Read ``[links]``."""
    links = LinkSettings(allow=table.choices("allow", OFFERED_SCHEMES, ()))
    table.close()
    return links


def read_redirects(table: Table) -> tuple[OldAddress, ...]:
    """Read ``[redirects]``: old path → path of a page or feed."""
    found = []
    for written, target in table.texts().items():
        _, trouble = resolve_alias(written)
        path, no_target = resolve_file_alias(target)
        if trouble or no_target:
            value, reason = (written, trouble) if trouble else (target, no_target)
            table.problems.append(
                problem("redirect-invalid", table.where(written), value=value, reason=reason)
            )
        else:
            where = table.where(written)
            found.append(OldAddress(written, path, where.line, where.column))
    return tuple(found)
