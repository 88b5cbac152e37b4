"""The SMTP wire against a relay that fails at every stage."""

import socket
import threading
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.channels.smtp import SmtpChannel
from newsfeed.channels.smtp.access import SmtpTimeouts
from newsfeed.channels.smtp.connection import SmtpConnection
from newsfeed.channels.smtp.envelope import stuff_dots
from newsfeed.conversations import hold
from newsfeed.core.delivery import retry_policy as decide
from newsfeed.errors import OutsideError
from newsfeed.records import Reply
from tests.channels.smtp.peer import DRIP, DROP, HANG, Peer, a_message

LARGE = (b"x" * 990 + b"\r\n") * 8_000
"""More than fits into the buffers on the way."""


def _send(session, message=None) -> Reply:
    message = message or a_message()
    return session.offer(message) or session.finish()


def test_a_message_arrives_as_it_was_sent():
    """Lines that begin with full stops, and one that ends in none, come through; envelope as given."""
    data = b"Subject: x\r\n\r\n.\r\n..two\r\n.dot\r\nend\r\n"
    with Peer() as peer:
        session = peer.session()
        assert _send(session, a_message(data=data)) == Reply(250, "2.0.0", "Ok: queued", "dot", peer.name)
        session.close()
        assert peer.mails[0].data == data
        assert peer.mails[0].mail == f"MAIL FROM:<news@test.example> SIZE={len(data)}"
        assert peer.mails[0].rcpt == "RCPT TO:<reader@reader.example>"
        assert peer.commands[-1] == "QUIT"


def test_one_connection_serves_many_messages():
    """And says EHLO once, with a name that needs no DNS."""
    with Peer() as peer:
        session = peer.session()
        for number in range(5):
            assert _send(session, a_message(f"r{number}@reader.example")).code == 250
        session.close()
        assert (peer.connections, len(peer.mails), peer.tried["EHLO"]) == (1, 5, 1)
        assert "RSET" not in peer.commands


def test_no_final_dot_leaves_before_finish():
    """Between offer and finish the relay has nothing it could accept; hanging up takes it back."""
    with Peer() as peer:
        session = peer.session()
        assert session.offer(a_message()) is None
        time.sleep(0.1)
        assert peer.tried["DOT"] == 0
        session.close()
        time.sleep(0.1)
        assert peer.mails == []
        assert "QUIT" not in peer.commands


def test_without_pipelining_each_command_waits_for_its_answer():
    """RFC 2920 3.1: what was not offered is not used."""
    with Peer(features=("SIZE",)) as peer:
        session = peer.session()
        assert _send(session).code == 250
        assert _send(session).code == 250
        assert peer.early == []
        assert len(peer.mails) == 2


def test_a_server_without_esmtp_is_spoken_to_in_smtp():
    """HELO where EHLO is not known."""
    with Peer({"EHLO": ["500 5.5.2 what?"]}) as peer:
        assert _send(peer.session()).code == 250
        assert peer.mails[0].mail == "MAIL FROM:<news@test.example>"


@pytest.mark.parametrize("features", [("PIPELINING",), ()], ids=["pipelined", "one by one"])
@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("MAIL", "553 5.1.8 sender?"),
        ("MAIL", "452 4.3.1 full"),
        ("RCPT", "550 5.1.1 unknown"),
        ("RCPT", "450 4.2.0 greylisted"),
        ("DATA", "554 5.7.1 no"),
        ("DATA", "451 4.3.0 later"),
    ],
)
def test_a_refusal_concerns_one_message(stage, answer, features):
    """The reply names its stage; the next message on the same connection is fine."""
    with Peer({stage: [answer]}, features=features) as peer:
        session = peer.session()
        refusal = session.offer(a_message("first@reader.example"))
        code, enhanced, text = answer.split(" ", 2)
        assert refusal == Reply(int(code), enhanced, text, stage.lower(), peer.name)
        assert _send(session, a_message("second@reader.example")).code == 250
        assert (peer.connections, len(peer.mails)) == (1, 1)
        assert "RSET" in peer.commands
        assert peer.mails[0].rcpt == "RCPT TO:<second@reader.example>"


