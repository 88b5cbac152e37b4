"""Sent issues on the site: a record beside the texts, pages and a feed for each edition, the same for ever."""

import json
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest

from bench.site import LANGUAGES, MONDAY, Made
from newsfeed.config import loader
from newsfeed.core.digests.issue_records import decode_record, encode_record
from newsfeed.testing import write_tree
from tests.cli.command import newsfeed
from tests.delivery.sites import delivery, join, round_at, site
from tests.peers.browser import browse
from tests.peers.html import vnu_errors

RECORD = "issues/staff/2030-02-04.json"
NEXT = MONDAY + timedelta(days=7)


def build(made: Made, *words: str) -> dict[str, bytes]:
    """Publish the site as of a day after the second issue; every file of it."""
    done = newsfeed("-C", made.folder, "build", "--now", (NEXT + timedelta(days=1)).isoformat(), *words)
    assert done.returncode == 0, done.stderr
    public = made.folder / "public"
    return {
        str(path.relative_to(public)): path.read_bytes()
        for path in public.rglob("*")
        if path.is_file() and ".newsfeed" not in str(path)
    }


def mail_of(made: Made) -> str:
    """All mails that left, as text."""
    return "".join(path.read_text(errors="replace") for path in (made.folder / "var").rglob("*.eml"))


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A site whose first issue was sent."""
    made = site(tmp_path, people=8, channel="folder", port=25)
    round_at(made, MONDAY)
    return made


def test_a_sent_issue_has_a_page_and_a_feed_in_each_edition(made: Made) -> None:
    """With the stories that were sent, and the mail leads there."""
    public = build(made)
    for lang in LANGUAGES:
        page = public[f"{lang}/issues/staff/2030-02-04/index.html"].decode()
        assert "<h1>" in page
        feed = feedparser.parse(public[f"{lang}/issues/staff/feed.atom"])
        assert not feed.bozo
        assert [one.id.partition(":")[2].partition(":")[2] for one in feed.entries] == [
            f"issue/staff/2030-02-04:{lang}"
        ]
        assert feed.entries[0].link.endswith(f"/{lang}/issues/staff/2030-02-04/")
        assert f"/{lang}/issues/staff/" in public[f"{lang}/feeds/index.html"].decode()


def test_search_engines_are_told_of_issues(made: Made) -> None:
    """The sitemap has each issue and the list of them, in all editions, as translations of each other."""
    sitemap = build(made)["sitemap.xml"].decode()
    for lang in LANGUAGES:
        for page in ("", "2030-02-04/"):
            address = f"/{lang}/issues/staff/{page}"
            assert sum(one.endswith(f"{address}</loc>") for one in sitemap.split("\n")) == 1, address
            assert sitemap.count(f'hreflang="{lang}" href="https://test.example{address}"') == len(LANGUAGES)


@pytest.mark.slow
@pytest.mark.xdist_group("browser")
def test_pages_of_issues_are_for_everybody(made: Made) -> None:
    """Nu and axe find nothing on them, narrow and wide, light and dark."""
    build(made)
    public = made.folder / "public"
    pages = sorted(public.glob("*/issues/**/*.html"))
    assert len(pages) == 2 * len(LANGUAGES)
    assert vnu_errors(pages, langdetect=True) == []
    with browse(public) as browser:
        for page in pages:
            path = f"/{page.relative_to(public).parent}/"
            for view in browser.views(path):
                assert view.violations + view.foreign + view.broken == (), (path, view.scheme)
                assert view.fits, path


def test_a_record_names_nobody(made: Made) -> None:
    """No reader's address, name, key or token; and it reads back as it was."""
    data = (made.folder / RECORD).read_bytes()
    with delivery(made) as opened:
        for person in opened.store.people.all("staff"):
            assert person.address.encode() not in data
            assert person.key.encode() not in data
    assert b"unsubscribe" not in data
    issue = decode_record("staff", "2030-02-04", data, LANGUAGES)
    assert encode_record(issue) == data
    assert set(issue.editions) == set(LANGUAGES)


