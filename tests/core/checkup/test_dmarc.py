"""DMARC's tree walk and alignment (RFC 9989), with records that mean harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.checkup.asking import run_asking
from newsfeed.core.checkup.dmarc import (
    DmarcWalk,
    find_refusing,
    is_aligned,
    list_targets,
    parse_dmarc,
    walk_tree,
)
from newsfeed.service_ports import DnsQuestion, DnsStatus
from tests.core.checkup.names import Zone, answering


def walked(domain: str, zone: Zone | dict[str, str], asked: list[DnsQuestion] | None = None) -> DmarcWalk:
    """A walk over records by domain, or over a zone."""
    entries = {
        ((f"_dmarc.{key}", "TXT") if isinstance(key, str) else key): (value,)
        if isinstance(value, str)
        else value
        for key, value in zone.items()
    }
    return run_asking(walk_tree(domain), answering(entries, asked))


def test_the_walk_of_a_long_name_asks_eight_times() -> None:
    """The example of the standard."""
    assert list(list_targets("a.b.c.d.e.f.g.h.i.j.mail.example.com")) == [
        "a.b.c.d.e.f.g.h.i.j.mail.example.com",
        "g.h.i.j.mail.example.com",
        "h.i.j.mail.example.com",
        "i.j.mail.example.com",
        "j.mail.example.com",
        "mail.example.com",
        "example.com",
        "com",
    ]


@pytest.mark.parametrize(("labels", "questions"), [(1, 1), (2, 2), (7, 7), (8, 8), (9, 8), (40, 8)])
def test_no_name_costs_more_than_eight_questions(labels: int, questions: int) -> None:
    """However long it is."""
    asked: list[DnsQuestion] = []
    walked(".".join(["x"] * labels), {}, asked)
    assert len(asked) == questions


@pytest.mark.parametrize(
    ("records", "organisation"),
    [
        ({"mail.example.com": "v=DMARC1; p=none", "example.com": "v=DMARC1; p=none"}, "example.com"),
        ({"mail.example.com": "v=DMARC1; p=none; psd=n"}, "mail.example.com"),
        ({"com": "v=DMARC1; p=reject; psd=y"}, "example.com"),
        ({"com": "v=DMARC1; p=reject; psd=u"}, "com"),
        ({"a.mail.example.com": "v=DMARC1; p=none; psd=y", "com": "v=DMARC1; p=none"}, "a.mail.example.com"),
        ({}, "a.mail.example.com"),
        ({"example.com": "v=DMARC2; p=none"}, "a.mail.example.com"),
    ],
)
def test_the_organisation_is_found_as_the_standard_shows(records: dict[str, str], organisation: str) -> None:
    """By the shortest name with a record, unless one says where the border is."""
    assert walked("a.mail.example.com", records).organisation == organisation


def test_the_record_that_counts_is_ones_own_before_that_of_the_organisation() -> None:
    """And a public suffix comes last; names between do not count (4.10.1)."""
    top = {"example.com": "v=DMARC1; p=quarantine; sp=reject", "mail.example.com": "v=DMARC1; p=none"}
    own = {**top, "a.mail.example.com": "v=DMARC1; p=reject"}
    suffix = {"com": "v=DMARC1; p=reject; psd=y"}
    found = [walked("a.mail.example.com", records).applied for records in (own, top, suffix, {})]
    assert [one and one.domain for one in found] == ["a.mail.example.com", "example.com", "com", None]


def test_several_records_count_as_none() -> None:
    """And it is said where they are."""
    found = walked("example.com", {("_dmarc.example.com", "TXT"): ("v=DMARC1; p=none", "v=DMARC1; p=reject")})
    assert (found.applied, found.several) == (None, "example.com")


def test_texts_beside_a_record_do_no_harm() -> None:
    """Wildcards bring all kinds of texts to such names."""
    found = walked("example.com", {("_dmarc.example.com", "TXT"): ("v=spf1 -all", "v=DMARC1; p=none")})
    assert found.applied is not None


@pytest.mark.parametrize("status", [DnsStatus.FAILED, DnsStatus.SILENT])
def test_a_name_in_trouble_is_no_name_without_a_record(status: DnsStatus) -> None:
    """It is not known whether there is one."""
    found = walked("example.com", {("_dmarc.example.com", "TXT"): status})
    assert (found.applied, found.trouble) == (None, "example.com")


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("v=DMARC1;p=reject", "reject"),
        ("v = DMARC1 ; P = Quarantine ;", "quarantine"),
        ("v=DMARC1; rua=mailto:a@example.org", "none"),
        ("v=DMARC1; p=rejct; rua=mailto:a@example.org", "none"),
        ("v=DMARC1; p=reject; sp=all; rua=mailto:a@example.org", "none"),
        ("v=DMARC1; p=rejct", ""),
        ("v=DMARC1", ""),
        ("v=DMARC1; nonsense; =; p=none; p=reject; pct=20", "none"),
    ],
)
def test_what_is_wrong_in_a_record_counts_as_not_said(text: str, policy: str) -> None:
    """Without a policy that means something, only who wants reports has one (4.10.1)."""
    found = parse_dmarc("example.org", text)
    assert found is not None
    assert found.policy == policy


@pytest.mark.parametrize(
    "text", ["", "v=dmarc1; p=none", "p=none; v=DMARC1", "v=DMARC10; p=none", " ", "v=DMARC1 p=none"]
)
def test_what_does_not_begin_with_the_version_is_no_record(text: str) -> None:
    """Letter by letter (4.7)."""
    assert parse_dmarc("example.org", text) is None


def test_alignment_is_by_organisation_unless_it_is_strict() -> None:
    """Strict alignment wants the very same name."""
    zone = {"example.org": "v=DMARC1; p=none"}
    news, bounces = walked("news.example.org", zone), walked("bounces.example.org", zone)
    other = walked("example.com", {"example.com": "v=DMARC1; p=none"})
    assert is_aligned(news, bounces, strict=False)
    assert not is_aligned(news, bounces, strict=True)
    assert is_aligned(news, news, strict=True)
    assert not is_aligned(news, other, strict=False)


@pytest.mark.parametrize(
    ("rua", "zone", "refusing"),
    [
        ("mailto:a@example.org", {}, ()),
        ("mailto:a@mail.example.org", {}, ()),
        ("mailto:a@reports.test", {}, ("reports.test",)),
        ("mailto:a@reports.test!10m, mailto:b@Reports.test", {}, ("reports.test",)),
        ("mailto:a@reports.test", {("example.org._report._dmarc.reports.test", "TXT"): ("v=DMARC1",)}, ()),
        ("mailto:a@reports.test", {("example.org._report._dmarc.reports.test", "TXT"): ("hello",)}, ("reports.test",)),
        ("mailto:a@reports.test", {("example.org._report._dmarc.reports.test", "TXT"): DnsStatus.SILENT}, ()),
        ("mailto:", {}, ()),
    ],
)  # fmt: skip
def test_reports_to_others_need_their_consent(rua: str, zone: Zone, refusing: tuple[str, ...]) -> None:
    """Else anybody could be flooded with them (RFC 9990)."""
    text = f"v=DMARC1; p=none; rua={rua}"
    record = parse_dmarc("example.org", text)
    assert record is not None
    entries = {("_dmarc.example.org", "TXT"): (text,), **zone}
    assert run_asking(find_refusing(record), answering(entries)) == refusing


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader_of_policies(text: str) -> None:
    """Each is a record, or none."""
    found = parse_dmarc("example.org", f"v=DMARC1;{text}")
    assert found is not None
    assert found.policy in ("", "none", "quarantine", "reject")
