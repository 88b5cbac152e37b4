"""``config.toml``: every key right and wrong, all mistakes in one pass, each at its line."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.config import loader
from newsfeed.config.table import Table
from newsfeed.problems import Problem
from newsfeed.settings import (
    Digest,
    DigestSchedule,
    FeedSettings,
    FolderSettings,
    Limits,
    ListSettings,
    LocalisedText,
    MailSettings,
    NoSettings,
    OutputSettings,
    Settings,
)
from newsfeed.testing import CONFIG, settings_from, write_tree
from tests.core.told import codes, params, told
from tests.examples import examples

SITE = """\
[site]
title = "Example network"
base_url = "https://www.example.org/"
languages = ["en", "de"]
authority = "example.org,2010"
"""
"""The smallest configuration that works; what a test adds begins in line 6."""
DIGEST = SITE + "[audiences.a]\nfile = 'a.csv'\n[digests.a]\naudience = 'a'\nschedule = 'mon 08:00'\n"


def read(text: str) -> tuple[Settings | None, list[Problem]]:
    """Parse a configuration."""
    return loader.parse_settings(text)


def problems_of(text: str) -> list[str]:
    """What is wrong with a configuration, and where."""
    found, problems = read(text)
    assert (found is None) == bool(problems)
    return told(problems)


def with_site(key: str, value: str) -> str:
    """The smallest configuration with another value for a key of [site], in the line it has there."""
    lines = SITE.splitlines()
    places = [number for number, line in enumerate(lines) if line.startswith(f"{key} =")]
    if places:
        lines[places[0]] = f"{key} = {value}"
    else:
        lines.append(f"{key} = {value}")
    return "\n".join(lines) + "\n"


# -- what is right ----------------------------------------------------------------------------------


def test_the_smallest_configuration_has_a_default_for_everything_else():
    """Four keys are enough."""
    found = settings_from(SITE)
    assert found.site.title == LocalisedText("Example network")
    assert found.site.base_url == "https://www.example.org/"
    assert (found.site.languages, found.site.default_language) == (("en", "de"), "en")
    assert (found.site.timezone, found.site.authority) == (ZoneInfo("UTC"), "example.org,2010")
    assert [(one.code, one.locale, one.chain) for one in found.editions] == [
        ("en", "en_GB", ("en",)),
        ("de", "de", ("de", "en")),
    ]
    assert (found.feeds, found.lists, found.mail, found.limits) == (
        FeedSettings(),
        ListSettings(),
        MailSettings(),
        Limits(),
    )
    assert (found.feeds.items, found.feeds.formats) == (30, ("rss", "atom", "jsonfeed"))
    assert (found.topics, found.digests, found.audiences, found.mailboxes) == ({}, {}, {}, {})
    assert found.channels == {
        "folder": FolderSettings("var/outbox"),
        "maildir": FolderSettings("var/maildir"),
        "stdout": NoSettings(),
    }


FULL = """\
[site]
base_url = "https://www.example.org/news"
languages = ["en", "DE", "pt_br"]
default_language = "de"
timezone = "Europe/Berlin"
authority = "news@example.org,2010-02-04"
notice = "Look"

[site.title]
de = "Netz"
en = "Network"

[site.description]
pt-BR = "Rede"

[site.imprint]
en = "Berlin"

[languages.en]
locale = "en_US"
fallback = []
title = "Our network"
description = "About"

[languages.PT_br]
fallback = ["en", "DE", "en"]

[topics]
water = "Water"

[donors]
ministry = "Ministry"

[partners]
club = "Club"

[programmes]
clean-water = "Clean water"

[countries]
mk = "North Macedonia"

[feeds]
items = 50
formats = ["atom", "rss", "atom"]
archives = "all"
content = "summary"
text_size = 8

[output]
max_size = 900
max_files = 18_000

[lists]
items = 10

[digests.staff]
title = { de = "Woche" }
schedule = "mon,thu 08:30"
timezone = "America/New_York"
audience = "team"
topics = ["water"]
max_items = 5
when_empty = "note"
horizon = 7

[audiences.team]
file = "team.csv"

[mail]
from = "Example newsroom <news@example.org>"
reply_to = "desk@example.org"
channel = "folder"

[channels.folder]
path = "out"

