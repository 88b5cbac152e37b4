"""Judge a machine that sends straight to readers' servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.checkup.finding import Finding, good, not_known, problem_found
from newsfeed.marking import N_

if TYPE_CHECKING:
    from newsfeed.service_ports import RelayProbe


def judge_way_out(probe: RelayProbe) -> Finding:
    """Judge a conversation with a server that takes our own mail."""
    if probe.failure:
        return problem_found(
            "relay",
            N_("a server that takes mail cannot be called from here: {name}: {reason}"),
            N_("let the network open port 25 for connections from here to others, or take a relay"),
            name=probe.relay,
            reason=probe.failure,
        )
    return good("relay", N_("servers of others can be called from here, such as {name}"), name=probe.relay)


def judge_no_server_to_try() -> Finding:
    """Judge a site of whose servers none stands elsewhere, so that it cannot be called on trial."""
    return not_known(
        "relay",
        N_("no server that takes your own mail stands elsewhere, so none was called on trial"),
        N_("see with newsfeed doctor --send-test whether mails leave"),
    )


def judge_hello(name: str) -> Finding:
    """Judge a name of our own that DNS does not know."""
    return problem_found(
        "reverse-dns",
        N_("DNS knows no public address of {name}, the name that this machine says in greetings"),
        N_("publish an address record with the address that mails are sent from, or change hello"),
        name=name,
    )


def judge_other_address(name: str, address: str) -> Finding:
    """Judge an address of this machine that is not one of its name."""
    return problem_found(
        "reverse-dns",
        N_("mails are sent from {address}, which is no address of {name}"),
        N_("add it to the address records of {name}, and let its PTR record say {name}"),
        name=name,
        address=address,
    )
