"""Pages at addresses that texts have left, and all of these addresses as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from newsfeed.core.content.aliases import quote_strictly
from newsfeed.core.site import urls
from newsfeed.core.site.configured_redirects import MOVED_FEED, MOVED_PAGE
from newsfeed.core.site.frames import FEED_TYPES
from newsfeed.core.site.redirects import find_content, find_text_page
from newsfeed.core.site.sections import Section
from newsfeed.core.site.withdrawn import TITLE
from newsfeed.views import RedirectView

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.pages.context import ViewContext
    from newsfeed.model import Item
    from newsfeed.settings import Language


def make_redirect_view(context: ViewContext, planned: PlannedArtifact, language: Language) -> RedirectView:
    """Make the view of a page that says where a text is now, and leads there."""
    path, item = _home(context, planned)
    title, title_lang = item.title, "" if item.lang == language.code else item.lang
    if context.index.is_withdrawn(item.path):
        title, title_lang = context.texts[language.code].labelled(TITLE)
    return RedirectView(
        lang=language.code,
        direction=context.texts[language.code].direction,
        site_title=context.frames.site_title(language),
        title=title,
        title_lang=title_lang,
        href=context.addresses.local(path),
        canonical=context.addresses.absolute(path),
    )


def make_moved_page_view(context: ViewContext, planned: PlannedArtifact, language: Language) -> RedirectView:
    """Make the view of a page at an old address that the configuration names."""
    ending = planned.key.rpartition(".")[2]
    form = next((form for form, usual in urls.FEED_ENDINGS.items() if usual == ending), "")
    return RedirectView(
        lang=language.code,
        direction=context.texts[language.code].direction,
        site_title=context.frames.site_title(language),
        title=context.addresses.absolute(planned.key),
        title_lang="",
        href=context.addresses.local(planned.key),
        canonical=context.addresses.absolute(planned.key),
        feed_type=FEED_TYPES[form][1] if form else "",
    )


def list_redirects(context: ViewContext, planned: Iterable[PlannedArtifact]) -> tuple[tuple[str, str], ...]:
    """Return (old address, address now) of all that has moved, encoded, with the base path."""
    base = quote(unquote(context.addresses.local("")), safe="/")
    rows = []
    for artifact in planned:
        target = _target(context, artifact)
        if target:
            old, new = (base + quote_strictly(path) for path in (artifact.path, target))
            rows.append((old, new))
            if "." in old.rstrip("/").rpartition("/")[2] and old.endswith("/"):
                rows.append((old.rstrip("/"), new))  # it had an ending, and no slash behind it
    return tuple(rows)


def _target(context: ViewContext, artifact: PlannedArtifact) -> str:
    """Return the output path that an old address leads to; empty for what is at no old address."""
    if artifact.kind == "redirect":
        return _home(context, artifact)[0]
    if artifact.kind == MOVED_FEED:
        return urls.feed_path(Section(artifact.section, artifact.key).folder(artifact.lang), artifact.form)
    return artifact.key if artifact.kind == MOVED_PAGE else ""


def _home(context: ViewContext, planned: PlannedArtifact) -> tuple[str, Item]:
    content = find_content(context.index.with_withdrawn, planned.key)
    assert content is not None, "only public texts are planned"
    return find_text_page(context.index, planned.lang, content, planned.key)