[limits]
file_size = 2000
title_length = 100
summary_length = 200
attachment_size = 20_000_000
picture_size = 500_000
picture_pixels = 2_000_000
"""


def test_every_key_can_be_set():
    """A configuration that says all there is to say."""
    found = settings_from(FULL)
    site = found.site
    assert (site.base_url, site.languages, site.default_language) == (
        "https://www.example.org/news/",
        ("en", "de", "pt-BR"),
        "de",
    )
    assert (site.timezone, site.authority) == (ZoneInfo("Europe/Berlin"), "news@example.org,2010-02-04")
    assert site.notice == LocalisedText("Look")
    assert site.title == LocalisedText("Network", {"en": "Network", "de": "Netz"})
    assert [site.title.get(code) for code in site.languages] == ["Network", "Netz", "Network"]
    assert [site.description.get(code) for code in site.languages] == ["Rede", "Rede", "Rede"]
    assert site.imprint.get("de") == "Berlin"
    assert [(one.code, one.locale, one.chain) for one in found.editions] == [
        ("en", "en_US", ("en",)),
        ("de", "de", ("de",)),
        ("pt-BR", "pt_BR", ("pt-BR", "en", "de")),
    ]
    assert (found.languages["en"].title, found.languages["en"].description) == ("Our network", "About")
    assert (found.topics, found.donors) == ({"water": "Water"}, {"ministry": "Ministry"})
    assert (found.partners, found.programmes) == ({"club": "Club"}, {"clean-water": "Clean water"})
    assert found.countries == {"MK": "North Macedonia"}
    asked = FeedSettings(50, ("atom", "rss"), ("atom", "rss"), "all", "summary", "summary", 8)
    assert (found.feeds, found.lists) == (asked, ListSettings(10))
    assert found.output == OutputSettings((), max_size=900, max_files=18_000)
    assert found.digests["staff"] == Digest(
        name="staff",
        title=LocalisedText("Woche", {"de": "Woche"}),
        schedule=DigestSchedule(time(8, 30), weekdays=(0, 3)),
        timezone=ZoneInfo("America/New_York"),
        audience="team",
        topics=("water",),
        max_items=5,
        when_empty="note",
        horizon=7,
    )
    assert found.audiences == {"team": "team.csv"}
    assert found.mail == MailSettings("Example newsroom", "news@example.org", "desk@example.org", "folder")
    assert found.channels["folder"] == FolderSettings("out")
    assert found.limits == Limits(2000, 100, 200, 500_000, 2_000_000, 20_000_000)


def test_a_digest_has_defaults():
    """The site's zone, all topics, four weeks."""
    digest = settings_from(CONFIG).digests["staff"]
    assert digest.timezone == ZoneInfo("Europe/Berlin")
    assert (digest.topics, digest.max_items, digest.when_empty, digest.horizon) == ((), 20, "skip", 28)
    assert digest.title.get("de") == ""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("base_url", '"http://localhost:8000"'),
        ("base_url", '"https://example.org/a/b/"'),
        ("base_url", '"https://[::1]/"'),
        ("authority", '"example.org,2010-02"'),
        ("authority", '"a-b.example.org,1999"'),
        ("default_language", '"de"'),
        ("timezone", '"America/Argentina/Buenos_Aires"'),
        ("timezone", '""'),
        ("languages", '["sr-Latn", "zh-Hant-TW", "ar", "pt-BR"]'),
        ("title", '"""two\nlines"""'),
        ("title", '{ en = "", de = "Netz" }'),
        ("title", '"  Example  "'),
    ],
)
def test_values_that_are_accepted(key, value):
    """Paths, ports, scripts and regions are all possible."""
    found, problems = read(with_site(key, value))
    assert problems == []
    assert found is not None


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("news@example.org", "", "news@example.org"),
        ("<news@example.org>", "", "news@example.org"),
        ("Newsroom <news@example.org>", "Newsroom", "news@example.org"),
        ('"Newsroom, Berlin" <news@example.org>', "Newsroom, Berlin", "news@example.org"),
        ("Rédaction <news+a.b@mail.example.org>", "Rédaction", "news+a.b@mail.example.org"),
    ],
)
def test_a_sender_has_a_name_and_an_address(written, name, address):
    """In the forms that mail programs show."""
    mail = settings_from(f"{SITE}[mail]\nfrom = '{written}'\n").mail
    assert (mail.sender_name, mail.sender) == (name, address)


# -- what is wrong ----------------------------------------------------------------------------------

