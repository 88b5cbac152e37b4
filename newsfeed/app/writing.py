"""Wire what is written into a site for its editors: stories, translations, topics, the form of a head."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsfeed.app.context import context_of, source_of
from newsfeed.core.content.new_texts import tidy_title
from newsfeed.core.content.slugs import is_slug
from newsfeed.errors import OutsideError, UsageError
from newsfeed.files import read_file, replace_file, write_new
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
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

    def check_countries(self, codes: Sequence[str]) -> tuple[str, ...]:
        """Return codes of countries. Raises `UsageError` for others."""
        known = self.context.vocabulary.countries
        for code in codes:
            if code.upper() not in known:
                raise UsageError(
                    N_("“{value}” is no code of a country"), N_("write two letters, such as KZ"), value=code
                )
        return tuple(code.upper() for code in codes)

    def check_projects(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Return ids of projects. Raises `UsageError` for others."""
        if not ids:
            return ()
        from newsfeed.editorial.writing import list_projects

        known = list_projects(source_of(self.root, self.context.settings))
        sentence, hint = N_("the site has no project “{value}”"), N_("projects are: {known}")
        return tuple(refuse_unknown(one, known, sentence, hint) for one in ids)

    def check_title(self, text: str) -> str:
        """Return a title on one line. Raises `UsageError` for one that is empty, or too long for a page."""
        title, most = tidy_title(text), self.context.settings.limits.title_length
        if not title:
            raise UsageError(N_("a story needs a title"), N_("write: {example}"), example='newsfeed new "…"')
        if len(title) > most:
            raise UsageError(
                N_("the title has {number} characters, and at most {most} are allowed"),
                N_("shorten it; the rest belongs in the summary"),
                number=len(title),
                most=most,
            )
        return title

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

    def accept_translation(self, text: str, lang: str) -> str:
        """Note in a translation the original as it is now; see `newsfeed.editorial.acceptance`."""
        from newsfeed.editorial.acceptance import accept_translation

        settings = self.context.settings
        source = source_of(self.root, settings)
        return accept_translation(text, lang, settings, self.context.vocabulary, source)

    def add_topic(self, key: str, name: str, translations: Mapping[str, str]) -> list[str]:
        """Write a new topic into the configuration, and its names into the catalogues; return their paths.

        translations: language → the topic's name; the others get an empty line. Raises `UsageError` for what
        cannot be a topic.
        """
        from newsfeed.config.site_layout import CONFIG
        from newsfeed.config.topic_edits import add_topic

        if not is_slug(key):
            raise UsageError(
                N_("“{value}” cannot be the key of a topic"), N_("write it like clean-water"), value=key
            )
        if key in self.context.settings.topics:
            raise UsageError(N_("the site has a topic “{value}” already"), value=key)
        for lang in translations:
            self.check_language(lang)
        config = read_file(self.root / CONFIG)
        edited = add_topic(config.decode(), key, name)
        if edited is None:
            raise UsageError(
                N_("{path} has no place for it"),
                N_("add it by hand: {line}"),
                path=CONFIG,
                line=f'{key} = "{name}"',
            )
        default = self.context.settings.site.default_language
        paths = [
            self._add_name(lang, name, translations.get(lang, ""))
            for lang in self.languages
            if lang != default
        ]
        replace_file((self.root / CONFIG).resolve(), edited.encode())
        return [CONFIG, *paths]

    def _add_name(self, lang: str, name: str, translated: str) -> str:
        from newsfeed.i18n.catalogues import NAMES_DOMAIN, catalogue_path
        from newsfeed.i18n.name_edits import add_names

        path = f"locales/{catalogue_path(lang, NAMES_DOMAIN)}"
        file = self.root / path
        if not file.resolve().is_relative_to(self.root.resolve()):
            raise OutsideError(N_("{path}: it would not lie in the site"), path=path)
        data = read_file(file) if file.exists() else None
        edited = add_names(data, lang, [("topic", name, translated)])
        if data is None:
            file.parent.mkdir(parents=True, exist_ok=True)
            write_new(file, edited)
        elif edited != data:
            replace_file(file.resolve(), edited)
        return path

    def format_texts(self, paths: Sequence[str], *, write: bool) -> list[str]:
        """Bring the front matter of texts into the canonical form; return the paths of those that were not.

        paths: in the site; none: all texts. ``write``: else they are only named.
        """
        from newsfeed.core.content.head_format import format_head

        source, changed = source_of(self.root, self.context.settings), []
        for path in paths:
            if not path.endswith(".md"):
                raise UsageError(N_("“{path}” is no text"), N_("name files that end in .md"), path=path)
        for path in paths or source.paths():
            data = source.text(path).data
            after = format_head(data) if data is not None else data
            if data is None or after is None or after == data:
                continue
            changed.append(path)
            if write:
                source.rewrite(path, data, after)
        return changed

    def schema_of(self, kind: str) -> dict[str, Any]:
        """Return the JSON Schema of a kind of content's front matter."""
        from newsfeed.core.content.schema import make_schema

        limits = self.context.settings.limits
        most = {"title": limits.title_length, "summary": limits.summary_length}
        return make_schema(kind, self.context.vocabulary, most)

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
