"""Findings: what is seen, how bad it is, and what is to be copied."""

from datetime import UTC, datetime, timedelta

import pytest

from newsfeed.core.checkup import domain_findings, machine_findings, web_findings
from newsfeed.core.checkup.bot_walls import find_wall
from newsfeed.core.checkup.dkim_record import KeyState, PublicKey, PublishedKey
from newsfeed.core.checkup.dmarc import DmarcWalk, parse_dmarc
from newsfeed.core.checkup.finding import CHECKS, Finding, Health, good, is_well, sort_findings
from newsfeed.core.checkup.freemail import is_example, is_freemail
from newsfeed.core.checkup.relay_findings import judge_relay
from newsfeed.core.checkup.reverse_names import ReverseNames
from newsfeed.core.checkup.spf import SpfVerdict
from newsfeed.core.checkup.spf_findings import judge_spf
from newsfeed.core.checkup.store_findings import StoreState, judge_store
from newsfeed.marking import NOTHING, Sentence
from newsfeed.service_ports import CertificateDates, DnsAnswer, DnsStatus, HttpAnswer, RelayProbe

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY = PublicKey("example.org", "news", "v=DKIM1; k=ed25519; p=AAAA")
EMPTY, SILENT = DnsAnswer(DnsStatus.EMPTY), DnsAnswer(DnsStatus.SILENT)
GOOD, ADVICE, PROBLEM, UNKNOWN = Health.GOOD, Health.ADVICE, Health.PROBLEM, Health.UNKNOWN


def found(*values: str) -> DnsAnswer:
    """An answer with values."""
    return DnsAnswer(DnsStatus.FOUND, values)


def told(one: Finding) -> tuple[Health, str]:
    """How bad it is, and what was seen. Whatever has to be mended says how."""
    assert bool(one.advice) or one.health in (GOOD, UNKNOWN)
    assert one.why
    return one.health, str(one.seen)


def walk(*texts: str, domain: str = "example.org") -> DmarcWalk:
    """A walk that found these at the domain itself."""
    return DmarcWalk(domain, tuple(record for text in texts if (record := parse_dmarc(domain, text))))


@pytest.mark.parametrize(
    ("domain", "servers", "addresses", "health"),
    [
        ("gmx.de", found("mx.test"), (), PROBLEM),
        ("example.org", found("mx.test"), (EMPTY, EMPTY), GOOD),
        ("example.org", EMPTY, (found("192.0.2.1"), EMPTY), GOOD),
        ("example.org", EMPTY, (EMPTY, EMPTY), PROBLEM),
        ("example.org", EMPTY, (EMPTY, SILENT), GOOD),
        ("example.org", found("."), (found("192.0.2.1"), EMPTY), PROBLEM),
        ("example.org", SILENT, (EMPTY, EMPTY), UNKNOWN),
    ],
)
def test_a_sender_has_a_domain_of_its_own_that_takes_mail(
    domain: str, servers: DnsAnswer, addresses: tuple[DnsAnswer, ...], health: Health
) -> None:
    """By MX, else by its address (RFC 5321 5.1); a lone full stop says that it takes none (RFC 7505)."""
    assert told(domain_findings.judge_sender(domain, servers, addresses))[0] is health