def test_a_relay_that_asks_for_data_after_refusing_gets_none_of_it():
    """RFC 2920 3.1: DATA was on its way already; one dot ends it."""
    with Peer(
        {"RCPT": ["550 5.1.1 unknown"], "DATA": ["354 go on"], "DOT": ["554 5.5.1 no valid recipients"]}
    ) as peer:
        session = peer.session()
        assert session.offer(a_message()).enhanced == "5.1.1"
        assert peer.mails == []
        assert _send(session).code == 250


@pytest.mark.parametrize("answer", ["550 5.7.1 spam", "452 4.3.1 full", "421 4.3.2 going down"])
def test_a_verdict_after_the_dot_is_an_answer(answer):
    """It was not accepted: nothing is unknown."""
    with Peer({"DOT": [answer]}) as peer:
        session = peer.session()
        reply = _send(session)
        assert (reply.code, reply.stage) == (int(answer[:3]), "dot")
        assert decide.classify_reply(reply) in ("policy", "deferred")
        assert _send(session).code == 250
        assert peer.connections == (2 if answer.startswith("421") else 1)


def patience(fault: str) -> float:
    """Seconds to wait for a peer: few only where it hangs, as a busy machine makes others slow."""
    return 1 if fault == HANG else 30


@pytest.mark.parametrize("fault", [DROP, HANG, "garbage", "250-1\r\n" * 200 + "250 1", "x" * 10_000])
@pytest.mark.parametrize("stage", ["CONNECT", "EHLO"])
def test_a_relay_that_cannot_be_reached_says_nothing_about_the_message(stage, fault):
    """An `OutsideError` in one line; the ledger is not touched."""
    with Peer({stage: [fault] * 9, "HELO": [fault] * 9}) as peer:
        session = peer.session(timeout=patience(fault))
        with pytest.raises(OutsideError, match=peer.name) as found:
            session.offer(a_message())
        assert "\n" not in found.value.message
        assert "@" not in found.value.message


CONTRADICTIONS = ["550-5.1.1 no such user\r\n250 2.0.0 Ok", "250-2.0.0 Ok\r\n550 5.7.1 no"]


@pytest.mark.parametrize("answer", CONTRADICTIONS)
def test_a_reply_that_contradicts_itself_is_no_delivery(answer):
    """Lines with different codes: before the dot nothing left, after it nobody can say (RFC 5321 4.2.1)."""
    with Peer({"DOT": [answer]}) as peer:
        session = peer.session()
        assert session.offer(a_message()) is None
        reply = session.finish()
        assert (reply.code, reply.stage, reply.text) == (0, "dot", "it does not speak SMTP")
        assert decide.classify_reply(reply) == "unknown"
        assert _send(session).code == 250
    with Peer({"RCPT": [answer] * 9}) as peer:
        reply = peer.session().offer(a_message())
        assert reply is not None
        assert decide.classify_reply(reply) == "deferred"
        assert peer.mails == []


@pytest.mark.parametrize("fault", [DROP, HANG, "garbage", "\x00\x01", "25", "2500 Ok", "-50 Ok"])
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_a_connection_lost_before_the_dot_is_no_doubt(stage, fault):
    """Code 0 from offer: deferred, and nothing was accepted."""
    with Peer({stage: [fault] * 9}) as peer:
        session = peer.session(timeout=patience(fault))
        reply = session.offer(a_message())
        assert (reply.code, reply.relay, reply.stage) == (0, peer.name, stage.lower())
        assert decide.classify_reply(reply) == "deferred"
        assert peer.mails == []


@pytest.mark.parametrize(
    ("stage", "answer", "code"),
    [
        ("MAIL", "250-wait\r\n" * 8 + "250 2.1.0 Ok", 0),
        ("RCPT", "250 2.1.5 yes, in good time", 0),
        ("DATA", "354 go on, whenever you like", 0),
    ],
)
def test_a_relay_that_drips_its_reply_gets_no_more_time_than_another(stage, answer, code):
    """The limit is for the whole reply: a byte now and then does not begin it anew. Nothing left."""
    with Peer({stage: [DRIP + answer] * 9}) as peer:
        reply = peer.session(timeout=1).offer(a_message())
        assert reply is not None
        assert (reply.code, reply.text) == (code, "it does not answer")
        assert peer.mails == []


