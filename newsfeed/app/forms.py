"""Wire the form that other pages can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from pathlib import Path


def render_form(root: Path, digest: str, lang: str) -> str:
    """Return the form for a digest as HTML, in the language of an edition (empty: the site's).

    Raises `UsageError` for a digest or edition that there is not, and where nobody can subscribe on a page.
    """
    from newsfeed.app.context import context_of
    from newsfeed.core.people.invitations import make_invitation
    from newsfeed.render.pages import render_invitation

    context, _ = context_of(root)
    settings = context.settings
    code = next((one for one in settings.languages if one.lower() == lang.lower()), "")
    if lang and not code:
        raise UsageError(
            N_("the site has no edition in “{value}”"),
            N_("editions are: {known}"),
            value=lang,
            known=", ".join(settings.languages),
        )
    if digest not in settings.digests:
        raise UsageError(
            N_("there is no digest “{name}” in config.toml"),
            N_("digests are: {known}"),
            name=digest,
            known=", ".join(settings.digests) or "–",
        )
    invitation = make_invitation(settings, context.texts[code or settings.site.default_language], [digest])
    if invitation is None:
        raise UsageError(
            N_("nobody can subscribe: config.toml has no [web] base_url, no [mail] from, or no digest"),
            N_("add to config.toml: {line}"),
            line='[web] base_url = "https://mail.example.org/"',
        )
    return render_invitation(context.templates, invitation)
