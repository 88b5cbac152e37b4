"""Make the short form with which pages, of the site or of others, invite to subscribe by email."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.digests.rhythm import describe_rhythm
from newsfeed.views import Choice, Invitation, SharedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

    from newsfeed.ports import Texts
    from newsfeed.settings import Settings


def make_invitation(settings: Settings, words: Texts, names: Collection[str] = ()) -> Invitation | None:
    """Return the invitation in a language to some digests, or all (no ``names``); ``None`` where nobody can
    subscribe on a page.
    """
    lang = words.code
    digests = [digest for name, digest in settings.digests.items() if not names or name in names]
    if not settings.web.base_url or not settings.mail.sender or not digests:
        return None
    site = settings.languages[lang].title or settings.site.title.get(lang)
    return Invitation(
        action=f"{settings.web.base_url}{lang.lower()}/subscribe",
        lang=lang,
        digests=SharedTuple(
            Choice(
                digest.name,
                digest.title.get(lang) or site,
                "",
                digest is digests[0],
                describe_rhythm(digest.schedule, words),
            )
            for digest in digests
        ),
        has_choices=bool(settings.topics) or len(settings.languages) > 1,
    )