def test_names_for_examples_and_of_providers_are_known() -> None:
    """With all that is below them; names that only end alike are others."""
    assert [is_example(one) for one in ("www.example.org", "example", "a.invalid", "myexample.org")] == [
        True,
        True,
        True,
        False,
    ]
    assert [is_freemail(one) for one in ("GMX.de", "orange.fr", "ziggo.nl", "example.org")] == [
        True,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("published", "health", "is_to_copy"),
    [
        (PublishedKey(KeyState.SAME), GOOD, False),
        (PublishedKey(KeyState.SAME, is_testing=True), ADVICE, True),
        (PublishedKey(KeyState.SAME, forbids="h"), PROBLEM, True),
        (PublishedKey(KeyState.MISSING), PROBLEM, True),
        (PublishedKey(KeyState.OTHER), PROBLEM, True),
        (PublishedKey(KeyState.SEVERAL), PROBLEM, True),
        (PublishedKey(KeyState.MALFORMED), PROBLEM, True),
        (PublishedKey(KeyState.REVOKED), PROBLEM, False),
        (PublishedKey(KeyState.UNKNOWN), UNKNOWN, False),
    ],
)
def test_a_wrong_key_comes_with_the_record_to_publish(
    published: PublishedKey, health: Health, is_to_copy: bool
) -> None:
    """Except where a new one has to be made first."""
    judged = domain_findings.judge_key(KEY, published)
    assert told(judged)[0] is health
    assert bool(judged.lines) == is_to_copy


@pytest.mark.parametrize(
    ("found", "health", "seen"),
    [
        (walk("v=DMARC1; p=reject; rua=mailto:a@example.org"), GOOD, "the DMARC record of example.org says reject"),
        (walk("v=DMARC1; p=reject"), ADVICE, "the DMARC record of example.org says reject, and nobody gets reports"),
        (walk("v=DMARC1; p=all"), PROBLEM, "the DMARC record of example.org says nothing: it has no p= that means something"),
        (walk(), PROBLEM, "there is no DMARC record for example.org, nor for a domain above it"),
        (DmarcWalk("example.org", several="example.org"), PROBLEM, "example.org has several DMARC records, which count as none"),
        (DmarcWalk("example.org", trouble="example.org"), UNKNOWN, "DNS says nothing about _dmarc.example.org at the moment"),
        (
            DmarcWalk("news.example.org", walk("v=DMARC1; p=reject; sp=none; rua=mailto:a@example.org").records),
            GOOD,
            "the DMARC record of example.org says none",
        ),
    ],
)  # fmt: skip
def test_a_policy_is_that_which_receivers_apply(found: DmarcWalk, health: Health, seen: str) -> None:
    """From above, it is the one for subdomains."""
    assert [told(one) for one in domain_findings.judge_policy(found)] == [(health, seen)]


NEWS, OTHER = walk("v=DMARC1; p=none"), walk("v=DMARC1; p=none", domain="example.com")
STRICT, BELOW = walk("v=DMARC1; p=none; aspf=s; adkim=s"), DmarcWalk("mail.example.org", NEWS.records)


@pytest.mark.parametrize(
    ("author", "returns", "signers", "health"),
    [
        (NEWS, NEWS, (NEWS,), GOOD),
        (NEWS, BELOW, (), GOOD),
        (NEWS, OTHER, (OTHER, BELOW), ADVICE),
        (NEWS, NEWS, (OTHER,), ADVICE),
        (NEWS, OTHER, (), PROBLEM),
        (NEWS, OTHER, (OTHER,), PROBLEM),
        (STRICT, BELOW, (BELOW,), PROBLEM),
    ],
)
def test_one_of_both_has_to_speak_for_the_author(
    author: DmarcWalk, returns: DmarcWalk, signers: tuple[DmarcWalk, ...], health: Health
) -> None:
    """With neither, every mail fails."""
    (judged,) = domain_findings.judge_alignment(author, returns, signers)
    assert told(judged)[0] is health


def test_without_a_policy_alignment_does_not_matter_yet() -> None:
    """The missing record is told already."""
    assert domain_findings.judge_alignment(walk(), OTHER, ()) == []


PASS, FAIL = SpfVerdict("pass", lookups=1), SpfVerdict("fail", lookups=1)


