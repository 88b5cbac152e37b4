"""``[translations]`` → settings: what becomes of translations whose original has changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.settings import TranslationSettings

if TYPE_CHECKING:
    from newsfeed.config.table import Table

OUTDATED = ("publish", "mark", "fall-back")


def read_translations(table: Table) -> TranslationSettings:
    """Read ``[translations]``."""
    translations = TranslationSettings(outdated=table.choice("outdated", OUTDATED, OUTDATED[0]))
    table.close()
    return translations
