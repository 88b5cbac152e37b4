"""Check how others get the site: its address, its feeds, and the page that mail programs unsubscribe at."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsfeed.core.checkup import web_findings
from newsfeed.core.checkup.finding import Finding, good, not_known
from newsfeed.core.site.urls import feed_path
from newsfeed.errors import OutsideError
from newsfeed.marking import N_, NOTHING, Sentence
from newsfeed.service_ports import HttpAnswer, HttpRequest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsfeed.checkup.context import CheckupContext
    from newsfeed.service_ports import CertificateDates
    from newsfeed.settings import Settings

_HEADERS = {"User-Agent": "newsfeed-doctor (as a feed reader)", "Accept": "*/*"}
"""Of a plain program, which keeps no cookies and runs no scripts."""
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_ONE_CLICK = b"List-Unsubscribe=One-Click"
_MOST_FEEDS, _AT_ONCE = 12, 4


def check_site(context: CheckupContext) -> list[Finding]:
    """Ask for the front page as anybody, and for the service behind readers' pages."""
    found = _check_address(context, context.settings.site.base_url, "", "[site] base_url")
    web = context.settings.web.base_url
    if web and web_findings.judge_place("site", web) is None:
        found += _check_address(context, web, "healthz", "[web] base_url")
    return found


def _check_address(context: CheckupContext, url: str, page: str, key: str) -> list[Finding]:
    away = web_findings.judge_place("site", url)
    if away is not None:
        return [away]
    answer, reason = _ask(context, "GET", url + page)
    dates = _read_certificate(context, url) if answer is not None else None
    found = [web_findings.judge_address(url, answer, reason, key, dates)]
    if dates is not None:
        old = web_findings.judge_certificate("site", urlsplit(url).netloc, dates, context.now)
        found += [old] if old is not None else []
    return found


def _read_certificate(context: CheckupContext, url: str) -> CertificateDates | None:
    """Return the time of a certificate; ``None`` without one, or when it cannot be looked at: whoever got an
    answer has seen that it holds.
    """
    try:
        return context.read_certificate(url) if url.startswith("https://") else None
    except OutsideError:
        return None


def check_feeds(context: CheckupContext) -> list[Finding]:
    """Ask for feeds as a plain program; of faults alike, the first is told."""
    base = context.settings.site.base_url
    if web_findings.judge_place("feeds", base) is not None:
        return []
    asked = list(_list_feeds(context.settings))[:_MOST_FEEDS]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        got = pool.map(lambda one: _ask(context, "GET", base + one[0]), asked)
        answers = [(base + path, form, *answer) for (path, form), answer in zip(asked, got, strict=True)]
    if all(answer is None for _, _, answer, _ in answers):  # that of the site says so
        return []
    judged = [web_findings.judge_feed(*one) for one in answers]
    faults = {one.seen.message: one for one in reversed(judged) if one is not None}
    if faults:
        return list(faults.values())
    return [
        good("feeds", N_("feeds come as they should to programs (asked for: {number})"), number=len(asked))
    ]


def _list_feeds(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield (path, format): one feed of each edition, and of the default one all formats."""
    for form in settings.feeds.formats:
        yield feed_path(settings.site.default_language, form), form
    for lang in settings.site.languages:
        if lang != settings.site.default_language and settings.feeds.formats:
            yield feed_path(lang, settings.feeds.formats[0]), settings.feeds.formats[0]


def check_one_click(context: CheckupContext) -> list[Finding]:
    """Unsubscribe nobody: with a link that only this site can make, and that belongs to no reader."""
    base = context.settings.mail.unsubscribe_url
    if not base:
        return [web_findings.judge_no_one_click()]
    away = web_findings.judge_place("one-click", base)
    if away is not None:
        return [away]
    if not context.probe_token:
        return [not_known("one-click", N_("this machine does not have the secret that links are made with"))]
    url = base + context.probe_token
    shown, reason = _ask(context, "GET", url)
    posted, why = _ask(context, "POST", url, _FORM, _ONE_CLICK)
    return [web_findings.judge_one_click(urlsplit(base).netloc, shown, posted, reason or why)]


def _ask(
    context: CheckupContext, method: str, url: str, headers: Mapping[str, str] = {}, body: bytes = b""
) -> tuple[HttpAnswer | None, Sentence]:
    """Return an answer, or why there is none."""
    try:
        return context.http.send(HttpRequest(method, url, {**_HEADERS, **headers}, body)), NOTHING
    except OutsideError as error:
        reason = dict(error.sentence.params).get("reason")
        return None, reason if isinstance(reason, Sentence) else error.sentence
