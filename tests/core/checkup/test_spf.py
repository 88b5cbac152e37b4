"""SPF evaluation against RFC 7208: results, costs, macros, and records that mean harm."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.checkup.asking import run_asking
from newsfeed.core.checkup.spf import MOST_LOOKUPS, SpfVerdict, check_spf, survey_spf
from newsfeed.core.checkup.spf_record import SpfSender, expand_macros
from newsfeed.service_ports import DnsQuestion, DnsStatus
from tests.core.checkup.names import Zone, answering

HERE = "198.51.100.7"


def spf(name: str, *terms: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """A record."""
    return {(name, "TXT"): (" ".join(["v=spf1", *terms]),)}


def judged(zone: Zone, address: str = HERE, domain: str = "news.test") -> SpfVerdict:
    """What a receiver thinks of a client."""
    sender = SpfSender(ip_address(address), "bounces", domain, "mx.news.test")
    return run_asking(check_spf(domain, sender), answering(zone))


@pytest.mark.parametrize(
    ("terms", "result"),
    [
        (("ip4:198.51.100.0/24", "-all"), "pass"),
        (("ip4:198.51.100.7", "-all"), "pass"),
        (("ip4:203.0.113.0/24", "-all"), "fail"),
        (("~all",), "softfail"),
        (("?all",), "neutral"),
        ((), "neutral"),
        (("-ip4:198.51.100.7", "+all"), "fail"),
        (("a", "-all"), "pass"),
        (("A:NEWS.test", "-all"), "pass"),
        (("a:other.test", "-all"), "fail"),
        (("a:other.test/24", "-all"), "pass"),
        (("mx", "-all"), "pass"),
        (("mx//64", "-all"), "pass"),
        (("exists:%{ir}.%{v}.list.test", "-all"), "pass"),
        (("exists:no.list.test", "-all"), "fail"),
        (("include:relay.test", "-all"), "pass"),
        (("include:strict.test", "?all"), "neutral"),
        (("redirect=relay.test",), "pass"),
        (("redirect=relay.test", "-all"), "fail"),
        (("unknown=thing", "-all"), "fail"),
        (("exp=why.test", "-all"), "fail"),
        (("ptr", "-all"), "pass"),
        (("ip6:2001:db8::/32", "-all"), "fail"),
    ],
)
def test_a_client_gets_the_result_of_the_first_term_about_it(terms: tuple[str, ...], result: str) -> None:
    """Mechanisms are tried from the left; modifiers wait until none was about the client."""
    zone = {
        **spf("news.test", *terms),
        **spf("relay.test", "ip4:198.51.100.0/25", "-all"),
        **spf("strict.test", "-all"),
        ("news.test", "A"): (HERE,),
        ("other.test", "A"): ("198.51.100.200",),
        ("news.test", "MX"): ("mx.news.test",),
        ("mx.news.test", "A"): (HERE,),
        ("7.100.51.198.in-addr.list.test", "A"): ("127.0.0.2",),
        ("7.100.51.198.in-addr.arpa", "PTR"): ("mx.news.test",),
    }
    assert judged(zone).result == result


def test_addresses_of_the_new_kind_are_compared_with_their_own() -> None:
    """Of a client with IPv6 only AAAA is asked."""
    zone = {
        **spf("news.test", "a//64", "-all"),
        ("news.test", "AAAA"): ("2001:db8::1",),
        ("news.test", "A"): (HERE,),
    }
    assert judged(zone, "2001:db8::2").result == "pass"
    assert judged(zone, "2001:db8:1::2").result == "fail"


@pytest.mark.parametrize(
    ("zone", "result", "error", "detail"),
    [
        ({}, "none", "", ""),
        ({("news.test", "TXT"): ("v=spf10 all", "hello")}, "none", "", ""),
        ({("news.test", "TXT"): ("v=spf1 -all", "V=SPF1 a")}, "permerror", "several", "news.test"),
        ({("news.test", "TXT"): DnsStatus.FAILED}, "temperror", "dns", "news.test"),
        ({("news.test", "TXT"): DnsStatus.SILENT}, "temperror", "dns", "news.test"),
        (spf("news.test", "inlcude:relay.test"), "permerror", "syntax", "inlcude:relay.test"),
        (spf("news.test", "ip4:1.2.3"), "permerror", "syntax", "ip4:1.2.3"),
        (spf("news.test", "ip4:2001:db8::1"), "permerror", "syntax", "ip4:2001:db8::1"),
        (spf("news.test", "ip4:198.51.100.7", "-all", "ip4:1.2.3.4/33"), "permerror", "syntax", "ip4:1.2.3.4/33"),
        (spf("news.test", "a/33"), "permerror", "syntax", "a/33"),
        (spf("news.test", "all:x.test"), "permerror", "syntax", "all:x.test"),
        (spf("news.test", "include:"), "permerror", "syntax", "include:"),
        (spf("news.test", "exists:%{x}.test"), "permerror", "syntax", "exists:%{x}.test"),
        (spf("news.test", "redirect=a.test", "redirect=b.test"), "permerror", "syntax", "redirect"),
        (spf("news.test", "redirect="), "permerror", "syntax", "redirect="),
        (spf("news.test", "include:gone.test"), "permerror", "missing", "gone.test"),
        (spf("news.test", "redirect=gone.test"), "permerror", "missing", "gone.test"),
        (spf("news.test", "include:news.test"), "permerror", "loop", "news.test"),
        ({**spf("news.test", "redirect=b.test"), **spf("b.test", "redirect=news.test")}, "permerror", "loop", "news.test"),
        ({**spf("news.test", "a"), ("news.test", "A"): DnsStatus.SILENT}, "temperror", "dns", "news.test"),
        ({**spf("news.test", "mx"), ("news.test", "MX"): DnsStatus.FAILED}, "temperror", "dns", "news.test"),
        ({**spf("news.test", "exists:x.test"), ("x.test", "A"): DnsStatus.FAILED}, "temperror", "dns", "x.test"),
        ({**spf("news.test", "include:b.test"), ("b.test", "TXT"): DnsStatus.FAILED}, "temperror", "dns", "b.test"),
        ({**spf("news.test", "mx"), ("news.test", "MX"): tuple(f"mx{n}.test" for n in range(11))}, "permerror", "names", "news.test"),
        (spf("news.test", "a:x.test", "a:y.test", "a:z.test", "-all"), "permerror", "void", "z.test"),
        ({**spf("news.test", "mx"), ("news.test", "MX"): ("mx.test",), ("mx.test", "A"): DnsStatus.FAILED}, "temperror", "dns", "mx.test"),
    ],
)  # fmt: skip
def test_an_error_says_which_term_or_name_it_is(zone: Zone, result: str, error: str, detail: str) -> None:
    """A name that is absent, one that is in trouble and one that is silent are three things."""
    found = judged(zone)
    assert (found.result, found.error, found.detail) == (result, error, detail)


def test_the_eleventh_look_up_is_an_error() -> None:
    """Includes count with all that is in them; addresses do not (4.6.4)."""
    names = [f"s{number}.test" for number in range(MOST_LOOKUPS + 1)]
    fine = spf("news.test", "ip4:192.0.2.0/24", *(f"include:{name}" for name in names[:-1]), "-all")
    many = spf("news.test", *(f"include:{name}" for name in names), "-all")
    inner = {entry: value for name in names for entry, value in spf(name, "ip4:203.0.113.9", "-all").items()}
    assert (judged({**fine, **inner}).result, judged({**fine, **inner}).lookups) == ("fail", 10)
    assert (judged({**many, **inner}).error, judged({**many, **inner}).detail) == ("lookups", "s10.test")


def test_a_survey_counts_on_beyond_the_limit() -> None:
    """So that it can be said how many are too many."""
    names = [f"s{number}.test" for number in range(14)]
    inner = {entry: value for name in names for entry, value in spf(name, "a:gone.test", "-all").items()}
    zone = {**spf("news.test", *(f"include:{name}" for name in names), "-all"), **inner}
    found = run_asking(survey_spf("news.test"), answering(zone))
    assert (found.result, found.lookups, found.void) == ("fail", 28, 14)


def test_a_survey_of_a_bomb_ends() -> None:
    """Records that include ten others each, five deep, cost a hundred thousand questions else."""
    zone = {
        entry: value
        for depth in range(5)
        for number in range(10)
        for entry, value in spf(
            f"d{depth}n{number}.test", *(f"include:d{depth + 1}n{one}.test" for one in range(10))
        ).items()
    }
    asked: list[DnsQuestion] = []
    found = run_asking(survey_spf("d0n0.test"), answering(zone, asked))
    assert found.result == "permerror"
    assert len(asked) < 50


def test_who_lets_everybody_send_is_found_out() -> None:
    """Also where an include does it."""
    zone = {**spf("news.test", "include:b.test", "-all"), **spf("b.test", "+all")}
    assert run_asking(survey_spf("news.test"), answering(zone)).result == "pass"


def test_the_deprecated_mechanism_is_told() -> None:
    """It is slow, and some receivers do not ask for it at all."""
    assert judged(spf("news.test", "ptr", "-all")).deprecated
    assert not judged(spf("news.test", "a", "-all")).deprecated


SENDER = SpfSender(ip_address("192.0.2.3"), "strong-bad", "email.example.com", "mx.example.org")


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("%{s}", "strong-bad@email.example.com"),
        ("%{o}", "email.example.com"),
        ("%{d}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d3}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l}", "strong-bad"),
        ("%{l-}", "strong.bad"),
        ("%{lr}", "strong-bad"),
        ("%{lr-}", "bad.strong"),
        ("%{l1r-}", "strong"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
        ("%{h}", "mx.example.org"),
        ("%{S}", "strong-bad%40email.example.com"),
        ("%%%_%-", "% %20"),
    ],
)
def test_macros_are_filled_as_the_standard_shows(text: str, expanded: str) -> None:
    """The examples of RFC 7208 7.4."""
    assert expand_macros(text, SENDER, "email.example.com") == expanded


def test_macros_write_an_address_of_the_new_kind_digit_by_digit() -> None:
    """As RFC 7208 7.4 has it."""
    sender = SpfSender(ip_address("2001:db8::cb01"), domain="email.example.com")
    assert expand_macros("%{ir}.%{v}", sender, "x.test") == (
        "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6"
    )


def test_names_that_become_too_long_lose_labels() -> None:
    """At the left, until they fit (7.3)."""
    sender = SpfSender(ip_address("192.0.2.3"), ".".join(["label"] * 60), "x.test")
    assert len(expand_macros("%{l}.x.test", sender, "x.test")) <= 253


_WORDS = st.lists(
    st.sampled_from(
        ["all", "-all", "a", "mx", "ptr", "a:b.test", "mx:b.test/24", "include:a.test", "include:b.test", "include:c.test", "exists:%{i}.c.test", "redirect=a.test", "redirect=b.test", "ip4:1.2.3.4", "ip6::", "exp=x", "a//", "%%", "%{d", "/"]
    )
    | st.text(st.characters(max_codepoint=0x180), max_size=12),
    max_size=30,
)  # fmt: skip


@given(st.fixed_dictionaries(dict.fromkeys(("a.test", "b.test", "c.test"), _WORDS)))
def test_no_records_lead_into_a_circle_or_cost_more_than_allowed(records: dict[str, list[str]]) -> None:
    """Whatever stands in them: a verdict comes, after questions that are counted."""
    zone = {entry: value for name, terms in records.items() for entry, value in spf(name, *terms).items()}
    asked: list[DnsQuestion] = []
    found = run_asking(check_spf("a.test", SENDER), answering(zone, asked))
    assert found.result in ("pass", "fail", "softfail", "neutral", "none", "temperror", "permerror")
    assert bool(found.error) == (found.result in ("temperror", "permerror"))
    assert len(asked) <= 1 + MOST_LOOKUPS * 12


@given(st.text())
def test_no_text_breaks_the_reader_of_records(text: str) -> None:
    """It is read, or the term that is wrong is named."""
    zone = {("news.test", "TXT"): (f"v=spf1 {text}",)}
    found = judged(zone)
    assert found.error != "syntax" or found.detail
