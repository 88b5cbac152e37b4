"""Answer where a file of the site is published, or why it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.redirects import contents_by_kind
from newsfeed.marking import N_, Sentence
from newsfeed.model import Story
from newsfeed.problems import select_errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from newsfeed.core.site.index import SiteIndex
    from newsfeed.model import Content
    from newsfeed.problems import Problem


def find_whereabouts(
    index: SiteIndex, problems: Sequence[Problem], path: str, now: datetime
) -> list[Sentence]:
    """Return sentences that say where a file is published, or why it is not.

    ``problems``: those of its story; ``path``: of the file, in the site.
    """
    kinds = contents_by_kind(index.all_content)
    if path.partition("/")[0] not in kinds:
        folders = ", ".join(f"{one}/" for one in kinds)
        return [
            Sentence(N_("nobody sees this file: it lies in none of the folders {folders}"), folders=folders)
        ]
    if not path.endswith(".md"):
        return _of_asset(index, path)
    known = index.all_content.paths.get(path)
    content = kinds[known[0]][known[1]] if known else None
    reason = _faulty(problems, path, is_known=content is not None) or (content and _withheld(content, now))
    if reason or content is None:
        return [reason] if reason else []
    return [*_pages(index, content, path)]


def _faulty(problems: Sequence[Problem], path: str, *, is_known: bool) -> Sentence | None:
    """Return why a text with errors is not published. ``is_known``: it was read all the same."""
    own = [problem for problem in problems if problem.where.path == path]
    if select_errors(own):
        return Sentence(N_("not published: the file has errors, see above"))
    if select_errors(problems):
        return Sentence(N_("not published: another file of this text has errors, see above"))
    return None if is_known else Sentence(N_("not published: nothing can be read from this file, see above"))


def _withheld(content: Content, now: datetime) -> Sentence | None:
    """Return why a text that is there is not public."""
    if not isinstance(content, Story):
        return None
    if content.draft:
        return Sentence(N_("not published: it is a draft, see “draft” in {path}"), path=content.origin.path)
    if content.date > now:
        return Sentence(
            N_("not published yet: it is due on {moment}, see “date” in {path}"),
            moment=content.date,
            path=content.origin.path,
        )
    if content.expires is not None and content.expires <= now:
        return Sentence(
            N_("not published any more: it expired on {moment}, see “expires” in {path}"),
            moment=content.expires,
            path=content.origin.path,
        )
    return None


def _pages(index: SiteIndex, content: Content, path: str) -> Iterator[Sentence]:
    """Yield the pages that show the text of a file, its own edition first."""
    base = index.settings.site.base_url
    own = next(
        lang
        for table in (content.items, content.withheld)
        for lang, item in table.items()
        if item.path == path
    )
    withdrawn = index.is_withdrawn(path)
    for language in sorted(index.settings.editions, key=lambda edition: edition.code != own):
        shown = index.shown_text(language, content)
        if shown is not None and shown.item.path == path:
            address = base + urls.encode_path(index.page_path(language.code, content, shown.item))
            if withdrawn:
                yield Sentence(N_("withdrawn, as this page says: {address}"), address=address)
            elif language.code == own:
                yield Sentence(N_("published: {address}"), address=address)
            else:
                yield Sentence(
                    N_("shown in the edition {edition}, which has no text of its own: {address}"),
                    edition=language.code,
                    address=address,
                )


def _of_asset(index: SiteIndex, path: str) -> list[Sentence]:
    """Return where a picture or another file is published."""
    if path not in index.all_content.assets:
        return [Sentence(N_("not published: this is no file that a text could name"))]
    base, library = index.settings.site.base_url, index.library
    found = [
        base + urls.encode_path(content.assets[path])
        for contents in contents_by_kind(library).values()
        for content in contents.values()
        if path in content.assets
    ]
    if not found:
        return [Sentence(N_("not published: no text that is published names this file"))]
    return [Sentence(N_("published: {address}"), address=address) for address in dict.fromkeys(found)]
