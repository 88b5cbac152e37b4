"""Read the editors' notes to issues, ``digests/<name>/<date>.<lang>.md``, with all problems they have."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from newsfeed.config.site_layout import NOTES
from newsfeed.core.content import frontmatter
from newsfeed.core.content.fields import FieldReader
from newsfeed.core.content.links import SAFE_SCHEMES, LinkMap
from newsfeed.core.content.source_text import decode_source
from newsfeed.core.digests import slots
from newsfeed.core.digests.notes import IssueNote
from newsfeed.marking import FileSize
from newsfeed.problems import Location, problem
from newsfeed.render import markdown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsfeed.core.content.frontmatter import FrontMatter
    from newsfeed.core.content.source_text import SourceText
    from newsfeed.model import Library, Link
    from newsfeed.ports import Source
    from newsfeed.problems import Problem
    from newsfeed.settings import Digest, Settings

KEYS = ("subject", "lead", "order")
_PATH = re.compile(rf"{NOTES}/([^/]+)/(\d{{4}}-\d\d-\d\d)\.([A-Za-z0-9-]+)\.md")
_SOON = 3
"""Dates of issues that are named where there is none on the date of a note."""


class _NotePath(NamedTuple):
    digest: Digest
    day: date
    lang: str


def load_issue_notes(
    source: Source, settings: Settings, library: Library, today: date
) -> tuple[Mapping[tuple[str, date], Mapping[str, IssueNote]], list[Problem]]:
    """Return (digest, day of the slot) → language → note, in the site's order of languages. A date before
    ``today`` may have been that of an issue by another schedule.
    """
    paths = list(source.paths())
    if not paths:
        return {}, []
    reader = _NoteReader(source, settings, library, today)
    found = [note for path in paths for note in reader.read(path)]
    codes = settings.site.languages
    notes: dict[tuple[str, date], dict[str, IssueNote]] = {}
    for note in sorted(found, key=lambda one: codes.index(one.lang)):
        notes.setdefault((note.digest, note.day), {})[note.lang] = note
    return notes, reader.problems


class _NoteReader:
    """Reads one note after the other; its state is what is wrong with them."""

    def __init__(self, source: Source, settings: Settings, library: Library, today: date) -> None:
        self._source = source
        self._settings = settings
        self._library = library
        self._today = today
        self._links = LinkMap.of(library, settings.links.allow)
        self.problems: list[Problem] = []

    def read(self, path: str) -> Iterator[IssueNote]:
        """Yield the note of a file; nothing when it is none that can be used."""
        where = self._place(path)
        raw = self._source.text(path)
        if raw.size > self._settings.limits.file_size:
            limit = FileSize(self._settings.limits.file_size)
            self._report("file-too-large", Location(path), size=FileSize(raw.size), limit=limit)
        elif raw.data is None:
            self._report(raw.trouble or "unreadable", Location(path), reason=raw.reason)
        elif where is not None:
            text, problems = decode_source(path, raw.data)
            self.problems += problems
            head = self._head(text) if text is not None else None
            if text is not None and head is not None:
                yield self._note(where, text, head)

    def _place(self, path: str) -> _NotePath | None:
        """Return what the name of a file says, if it says what it should."""
        found = _PATH.fullmatch(path)
        day = _day(found[2]) if found else None
        codes = {code.lower(): code for code in self._settings.site.languages}
        if found is None or day is None or found[3].lower() not in codes:
            languages = ", ".join(self._settings.site.languages)
            self._report("note-name", Location(path), known=languages)
            return None
        digest = self._settings.digests.get(found[1])
        if digest is None:
            known = [*self._settings.digests]
            names = ", ".join(known) or "–"
            told = problem("note-digest", Location(path), known, value=found[1], known=names)
            self.problems.append(told)
            return None
        self._check_day(Location(path), digest, day)
        return _NotePath(digest, day, codes[found[3].lower()])

    def _check_day(self, where: Location, digest: Digest, day: date) -> None:
        """Report a day to come on which the digest has no issue."""
        if day < self._today or slots.has_slot(digest.schedule, day):
            return
        coming: list[str] = []
        after = day - timedelta(days=1)
        while len(coming) < _SOON:
            after = slots.find_next_day(digest.schedule, after)
            coming.append(after.isoformat())
        self._report("note-date", where, value=day.isoformat(), digest=digest.name, known=", ".join(coming))

    def _head(self, text: SourceText) -> FrontMatter | None:
        """Return head and body; a note may do without a head."""
        if text.text[:3] not in ("---", "+++"):
            return frontmatter.FrontMatter(body=text.text)
        head, problems = frontmatter.parse_front_matter(text)
        self.problems += problems
        return head

    def _note(self, where: _NotePath, text: SourceText, head: FrontMatter) -> IssueNote:
        fields = FieldReader(text, head.fields, where.digest.timezone)
        fields.refuse_unknown(KEYS)
        subject, lead = fields.text("subject", "subject: …"), fields.text("lead", "lead: solar-training")
        order = fields.texts("order", "order: [solar-training, village-wells]")
        self.problems += fields.problems
        places = [(one.text, fields.at(one.line, one.column)) for one in order]
        for key, place in [*([(lead, fields.where("lead"))] if lead else []), *places]:
            if key not in self._library.stories:
                known = list(self._library.stories)
                self.problems.append(problem("note-story", place, known, value=key))
        self._check_text(text.path, where.lang, head)
        return IssueNote(
            where.digest.name,
            where.day,
            where.lang,
            text.path,
            subject,
            lead,
            tuple(key for key, _ in places),
            markdown.cleaned(head.body) if head.body.strip() else "",
        )

    def _check_text(self, path: str, lang: str, head: FrontMatter) -> None:
        """Report what is wrong with a note's text."""
        above = head.body_line - 1
        outline = markdown.outline(head.body)
        for remark in outline.remarks:
            place = Location(path, above + remark.line, remark.column)
            self.problems.append(problem(remark.code, place, **dict(remark.params)))
        for link in outline.links:
            self._check_link(path, lang, link, Location(path, above + link.line, link.column))

    def _check_link(self, path: str, lang: str, link: Link, where: Location) -> None:
        found = self._links.find(path, lang, link.target)
        if link.is_image:
            self._report("note-image", where)
        elif found.bad_scheme:
            known = ", ".join(sorted({*SAFE_SCHEMES, *self._settings.links.allow}))
            self._report("link-scheme", where, value=found.bad_scheme, known=known)
        elif found.candidates:
            self._report("link-ambiguous", where, value=link.target, known=", ".join(found.candidates))
        elif not (found.outside or found.text) or link.target.startswith(("//", "?", "#")):
            self._report("link-broken", where, value=unquote(link.target))

    def _report(self, code: str, where: Location, /, **params: object) -> None:
        self.problems.append(problem(code, where, **params))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
