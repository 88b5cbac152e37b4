"""Pages at addresses that texts have left, and all of these addresses as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from newsfeed.core.content.aliases import quote_strictly
from newsfeed.core.site.redirects import find_content, find_text_page
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
    return RedirectView(
        lang=language.code,
        direction=context.texts[language.code].direction,
        site_title=context.frames.site_title(language),
        title=item.title,
        title_lang="" if item.lang == language.code else item.lang,
        href=context.addresses.local(path),
        canonical=context.addresses.absolute(path),
    )


def list_redirects(context: ViewContext, planned: Iterable[PlannedArtifact]) -> tuple[tuple[str, str], ...]:
    """Return (address that a text has left, its address now) for all of them, encoded, with the base path."""
    base = quote(unquote(context.addresses.local("")), safe="/")
    return tuple(
        (base + quote_strictly(artifact.path), base + quote_strictly(_home(context, artifact)[0]))
        for artifact in planned
        if artifact.kind == "redirect"
    )


def _home(context: ViewContext, planned: PlannedArtifact) -> tuple[str, Item]:
    content = find_content(context.index.library, planned.key)
    assert content is not None, "only public texts are planned"
    return find_text_page(context.index, planned.lang, content, planned.key)
