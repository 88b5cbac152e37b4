"""Say that a translation is behind its original, on pages, in feeds and in mails (``mark``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.model import Story

if TYPE_CHECKING:
    from newsfeed.core.site.index import ShownText
    from newsfeed.core.site.pages.context import ViewContext
    from newsfeed.settings import Language


def make_outdated_notice(context: ViewContext, language: Language, shown: ShownText) -> str:
    """Return the notice in the language of the edition; empty when there is nothing to say. It names the date
    of the original, where that has one.
    """
    if not shown.item.is_outdated or context.index.settings.translations.outdated != "mark":
        return ""
    texts = context.texts[language.code]
    if not isinstance(shown.content, Story):
        return texts.gettext("The original of this text has changed since it was translated.")
    sentence = texts.gettext("The original, of %(date)s, has changed since this text was translated.")
    return sentence % {"date": texts.long_date(shown.content.updated)}
