"""Judge how a test mail arrived: where it lies, and what the receiver says that it proved."""

from __future__ import annotations

from email import policy
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING

from newsfeed.core.checkup.authentication_results import (
    AuthenticationResult,
    AuthenticationResults,
    list_servers,
    select_trusted,
)
from newsfeed.core.checkup.finding import Finding, advice_found, good, not_known, problem_found
from newsfeed.marking import N_

if TYPE_CHECKING:
    from newsfeed.service_ports import ArrivedMail

_CHECK = "test-mail"
_METHODS = ("spf", "dkim", "dmarc")
_PROVED_BY = {
    "spf": ("smtp.mailfrom", "smtp.helo"),
    "dkim": ("header.d", "header.i"),
    "dmarc": ("header.from",),
}
"""Method → the properties that say for whom."""
_ADVICE = {
    "spf": N_("the address it came from is in the Received headers of the mail: add it to the SPF record"),
    "dkim": N_("compare the keys with newsfeed doctor; a relay that changes mails breaks signatures"),
    "dmarc": N_("SPF or DKIM must pass for the domain in From: see alignment in newsfeed doctor"),
}


def judge_missing(seconds: int) -> Finding:
    """Judge a mail that was taken by the relay, and was not found."""
    return problem_found(
        _CHECK,
        N_("the relay took the mail, but it did not arrive within {number} seconds"),
        N_("look whether it came back, into the relay’s log, and try again with a longer --wait"),
        number=seconds,
    )


def judge_arrival(mail: ArrivedMail, server: str) -> list[Finding]:
    """Judge a mail that arrived. ``server``: the name under which the receiver says what it found out."""
    headers = read_results(mail.head)
    found = [_judge_place(mail)]
    trusted = select_trusted(headers, server)
    if trusted is not None:
        return [*found, *(_judge_method(trusted, method) for method in _METHODS)]
    if not headers:
        sentence = N_("the receiver does not say what the mail proved")
        return [
            *found,
            not_known(_CHECK, sentence, N_("take a mailbox at a provider that does, such as Gmail")),
        ]
    return [
        *found,
        not_known(
            _CHECK,
            N_("what the mail proved is told by {servers}; which of them is the receiver’s is not known"),
            N_("name it in config.toml: [doctor] authserv_id"),
            servers=", ".join(list_servers(headers)),
        ),
    ]


def read_results(head: bytes) -> list[str]:
    """Return the values of all ``Authentication-Results``, from the top."""
    message = BytesHeaderParser(policy=policy.compat32).parsebytes(head)
    return [str(value) for value in message.get_all("Authentication-Results", [])]


def _judge_place(mail: ArrivedMail) -> Finding:
    if mail.is_junk:
        return problem_found(
            _CHECK,
            N_("the mail was taken for spam: it lies in {folder}"),
            N_("mend what is below; a new domain and few mails are a reason, too"),
            folder=mail.folder,
        )
    return good(_CHECK, N_("the mail arrived in {folder}"), folder=mail.folder)


def _judge_method(trusted: AuthenticationResults, method: str) -> Finding:
    results = trusted.of(method)
    best = next((one for one in results if one.result == "pass"), results[0] if results else None)
    params = {"server": trusted.server, "method": method.upper(), "domain": _domain_of(best)}
    if best is None:
        return advice_found(_CHECK, N_("{server} says nothing about {method}"), _ADVICE[method], **params)
    params["result"] = " ".join(filter(None, (best.result, best.properties.get("reason", ""))))
    if best.result == "pass":
        return good(_CHECK, N_("{method} passes for {domain}, says {server}"), **params)
    return problem_found(
        _CHECK, N_("{method} does not pass for {domain}, says {server}: {result}"), _ADVICE[method], **params
    )


def _domain_of(result: AuthenticationResult | None) -> str:
    if result is None:
        return "–"
    names = (result.properties.get(name, "") for name in _PROVED_BY[result.method])
    return next((name.rpartition("@")[2] for name in names if name), "–")
