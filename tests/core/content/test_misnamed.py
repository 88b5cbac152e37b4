"""Texts that nobody would see, because of what they are called or where they lie."""

import pytest

from newsfeed.core.content.misnamed import (
    find_misnamed,
    looks_like_story,
    looks_like_text,
    make_text_name,
    report_outside,
)
from tests.core.told import params

LANGUAGES = ("en", "de", "pt-BR")
STORY = b"---\nid: sun\ntitle: Sun\ndate: 2025-05-01\n---\n"


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("sun.en.md.txt", "sun.en.md"),
        ("sun.de.MD", "sun.de.md"),
        ("sun.markdown", "sun.en.md"),
        ("sun.en.txt.md", "sun.en.md"),
        ("sun.de.md.md", "sun.de.md"),
        ("sun.md.de", "sun.de.md"),
        ("sun.pt_br.text", "sun.pt-BR.md"),
        ("1.5 degrees.txt", "1.5 degrees.en.md"),
    ],
)
def test_the_right_name_is_said(name, right):
    """One ending, and before it one language."""
    assert looks_like_text(f"news/2026/{name}")
    assert make_text_name(name, LANGUAGES, "en") == right


@pytest.mark.parametrize(
    "name",
    [
        "sun.en.md~",
        "sun.en.md.bak",
        "sun.en.md.orig",
        "Thumbs.db",
        "plan.pdf",
        "README.txt",
        "LICENSE.md.txt",
        "notes",
    ],
)
def test_litter_and_notes_are_not_told(name):
    """Of programs that save, of systems, and for whoever looks into the folder."""
    assert not looks_like_text(f"news/2026/{name}")


def test_a_file_that_a_text_links_to_is_seen():
    """Whatever it is called, in whatever form its letters are written."""
    found = find_misnamed(["news/u\u0308.txt", "news/b.txt"], {"\u00fc.txt"}, LANGUAGES, "en")
    assert [one.where.path for one in found] == ["news/b.txt"]


@pytest.mark.parametrize(
    ("head", "is_story"),
    [
        (STORY, True),
        (b"\xef\xbb\xbf+++\r\ntitle = 'A'\r\n+++\r\n", True),
        (b"# A heading\n", False),
        (b"---\nlayout: post\n---\n", False),
        (b"", False),
    ],
)
def test_a_text_is_known_by_its_front_matter(head, is_story):
    """Documentation that lies beside a site is none of it."""
    assert looks_like_story(head) is is_story


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("sun.en.md", "news/2025/sun.en.md"),
        ("News/2026/sun.en.md", "news/2026/sun.en.md"),
        ("project/wells.de.md", "projects/wells.de.md"),
        ("drafts/sun.md", "news/2025/sun.en.md"),
        ("2026/sun.en.md", "news/2025/sun.en.md"),
    ],
)
def test_a_text_elsewhere_is_told_where_it_belongs(path, target):
    """Into the folder that is meant, or into the year of its date."""
    found = report_outside(path, STORY, ("news", "projects", "programmes", "pages"), LANGUAGES, "en")
    assert params(found)["example"] == target
