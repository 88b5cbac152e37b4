"""Judge a relay by a conversation with it that ended before the first message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.checkup.finding import Finding, advice_found, good, not_known, problem_found
from newsfeed.core.checkup.web_findings import judge_certificate
from newsfeed.marking import N_

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.service_ports import RelayProbe

_WHERE = {
    "connect": N_("look at host, port and security in [channels.smtp], and whether a firewall lets you out"),
    "tls": N_("let the relay have a certificate for its name, or name yours as ca_file"),
    "login": N_("look at username and password, and whether the relay wants a password for programs"),
}
"""Stage → what to look at."""


def judge_relay(probe: RelayProbe, now: datetime, *, is_near: bool, has_login: bool) -> Finding:
    """Judge a relay. ``is_near``: nobody listens on the way to it."""
    if probe.failure:
        return problem_found(
            "relay", N_("{name}: {reason}"), _WHERE[probe.stage], name=probe.relay, reason=probe.failure
        )
    if probe.certificate is not None:
        old = judge_certificate("relay", probe.relay, probe.certificate, now)
        if old is not None:
            return old
    if not probe.encryption and not is_near:
        return advice_found(
            "relay",
            N_("{relay} gets mails without encryption"),
            N_("set security to starttls or tls")
            if probe.offers_encryption
            else N_("take a relay that encrypts"),
            relay=probe.relay,
        )
    params = {"relay": probe.relay, "encryption": probe.encryption}
    if probe.encryption and probe.certificate is not None:
        return good("relay", _ENCRYPTED[has_login], **params, day=probe.certificate.ends.date())
    return good("relay", _GOOD[has_login], **params)


_ENCRYPTED = {
    True: N_("{relay} takes mail over {encryption}, and the password; certificate until {day}"),
    False: N_("{relay} takes mail over {encryption}; certificate until {day}"),
}
_GOOD = {True: N_("{relay} takes mail, and the password"), False: N_("{relay} takes mail")}
"""With a login → what is seen."""


def judge_other_channel(channel: str) -> Finding:
    """Judge a site whose mails go to no relay."""
    return not_known(
        "relay",
        N_("[mail] channel is “{channel}”: mails reach nobody, so there is nothing to check"),
        N_("when readers are to get mails, set channel to smtp and name a relay in [channels.smtp]"),
        channel=channel,
    )
