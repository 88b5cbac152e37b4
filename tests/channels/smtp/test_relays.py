"""Several relays: failover, rests, and no storm when something is wrong."""

import threading
import time

import pytest

from newsfeed.channels.smtp import SmtpChannel
from newsfeed.channels.smtp.relays import LONGEST_REST, REST, TRIES, CircuitBreaker
from newsfeed.errors import OutsideError
from tests.channels.smtp.peer import DROP, HANG, Peer, a_message
from tests.delivery.sites import wait_until

LARGE = (b"x" * 990 + b"\r\n") * 8_000
"""More than fits into the buffers on the way."""


def _send(session, message=None):
    message = message or a_message()
    return session.offer(message) or session.finish()


def _pair(first: Peer, second: Peer, now=None, **changes) -> SmtpChannel:
    clock = (lambda: now[0]) if now else time.monotonic
    return SmtpChannel([first.access(**changes), second.access(**changes)], clock=clock)


@pytest.mark.parametrize("fault", [DROP, HANG, "garbage", "554 5.3.2 no", "421 4.3.2 busy"])
def test_the_next_relay_stands_in_for_one_that_cannot_be_reached(fault):
    """The message leaves all the same, and says by which relay."""
    with Peer({"CONNECT": [fault] * 9}) as first, Peer() as second:
        channel = SmtpChannel([first.access(timeout=0.3 if fault == HANG else 30), second.access()])
        session = second.keep(channel.open())
        assert _send(session).relay == second.name
        assert _send(session).relay == second.name
        assert (first.connections, second.connections) == (1, 1)


@pytest.mark.parametrize("stage", ["MAIL", "DATA", "BODY"])
def test_the_next_relay_stands_in_for_one_that_breaks_off(stage):
    """Lost before the dot, the message goes to the next relay at once."""
    with Peer({stage: [DROP] * 9}, features=("PIPELINING",)) as first, Peer(features=()) as second:
        session = second.keep(_pair(first, second).open())
        assert _send(session, a_message(data=LARGE)).relay == second.name
        assert (first.mails, len(second.mails)) == ([], 1)


def test_nothing_in_doubt_goes_to_another_relay():
    """Lost after the dot is a matter of policy: the wire does not send again by itself."""
    with Peer({"DOT": [DROP]}) as first, Peer() as second:
        session = second.keep(_pair(first, second).open())
        reply = _send(session)
        assert (reply.code, reply.stage, reply.relay) == (0, "dot", first.name)
        assert second.mails == []


def test_a_refusal_is_not_shopped_around():
    """What one relay refuses is not offered to the next: 5xx and 4xx are answers."""
    with Peer({"RCPT": ["550 5.1.1 unknown", "450 4.2.0 greylisted"]}) as first, Peer() as second:
        session = second.keep(_pair(first, second).open())
        assert [session.offer(a_message()).code, session.offer(a_message()).code] == [550, 450]
        assert second.connections == 0


def test_the_first_relay_is_asked_again_when_it_has_rested():
    """And connections to the second are given up when their time is over."""
    now = [0.0]
    with Peer({"CONNECT": [DROP]}) as first, Peer() as second:
        session = second.keep(_pair(first, second, now).open())
        assert _send(session).relay == second.name
        now[0] += REST / 2
        assert _send(session).relay == second.name
        now[0] += 301
        assert _send(session).relay == first.name


def test_when_no_relay_is_left_the_reason_names_each():
    """One line for the operator; addresses of readers are not in it."""
    with (
        Peer({"CONNECT": [DROP] * 9}) as first,
        Peer({"CONNECT": ["554 5.3.2 no mail for x@y.example"] * 9}) as second,
    ):
        session = _pair(first, second).open()
        with pytest.raises(OutsideError) as found:
            session.offer(a_message())
        assert found.value.message == (
            f"no relay takes mail now ({first.name}: it closed the connection; "
            f"{second.name}: 554 5.3.2 no mail for …)"
        )


def test_a_resting_relay_is_not_called():
    """However many messages ask for it."""
    now = [0.0]
    with Peer({"CONNECT": [DROP] * 99}) as peer:
        channel = SmtpChannel([peer.access()], clock=lambda: now[0])
        for _ in range(50):
            with pytest.raises(OutsideError):
                channel.open().offer(a_message())
        assert peer.connections == 1
        now[0] += REST
        with pytest.raises(OutsideError):
            channel.open().offer(a_message())
        assert peer.connections == 2


