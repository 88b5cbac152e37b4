"""Keep withdrawn stories out of mails that wait: those that hold one are made anew without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.digests.planning import name_group, slot_of
from newsfeed.core.people.subscription import language_chain
from newsfeed.delivery.freeze import render_group
from newsfeed.delivery.rendering import IssueRenderer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from newsfeed.delivery.freeze import PlanningContext
    from newsfeed.ports import Issues, People
    from newsfeed.records import Rendering, WaitingRendering
    from newsfeed.settings import Digest


@dataclass(frozen=True, slots=True)
class WithdrawalContext:
    """The mails that wait, and the site that they are made of."""

    issues: Issues
    people: People
    digests: Mapping[str, Digest]
    read_site: Callable[[], PlanningContext]
    """Called only when a mail holds a story that was withdrawn."""


def drop_withdrawn(context: WithdrawalContext, withdrawn: Collection[str], now: datetime) -> int:
    """Make the mails that wait and hold one of these stories anew, or call them off when nothing is left of
    them; return how many there were.

    Raises `ProblemsFound` when the site has errors: nothing is changed then, and they go on waiting.
    """
    if not withdrawn:
        return 0
    held = [one for one in context.issues.waiting_renderings() if not set(withdrawn).isdisjoint(one.stories)]
    if not held:
        return 0
    site = context.read_site()
    return sum(_remake(context, site, one, now) for one in held)


def _remake(
    context: WithdrawalContext, site: PlanningContext, waiting: WaitingRendering, now: datetime
) -> int:
    issue = waiting.issue
    digest = context.digests.get(context.people.digest_moves().get(issue.digest, issue.digest))
    if digest is None:  # the configuration has it no more: its mails wait, and expire
        return 0
    new = _render(context, site, waiting, digest)
    if new is not None and new.group == waiting.group:  # it was put back this very moment
        return 0
    return context.issues.replace_waiting(issue.id, waiting.group, new, now)


def _render(
    context: WithdrawalContext, site: PlanningContext, waiting: WaitingRendering, digest: Digest
) -> Rendering | None:
    """Return the mail with the stories that are left; ``None`` when it would be empty."""
    renderer = IssueRenderer(site.source, digest, slot_of(waiting.issue.slot, digest))
    public = {story.id for story in renderer.stories}
    left = tuple(key for key in waiting.stories if key in public)
    if not left and digest.when_empty != "note":
        return None
    records = site.source.settings.issues
    record = next(
        (one for one in records if (one.digest, one.slot) == (digest.name, waiting.issue.slot)), None
    )
    if record is not None:
        renderer.published = dict.fromkeys(record.editions, record.key)
    chain = _chain(context, site, waiting)
    return render_group(renderer, name_group(chain, left), chain, left)


def _chain(context: WithdrawalContext, site: PlanningContext, waiting: WaitingRendering) -> tuple[str, ...]:
    """Return the languages that the readers of a mail read, best first: they share them, unless one of them
    has chosen others since.
    """
    editions = {language.code: language.chain for language in site.source.settings.editions}
    for number in waiting.readers:
        person = context.people.get(number)
        chain = language_chain(person.languages, editions) if person is not None else ()
        if chain and chain[0] == waiting.lang:
            return chain
    return language_chain([waiting.lang], editions)