@pytest.mark.slow
def test_what_was_sent_stays_and_the_next_issue_brings_what_is_new(made: Made) -> None:
    """Whatever becomes of the stories: the record is the issue."""
    first = (made.folder / RECORD).read_bytes()
    before = build(made)
    write_tree(
        made.folder,
        {
            "news/2030/late.en.md": "---\nid: late\ntitle: Late news\ndate: 2030-02-09\ntopics: [water]\n---\nText.\n"
        },
    )
    round_at(made, NEXT)
    assert (made.folder / RECORD).read_bytes() == first
    second = json.loads((made.folder / "issues/staff/2030-02-11.json").read_text())
    stories = [one["story"] for group in second["editions"]["en"]["groups"] for one in group["entries"]]
    assert stories == ["late"]
    after = build(made)
    page = "en/issues/staff/2030-02-04/index.html"
    assert before[page].count(b"<h3") == after[page].count(b"<h3")
    feed = feedparser.parse(after["en/issues/staff/feed.atom"])
    assert len(feed.entries) == 2
    assert feed.entries[0].title.startswith("Late news")


@pytest.mark.slow
def test_who_came_later_and_is_sent_older_stories_makes_no_issue_of_the_sites(made: Made) -> None:
    """What nobody new is told of was published already."""
    with delivery(made) as opened:
        join(opened, range(20, 22), MONDAY + timedelta(days=1))
    round_at(made, NEXT)
    assert not (made.folder / "issues/staff/2030-02-11.json").exists()


@pytest.mark.slow
def test_every_way_to_build_makes_the_same_files(made: Made) -> None:
    """From nothing, with a record that came, and after a story that was edited."""
    build(made)
    write_tree(
        made.folder,
        {
            "news/2030/late.en.md": "---\nid: late\ntitle: Late news\ndate: 2030-02-09\ntopics: [water]\n---\nText.\n"
        },
    )
    round_at(made, NEXT)
    grown = build(made)
    write_tree(
        made.folder,
        {
            "news/2030/late.en.md": "---\nid: late\ntitle: Later\ndate: 2030-02-09\ntopics: [water]\n---\nText.\n"
        },
    )
    edited = build(made)
    assert b"Late news" in edited["en/issues/staff/2030-02-11/index.html"]
    assert grown.keys() == edited.keys()
    assert build(made, "--fresh") == edited


def test_a_digest_that_is_not_public_has_no_pages(tmp_path: Path) -> None:
    """Nor records; its mails lead to the site."""
    made = site(tmp_path, people=4, channel="folder", port=25)
    config = made.folder / "config.toml"
    config.write_text(config.read_text().replace("[digests.staff]\n", "[digests.staff]\npublic = false\n"))
    round_at(made, MONDAY)
    assert not (made.folder / "issues").exists()


@pytest.mark.parametrize(
    "data",
    [
        "", "[]", "{}", '{"editions": []}', "\xff",
        '{"slot": "x", "instant": "never", "editions": {}}',
        '{"slot": "x", "instant": "2030-02-04T07:00:00Z", "editions": {"en": {"groups": [1]}}}',
        '{"slot": "x", "instant": "2030-02-04T07:00:00Z", "editions": {"en": {"groups": [{"entries": [{"path": "../x"}]}]}}}',
        '{"slot": "x", "instant": "2030-02-04T07:00:00Z", "editions": {"en": {"groups": [{"entries": [{"path": "//evil.example/"}]}]}}}',
    ],
)  # fmt: skip
def test_a_file_that_is_no_record_is_told(tmp_path: Path, data: str) -> None:
    """And nothing is published."""
    from newsfeed.testing import CONFIG

    write_tree(tmp_path, {"config.toml": CONFIG, RECORD: data.encode("latin-1")})
    _, problems = loader.load_settings(tmp_path)
    assert [(one.code, one.where.path) for one in problems] == [("issue-record", RECORD)]


@pytest.mark.slow
def test_a_strangers_record_brings_no_script(tmp_path: Path, made: Made) -> None:
    """Words are words, and the note passes the allow-list again."""
    path = made.folder / RECORD
    values = json.loads(path.read_text())
    edition = values["editions"]["en"]
    edition["note"] = '<p onclick="x()">Hello <a href="javascript:x">you</a></p><script>alert(1)</script>'
    edition["subject"] = "<script>alert(2)</script>"
    path.write_text(json.dumps(values))
    public = build(made)
    for name in ("2030-02-04/index.html", "feed.atom", "index.html"):
        text = public[f"en/issues/staff/{name}"].decode()
        assert "alert(1)" not in text
        assert "<script>alert" not in text
        assert "javascript:" not in text
        assert "onclick" not in text
