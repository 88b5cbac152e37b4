"""What domains demand of those who send to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.delivery.receivers.mta_sts import StsPolicy, find_policy_id, parse_policy, sort_out

GOOD = "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmax_age: 604800\r\n"


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["v=STSv1; id=20160831085700Z;"], "20160831085700Z"),
        (["v=STSv1;id=1"], "1"),
        (["v=STSv1 ; a=b; id=7; id=8"], "7"),
        (["v=spf1 -all", "v=STSv1; id=9;"], "9"),
        ([], ""),
        (["v=spf1 -all"], ""),
        (["v=STSv1; id=1;", "v=STSv1; id=2;"], ""),
        (["v=STSv1;"], ""),
        (["v=STSv1; id=" + "1" * 33], ""),
        (["v=STSv1; id=a-b"], ""),
        (["v=STSv12; id=1"], ""),
        (["V=STSv1; id=1"], ""),
    ],
)
def test_one_record_has_the_id_of_the_policy(texts, found):
    """RFC 8461 3.1: none, several, and others do not count."""
    assert find_policy_id(texts) == found


def test_a_policy_names_servers_and_its_time():
    """As in RFC 8461 3.2; unknown keys and the first of two of one kind."""
    policy = StsPolicy("enforce", ("mail.example.com", "*.example.net"), 604_800)
    assert parse_policy(GOOD.encode()) == policy
    assert parse_policy(GOOD.replace("\r\n", "\n").encode()) == policy
    assert parse_policy((GOOD + "mode: none\r\nextra: value\r\n").encode()) == policy
    assert parse_policy(GOOD.replace("*.example.net", "*.EXAMPLE.net.").encode()) == policy


@pytest.mark.parametrize(
    "text",
    [
        "",
        GOOD.replace("STSv1", "STSv2"),
        GOOD.replace("enforce", "Enforce"),
        GOOD.replace("mode: enforce\r\n", ""),
        GOOD.replace("604800", "a week"),
        GOOD.replace("604800", "-1"),
        GOOD.replace("604800", "9" * 11),
        GOOD.replace("max_age: 604800\r\n", ""),
        "version: STSv1\nmode: enforce\nmax_age: 1\n",
        GOOD.replace("*.example.net", "*"),
        GOOD.replace("*.example.net", "a.*.example.net"),
        GOOD.replace("*.example.net", "*.*.example.net"),
        GOOD.replace("mail.example.com", "mail example.com"),
    ],
)
def test_half_a_policy_is_none(text):
    """What is not understood must not be enforced, nor taken for leave to do as one likes."""
    assert parse_policy(text.encode()) is None


def test_a_policy_may_end_all_policies():
    """Mode none needs no servers; an age beyond a year is one year."""
    policy = parse_policy(b"version: STSv1\nmode: none\nmax_age: 9999999999\n")
    assert policy == StsPolicy("none", (), 31_557_600)


@pytest.mark.parametrize(
    ("host", "is_covered"),
    [
        ("mail.example.com", True),
        ("MAIL.example.com", True),
        ("a.example.net", True),
        ("example.net", False),
        ("a.b.example.net", False),
        ("mail.example.com.evil.example", False),
        ("aexample.net", False),
        ("net", False),
    ],
)
def test_a_star_stands_for_one_label(host, is_covered):
    """RFC 8461 4.1."""
    policy = parse_policy(GOOD.encode())
    assert policy is not None
    assert policy.covers(host) is is_covered
    assert sort_out([host], policy) == ((host,) if is_covered else ())


@pytest.mark.parametrize("mode", ["testing", "none"])
def test_only_a_policy_in_force_sorts_out(mode):
    """And it keeps the order of the rest."""
    hosts = ("a.example.net", "evil.example", "mail.example.com")
    assert sort_out(hosts, StsPolicy(mode, ("mail.example.com",), 1)) == hosts
    assert sort_out(hosts, None) == hosts
    assert sort_out(hosts, StsPolicy("enforce", ("mail.example.com", "*.example.net"), 1)) == (
        hosts[0],
        hosts[2],
    )


@given(st.binary(max_size=300))
def test_nonsense_is_no_policy_and_no_error(data):
    """Strangers wrote it."""
    policy = parse_policy(data)
    assert policy is None or policy.patterns or policy.mode == "none"
