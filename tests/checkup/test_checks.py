"""Checks that ask others, in a small world of their own."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from newsfeed.checkup import mail_checks, side_by_side, web_checks
from newsfeed.checkup.dated_sender import DatedSender
from newsfeed.core.checkup.finding import Finding, Health, sort_findings
from newsfeed.errors import OutsideError, UsageError
from newsfeed.marking import Sentence
from newsfeed.service_ports import CertificateDates, DnsStatus, HttpAnswer, HttpRequest, RelayProbe
from tests.checkup.sites import CONFIG, NOW, PAGES, ZONE, World, told


def run(world: World, config: str = CONFIG, token: str = "probe") -> list[Finding]:
    """Everything that the site gives reason for."""
    context = world.context(config, token)
    return sort_findings(
        [
            *side_by_side.judge_channel(context),
            *side_by_side.run_checks(context, side_by_side.choose_checks(context)),
        ]
    )


def test_a_site_in_order_is_told_so() -> None:
    """One line for each."""
    assert told(run(World())) == [
        (
            "relay",
            "good",
            "relay.news.test:587 takes mail over TLSv1.3, and the password; certificate until 2026-04-30",
        ),
        ("sender", "good", "news.test takes mail"),
        ("spf", "good", "the SPF record of news.test names the relay, and takes 1 of 10 look-ups"),
        ("dkim", "good", "s1._domainkey.news.test holds the key that signs"),
        ("dmarc", "good", "the DMARC record of news.test says reject"),
        ("alignment", "good", "SPF and DKIM both speak for news.test"),
        ("reverse-dns", "good", "9.9.9.9 and relay.news.test lead to one another"),
        ("one-click", "good", "at mail.news.test a POST unsubscribes, and a GET changes nothing"),
        ("site", "good", "https://www.news.test/ can be reached; certificate until 2026-04-30"),
        ("site", "good", "https://mail.news.test/ can be reached; certificate until 2026-04-30"),
        ("feeds", "good", "feeds come as they should to programs (asked for: 4)"),
    ]


def test_a_site_that_mails_nobody_is_not_asked_about_mails() -> None:
    """Whatever stands in the rest of its configuration."""
    found = run(World(), CONFIG.replace('channel = "smtp"', 'channel = "folder"'))
    assert told(found)[0] == (
        "relay",
        "unknown",
        "[mail] channel is “folder”: mails reach nobody, so there is nothing to check",
    )
    assert {one.check for one in found} == {"relay", "site", "feeds"}


def test_a_site_that_does_not_say_who_writes_is_told() -> None:
    """Nothing can be sent."""
    found = run(World(), CONFIG.replace('from = "News <news@news.test>"\n', ""))
    assert [told([one])[0] for one in found if one.check == "sender"] == [
        ("sender", "problem", "config.toml does not say who writes")
    ]


def test_names_for_examples_are_nobody_to_ask() -> None:
    """As those of a demo site."""
    world = World()
    found = run(
        world,
        CONFIG.replace("news.test", "example.org").replace(
            'host = "relay.example.org"', 'host = "127.0.0.1"'
        ),
    )
    assert {one.check: one.health for one in found if one.check in ("sender", "site", "one-click")} == {
        "sender": Health.UNKNOWN,
        "site": Health.UNKNOWN,
        "one-click": Health.UNKNOWN,
    }
    assert not {"spf", "dkim", "dmarc", "feeds"} & {one.check for one in found}
    assert world.requests == []


def test_the_plain_program_sends_no_cookies_and_a_form_as_mail_programs_do() -> None:
    """RFC 8058 3.2."""
    world = World()
    run(world)
    posted = next(one for one in world.requests if one.method == "POST")
    assert posted.body == b"List-Unsubscribe=One-Click"
    assert posted.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert all("Cookie" not in one.headers for one in world.requests)


def test_a_site_that_cannot_be_reached_is_told_once() -> None:
    """Not with every feed again."""
    found = [one for one in run(World(pages={})) if one.check in ("site", "feeds")]
    assert told(found) == [
        ("site", "problem", "https://www.news.test/ cannot be reached: nobody is there"),
        ("site", "problem", "https://mail.news.test/ cannot be reached: nobody is there"),
    ]


def test_faults_of_feeds_that_are_alike_are_told_once() -> None:
    """Of the first of them."""
    pages = {key: answer for key, answer in PAGES.items() if "feed" not in key}
    missing = {key: HttpAnswer(404, {}, b"") for key in PAGES if "feed" in key}
    found = [one for one in run(World(pages={**pages, **missing})) if one.check == "feeds"]
    assert told(found) == [("feeds", "problem", "https://www.news.test/en/feed.rss answers 404")]


def test_an_old_certificate_is_told_beside_the_page_that_comes() -> None:
    """Of the site, and of readers' pages."""
    dates = CertificateDates(NOW - timedelta(days=85), NOW + timedelta(days=5))
    found = [one for one in run(World(certificate=dates)) if one.health is Health.PROBLEM]
    assert told(found) == [
        ("site", "problem", "the certificate of www.news.test was not renewed; days left: 5"),
        ("site", "problem", "the certificate of mail.news.test was not renewed; days left: 5"),
    ]


def test_a_certificate_that_cannot_be_looked_at_says_nothing() -> None:
    """Whoever got the page has seen that it holds."""
    context = replace(World().context(), read_certificate=_fail)
    assert [one.health for one in web_checks.check_site(context)] == [Health.GOOD] * 2


def _fail(url: str) -> None:
    raise OutsideError("no")


