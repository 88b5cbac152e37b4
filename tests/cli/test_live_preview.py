"""The live preview: what is saved is shown, drafts included; what is wrong is told, and the page stays."""

import json
import os
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from newsfeed.app.live_preview import LivePreview
from newsfeed.cli.shown_preview import ShownPreview
from newsfeed.errors import ProblemsFound, UsageError
from tests.cli.command import newsfeed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DRAFT = "---\nid: well\ndate: 2026-02-27\ndraft: yes\ntopics: [water]\ntitle: A well\n---\nFirst words.\n"


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A small site with a draft."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    newsfeed("init", tmp_path / "site")
    (tmp_path / "site/news/2026/well.en.md").write_text(DRAFT)
    return tmp_path / "site"


def page(site):
    """The draft's page in the preview."""
    return (site / "var/drafts/en/news/2026/well/index.html").read_text()


def test_a_saved_draft_is_shown_at_once(site):
    """Marked, and the published site is left alone."""
    preview = LivePreview(site, NOW, os.environ, jobs=1)
    state = preview.update(None)
    assert [(one.path, one.draft) for one in state.withheld] == [("en/news/2026/well/index.html", True)]
    assert "[Draft] A well" in page(site)
    (site / "news/2026/well.en.md").write_text(DRAFT.replace("First words", "Second words"))
    assert preview.update({"news/2026/well.en.md"}).problems == ()
    assert "Second words" in page(site)
    assert "[Draft] A well" in page(site)
    assert not (site / "public").exists()


def test_a_mistake_keeps_the_page_and_is_told_until_it_is_mended(site):
    """Other texts go on changing meanwhile."""
    preview = LivePreview(site, NOW, os.environ, jobs=1)
    preview.update(None)
    (site / "news/2026/well.en.md").write_text(DRAFT.replace("[water]", "[watr]"))
    (found,) = preview.update({"news/2026/well.en.md"}).problems
    assert (found.code, found.where.line) == ("topic-unknown", 5)
    hello = site / "news/2026/hello.en.md"
    hello.write_text(hello.read_text() + "\nMore.\n")
    assert [one.code for one in preview.update({"news/2026/hello.en.md"}).problems] == ["topic-unknown"]
    assert "First words" in page(site)
    (site / "news/2026/well.en.md").write_text(DRAFT.replace("First", "Third"))
    assert preview.update({"news/2026/well.en.md"}).problems == ()
    assert "Third words" in page(site)
    assert "More." in (site / "var/drafts/en/news/2026/hello/index.html").read_text()


def test_a_new_text_and_a_published_one_are_listed_as_what_they_are(site):
    """A story to come is withheld until its day; a draft until it is none."""
    preview = LivePreview(site, NOW, os.environ, jobs=1)
    preview.update(None)
    (site / "news/2026/later.en.md").write_text(
        "---\nid: later\ndate: 2026-06-01\ntitle: Later\n---\nText.\n"
    )
    (site / "news/2026/well.en.md").write_text(DRAFT.replace("draft: yes\n", ""))
    state = preview.update({"news/2026/later.en.md", "news/2026/well.en.md"})
    assert [(one.path, one.draft) for one in state.withheld] == [("en/news/2026/later/index.html", False)]
    assert "<h1>A well</h1>" in page(site).replace("\n", "")


def test_the_next_issue_holds_the_draft(site):
    """On the page where all languages stand side by side."""
    shown = ShownPreview(LivePreview(site, NOW, os.environ, jobs=1), NOW, "/", "https://www.example.org/")
    shown.update(None)
    digest = shown.file("digests/weekly/", "")
    assert "[Draft] A well" in digest
    assert "[Draft] A well" in shown.file("digests/weekly/en.html", "")
    assert "https://www.example.org/" not in shown.file("digests/weekly/en.html", "")
    assert "https://www.example.org/en/news/2026/well/" in shown.file("digests/weekly/en.txt", "")
    assert shown.file("digests/daily/", "") is None
    assert shown.file("../config.toml", "") is None
    assert "EventSource" in shown.file("bar.js", "")
    state = shown.feed.next_state(0)
    assert state["words"]["problems"] == "no problems"
    assert state["stories"] == [
        {"title": "[Draft] A well", "href": "/en/news/2026/well/", "note": "draft"},
    ]


