"""``[links]`` and ``[redirects]`` → settings: where texts may link to, and what lies at old addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.content.aliases import resolve_file_alias
from newsfeed.core.content.links import OFFERED_SCHEMES
from newsfeed.problems import problem
from newsfeed.settings import LinkSettings, OldAddress

if TYPE_CHECKING:
    from newsfeed.config.table import Table


def read_links(table: Table) -> LinkSettings:
    """Read ``[links]``."""
    links = LinkSettings(allow=table.choices("allow", OFFERED_SCHEMES, ()))
    table.close()
    return links


def read_redirects(table: Table) -> tuple[OldAddress, ...]:
    """Read ``[redirects]``: old path → path of a page or feed."""
    found = []
    for written, target in table.texts().items():
        _, trouble = resolve_file_alias(written)
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
