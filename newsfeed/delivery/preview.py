"""Compose a digest for the readers of a CSV file and hand it to a channel. Nothing is remembered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.digests import slots
from newsfeed.core.digests.selection import AudienceGroup, group_audience, make_message_id
from newsfeed.core.digests.views import build_digest_view
from newsfeed.core.site.index import SiteIndex
from newsfeed.core.site.pages.context import ViewContext
from newsfeed.mail import digest as mail
from newsfeed.mail.footer import compose_footer
from newsfeed.mail.headers import PersonalValues, compose_group_headers, compose_personal_headers
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
class PreviewReport:
    """The result of a preview: how many messages, in which languages, where they went."""

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
    """A ledger in which nobody has had anything yet."""

    def had(self, digest: str) -> Mapping[str, frozenset[str]]:
        """Return no stories for any reader."""
        return {}


@dataclass(frozen=True, slots=True)
class PreviewContext:
    """The site, and the ports a preview acts through."""

    settings: Settings
    library: Library
    texts: Mapping[str, CatalogueTexts]
    templates: Templates
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
        return _outcome(digest, slot, [], 0, [], dry_run, tuple(problems))
    index = SiteIndex(context.library, context.settings, slot.instant)
    stories = list(index.library.stories.values())
    grouped = group_audience(readers, stories, digest, slot, context.ledger.had(digest.name))
    wanted = [batch for batch in grouped if batch.stories or digest.when_empty == "note"]
    skipped = sum(len(batch.readers) for batch in grouped) - sum(len(batch.readers) for batch in wanted)
    digest_mails = [
        (batch, digest_mail) for batch, digest_mail in _render_mails(context, index, digest, slot, wanted)
    ]
    places = []
    for batch, digest_mail in digest_mails:
        for reader in batch.readers:
            made = _message(context.settings, digest, slot, digest_mail, reader)
            if not dry_run:
                places.append(context.channel.send(made))
    return _outcome(digest, slot, digest_mails, skipped, places, dry_run, tuple(problems))


def _render_mails(
    context: PreviewContext, index: SiteIndex, digest: Digest, slot: Slot, wanted: Sequence[AudienceGroup]
) -> Iterator[tuple[AudienceGroup, mail.DigestMail]]:
    view_context = ViewContext.of(index, context.texts)
    for batch in wanted:
        view = build_digest_view(view_context, digest, slot, batch)
        yield (
            batch,
            mail.render_digest_mail(
                context.templates,
                view,
                compose_footer(context.settings, view_context.words[view.lang], view.title),
            ),
        )


def _message(
    settings: Settings, digest: Digest, slot: Slot, digest_mail: mail.DigestMail, reader: Reader
) -> Message:
    sender = settings.mail.sender
    domain = sender.rpartition("@")[2]
    identifier = make_message_id(digest.name, slot, digest_mail.view.lang, reader.key, domain)
    personal = PersonalValues(name=reader.name, address=reader.address, message_id=identifier)
    headers = (
        *compose_personal_headers(settings, digest, personal),
        *compose_group_headers(settings, digest, slot, digest_mail.view),
    )
    return Message(sender, reader.address, identifier, mail.compose_digest_message(digest_mail, headers))


def _outcome(
    digest: Digest,
    slot: Slot,
    digest_mails: Sequence[tuple[AudienceGroup, mail.DigestMail]],
    skipped: int,
    places: Sequence[str],
    dry_run: bool,
    problems: tuple[Problem, ...],
) -> PreviewReport:
    messages: Counter[str] = Counter()
    for batch, digest_mail in digest_mails:
        messages[digest_mail.view.lang] += len(batch.readers)
    return PreviewReport(
        digest=digest.name,
        slot=slot,
        stories=len({story for batch, _ in digest_mails for story in batch.stories}),
        messages=dict(messages),
        skipped=skipped,
        places=tuple(places),
        largest_html=max((digest_mail.html_size for _, digest_mail in digest_mails), default=0),
        left_out=max((digest_mail.view.more for _, digest_mail in digest_mails), default=0),
        dry_run=dry_run,
        problems=problems,
    )