WRONG = [
    # the site itself
    ("", ["config-key-missing 1:1"] * 5),
    ("[site]\n", ["config-key-missing 1:1"] * 4),
    ("site = 1\n", ["config-type 1:1", *["config-key-missing 1:1"] * 4]),
    (with_site("title", '""'), ["config-key-missing 2:1"]),
    (with_site("title", '"  "'), ["config-key-missing 2:1"]),
    (with_site("title", "{}"), ["config-key-missing 2:1"]),
    (with_site("title", '{ en = "" }'), ["config-key-missing 2:1"]),
    (with_site("title", '{ fr = "Réseau" }'), ["config-key-unknown 2:1", "config-key-missing 2:1"]),
    (with_site("title", "{ en = 1 }"), ["config-type 2:1", "config-key-missing 2:1"]),
    (with_site("title", "1"), ["config-type 2:1"]),
    (with_site("title", "true"), ["config-type 2:1"]),
    (with_site("title", '["a"]'), ["config-type 2:1"]),
    (with_site("title", '"a\\u0007b"'), ["control-character 2:1"]),
    (with_site("title", '{ de = "a\\u0000b" }'), ["control-character 2:1"]),
    (with_site("description", "1"), ["config-type 6:1"]),
    (with_site("notice", "[]"), ["config-type 6:1"]),
    (with_site("imprint", "2010-02-04"), ["config-type 6:1"]),
    (with_site("base_url", "8000"), ["config-type 3:1"]),
    (with_site("base_url", '""'), ["config-key-missing 3:1"]),
    (with_site("languages", "[]"), ["config-key-missing 4:1"]),
    (with_site("languages", '"en"'), ["config-type 4:1"]),
    (with_site("languages", '["en", 1]'), ["config-type 4:1"]),
    (with_site("languages", '["en", "xx"]'), ["config-locale-unknown 4:1"]),
    (with_site("languages", '["english", ""]'), ["config-locale-unknown 4:1"] * 2),
    (with_site("languages", '["en", "../en", "en/x"]'), ["config-locale-unknown 4:1"] * 2),
    (with_site("authority", "2010"), ["config-type 5:1"]),
    (with_site("authority", '""'), ["config-key-missing 5:1"]),
    (with_site("default_language", '"fr"'), ["config-choice 6:20"]),
    (with_site("default_language", '"EN"'), ["config-choice 6:20"]),
    (with_site("default_language", "1"), ["config-type 6:1"]),
    (with_site("timezone", "1"), ["config-type 6:1"]),
    (with_site("languages2", "1"), ["config-key-unknown 6:1"]),
    # tables
    (SITE + "[topic]\nwater = 'Water'\n", ["config-key-unknown 6:1"]),
    (SITE + "[sites]\n", ["config-key-unknown 6:1"]),
    (DIGEST + "subject = '{top} of {week}'\n", ["config-placeholder 11:1"]),
    (DIGEST + "subject.en = '{}'\n", ["config-placeholder 11:1"]),
    (DIGEST + "intro = {en = '{top.title}'}\n", ["config-placeholder 11:1"]),
    (DIGEST + "intro.xx = 'x'\n", ["config-key-unknown 11:1"]),
    (SITE + "[[feeds]]\nitems = 3\n", ["config-type 6:1"]),
    (SITE + "[languages.fr]\n", ["config-key-unknown 6:1"]),
    (SITE + "[languages]\nde = 'de'\n", ["config-type 7:1"]),
    (SITE + "[languages.de]\nlocale = 'xx'\n", ["config-locale-unknown 7:1"]),
    (SITE + "[languages.de]\nlocale = ''\n", ["config-locale-unknown 7:1"]),
    (SITE + "[languages.de]\nlocale = 1\n", ["config-type 7:1"]),
    (SITE + "[languages.de]\nfallback = 'en'\n", ["config-type 7:1"]),
    (SITE + "[languages.de]\nfallback = ['en', 'fr']\n", ["config-reference 7:1"]),
    (SITE + "[languages.de]\ntitle = {en = 'x'}\n", ["config-type 7:1"]),
    (SITE + "[languages.de]\ndescription = 1\n", ["config-type 7:1"]),
    (SITE + "[languages.de]\nfallbacks = []\n", ["config-key-unknown 7:1"]),
    (SITE + "[topics]\nwater = 1\n", ["config-type 7:1"]),
    (SITE + "[topics]\nwater = ''\n", ["config-key-missing 7:1"]),
    (SITE + "[topics]\nwater = {en = 'Water'}\n", ["config-name 7:1"]),
    (SITE + "[partners.club]\nde = 'Klub'\n", ["config-name 6:1"]),
    (SITE + "[countries]\nKZ = {}\n", ["config-name 7:1"]),
    (SITE + "[topics]\nWater = 'Water'\n", ["config-value 7:1"]),
    (SITE + "[topics]\n'a b' = 'Water'\n", ["config-value 7:1"]),
    (SITE + "[topics]\nclean_water = 'Water'\n", ["config-value 7:1"]),
    (SITE + "[topics.water]\nname = 'Water'\n", ["config-name 6:1"]),
    (SITE + "[donors]\nA = 'A'\n", ["config-value 7:1"]),
    (SITE + "[partners]\na = []\n", ["config-type 7:1"]),
    (SITE + "[programmes]\na- = 'A'\n", ["config-value 7:1"]),
    (SITE + "[countries]\nKZ = 7\n", ["config-type 7:1"]),
    (SITE + "[feeds]\nitems = 0\n", ["config-range 7:1"]),
    (SITE + "[feeds]\nitems = 501\n", ["config-range 7:1"]),
    (SITE + "[feeds]\nitems = '30'\n", ["config-type 7:1"]),
    (SITE + "[feeds]\nitems = 30.0\n", ["config-type 7:1"]),
    (SITE + "[feeds]\nitems = true\n", ["config-type 7:1"]),
    (SITE + "[feeds]\nformats = 'rss'\n", ["config-type 7:1"]),
    (SITE + "[feeds]\nformats = ['rss', 'json', 'xml']\n", ["config-choice 7:19", "config-choice 7:27"]),
    (SITE + "[feeds]\nitem = 30\n", ["config-key-unknown 7:1"]),
    (SITE + "[lists]\nitems = -1\n", ["config-range 7:1"]),
    (SITE + "[lists]\nsize = 1\n", ["config-key-unknown 7:1"]),
    (SITE + "[digests]\nstaff = 1\n", ["config-type 7:1", *["config-key-missing 7:1"] * 2]),
    (SITE + "[digests.staff]\n", ["config-key-missing 6:1"] * 2),
    (SITE + "[audiences]\nstaff = 'x'\n", ["config-type 7:1", "config-key-missing 7:1"]),
    (SITE + "[audiences.a]\n", ["config-key-missing 6:1"]),
    (SITE + "[audiences.a]\nfile = 1\n", ["config-type 7:1"]),
    (SITE + "[audiences.a]\nfile = ''\n", ["config-key-missing 7:1"]),
    (SITE + "[audiences.a]\nfile = 'a'\ncolumn = 1\n", ["config-key-unknown 8:1"]),
    (SITE + "[mail]\nfrom = 1\n", ["config-type 7:1"]),
    (SITE + "[mail]\nchannel = 'smtp'\n", ["config-reference 7:1"]),
    (SITE + "[mail]\nchannel = 'smpt'\n", ["config-choice 7:11"]),
    (SITE + "[mail]\nbounce_address = 'bounces'\n", ["config-value 7:1"]),
    (SITE + "[mail]\nbounce_address = '" + "b" * 38 + "@example.org'\n", ["config-value 7:1"]),
    (SITE + "[mail.dkim]\n", ["config-key-missing 6:1"] * 3),
    (SITE + "[mail.dkim]\ndomain='a b'\nselector='x'\nkey_file='k'\n", ["config-value 7:1"]),
    (
        SITE + "[store]\nurl = 1\ndurable = 'yes'\nplace = 'x'\n",
        ["config-type 7:1", "config-type 8:1", "config-key-unknown 9:1"],
    ),
    (SITE + "[mailboxes.imap]\nhost = 'mail.example.org'\n", ["config-key-missing 6:1"]),
    (
        SITE + "[mailboxes.imap]\nhost = 'mail.example.org'\nusername = 'a'\nsecurity = 'none'\n",
        ["config-value 9:1"],
    ),
    (SITE + "[store]\nurl = 'postgresql://news:hush@db.example/news'\n", ["config-value 7:1"]),
    (SITE + "[store]\nurl = 'postgresql+psycopg://:hush@db.example/news'\n", ["config-value 7:1"]),
    (SITE + "[store]\nurl = 'postgresql://news@db.example/news'\n", []),
    (SITE + "[store]\nurl = 'postgresql://news@db.example:5433/news'\n", []),
    (SITE + "[store]\nurl = 'sqlite:///var/a:b@c'\n", []),
    (SITE + "[mail]\nunsubscribe_url = 'http://www.example.org/u/'\n", ["config-value 7:1"]),
    (SITE + "[mail]\nunsubscribe_url = 'https://www.example.org/u/'\n", []),
    (SITE + "[mail]\nunsubscribe_url = 'https://www.example.org/u?token='\n", []),
    (SITE + "[mail]\nunsubscribe_url = 'mailto:leave@example.org'\n", ["config-value 7:1"]),
    (SITE + "[mail]\nunsubscribe_url = 'https://www.example.org/u/ x'\n", ["config-value 7:1"]),
    (SITE + "[mail]\nunsubscribe_url = 'https://www.example.org/<u>/'\n", ["config-value 7:1"]),
    (SITE + "[mail]\nunsubscribe_url = 'https://www.example.org'\n", ["config-value 7:1"]),
    (SITE + "[mail]\nconfirm_url = 'http://www.example.org/c/'\n", ["config-value 7:1"]),
    (SITE + "[mail]\nconfirm_url = 'https://www.example.org/c/'\n", []),
    (SITE + "[mail]\nconfirm_url = 'https://bücher.example/c/'\n", ["config-value 7:1"]),
    (SITE + "[mail]\nconfirm_url = 1\n", ["config-type 7:1"]),
    (SITE + "[mailboxes.pop]\n", ["config-key-unknown 6:1"]),
    (SITE + "[mailboxes.maildir]\n", ["config-key-missing 6:1"]),
    (SITE + "[mail]\nsender = 'a@example.org'\n", ["config-key-unknown 7:1"]),
    (SITE + "[channels.smtp]\nport = 25\n", ["config-key-missing 6:1"]),
    (SITE + "[channels.smtp]\nhost = 'a b'\n", ["config-value 7:1"]),
    (SITE + "[channels.smtp]\nhost = 'mail.example.org'\nconnections = 0\n", ["config-range 8:1"]),
    (
        SITE + "[channels.smtp]\nhost = 'mail.example.org'\nusername = 'x'\nsecurity = 'none'\n",
        ["config-value 9:1"],
    ),
    (
        SITE + "[channels.smtp]\nhost = 'a.example'\n[[channels.smtp.relays]]\nhost = 'a.example'\n",
        ["config-value 9:1"],
    ),
    (SITE + "[channels.stmp]\n", ["config-key-unknown 6:1"]),
    (SITE + "[channels]\nfolder = 'x'\n", ["config-type 7:1"]),
    (SITE + "[channels.folder]\npath = 1\n", ["config-type 7:1"]),
    (SITE + "[channels.folder]\npaths = 'x'\n", ["config-key-unknown 7:1"]),
    (SITE + "[limits]\nfile_size = 999\n", ["config-range 7:1"]),
    (SITE + "[limits]\nfile_size = 50_000_001\n", ["config-range 7:1"]),
    (SITE + "[limits]\ntitle_length = 19\n", ["config-range 7:1"]),
    (SITE + "[limits]\nsummary_length = 5_001\n", ["config-range 7:1"]),
    (SITE + "[limits]\nsummary = 5\n", ["config-key-unknown 7:1"]),
    # form
    ("[site\n", ["config-syntax 1:6"]),
    ("title: A\n", ["config-syntax 1:6"]),
    (SITE + "[site]\n", ["config-syntax 6:6"]),
    (SITE + "authority = 'x'\n", ["config-syntax 6:1"]),
    (SITE + "x = " + "[" * 50_000, ["config-syntax 1:1"]),
    (SITE + "x = " + "{a=" * 50_000, ["config-syntax 1:1"]),
    (SITE + "x = " + "9" * 5_000, ["config-syntax 1:1"]),
    (SITE + "x = 0x" + "f" * 5_000, ["config-syntax 1:1"]),
]


