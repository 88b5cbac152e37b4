"""Servers that break off at any stage lose no message, and double none."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsfeed.channels.mx.session import MxSession
from newsfeed.core.delivery import retry_policy as decide
from newsfeed.model import Message
from tests.channels.mx.servers import Servers, serving
from tests.channels.smtp.peer import DROP, Peer, a_message

STAGES = ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "BODY", "DOT")
FAULTS = (
    DROP,
    "garbage",
    "421 4.3.2 closing",
    f"421 4.4.2 tired|{DROP}",
    "451 4.7.1 later",
    "554 5.7.1 no",
    "",
)
ZONE = {
    ("one.example", "MX"): ("a.example", "b.example"),
    ("two.example", "MX"): ("b.example", "a.example"),
    ("three.example", "MX"): ("c.example",),
}
TRIES = 40
"""More than there are faults in all scripts together."""

SCRIPTS = st.dictionaries(st.sampled_from(STAGES), st.lists(st.sampled_from(FAULTS), max_size=3), max_size=4)
DOMAINS = st.lists(st.sampled_from(("one", "two", "three")), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.tuples(SCRIPTS, SCRIPTS, SCRIPTS), DOMAINS)
def test_every_message_arrives_once_or_is_known_not_to_have(scripts, domains):
    """After all faults are over each was accepted once, or refused and not taken; doubts are doubts: once at most."""
    hosts = ("a.example", "b.example", "c.example")
    peers = {host: Peer(_usual(script)) for host, script in zip(hosts, scripts, strict=True)}
    with serving(peers, ZONE) as servers:
        session = servers.session()
        messages = [a_message(f"r{number}@{name}.example") for number, name in enumerate(domains)]
        ends = {message.recipient: _send_at_last(servers, session, message) for message in messages}
        session.close()
        taken = Counter(one.partition("<")[2].rstrip(">") for one in servers.taken())
    for recipient, end in ends.items():
        assert end in ("accepted", "unknown")
        assert taken[recipient] == 1 if end == "accepted" else taken[recipient] <= 1


def _usual(script: dict[str, list[str]]) -> dict[str, list[str]]:
    """Nothing stands for the usual answer, which differs from stage to stage."""
    usual = {
        "CONNECT": "220 peer.test",
        "MAIL": "250 Ok",
        "RCPT": "250 Ok",
        "DATA": "354 go on",
        "DOT": "250 Ok",
    }
    found = {stage: [one or usual.get(stage, "") for one in answers] for stage, answers in script.items()}
    if "BODY" in found:  # whoever says something there and takes the message after all is no server
        found["BODY"] = [f"{one}|{DROP}" if one else one for one in found["BODY"]]
    return found


def _send_at_last(servers: Servers, session: MxSession, message: Message) -> str:
    """Try again as long as the ledger would, an hour later each time; what became of it."""
    for _ in range(TRIES):
        refusal = session.offer(message)
        if refusal is None:
            end = decide.classify_reply(session.finish())
            if end in ("accepted", "unknown"):
                return end
        else:
            assert decide.classify_reply(refusal) in ("deferred", "policy")
        servers.now[0] += 3_600
    return "given up"
