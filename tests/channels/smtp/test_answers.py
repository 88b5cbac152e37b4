"""Answers of a relay, taken out of whatever pieces arrive."""

import itertools
import smtplib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.channels.smtp.answers import LINE, LINES, Answer, AnswerBuffer

WHOLE = b"250-first\r\n250 2.1.0 second\r\n354 go on\n221\r\n"
ANSWERS: list[Answer] = [(250, [b"first", b"2.1.0 second"]), (354, [b"go on"]), (221, [b""])]


def taken(buffer: AnswerBuffer) -> list[Answer]:
    """All that can be taken now."""
    found = []
    while (answer := buffer.take()) is not None:
        found.append(answer)
    return found


@given(st.lists(st.integers(0, len(WHOLE))))
def test_answers_are_the_same_however_they_arrive(cuts: list[int]) -> None:
    """In one piece, or byte by byte."""
    buffer, found = AnswerBuffer(), []
    edges = [0, *sorted(cuts), len(WHOLE)]
    for start, end in itertools.pairwise(edges):
        buffer.add(WHOLE[start:end])
        found += taken(buffer)
    assert found == ANSWERS
    assert not buffer


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\r\n",
        b"25\r\n",
        b"hello\r\n",
        b"250_no\r\n",
        b"250-yes\r\n550 no\r\n",
        b"250-1\r\n" * (LINES + 1),
        b"250 " + b"x" * (LINE + 1),
        b"250-yes\r\n250 " + b"x" * (LINE + 1),
    ],
)
def test_what_is_no_smtp_is_said_so(nonsense: bytes) -> None:
    """As soon as it cannot become an answer any more."""
    buffer = AnswerBuffer()
    buffer.add(nonsense)
    with pytest.raises(smtplib.SMTPServerDisconnected, match="does not speak SMTP"):
        buffer.take()


def test_what_is_forgotten_is_gone() -> None:
    """Nothing of a closed connection is taken for an answer of the next."""
    buffer = AnswerBuffer()
    buffer.add(WHOLE)
    assert buffer
    buffer.clear()
    assert taken(buffer) == []