@pytest.mark.parametrize(
    ("survey", "relays", "health", "seen"),
    [
        (FAIL, {"9.9.9.9": PASS}, GOOD, "the SPF record of a.test names the relay, and takes 1 of 10 look-ups"),
        (FAIL, {}, GOOD, "the SPF record of a.test takes 1 of 10 look-ups"),
        (FAIL, {"9.9.9.9": FAIL}, ADVICE, "the SPF record of a.test does not name 9.9.9.9, where the relay is reached"),
        (FAIL, {"2620:fe::fe": SpfVerdict("temperror", error="dns", detail="b.test")}, UNKNOWN, "DNS says nothing about b.test at the moment"),
        (SpfVerdict("none"), {}, PROBLEM, "a.test has no SPF record"),
        (SpfVerdict("temperror", error="dns", detail="b.test"), {}, UNKNOWN, "DNS says nothing about b.test at the moment"),
        (SpfVerdict("permerror", error="several", detail="b.test"), {}, PROBLEM, "b.test has several SPF records"),
        (SpfVerdict("permerror", error="syntax", detail="x:y"), {}, PROBLEM, "“x:y” in the SPF record of a.test is no term"),
        (SpfVerdict("permerror", error="missing", detail="b.test"), {}, PROBLEM, "the SPF record of a.test includes b.test, which has none"),
        (SpfVerdict("permerror", error="loop", detail="b.test"), {}, PROBLEM, "the SPF record of a.test leads in a circle, at b.test"),
        (SpfVerdict("permerror", error="names", detail="b.test"), {}, PROBLEM, "b.test in the SPF record of a.test has more than ten mail servers"),
        (SpfVerdict("fail", lookups=12), {}, PROBLEM, "the SPF record of a.test takes 12 look-ups; receivers stop at 10, and it fails"),
        (SpfVerdict("permerror", error="lookups", lookups=41), {}, PROBLEM, "the SPF record of a.test takes 41 look-ups; receivers stop at 10, and it fails"),
        (SpfVerdict("fail", void=3), {}, PROBLEM, "the SPF record of a.test asks for 3 names without records; 2 may be"),
        (SpfVerdict("pass"), {}, PROBLEM, "the SPF record of a.test lets everybody send"),
        (SpfVerdict("neutral"), {}, ADVICE, "the SPF record of a.test says nothing about servers that it does not name"),
        (SpfVerdict("fail", deprecated=True), {}, ADVICE, "the SPF record of a.test uses ptr, which many receivers do not ask for"),
    ],
)  # fmt: skip
def test_spf_is_judged_by_what_it_costs_and_whom_it_names(
    survey: SpfVerdict, relays: dict[str, SpfVerdict], health: Health, seen: str
) -> None:
    """Faults of the record itself come first."""
    assert [told(one) for one in judge_spf("a.test", survey, relays)] == [(health, seen)]


def test_a_missing_spf_record_is_proposed_with_the_relays_that_are_known() -> None:
    """To be copied."""
    relays = {"9.9.9.9": SpfVerdict("none"), "2620:fe::fe": SpfVerdict("none")}
    assert judge_spf("a.test", SpfVerdict("none"), relays)[0].lines == (
        'a.test. IN TXT "v=spf1 ip4:9.9.9.9 ip6:2620:fe::fe ~all"',
    )


@pytest.mark.parametrize(
    ("names", "called", "health"),
    [
        (ReverseNames("9.9.9.9", is_unknown=True), "mx.test", UNKNOWN),
        (ReverseNames("9.9.9.9"), "mx.test", PROBLEM),
        (ReverseNames("9.9.9.9", ("mx.test",)), "mx.test", PROBLEM),
        (ReverseNames("9.9.9.9", ("a.test", "mx.test"), ("mx.test",)), "MX.test", GOOD),
        (ReverseNames("9.9.9.9", ("mx.test",), ("mx.test",)), "other.test", ADVICE),
        (ReverseNames("9.9.9.9", ("mx.test",), ("mx.test",)), "", GOOD),
    ],
)
def test_an_address_and_its_name_lead_to_one_another(
    names: ReverseNames, called: str, health: Health
) -> None:
    """And the relay calls itself so."""
    assert told(domain_findings.judge_reverse_names("mx.test:25", called, names))[0] is health


