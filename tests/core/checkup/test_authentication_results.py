"""Reading what a receiver found out (RFC 8601)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.checkup.authentication_results import list_servers, parse_results, select_trusted

GMAIL = """mx.google.com;
       dkim=pass header.i=@example.org header.s=news header.b=abc123;
       spf=pass (google.com: domain of bounces@example.org designates 192.0.2.1 as permitted sender)
 smtp.mailfrom="bounces@example.org";
       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=example.org"""


def test_methods_results_and_properties_are_read() -> None:
    """Comments and folding are no part of them."""
    found = parse_results(GMAIL)
    assert found is not None
    assert found.server == "mx.google.com"
    assert [(one.method, one.result) for one in found.results] == [
        ("dkim", "pass"),
        ("spf", "pass"),
        ("dmarc", "pass"),
    ]
    assert found.of("spf")[0].properties == {"smtp.mailfrom": "bounces@example.org"}
    assert found.of("dkim")[0].properties["header.i"] == "@example.org"


@pytest.mark.parametrize(
    ("header", "results"),
    [
        ("mx.test; none", []),
        ("mx.test 1; spf=fail", [("spf", "fail")]),
        ("mx.test (nested (comment; spf=pass) ;) ; spf=fail", [("spf", "fail")]),
        ('mx.test; dkim=fail reason="bad; spf=pass \\" signature"', [("dkim", "fail")]),
        ("MX.Test; SPF/1=Pass smtp.mailfrom=a.test", [("spf", "pass")]),
        ("mx.test; spf; =pass; dkim=pass", [("dkim", "pass")]),
        ("mx.test (never closed; spf=pass", []),
        ("mx.test", []),
    ],
)
def test_only_what_is_said_counts(header: str, results: list[tuple[str, str]]) -> None:
    """Nothing inside comments or quotes is a result."""
    found = parse_results(header)
    assert found is not None
    assert found.server == "mx.test"
    assert [(one.method, one.result) for one in found.results] == results


def test_the_reason_of_a_result_is_kept() -> None:
    """It says most when something failed."""
    found = parse_results('mx.test; dkim=fail reason="no key" header.d=example.org')
    assert found is not None
    assert found.results[0].properties == {"reason": "no key", "header.d": "example.org"}


def test_only_the_word_of_the_receiver_counts() -> None:
    """Anybody on the way, and the sender too, can put such headers into a mail (7.1)."""
    headers = [
        "mx.test; spf=fail",
        "evil.test; spf=pass; dmarc=pass",
        "mx.test.evil.test; dmarc=pass",
        "mx.test; dmarc=fail",
    ]
    found = select_trusted(headers, "MX.test")
    assert found is not None
    assert [(one.method, one.result) for one in found.results] == [("spf", "fail"), ("dmarc", "fail")]
    assert select_trusted(headers, "other.test") is None
    assert list_servers(headers) == ("mx.test", "evil.test", "mx.test.evil.test")


@pytest.mark.parametrize("header", ["", ";", " ; spf=pass", "(comment)"])
def test_a_header_without_a_server_is_none(header: str) -> None:
    """Nobody said it."""
    assert parse_results(header) is None


@given(st.text(max_size=300))
def test_no_header_breaks_the_reader(text: str) -> None:
    """It is read, or it is none."""
    found = parse_results(text)
    assert found is None or found.server == found.server.lower()
