"""The direct channel's session: which server gets a message, and what is said when none does."""

import pytest

from newsfeed.channels.mx.destinations import MOST_SILENT
from newsfeed.core.delivery import retry_policy as decide
from newsfeed.core.delivery.receivers.refusals import wants_less
from newsfeed.errors import OutsideError
from newsfeed.records import Reply
from newsfeed.service_ports import DnsAnswer, DnsQuestion, DnsStatus
from tests.channels.mx.servers import OWN_NAME, send, serving
from tests.channels.smtp.peer import DROP, HANG, Peer, a_message
from tests.delivery.sites import wait_until

ANN, BOB, CAY = "ann@one.example", "bob@two.example", "cay@one.example"
TWO_HOSTS = {("one.example", "MX"): ("mx1.one.example", "mx2.one.example")}
TWO_DOMAINS = {("one.example", "MX"): ("mx.one.example",), ("two.example", "MX"): ("mx.two.example",)}


def _means(reply: Reply | None) -> str:
    """What the ledger makes of a refusal before the dot."""
    assert reply is not None
    return decide.classify_reply(reply)


def test_the_best_server_gets_the_message_and_hears_our_name():
    """EHLO with the configured name; nobody asks the second one."""
    with serving({"mx1.one.example": Peer(), "mx2.one.example": Peer()}, TWO_HOSTS) as servers:
        reply = send(servers.session(), a_message(ANN))
        assert reply == Reply(250, "2.0.0", "Ok: queued", "dot", f"mx1.one.example:{servers.port}")
        assert servers["mx1.one.example"].commands[0] == f"ehlo {OWN_NAME}"
        assert servers["mx2.one.example"].connections == 0


def test_a_domain_without_mx_is_its_own_server():
    """RFC 5321 5.1: the implicit MX."""
    with serving({"one.example": Peer()}, {}) as servers:
        assert send(servers.session(), a_message(ANN)).code == 250
        assert servers.taken() == ["one.example <ann@one.example>"]


def test_one_connection_carries_the_messages_of_one_domain():
    """And of no other: the next domain gets a connection to its own server, the first is closed."""
    with serving({"mx.one.example": Peer(), "mx.two.example": Peer()}, TWO_DOMAINS) as servers:
        session = servers.session()
        for recipient in (ANN, CAY, BOB):
            assert send(session, a_message(recipient)).code == 250
        one, two = servers["mx.one.example"], servers["mx.two.example"]
        assert (one.connections, len(one.mails), one.commands[-1]) == (1, 2, "QUIT")
        assert (two.connections, len(two.mails)) == (1, 1)


def test_domains_with_one_server_share_a_connection():
    """Large providers serve thousands of domains."""
    shared = {("one.example", "MX"): ("mx.shared.example",), ("two.example", "MX"): ("MX.Shared.example",)}
    with serving({"mx.shared.example": Peer()}, shared) as servers:
        session = servers.session()
        assert [send(session, a_message(one)).code for one in (ANN, BOB, CAY)] == [250, 250, 250]
        assert servers["mx.shared.example"].connections == 1


def test_a_server_for_emergencies_is_not_used_for_another_domain():
    """It is the best of one domain, and the second of the other, whose first is to be asked first."""
    zone = {
        ("one.example", "MX"): ("mx.shared.example",),
        ("two.example", "MX"): ("mx.two.example", "mx.shared.example"),
    }
    with serving({"mx.shared.example": Peer(), "mx.two.example": Peer()}, zone) as servers:
        session = servers.session()
        assert [send(session, a_message(one)).code for one in (ANN, BOB)] == [250, 250]
        assert servers.taken() == ["mx.shared.example <ann@one.example>", "mx.two.example <bob@two.example>"]


def test_the_envelope_of_the_next_message_goes_ahead_only_to_the_same_server():
    """As with relays, where its domain is served there for sure; else it waits for its own connection."""
    with serving({"mx.one.example": Peer(), "mx.two.example": Peer()}, TWO_DOMAINS) as servers:
        session = servers.session()
        first, second, third = a_message(ANN), a_message(CAY), a_message(BOB)
        assert session.offer(first) is None
        for message, following in ((first, second), (second, third), (third, None)):
            finishing = session.finishing(following)
            reply = _hold(finishing)
            assert reply.code == 250, message
            if following is not None:
                assert session.offer(following) is None
        assert sorted(servers.taken()) == [
            "mx.one.example <ann@one.example>",
            "mx.one.example <cay@one.example>",
            "mx.two.example <bob@two.example>",
        ]


def _hold(conversation):
    from newsfeed.conversations import hold

    return hold(conversation)


