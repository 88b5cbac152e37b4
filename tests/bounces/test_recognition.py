"""What the bounce verb makes of the mails that many servers send back."""

from collections import Counter

import pytest

from newsfeed.bounces.process import read_returned_mails
from tests.bounces.notices import fill_in, read_notices
from tests.bounces.test_process import NOW, a_context, outcome, token, untouched

NOTICES = read_notices()
TOUCHING = ("hard", "soft", "policy")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["maildir", "imap"])
@pytest.mark.parametrize("name", NOTICES)
def test_a_notice_counts_as_what_it_is(name: str, line_end: str) -> None:
    """Of every server, in every form; with a genuine token in the envelope."""
    mail, expected = NOTICES[name]
    assert outcome(read_returned_mails(a_context(), [fill_in(mail, token(), line_end)], NOW)) == expected


@pytest.mark.parametrize("name", [name for name, (_, expected) in NOTICES.items() if expected in TOUCHING])
def test_a_notice_with_a_forged_token_touches_nobody(name: str) -> None:
    """Nor does one without any."""
    mail, _ = NOTICES[name]
    for forged in (token(secret="guessed"), token()[:20]):
        context = a_context()
        read_returned_mails(context, [fill_in(mail, forged)], NOW)
        assert untouched(context)


def test_the_notices_are_many_and_of_every_kind() -> None:
    """Hard, soft, policy, delays, answers of mailboxes, and mails about something else."""
    kinds = Counter(expected for _, expected in NOTICES.values())
    assert sum(kinds.values()) >= 80
    assert set(kinds) == {*TOUCHING, "delayed", "auto-reply", "unrelated"}
    assert min(kinds.values()) >= 5


def test_a_day_on_a_block_list_costs_no_reader() -> None:
    """However many issues come back, whatever status the relays make of it."""
    names = [name for name, (_, expected) in NOTICES.items() if expected == "policy"]
    context = a_context()
    mails = [fill_in(NOTICES[name][0], token(delivery)) for name in names for delivery in (7, 9, 10, 11)]
    assert read_returned_mails(context, mails, NOW).stopped == 0
    assert {one.state for one in context.people.all()} == {"active"}


def test_a_notice_in_western_european_is_understood() -> None:
    """Old servers do not write UTF-8."""
    mail = NOTICES["webmail-free-french-full"][0]
    data = fill_in(mail, token()).decode().replace("utf-8", "iso-8859-1").encode("iso-8859-1")
    assert outcome(read_returned_mails(a_context(), [data], NOW)) == "soft"
