"""Plan an issue: decide who gets what, render it, and freeze it in the ledger before the first message
leaves.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from newsfeed.core.digests import planning
from newsfeed.core.digests.selection import AudienceGroup, make_message_id
from newsfeed.core.digests.views import build_digest_view
from newsfeed.core.site.index import SiteIndex
from newsfeed.core.site.pages.context import ViewContext
from newsfeed.mail import digest as mail
from newsfeed.mail.footer import compose_footer
from newsfeed.mail.headers import compose_group_headers
from newsfeed.mail.personalise import MARKER
from newsfeed.records import Delivery, Issue, Rendering

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsfeed.core.digests.planning import ReaderGroup
    from newsfeed.core.digests.slots import Slot
    from newsfeed.i18n.texts import CatalogueTexts
    from newsfeed.model import Library
    from newsfeed.ports import Issues, People
    from newsfeed.render.templates import Templates
    from newsfeed.settings import Digest, Settings
    from newsfeed.views import DigestView

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PlanningContext:
    """The site as it is now, and the ledger: all that planning an issue reads and writes."""

    settings: Settings
    library: Library
    texts: Mapping[str, CatalogueTexts]
    templates: Templates
    people: People
    issues: Issues
    commit: str = ""
    """The git commit of the content, when it is known."""


@dataclass(frozen=True, slots=True)
class FrozenIssue:
    """An issue that was just planned, and how many readers and stories it has."""

    issue: Issue
    audience: int
    stories: int


def freeze_issue(context: PlanningContext, digest: Digest, now: datetime) -> FrozenIssue | None:
    """Plan the newest slot of a digest when it has no issue yet; return ``None`` when nothing is to do.

    An issue for nobody is planned too: its slot is then settled, and a clock set back or a second
    scheduler cannot plan it again with other content.
    """
    planned = context.issues.slots(digest.name, _some_time_before(digest, now))
    slot = planning.find_due_slot(digest, planned, now)
    if slot is None:
        return None
    index = SiteIndex(context.library, context.settings, slot.instant)
    editions = {language.code: language.chain for language in context.settings.editions}
    stories = planning.select_candidates(index.library.stories.values(), digest, slot, planned)
    found = planning.group_readers(
        context.people.all(digest.name),
        stories,
        digest,
        slot,
        context.issues.had(
            digest.name, planning.find_ledger_start(_all_issues(context, digest), stories, slot)
        ),
        editions,
        planned,
    )
    view_context = ViewContext.of(index, context.texts)
    renderings = [_rendering(context, view_context, digest, slot, group) for group in found]
    return _keep(context, digest, slot, found, renderings, now)


def _keep(
    context: PlanningContext,
    digest: Digest,
    slot: Slot,
    found: Sequence[ReaderGroup],
    renderings: Sequence[Rendering],
    now: datetime,
) -> FrozenIssue | None:
    shown = {story for rendering in renderings for story in rendering.stories}
    issue = Issue(
        digest=digest.name,
        slot=slot.key,
        instant=slot.instant,
        created=now,
        commit=context.commit,
        content_hash=_hash_of(renderings),
        revisions={key: _revision(context.library, key) for key in sorted(shown)},
    )
    kept = context.issues.plan(issue, renderings, _deliveries(context, digest, slot, found, renderings, now))
    if kept is None:  # somebody else planned this slot in the meantime
        return None
    return FrozenIssue(kept, sum(len(group.subscribers) for group in found), len(shown))


def _rendering(
    context: PlanningContext, view_context: ViewContext, digest: Digest, slot: Slot, group: ReaderGroup
) -> Rendering:
    view = build_digest_view(view_context, digest, slot, AudienceGroup(group.chain, group.stories, ()))
    base = context.settings.mail.unsubscribe_url
    unsubscribe = f"{base}{MARKER}" if base else ""
    why = compose_footer(context.settings, view_context.words[view.lang], view.title, unsubscribe)
    made = mail.render_digest_mail(context.templates, view, why, unsubscribe)
    return Rendering(
        group=group.name,
        lang=view.lang,
        # What was cut for size was not had: it is owed in the next issue.
        stories=_shown(made.view, group.stories),
        headers=compose_group_headers(context.settings, digest, slot, made.view),
        body=mail.compose_shared_part(made),
    )


def _shown(view: DigestView, stories: Sequence[str]) -> tuple[str, ...]:
    """The stories a mail really shows, newest first."""
    shown = {entry.story for group in view.groups for entry in group.entries}
    return tuple(key for key in stories if key in shown)


def _deliveries(
    context: PlanningContext,
    digest: Digest,
    slot: Slot,
    found: Sequence[ReaderGroup],
    renderings: Sequence[Rendering],
    now: datetime,
) -> Iterator[Delivery]:
    domain = context.settings.mail.sender.rpartition("@")[2]
    for group, rendering in zip(found, renderings, strict=True):
        for number, key in group.subscribers:
            yield Delivery(
                issue_id=0,
                subscriber_id=number,
                group=group.name,
                message_id=make_message_id(digest.name, slot, rendering.lang, key, domain),
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


def _all_issues(context: PlanningContext, digest: Digest) -> Iterator[Issue]:
    for number in context.issues.slots(digest.name, _EVER).values():
        issue = context.issues.find(str(number))
        if issue is not None:
            yield issue


def _some_time_before(digest: Digest, now: datetime) -> datetime:
    return now - timedelta(days=digest.horizon + 100)