def test_a_reply_to_the_dot_that_drips_leaves_doubt():
    """After the dot's own limit nobody can say."""
    with Peer({"DOT": [DRIP + "250 2.0.0 Ok: queued in good time"]}) as peer:
        session = peer.session(dot=0.5)
        assert session.offer(a_message()) is None
        reply = session.finish()
        assert (reply.code, reply.stage) == (0, "dot")


@pytest.mark.parametrize("stage", ["CONNECT", "EHLO"])
def test_a_greeting_that_drips_is_a_relay_that_cannot_be_reached(stage):
    """It says nothing about the message."""
    slow = {stage: [DRIP + "220 peer.test, welcome, and good to see you"] * 9}
    with Peer(slow) as peer, pytest.raises(OutsideError, match="it does not answer"):
        peer.session(timeout=1).offer(a_message())


def test_a_message_has_one_limit_for_all_of_its_replies():
    """Each in time, and all of them together too slow."""
    slow = {"MAIL": [DRIP + "250 2.1.0 Ok"], "RCPT": [DRIP + "250 2.1.5 Ok"], "DATA": [DRIP + "354 go ahead"]}
    with Peer(slow) as peer:
        connection = SmtpConnection(replace(peer.access(), timeouts=SmtpTimeouts(30.0, 1.6, 0.1, 30.0)))
        connection.start()
        with pytest.raises(TimeoutError):
            hold(connection.offer(a_message()))
        hold(connection.leave())


@pytest.mark.parametrize("fault", [DROP, HANG, "garbage"])
def test_a_connection_lost_after_the_dot_leaves_doubt(fault):
    """Code 0 from finish at the stage of the dot: nobody can say. The next message finds a new connection."""
    with Peer({"DOT": [fault]}) as peer:
        session = peer.session(dot=0.3)
        assert session.offer(a_message()) is None
        reply = session.finish()
        assert (reply.code, reply.stage, reply.relay) == (0, "dot", peer.name)
        assert decide.classify_reply(reply) == "unknown"
        assert _send(session).code == 250
        assert peer.connections == 2


def test_a_relay_that_dies_before_the_dot_leaves_no_doubt():
    """It went away while the message was on its way or after: the dot was not taken."""
    with Peer({"BODY": [DROP]}, features=("PIPELINING",)) as peer:
        session = peer.session()
        refusal = session.offer(a_message(data=LARGE))
        assert refusal is not None
        assert decide.classify_reply(refusal) == "deferred"
        assert peer.mails == []


def test_a_relay_that_breaks_off_with_a_reason_is_understood():
    """552 in the middle of the data, then a hang-up: the reason reaches the ledger."""
    with Peer({"BODY": [f"552 5.3.4 too large|{DROP}"]}, features=("PIPELINING",)) as peer:
        session = peer.session()
        reply = _send(session, a_message(data=LARGE))
        assert (reply.code, reply.enhanced) in ((552, "5.3.4"), (0, ""))
        assert decide.classify_reply(reply) in ("policy", "deferred")  # the reset may swallow the words


def test_an_early_answer_is_not_taken_for_a_later_one():
    """A relay that says 250 too often must not make us believe that it accepted a message."""
    with Peer({"DATA": ["354 go on\r\n250 2.0.0 Ok: queued"] * 9}) as peer:
        session = peer.session()
        assert session.offer(a_message()) is None
        reply = session.finish()
        assert (reply.code, reply.stage) == (0, "data")
        assert decide.classify_reply(reply) == "deferred"
        assert peer.mails == []


def test_a_connection_that_died_of_boredom_is_replaced_unseen():
    """Relays close idle connections: the next message gets a new one, and nobody hears of it."""
    with Peer({"MAIL": ["250 2.1.0 Ok", DROP], "RCPT": []}) as peer:
        session = peer.session()
        assert [_send(session).code for _ in range(3)] == [250, 250, 250]
        assert peer.connections == 2


