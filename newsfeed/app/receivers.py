"""Find the mail servers of readers' domains, and show the groups of receivers that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.app.channels import open_lookups
from newsfeed.core.delivery.receivers.groups import ReceiverGroups
from newsfeed.core.delivery.receivers.lookups import choose_domains, name_receivers, remember
from newsfeed.core.delivery.receivers.overview import view_groups, view_states
from newsfeed.delivery.mail_domains import look_up
from newsfeed.delivery.receiver_traffic import resume_receivers
from newsfeed.errors import UsageError
from newsfeed.marking import N_
from newsfeed.service_settings import MxSettings
from newsfeed.settings import SmtpSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from newsfeed.core.delivery.receivers.overview import GroupView
    from newsfeed.receiver_ports import MailDomains
    from newsfeed.settings import Settings
    from newsfeed.stores.sql import SqlStore


def limits_receivers(settings: Settings) -> bool:
    """Tell whether mails leave such that receivers' limits are ours to keep."""
    channel = settings.channels[settings.mail.channel]
    return isinstance(channel, MxSettings) or (isinstance(channel, SmtpSettings) and channel.receiver_limits)


def read_states(settings: Settings, store: SqlStore, now: datetime) -> Sequence[GroupView]:
    """Return the groups of receivers that are paused or slowed."""
    return view_states(ReceiverGroups(settings.receivers), store.receiver_book.read(), now)


def read_groups(settings: Settings, store: SqlStore, now: datetime) -> Sequence[GroupView]:
    """Return the groups that readers' domains belong to, and whatever else something is known of."""
    domains, known = store.mail_domains.of_readers(), store.mail_domains.read()
    groups = ReceiverGroups(settings.receivers)
    return list(view_groups(groups, domains, known, store.receiver_book.read(), now))


def resume_group(store: SqlStore, name: str, now: datetime) -> None:
    """End the pause of a group; what waits for its end is due at once. Raises `UsageError` when nothing is
    known of it.
    """
    if name not in store.receiver_book.read():
        raise UsageError(
            N_("no group of receivers that was sent to is called “{name}”"),
            N_("newsfeed receivers lists them"),
            name=name,
        )
    resume_receivers(store.receiver_book, store.issues, name, now)


def find_receivers(settings: Settings, domains: MailDomains, now: datetime) -> Callable[[str], str]:
    """Return what names the group of an address. Where their limits are ours to keep, DNS is asked before for
    what is not known, in bounded time.
    """
    known = dict(domains.read())
    if limits_receivers(settings):
        answers = look_up(open_lookups(settings).hosts, choose_domains(domains.of_readers(), known, now))
        new = {domain: remember(answer, known.get(domain), now) for domain, answer in answers.items()}
        domains.keep(new)
        known.update(new)
    return name_receivers(ReceiverGroups(settings.receivers), known)
