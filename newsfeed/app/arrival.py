"""Send the next issue of a digest to a mailbox of one's own, and see how it arrives."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsfeed.app import previews
from newsfeed.app import site as app
from newsfeed.app.context import report_of
from newsfeed.checkup.context import reaches_readers
from newsfeed.core.checkup.arrival_findings import judge_arrival, judge_missing
from newsfeed.core.delivery.verp import make_return_path
from newsfeed.core.people.tokens import make_mail_token, make_probe_token
from newsfeed.errors import ProblemsFound, UsageError
from newsfeed.marking import N_
from newsfeed.problems import select_errors
from newsfeed.service_settings import DoctorSettings, ImapSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from newsfeed.app.site import Site
    from newsfeed.core.checkup.finding import Finding
    from newsfeed.model import Message
    from newsfeed.service_ports import ArrivalSearch, ArrivedMail
    from newsfeed.settings import Settings

_PAUSE = 3
"""Seconds between two looks into the mailbox."""


@dataclass(frozen=True, slots=True)
class TrialOptions:
    """The options of ``newsfeed doctor --send-test``."""

    address: str
    digest: str = ""
    """Empty: the first of the configuration."""
    seconds: int = 120
    """To wait for it."""


def try_mail(
    root: Path,
    now: datetime,
    environment: Mapping[str, str],
    options: TrialOptions,
    pause: Callable[[float], object],
) -> list[Finding]:
    """Send a mail, wait for it, and judge how it arrived. Raises `ProblemsFound`, `UsageError` or
    `OutsideError`. ``pause``: waits for some seconds.
    """
    from newsfeed.mailboxes.imap import ImapMailbox

    site = app.read(root, now)
    if errors := select_errors(site.problems):
        raise ProblemsFound(report_of(root, errors))
    if not reaches_readers(site.settings):
        raise UsageError(
            N_("[mail] channel is “{channel}”: mails reach nobody, so there is nothing to check"),
            N_("when readers are to get mails, set channel to smtp and name a relay in [channels.smtp]"),
            channel=site.settings.mail.channel,
        )
    wanted = _find_mailbox(site.settings)
    mailbox = ImapMailbox.from_settings(root, wanted.mailbox, environment)
    message = _compose(site, now, environment, options)
    previews.hand_over(site, message, environment)
    mail = wait_for(mailbox, message.message_id, options.seconds, pause)
    return [judge_missing(options.seconds)] if mail is None else judge_arrival(mail, wanted.authserv_id)


def wait_for(
    mailbox: ArrivalSearch, message_id: str, seconds: int, pause: Callable[[float], object]
) -> ArrivedMail | None:
    """Look for a mail again and again; ``None`` when it did not come in time."""
    for _ in range(max(seconds // _PAUSE, 1)):
        pause(_PAUSE)
        mail = mailbox.find(message_id)
        if mail is not None:
            return mail
    return None


def _find_mailbox(settings: Settings) -> DoctorSettings:
    """Return the mailbox to look into: its own, else that of bounces."""
    bounces = settings.mailboxes.get("imap")
    if settings.doctor is not None:
        return settings.doctor
    if isinstance(bounces, ImapSettings):
        return DoctorSettings(mailbox=bounces)
    raise UsageError(
        N_("config.toml names no mailbox to look for the mail in"),
        N_("add [doctor] with host and username, of an account that the address belongs to"),
    )


def _compose(site: Site, now: datetime, environment: Mapping[str, str], options: TrialOptions) -> Message:
    """Return the mail as the service would send it: signed, with its return path and one-click."""
    from newsfeed.delivery.next_issue import compose_test_mail
    from newsfeed.mail.dkim import DkimSigner, load_keys

    settings = site.settings
    name = options.digest or next(iter(settings.digests), "")
    address = previews.check_test_address(options.address)
    secret = _read_secret(site, environment)
    base = settings.mail.unsubscribe_url
    with previews.open_memory(site, environment) as memory:
        message = compose_test_mail(
            previews.next_issue(site, name, now, memory),
            settings,
            address,
            memory,
            one_click=f"{base}{make_probe_token(secret, now)}" if base and secret else "",
            nonce=secrets.token_hex(8),
            moment=now.astimezone(settings.site.timezone),
        )
    if message is None:
        raise UsageError(
            N_("the next issue of {digest} has nothing to say"),
            N_("name another one with --digest"),
            digest=name,
        )
    keys = load_keys(settings.mail.dkim, site.root, environment)
    data = DkimSigner(keys).sign_message(message.data) if keys else message.data
    return replace(message, data=data, sender=_return_path(settings, secret) or message.sender)


def _read_secret(site: Site, environment: Mapping[str, str]) -> bytes:
    from newsfeed.app.store_problems import has_store
    from newsfeed.stores.secret import read_secret

    kept = site.settings.store
    if not has_store(site.root, site.settings, environment):
        return b""
    return read_secret(environment.get(kept.secret_env, ""), site.root / kept.secret_file)


def _return_path(settings: Settings, secret: bytes) -> str:
    """Return where the mail comes back to: its token is no delivery's, so that a bounce counts for nobody."""
    bounces = settings.mail.bounce_address
    if not bounces or not secret:
        return bounces
    token = make_mail_token(secret, purpose="bounce", digest="", id=0, holder="doctor")
    return make_return_path(bounces, token)