def test_a_machine_without_the_secret_does_not_try_to_unsubscribe() -> None:
    """It cannot make a link."""
    assert [one.health for one in run(World(), token="") if one.check == "one-click"] == [Health.UNKNOWN]


def test_mails_without_a_page_to_unsubscribe_are_told() -> None:
    """A mail address alone is not enough for large receivers."""
    config = CONFIG.replace('[web]\nbase_url = "https://mail.news.test/"\n', "")
    assert [one.health for one in run(World(), config) if one.check == "one-click"] == [Health.ADVICE]


def test_a_relay_in_this_network_hides_where_it_sends_from() -> None:
    """Nothing is guessed about its names."""
    probe = RelayProbe(relay="127.0.0.1:25", address="127.0.0.1", encryption="")
    config = CONFIG.replace(
        'host = "relay.news.test"\nusername = "news"', 'host = "127.0.0.1"\nsecurity = "none"'
    )
    found = {one.check: str(one.seen) for one in run(World(probe=probe), config)}
    assert found["relay"] == "127.0.0.1:25 takes mail"
    assert (
        found["reverse-dns"]
        == "127.0.0.1:25 is in this network: from which address it sends cannot be seen here"
    )
    assert found["spf"] == "the SPF record of news.test takes 1 of 10 look-ups"


def test_a_relay_that_is_not_there_has_no_names() -> None:
    """One fault is enough."""
    probe = RelayProbe(
        relay="relay.news.test:587", failure=Sentence("the connection was refused"), stage="connect"
    )
    found = mail_checks.check_relays(World(probe=probe).context())
    assert told(found) == [("relay", "problem", "relay.news.test:587: the connection was refused")]


def test_a_site_without_keys_may_have_a_relay_that_signs() -> None:
    """That cannot be seen from here."""
    unsigned = World().context(CONFIG.partition("[mail.dkim]")[0], keys=())
    assert [one.health for one in mail_checks.check_keys(unsigned)] == [Health.ADVICE]
    assert mail_checks.check_keys(World().context(keys=())) == []  # it was told that the key cannot be read


def test_return_path_and_from_may_be_two_domains() -> None:
    """SPF is asked of the first, DMARC of the second."""
    config = CONFIG.replace("bounces@news.test", "bounces@other.test")
    found = {one.check: (one.health, str(one.seen)) for one in run(World(), config)}
    assert found["spf"] == (Health.PROBLEM, "other.test has no SPF record")
    assert found["alignment"][0] is Health.ADVICE
    assert found["sender"] == (
        Health.PROBLEM,
        "other.test takes no mail: answers and bounces have nowhere to go",
    )


def test_reports_that_nobody_gets_are_told_with_the_record_that_is_missing() -> None:
    """To be copied by whoever should get them."""
    zone = {**ZONE, ("_dmarc.news.test", "TXT"): ("v=DMARC1; p=none; rua=mailto:a@reports.test",)}
    found = [one for one in mail_checks.check_policy(World(zone=zone).context()) if one.check == "dmarc"]
    assert [one.health for one in found] == [Health.GOOD, Health.ADVICE]
    assert found[1].lines == ('news.test._report._dmarc.reports.test. IN TXT "v=DMARC1"',)


@pytest.mark.parametrize(
    ("zone", "offline"),
    [
        ({}, True),
        ({(".", "NS"): DnsStatus.SILENT}, True),
        ({(".", "NS"): ("a.root.test",)}, False),
        ({("www.news.test", "A"): ("9.9.9.9",)}, False),
        ({("news.test", "MX"): ("mx.test",)}, False),
    ],
)
def test_a_machine_is_offline_when_no_name_is_found(
    zone: dict[tuple[str, str], tuple[str, ...]], offline: bool
) -> None:
    """A name server in a closed network answers, too, and knows nobody."""
    assert side_by_side.is_offline(World(zone=zone).context()) == offline


def test_a_check_that_fails_or_hangs_keeps_no_other_waiting() -> None:
    """Each is told, and the command ends."""
    ended = threading.Event()

    def fail(_: object) -> list[Finding]:
        raise UsageError("there is no password")

    def hang(_: object) -> list[Finding]:
        ended.wait(60)
        return []

    checks = {"relay": fail, "dkim": mail_checks.check_keys, "spf": hang}
    found = side_by_side.run_checks(World().context(), checks, seconds=1)
    ended.set()
    assert told(found) == [
        ("relay", "unknown", "there is no password"),
        ("dkim", "good", "s1._domainkey.news.test holds the key that signs"),
        ("spf", "unknown", "there was no end to it after 1 seconds"),
    ]
    assert side_by_side.run_checks(World().context(), {}) == []


def test_the_clocks_of_others_are_read_from_their_answers() -> None:
    """One without a date, or with nonsense in its place, has none."""
    pages = {"GET https://a.test/": HttpAnswer(200, {"date": "Sun, 01 Mar 2026 12:01:00 GMT"}, b"")}
    pages |= {
        "GET https://b.test/": HttpAnswer(200, {"date": "yesterday"}, b""),
        "GET https://c.test/": HttpAnswer(200, {}, b""),
    }
    pages |= {"GET https://d.test/": HttpAnswer(200, {"date": "Sun, 01 Mar 2026 12:00:00 -0000"}, b"")}
    sender = DatedSender(World(pages=pages), lambda: NOW)
    for host in "abcd":
        sender.send(HttpRequest("GET", f"https://{host}.test/"))
    later = NOW + timedelta(hours=1)
    assert sender.clocks(later) == {"a.test": later + timedelta(minutes=1), "d.test": later}