@pytest.mark.parametrize(("text", "found"), WRONG, ids=range(len(WRONG)))
def test_a_mistake_is_told_at_its_line(text, found):
    """Keys at their own place, missing ones at their table."""
    assert problems_of(text) == found


@pytest.mark.parametrize(
    "url",
    ["example.org", "//example.org/", "ftp://example.org/", "https://", "https:///x", "https://a b/", "https://a/?x=1",
     "https://a/?", "https://a/#x", "https://a/#", "https://[", "https://a:x/", "https://a:99999/", "https://a:0/",
     "https://bücher.example/", "javascript:alert(1)", 'https://a/"onclick', "https://a/<b>", "https://ex℀mple/"],
)  # fmt: skip
def test_a_base_url_is_an_absolute_web_address(url):
    """No query, no fragment, no spaces, and nothing that only looks like one."""
    found, problems = read(with_site("base_url", f"'{url}'"))
    assert found is None
    assert told(problems) == ["config-value 3:1"]
    assert params(problems[0]) == {
        "key": "site.base_url",
        "value": url,
        "expected": "an absolute web address such as https://www.example.org/",
    }


@pytest.mark.parametrize(
    "authority",
    ["example.org", "example.org,", "example.org,10", "Example.org,2010", "example.org,2010-2", "example.org, 2010",
     "example..org,2010", "-a.org,2010", "example.org,2010:x", "a b@example.org,2010", "example.org,２０１０"],
)  # fmt: skip
def test_an_authority_is_a_domain_and_a_date(authority):
    """As RFC 4151 writes it."""
    assert problems_of(with_site("authority", f'"{authority}"')) == ["config-value 5:1"]


