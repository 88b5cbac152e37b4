"""Hold a change of stories against what was published before: an id that readers know a story by stays.

A changed id makes every feed reader and digest show old news as new; one that tells another story hides it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.core.content.facts import NO_WORDS
from newsfeed.core.content.parse import parse_file
from newsfeed.core.content.staleness import read_source
from newsfeed.core.content.withdrawal import is_withdrawn
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from newsfeed.core.content.parse import ParsedFile
    from newsfeed.model import Item, RawFile
    from newsfeed.settings import Settings

_TELLING = re.compile(rb"^[ \t]*(?:id|date|guid|draft)[ \t]*[:=].*$", re.MULTILINE)
_HEAD_BYTES = 10_000


class GuardedText(NamedTuple):
    """A file of a story, as far as ids are concerned."""

    path: str
    stem: str
    lang: str
    id: str
    where: Location
    """Of the id, or where it would stand."""
    date: datetime | None
    """Only the original's file has one."""
    is_draft: bool
    is_withdrawn: bool
    title: str
    paragraphs: frozenset[str]
    guid: str
    guid_line: int

    @property
    def is_original(self) -> bool:
        """Tell whether the file holds the facts."""
        return self.date is not None

    def was_public(self, now: datetime) -> bool:
        """Tell whether readers know the id."""
        return self.date is not None and self.date <= now and not self.is_draft

    def tells_the_same(self, other: GuardedText) -> bool:
        """Tell whether two files are versions of one text: something of it is as it was."""
        if self.date is not None and other.date is not None and self.date.date() == other.date.date():
            return True
        return self.title == other.title or not self.paragraphs.isdisjoint(other.paragraphs)


def may_touch_ids(before: bytes, after: bytes) -> bool:
    """Tell whether two versions of a file may differ in what a guard looks at: most edits do not."""
    return _TELLING.findall(before[:_HEAD_BYTES]) != _TELLING.findall(after[:_HEAD_BYTES])


def read_guarded(raw: RawFile, settings: Settings) -> GuardedText | None:
    """Read a file of a story; ``None`` when it says too little: what is wrong with it is told elsewhere."""
    parsed, _ = parse_file(raw, settings, NO_WORDS)
    if parsed is None or parsed.item is None:
        return None
    if any(key in parsed.unread_facts for key in ("id", "date")):
        return None
    return _guarded(parsed, parsed.item)


def _guarded(parsed: ParsedFile, item: Item) -> GuardedText:
    given, date = parsed.facts.get("id"), parsed.facts.get("date")
    noted = read_source(item.paragraphs)
    return GuardedText(
        path=parsed.path,
        stem=parsed.stem,
        lang=parsed.lang,
        id=parsed.id,
        where=given.where if given is not None else Location(parsed.path),
        date=date.value if date is not None else None,
        is_draft="draft" in parsed.facts and bool(parsed.facts["draft"].value),
        is_withdrawn=is_withdrawn(parsed),
        title=item.title,
        paragraphs=frozenset(noted.paragraphs if noted is not None else ()),
        guid=item.guid,
        guid_line=item.guid_line,
    )


def find_id_changes(
    before: Mapping[str, GuardedText],
    after: Mapping[str, GuardedText],
    unread: Collection[str],
    removed: Collection[str],
    now: datetime,
) -> Iterator[Problem]:
    """Report published ids that a change alters, drops, or gives to another story.

    before, after: path → text, of the files that changed, as they were and are; ``unread``: those that are
    there and say too little; ``removed``: ids of stories that are meant to be gone.
    """
    originals = [one for one in after.values() if one.is_original]
    holders = {one.id: one for one in originals}
    for _, old in sorted(before.items()):
        if not old.was_public(now) or old.id in removed or old.path in unread:
            continue
        new = holders.get(old.id)
        if new is None:
            yield _lost(old, after, [one for one in originals if one.path not in before])
        elif not old.tells_the_same(new):
            yield problem("id-reused", new.where, value=old.id, other=old.title)
    yield from _lost_guids(before, after, now)


def _lost(old: GuardedText, after: Mapping[str, GuardedText], new: Iterable[GuardedText]) -> Problem:
    """Return what is to be said of an id that no story has any more."""
    for heir in (*([after[old.path]] if old.path in after else []), *new):
        if heir.is_original and old.tells_the_same(heir):
            return problem("id-altered", heir.where, value=old.id, other=heir.id)
    return problem("id-dropped", Location(old.path), value=old.id)


def _lost_guids(
    before: Mapping[str, GuardedText], after: Mapping[str, GuardedText], now: datetime
) -> Iterator[Problem]:
    for path, old in sorted(before.items()):
        new = after.get(path)
        is_known = not old.is_original or old.was_public(now)
        if new is not None and is_known and old.guid and new.guid != old.guid and old.tells_the_same(new):
            yield problem("guid-altered", Location(path, new.guid_line), value=old.guid)


def find_late_translations(
    before: Mapping[str, GuardedText],
    after: Mapping[str, GuardedText],
    withdrawn: Mapping[str, str],
) -> Iterator[Problem]:
    """Report translations that are new, of stories that were withdrawn.

    withdrawn: stem → file of the original that says so.
    """
    for path, new in sorted(after.items()):
        is_new = path not in before and not any(
            old.lang == new.lang and old.tells_the_same(new) for old in before.values()
        )
        if is_new and not new.is_original and new.stem in withdrawn:
            yield problem("translation-withdrawn", Location(path), other=withdrawn[new.stem])
