"""A site whose mails leave, and the world around it, for tests of checks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from newsfeed.checkup.context import CheckupContext
from newsfeed.core.checkup.dkim_record import PublicKey
from newsfeed.core.checkup.finding import Finding
from newsfeed.errors import OutsideError
from newsfeed.marking import Sentence
from newsfeed.service_ports import (
    CertificateDates,
    DnsAnswer,
    DnsQuestion,
    HttpAnswer,
    HttpRequest,
    RelayProbe,
)
from newsfeed.settings import RelaySettings, Settings
from newsfeed.testing import settings_from
from tests.core.checkup.names import Zone, answering

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CONFIG = """\
[site]
title = "News"
base_url = "https://www.news.test/"
languages = ["en", "de"]
authority = "news.test,2020"

[web]
base_url = "https://mail.news.test/"

[mail]
from = "News <news@news.test>"
bounce_address = "bounces@news.test"
channel = "smtp"

[channels.smtp]
host = "relay.news.test"
username = "news"

[mail.dkim]
domain = "news.test"
selector = "s1"
algorithm = "ed25519"
key_file = "var/dkim.pem"
"""
KEY = PublicKey("news.test", "s1", "v=DKIM1; k=ed25519; p=AAAA")
REVERSE = "9.9.9.9.in-addr.arpa"
ZONE: Zone = {
    (".", "NS"): ("a.root.test",),
    ("news.test", "MX"): ("mx.news.test",),
    ("news.test", "TXT"): ("v=spf1 a:relay.news.test -all",),
    ("relay.news.test", "A"): ("9.9.9.9",),
    (REVERSE, "PTR"): ("relay.news.test",),
    (KEY.name, "TXT"): (KEY.record,),
    ("_dmarc.news.test", "TXT"): ("v=DMARC1; p=reject; rua=mailto:a@news.test",),
}
DATE = "Sun, 01 Mar 2026 12:00:01 GMT"
FEED = {"content-type": "application/rss+xml", "etag": '"x"', "date": DATE}
PAGES: Mapping[str, HttpAnswer] = {
    "GET https://www.news.test/": HttpAnswer(200, {"date": DATE}, b"<p>Hello"),
    "GET https://www.news.test/en/feed.rss": HttpAnswer(200, FEED, b"<?xml version='1.0'?>"),
    "GET https://www.news.test/en/feed.atom": HttpAnswer(200, FEED, b"<?xml version='1.0'?>"),
    "GET https://www.news.test/en/feed.json": HttpAnswer(
        200, {**FEED, "content-type": "application/feed+json"}, b"{"
    ),
    "GET https://www.news.test/de/feed.rss": HttpAnswer(200, FEED, b"<?xml version='1.0'?>"),
    "GET https://mail.news.test/healthz": HttpAnswer(200, {}, b"ok\n"),
    "GET https://mail.news.test/one-click/probe": HttpAnswer(200, {}, b"newsfeed probe: GET\n"),
    "POST https://mail.news.test/one-click/probe": HttpAnswer(200, {}, b"newsfeed probe: POST\n"),
}


DATES = CertificateDates(NOW - timedelta(days=30), NOW + timedelta(days=60))
PROBE = RelayProbe(
    relay="relay.news.test:587",
    address="9.9.9.9",
    called="relay.news.test",
    encryption="TLSv1.3",
    certificate=DATES,
)


@dataclass
class World:
    """What the site's checks ask, and what it answers."""

    zone: Zone = field(default_factory=lambda: dict(ZONE))
    pages: Mapping[str, HttpAnswer] = field(default_factory=lambda: dict(PAGES))
    probe: RelayProbe = PROBE
    certificate: CertificateDates = DATES
    requests: list[HttpRequest] = field(default_factory=list)

    def resolve(self, question: DnsQuestion) -> DnsAnswer:
        """Answer from the zone."""
        return answering(self.zone)(question)

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Answer from the pages."""
        self.requests.append(request)
        key = f"{request.method} {request.url}"
        if key not in self.pages:
            raise OutsideError(
                "{host} cannot be asked: {reason}", host="x", reason=Sentence("nobody is there")
            )
        return self.pages[key]

    def probe_relay(self, relay: RelaySettings) -> RelayProbe:
        """Say how the conversation went."""
        return self.probe

    def context(
        self, config: str = CONFIG, token: str = "probe", keys: tuple[PublicKey, ...] = (KEY,)
    ) -> CheckupContext:
        """A site in this world."""
        return CheckupContext(
            settings=settings(config),
            now=NOW,
            resolver=self,
            http=self,
            probe_relay=self.probe_relay,
            read_certificate=lambda url: self.certificate,
            keys=keys,
            probe_token=token,
        )


def settings(config: str) -> Settings:
    """The settings of a configuration that must be right."""
    return settings_from(config)


def told(findings: list[Finding]) -> list[tuple[str, str, str]]:
    """Check, health and what was seen."""
    return [(one.check, one.health.value, str(one.seen)) for one in findings]