def test_a_relay_that_closes_with_421_is_called_again_once():
    """RFC 5321 3.8: 421 to any command. Said to a new connection too, it is the answer."""
    closing = f"421 4.3.2 closing|{DROP}"
    with Peer({"MAIL": ["250 2.1.0 Ok", closing, closing]}) as peer:
        session = peer.session()
        assert _send(session).code == 250
        reply = session.offer(a_message())
        assert (reply.code, reply.enhanced) == (421, "4.3.2")
        assert peer.connections == 2


def test_a_connection_is_renewed_after_some_messages_and_some_time():
    """Relays have limits of their own; ours come first."""
    now = [0.0]
    with Peer() as peer:
        channel = SmtpChannel([peer.access()], clock=lambda: now[0])
        session = peer.keep(channel.open())
        for _ in range(1001):
            assert _send(session, a_message(data=b"x: y\r\n\r\n")).code == 250
        assert peer.connections == 2
        now[0] += 61
        assert _send(session).code == 250
        assert peer.connections == 3
        for _ in range(10):
            now[0] += 50
            assert _send(session).code == 250
        assert peer.connections == 4
        assert peer.commands.count("QUIT") == 3


def test_replies_keep_no_addresses():
    """Relays quote the recipient; ledger and logs must not."""
    said = "550-5.1.1 <reader@reader.example>: Recipient address rejected:\r\n550 5.1.1 reader@reader.example \x07 unknown"
    with Peer({"RCPT": [said]}) as peer:
        reply = peer.session().offer(a_message())
        assert reply.text == "<…>: Recipient address rejected: … unknown"
        assert reply.enhanced == "5.1.1"


def test_international_addresses_go_where_they_are_understood():
    """SMTPUTF8 is asked for only when it is offered and needed; the domain is ASCII in any case."""
    with Peer() as peer:
        session = peer.session()
        assert _send(session, a_message("jürgen@bücher.example")).code == 250
        assert _send(session, a_message("juergen@bücher.example")).code == 250
        assert peer.mails[0].mail.endswith(" SMTPUTF8")
        assert peer.mails[0].rcpt == "RCPT TO:<jürgen@xn--bcher-kva.example>"
        assert not peer.mails[1].mail.endswith(" SMTPUTF8")
        assert peer.mails[1].rcpt == "RCPT TO:<juergen@xn--bcher-kva.example>"


def test_an_international_address_is_refused_clearly_where_it_is_not_understood():
    """That one recipient fails; the others do not notice."""
    with Peer(features=("PIPELINING",)) as peer:
        session = peer.session()
        refusal = session.offer(a_message("jürgen@reader.example"))
        assert (refusal.code, refusal.enhanced) == (553, "5.6.7")
        assert decide.classify_reply(refusal) == "refused"
        assert _send(session).code == 250
        assert peer.connections == 1


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example>\r\nRCPT TO:<c@d.example",
        "a@b.example> SIZE=1",
        "a b@c.example",
        "no-address",
        "<a@b.example>",
        "a@b@c.example",
        "\u202ea@b.example",
        "",
    ],
)
def test_no_address_can_add_a_command(address):
    """What is no address is refused here, and nothing of it reaches the relay."""
    with Peer() as peer:
        session = peer.session()
        assert session.offer(a_message(address)).enhanced == "5.1.3"
        refusal = session.offer(a_message(sender=address or "x"))
        assert (refusal.enhanced, decide.classify_reply(refusal)) == ("5.1.7", "policy")
        assert _send(session).code == 250
        assert [one.split(" ")[0] for one in peer.commands] == ["ehlo", "MAIL", "RCPT", "DATA"]


def test_service_mails_have_an_empty_return_path():
    """``MAIL FROM:<>``, so that nothing comes back."""
    with Peer() as peer:
        assert _send(peer.session(), a_message(sender="")).code == 250
        assert peer.mails[0].mail.startswith("MAIL FROM:<> ")


