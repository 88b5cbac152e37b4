"""Wire the preview of a digest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsfeed.app.context import report_of
from newsfeed.errors import ProblemsFound, UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from newsfeed.app.site import Site
    from newsfeed.delivery.preview import PreviewReport


def send_digest(site: Site, name: str, now: datetime, output: Path | None, *, dry_run: bool) -> PreviewReport:
    """Compose the newest issue of a digest into a folder, to look at: a preview reaches nobody.

    Raises `UsageError` when there is no such digest, or nobody to send from.
    """
    from newsfeed.app.digest_sources import open_digest_source
    from newsfeed.channels import open_channel
    from newsfeed.channels.folder import FolderChannel
    from newsfeed.delivery.preview import EmptyLedger, PreviewContext, preview_digest
    from newsfeed.problems import select_errors
    from newsfeed.stores.csv_audience import CsvAudience

    settings = site.settings
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
    digest = settings.digests[name]
    source, found = open_digest_source(site, now)
    if errors := select_errors(found):
        raise ProblemsFound(report_of(site.root, errors))
    context = PreviewContext(
        source=source,
        audience=CsvAudience(site.root, settings.audiences[digest.audience], settings.languages),
        ledger=EmptyLedger(),
        channel=(
            open_channel("folder", site.root, settings.channels["folder"], {})
            if output is None
            else FolderChannel(output.absolute())
        ),
    )
    outcome = preview_digest(context, digest, now, dry_run=dry_run)
    return replace(outcome, problems=tuple(report_of(site.root, list(outcome.problems))))
