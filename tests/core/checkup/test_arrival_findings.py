"""How a mail on trial arrived."""

import pytest

from newsfeed.core.checkup.arrival_findings import judge_arrival, judge_missing
from newsfeed.core.checkup.finding import Health
from newsfeed.service_ports import ArrivedMail

PASS = b"Authentication-Results: mx.test;\r\n dkim=pass header.d=news.test;\r\n spf=pass smtp.mailfrom=bounces@news.test;\r\n dmarc=pass header.from=news.test\r\n"
FORGED = b"Authentication-Results: evil.test; dkim=pass; spf=pass; dmarc=pass\r\n"


def told(head: bytes, server: str = "mx.test", *, is_junk: bool = False) -> list[tuple[str, str]]:
    """Health and what was seen."""
    mail = ArrivedMail("Junk" if is_junk else "INBOX", head + b"Subject: x\r\n\r\n", is_junk=is_junk)
    return [(one.health.value, str(one.seen)) for one in judge_arrival(mail, server)]


def test_what_the_receiver_proved_is_told() -> None:
    """With the domains it was proved for."""
    assert told(FORGED + PASS) == [
        ("good", "the mail arrived in INBOX"),
        ("good", "SPF passes for news.test, says mx.test"),
        ("good", "DKIM passes for news.test, says mx.test"),
        ("good", "DMARC passes for news.test, says mx.test"),
    ]


def test_what_failed_is_told_with_its_reason() -> None:
    """Of several signatures, one that passes is enough; silence is not."""
    head = b'Authentication-Results: mx.test; dkim=fail reason="no key" header.d=a.test; dkim=pass header.i=@b.test; spf=softfail\r\n'
    assert told(head)[1:] == [
        ("problem", "SPF does not pass for –, says mx.test: softfail"),
        ("good", "DKIM passes for b.test, says mx.test"),
        ("advice", "mx.test says nothing about DMARC"),
    ]
    alone = b'Authentication-Results: mx.test; dkim=fail reason="no key" header.d=a.test\r\n'
    assert told(alone)[2] == ("problem", "DKIM does not pass for a.test, says mx.test: fail no key")


@pytest.mark.parametrize("server", ["", "other.test"])
def test_nobody_is_believed_whose_name_is_not_known(server: str) -> None:
    """All names that there are, are told."""
    assert told(FORGED + PASS, server) == [
        ("good", "the mail arrived in INBOX"),
        (
            "unknown",
            "what the mail proved is told by evil.test, mx.test; which of them is the receiver’s is not known",
        ),
    ]


def test_a_receiver_may_say_nothing() -> None:
    """As small ones do."""
    assert told(b"")[1] == ("unknown", "the receiver does not say what the mail proved")


def test_spam_and_silence_are_faults() -> None:
    """Whatever was proved."""
    assert told(PASS, is_junk=True)[0] == ("problem", "the mail was taken for spam: it lies in Junk")
    assert judge_missing(120).health is Health.PROBLEM
