"""Texts in a site's folder that lie in none of its content folders."""

from pathlib import Path

from newsfeed.sources.stray_texts import find_stray_texts
from newsfeed.testing import write_tree

STORY = "---\nid: sun\ndate: 2025-05-01\ntitle: Sun\n---\nText.\n"


def test_a_text_beside_the_content_folders_is_found(tmp_path: Path) -> None:
    """So that it is not waited for in vain."""
    write_tree(tmp_path, {"config.toml": "", "drafts/sun.en.md": STORY, "news/moon.en.md": STORY})
    assert [path for path, _ in find_stray_texts(tmp_path, [])] == ["drafts/sun.en.md"]


def test_another_site_in_the_folder_has_texts_of_its_own(tmp_path: Path) -> None:
    """One that ``newsfeed init my-news`` has begun there, for example."""
    write_tree(tmp_path, {"config.toml": "", "my-news/config.toml": "", "my-news/news/sun.en.md": STORY})
    assert list(find_stray_texts(tmp_path, [])) == []