@pytest.mark.parametrize(
    "zone",
    [
        "Berlin",
        "Europe/berlin ",
        "CEST",
        "+01:00",
        "../etc/passwd",
        "/etc/localtime",
        "Europe",
        "a\\u0000b",
        "x" * 300,
    ],
)
def test_a_time_zone_is_one_of_iana(zone):
    """Of the site and of a digest alike."""
    wrong = {"a\\u0000b": ["control-character", "config-value"], "Europe/berlin ": ["config-value"]}
    expected = wrong.get(zone, ["config-value"])
    assert codes(read(with_site("timezone", f'"{zone}"'))[1]) == expected
    digest = f'[audiences.a]\nfile = "x"\n[digests.a]\naudience = "a"\nschedule = "mon 08:00"\ntimezone = "{zone}"\n'
    assert codes(read(SITE + digest)[1]) == expected


@pytest.mark.parametrize(
    "address",
    ["news", "news@", "@example.org", "news@example", "a b@example.org", "Name news@example.org",
     "a@b@example.org", "news@example.org, desk@example.org", "Name\\r\\nBcc: x@example.org <a@example.org>",
     "näws@example.org", "Na<me <a@example.org>"],
)  # fmt: skip
def test_an_address_of_mail_is_one_address(address):
    """And nothing that could start another header."""
    for key in ("from", "reply_to"):
        assert problems_of(f'{SITE}[mail]\n{key} = "{address}"\n') == ["config-value 7:1"]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://news:hush@db.example/news",
        "postgresql://news:hu%40sh@db.example/news",
        "postgresql://news:hu:sh@db.example/news",
        "postgres://:hush@db.example/news",
        "postgresql://news:hu@sh@db.example/news",
        "postgresql://news:hu/sh@db.example/news",
        "postgresql://db.example/news?user=news&password=hush",
    ],
)
def test_the_password_of_a_store_is_not_repeated(url):
    """It is a problem, and the problem shows no part of it."""
    _, found = read(f'{SITE}[store]\nurl = "{url}"\n')
    assert codes(found) == ["config-value"]
    assert "sh" not in dict(found[0].params)["value"]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([], []),
        (["audience = 'b'"], ["config-reference 10:1"]),
        (["topics = ['water', 'fire']"], ["config-reference 10:1"] * 2),
        (["topics = 'water'"], ["config-type 10:1"]),
        (["schedule = 'weekly'"], ["config-value 10:1"]),
        (["schedule = 'mon 25:00'"], ["config-value 10:1"]),
        (["schedule = 8"], ["config-type 10:1"]),
        (["max_items = 0"], ["config-range 10:1"]),
        (["max_items = 201"], ["config-range 10:1"]),
        (["when_empty = 'Skip'"], ["config-choice 10:14"]),
        (["horizon = 3661"], ["config-range 10:1"]),
        (["horizont = 3"], ["config-key-unknown 10:1"]),
        (["missed = 'each'", "unknown = 'ask'"], []),
        (["missed = 'fold'", "unknown = 'skip'"], []),
        (["missed = 'all'"], ["config-choice 10:10"]),
        (["unknown = 'retry'"], ["config-choice 10:11"]),
        (["title = { fr = 'x' }"], ["config-key-unknown 10:1"]),
    ],
)
def test_a_digest_is_checked_key_by_key(lines, found):
    """References included: its audience and its topics are defined elsewhere."""
    own = {line.split(" =")[0] for line in lines}
    usual = [line for line in ("audience = 'a'", "schedule = 'mon 08:00'") if line.split(" =")[0] not in own]
    text = (
        SITE
        + "[audiences.a]\nfile = 'x'\n[digests.staff]\n"
        + "\n".join(usual[:1] + lines + usual[1:])
        + "\n"
    )
    expected = [one.replace("10:1", f"{9 + len(usual[:1])}:1") for one in found]
    assert problems_of(text) == expected


