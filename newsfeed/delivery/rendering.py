"""Render the mails of one issue: what planning and preview have in common."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from newsfeed.core.delivery.senders import find_mail_settings
from newsfeed.core.digests.issue_records import make_record
from newsfeed.core.digests.notes import choose_note
from newsfeed.core.digests.selection import make_message_id
from newsfeed.core.digests.views import build_digest_view
from newsfeed.core.site.index import SiteIndex
from newsfeed.core.site.pages.context import ViewContext
from newsfeed.core.site.urls import issue_path
from newsfeed.mail.digest import render_digest_mail
from newsfeed.mail.footer import compose_footer
from newsfeed.mail.headers import compose_group_headers, make_unsubscribe_mailto
from newsfeed.mail.personalise import CHOICES_MARKER
from newsfeed.render.bodies import naming_languages, with_link_slots
from newsfeed.render.link_slots import fill_links

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from newsfeed.core.digests.notes import ChosenNote, IssueNote
    from newsfeed.core.digests.slots import Slot
    from newsfeed.i18n.texts import CatalogueTexts
    from newsfeed.mail.digest import DigestMail
    from newsfeed.mail.headers import Headers
    from newsfeed.model import Library, Story
    from newsfeed.records import PublishedIssue
    from newsfeed.render.templates import Templates
    from newsfeed.settings import Digest, Settings


@dataclass(frozen=True, slots=True)
class DigestSource:
    """The site as digests are rendered from it."""

    settings: Settings
    library: Library
    texts: Mapping[str, CatalogueTexts]
    """Language code → texts of the program."""
    templates: Templates
    notes: Mapping[tuple[str, date], Mapping[str, IssueNote]] = field(default_factory=dict)
    """(digest, day of the slot) → language → the editor's note."""


class IssueRenderer:
    """Renders one digest for one slot, in as many languages and selections as are asked for."""

    def __init__(self, source: DigestSource, digest: Digest, slot: Slot) -> None:
        self.digest = digest
        self.slot = slot
        self._source = source
        self._index = SiteIndex(source.library, source.settings, slot.instant)
        self._view_context = ViewContext.of(self._index, source.texts)
        self.published: Mapping[str, str] = {}
        """Edition → name of the page that will show the issue; empty when none does."""

    @property
    def stories(self) -> Iterable[Story]:
        """Return the stories that are public at the slot's moment, newest first."""
        return self._index.library.stories.values()

    @property
    def autonyms(self) -> Mapping[str, str]:
        """Return edition → the language's own name."""
        return {code: words.autonym(code) for code, words in self._view_context.texts.items()}

    def record(self, key: str, stories: Sequence[str]) -> PublishedIssue | None:
        """Return the public record of the issue, with what each edition shows of some stories; ``None`` when
        that is nothing. ``stories``: ids, newest first.
        """
        settings = self._source.settings
        digest = replace(self.digest, max_items=len(stories) + 1)
        views = []
        for language in settings.editions:
            note = self._note(language.chain)
            view = build_digest_view(self._view_context, digest, self.slot, language.chain, stories, note)
            if view.groups:
                views.append(view)
        paths = {
            (view.lang, entry.story): self._page_path(view.lang, entry.story)
            for view in views
            for entry in view.entries
        }
        return make_record(self.digest.name, self.slot, key, views, paths) if views else None

    def _page_path(self, lang: str, story_id: str) -> str:
        """Return the output path of a story's page in an edition."""
        story = self._index.library.stories[story_id]
        shown = self._index.shown_text(self._source.settings.languages[lang], story)
        assert shown is not None, "only what is shown has a path"
        return self._index.page_path(lang, story, shown.item)

    def render(self, chain: Sequence[str], stories: Sequence[str], marker: str = "") -> DigestMail:
        """Render a mail for readers of a language chain. ``stories``: ids, newest first.

        ``marker`` stands in for a reader's token in the unsubscribe link, where the site has such pages;
        elsewhere a mail does it.
        """
        note = self._note(chain)
        view = build_digest_view(self._view_context, self.digest, self.slot, chain, stories, note)
        if view.lang in self.published:
            path = issue_path(view.lang, self.digest.name, self.published[view.lang])
            view = replace(view, web=self._view_context.addresses.absolute(path))
        settings = self._source.settings
        base = settings.mail.unsubscribe_url
        mailto = make_unsubscribe_mailto(settings, self.digest)
        unsubscribe = f"{base}{marker}" if base and marker else mailto
        footer = compose_footer(
            find_mail_settings(settings.mail, self.digest),
            self._view_context.texts[view.lang],
            view.title,
            unsubscribe,
        )
        choices = settings.mail.preferences_url
        preferences = f"{choices}{CHOICES_MARKER}" if choices and marker else ""
        return render_digest_mail(self._source.templates, view, footer, unsubscribe, preferences)

    def _note(self, chain: Sequence[str]) -> ChosenNote:
        """Return the editor's note for readers of a chain, its links leading into their edition."""
        note = choose_note(self._source.notes.get((self.digest.name, self.slot.day), {}), chain)
        if not note.html:
            return note
        language = self._source.settings.languages[chain[0]]
        resolve = self._view_context.addresses.note_resolver(language, note.path, note.lang)
        words = self._source.texts[note.lang]
        html = fill_links(with_link_slots(note.html, words), naming_languages(resolve, words))
        return replace(note, html=html)

    def headers(self, mail: DigestMail) -> Headers:
        """Return the headers that all readers of a mail share."""
        return compose_group_headers(self._source.settings, self.digest, self.slot, mail.view)

    def message_id(self, lang: str, reader_key: str) -> str:
        """Return the Message-ID of one reader's mail."""
        domain = find_mail_settings(self._source.settings.mail, self.digest).sender.rpartition("@")[2]
        return make_message_id(self.digest.name, self.slot, lang, reader_key, domain)
