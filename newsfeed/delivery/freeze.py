"""Plan an issue: who gets what, rendered and frozen in the ledger before the first message leaves."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from newsfeed.core.digests import planning
from newsfeed.core.digests.selection import Batch, message_id
from newsfeed.core.digests.views import digest_view
from newsfeed.core.site.index import SiteIndex
from newsfeed.core.site.pages.kit import ViewContext
from newsfeed.mail import digest as mail
from newsfeed.mail.footer import reasons
from newsfeed.mail.headers import group_headers
from newsfeed.mail.personalise import MARKED
from newsfeed.records import Delivery, Issue, Rendering

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsfeed.core.digests.planning import Group
    from newsfeed.core.digests.slots import Slot
    from newsfeed.i18n.texts import CatalogueTexts
    from newsfeed.model import Library
    from newsfeed.ports import Issues, People
    from newsfeed.render.templates import Templates
    from newsfeed.settings import Digest, Settings
    from newsfeed.views import DigestView

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """What planning needs: the site as it is now, and the ledger."""

    settings: Settings
    library: Library
    texts: Mapping[str, CatalogueTexts]
    templates: Templates
    people: People
    issues: Issues
    commit: str = ""
    """The git commit of the content, when it is known."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """An issue just planned."""

    issue: Issue
    audience: int
    stories: int


def freeze(desk: Desk, digest: Digest, now: datetime) -> Frozen | None:
    """Plan the newest slot of a digest when it has no issue yet; ``None`` when nothing is to do.

    An issue for nobody is planned too: its slot is then settled, and a clock set back or a second
    scheduler cannot plan it again with other content.
    """
    planned = desk.issues.slots(digest.name, _some_time_before(digest, now))
    slot = planning.slot_due(digest, planned, now)
    if slot is None:
        return None
    index = SiteIndex(desk.library, desk.settings, slot.instant)
    editions = {language.code: language.chain for language in desk.settings.editions}
    stories = planning.candidates(index.library.stories.values(), digest, slot, planned)
    found = planning.groups(
        desk.people.all(digest.name),
        stories,
        digest,
        slot,
        desk.issues.had(digest.name, planning.memory_of(_all_issues(desk, digest), stories, slot)),
        editions,
        planned,
    )
    kit = ViewContext.of(index, desk.texts)
    renderings = [_rendering(desk, kit, digest, slot, group) for group in found]
    return _keep(desk, digest, slot, found, renderings, now)


def _keep(
    desk: Desk,
    digest: Digest,
    slot: Slot,
    found: Sequence[Group],
    renderings: Sequence[Rendering],
    now: datetime,
) -> Frozen | None:
    shown = {story for rendering in renderings for story in rendering.stories}
    issue = Issue(
        digest=digest.name,
        slot=slot.key,
        instant=slot.instant,
        created=now,
        commit=desk.commit,
        content_hash=_hash_of(renderings),
        revisions={key: _revision(desk.library, key) for key in sorted(shown)},
    )
    kept = desk.issues.plan(issue, renderings, _deliveries(desk, digest, slot, found, renderings, now))
    if kept is None:  # somebody else planned this slot in the meantime
        return None
    return Frozen(kept, sum(len(group.subscribers) for group in found), len(shown))


def _rendering(desk: Desk, kit: ViewContext, digest: Digest, slot: Slot, group: Group) -> Rendering:
    view = digest_view(kit, digest, slot, Batch(group.chain, group.stories, ()))
    base = desk.settings.mail.unsubscribe_url
    unsubscribe = f"{base}{MARKED}" if base else ""
    why = reasons(desk.settings, kit.words[view.lang], view.title, unsubscribe)
    made = mail.mailing(desk.templates, view, why, unsubscribe)
    return Rendering(
        group=group.name,
        lang=view.lang,
        # What was cut for size was not had: it is owed in the next issue.
        stories=_shown(made.view, group.stories),
        headers=group_headers(desk.settings, digest, slot, made.view),
        body=mail.common_part(made),
    )


def _shown(view: DigestView, stories: Sequence[str]) -> tuple[str, ...]:
    """The stories a mail really shows, newest first."""
    shown = {entry.story for group in view.groups for entry in group.entries}
    return tuple(key for key in stories if key in shown)


def _deliveries(
    desk: Desk,
    digest: Digest,
    slot: Slot,
    found: Sequence[Group],
    renderings: Sequence[Rendering],
    now: datetime,
) -> Iterator[Delivery]:
    domain = desk.settings.mail.sender.rpartition("@")[2]
    for group, rendering in zip(found, renderings, strict=True):
        for number, key in group.subscribers:
            yield Delivery(
                issue_id=0,
                subscriber_id=number,
                group=group.name,
                message_id=message_id(digest.name, slot, rendering.lang, key, domain),
                next_try=now,
                planned_at=now,
            )


def _revision(library: Library, story_id: str) -> str:
    """One name for all texts of a story, so that a receipt can say what went out."""
    items = library.stories[story_id].items
    joined = "\0".join(f"{lang}:{items[lang].text_fingerprint}" for lang in sorted(items))
    return hashlib.blake2b(joined.encode(), digest_size=12).hexdigest()


def _hash_of(renderings: Sequence[Rendering]) -> str:
    made = hashlib.sha256()
    for rendering in sorted(renderings, key=lambda one: one.group):
        made.update(repr((rendering.group, rendering.headers)).encode())
        made.update(rendering.body)
    return made.hexdigest()


def _all_issues(desk: Desk, digest: Digest) -> Iterator[Issue]:
    for number in desk.issues.slots(digest.name, _EVER).values():
        issue = desk.issues.find(str(number))
        if issue is not None:
            yield issue


def _some_time_before(digest: Digest, now: datetime) -> datetime:
    return now - timedelta(days=digest.horizon + 100)
