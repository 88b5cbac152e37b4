"""Check the way out of mails: to relays, or straight to readers' servers from this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.checkup.mail_checks import check_relays, public_addresses
from newsfeed.connections import is_public
from newsfeed.core.checkup.direct_findings import (
    judge_hello,
    judge_no_server_to_try,
    judge_other_address,
    judge_way_out,
)
from newsfeed.core.checkup.domain_findings import judge_reverse_names
from newsfeed.core.checkup.reverse_names import find_reverse_names
from newsfeed.service_ports import DnsQuestion
from newsfeed.settings import RelaySettings

if TYPE_CHECKING:
    from newsfeed.checkup.context import CheckupContext
    from newsfeed.core.checkup.finding import Finding
    from newsfeed.service_settings import MxSettings


def check_way_out(context: CheckupContext) -> list[Finding]:
    """Talk with each relay, or with a server of somebody else as sending would, and look at our names."""
    direct = context.direct
    return check_relays(context) if direct is None else _check_direct(context, direct)


def _check_direct(context: CheckupContext, direct: MxSettings) -> list[Finding]:
    own = list(public_addresses(context, direct.hello))
    found = [
        judge_reverse_names(direct.hello, direct.hello, context.ask(find_reverse_names(one))) for one in own
    ] or [judge_hello(direct.hello)]
    host = _find_server(context, {str(one) for one in own})
    if not host:
        return [judge_no_server_to_try(), *found]
    probe = context.probe_relay(RelaySettings(host=host, port=direct.port, security="opportunistic"))
    found.insert(0, judge_way_out(probe))
    if is_public(probe.own_address) and probe.own_address not in map(str, own):
        found.append(judge_other_address(direct.hello, probe.own_address))
    return found


def _find_server(context: CheckupContext, own: set[str]) -> str:
    """Return a server that takes our own mail and stands elsewhere: it expects mails from strangers as any
    other does, and nobody else is bothered.
    """
    for domain in dict.fromkeys((context.author, context.returns)):
        for host in context.resolver.resolve(DnsQuestion(domain, "MX")).values:
            addresses = {str(one) for one in public_addresses(context, host)}
            if addresses and not addresses & own:
                return host
    return ""
