"""Translations that are behind their originals: published, marked, or replaced by the original."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from newsfeed.core.content.source_edits import set_source
from newsfeed.core.content.source_units import read_units
from newsfeed.testing import CONFIG, an_item, write_tree
from tests.build.builds import build, learn, open_in
from tests.peers.lint import lint_page
from tests.site.builds import tree

BASE = "https://test.example"
NOW = datetime(2026, 2, 1, tzinfo=UTC)
GERMAN = "---\ntitle: Brunnen\nslug: brunnen\nsource: new\n---\nAlt.\n"
FILES = {
    "news/2026/wells.en.md": an_item("Two wells.\n", id="wells", title="Wells", date="2026-01-05"),
    "news/2026/wells.de.md": GERMAN,
    "news/2026/other.en.md": an_item("See [wells](wells.de.md).\n", id="other", date="2026-01-04"),
    "pages/about.en.md": "---\nid: about\ntitle: About\n---\nUs.\n",
    "pages/about.de.md": "---\ntitle: Wir\nslug: wir\nsource: title=000000\n---\nWir.\n",
    "projects/pump.en.md": "---\nid: pump\ntitle: Pump\n---\nText.\n",
    "projects/pump.de.md": "---\ntitle: Pumpe\nsource: title=000000\n---\nText.\n",
}
MARKS = {
    "news/2026/brunnen": "Das Original vom 5. Januar 2026 hat sich seit dieser Übersetzung geändert.",
    "wir": "Das Original hat sich seit dieser Übersetzung geändert.",
    "projects/pump": "Das Original hat sich seit dieser Übersetzung geändert.",
}


def accept(root: Path) -> None:
    """Note in the German text the original as it is."""
    units = read_units((root / "news/2026/wells.en.md").read_bytes())
    path = root / "news/2026/wells.de.md"
    path.write_bytes(set_source(path.read_bytes(), units.source))


def change(root: Path) -> None:
    """Leave the German text behind."""
    path = root / "news/2026/wells.en.md"
    path.write_text(path.read_text().replace("Two", "Three"))


@pytest.fixture(params=["publish", "mark", "fall-back"])
def folder(request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site of each kind, built when its story was translated, and brought up to date when it was changed."""
    monkeypatch.setattr("newsfeed.build.cache.file_stats.SETTLED", -(10**12))
    config = f'{CONFIG}\n[translations]\noutdated = "{request.param}"\n'
    root = write_tree(tmp_path / request.param / "site", {"config.toml": config, **FILES})
    accept(root)
    learn(open_in(root.parent), NOW)
    change(root)
    build(open_in(root.parent), NOW)
    return root.parent


def page(folder: Path, path: str) -> str:
    """A page of the German edition."""
    return (folder / f"out/de/{path}/index.html").read_text("utf-8")


def entry(folder: Path) -> str:
    """The text of the story's entry in the German feed."""
    found = feedparser.parse(folder / "out/de/feed.atom").entries
    return next(one.content[0]["value"] for one in found if one.link.endswith(("/wells/", "/brunnen/")))


def test_a_build_of_what_changed_is_that_of_all(folder: Path) -> None:
    """When a translation falls behind, and when it is accepted again."""
    for step in (lambda: None, lambda: accept(folder / "site"), lambda: change(folder / "site")):
        step()
        build(open_in(folder), NOW)
        warm = tree(folder / "out")
        shutil.rmtree(folder / "cache")
        shutil.rmtree(folder / "out")
        learn(open_in(folder), NOW)
        assert warm == tree(folder / "out")


def test_readers_are_told_what_they_read(folder: Path) -> None:
    """Nothing; the date of the original; or that this is the original, which no search engine takes for another."""
    if folder.name == "fall-back":
        html = page(folder, "news/2026/wells")
        assert "Die Übersetzung dieses Textes ins Deutsche" not in html
        assert "ist nicht auf dem neuesten Stand; Sie lesen ihn hier auf Englisch." in html
        assert "Three wells." in html
        assert re.search(r'rel="canonical" href="[^"]*/en/news/2026/wells/"', html)
        assert '"/de/news/2026/wells/"' in page(folder, "news/2026/brunnen")  # the old address leads on
        assert 'rel="alternate" hreflang="de"' not in (
            folder / "out/en/news/2026/wells/index.html"
        ).read_text("utf-8")
        assert lint_page(html.encode(), f"{BASE}/de/news/2026/wells/") == []
        return
    for path, notice in MARKS.items():
        html = page(folder, path)
        assert (f'<p class="fallback">{notice}</p>' in html) == (folder.name == "mark")
        assert lint_page(html.encode(), f"{BASE}/de/{path}/") == []
    assert "Alt." in page(folder, "news/2026/brunnen")


def test_feeds_say_what_pages_say(folder: Path) -> None:
    """The entry is that of the language that is shown."""
    text = entry(folder)
    assert ("Three wells." in text) == (folder.name == "fall-back")
    assert (MARKS["news/2026/brunnen"] in text) == (folder.name == "mark")
    assert ("Text auf Englisch" in text) == (folder.name == "fall-back")