@pytest.mark.parametrize("name", ["a b", "A", "ä", "../x", "a@b", "a-"])
def test_the_name_of_a_digest_can_stand_in_a_header(name):
    """It becomes part of a Message-ID and of file names."""
    text = f'{SITE}[audiences.a]\nfile = "x"\n[digests."{name}"]\naudience = "a"\nschedule = "mon 08:00"\n'
    assert problems_of(text) == ["config-value 8:1"]


@pytest.mark.parametrize(
    ("text", "suggestion", "known"),
    [
        (with_site("titel", '"x"'), "title", "authority, base_url, default_language, description, desks, imprint, languages, notice, removed, story_url, timezone, title"),
        (SITE + "[audience.x]\n", "audiences", "audiences, authors, brand, channels, countries, digests, doctor, donors, editors, fediverse, feeds, languages, limits, links, lists, mail, mailboxes, output, partners, programmes, publish, receivers, redirects, search, site, store, topics, translations, web, websub"),
        (SITE + "[feeds]\nitms = 3\n", "items", "archives, content, formats, items, text_size"),
        (SITE + "[mail]\nchannel = 'foldr'\n", "folder", "folder, maildir, mx, smtp, stdout"),
        (SITE + "[feeds]\nformats = ['json']\n", "jsonfeed", "rss, atom, jsonfeed"),
        (SITE + "[output]\ncompress = ['gzip']\n", "gz", "gz"),
        (with_site("default_language", '"EN"'), "en", "en, de"),
        (SITE + "[languages.zz]\n", "", "de, en"),
    ],
)  # fmt: skip
def test_a_misspelt_word_gets_a_suggestion(text, suggestion, known):
    """And the words that are known there."""
    (one,) = read(text)[1]
    assert one.suggestion == suggestion
    assert params(one)["known"] == known


