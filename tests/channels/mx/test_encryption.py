"""What the direct channel encrypts, and what it does where a domain has a policy."""

import ssl

import pytest

from newsfeed.core.delivery.receivers.refusals import wants_less
from newsfeed.service_ports import HttpAnswer
from tests.channels.mx.servers import Servers, send, serving
from tests.channels.smtp import certificates
from tests.channels.smtp.peer import DROP, Peer, a_message

HOST = "mx.one.example"
ANN, BOB = "ann@one.example", "bob@two.example"
MX = {("one.example", "MX"): (HOST,)}


def policy(domain: str, host: str, mode: str = "enforce") -> tuple[dict, dict]:
    """A zone and pages with the policy of a domain."""
    text = f"version: STSv1\nmode: {mode}\nmx: {host}\nmax_age: 86400\n".encode()
    url = f"https://mta-sts.{domain}/.well-known/mta-sts.txt"
    return {(f"_mta-sts.{domain}", "TXT"): ("v=STSv1; id=1;",)}, {
        url: HttpAnswer(200, {"content-type": "text/plain"}, text)
    }


def add_policy(
    servers: Servers, domain: str = "one.example", host: str = HOST, mode: str = "enforce"
) -> None:
    """Give a domain a policy."""
    zone, pages = policy(domain, host, mode)
    servers.lookups.resolver.zone.update(zone)  # type: ignore[attr-defined]
    servers.lookups.http.pages.update(pages)  # type: ignore[attr-defined]


def strict_session(servers: Servers, name: str = HOST):
    """A session that trusts the authority of a server."""
    context = ssl.create_default_context(cafile=certificates.server(name)[1])
    return servers.keep(servers.channel(strict=context).open())


def test_every_server_that_can_encrypt_is_spoken_to_in_secret():
    """Whoever it says it is: without a policy that is better than nothing."""
    with serving({HOST: Peer(tls=certificates.server("other.example")[0])}, MX) as servers:
        assert send(servers.session(), a_message(ANN)).code == 250
        assert "STARTTLS" in servers[HOST].commands


@pytest.mark.parametrize("answer", ["454 4.7.0 TLS not available", f"220 go on|{DROP}", "220 go on|nonsense"])
def test_a_server_whose_encryption_is_broken_gets_the_message_without(answer: str):
    """It offers what it cannot do; the message arrives once."""
    peer = Peer({"STARTTLS": [answer]}, tls=certificates.server(HOST)[0])
    with serving({HOST: peer}, MX) as servers:
        assert send(servers.session(), a_message(ANN)).code == 250
        assert len(peer.mails) == 1


def test_a_server_that_proves_its_name_gets_the_mail_of_a_strict_domain():
    """Encrypted, with a certificate for its name, from an authority that is trusted."""
    with serving({HOST: Peer(tls=certificates.server(HOST)[0])}, MX) as servers:
        add_policy(servers)
        assert send(strict_session(servers), a_message(ANN)).code == 250
        assert "STARTTLS" in servers[HOST].commands


@pytest.mark.parametrize(
    ("peer", "reason"),
    [
        (Peer, "it does not offer STARTTLS"),
        (lambda: Peer(tls=certificates.server("other.example")[0]), "signed by nobody but itself"),
        (lambda: Peer({"STARTTLS": ["454 4.7.0 not now"]}, tls=certificates.server(HOST)[0]), "454"),
        (lambda: Peer({"STARTTLS": [f"220 go on|{DROP}"]}, tls=certificates.server(HOST)[0]), ""),
    ],
    ids=["in the clear", "another name", "not now", "breaks off"],
)
def test_a_strict_domain_gets_nothing_from_a_server_that_proves_nothing(peer, reason: str):
    """The message waits: somebody may be listening. Nothing of it leaves, and it is no refusal."""
    with serving({HOST: peer()}, MX) as servers:
        add_policy(servers)
        session = strict_session(servers)
        reply, again = session.offer(a_message(ANN)), session.offer(a_message(ANN))
        assert reply is not None
        assert again is not None
        assert (reply.code, reply.enhanced, reply.stage, reply.relay) == (450, "4.7.5", "connect", "")
        assert again.enhanced == "4.7.5"
        assert not wants_less(reply, 0)  # the others of its group are not to blame
        assert reply.text.startswith(
            "none of the domain's servers can be reached as its MTA-STS policy demands"
        )
        assert reason in reply.text
        assert not any(command.startswith("MAIL") for command in servers[HOST].commands)


def test_a_certificate_for_another_name_proves_nothing():
    """Though it comes from an authority that is trusted."""
    with serving({HOST: Peer(tls=certificates.server("other.example")[0])}, MX) as servers:
        add_policy(servers)
        reply = strict_session(servers, "other.example").offer(a_message(ANN))
        assert reply is not None
        assert "its certificate is for another name" in reply.text


def test_servers_that_a_policy_does_not_name_are_not_called():
    """Somebody may have changed the answer of DNS: the one that is allowed gets the message, or nobody."""
    zone = {("one.example", "MX"): ("mx.evil.example", HOST)}
    peers = {"mx.evil.example": Peer(), HOST: Peer(tls=certificates.server(HOST)[0])}
    with serving(peers, zone) as servers:
        add_policy(servers)
        assert send(strict_session(servers), a_message(ANN)).code == 250
        assert servers["mx.evil.example"].connections == 0
    with serving({"mx.evil.example": Peer()}, {("one.example", "MX"): ("mx.evil.example",)}) as servers:
        add_policy(servers)
        reply = strict_session(servers).offer(a_message(ANN))
        assert reply is not None
        assert (reply.code, reply.enhanced, reply.stage) == (450, "4.4.4", "connect")
        assert servers["mx.evil.example"].connections == 0


@pytest.mark.parametrize("mode", ["testing", "none"])
def test_a_policy_on_trial_keeps_no_mail_back(mode: str):
    """RFC 8461 5: the mail leaves as if there were none."""
    with serving({HOST: Peer()}, MX) as servers:
        add_policy(servers, host="mx.else.example", mode=mode)
        assert send(servers.session(), a_message(ANN)).code == 250


def test_a_connection_that_proved_nothing_is_not_used_for_a_strict_domain():
    """Another one is made to the same server; the other way round one is enough."""
    zone = {**MX, ("two.example", "MX"): (HOST,)}
    with serving({HOST: Peer(tls=certificates.server(HOST)[0])}, zone) as servers:
        add_policy(servers)
        session = strict_session(servers)
        assert [send(session, a_message(one)).code for one in (BOB, ANN, BOB, ANN)] == [250] * 4
        assert servers[HOST].connections == 2


def test_what_a_server_cannot_prove_to_one_domain_is_nothing_to_another():
    """Else anybody could have a server left alone by naming it in a policy."""
    zone = {**MX, ("two.example", "MX"): (HOST,)}
    with serving({HOST: Peer()}, zone) as servers:
        add_policy(servers)
        session = strict_session(servers)
        assert session.offer(a_message(ANN)) is not None
        assert send(session, a_message(BOB)).code == 250