def certificate(left: timedelta, whole: timedelta = timedelta(days=90)) -> CertificateDates:
    """One that ends so much later."""
    return CertificateDates(NOW + left - whole, NOW + left)


@pytest.mark.parametrize(
    ("probe", "near", "health"),
    [
        (RelayProbe(relay="mx:25", failure=Sentence("no"), stage="login"), False, PROBLEM),
        (RelayProbe(relay="mx:25", encryption="TLSv1.3", certificate=certificate(timedelta(days=60))), False, GOOD),
        (RelayProbe(relay="mx:25", encryption="TLSv1.3", certificate=certificate(timedelta(days=14))), False, PROBLEM),
        (RelayProbe(relay="mx:25", encryption="TLSv1.3"), False, GOOD),
        (RelayProbe(relay="mx:25", offers_encryption=True), False, ADVICE),
        (RelayProbe(relay="mx:25"), False, ADVICE),
        (RelayProbe(relay="mx:25"), True, GOOD),
    ],
)  # fmt: skip
def test_a_relay_takes_mail_over_an_encrypted_connection(
    probe: RelayProbe, near: bool, health: Health
) -> None:
    """Unless nobody can listen on the way."""
    assert told(judge_relay(probe, NOW, is_near=near, has_login=True))[0] is health


@pytest.mark.parametrize(
    ("left", "whole", "is_well"),
    [
        (timedelta(days=16), timedelta(days=90), True),
        (timedelta(days=14), timedelta(days=90), False),
        (timedelta(days=2), timedelta(days=6), True),
        (timedelta(hours=20), timedelta(days=6), False),
        (-timedelta(days=1), timedelta(days=90), False),
    ],
)
def test_a_certificate_is_late_when_a_sixth_of_its_time_is_left(
    left: timedelta, whole: timedelta, is_well: bool
) -> None:
    """Programs renew it when a third is, however long it lives."""
    judged = web_findings.judge_certificate("site", "a.test", certificate(left, whole), NOW)
    assert (judged is None) == is_well


RSS = {"content-type": "application/rss+xml", "etag": '"x"'}


@pytest.mark.parametrize(
    ("answer", "form", "health"),
    [
        (HttpAnswer(200, RSS, b"<?xml version='1.0'?><rss/>"), "rss", None),
        (HttpAnswer(200, RSS, b"\xef\xbb\xbf\n<rss/>"), "rss", None),
        (HttpAnswer(200, {**RSS, "content-type": "application/feed+json"}, b"{}"), "jsonfeed", None),
        (HttpAnswer(200, {"content-type": "text/xml", "last-modified": "x"}, b"<feed/>"), "atom", None),
        (HttpAnswer(200, {"content-type": "text/xml"}, b"<feed/>"), "atom", ADVICE),
        (HttpAnswer(200, {**RSS, "content-type": "text/html"}, b"<rss/>"), "rss", ADVICE),
        (HttpAnswer(200, {**RSS, "content-type": "text/html"}, b"<!doctype html>"), "rss", PROBLEM),
        (HttpAnswer(403, {}, b"Just a moment..."), "rss", PROBLEM),
        (HttpAnswer(200, {"content-type": "text/html"}, b"<title>Just a moment...</title>"), "rss", PROBLEM),
        (HttpAnswer(429, {}, b""), "rss", PROBLEM),
        (HttpAnswer(301, {"location": "https://www.a.test/"}, b""), "rss", PROBLEM),
        (HttpAnswer(404, {}, b""), "rss", PROBLEM),
        (None, "rss", PROBLEM),
    ],
)
def test_a_feed_comes_as_a_feed_to_a_plain_program(
    answer: HttpAnswer | None, form: str, health: Health | None
) -> None:
    """No wall, no page, no detour; with something to ask by whether it has changed."""
    judged = web_findings.judge_feed("https://a.test/feed.rss", form, answer, Sentence("why"))
    assert (told(judged)[0] if judged else None) is health


