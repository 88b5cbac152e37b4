"""Old HTML on pages as they are built: nothing for a checker to find."""

from datetime import UTC, datetime
from pathlib import Path

from newsfeed.app import site as app
from newsfeed.problems import select_errors
from newsfeed.testing import CONFIG, an_item, write_tree
from tests.peers.html import vnu_errors
from tests.render.old_html import OLD_HTML


def test_the_html_checker_finds_nothing_in_old_html(tmp_path: Path) -> None:
    """Each text on a page of its own, as it stood in an archive."""
    texts = {
        f"news/2001/old-{number:02}.en.md": an_item(body + "\n", title=f"Old {name}", date="2001-07-25")
        for number, (name, body) in enumerate(OLD_HTML.items())
    }
    root = write_tree(tmp_path / "site", {"config.toml": CONFIG, **texts})
    now = datetime(2026, 2, 1, tzinfo=UTC)
    site = app.read(root, now)
    assert select_errors(site.problems) == []
    app.build(site, root / "public", now)
    pages = sorted((root / "public/en/news/2001").rglob("old-*/index.html"))
    assert len(pages) == len(OLD_HTML)
    assert vnu_errors(pages) == []