@pytest.mark.parametrize(
    "greeting", [DROP, "garbage", "421 4.3.2 too many connections", "554 5.7.1 go away", "450 not now"]
)
def test_a_server_that_does_not_greet_is_passed_over(greeting):
    """The next best gets the message at once."""
    peers = {"mx1.one.example": Peer({"CONNECT": [greeting] * 9}), "mx2.one.example": Peer()}
    with serving(peers, TWO_HOSTS) as servers:
        assert send(servers.session(), a_message(ANN)).code == 250
        assert servers.taken() == ["mx2.one.example <ann@one.example>"]


def test_a_server_that_is_not_there_is_passed_over_and_left_alone():
    """It is called once: the messages that follow go to the other without a delay."""
    with serving({"mx2.one.example": Peer()}, TWO_HOSTS, absent={"mx1.one.example": "127.0.0.9"}) as servers:
        channel = servers.channel()
        for _ in range(3):
            assert send(servers.keep(channel.open()), a_message(ANN)).code == 250
        assert len(servers["mx2.one.example"].mails) == 3


def test_all_addresses_of_a_server_are_called():
    """IPv4 first; one that does not answer is no reason to give up its server."""
    zone = {("one.example", "MX"): ("mx.one.example",), ("mx.one.example", "AAAA"): ("::1",)}
    with serving({"other.example": Peer()}, zone) as servers:
        servers.lookups.resolver.zone[("mx.one.example", "A")] = ("127.0.0.9", "127.0.0.1")  # type: ignore[attr-defined]
        assert send(servers.session(), a_message(ANN)).code == 250


def test_when_no_server_can_be_reached_the_message_waits_and_says_why():
    """A deferral that names each server: it is no fault of the reader, and no reason to stop the others."""
    with serving({"mx.two.example": Peer()}, {**TWO_HOSTS, **TWO_DOMAINS, **TWO_HOSTS}) as servers:
        session = servers.session()
        reply = session.offer(a_message(ANN))
        assert reply is not None
        assert (reply.code, reply.enhanced, reply.stage, reply.relay) == (450, "4.4.4", "connect", "")
        assert "mx1.one.example: its name is not known; mx2.one.example: its name" in reply.text
        assert _means(reply) == "deferred"
        assert send(session, a_message(BOB)).code == 250


def test_servers_that_all_say_not_now_are_quoted():
    """Whoever counts connections must hear of it."""
    busy = "421 4.7.0 too many connections from you"
    peers = {host: Peer({"CONNECT": [busy] * 9}) for host in ("mx1.one.example", "mx2.one.example")}
    with serving(peers, TWO_HOSTS) as servers:
        reply = servers.session().offer(a_message(ANN))
        assert reply == Reply(
            421, "4.7.0", "too many connections from you", "connect", f"mx1.one.example:{servers.port}"
        )


def test_a_server_that_turns_us_away_for_good_does_not_cost_us_the_reader():
    """A block is between the server and us: the message is tried again later."""
    with serving({"one.example": Peer({"CONNECT": ["554 5.1.0 blocked"] * 9})}, {}) as servers:
        reply = servers.session().offer(a_message(ANN))
        assert reply is not None
        assert (reply.code, reply.stage) == (554, "connect")
        assert _means(reply) == "policy"


@pytest.mark.parametrize(
    ("zone", "meaning"),
    [
        ({("one.example", "MX"): ("",)}, "refused"),
        ({}, "refused"),
        ({("one.example", "MX"): DnsStatus.FAILED}, "deferred"),
        ({("one.example", "MX"): DnsStatus.SILENT}, "deferred"),
        ({("one.example", "TXT"): ("nothing",), ("one.example", "A"): DnsStatus.FAILED}, "deferred"),
        ({("one.example", "TXT"): ("nothing",)}, "refused"),
    ],
    ids=["null MX", "no such domain", "DNS fails", "DNS is silent", "address fails", "no address"],
)
def test_a_domain_without_servers_is_a_reply(zone, meaning):
    """For good when DNS says so, else for now."""
    with serving({"mx.two.example": Peer()}, {**zone, ("two.example", "MX"): ("mx.two.example",)}) as servers:
        session = servers.session()
        assert _means(session.offer(a_message(ANN))) == meaning
        assert send(session, a_message(BOB)).code == 250


def test_a_dns_that_does_not_know_us_either_ends_no_subscription():
    """A broken resolver denies every domain; that must not cost all readers."""
    with serving({"mx.two.example": Peer()}, {(OWN_NAME, "A"): DnsStatus.ABSENT}) as servers:
        reply = servers.session().offer(a_message(ANN))
        assert reply is not None
        assert (reply.enhanced, _means(reply)) == ("4.4.3", "deferred")


