"""A preview with drafts and stories to come: marked, in a folder of its own, for nobody but editors."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsfeed.app import site as app
from newsfeed.app.drafts import DRAFTS, build_drafts
from newsfeed.errors import UsageError
from newsfeed.testing import CONFIG, an_item, write_tree

NOW = datetime(2026, 1, 12, tzinfo=UTC)
FILES = {
    "config.toml": CONFIG,
    "news/2026/there.en.md": an_item(title="There"),
    "news/2026/draft.en.md": an_item(title="Unripe", draft="yes"),
    "news/2026/draft.de.md": an_item(title="Unreif", date=None),
    "news/2026/later.en.md": an_item(title="Later", date="2026-03-01"),
    "news/2026/over.en.md": an_item(title="Over", expires="2026-01-10"),
    "news/2026/ending.en.md": an_item(title="Ending", expires="2026-02-10"),
}


def preview(tmp_path: Path) -> Path:
    """The folder of a preview."""
    write_tree(tmp_path, FILES)
    build_drafts(
        app.read(tmp_path, NOW),
        tmp_path / DRAFTS,
        NOW,
        jobs=1,
        environment={"XDG_CACHE_HOME": str(tmp_path / "cache")},
    )
    return tmp_path / DRAFTS


def test_drafts_and_what_is_to_come_are_shown_and_marked(tmp_path: Path) -> None:
    """In each edition's words; what has expired stays away, what will expire is there."""
    folder = preview(tmp_path)
    english = (folder / "en/index.html").read_text()
    assert "[Draft] Unripe" in english
    assert "[1 March 2026] Later" in english
    assert ">There<" in english
    assert "Ending" in english
    assert "Over" not in english
    assert "[Entwurf] Unreif" in (folder / "de/index.html").read_text()


def test_a_preview_is_for_nobody_else(tmp_path: Path) -> None:
    """No feed, no sitemap, no search engine; each page says what it is."""
    folder = preview(tmp_path)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= {".html", ".css", ".txt", ".json", ".md", ""}
    assert not [path for path in files if path.name.startswith(("feed", "sitemap"))]
    assert "Disallow: /" in (folder / "robots.txt").read_text()
    for page in folder.rglob("index.html"):
        text = page.read_text()
        assert "noindex" in text
        if "/page/" not in str(page) and 'class="notice"' in text:
            assert "Preview" in text or "Vorschau" in text or "Aper" in text or "Voorbeeld" in text


def test_a_preview_is_never_put_over_a_published_site(tmp_path: Path) -> None:
    """A preview goes where one was before, and the site itself knows nothing of drafts."""
    folder = preview(tmp_path)
    site = app.read(tmp_path, NOW)
    app.build(site, tmp_path / "public", NOW)
    assert "Unripe" not in (tmp_path / "public/en/index.html").read_text()
    with pytest.raises(UsageError):
        build_drafts(
            site, tmp_path / "public", NOW, jobs=1, environment={"XDG_CACHE_HOME": str(tmp_path / "cache")}
        )
    build_drafts(
        app.read(tmp_path, NOW), folder, NOW, jobs=1, environment={"XDG_CACHE_HOME": str(tmp_path / "cache")}
    )
