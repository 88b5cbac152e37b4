"""Visitors while a digest goes out, in short: every answer is right, and the books balance."""

import argparse
from collections import Counter
from pathlib import Path

import pytest

from bench.load import play
from bench.visitors import CHOOSE, LEAVE, SIGN_UP

pytestmark = pytest.mark.slow


def test_nobody_is_lost_while_a_digest_leaves_and_visitors_come(tmp_path: Path) -> None:
    """Each reader gets one mail or has left; each choice is kept, each sign-up asked; no answer is wrong."""
    given = argparse.Namespace(rate=100, seconds=4, readers=1_000, connections=4, seed=1, at_once=True)
    result = play(tmp_path, given)
    assert result.troubles == []
    kinds = Counter(one.asked.kind for one in result.answers)
    assert {CHOOSE, LEAVE, SIGN_UP} <= set(kinds)
    assert 1_000 - kinds[LEAVE] <= len(result.mails) <= 1_000
    assert len(result.questions) == kinds[SIGN_UP]
