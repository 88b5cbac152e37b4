"""The envelope of the next message goes along with the final dot of the last (RFC 2920 3.1)."""

import pytest

from newsfeed.channels.smtp import SmtpChannel
from newsfeed.conversations import hold
from newsfeed.model import Message
from newsfeed.records import Reply
from tests.channels.smtp.peer import DROP, Peer, a_message
from tests.delivery.sites import wait_until

ENVELOPE = ["MAIL", "RCPT", "DATA"]


def verbs(peer: Peer) -> list[str]:
    """The commands that the peer heard, without what belongs to them."""
    return [line.split(" ")[0].upper() for line in peer.commands]


def send_all(session, messages: list[Message]) -> list[Reply]:
    """Send some, each announced with the one before; the answers."""
    replies = []
    for message, following in zip(messages, [*messages[1:], None], strict=True):
        reply = session.offer(message)
        replies.append(reply or hold(session.finishing(following)))
    return replies


def some(count: int) -> list[Message]:
    """Messages to different people."""
    return [a_message(f"r{number}@reader.example", data=b"%d\r\n" % number) for number in range(count)]


def test_the_relay_hears_of_the_next_message_with_the_dot_of_the_last():
    """And gets what it would have got without."""
    with Peer() as peer:
        session = peer.session()
        messages = some(3)
        assert session.offer(messages[0]) is None
        assert hold(session.finishing(messages[1])).code == 250
        wait_until(lambda: verbs(peer)[1:] == ENVELOPE * 2)
        assert session.offer(messages[1]) is None
        assert hold(session.finishing(messages[2])).code == 250
        assert session.offer(messages[2]) is None
        assert session.finish().code == 250
        session.close()
        assert [mail.data for mail in peer.mails] == [b"0\r\n", b"1\r\n", b"2\r\n"]
        assert [mail.rcpt for mail in peer.mails] == [f"RCPT TO:<r{n}@reader.example>" for n in range(3)]
        assert verbs(peer) == ["EHLO", *ENVELOPE * 3, "QUIT"]


def test_without_pipelining_nothing_goes_ahead():
    """Nor does what that relay cannot be given at all."""
    with Peer(features=("SIZE",)) as peer:
        assert [one.code for one in send_all(peer.session(), some(3))] == [250] * 3
        assert peer.early == []
    with Peer(features=("PIPELINING", "SIZE 100")) as peer:
        messages = [*some(1), a_message(data=b"x" * 101), *some(1)]
        assert [one.enhanced for one in send_all(peer.session(), messages)] == ["2.0.0", "5.3.4", "2.0.0"]


@pytest.mark.parametrize("stage", ENVELOPE)
def test_an_announced_message_can_be_refused(stage):
    """As one that was not; the next one is announced again."""
    refusal = {stage: ["354 go on" if stage == "DATA" else "250 2.1.0 Ok", "550 5.1.1 unknown"]}
    with Peer(refusal) as peer:
        replies = send_all(peer.session(), some(4))
        assert [(one.code, one.stage) for one in replies] == [
            (250, "dot"),
            (550, stage.lower()),
            (250, "dot"),
            (250, "dot"),
        ]
        assert [mail.data for mail in peer.mails] == [b"0\r\n", b"2\r\n", b"3\r\n"]


@pytest.mark.parametrize("answer", ["421 4.3.2 going down", DROP, "421 4.3.2 going down|" + DROP])
def test_a_connection_that_ends_with_the_dot_takes_no_announced_message_along(answer):
    """It is offered to the next connection, once."""
    with Peer({"DOT": [answer]}) as peer:
        first, second = send_all(peer.session(), some(2))
        assert (first.code, first.stage) == (0 if answer == DROP else 421, "dot")
        assert second.code == 250
        assert [mail.data for mail in peer.mails] == [b"1\r\n"]
        assert peer.connections == 2


def test_a_message_that_was_announced_and_never_came_is_taken_back():
    """By hanging up: a QUIT would be a part of it."""
    with Peer() as peer:
        session = peer.session()
        first, second = some(2)
        assert session.offer(first) is None
        assert hold(session.finishing(second)).code == 250
        session.close()
        wait_until(lambda: peer.open == 0)
        assert "QUIT" not in peer.commands
        assert len(peer.mails) == 1


def test_no_other_message_takes_the_place_of_one_that_was_announced():
    """That would be a mistake of the program."""
    with Peer() as peer:
        session = peer.session()
        first, second, third = some(3)
        assert session.offer(first) is None
        assert hold(session.finishing(second)).code == 250
        with pytest.raises(ValueError, match="announced"):
            session.offer(third)


def test_what_has_to_wait_for_its_turn_does_not_go_ahead():
    """The dot does not wait for it."""
    now = [100.0]
    with Peer() as peer:
        channel = SmtpChannel([peer.access()], domain_per_second=1.5, clock=lambda: now[0])
        session = peer.keep(channel.open())
        assert [one.stage for one in send_all(session, some(3))] == ["dot", "dot", "held"]
        assert verbs(peer) == ["EHLO", *ENVELOPE * 2]
        now[0] += 10
        first, second = a_message("x@other.example"), a_message("y@third.example")
        assert [one.code for one in send_all(session, [first, second])] == [250, 250]


def test_a_connection_that_has_served_long_enough_is_told_of_nothing_more():
    """The next message is offered to a fresh one."""
    now = [100.0]
    with Peer() as peer:
        session = peer.keep(SmtpChannel([peer.access()], clock=lambda: now[0]).open())
        first, second = some(2)
        assert session.offer(first) is None
        now[0] += 1_000
        assert hold(session.finishing(second)).code == 250
        assert session.offer(second) is None
        assert session.finish().code == 250
        assert peer.connections == 2
        assert verbs(peer) == ["EHLO", *ENVELOPE, "QUIT", "EHLO", *ENVELOPE]