def test_rests_grow_to_a_quarter_of_an_hour():
    """Ten seconds, twenty, forty…; after a success it starts anew."""
    breaker, now, rests = CircuitBreaker(), 0.0, []
    for _ in range(10):
        breaker.mark_unreachable(now, "x", lasting=False)
        start = now
        while breaker.is_resting(now):
            now += 5
        rests.append(now - start)
    assert rests == [10, 20, 40, 80, 160, 320, 640, 900, 900, 900]
    breaker.mark_working()
    breaker.mark_unreachable(now, "x", lasting=False)
    assert breaker.is_resting(now + 9)
    assert not breaker.is_resting(now + 10)


def test_a_relay_that_accepts_and_drops_is_left_alone_after_a_few_times():
    """Its connections look good until the end."""
    with Peer({"DOT": [DROP] * 99}) as peer:
        session = peer.session()
        assert [_send(session).code for _ in range(TRIES)] == [0] * TRIES
        with pytest.raises(OutsideError, match="it closed the connection"):
            session.offer(a_message())
        assert peer.connections == TRIES


def test_a_wrong_password_is_one_clear_line_and_one_try():
    """Four connections at once, fifty messages: the server sees one attempt."""
    with Peer(passwords={"news": "right"}) as peer:
        access = peer.access(username="news", password="wrong", connections=4)
        channel, lines = SmtpChannel([access]), []

        def work():
            for _ in range(12):
                try:
                    channel.open().offer(a_message())
                except OutsideError as error:
                    lines.append(error.message)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert peer.connections == 1
        assert len(lines) == 48
        assert set(lines) == {
            (
                f"no relay takes mail now ({peer.name}: it does not accept our user name and password "
                "(535 5.7.8 Error: authentication failed for …))"
            )
        }
        assert "wrong" not in repr(access)


def test_a_wrong_password_rests_for_long():
    """Only a person can change it."""
    now = [0.0]
    with Peer(passwords={"news": "right"}) as peer:
        channel = SmtpChannel([peer.access(username="news", password="wrong")], clock=lambda: now[0])
        for step in (0, LONGEST_REST - 1, 2):
            now[0] += step
            with pytest.raises(OutsideError):
                channel.open().offer(a_message())
        assert peer.connections == 2


def test_a_login_that_fails_for_a_moment_is_no_wrong_password():
    """454 4.7.0: the server's own trouble; a short rest is enough."""
    now = [0.0]
    with Peer(
        {"AUTH PLAIN": ["454 4.7.0 try later"]}, passwords={"news": "right"}, mechanisms="PLAIN"
    ) as peer:
        channel = SmtpChannel([peer.access(username="news", password="right")], clock=lambda: now[0])
        with pytest.raises(OutsideError, match=r"454 4.7.0 try later"):
            channel.open().offer(a_message())
        now[0] += REST
        assert _send(peer.keep(channel.open())).code == 250


def test_no_more_connections_than_configured():
    """Further wires wait for a free place; everything is sent."""
    with Peer() as peer:
        channel = peer.channel(connections=2)

        def work():
            session = channel.open()
            for _ in range(3):
                assert _send(session).code == 250
            session.close()

        threads = [threading.Thread(target=work) for _ in range(6)]
        for one in threads:
            one.start()
        for one in threads:
            one.join(60)
        assert len(peer.mails) == 18
        assert channel.connections == 2
        assert peer.most_open <= 3  # the peer hears a little later that one was closed


def test_a_relay_that_takes_no_more_connections_is_not_in_trouble():
    """421 to the third greeting while two are at work: the third waits until one of them is free."""
    with Peer({"CONNECT": ["220 hi", "220 hi", "421 4.7.0 too many connections"]}) as peer:
        channel = peer.channel(connections=4)
        first, second, third = (peer.keep(channel.open()) for _ in range(3))
        assert [_send(first).code, _send(second).code] == [250, 250]
        replies = []
        waiting = threading.Thread(target=lambda: replies.append(_send(third)))
        waiting.start()
        wait_until(lambda: peer.connections == 3)
        time.sleep(0.3)
        assert (peer.connections, replies) == (3, [])
        assert _send(first).code == 250
        second.close()
        waiting.join(60)
        assert [one.code for one in replies] == [250]


def test_a_stopped_channel_frees_those_who_wait_for_a_place():
    """Nobody hangs at the end."""
    with Peer() as peer:
        channel = peer.channel(connections=1)
        holder = peer.keep(channel.open())
        assert _send(holder).code == 250
        threading.Timer(0.1, channel.close).start()
        with pytest.raises(OutsideError, match="stopped"):
            channel.open().offer(a_message())
