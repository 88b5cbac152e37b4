"""Output of ``newsfeed locales``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.cli.output.terminal import print_lines, visible
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.cli.output.voice import Voice
    from newsfeed.i18n.site_catalogues import CatalogueChange


def print_changes(changes: Sequence[CatalogueChange], voice: Voice) -> None:
    """Print which catalogues were written, and how many entries came and went."""
    if not changes:
        print_lines([voice.say(N_("nothing was to be changed"))])
    sentence = N_("{path}: {added} new, {removed} obsolete")
    print_lines(
        voice.say(sentence, path=visible(one.path), added=one.added, removed=one.removed) for one in changes
    )
