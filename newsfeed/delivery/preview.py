"""A digest composed for an audience and handed to a channel, without a memory: for looking at it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.digests import slots
from newsfeed.core.digests.selection import Batch, batches, message_id
from newsfeed.core.digests.views import digest_view
from newsfeed.core.site.index import SiteIndex
from newsfeed.core.site.pages.kit import ViewContext
from newsfeed.mail import digest as mail
from newsfeed.mail.footer import reasons
from newsfeed.mail.headers import Personal, group_headers, personal_headers
from newsfeed.model import Message, Reader
from newsfeed.problems import Problem, select_errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from newsfeed.core.digests.slots import Slot
    from newsfeed.i18n.texts import CatalogueTexts
    from newsfeed.model import Library
    from newsfeed.ports import Audience, Channel, Ledger
    from newsfeed.render.templates import Templates
    from newsfeed.settings import Digest, Settings


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one issue."""

    digest: str
    slot: Slot
    stories: int
    """Different stories in the issue, over all readers."""
    messages: Mapping[str, int]
    """Language → messages handed over, or composed in a dry run."""
    skipped: int
    """Readers for whom there was nothing."""
    places: tuple[str, ...]
    """Where the messages went."""
    largest_html: int
    """Bytes of the largest HTML part, encoded."""
    left_out: int
    """The most stories that were cut from a mail for its size or by ``max_items``."""
    dry_run: bool
    problems: tuple[Problem, ...] = ()


class EmptyLedger:
    """A ledger in which nobody has had anything: the first, smallest one."""

    def had(self, digest: str) -> Mapping[str, frozenset[str]]:
        """Nothing."""
        return {}


@dataclass(frozen=True, slots=True)
class Office:
    """What composing a digest needs: the site, and the ports it acts through."""

    settings: Settings
    library: Library
    texts: Mapping[str, CatalogueTexts]
    templates: Templates
    audience: Audience
    ledger: Ledger
    channel: Channel


def deliver(office: Office, digest: Digest, now: datetime, *, dry_run: bool) -> Outcome:
    """Compose the issue of the newest slot and hand its messages to the channel.

    With an error in the audience nothing leaves: a half-sent issue is harder to mend than a late one.
    """
    slot = slots.last_slot(digest.schedule, digest.timezone, now)
    readers, problems = office.audience.readers()
    if select_errors(problems):
        return _outcome(digest, slot, [], 0, [], dry_run, tuple(problems))
    index = SiteIndex(office.library, office.settings, slot.instant)
    stories = list(index.library.stories.values())
    grouped = batches(readers, stories, digest, slot, office.ledger.had(digest.name))
    wanted = [batch for batch in grouped if batch.stories or digest.when_empty == "note"]
    skipped = sum(len(batch.readers) for batch in grouped) - sum(len(batch.readers) for batch in wanted)
    mailings = [(batch, mailing) for batch, mailing in _mailings(office, index, digest, slot, wanted)]
    places = []
    for batch, mailing in mailings:
        for reader in batch.readers:
            made = _message(office.settings, digest, slot, mailing, reader)
            if not dry_run:
                places.append(office.channel.send(made))
    return _outcome(digest, slot, mailings, skipped, places, dry_run, tuple(problems))


def _mailings(
    office: Office, index: SiteIndex, digest: Digest, slot: Slot, wanted: Sequence[Batch]
) -> Iterator[tuple[Batch, mail.Mailing]]:
    kit = ViewContext.of(index, office.texts)
    for batch in wanted:
        view = digest_view(kit, digest, slot, batch)
        yield (
            batch,
            mail.mailing(office.templates, view, reasons(office.settings, kit.words[view.lang], view.title)),
        )


def _message(
    settings: Settings, digest: Digest, slot: Slot, mailing: mail.Mailing, reader: Reader
) -> Message:
    sender = settings.mail.sender
    domain = sender.rpartition("@")[2]
    identifier = message_id(digest.name, slot, mailing.view.lang, reader.key, domain)
    personal = Personal(name=reader.name, address=reader.address, message_id=identifier)
    headers = (
        *personal_headers(settings, digest, personal),
        *group_headers(settings, digest, slot, mailing.view),
    )
    return Message(sender, reader.address, identifier, mail.message(mailing, headers))


def _outcome(
    digest: Digest,
    slot: Slot,
    mailings: Sequence[tuple[Batch, mail.Mailing]],
    skipped: int,
    places: Sequence[str],
    dry_run: bool,
    problems: tuple[Problem, ...],
) -> Outcome:
    messages: Counter[str] = Counter()
    for batch, mailing in mailings:
        messages[mailing.view.lang] += len(batch.readers)
    return Outcome(
        digest=digest.name,
        slot=slot,
        stories=len({story for batch, _ in mailings for story in batch.stories}),
        messages=dict(messages),
        skipped=skipped,
        places=tuple(places),
        largest_html=max((mailing.html_size for _, mailing in mailings), default=0),
        left_out=max((mailing.view.more for _, mailing in mailings), default=0),
        dry_run=dry_run,
        problems=problems,
    )
