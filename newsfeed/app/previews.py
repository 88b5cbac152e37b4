"""Wire the preview of a digest."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsfeed.app.context import report_of
from newsfeed.errors import OutsideError, ProblemsFound, UsageError, reason_of
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsfeed.app.site import Site
    from newsfeed.delivery.next_issue import Memory, NextIssue
    from newsfeed.delivery.preview import PreviewReport
    from newsfeed.delivery.rendering import DigestSource
    from newsfeed.model import Message
    from newsfeed.settings import Settings


@dataclass(frozen=True, slots=True)
class PreviewWords:
    """Words on the page of a preview that are not the mails', in the language of whoever looks at it."""

    lang: str
    text_label: str
    """Above the text part."""
    facts: Sequence[str]
    """A line for each mail."""


def send_digest(
    site: Site,
    name: str,
    now: datetime,
    output: Path | None,
    environment: Mapping[str, str],
    *,
    dry_run: bool,
) -> PreviewReport:
    """Compose the newest issue of a digest into a folder, to look at: a preview reaches nobody.

    Its readers are the store's; on a machine that has no store, those of a CSV file.

    Raises `UsageError` when there is no such digest, or nobody to send from.
    """
    from newsfeed.app.channels import open_lookups
    from newsfeed.channels import open_channel
    from newsfeed.channels.folder import FolderChannel
    from newsfeed.delivery.preview import EmptyLedger, PreviewContext, StoreAudience, preview_digest
    from newsfeed.stores.csv_audience import CsvAudience

    settings = site.settings
    check_digest(settings, name)
    digest = settings.digests[name]
    source = _source(site, now)
    channel = (
        open_channel("folder", site.root, settings.channels["folder"], {}, lambda: open_lookups(settings))
        if output is None
        else FolderChannel(output.absolute())
    )
    editions = {one.code: one.chain for one in settings.editions}
    with open_memory(site, environment) as memory:
        file = "" if memory else settings.audiences[digest.audience]
        audience = (
            StoreAudience(memory.people, digest, editions)
            if memory
            else CsvAudience(site.root, file, settings.languages)
        )
        context = PreviewContext(source, audience, EmptyLedger(), channel)
        outcome = preview_digest(context, digest, now, dry_run=dry_run)
    problems = tuple(report_of(site.root, list(outcome.problems)))
    return replace(outcome, problems=problems, audience_file=file)


def check_digest(settings: Settings, name: str) -> None:
    """Raise `UsageError` when there is no such digest, or nobody to send from."""
    if name not in settings.digests:
        known = ", ".join(settings.digests) or "–"
        raise UsageError(
            N_("there is no digest “{name}” in config.toml"),
            N_("digests are: {known}"),
            name=name,
            known=known,
        )
    if not settings.mail.sender:
        raise UsageError(
            N_("config.toml does not say who writes"),
            N_("add to config.toml: {line}"),
            line='[mail] from = "Newsroom <news@example.org>"',
        )


def _source(site: Site, now: datetime) -> DigestSource:
    """Return what digests are rendered from. Raises `ProblemsFound` when a note to an issue is wrong."""
    from newsfeed.app.digest_sources import open_digest_source
    from newsfeed.problems import select_errors

    source, found = open_digest_source(site, now)
    if errors := select_errors(found):
        raise ProblemsFound(report_of(site.root, errors))
    return source


@contextmanager
def open_memory(site: Site, environment: Mapping[str, str]) -> Iterator[Memory | None]:
    """Open the store, to ask who reads a digest and what was sent; ``None`` on a machine that has none."""
    from newsfeed.app.delivery import open_delivery_context
    from newsfeed.app.store_problems import has_store
    from newsfeed.delivery.next_issue import Memory

    if not has_store(site.root, site.settings, environment):
        yield None
        return
    with open_delivery_context(site.root, environment) as delivery:
        yield Memory(delivery.store.people, delivery.store.issues)


def next_issue(site: Site, name: str, now: datetime, memory: Memory | None) -> NextIssue:
    """Render the next issue of a digest. Raises `UsageError` when there is no such digest."""
    from newsfeed.delivery.next_issue import render_next_issue

    check_digest(site.settings, name)
    return render_next_issue(_source(site, now), site.settings.digests[name], now, memory)


def preview_files(issue: NextIssue, heading: str, words: PreviewWords) -> dict[str, str]:
    """Return the page that shows an issue, ``index.html``, and its mails beside it."""
    from newsfeed.render.preview_page import PreviewColumn, preview_page

    columns, files = [], {}
    autonyms = issue.renderer.autonyms
    for one, line in zip(issue.mails, words.facts, strict=True):
        view, name = one.mail.view, autonyms[one.lang]
        files[f"{one.lang}.html"], files[f"{one.lang}.txt"] = one.html, one.text
        columns.append(
            PreviewColumn(
                one.lang, view.direction, name, line, view.subject, view.preheader, one.titles, one.text
            )
        )
    files["index.html"] = preview_page(heading, words.text_label, columns, words.lang)
    return files


def write_preview(folder: Path, issue: NextIssue, heading: str, words: PreviewWords) -> Path:
    """Write the page that shows an issue, and its mails beside it; return where the page is. Raises
    `OutsideError` when the folder cannot be written.
    """
    files = preview_files(issue, heading, words)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutsideError(
            N_("cannot write {path}: {reason}"), path=str(error.filename), reason=reason_of(error)
        ) from error
    return folder / "index.html"


def send_test(
    site: Site, issue: NextIssue, address: str, memory: Memory | None, environment: Mapping[str, str]
) -> bool:
    """Send one mail of an issue, marked as a test; nothing is written into the ledger. Return whether there
    was one to send. Raises `OutsideError` when it is not taken.
    """
    from newsfeed.delivery.next_issue import compose_test_mail

    message = compose_test_mail(issue, site.settings, check_test_address(address), memory)
    if message is None:
        return False
    hand_over(site, message, environment)
    return True


def check_test_address(address: str) -> str:
    """Return an address in its usual form. Raises `UsageError` when it is none."""
    from newsfeed.core.people.mail_address import normalise_address

    to = normalise_address(address)
    if to is None or not to.isascii():
        raise UsageError(
            N_("“{address}” is no address to send a test to"),
            N_("write it like {example}"),
            address=address,
            example="ada@example.org",
        )
    return to


def hand_over(site: Site, message: Message, environment: Mapping[str, str]) -> None:
    """Hand one message to the channel; nothing is written into the ledger. Raises `OutsideError` when it is
    not taken.
    """
    from newsfeed.app.channels import open_site_channel
    from newsfeed.core.delivery.retry_policy import classify_reply

    channel = open_site_channel(site.root, site.settings, environment)
    session = channel.open()
    try:
        reply = session.offer(message) or session.finish()
    finally:
        session.close()
        channel.close()
    if classify_reply(reply) != "accepted":
        raise OutsideError(
            N_("{path}: {reason}"), path=message.recipient, reason=f"{reply.code} {reply.text}"
        )