@pytest.mark.parametrize(
    ("headers", "body", "whose"),
    [
        ({"cf-mitigated": "challenge"}, b"", "Cloudflare"),
        ({"content-type": "text/html"}, b"<script src='/cdn-cgi/challenge-platform/x.js'>", "Cloudflare"),
        ({"content-type": "text/html"}, b"<a href=/.within.website/x/cmd/anubis/static/", "Anubis"),
        ({}, b"<div class=h-captcha>", "hCaptcha"),
        ({"content-type": "application/rss+xml"}, b"<title>h-captcha explained</title>", ""),
        ({"content-type": "text/html"}, b"<h1>Hello</h1>", ""),
    ],
)
def test_walls_are_told_by_their_marks(headers: dict[str, str], body: bytes, whose: str) -> None:
    """A feed that writes about them is none."""
    assert find_wall(HttpAnswer(200, headers, body)) == whose


def probe(method: str, status: int = 200) -> HttpAnswer:
    """What our own service answers."""
    return HttpAnswer(status, {"content-type": "text/plain"}, f"newsfeed probe: {method}\n".encode())


@pytest.mark.parametrize(
    ("shown", "posted", "health"),
    [
        (probe("GET"), probe("POST"), GOOD),
        (probe("POST"), probe("POST"), PROBLEM),
        (probe("GET"), HttpAnswer(301, {}, b""), PROBLEM),
        (probe("GET"), HttpAnswer(403, {}, b""), PROBLEM),
        (probe("GET"), HttpAnswer(500, {}, b""), PROBLEM),
        (HttpAnswer(404, {}, b""), HttpAnswer(404, {}, b""), ADVICE),
        (probe("GET"), probe("GET"), ADVICE),
        (None, None, PROBLEM),
    ],
)
def test_one_click_is_a_post_that_arrives_and_a_get_that_does_nothing(
    shown: HttpAnswer | None, posted: HttpAnswer | None, health: Health
) -> None:
    """Whatever stands in front of the service."""
    assert told(web_findings.judge_one_click("a.test", shown, posted))[0] is health


@pytest.mark.parametrize(
    ("url", "answer", "health"),
    [
        ("https://a.test/", HttpAnswer(200, {}, b"<p>Hello"), GOOD),
        ("https://a.test/", HttpAnswer(302, {}, b""), GOOD),
        ("http://a.test/", HttpAnswer(200, {}, b"<p>Hello"), PROBLEM),
        ("https://a.test/", HttpAnswer(404, {}, b""), PROBLEM),
        ("https://a.test/", HttpAnswer(503, {"cf-mitigated": "challenge"}, b""), ADVICE),
        ("https://a.test/", None, PROBLEM),
    ],
)
def test_the_site_is_where_it_says(url: str, answer: HttpAnswer | None, health: Health) -> None:
    """And encrypted."""
    assert told(web_findings.judge_address(url, answer, NOTHING, "[site] base_url"))[0] is health


def test_addresses_that_nobody_else_comes_to_are_not_asked_for() -> None:
    """Examples, and this machine."""
    urls = ["https://www.example.org/", "http://localhost:8080/", "http://127.0.0.1/", "https://a.test/"]
    assert [web_findings.judge_place("site", url) is None for url in urls] == [False, False, False, True]


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("state", "healths"),
    [
        (StoreState(where="db", size=10), [GOOD]),
        (StoreState(where="db", damage="a page", is_behind=True), [PROBLEM]),
        (StoreState(where="db", is_behind=True), [ADVICE]),
        (StoreState(where="db", longest_transaction=6 * MINUTE), [ADVICE]),
        (StoreState(where="db", longest_transaction=90 * MINUTE), [PROBLEM]),
        (StoreState(where="db", log_size=200_000_000), [ADVICE]),
        (StoreState(where="db", size=100_000_000, gaps=60_000_000), [ADVICE]),
        (StoreState(where="db", size=1_000_000, gaps=900_000), [GOOD]),
        (StoreState(where="db", rows=20_000, dead_rows=11_000, table="deliveries"), [ADVICE]),
        (StoreState(where="db", rows=20_000, dead_rows=5_000, table="deliveries"), [GOOD]),
        (StoreState(where="db", transaction_age=1_500_000_000), [PROBLEM]),
    ],
)
def test_a_store_is_whole_and_tidy(state: StoreState, healths: list[Health]) -> None:
    """What is damaged needs no tidying."""
    assert [told(one)[0] for one in judge_store(state)] == healths


