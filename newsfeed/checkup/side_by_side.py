"""Run checks side by side: what is slow, or fails, keeps nothing else waiting."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotDoneError
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsfeed.checkup import direct_checks, mail_checks, web_checks
from newsfeed.core.checkup.domain_findings import judge_no_author
from newsfeed.core.checkup.finding import Finding, Health, not_known
from newsfeed.core.checkup.relay_findings import judge_other_channel
from newsfeed.errors import NewsfeedError
from newsfeed.marking import N_
from newsfeed.service_ports import DnsQuestion, DnsStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsfeed.checkup.context import CheckupContext

    Check = Callable[[CheckupContext], list[Finding]]

WEB: Mapping[str, Check] = {"site": web_checks.check_site, "feeds": web_checks.check_feeds}
RELAYS: Mapping[str, Check] = {"relay": direct_checks.check_way_out, "one-click": web_checks.check_one_click}
DOMAIN: Mapping[str, Check] = {
    "sender": mail_checks.check_sender,
    "spf": mail_checks.check_spf_record,
    "dkim": mail_checks.check_keys,
    "dmarc": mail_checks.check_policy,
}
"""Check → what runs it; some find things of other checks, too."""
SECONDS = 60.0
"""For all of them together; what has not ended by then is told so."""


def choose_checks(context: CheckupContext) -> Mapping[str, Check]:
    """Return the checks that a site gives reason for."""
    chosen = dict(WEB)
    if context.reaches_readers:
        chosen |= RELAYS
        if context.has_real_author:
            chosen |= DOMAIN
    return chosen


def judge_channel(context: CheckupContext) -> list[Finding]:
    """Return what is found without asking anybody: whether mails reach somebody at all."""
    if not context.reaches_readers:
        return [judge_other_channel(context.settings.mail.channel)]
    if context.has_real_author:
        return []
    if not context.author:
        return [judge_no_author()]
    sentence = N_("mails come from {address}, a name for examples: there is nobody to ask")
    return [not_known("sender", sentence, address=context.settings.mail.sender)]


def run_checks(
    context: CheckupContext, checks: Mapping[str, Check], seconds: float = SECONDS
) -> list[Finding]:
    """Run checks, each in a thread; return all that they find."""
    running = {name: _begin(check, context) for name, check in checks.items()}
    until = time.monotonic() + seconds
    return [one for name, future in running.items() for one in _collect(name, future, until, seconds)]


def _begin(check: Check, context: CheckupContext) -> Future[list[Finding]]:
    """Run a check in a thread that the end of the program does not wait for, as it would for a pool's."""
    future: Future[list[Finding]] = Future()

    def work() -> None:
        try:
            future.set_result(check(context))
        except BaseException as error:  # noqa: BLE001 - raised by whoever asks for the result
            future.set_exception(error)

    threading.Thread(target=work, name="check", daemon=True).start()
    return future


def _collect(name: str, future: Future[list[Finding]], until: float, seconds: float) -> list[Finding]:
    try:
        return future.result(max(until - time.monotonic(), 0.0))
    except NotDoneError:
        sentence = N_("there was no end to it after {number} seconds")
        return [not_known(name, sentence, N_("try again later"), number=round(seconds))]
    except NewsfeedError as error:
        return [Finding(name, Health.UNKNOWN, error.sentence, error.advice)]


def is_offline(context: CheckupContext) -> bool:
    """Tell whether nobody can be asked: neither the root of DNS nor a name of the site is found."""
    host = urlsplit(context.settings.site.base_url).hostname or ""
    questions = (DnsQuestion(".", "NS"), DnsQuestion(host, "A"), DnsQuestion(context.author or ".", "MX"))
    for one in questions:
        status = context.resolver.resolve(one).status
        if status in (DnsStatus.FOUND, DnsStatus.SILENT):  # who is silent once is not waited for again
            return status is DnsStatus.SILENT
    return True
