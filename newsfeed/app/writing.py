"""Wire the beginning of texts: a new story, a translation, a new topic."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.app.context import context_of, source_of
from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from newsfeed.build.context import BuildContext
    from newsfeed.core.content.new_texts import NewStory
    from newsfeed.editorial.writing import BegunText


@dataclass(frozen=True, slots=True)
class WritingContext:
    """A site whose configuration is read, for whoever begins texts in it."""

    root: Path
    context: BuildContext

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the editions' languages, the default one first."""
        site = self.context.settings.site
        return tuple(sorted(site.languages, key=lambda lang: lang != site.default_language))

    def check_language(self, lang: str) -> str:
        """Return an edition's language. Raises `UsageError` for others."""
        return refuse_unknown(
            lang, self.languages, N_("the site has no edition in “{value}”"), N_("editions are: {known}")
        )

    def check_topics(self, topics: Sequence[str]) -> tuple[str, ...]:
        """Return topics of the site. Raises `UsageError` for others."""
        known = list(self.context.settings.topics)
        sentence, hint = N_("the site has no topic “{value}”"), N_("topics are: {known}")
        return tuple(refuse_unknown(topic, known, sentence, hint) for topic in topics)

    def begin_story(self, story: NewStory) -> BegunText:
        """Write the file of a new story."""
        from newsfeed.editorial.writing import begin_story

        return begin_story(story, source_of(self.root, self.context.settings))

    def begin_translation(self, text: str, lang: str) -> BegunText:
        """Write the file of a translation; see `newsfeed.editorial.writing.begin_translation`."""
        from newsfeed.editorial.writing import begin_translation

        settings = self.context.settings
        source = source_of(self.root, settings)
        return begin_translation(text, lang, settings, self.context.vocabulary, source)

    def usual_author(self) -> str:
        """Return the name that git knows the user by; empty when it knows none."""
        from newsfeed.sources.git_blobs import run_git

        try:
            return run_git(self.root, "config", "user.name").stdout.decode().strip()
        except (OSError, subprocess.SubprocessError, ValueError):
            return ""


def open_writing(root: Path) -> WritingContext:
    """Read a site's configuration. Raises `ProblemsFound` when it cannot be used."""
    context, _ = context_of(root)
    return WritingContext(root, context)


def refuse_unknown(value: str, known: Collection[str], sentence: str, hint: str) -> str:
    """Return a value that is known. Raises `UsageError` for others."""
    if value not in known:
        raise UsageError(sentence, hint, value=value, known=", ".join(known) or "–")
    return value
