"""Judge how others get the site, its feeds, and the address that mail programs unsubscribe at."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsfeed.core.checkup.bot_walls import find_wall
from newsfeed.core.checkup.finding import Finding, advice_found, good, not_known, problem_found
from newsfeed.core.checkup.freemail import is_example
from newsfeed.core.people.hosts import is_this_machine
from newsfeed.marking import N_, NOTHING, Sentence

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.service_ports import CertificateDates, HttpAnswer

LAST_PART = 6
"""A certificate is renewed when a third of its time is left; when only a sixth is, nobody has."""
_STARTS = {"rss": (b"<?xml", b"<rss"), "atom": (b"<?xml", b"<feed"), "jsonfeed": (b"{",)}
"""Format → beginnings of its documents."""
_TYPES = {"rss": ("xml",), "atom": ("xml",), "jsonfeed": ("json",)}
_CLOSED = (401, 403, 406, 429, 503)
"""Statuses of servers that know the page and do not hand it out."""
PROBE_ANSWER = "newsfeed probe: "
"""Beginning of the service's answer to a link that is nobody's; the method follows."""


def judge_place(check: str, url: str) -> Finding | None:
    """Return why an address needs no asking: it is an example, or this machine; ``None`` for others."""
    host = urlsplit(url).hostname or ""
    if is_example(host):
        return not_known(check, N_("{host} is a name for examples: there is nobody to ask"), host=host)
    if is_this_machine(host):
        return not_known(check, N_("{host} is this machine: nobody else comes there"), host=host)
    return None


def judge_address(
    url: str, answer: HttpAnswer | None, reason: Sentence, key: str, dates: CertificateDates | None = None
) -> Finding:
    """Judge an address of the configuration. ``reason``: why there is no answer; ``key``: which names it;
    ``dates``: of its certificate.
    """
    params: dict[str, object] = {"url": url, "key": key, "reason": reason}
    if answer is None:
        return problem_found(
            "site",
            N_("{url} cannot be reached: {reason}"),
            N_("look at {key}, DNS, the web server and its firewall"),
            **params,
        )
    params["status"] = str(answer.status)
    if wall := find_wall(answer):
        return advice_found(
            "site",
            N_("{url} shows programs a riddle ({wall})"),
            N_("let the site’s pages and feeds pass the wall"),
            **params,
            wall=wall,
        )
    if answer.status >= 400:
        return problem_found(
            "site",
            N_("{url} answers {status}"),
            N_("look at {key}, and whether the newest build was copied to the web server"),
            **params,
        )
    if not url.startswith("https://"):
        return problem_found(
            "site",
            N_("{url} is not encrypted"),
            N_("get a certificate, and write https:// into {key}: browsers and feed readers expect it"),
            **params,
        )
    if dates is None:
        return good("site", N_("{url} can be reached"), **params)
    return good("site", N_("{url} can be reached; certificate until {day}"), **params, day=dates.ends.date())


def judge_certificate(check: str, server: str, dates: CertificateDates, now: datetime) -> Finding | None:
    """Return what is wrong with the time that is left to a certificate; ``None`` when all is well."""
    left, whole = dates.ends - now, dates.ends - dates.begins
    if left * LAST_PART > whole:
        return None
    return problem_found(
        check,
        N_("the certificate of {server} was not renewed; days left: {number}"),
        N_("renew it, and look why that did not happen by itself"),
        server=server,
        number=max(left.days, 0),
    )


def judge_feed(url: str, form: str, answer: HttpAnswer | None, reason: Sentence) -> Finding | None:
    """Return what is wrong with a feed as a plain program gets it; ``None`` when all is well."""
    if answer is None:
        return problem_found(
            "feeds",
            N_("{url} cannot be reached: {reason}"),
            N_("look at the web server"),
            url=url,
            reason=reason,
        )
    params = {
        "url": url,
        "status": str(answer.status),
        "wall": find_wall(answer),
        "type": answer.headers.get("content-type", "–"),
    }
    if params["wall"] or answer.status in _CLOSED:
        return problem_found(
            "feeds",
            N_("{url} is kept from programs: {status} {wall}"),
            N_("let addresses that end in feed.rss, feed.atom and feed.json pass whatever keeps bots out"),
            **params,
        )
    if 300 <= answer.status < 400:
        return problem_found(
            "feeds",
            N_("{url} leads elsewhere: {place}"),
            N_("write the address that it leads to into [site] base_url, or let it stay"),
            **params,
            place=answer.headers.get("location", "–"),
        )
    if answer.status != 200:
        return problem_found(
            "feeds",
            N_("{url} answers {status}"),
            N_("build the site, and copy all of it to the web server"),
            **params,
        )
    return _judge_document(form, answer, params)


def _judge_document(form: str, answer: HttpAnswer, params: dict[str, str]) -> Finding | None:
    if not answer.body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(_STARTS[form]):
        return problem_found(
            "feeds",
            N_("what comes from {url} is no feed"),
            N_("look at it with curl: something answers in its place"),
            **params,
        )
    if not any(part in params["type"] for part in _TYPES[form]):
        return advice_found(
            "feeds",
            N_("{url} is sent as {type}"),
            N_("let the web server know the types of feeds: they are in docs/deploy.md"),
            **params,
        )
    if "etag" not in answer.headers and "last-modified" not in answer.headers:
        return advice_found(
            "feeds",
            N_("{url} has neither ETag nor Last-Modified: readers fetch all of it each time"),
            N_("let the web server send one of them"),
            **params,
        )
    return None


def judge_no_one_click() -> Finding:
    """Judge a site whose mails name no page to unsubscribe at: those who send little may."""
    return advice_found(
        "one-click",
        N_("mails have no page at which programs can unsubscribe, only a mail address"),
        N_("set [web] base_url and keep newsfeed run running, or set [mail] unsubscribe_url"),
    )


def judge_one_click(
    host: str, shown: HttpAnswer | None, posted: HttpAnswer | None, reason: Sentence = NOTHING
) -> Finding:
    """Judge the answers to GET and POST at a link that is nobody's. ``reason``: why there are none."""
    params: dict[str, object] = {"host": host, "reason": reason}
    if shown is None or posted is None:
        return problem_found(
            "one-click",
            N_("the page to unsubscribe at {host} cannot be reached: {reason}"),
            N_("look whether newsfeed run is running, and at the web server in front of it"),
            **params,
        )
    params |= {"status": str(posted.status), "wall": find_wall(posted) or find_wall(shown)}
    if params["wall"] or posted.status in _CLOSED:
        return problem_found(
            "one-click",
            N_("a POST that unsubscribes is refused at {host}: {status} {wall}"),
            N_("let POST pass there, without cookies, tokens or riddles (RFC 8058)"),
            **params,
        )
    if 300 <= posted.status < 400:
        return problem_found(
            "one-click",
            N_("a POST that unsubscribes is led elsewhere by {host}: mail programs do not follow"),
            N_("write the address it is led to into [web] base_url or [mail] unsubscribe_url"),
            **params,
        )
    return _judge_probe(shown, posted, params)


def _judge_probe(shown: HttpAnswer, posted: HttpAnswer, params: dict[str, object]) -> Finding:
    told_post = posted.body.startswith(f"{PROBE_ANSWER}POST".encode())
    told_get = shown.body.startswith(f"{PROBE_ANSWER}GET".encode())
    if shown.body.startswith(f"{PROBE_ANSWER}POST".encode()):
        return problem_found(
            "one-click",
            N_("at {host} a GET unsubscribes: programs that only look at links would do it"),
            N_("look what stands in front of newsfeed and turns GET into POST"),
            **params,
        )
    if told_post and told_get:
        return good("one-click", N_("at {host} a POST unsubscribes, and a GET changes nothing"), **params)
    if posted.status >= 500:
        return problem_found(
            "one-click",
            N_("the page to unsubscribe at {host} answers {status}"),
            N_("look into the log of newsfeed run"),
            **params,
        )
    return advice_found(
        "one-click",
        N_("what answers at {host} does not know this site’s links: {status}"),
        N_("look whether it is newsfeed run, with the same secret and of the same version"),
        **params,
    )