def test_a_reference_names_what_is_defined():
    """So that the mistake can be seen."""
    text = (
        SITE
        + "[digests.d]\nschedule = 'mon 08:00'\naudience = 'x'\n[audiences.a]\nfile='a'\n[audiences.b]\nfile='b'\n"
    )
    (one,) = read(text)[1]
    assert params(one) == {"key": "digests.d.audience", "value": "x", "known": "a, b"}


def test_all_mistakes_are_found_in_one_pass():
    """Each with its own line, whatever else is wrong."""
    text = """\
[site]
titel = "Example network"
base_url = "example.org"
languages = ["en", "xx"]
default_language = "fr"
timezone = "Berlin"
authority = "example"

[languages.en]
fallback = ["it"]
locale = "zz"

[languages.yy]

[topics]
Water = "Water"

[feeds]
items = 0
formats = ["rss", "xml"]

[digests.staff]
schedule = "sometimes"
audience = "nobody"
topics = ["fire"]
when_empty = "cry"

[mail]
from = "nobody"
channel = "pigeon"

[limits]
file_size = "big"

[extra]
"""
    found, problems = loader.parse_settings(text)
    assert found is None
    assert sorted(told(problems), key=lambda one: int(one.split()[1].split(":")[0])) == [
        "config-key-missing 1:1",
        "config-key-unknown 2:1",
        "config-value 3:1",
        "config-locale-unknown 4:1",
        "config-choice 5:20",
        "config-value 6:1",
        "config-value 7:1",
        "config-reference 10:1",
        "config-locale-unknown 11:1",
        "config-key-unknown 13:1",
        "config-value 16:1",
        "config-range 19:1",
        "config-choice 20:19",
        "config-value 23:1",
        "config-reference 24:1",
        "config-reference 25:1",
        "config-choice 26:14",
        "config-value 29:1",
        "config-choice 30:11",
        "config-type 33:1",
        "config-key-unknown 35:1",
    ]


