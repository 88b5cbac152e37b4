"""The channel against Postfix's smtp-sink: real timing, and every fault it can make."""

import threading
import time

import pytest

from newsfeed.core.delivery import retry_policy as decide
from newsfeed.errors import OutsideError
from tests.channels.smtp.peer import a_message
from tests.channels.smtp.sink import channel_to, dumped, smtp_sink


def _send(session, message):
    return session.offer(message) or session.finish()


def test_messages_arrive_byte_for_byte_over_several_connections(tmp_path):
    """Every recipient once, every message as it was, dots and all."""
    data = b"Subject: x\r\n\r\n.hidden\r\n..\r\n.\r\nend=20\r\n" + b"y" * 990 + b"\r\n"
    with smtp_sink(dump=tmp_path) as port:
        channel = channel_to(port, connections=4)

        def work(part: int) -> None:
            session = channel.open()
            for number in range(50):
                assert _send(session, a_message(f"r{part}-{number}@reader.example", data)).code == 250
            session.close()

        threads = [threading.Thread(target=work, args=(part,)) for part in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        found = dumped(tmp_path)
    assert sorted(recipient for recipient, _ in found) == sorted(
        f"r{part}-{number}@reader.example" for part in range(4) for number in range(50)
    )
    assert {message for _, message in found} == {data}


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "."])
@pytest.mark.parametrize(("fault", "code"), [("-r", 450), ("-f", 500)])
def test_refusals_at_every_stage_are_answers(stage, fault, code):
    """smtp-sink refuses softly or hard; it does not announce pipelining then."""
    with smtp_sink(fault, stage) as port:
        session = channel_to(port).open()
        replies = [_send(session, a_message()) for _ in range(3)]
        session.close()
    names = {"MAIL": "mail", "RCPT": "rcpt", "DATA": "data", ".": "dot"}
    assert [(one.code, one.stage) for one in replies] == [(code, names[stage])] * 3
    assert {decide.classify_reply(one) for one in replies} == {"deferred" if code == 450 else "policy"}


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("fault", ["-q", "-Q"])
def test_a_hang_up_before_the_dot_leaves_no_doubt(stage, fault):
    """With and without a 421 first."""
    with smtp_sink(fault, stage) as port:
        session = channel_to(port).open()
        reply = session.offer(a_message())
        assert reply.code == (0 if fault == "-q" else 421)
        assert decide.classify_reply(reply) == "deferred"
        session.close()


@pytest.mark.parametrize("fault", ["-q", "-Q"])
def test_a_hang_up_after_the_dot_leaves_doubt_unless_it_says_421(fault, tmp_path):
    """421 is an answer: it was not accepted."""
    with smtp_sink(fault, ".", dump=tmp_path) as port:
        session = channel_to(port).open()
        assert session.offer(a_message()) is None
        assert decide.classify_reply(session.finish()) == ("unknown" if fault == "-q" else "deferred")
        session.close()


@pytest.mark.parametrize("stage", ["CONNECT", "EHLO,HELO"])
@pytest.mark.parametrize("fault", ["-q", "-Q", "-f", "-r"])
def test_a_relay_that_greets_nobody_cannot_be_reached(stage, fault):
    """Nothing is said about the message."""
    with smtp_sink(fault, stage) as port, pytest.raises(OutsideError, match=f"127.0.0.1:{port}: "):
        channel_to(port).open().offer(a_message())


def test_a_slow_relay_is_waited_for():
    """A pause before the answer to DATA is no failure."""
    with smtp_sink("-w", "1") as port:
        session = channel_to(port).open()
        started = time.monotonic()
        assert _send(session, a_message()).code == 250
        assert time.monotonic() - started >= 1
        session.close()


def test_a_relay_slower_than_our_patience_is_a_lost_connection():
    """After the dot that leaves doubt."""
    with smtp_sink("-W", ".:3") as port:
        session = channel_to(port, dot=0.5).open()
        assert session.offer(a_message()) is None
        reply = session.finish()
        assert (decide.classify_reply(reply), reply.text) == ("unknown", "it does not answer")
        session.close()


def test_a_verdict_that_comes_before_the_message_is_heard():
    """``-A``: 550 right behind 354, then a hang-up."""
    with smtp_sink("-A", "0") as port:
        session = channel_to(port).open()
        reply = _send(session, a_message(data=b"x" * 990 + b"\r\n"))
        assert reply.code in (550, 0)
        assert reply.stage in ("data", "dot")
        session.close()


def test_a_failing_sink_is_replaced_by_the_next(tmp_path):
    """Failover with real servers."""
    with smtp_sink("-q", "DATA") as bad, smtp_sink(dump=tmp_path) as good:
        channel = channel_to(bad, good)
        session = channel.open()
        assert {_send(session, a_message(f"r{number}@reader.example")).relay for number in range(20)} == {
            f"127.0.0.1:{good}"
        }
        session.close()
        assert len(dumped(tmp_path)) == 20
