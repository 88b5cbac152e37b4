"""Compose a digest for its readers and hand it to a channel that reaches nobody. Nothing is remembered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsfeed.core.delivery.senders import find_mail_settings
from newsfeed.core.digests import slots
from newsfeed.core.digests.selection import group_preview_readers
from newsfeed.core.people.subscription import language_chain
from newsfeed.delivery.rendering import IssueRenderer
from newsfeed.mail.digest import encode_digest_message
from newsfeed.mail.headers import PersonalValues, compose_personal_headers
from newsfeed.model import Message, Reader
from newsfeed.problems import Problem, select_errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from newsfeed.core.digests.slots import Slot
    from newsfeed.delivery.rendering import DigestSource
    from newsfeed.mail.digest import DigestMail
    from newsfeed.ports import Audience, Channel, Ledger, People
    from newsfeed.settings import Digest, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewReport:
    """The result of a preview: how many messages, in which languages, where they went."""

    digest: str
    slot: Slot
    stories: int = 0
    """Different stories in the issue, over all readers."""
    messages: Mapping[str, int] = field(default_factory=dict)
    """Language → messages handed over, or composed in a dry run."""
    skipped: int = 0
    """Readers for whom there was nothing."""
    places: tuple[str, ...] = ()
    """The places the messages went to."""
    largest_html: int = 0
    """Bytes of the largest HTML part, encoded."""
    left_out: int = 0
    """The most stories that were cut from a mail for its size or by ``max_items``."""
    dry_run: bool
    problems: tuple[Problem, ...] = ()
    audience_file: str = ""
    """The file that the readers stand in; empty: they are the store's."""


class EmptyLedger:
    """A ledger in which nobody has had anything yet."""

    def stories_received(self, digest: str) -> Mapping[str, frozenset[str]]:
        """Return no stories for any reader."""
        return {}


@dataclass(frozen=True, slots=True)
class StoreAudience:
    """The people of the store who read a digest, as an audience."""

    people: People
    digest: Digest
    editions: Mapping[str, Sequence[str]]
    """Edition → the languages tried for it, in order."""

    def readers(self) -> tuple[Sequence[Reader], Sequence[Problem]]:
        """Return all who are written to, in the order of their numbers."""
        name = self.digest.name
        active = [person for person in self.people.all(name) if person.state == "active"]
        chains = [language_chain(person.languages, self.editions) for person in active]
        return [
            Reader(person.address, person.name, tuple(chain), person.key, person.subscriptions[name].topics)
            for person, chain in zip(active, chains, strict=True)
            if chain
        ], []


@dataclass(frozen=True, slots=True)
class PreviewContext:
    """The site, and the ports a preview acts through."""

    source: DigestSource
    audience: Audience
    ledger: Ledger
    channel: Channel


def preview_digest(context: PreviewContext, digest: Digest, now: datetime, *, dry_run: bool) -> PreviewReport:
    """Compose the issue of the newest slot and hand its messages to the channel.

    With an error in the audience nothing leaves: a half-sent issue is harder to mend than a late one.
    """
    slot = slots.find_last_slot(digest.schedule, digest.timezone, now)
    readers, problems = context.audience.readers()
    if select_errors(problems):
        return PreviewReport(digest=digest.name, slot=slot, dry_run=dry_run, problems=tuple(problems))
    renderer = IssueRenderer(context.source, digest, slot)
    groups = group_preview_readers(
        readers, list(renderer.stories), digest, slot, context.ledger.stories_received(digest.name)
    )
    wanted = [group for group in groups if group.stories or digest.when_empty == "note"]
    mails = [renderer.render(group.chain, group.stories) for group in wanted]
    messages: Counter[str] = Counter()
    places = []
    for group, mail in zip(wanted, mails, strict=True):
        messages[mail.view.lang] += len(group.readers)
        for reader in group.readers:
            message = _compose(renderer, context.source.settings, mail, reader)
            if not dry_run:
                places.append(context.channel.send(message))
    return PreviewReport(
        digest=digest.name,
        slot=slot,
        stories=len({story for group in wanted for story in group.stories}),
        messages=dict(messages),
        skipped=sum(len(group.readers) for group in groups) - messages.total(),
        places=tuple(places),
        largest_html=max((mail.parts.html_size for mail in mails), default=0),
        left_out=max((mail.view.more for mail in mails), default=0),
        dry_run=dry_run,
        problems=tuple(problems),
    )


def _compose(renderer: IssueRenderer, settings: Settings, mail: DigestMail, reader: Reader) -> Message:
    message_id = renderer.message_id(mail.view.lang, reader.key)
    personal = PersonalValues(name=reader.name, address=reader.address, message_id=message_id)
    headers = (
        *compose_personal_headers(settings, renderer.digest, personal),
        *renderer.headers(mail),
    )
    sender = find_mail_settings(settings.mail, renderer.digest).sender
    return Message(sender, reader.address, message_id, encode_digest_message(mail, headers))
