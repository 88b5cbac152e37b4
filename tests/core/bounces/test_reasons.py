"""What a server's own words say against a status code."""

import pytest

from newsfeed.core.bounces.reasons import classify_failure, classify_status

HARD = "5.1.1"

BLOCKED = [
    "550 5.1.1 Your address is on our block list",
    "550 192.0.2.9 is listed at zen.spamhaus.example",
    "554 rejected: see https://check.example/lookup?ip=192.0.2.9",
    "550 see http://postmaster.example/192.0.2.9",
    "550 5.1.1 poor reputation",
    "550 too many messages from your server",
    "550 5.1.1 you send too fast",
    "550 5.1.1 rate limit exceeded",
    "550 5.1.1 hourly limit reached for your network",
    "550 5.1.1 Throttled",
    "550 sorry, zu viele Nachrichten in kurzer Zeit",
    "550 Trop de connexions",
    "550 5.1.1 message refused: it looks like spam",
    "550 5.1.1 rejected for policy reasons",
    "550 SPF check failed",
    "550 5.1.1 does not pass DMARC",
    "550 no reverse DNS for 192.0.2.9",
    "550 relaying denied",
    "550 5.1.1 unable to relay for this address",
    "550 Sender address rejected: Domain not found",
    "550 5.1.1 sender verify failed: user unknown",
    "550 Client host rejected",
    "550 Ihre Mail wurde wegen einer Richtlinie nicht angenommen",
]
FULL = [
    "552 5.2.2 over quota",
    "550 5.1.1 mailbox is full",
    "550 5.1.1 User's mailbox has exceeded its quota",
    "552 no more room",
    "452 later",
    "550 Das Postfach ist voll",
    "550 Kontingent erschöpft",
    "550 La boîte aux lettres est pleine",
    "550 message too large",
    "550 5.1.1 temporarily unavailable",
    "450 user unknown, perhaps",
    "421 closing",
    "550 The user is receiving mail at a rate that prevents more",
    "550 too many hops",
]
GONE = [
    "",
    "550 5.1.1 user unknown",
    "550 5.1.1 <spam@blacklist.example>: unknown recipient",
    "host spamfilter.example[192.0.2.1] said: 550 5.1.1 no such user",
    "550 5.1.1 Recipient address rejected: User unknown in relay recipient table",
    "550-5.1.1 The account that you tried to reach does not exist. Look for typos. 550 5.1.1 a - gsmtp",
    "550 5.1.1 rejected: no such user, so this message was blocked by policy",
    "User jane not listed in Domino Directory",
    "550 5.1.1 Unbekannter Empfänger",
    "550 utilisateur inconnu",
    "550 5.1.1 mailbox disabled",
]


@pytest.mark.parametrize("words", BLOCKED)
@pytest.mark.parametrize("status", [HARD, "5.1.2", "5.0.0", "5.2.1"])
def test_what_is_said_of_us_is_not_the_readers_fault(status: str, words: str) -> None:
    """Whatever status a relay makes of it."""
    assert classify_failure(status, "failed", words) == "policy"


@pytest.mark.parametrize("words", FULL)
@pytest.mark.parametrize("status", [HARD, "5.1.2", "5.0.0", "5.2.1"])
def test_what_may_be_different_tomorrow_is_soft(status: str, words: str) -> None:
    """A full mailbox is one, and so is a busy server."""
    assert classify_failure(status, "failed", words) == "soft"


@pytest.mark.parametrize("words", GONE)
def test_words_that_agree_change_nothing(words: str) -> None:
    """Nor do the names of hosts, and what addresses are called."""
    assert classify_failure(HARD, "failed", words) == "hard"


@pytest.mark.parametrize("words", [*BLOCKED, *FULL, *GONE])
@pytest.mark.parametrize("status", ["5.0.0", "5.7.1", "4.4.1", "5.2.2", ""])
def test_words_never_make_a_verdict_harder(status: str, words: str) -> None:
    """No sentence ends a subscription."""
    assert classify_failure(status, "failed", words) != "hard"


@pytest.mark.parametrize(
    ("status", "action", "kind"),
    [
        ("5.1.1", "delayed", ""),
        ("5.1.7", "failed", "policy"),
        ("5.1.8", "failed", "policy"),
        ("5.7.1", "failed", "policy"),
        ("2.0.0", "failed", ""),
    ],
)
def test_a_status_that_says_enough_needs_no_words(status: str, action: str, kind: str) -> None:
    """News of the way are no failures; a sender's address that is wrong is ours."""
    assert classify_failure(status, action, "550 over quota, user unknown") == kind


@pytest.mark.parametrize(
    ("status", "action", "kind"),
    [
        ("5.1.1", "failed", "hard"),
        ("5.1.10", "failed", "hard"),
        ("5.2.1", "failed", "hard"),
        ("5.1.1", "FAILED", "hard"),
        ("5.1.1", "", "hard"),
        ("5.2.2", "failed", "soft"),
        ("5.0.0", "failed", "soft"),
        ("4.4.7", "failed", "soft"),
        ("5.7.1", "failed", "policy"),
        ("5.7.26", "failed", "policy"),
        ("4.7.0", "failed", "policy"),
        ("4.4.1", "delayed", ""),
        ("5.1.1", "relayed", ""),
        ("2.0.0", "delivered", ""),
        ("", "failed", ""),
        ("nonsense", "failed", ""),
    ],
)
def test_what_a_report_means(status, action, kind):
    """RFC 3463 and 3464; a quarrel of servers is not the reader's fault."""
    assert classify_status(status, action) == kind
