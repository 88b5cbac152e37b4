"""Render the next issue of a digest, to look at before it is sent: nothing is remembered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from newsfeed.core.delivery.senders import find_mail_settings
from newsfeed.core.digests import planning, slots
from newsfeed.core.digests.issue_records import name_issue
from newsfeed.core.people.subscription import language_chain
from newsfeed.delivery.rendering import IssueRenderer
from newsfeed.mail.digest import encode_digest_message, encode_shared_part
from newsfeed.mail.headers import PersonalValues, compose_personal_headers, mark_as_test
from newsfeed.mail.personalise import MARKER
from newsfeed.model import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from email.message import EmailMessage

    from newsfeed.core.digests.slots import Slot
    from newsfeed.delivery.rendering import DigestSource
    from newsfeed.mail.digest import DigestMail
    from newsfeed.ports import Issues, People
    from newsfeed.settings import Digest, Settings


@dataclass(frozen=True, slots=True)
class Memory:
    """The store's people and issues, where there is a store."""

    people: People
    issues: Issues


@dataclass(frozen=True, slots=True)
class NextMail:
    """The next issue in one language, for somebody who had every issue before."""

    mail: DigestMail
    html: str
    text: str
    readers: int | None
    """How many read the digest in this language; ``None``: there is no store to ask."""

    @property
    def lang(self) -> str:
        """The edition's language."""
        return self.mail.view.lang

    @property
    def titles(self) -> tuple[str, ...]:
        """The stories in the order of the mail."""
        return tuple(entry.title for entry in self.mail.view.entries)


@dataclass(frozen=True, slots=True)
class NextIssue:
    """The next issue of a digest, in all languages in which it says something."""

    digest: Digest
    slot: Slot
    mails: Sequence[NextMail]
    renderer: IssueRenderer


def render_next_issue(
    source: DigestSource, digest: Digest, now: datetime, memory: Memory | None
) -> NextIssue:
    """Render the issue of the first slot after ``now``: all that is public by then and that no issue had."""
    slot = slots.find_next_slot(digest.schedule, digest.timezone, now)
    renderer = IssueRenderer(source, digest, slot)
    sent = memory.issues.of_digest(digest.name) if memory else []
    planned = {issue.slot for issue in sent}
    had = {story for issue in sent for story in issue.revisions}
    stories = planning.select_candidates(renderer.stories, digest, slot, planned)
    new = [story.id for story in stories if story.id not in had]
    languages = source.settings.editions
    if digest.public:
        renderer.published = dict.fromkeys((one.code for one in languages), name_issue(slot, planned))
    readers = _count_readers(memory.people, digest, source.settings) if memory else None
    mails = []
    for language in languages:
        mail = renderer.render(language.chain, new, MARKER)
        if mail.view.groups or digest.when_empty == "note":
            count = readers[language.code] if readers is not None else None
            mails.append(NextMail(mail, *_parts(mail), count))
    return NextIssue(digest, slot, mails, renderer)


def _parts(mail: DigestMail) -> tuple[str, str]:
    """Return the HTML part and the text part as a mail program reads them."""
    message = message_from_bytes(encode_shared_part(mail), policy=policy.default)
    text, html = (part.get_content().replace("\r\n", "\n") for part in _alternatives(message))
    return html, text


def _alternatives(message: EmailMessage) -> list[EmailMessage]:
    return list(message.iter_parts())  # type: ignore[arg-type]


def _count_readers(people: People, digest: Digest, settings: Settings) -> Mapping[str, int]:
    editions: Mapping[str, Sequence[str]] = {one.code: one.chain for one in settings.editions}
    chains = (
        language_chain(person.languages, editions)
        for person in people.all(digest.name)
        if person.state == "active"
    )
    return Counter(chain[0] for chain in chains if chain)


def compose_test_mail(
    issue: NextIssue,
    settings: Settings,
    address: str,
    memory: Memory | None,
    *,
    one_click: str = "",
    nonce: str = "",
    moment: datetime | None = None,
) -> Message | None:
    """Return one mail of the issue that says it is a test, in the language of the address; ``None`` when
    there is nothing to show. Its links to leave have no token, and do nothing.

    ``one_click``: the address of a page that does nothing either, for the headers; ``nonce``: makes its
    Message-ID another than that of the test before; ``moment``: its date, else that of the issue.
    """
    person = memory.people.find(address) if memory else None
    wanted = [*(person.languages if person else ()), settings.site.default_language]
    by_lang = {mail.lang: mail for mail in issue.mails}
    mail = next((by_lang[lang] for lang in wanted if lang in by_lang), next(iter(issue.mails), None))
    if mail is None:
        return None
    message_id = issue.renderer.message_id(mail.lang, f"test\0{address}{nonce}")
    personal = PersonalValues(
        name=person.name if person else "", address=address, message_id=message_id, one_click=one_click
    )
    headers = (
        *compose_personal_headers(settings, issue.digest, personal),
        *mark_as_test(issue.renderer.headers(mail.mail), mail.mail.view.subject, moment),
    )
    sender = find_mail_settings(settings.mail, issue.digest).sender
    return Message(sender, address, message_id, encode_digest_message(mail.mail, headers))
