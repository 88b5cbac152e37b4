"""Plan an issue: decide who gets what, render it, and freeze it in the ledger before anything leaves."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from newsfeed.core.digests import planning
from newsfeed.core.digests.issue_records import name_issue
from newsfeed.core.digests.renames import hash_story_texts
from newsfeed.delivery.rendering import IssueRenderer
from newsfeed.mail.digest import encode_shared_part
from newsfeed.mail.personalise import MARKER
from newsfeed.records import Delivery, Issue, Rendering

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import datetime

    from newsfeed.core.digests.planning import ReaderGroup
    from newsfeed.delivery.rendering import DigestSource
    from newsfeed.ports import Issues, People
    from newsfeed.queue_ports import TaskQueue
    from newsfeed.records import PublishedIssue
    from newsfeed.settings import Digest
    from newsfeed.views import DigestView


@dataclass(frozen=True, slots=True)
class PlanningContext:
    """The site as it is now, and the ledger: all that planning an issue reads and writes."""

    source: DigestSource
    people: People
    issues: Issues
    commit: str = ""
    """The git commit of the content, when it is known."""
    write_record: Callable[[PublishedIssue], object] | None = None
    """Writes the public record of an issue; ``None``: nobody publishes any."""
    queue: TaskQueue | None = None
    """Carries tasks to workers, who send in batches; ``None``: who plans sends, too."""
    receivers_of: Callable[[str], str] | None = None
    """Names the group of receivers of an address; ``None``: its domain is one."""


@dataclass(frozen=True, slots=True)
class FrozenIssue:
    """An issue that was just planned, and how many readers and stories it has."""

    issue: Issue
    audience: int
    stories: int


def freeze_issue(context: PlanningContext, digest: Digest, now: datetime) -> FrozenIssue | None:
    """Plan the newest slot of a digest when it has no issue yet; return ``None`` when nothing is to do.

    An issue for nobody is planned too: its slot then has one, and a clock set back or a second
    scheduler cannot plan it again with other content.
    """
    planned = context.issues.slots(digest.name, _some_time_before(digest, now))
    slot = planning.find_due_slot(digest, planned, now)
    if slot is None:
        return None
    renderer = IssueRenderer(context.source, digest, slot)
    stories = planning.select_candidates(renderer.stories, digest, slot, planned)
    ledger_start = planning.find_ledger_start(context.issues.of_digest(digest.name), stories, slot)
    groups = planning.group_readers(
        context.people.all(digest.name),
        stories,
        digest,
        slot,
        context.issues.stories_received(digest.name, ledger_start),
        {language.code: language.chain for language in context.source.settings.editions},
        planned,
    )
    _publish(context, renderer, groups, [story.id for story in stories], planned)
    renderings = [render_group(renderer, group.name, group.chain, group.stories) for group in groups]
    issue = _make_issue(context, renderer, renderings, now)
    deliveries = _plan_deliveries(renderer, groups, renderings, now)
    stored = context.issues.plan(issue, renderings, deliveries, context.queue, context.receivers_of)
    if stored is None:  # somebody else planned this slot in the meantime
        return None
    return FrozenIssue(stored, sum(len(group.subscribers) for group in groups), len(issue.revisions))


def _publish(
    context: PlanningContext,
    renderer: IssueRenderer,
    groups: Sequence[ReaderGroup],
    stories: Sequence[str],
    planned: Collection[str],
) -> None:
    """Write the public record of an issue that anybody gets: what is new in it for those who had every issue.

    Before it is frozen, so that none is missing whenever we die: what is planned anew is written anew.
    """
    digest = renderer.digest
    if not groups or not digest.public or context.write_record is None:
        return
    had = {story for issue in context.issues.of_digest(digest.name) for story in issue.revisions}
    record = renderer.record(name_issue(renderer.slot, planned), [key for key in stories if key not in had])
    if record is not None:
        context.write_record(record)
        renderer.published = dict.fromkeys(record.editions, record.key)


def render_group(
    renderer: IssueRenderer, name: str, chain: Sequence[str], stories: Sequence[str]
) -> Rendering:
    """Render the mail of a group of readers. ``stories``: ids, newest first."""
    mail = renderer.render(chain, stories, MARKER)
    return Rendering(
        group=name,
        lang=mail.view.lang,
        # What was cut for size was not had: it is owed in the next issue.
        stories=_stories_in(mail.view, stories),
        headers=renderer.headers(mail),
        body=encode_shared_part(mail),
    )


def _stories_in(view: DigestView, stories: Sequence[str]) -> tuple[str, ...]:
    """Return the stories a mail really shows, newest first."""
    shown = {entry.story for group in view.groups for entry in group.entries}
    return tuple(key for key in stories if key in shown)


def _make_issue(
    context: PlanningContext, renderer: IssueRenderer, renderings: Sequence[Rendering], now: datetime
) -> Issue:
    stories = {story for rendering in renderings for story in rendering.stories}
    return Issue(
        digest=renderer.digest.name,
        slot=renderer.slot.key,
        instant=renderer.slot.instant,
        created=now,
        commit=context.commit,
        content_hash=_hash_renderings(renderings),
        revisions={key: hash_story_texts(context.source.library.stories[key]) for key in sorted(stories)},
    )


def _plan_deliveries(
    renderer: IssueRenderer, groups: Sequence[ReaderGroup], renderings: Sequence[Rendering], now: datetime
) -> Iterator[Delivery]:
    for group, rendering in zip(groups, renderings, strict=True):
        for number, key in group.subscribers:
            yield Delivery(
                issue_id=0,
                subscriber_id=number,
                group=group.name,
                message_id=renderer.message_id(rendering.lang, key),
                next_try=now,
                planned_at=now,
            )


def _hash_renderings(renderings: Sequence[Rendering]) -> str:
    content_hash = hashlib.sha256()
    for rendering in sorted(renderings, key=lambda rendering: rendering.group):
        content_hash.update(repr((rendering.group, rendering.headers)).encode())
        content_hash.update(rendering.body)
    return content_hash.hexdigest()


def _some_time_before(digest: Digest, now: datetime) -> datetime:
    return now - timedelta(days=digest.horizon + 100)