def test_private_addresses_are_not_called():
    """Whoever owns a domain could have us talk to servers inside our network."""
    with serving({"one.example": Peer()}, {}) as servers:
        session = servers.keep(servers.channel(allow_private=False).open())
        reply = session.offer(a_message(ANN))
        assert reply is not None
        assert "one.example: its address is a private one" in reply.text
        assert servers["one.example"].connections == 0


@pytest.mark.parametrize("fault", [DROP, HANG, "garbage"])
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_breaks_off_before_the_dot_is_passed_over(stage, fault):
    """Nothing was accepted, so the next one may have the message: it arrives once."""
    peers = {"mx1.one.example": Peer({stage: [fault] * 9}), "mx2.one.example": Peer()}
    with serving(peers, TWO_HOSTS) as servers:
        assert send(servers.session(1 if fault == HANG else 30), a_message(ANN)).code == 250
        assert servers.taken() == ["mx2.one.example <ann@one.example>"]


def test_a_connection_lost_after_the_dot_leaves_doubt_and_is_not_repaired():
    """Nobody sends the message again by himself; the next one gets another connection."""
    with serving({"one.example": Peer({"DOT": [DROP]})}, {}) as servers:
        session = servers.session()
        reply = send(session, a_message(ANN))
        assert (reply.code, reply.stage, decide.classify_reply(reply)) == (0, "dot", "unknown")
        assert send(session, a_message(CAY)).code == 250
        assert servers["one.example"].connections == 2


def test_a_server_that_ends_a_tired_connection_is_called_again():
    """It waited too long, or takes no more on one connection: nobody hears of it."""
    closing = f"421 4.4.2 timeout|{DROP}"
    with serving({"one.example": Peer({"MAIL": ["250 Ok", closing]})}, {}) as servers:
        session = servers.session()
        assert [send(session, a_message(ANN)).code for _ in range(2)] == [250, 250]
        assert servers["one.example"].connections == 2


@pytest.mark.parametrize(("stage", "answer"), [("MAIL", "421 4.7.0 slow down"), ("RCPT", "421 4.4.2 bye")])
def test_a_server_that_wants_fewer_of_us_is_not_called_again(stage, answer):
    """The reply goes to who decides on a pause."""
    with serving({"one.example": Peer({stage: ["250 Ok", f"{answer}|{DROP}"]})}, {}) as servers:
        session = servers.session()
        assert send(session, a_message(ANN)).code == 250
        reply = session.offer(a_message(CAY))
        assert reply is not None
        assert (reply.code, reply.stage) == (421, stage.lower())
        assert servers["one.example"].connections == 1


def test_answers_are_kept_for_some_minutes():
    """DNS is asked once for many messages, and again when its answer may be out of date."""
    with serving({"mx.one.example": Peer(), "mx.two.example": Peer()}, TWO_DOMAINS) as servers:
        channel = servers.channel()
        for _ in range(3):
            session = channel.open()
            assert send(session, a_message(ANN)).code == 250
            session.close()
        asked = servers.lookups.resolver.asked  # type: ignore[attr-defined]
        assert len(asked) == len(set(asked))
        servers.now[0] += 301
        servers.lookups.resolver.zone[("one.example", "MX")] = ("mx.two.example",)  # type: ignore[attr-defined]
        assert send(servers.keep(channel.open()), a_message(ANN)).code == 250
        assert servers.taken()[-1] == "mx.two.example <ann@one.example>"


def test_an_international_domain_is_looked_up_in_ascii():
    """As it stands in the envelope."""
    with serving({"xn--bcher-kva.example": Peer()}, {}) as servers:
        assert send(servers.session(), a_message("jürgen@bücher.example")).code == 250


def test_a_channel_that_is_closed_calls_nobody():
    """Sessions that wait give up: the sender is told so, and no reader."""
    with serving({"one.example": Peer()}, {}) as servers:
        channel = servers.channel()
        session = servers.keep(channel.open())
        channel.close()
        with pytest.raises(OutsideError, match="stopped"):
            session.offer(a_message(ANN))


def test_finishing_what_was_not_offered_is_a_mistake():
    """As with every channel that converses."""
    with (
        serving({"one.example": Peer()}, {}) as servers,
        pytest.raises(ValueError, match="nothing was offered"),
    ):
        servers.session().finish()


def test_when_nobody_can_be_reached_the_trouble_is_ours():
    """No network, or one that keeps port 25 to itself: sending ends, and most messages are not touched."""
    zone = {(f"d{number}.example", "MX"): ("mx.gone.example",) for number in range(60)}
    with serving({"other.example": Peer()}, zone, absent={"mx.gone.example": "127.0.0.9"}) as servers:
        session = servers.session()
        replies = []
        for number in range(MOST_SILENT - 1):
            servers.now[0] += 3_600  # else it is left alone
            replies.append(session.offer(a_message(f"r@d{number}.example")))
        assert {_means(reply) for reply in replies} == {"deferred"}
        servers.now[0] += 3_600
        with pytest.raises(OutsideError, match="for 20 domains in a row"):
            session.offer(a_message("r@d30.example"))
        servers.now[0] += 3_600
        assert _means(session.offer(a_message("r@d31.example"))) == "deferred"


