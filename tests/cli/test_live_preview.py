"""The live preview: what is saved is shown, drafts included; what is wrong is told, and the page stays."""

import os
from datetime import UTC, datetime

import pytest

from newsfeed.app.live_preview import LivePreview
from newsfeed.cli.live_preview import _ShownPreview
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
    shown = _ShownPreview(LivePreview(site, NOW, os.environ, jobs=1), NOW, "/", "https://www.example.org/")
    shown.update(None)
    digest = shown.own_file("digests/weekly/")
    assert "[Draft] A well" in digest
    assert "[Draft] A well" in shown.own_file("digests/weekly/en.html")
    assert "https://www.example.org/" not in shown.own_file("digests/weekly/en.html")
    assert shown.own_file("digests/daily/") is None
    assert shown.own_file("../config.toml") is None
    assert "EventSource" in shown.own_file("bar.js")
    state = shown.feed.next_state(0)
    assert state["words"]["problems"] == "no problems"
    assert state["stories"] == [
        {"title": "[Draft] A well", "href": "/en/news/2026/well/", "note": "draft"},
    ]


def test_a_configuration_that_cannot_be_used_is_told(site):
    """And a preview is never made where a site is published."""
    (site / "config.toml").write_text("[site\n")
    with pytest.raises(ProblemsFound):
        LivePreview(site, NOW, os.environ, jobs=1).update(None)
    (site / "var/drafts").mkdir(parents=True)
    (site / "var/drafts/robots.txt").write_text("User-agent: *\n")
    with pytest.raises(UsageError):
        LivePreview(site, NOW, os.environ, jobs=1)