# -- files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (SITE, []),
        (SITE.replace("\n", "\r\n"), []),
        (b"\xef\xbb\xbf" + SITE.encode(), ["bom 1:1"]),
        (b'[site]\ntitle = "\xe4"\n', ["not-utf8 2:10"]),
        ("[site]\n\x07", ["control-character 2:1", "config-syntax 2:1"]),
        ("", ["config-key-missing 1:1"] * 5),
    ],
)  # fmt: skip
def test_a_configuration_is_read_from_its_folder(tmp_path, data, found):
    """As an editor saves it."""
    settings_found, problems = loader.load_settings(write_tree(tmp_path, {"config.toml": data}))
    assert told(problems) == found
    assert (settings_found is not None) == (found in ([], ["bom 1:1"]))


def test_a_folder_without_a_configuration_is_no_site(tmp_path):
    """Nor is a file, nor a folder that is not there."""
    (tmp_path / "file").write_text("")
    for folder in (tmp_path, tmp_path / "file", tmp_path / "gone"):
        found, problems = loader.load_settings(folder)
        assert found is None
        assert told(problems) == ["config-missing 1:1"]


def test_a_configuration_that_cannot_be_read_says_why(tmp_path):
    """In the user's language, as other reasons of the system."""
    (tmp_path / "config.toml").mkdir()
    found, problems = loader.load_settings(tmp_path)
    assert found is None
    assert told(problems) == ["unreadable 1:1"]
    assert params(problems[0]) == {"reason": "it is a folder"}


def test_a_table_that_is_not_there_takes_every_default():
    """Of any shape."""
    table = Table.empty()
    assert (table.text("a"), table.number("b", 3, 1, 5), table.list_of_texts("c")) == ("", 3, ())
    assert (table.keys(), table.problems) == ([], [])
    assert (table.where("a").line, table.where().column) == (1, 1)


# -- anything at all --------------------------------------------------------------------------------

TABLES = "site languages topics donors partners programmes countries feeds lists digests audiences mail channels limits store mailboxes"
WORDS = st.one_of(
    st.sampled_from(
        f"{TABLES} title description base_url default_language timezone authority notice imprint locale fallback "
        "items formats schedule audience max_items when_empty horizon file from reply_to channel folder path "
        "file_size title_length summary_length attachment_size picture_size picture_pixels en de xx staff rss "
        "smtp imap maildir stdout dkim host port security username connections relays url durable unknown missed".split()
    ),
    st.text(alphabet=st.characters(codec="utf-8"), max_size=8),
)
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    WORDS,
    st.sampled_from(
        [
            "en",
            "de",
            "mon 08:00",
            "https://example.org/",
            "https://[",
            "example.org,2010",
            "Europe/Berlin",
            "a@example.org",
            "\0",
        ]
    ),
)
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=3), st.dictionaries(WORDS, SCALARS, max_size=3))


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    escaped = "".join(
        f"\\U{ord(char):08X}" if char in '"\\' or not char.isprintable() else char for char in text
    )
    return f'"{escaped}"'


def dumped(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(key)} = {dumped(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(dumped, value)) + "]"
    return quoted(value) if isinstance(value, str) else repr(value)


@given(st.dictionaries(WORDS, st.one_of(VALUES, st.dictionaries(WORDS, VALUES, max_size=4)), max_size=4))
@settings(max_examples=examples(60), deadline=None)
def test_any_tables_are_settings_or_problems(tables):
    """Values of every shape under every key: never an exception, and every place is in the file."""
    text = "".join(f"{quoted(key)} = {dumped(value)}\n" for key, value in tables.items())
    found, problems = loader.parse_settings(text)
    assert found is not None or problems
    codes(problems)
    assert all(1 <= one.where.line <= text.count("\n") + 1 for one in problems)


@given(
    st.dictionaries(st.sampled_from(TABLES.split()), st.dictionaries(WORDS, VALUES, max_size=4), max_size=4)
)
@settings(max_examples=examples(60), deadline=None)
def test_any_additions_to_a_site_are_settings_or_problems(tables):
    """A configuration that is right, and then more."""
    text = "".join(
        f"[{name}]\n" + "".join(f"{quoted(key)} = {dumped(value)}\n" for key, value in table.items())
        for name, table in tables.items()
        if name != "site"
    )
    found, problems = loader.parse_settings(SITE + text)
    assert found is not None or problems
    codes(problems)


@given(st.text(max_size=80))
@settings(max_examples=examples(100), deadline=None)
def test_any_text_is_settings_or_problems(text):
    """TOML or not."""
    found, problems = loader.parse_settings(text)
    assert found is not None or problems
    codes(problems)