def test_a_dns_that_says_nothing_is_our_trouble():
    """The same with its own silence, though not with domains that are not there."""
    silent = {(f"d{number}.example", "MX"): DnsStatus.SILENT for number in range(60)}
    with serving({"other.example": Peer()}, silent) as servers:
        session = servers.session()
        for number in range(40):
            assert _means(session.offer(a_message(f"r@no{number}.example"))) == "refused"
        for number in range(MOST_SILENT - 1):
            assert _means(session.offer(a_message(f"r@d{number}.example"))) == "deferred"
        with pytest.raises(OutsideError):
            session.offer(a_message("r@d30.example"))


def test_one_server_that_is_reached_shows_that_the_network_is_there():
    """Counting begins anew."""
    silent = {(f"d{number}.example", "MX"): DnsStatus.SILENT for number in range(60)}
    with serving({"one.example": Peer()}, silent) as servers:
        session = servers.session()
        for number in range(40):
            assert _means(session.offer(a_message(f"r@d{number}.example"))) == "deferred"
            if number % 15 == 0:
                assert send(session, a_message(ANN)).code == 250


def test_a_domain_that_names_servers_without_end_is_done_with_soon():
    """Whoever writes thousands of names into DNS keeps us busy no longer than another."""
    zone = {("one.example", "MX"): tuple(f"mx{number}.one.example" for number in range(2_000))}
    with serving({"other.example": Peer()}, zone) as servers:
        assert _means(servers.session().offer(a_message(ANN))) == "deferred"
        assert len(servers.lookups.resolver.asked) < 20  # type: ignore[attr-defined]


def test_a_server_with_addresses_without_end_is_done_with_soon():
    """The rest can wait for the next try."""
    zone = {("one.example", "MX"): ("mx.one.example",)}
    peers = {"other.example": Peer({"CONNECT": [DROP] * 100})}
    with serving(peers, zone) as servers:
        # All of 127.0.0.0/8 is this machine; one of them answers, and hangs up.
        many = ("127.0.0.1", *(f"127.0.9.{number}" for number in range(200)))
        servers.lookups.resolver.zone[("mx.one.example", "A")] = many  # type: ignore[attr-defined]
        reply = servers.session().offer(a_message(ANN))
        assert _means(reply) == "deferred"
        assert peers["other.example"].connections == 1


def test_servers_that_take_their_time_are_not_all_waited_for():
    """After two minutes no further one is called."""
    peers = {host: Peer({"CONNECT": [DROP] * 9}) for host in ("mx1.one.example", "mx2.one.example")}
    with serving(peers, TWO_HOSTS) as servers:
        resolver = servers.lookups.resolver
        answer = resolver.resolve

        def think(question: DnsQuestion) -> DnsAnswer:
            servers.now[0] += 90.0 if question.kind == "A" else 0.0
            return answer(question)

        resolver.resolve = think  # type: ignore[method-assign]
        assert _means(servers.session().offer(a_message(ANN))) == "deferred"
        assert [peer.connections for peer in peers.values()] == [1, 0]


def test_a_call_that_is_given_up_leaves_no_connection_behind():
    """Sending ends while a server thinks: nothing is held against it, and nothing stays open."""
    with serving({"one.example": Peer({"CONNECT": [HANG]})}, {}) as servers:
        session = servers.session()
        offering = session.offering(a_message(ANN))
        next(offering)
        peer = servers["one.example"]
        wait_until(lambda: peer.open == 1)
        offering.close()
        assert send(session, a_message(ANN)).code == 250


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (("127.0.0.9",), "4.4.1"),
        (DnsStatus.SILENT, "4.4.3"),
        (DnsStatus.ABSENT, "4.4.4"),
        (("10.0.0.1",), "4.4.4"),
    ],
    ids=["does not answer", "DNS is silent", "is not there", "private"],
)
def test_the_status_tells_servers_in_trouble_from_domains_that_name_wrong_ones(address, status):
    """A group is paused when its servers do not answer, and not because somebody names one that never was."""
    zone = {("one.example", "MX"): ("mx.one.example",), ("mx.one.example", "A"): address}
    with serving({"other.example": Peer()}, zone) as servers:
        session = servers.keep(servers.channel(allow_private=address == ("127.0.0.9",)).open())
        for _ in range(2):  # the second time it is left alone
            reply = session.offer(a_message(ANN))
            assert reply is not None
            assert (reply.code, reply.enhanced, wants_less(reply, 0)) == (450, status, status == "4.4.1")