def test_a_message_too_large_for_the_relay_is_not_sent():
    """SIZE says so beforehand; it is our message's fault, not the reader's."""
    with Peer(features=("PIPELINING", "SIZE 100")) as peer:
        refusal = peer.session().offer(a_message(data=b"x" * 101))
        assert (refusal.enhanced, decide.classify_reply(refusal)) == ("5.3.4", "policy")
        assert "MAIL" not in "".join(peer.commands)


def test_8_bit_content_is_announced_or_refused():
    """BODY=8BITMIME where it is offered; ours never needs it."""
    with Peer() as peer, Peer(features=()) as old:
        assert _send(peer.session(), a_message(data="Ä\r\n".encode())).code == 250
        assert peer.mails[0].mail.endswith(" BODY=8BITMIME")
        assert old.session().offer(a_message(data="Ä\r\n".encode())).enhanced == "5.6.3"


@given(st.lists(st.sampled_from([b"\r\n", b"\n", b"\r", b".", b"..", b"a"])).map(b"".join))
@settings(deadline=None)
def test_no_line_of_a_message_looks_like_its_end(data):
    """SMTP smuggling: not to servers that take bare line feeds for line ends either."""
    sent = b"\n" + stuff_dots(data)
    assert b"\n.\r\n" not in sent
    assert b"\n.\n" not in sent
    lines = sent[1:].split(b"\n")
    assert b"\n".join(line[1:] if line.startswith(b".") else line for line in lines) == data


# -- pace ----------------------------------------------------------------------------------------


def test_the_relays_pace_is_kept_over_all_connections():
    """Four connections together send no more than asked."""
    with Peer() as peer:
        channel = peer.channel(per_second=40.0, connections=4)
        started = time.monotonic()
        sessions = [peer.keep(channel.open()) for _ in range(4)]
        threads = [threading.Thread(target=lambda w=w: [_send(w), _send(w)]) for w in sessions]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert len(peer.mails) == 8
        assert time.monotonic() - started >= (8 - 4) / 40


def test_told_to_slow_down_by_the_recipients_domain_it_is_held_back():
    """450 to RCPT halves that domain's pace; when its turn is far away, the offer says so."""
    now = [100.0]
    with Peer({"RCPT": ["450 4.7.1 slow"]}) as peer:
        channel = SmtpChannel([peer.access()], domain_per_second=1.5, clock=lambda: now[0])
        session = peer.keep(channel.open())
        assert session.offer(a_message()).stage == "rcpt"
        now[0] += 0.7  # a second one would be due, had nobody complained
        assert _send(session).code == 250
        held = session.offer(a_message())
        assert (held.stage, held.code, held.relay) == ("held", 450, "")
        assert _send(session, a_message("x@other.example")).code == 250
        assert peer.tried["RCPT"] == 3


def test_a_stopped_channel_lets_nobody_wait():
    """SIGTERM: an offer that waits for its turn gives up at once."""
    with Peer() as peer:
        channel = peer.channel(per_second=0.01)
        session = peer.keep(channel.open())
        assert _send(session).code == 250
        threading.Timer(0.1, channel.close).start()
        started = time.monotonic()
        with pytest.raises(OutsideError, match="stopped"):
            session.offer(a_message())
        assert time.monotonic() - started < 2


def test_nothing_finishes_that_was_not_offered():
    """A mistake of the program is an error, not a message."""
    with pytest.raises(ValueError, match="nothing was offered"), Peer() as peer:
        peer.session().finish()


def test_one_message_can_be_sent_by_itself():
    """The channel's convenience: the relay's name, or one clear error."""
    with Peer({"RCPT": ["250 2.1.5 Ok", "550 5.1.1 unknown"]}) as peer:
        channel = peer.channel()
        assert channel.send(a_message()) == peer.name
        with pytest.raises(OutsideError, match=r"not taken: 550 5.1.1 unknown"):
            channel.send(a_message())


def test_nobody_at_the_port_is_one_clear_line():
    """The connection was refused."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with Peer() as peer:
        channel = peer.channel(port=port)
    with pytest.raises(
        OutsideError, match=rf"no relay takes mail now .127.0.0.1:{port}: the connection was refused"
    ):
        channel.open().offer(a_message())