@pytest.mark.parametrize(
    ("free", "files", "health"),
    [
        (10_000_000_000, -1, GOOD),
        (10_000_000_000, 50_000, GOOD),
        (10_000_000_000, 5_000, PROBLEM),
        (500_000_000, -1, ADVICE),
        (50_000_000, -1, PROBLEM),
    ],
)
def test_a_disk_has_room_for_bytes_and_for_files(free: int, files: int, health: Health) -> None:
    """Some file systems run out of the second first."""
    assert told(machine_findings.judge_disk("/srv", free, files))[0] is health


@pytest.mark.parametrize(
    ("others", "latest", "health"),
    [
        ({}, None, UNKNOWN),
        ({"a.test": NOW + timedelta(seconds=2)}, None, GOOD),
        ({"a.test": NOW - timedelta(seconds=20)}, None, ADVICE),
        ({"a.test": NOW + timedelta(minutes=5)}, None, PROBLEM),
        ({"a.test": NOW + timedelta(minutes=5), "b.test": NOW}, None, GOOD),
        ({"a.test": NOW}, NOW - timedelta(days=2), GOOD),
        ({"a.test": NOW}, NOW + timedelta(hours=2), PROBLEM),
    ],
)
def test_the_clock_is_compared_with_others_and_with_what_was_written_down(
    others: dict[str, datetime], latest: datetime | None, health: Health
) -> None:
    """Of several clocks, one that agrees is enough: the others may be wrong."""
    assert told(machine_findings.judge_clock(NOW, others, latest))[0] is health


@pytest.mark.parametrize(
    ("last", "health"),
    [(None, ADVICE), (timedelta(hours=20), GOOD), (timedelta(days=3), ADVICE), (timedelta(days=9), PROBLEM)],
)
def test_a_backup_is_of_yesterday(last: timedelta | None, health: Health) -> None:
    """Or nobody knows of one."""
    assert told(machine_findings.judge_backup(NOW, NOW - last if last else None))[0] is health


def test_the_rest_of_the_machine() -> None:
    """Configuration, rights, secrets, and what was left out."""
    first = Sentence("it is wrong")
    assert told(machine_findings.judge_configuration(2, 1, first))[1] == (
        "config.toml has errors (2), the first of them: it is wrong"
    )
    assert told(machine_findings.judge_configuration(0, 1, None))[0] is ADVICE
    assert told(machine_findings.judge_configuration(0, 0, None))[0] is GOOD
    assert told(machine_findings.judge_secret(first, NOTHING)) == (PROBLEM, "it is wrong")
    assert [told(one)[0] for one in machine_findings.judge_rights({})] == [GOOD]
    assert machine_findings.judge_rights({"var": "chmod 700 var"})[0].lines == ("chmod 700 var",)
    assert told(machine_findings.judge_closed_folder("var")) == (
        PROBLEM,
        "var cannot be written to by the user who runs this",
    )
    assert (
        told(machine_findings.judge_network(["site", "spf"], is_wished=True))[1]
        == "left out, as wished: site, spf"
    )


def test_findings_come_in_the_order_of_the_checks() -> None:
    """And one that has to be mended is enough to fail."""
    findings = [good(name, "well") for name in reversed(CHECKS)]
    assert [one.check for one in sort_findings(findings)] == list(CHECKS)
    assert is_well(findings)
    assert not is_well([*findings, machine_findings.judge_secret(Sentence("no"), NOTHING)])