LATER = "---\nid: later\ndate: 2026-06-01\nexpires: 2026-07-01\ntitle: Later\nsummary: Soon\n---\n**Text**.\n"


@pytest.fixture
def shown(site):
    """A preview with a story to come."""
    (site / "news/2026/later.en.md").write_text(LATER)
    now = NOW.astimezone(ZoneInfo("Europe/Berlin"))
    preview = ShownPreview(LivePreview(site, NOW, os.environ, jobs=1), now, "/", "https://www.example.org/")
    preview.update(None)
    return preview


def about(shown, path):
    """What the bar says of a page."""
    return json.loads(shown.file("page.json", path))["marks"]


def test_where_no_form_is_written_it_is_said_how(shown):
    """Below the address at which people look for it."""
    assert "<pre>newsfeed build\nnewsfeed editor</pre>" in shown.file("admin/", "")


def test_a_folder_without_a_site_has_no_preview(tmp_path):
    """It is said, and nothing stays behind."""
    refused = newsfeed("preview", "--no-open", cwd=tmp_path)
    assert (refused.returncode, "[config-missing]" in refused.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_the_bar_marks_what_is_not_public_on_its_page(shown, site):
    """A draft, a story to come, one that will go; nothing on pages of other kinds."""
    assert about(shown, "/en/news/2026/well/") == ["draft"]
    assert about(shown, "/en/news/2026/later/") == ["due 1 Jun 2026, 08:00", "expires 1 Jul 2026, 08:00"]
    assert about(shown, "/en/") == about(shown, "/elsewhere/") == about(shown, "") == []


def test_the_clock_is_set_for_all_pages_and_the_digest(shown, site):
    """To a moment in the zone of the site, and back to now; what is no moment changes nothing."""
    later = site / "var/drafts/en/news/2026/later/index.html"
    assert "[1 June 2026] Later" in later.read_text()
    shown.set_clock("2026-06-01T10:00")
    assert "[1 June 2026] Later" not in later.read_text()
    assert about(shown, "/en/news/2026/later/") == ["expires 1 Jul 2026, 08:00"]
    assert "Later" in shown.file("digests/weekly/", "")
    state = shown.feed.next_state(0)
    assert (state["clock"]["value"], state["as_of"]) == ("2026-06-01T10:00", "1 Jun 2026, 10:00")
    shown.set_clock("whenever")
    assert shown.feed.next_state(0)["clock"]["value"] == "2026-06-01T10:00"
    shown.set_clock("2026-08-01T10:00")
    assert not later.exists()
    shown.set_clock("2026-03-01T13:00")
    assert "[1 June 2026] Later" in later.read_text()


def test_a_story_is_shown_as_readers_programs_show_its_entry(shown):
    """With what a list of entries says of it, and with links that lead into the preview."""
    entry = shown.file("entry/", "/en/news/2026/later/")
    assert '<dd lang="en" dir="ltr">Soon</dd>' in entry
    assert "https://www.example.org/en/news/2026/later/" in entry
    assert shown.file("entry/", "/en/") is None


def test_a_configuration_that_cannot_be_used_is_told(site):
    """And a preview is never made where a site is published."""
    (site / "config.toml").write_text("[site\n")
    with pytest.raises(ProblemsFound):
        LivePreview(site, NOW, os.environ, jobs=1).update(None)
    (site / "var/drafts").mkdir(parents=True)
    (site / "var/drafts/robots.txt").write_text("User-agent: *\n")
    with pytest.raises(UsageError):
        LivePreview(site, NOW, os.environ, jobs=1)
